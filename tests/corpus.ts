// The Lumen sources of this repository, for tests that must hold for every program: fixtures,
// examples, standard library and the blocks of the documents.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Compiled,
  compileFixture,
  compileText,
  fencedBlocks,
  readFixture,
} from "@lumen/testkit";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A source and how to compile it. */
export interface CorpusSource {
  readonly name: string;
  readonly compile: () => Compiled;
}

/** A block of a document whose info string begins with `lumen`. */
export interface DocumentBlock {
  readonly name: string;
  readonly info: string;
  readonly text: string;
  /** The parts of the same file, `<!-- file NAME -->`, that stand before it in the document. */
  readonly before: string;
}

/** Paths below a folder of the repository with this ending, ascending; empty without the folder. */
function filesBelow(folder: string, ending: string): readonly string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

function read(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Every fixture whose modules are all in its file. */
export function fixtureSources(): readonly CorpusSource[] {
  return filesBelow("tests/fixtures", ".md").map((path) => {
    const fixture = readFixture(path, read(path));
    if (!fixture.ok) throw new Error(fixture.error.message);
    return { name: path, compile: () => compileFixture(fixture.value) };
  });
}

/** Sources in code mode of the fixtures that need no other module. */
export function fixtureTexts(): readonly { readonly name: string; readonly text: string }[] {
  return filesBelow("tests/fixtures", ".md").flatMap((path) => {
    const fixture = readFixture(path, read(path));
    if (!fixture.ok) throw new Error(fixture.error.message);
    const { source, modules } = fixture.value;
    const standsAlone = modules.size === 0 && source.extension === "lm";
    return standsAlone ? [{ name: path, text: source.text }] : [];
  });
}

/** Whole documents: examples without imports, and the standard library. */
export function documentSources(): readonly CorpusSource[] {
  const document = (path: string, name: string): CorpusSource => ({
    name: path,
    compile: () => compileText({ text: read(path), extension: "lm.md" }, new Map(), name),
  });
  return [
    ...filesBelow("examples", ".lm.md").map((path) => document(path, "main")),
    // Modules named `std.` see the builtins that are made for them.
    ...filesBelow("stdlib", ".lm.md").map((path) => document(path, "std.document")),
  ];
}

/**
 * The `lumen` blocks of specification, README and documentation, in order. The pages of codes are
 * left out: their blocks are programs with modules, `tests/docs/errors.test.ts` compiles them.
 */
export function documentBlocks(): readonly DocumentBlock[] {
  const readme = existsSync(join(root, "README.md")) ? ["README.md"] : [];
  const documents = filesBelow("docs", ".md").filter((path) => !path.startsWith("docs/errors/"));
  const paths = [...filesBelow("spec", ".md"), ...documents, ...readme];
  return paths.flatMap((path) => blocksOf(path, read(path)));
}

function blocksOf(path: string, text: string): readonly DocumentBlock[] {
  const lines = text.split("\n");
  const files = new Map<string, string>();
  return fencedBlocks(text)
    .filter((block) => /^lumen\b/.test(block.info))
    .map((block) => {
      const above = lines.slice(0, block.line - 1).findLast((line) => line.trim() !== "");
      const file = /^<!-- file (\S+)/.exec(above ?? "")?.[1] ?? `block at ${block.line}`;
      const before = files.get(file) ?? "";
      files.set(file, before + block.text);
      return { name: `${path}:${block.line}`, info: block.info, text: block.text, before };
    });
}
