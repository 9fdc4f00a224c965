// Finds the modules of a program on disk (language 17.2) and remembers what was read.

import { dirname, join } from "node:path";
import type { ModuleHost, ModuleSource } from "@lumen/compiler";
import type { Failure } from "@lumen/core/diagnostic";
import { ok, type Result } from "@lumen/core/result";
import { isFile, readDocument } from "./files.ts";
import { type Project, projectPath, SOURCE_EXTENSIONS } from "./project.ts";

/** A place where a compilation looked: what it read there, or null where no file was. */
export interface SeenFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string | null;
}

/** The host of one compilation. `sources` lists what was read, by project path. */
export interface DiskHost {
  readonly host: ModuleHost;
  readonly root: ModuleSource;
  readonly sources: ReadonlyMap<string, string>;
  /** Every place once, in the order of first look. */
  readonly seen: () => readonly SeenFile[];
  /** The first import that is there and cannot be read (the compiler sees it as absent). */
  readonly unreadable: () => Failure | null;
}

/**
 * Reads the entry and answers imports: the importing folder, `src/`, the project root. E_IO.
 * `entryText`: the text of the entry, which then need not be there.
 */
export function makeDiskHost(
  project: Project,
  entryText: string | null = null,
): Result<DiskHost, Failure> {
  const sources = new Map<string, string>();
  const byPath = new Map<string, ModuleSource>();
  const seen = new Map<string, SeenFile>();
  let unreadable: Failure | null = null;
  const read = (name: string, path: string): Result<ModuleSource, Failure> => {
    const known = byPath.get(path);
    if (known !== undefined) return ok(known);
    const isGiven = path === project.entryPath && entryText !== null;
    const text = isGiven ? ok(entryText) : readDocument(path, "load");
    if (!text.ok) return text;
    const shown = projectPath(project, path);
    const source: ModuleSource = { name, path: shown, text: text.value };
    sources.set(shown, source.text);
    seen.set(path, { path, text: source.text });
    byPath.set(path, source);
    return ok(source);
  };
  const root = read("main", project.entryPath);
  if (!root.ok) return root;
  const resolve = (importPath: string, from: ModuleSource): ModuleSource | null => {
    const parts = importPath.split(".");
    const folders = [
      dirname(join(project.root, from.path)),
      join(project.root, "src"),
      project.root,
    ];
    for (const folder of folders) {
      const found = findModule(join(folder, ...parts), (path) => {
        if (!seen.has(path)) seen.set(path, { path, text: null });
      });
      if (found === null) continue;
      // The root is `main` whatever its file is called: a file of that name that is not the root
      // has another.
      const isOther = importPath === "main" && found !== project.entryPath;
      const source = read(isOther ? "main$file" : importPath, found);
      if (source.ok) return source.value;
      unreadable ??= source.error;
      return null;
    }
    return null;
  };
  return ok({
    host: { resolve },
    root: root.value,
    sources,
    seen: () => [...seen.values()],
    unreadable: () => unreadable,
  });
}

/** `P` with an extension, then `mod` and `main` inside the folder `P`. */
function findModule(base: string, absent: (path: string) => void): string | null {
  for (const candidate of [base, join(base, "mod"), join(base, "main")]) {
    for (const extension of SOURCE_EXTENSIONS) {
      const path = candidate + extension;
      if (isFile(path)) return path;
      absent(path);
    }
  }
  return null;
}
