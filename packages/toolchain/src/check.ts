// `lumen check`: reports what the compiler has to say; nothing is written.

import { type Diagnostic, hasErrors } from "@lumen/core/diagnostic";
import { ok } from "@lumen/core/result";
import {
  type DiagnosedProject,
  diagnoseProject,
  type ProjectOptions,
  requireCode,
} from "./compile-project.ts";
import { refuse, type UseCase } from "./refusal.ts";

/** What a check found. */
export interface CheckReport {
  readonly checked: DiagnosedProject;
  readonly diagnostics: readonly Diagnostic[];
  readonly clean: boolean;
}

/** Checks a file or project. */
export async function check(
  target: string,
  options: ProjectOptions = {},
): Promise<UseCase<CheckReport>> {
  const checked = await diagnoseProject(target, options);
  if (!checked.ok) return refuse(checked.error);
  const coded = requireCode(checked.value);
  if (!coded.ok) return refuse(coded.error);
  const { diagnostics } = checked.value;
  return ok({ checked: checked.value, diagnostics, clean: !hasErrors(diagnostics) });
}
