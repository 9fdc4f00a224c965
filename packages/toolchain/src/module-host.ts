// Finds the modules of a program on disk (language 17.2) and remembers what was read.

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ModuleHost, ModuleSource } from "@lumen/compiler";
import { type Project, projectPath, SOURCE_EXTENSIONS } from "./project.ts";

/** The host of one compilation. `sources` lists what was read, by project path. */
export interface DiskHost {
  readonly host: ModuleHost;
  readonly root: ModuleSource;
  readonly sources: ReadonlyMap<string, string>;
}

/** Reads the entry and answers imports: the importing folder, `src/`, the project root. */
export function makeDiskHost(project: Project): DiskHost {
  const sources = new Map<string, string>();
  const byPath = new Map<string, ModuleSource>();
  const read = (name: string, path: string): ModuleSource => {
    const known = byPath.get(path);
    if (known !== undefined) return known;
    const shown = projectPath(project, path);
    const source: ModuleSource = { name, path: shown, text: readFileSync(path, "utf8") };
    sources.set(shown, source.text);
    byPath.set(path, source);
    return source;
  };
  const root = read("main", project.entryPath);
  const resolve = (importPath: string, from: ModuleSource): ModuleSource | null => {
    const parts = importPath.split(".");
    const folders = [
      dirname(join(project.root, from.path)),
      join(project.root, "src"),
      project.root,
    ];
    for (const folder of folders) {
      const found = findModule(join(folder, ...parts));
      if (found !== null) return read(importPath, found);
    }
    return null;
  };
  return { host: { resolve }, root, sources };
}

/** `P` with an extension, then `mod` and `main` inside the folder `P`. */
function findModule(base: string): string | null {
  for (const candidate of [base, join(base, "mod"), join(base, "main")]) {
    for (const extension of SOURCE_EXTENSIONS) {
      const path = candidate + extension;
      if (existsSync(path) && statSync(path).isFile()) return path;
    }
  }
  return null;
}
