// `lumen check`: compiles and reports; nothing is written.

import type { MaturityOptions } from "@lumen/compiler";
import { type Diagnostic, hasErrors } from "@lumen/core/diagnostic";
import { ok } from "@lumen/core/result";
import { type CompiledProject, compileProject, requireCode } from "./compile-project.ts";
import { refuse, type UseCase } from "./refusal.ts";

/** What a check found. */
export interface CheckReport {
  readonly compiled: CompiledProject;
  readonly diagnostics: readonly Diagnostic[];
  readonly clean: boolean;
}

/** Checks a file or project. */
export function check(target: string, maturity: MaturityOptions = {}): UseCase<CheckReport> {
  const compiled = compileProject(target, maturity);
  if (!compiled.ok) return refuse(compiled.error);
  const coded = requireCode(compiled.value);
  if (!coded.ok) return refuse(coded.error);
  const { diagnostics } = compiled.value;
  return ok({ compiled: compiled.value, diagnostics, clean: !hasErrors(diagnostics) });
}
