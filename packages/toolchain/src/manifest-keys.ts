// Names of the tables and keys of a package manifest (language 17.4), to tell a slip from what this
// version leaves alone.

import { nearest } from "./nearest.ts";

type Table = { readonly [key: string]: unknown };

/** Keys by table; those whose keys are names of the author's own are not listed. */
const KEYS: { readonly [table: string]: readonly string[] } = {
  package: [
    ...["name", "version", "edition", "stability", "entry"],
    ...["description", "authors", "license"],
  ],
  workspace: ["members"],
  build: ["cache"],
  raster: ["typescript"],
};

const TABLES: readonly string[] = [
  ...Object.keys(KEYS),
  ...["dependencies", "dev-dependencies", "features", "providers", "secrets", "capabilities"],
];

/**
 * The first name in a manifest that is none and nearly one, as a sentence; null for none. What is
 * no slip of a known name may mean something to another version or tool.
 */
export function slipIn(manifest: Table): string | null {
  const tables = Object.keys(manifest).map((name) => slip(name, TABLES, (t) => `[${t}]`));
  const keys = Object.entries(KEYS).flatMap(([table, known]) => {
    const value = manifest[table];
    const given = typeof value === "object" && value !== null ? Object.keys(value) : [];
    return given.map((name) => slip(name, known, (key) => `[${table}] ${key}`));
  });
  return [...tables, ...keys].find((found) => found !== null) ?? null;
}

function slip(
  name: string,
  known: readonly string[],
  shown: (name: string) => string,
): string | null {
  const meant = known.includes(name) ? null : nearest(name, known);
  return meant === null ? null : `there is no ${shown(name)}; did you mean ${shown(meant)}?`;
}
