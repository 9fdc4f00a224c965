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
  if (!/^[A-Za-z_]\w*$/.test(name)) return null;
  const declared = new RegExp(`^(pub )?(cell|record|enum|const) ${name}\\b`, "m");
  const home = STANDARD_MODULES.find((path) => {
    const found = declared.exec(standardModule(path)?.text ?? "");
    return found !== null && found[1] !== undefined;
  });
  return home ?? null;
}
