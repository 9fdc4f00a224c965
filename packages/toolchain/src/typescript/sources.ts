// The TypeScript sources of a project: where an import leads, and what was read on the way.

import { builtinModules } from "node:module";
import { dirname, extname, join, relative, sep } from "node:path";
import type { Failure } from "@lumen/core/diagnostic";
import { isFile, readDocument } from "../files.ts";
import type { SeenFile } from "../module-host.ts";
import { type Project, projectPath } from "../project.ts";

/** Where an import leads. */
export type Resolved =
  | { readonly kind: "source"; readonly path: string }
  /** A package, which the bundler finds by itself. */
  | { readonly kind: "package" }
  | { readonly kind: "refused"; readonly message: string };

/** Extensions that an import may leave out, in the order in which they are tried. */
const EXTENSIONS: readonly string[] = [".ts", ".mts", ".js", ".mjs", ".json"];
/** The source that may stand behind the name of its JavaScript. */
const WRITTEN_AS: { readonly [extension: string]: string } = { ".js": ".ts", ".mjs": ".mts" };

/** Reads the sources of one compilation. */
export class TypeScriptSources {
  readonly #project: Project;
  readonly #seen = new Map<string, SeenFile>();
  #usesPackages = false;
  #unreadable: Failure | null = null;

  constructor(project: Project) {
    this.#project = project;
  }

  /** Every place where a source was looked for, in the order of first look. */
  get seen(): readonly SeenFile[] {
    return [...this.#seen.values()];
  }

  /** False where code of packages takes part, whose files nobody here has looked at. */
  get isCacheable(): boolean {
    return !this.#usesPackages;
  }

  /** The first source that is there and cannot be read. */
  get unreadable(): Failure | null {
    return this.#unreadable;
  }

  /** Text of a source by its project path; null where it cannot be read. */
  text(path: string): string | null {
    const place = join(this.#project.root, path);
    const known = this.#seen.get(place);
    if (known !== undefined && known.text !== null) return known.text;
    const text = readDocument(place, "load");
    if (!text.ok) {
      this.#unreadable ??= text.error;
      return null;
    }
    this.#seen.set(place, { path: place, text: text.value });
    return text.value;
  }

  /** Where an import of a source leads. */
  resolve(specifier: string, importer: string): Resolved {
    if (/^\.\.?(\/|$)/.test(specifier)) return this.#relative(specifier, importer);
    const [head = ""] = specifier.split("/");
    if (specifier.startsWith("node:") || builtinModules.includes(head))
      return refused(`tiles have no host: '${specifier}' is a module of Node`);
    if (specifier.startsWith("/") || /^[a-z]+:/i.test(specifier))
      return refused(`'${specifier}' is no path below the project and no package`);
    this.#usesPackages = true;
    return { kind: "package" };
  }

  #relative(specifier: string, importer: string): Resolved {
    const { root } = this.#project;
    const base = join(root, dirname(importer), specifier);
    if (relative(root, base).split(sep)[0] === "..")
      return refused(`'${specifier}' is outside of the project`);
    const found = candidates(base).find((place) => this.#isThere(place));
    if (found === undefined) return refused(`there is no file for '${specifier}'`);
    return { kind: "source", path: projectPath(this.#project, found) };
  }

  #isThere(place: string): boolean {
    if (isFile(place)) return true;
    this.#seen.set(place, { path: place, text: null });
    return false;
  }
}

function refused(message: string): Resolved {
  return { kind: "refused", message };
}

function candidates(base: string): readonly string[] {
  const extension = extname(base);
  const written = WRITTEN_AS[extension];
  const exact = EXTENSIONS.includes(extension) ? [base] : [];
  const source = written === undefined ? [] : [base.slice(0, -extension.length) + written];
  const added = EXTENSIONS.map((e) => base + e);
  const inside = EXTENSIONS.map((e) => join(base, `index${e}`));
  return [...exact, ...source, ...added, ...inside];
}
