// The Lumen documents that files and folders on a command line stand for.

import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { isFile } from "./files.ts";
import { SOURCE_EXTENSIONS } from "./project.ts";

/**
 * The documents that targets name, each once, ascending; of folders all below. E_IO for what is not
 * there, E_USAGE for a file that is no Lumen document.
 */
export function documentsOf(targets: readonly string[]): Result<readonly string[], Failure> {
  const found = new Set<string>();
  for (const target of targets) {
    const path = resolve(target);
    if (isFile(path)) {
      if (!isDocument(path)) return err(notADocument(target));
      found.add(path);
    } else {
      const below = documentsBelow(path, target);
      if (!below.ok) return below;
      for (const document of below.value) found.add(document);
    }
  }
  return ok([...found].sort());
}

function isDocument(path: string): boolean {
  return SOURCE_EXTENSIONS.some((extension) => path.endsWith(extension));
}

function notADocument(target: string): Failure {
  const hint = `The name of a document ends in ${SOURCE_EXTENSIONS.join(", ")}.`;
  const message = `'${target}' is not a Lumen document`;
  return failure("E_USAGE", "discover", message, { subject: target, hint });
}

/** What builds and package managers write is not ours to format. */
const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "target"]);

function documentsBelow(folder: string, target: string): Result<readonly string[], Failure> {
  // `existsSync` is false also for links in a circle and names that are too long.
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    const message = `there is no file or folder '${target}'`;
    return err(failure("E_IO", "discover", message, { subject: target }));
  }
  const found: string[] = [];
  const walk = (path: string): void => {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const inner = join(path, entry.name);
      const isOurs = !entry.name.startsWith(".") && !SKIPPED.has(entry.name);
      if (entry.isDirectory() && isOurs) walk(inner);
      else if (entry.isFile() && isDocument(entry.name)) found.push(inner);
    }
  };
  walk(folder);
  return ok(found);
}
