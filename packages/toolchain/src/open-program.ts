// From what a command was given to a program that compiles: how most use cases begin.

import { existsSync } from "node:fs";
import { basename } from "node:path";
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

/**
 * Opens the program of a command whose `option` names what runs. People write that name as they do
 * a file's: where there is no such file, the failure says how it is given.
 */
export async function openProgramFor(
  option: "--tile" | "--sequence",
  { target, options }: { readonly target: string; readonly options?: ProjectOptions },
): Promise<UseCase<RunnableProject>> {
  const opened = await openProgram(target, options);
  const name = basename(target);
  if (opened.ok || existsSync(target) || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return opened;
  const { failure, diagnostics } = opened.error;
  const what = option.slice("--".length);
  return refuse({ ...failure, hint: `If '${name}' is a ${what}: ${option} ${name}` }, diagnostics);
}
