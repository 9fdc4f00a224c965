// The environment of a server: what programs need to start at all, and what its configuration
// names.

import type { Secret } from "../../secrets.ts";

/** Variables of an environment. */
export type Environment = { readonly [name: string]: string | undefined };

/** What every server gets: where programs, files of the user and temporary files are. */
export const MCP_BASE_VARIABLES: readonly string[] = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "TMPDIR",
  "LANG",
  "LC_ALL",
  // Windows:
  "APPDATA",
  "COMSPEC",
  "LOCALAPPDATA",
  "PATHEXT",
  "PROGRAMFILES",
  "SYSTEMDRIVE",
  "SYSTEMROOT",
  "TEMP",
  "TMP",
  "USERPROFILE",
];

/** The base variables and those named, as far as they are set. */
export function serverEnvironment(
  environment: Environment,
  names: readonly string[],
): { readonly [name: string]: string } {
  const found: [string, string][] = [];
  for (const name of new Set([...MCP_BASE_VARIABLES, ...names])) {
    const value = environment[name];
    if (value !== undefined) found.push([name, value]);
  }
  return Object.fromEntries(found);
}

/** The values of named variables: what a server knows and no message may show. */
export function namedValues(environment: Environment, names: readonly string[]): readonly Secret[] {
  return names.map((name) => ({ name, value: environment[name] ?? null }));
}
