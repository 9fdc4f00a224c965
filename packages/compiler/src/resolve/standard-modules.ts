// The standard library as modules that any program can import (language 17.2).

import type { ModuleSource } from "../module-host.ts";
import { STANDARD_SOURCES } from "../prelude/standard-sources.ts";

/** What import paths of the standard library begin with. No other module is found under them. */
export const STANDARD_PREFIX = "std.";

/** Import paths of the modules that there are, ascending. */
export const STANDARD_MODULES: readonly string[] = Object.keys(STANDARD_SOURCES).map(
  (name) => STANDARD_PREFIX + name,
);

/** The module of an import path that begins with `std.`; null where there is none. */
export function standardModule(path: string): ModuleSource | null {
  const name = path.slice(STANDARD_PREFIX.length);
  const source = Object.hasOwn(STANDARD_SOURCES, name) ? STANDARD_SOURCES[name] : undefined;
  return source === undefined ? null : { name: path, path: `std/${name}.lm.md`, text: source() };
}

/** The first standard module that offers this name, for suggestions; null where none does. */
export function standardHome(name: string): string | null {
  homes ??= standardHomes();
  return homes.get(name) ?? null;
}

/** Found once, when a name is first asked for: texts of all modules are read for it. */
let homes: ReadonlyMap<string, string> | null = null;

const DECLARED = /^(pub )?(?:cell|record|enum|const) ([A-Za-z_]\w*)/gm;

function standardHomes(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const path of STANDARD_MODULES) {
    const text = standardModule(path)?.text ?? "";
    const own = new Set<string>();
    for (const [, pub, name = ""] of text.matchAll(DECLARED)) {
      if (pub !== undefined && !own.has(name) && !found.has(name)) found.set(name, path);
      own.add(name);
    }
  }
  return found;
}
