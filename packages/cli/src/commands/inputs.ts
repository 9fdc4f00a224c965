// Options that several commands share, and how they become requests.

import { existsSync, statSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import {
  BACKENDS,
  type CacheSetting,
  type InputSource,
  type ObjectSetting,
  type Project,
  type ProjectOptions,
} from "@lumen/toolchain";
import { BUILD } from "../build-id.ts";
import type { Invocation, OptionTable } from "../command.ts";
import { visible } from "../render/visible.ts";

/** `--input` and its kin. */
export const INPUT_OPTIONS: OptionTable = {
  input: { value: "JSON|@file|-", help: "the input: JSON text, a file, or - for standard input" },
  "input-bytes": { value: "HEX", help: "the input as wire bytes in hexadecimal" },
};

/** What executes tiles. */
export const BACKEND_OPTIONS: OptionTable = {
  backend: { value: "B", help: `what runs tiles: ${BACKENDS.map((b) => b.name).join(", ")}` },
};

/** Where the input comes from; `@file` is relative to where the user is. */
export function inputSource(invocation: Invocation): InputSource {
  const { options, terminal } = invocation;
  const { input } = options;
  const isFile = input?.startsWith("@") === true;
  return {
    json: isFile ? `@${fromWorkingDirectory(invocation, input.slice(1))}` : input,
    bytesHex: options["input-bytes"],
    stdin: terminal.stdin,
    folder: terminal.workingDirectory,
  };
}

/** What every execution without a trace is asked with. */
export function executionOf(invocation: Invocation, backend: string): Execution {
  return {
    target: targetOf(invocation),
    options: projectOptionsOf(invocation),
    backend: invocation.options.backend ?? backend,
    note: noteTo(invocation),
    input: inputSource(invocation),
  };
}

/** See {@link executionOf}. */
export interface Execution {
  readonly target: string;
  readonly options: ProjectOptions;
  readonly backend: string;
  readonly note: (text: string) => void;
  readonly input: InputSource;
}

/** Shows a note on stderr, once; JSON goes to stdout, so that it stays alone there. */
export function noteTo({ terminal }: Invocation): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text)) return;
    said.add(text);
    terminal.stderr(`note: ${visible(text)}\n`);
  };
}

/** Where the cache is, of commands that compile and of `lumen cache`. */
export const CACHE_OPTIONS: OptionTable = {
  "cache-dir": { value: "DIR", help: "where compilations are kept (default: ~/.lumen/cache)" },
};

/** Options of every command that compiles (language 20). */
export const PROJECT_OPTIONS: OptionTable = {
  "allow-unstable": { help: "experimental features need no @feature" },
  "deny-unstable": { help: "refuse features that are not stable; wins over --allow-unstable" },
  ...CACHE_OPTIONS,
  "no-cache": { help: "compile anew, and keep nothing" },
};

/** How the program is compiled. */
export function projectOptionsOf(invocation: Invocation): ProjectOptions {
  const { flags } = invocation;
  return {
    allowUnstable: flags.has("allow-unstable"),
    denyUnstable: flags.has("deny-unstable"),
    cache: (project) => cacheOf(invocation, project),
  };
}

/**
 * `--no-cache`, `--cache-dir`, LUMEN_CACHE_DIR, `[build] cache`, ~/.lumen/cache: the first that
 * says something. A compiler without a build id runs from its sources, which change under it.
 */
function cacheOf(invocation: Invocation, project: Project): CacheSetting | null {
  if (BUILD === null || invocation.flags.has("no-cache")) return null;
  const build = BUILD;
  const warn = (line: string): void => invocation.terminal.stderr(`${line}\n`);
  const named = namedCache(invocation);
  if (named !== null) return { folder: named, build, isNamed: true, warn };
  if (project.cache === false) return null;
  if (project.cache !== null) return { folder: project.cache, build, isNamed: true, warn };
  const folder = homeCache(invocation);
  return folder === null ? null : { folder, build, isNamed: false, warn };
}

/**
 * Where native code is kept (formats 28): as the cache, but never where a project says, which may
 * come from somebody else. Null where nothing is kept.
 */
export function objectsOf(invocation: Invocation): ObjectSetting | null {
  if (invocation.flags.has("no-cache")) return null;
  const folder = namedCache(invocation) ?? homeCache(invocation);
  const warn = (line: string): void => invocation.terminal.stderr(`${line}\n`);
  return folder === null ? null : { folder, warn };
}

/** The cache that the command line or the environment names, or null. */
export function namedCache(invocation: Invocation): string | null {
  const { environment } = invocation.terminal;
  const named = invocation.options["cache-dir"] ?? environment.LUMEN_CACHE_DIR ?? "";
  return named === "" ? null : fromWorkingDirectory(invocation, named);
}

/** The cache of the user; null without a home. */
export function homeCache({ terminal }: Invocation): string | null {
  const { HOME, USERPROFILE } = terminal.environment;
  const home = HOME || USERPROFILE || "";
  return isAbsolute(home) ? join(home, ".lumen", "cache") : null;
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

/** A whole number as typed, null for anything else. */
export function wholeNumber(text: string): number | null {
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : null;
}

/** An option that names a file, relative to where the user is. */
export function optionPath(invocation: Invocation, name: string): string | undefined {
  const value = invocation.options[name];
  return value === undefined ? undefined : fromWorkingDirectory(invocation, value);
}
