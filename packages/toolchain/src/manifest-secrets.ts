// The secrets that a package manifest names (language 11.7, 17.4): variables of the environment.

import { err, ok, type Result } from "@lumen/core/result";

type Table = { readonly [key: string]: unknown };

/**
 * Names of variables, ascending, each once: the values of `[secrets]`, and every `api_key_env`
 * below `[providers]`. The error says in plain words what is wrong.
 */
export function secretNames(manifest: Table): Result<readonly string[], string> {
  const { secrets = {}, providers = {} } = manifest;
  if (!isTable(secrets)) return err("[secrets] is not a table");
  if (!isTable(providers)) return err("[providers] is not a table");
  const found: [where: string, name: unknown][] = Object.entries(secrets).map(([key, name]) => [
    `[secrets] ${key}`,
    name,
  ]);
  collectKeys(providers, "providers", found);
  const names = new Set<string>();
  for (const [where, name] of found) {
    if (typeof name !== "string" || name === "" || /[=\0]/.test(name)) {
      const shown = JSON.stringify(name);
      return err(`${where}: expected the name of an environment variable, found ${shown}`);
    }
    names.add(name);
  }
  return ok([...names].sort());
}

/** Every `api_key_env` of a table and of the tables in it. */
function collectKeys(table: Table, path: string, found: [where: string, name: unknown][]): void {
  for (const [key, value] of Object.entries(table)) {
    if (key === "api_key_env") found.push([`[${path}] ${key}`, value]);
    else if (isTable(value)) collectKeys(value, `${path}.${key}`, found);
  }
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
