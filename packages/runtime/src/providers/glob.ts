// `glob` (language 16.8): `*` and `?` within a name, `**` for any folders, relative to one folder.

import { type Dirent, readdirSync } from "node:fs";
import { join } from "node:path";
import { compareStrings } from "@lumen/core/value";

/** Paths that match, `./`-prefixed, ascending. A name that begins with a dot needs one there. */
export function globPaths(folder: string, pattern: string): readonly string[] {
  const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
  if (parts.length === 0 || pattern.startsWith("/")) return [];
  const found = new Set<string>();
  collect(folder, ".", parts, found);
  return [...found].sort(compareStrings);
}

function collect(
  folder: string,
  prefix: string,
  [part = "", ...rest]: readonly string[],
  found: Set<string>,
): void {
  // `**` stands for no folder, or for one and itself again.
  const deep = part === "**";
  if (deep && rest.length > 0) collect(folder, prefix, rest, found);
  const matches = nameTest(deep ? "*" : part);
  for (const entry of entriesOf(folder)) {
    if (!matches(entry.name)) continue;
    const path = `${prefix}/${entry.name}`;
    if (rest.length === 0) found.add(path);
    if (entry.isDirectory() && (deep || rest.length > 0)) {
      collect(join(folder, entry.name), path, deep ? [part, ...rest] : rest, found);
    }
  }
}

/** A folder that cannot be read has nothing that matches. */
function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error) return [];
    throw error;
  }
}

/** Keeps all places of the pattern at once: a letter takes at most as long as the pattern is. */
function nameTest(pattern: string): (name: string) => boolean {
  const scalars = Array.from(pattern);
  const hidden = pattern.startsWith(".");
  return (name) => {
    if (name.startsWith(".") && !hidden) return false;
    let places = closed(new Set([0]), scalars);
    for (const letter of name) {
      const next = new Set<number>();
      for (const at of places) {
        if (scalars[at] === "*") next.add(at);
        else if (scalars[at] === "?" || scalars[at] === letter) next.add(at + 1);
      }
      places = closed(next, scalars);
    }
    return places.has(scalars.length);
  };
}

/** Adds the places behind stars, which may stand for nothing. */
function closed(places: Set<number>, scalars: readonly string[]): Set<number> {
  for (const at of places) if (scalars[at] === "*") places.add(at + 1);
  return places;
}
