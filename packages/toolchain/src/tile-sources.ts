// The files that a tile depends on (spec/formats.md 8.4): its module and all that it imports, found
// among the sources of a compilation as the module host found them.

import { posix } from "node:path";
import { sha256, utf8Encode } from "@lumen/core/hash";
import { type SourceFile, sourceHash, type TileEntry } from "@lumen/core/program";
import { parseModule } from "@lumen/syntax";
import type { RunnableProject } from "./compile-project.ts";
import { VERSION } from "./producer.ts";
import { projectPath, SOURCE_EXTENSIONS } from "./project.ts";

/** Makes the cache keys of a project's tiles; sources are read and hashed once. */
export class TileKeys {
  readonly #project: RunnableProject;
  readonly #hashes = new Map<string, Uint8Array>();
  readonly #keys = new Map<string, string>();
  #graph: ModuleFiles | null = null;

  constructor(project: RunnableProject) {
    this.#project = project;
  }

  /** `source_hash` of a tile for a back end. */
  keyOf({ guest }: TileEntry, backend: string): string {
    // A bundled tile may come from any source of the project.
    const module = guest.kind === "lir" ? guest.cell.module : null;
    const name = `${backend} ${module ?? ""}`;
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const { manifestText, lockText } = this.#project.project;
    const files = [
      ...this.#filesOf(module).map((path) => this.#file(path, this.#project.sources.get(path))),
      ...[this.#file("lumen.toml", manifestText), this.#file("lumen.lock", lockText)],
    ].filter((file) => file !== null);
    const key = sourceHash({ files, compiler: VERSION, backend, options: new Map() });
    this.#keys.set(name, key);
    return key;
  }

  #filesOf(module: string | null): readonly string[] {
    this.#graph ??= moduleFiles(this.#project);
    const start = module === null ? undefined : this.#graph.paths.get(module);
    return start === undefined ? [...this.#project.sources.keys()] : reachable(this.#graph, start);
  }

  #file(path: string, text: string | null | undefined): SourceFile | null {
    if (text === null || text === undefined) return null;
    const hash = this.#hashes.get(path) ?? sha256(utf8Encode(text));
    this.#hashes.set(path, hash);
    return { path, sha256: hash };
  }
}

/** Modules of a program by name, and what the file of each imports, by project path. */
interface ModuleFiles {
  readonly paths: ReadonlyMap<string, string>;
  readonly imports: ReadonlyMap<string, readonly string[]>;
}

function moduleFiles({ project, sources }: RunnableProject): ModuleFiles {
  const root = projectPath(project, project.entryPath);
  const paths = new Map([["main", root]]);
  const imports = new Map<string, readonly string[]>();
  for (const [path, text] of sources) {
    const found: string[] = [];
    for (const item of parseModule(path, text).module.items) {
      if (item.kind !== "import") continue;
      const name = item.module.parts.map((part) => part.text).join(".");
      const target = resolveAmong(sources, path, name);
      if (target === null) continue;
      found.push(target);
      // The first name of a file is that of its module; one that is not here means every source.
      if (![...paths.values()].includes(target)) paths.set(name, target);
    }
    imports.set(path, found);
  }
  return { paths, imports };
}

/** The source that an import means: the module host would have read it, so it is among them. */
function resolveAmong(
  sources: ReadonlyMap<string, string>,
  from: string,
  importPath: string,
): string | null {
  const relative = importPath.split(".").join("/");
  for (const folder of [posix.dirname(from), "src", "."]) {
    const base = posix.join(folder, relative);
    for (const candidate of [base, `${base}/mod`, `${base}/main`]) {
      const extension = SOURCE_EXTENSIONS.find((end) => sources.has(candidate + end));
      if (extension !== undefined) return candidate + extension;
    }
  }
  return null;
}

function reachable(graph: ModuleFiles, start: string): readonly string[] {
  const found = new Set([start]);
  for (const path of found) for (const next of graph.imports.get(path) ?? []) found.add(next);
  return [...found];
}
