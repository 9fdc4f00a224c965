// Options that several commands share, and how they become requests.

import { existsSync, statSync } from "node:fs";
import { isAbsolute, resolve } from "node:path";
import type { MaturityOptions } from "@lumen/toolchain";
import type { Invocation, OptionTable } from "../command.ts";

/** `--input` and its kin. */
export const INPUT_OPTIONS: OptionTable = {
  input: { value: "JSON|@file|-", help: "the input: JSON text, a file, or - for standard input" },
  "input-bytes": { value: "HEX", help: "the input as wire bytes in hexadecimal" },
};

/** Options of every command that compiles (language 20). */
export const MATURITY_OPTIONS: OptionTable = {
  "allow-unstable": { help: "experimental features need no @feature" },
  "deny-unstable": { help: "refuse features that are not stable; wins over --allow-unstable" },
};

/** What the program may use. */
export function maturityOf({ flags }: Invocation): MaturityOptions {
  return { allowUnstable: flags.has("allow-unstable"), denyUnstable: flags.has("deny-unstable") };
}

/** The program to work on: the positional argument, else `--project`. */
export function targetOf(invocation: Invocation): string {
  const [first] = invocation.positionals;
  if (first === undefined) return invocation.project;
  return fromWorkingDirectory(invocation, first);
}

/** A path as typed, relative to where the user is. */
export function fromWorkingDirectory(invocation: Invocation, path: string): string {
  return isAbsolute(path) ? path : resolve(invocation.terminal.workingDirectory, path);
}

/** A trace argument: a file as typed, else a run id; undefined where none is given. */
export function traceArgument(
  invocation: Invocation,
  trace: string | undefined,
): string | undefined {
  if (trace === undefined) return undefined;
  const path = fromWorkingDirectory(invocation, trace);
  return existsSync(path) && statSync(path).isFile() ? path : trace;
}
