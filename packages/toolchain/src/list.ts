// `lumen list`: tiles, sequences and cells of a program.

import { ok } from "@lumen/core/result";
import {
  compileProject,
  type ProjectOptions,
  type RunnableProject,
  requireProgram,
} from "./compile-project.ts";
import { refuse, type UseCase } from "./refusal.ts";

/** The program whose parts are listed. */
export function list(target: string, options: ProjectOptions = {}): UseCase<RunnableProject> {
  const compiled = compileProject(target, options);
  if (!compiled.ok) return refuse(compiled.error);
  const runnable = requireProgram(compiled.value);
  return runnable.ok ? ok(runnable.value) : refuse(runnable.error, compiled.value.diagnostics);
}
