// From what a command was given to a program that compiles: how most use cases begin.

import { ok } from "@lumen/core/result";
import {
  compileProject,
  type ProjectOptions,
  type RunnableProject,
  requireProgram,
} from "./compile-project.ts";
import { refuse, type UseCase } from "./refusal.ts";

/** Compiles a file or project; refused with its diagnostics where it has errors. */
export async function openProgram(
  target: string,
  options: ProjectOptions = {},
): Promise<UseCase<RunnableProject>> {
  const compiled = await compileProject(target, options);
  if (!compiled.ok) return refuse(compiled.error);
  const runnable = requireProgram(compiled.value);
  return runnable.ok ? ok(runnable.value) : refuse(runnable.error, compiled.value.diagnostics);
}
