// The rule of `path` (language 11.4). Which file a path means depends on the disk, so the rule
// stands behind the journal: its refusal is an answer that is recorded and that a replay repeats.

import { lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, parse, sep } from "node:path";
import { mapEntries, mapFromEntries, share } from "@lumen/core/value";
import type { Layer } from "../door.ts";
import { argumentOf, inputOf, violation } from "./tool-policy.ts";

/**
 * Refuses paths that are none of the granted ones and not below one. The provider gets the path as
 * it was checked: absolute, without `..` and links.
 */
export function toolPathLayer(workingDirectory: string): Layer {
  return {
    name: "tool paths",
    handle: async (request, next) => {
      const { tool } = request;
      const input = inputOf(request);
      if (tool === undefined || input === null || tool.grant.paths === null) return next(request);
      const path = argumentOf(input, "path");
      const granted = tool.grant.paths;
      const real = typeof path === "string" ? realPath(workingDirectory, path) : null;
      const roots = granted.map((root) => realPath(workingDirectory, root));
      if (real === null || !roots.some((root) => root !== null && liesIn(real, root))) {
        const allowed = granted.length === 0 ? "none" : granted.join(", ");
        return violation(tool, `'${path}' is not in a granted path: the grant allows ${allowed}`);
      }
      const entries = mapEntries(input);
      for (const { value } of entries) share(value);
      return next({
        ...request,
        args: [mapFromEntries([...entries, { key: "path", value: real }])],
      });
    },
  };
}

/** Both paths as {@link realPath} gives them. */
function liesIn(path: string, root: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}

/**
 * The file that a path means, as the system would find it: each link is followed before the `..`
 * after it; what does not exist stays as written. Null where the system finds nothing: a link that
 * leads nowhere or in a circle, a folder that may not be read.
 */
export function realPath(workingDirectory: string, path: string): string | null {
  if (path === "" || path.includes("\0")) return null;
  const { root } = parse(path);
  let at: string | null = isAbsolute(path) ? root : existing(workingDirectory);
  for (const part of path.slice(root.length).split(SEPARATORS)) {
    if (at === null) return null;
    if (part === "" || part === ".") continue;
    at = part === ".." ? dirname(at) : existing(join(at, part));
  }
  return at;
}

const SEPARATORS = sep === "/" ? "/" : /[\\/]/;

/** The path without links, in the spelling of the disk; as it is where there is nothing. */
function existing(path: string): string | null {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return path;
    return realpathSync.native(path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    // Below a file there is nothing, and nothing can be made there.
    return null;
  }
}
