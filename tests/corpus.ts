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
 * The documents that are written for readers: specification, README, documentation, examples and
 * standard library. The pages of codes are left out, `tests/docs/errors.test.ts` reads them.
 */
export function documentTexts(): readonly { readonly path: string; readonly text: string }[] {
  const readme = existsSync(join(root, "README.md")) ? ["README.md"] : [];
  const documents = filesBelow("docs", ".md").filter((path) => !path.startsWith("docs/errors/"));
  const sources = [...filesBelow("examples", ".lm.md"), ...filesBelow("stdlib", ".lm.md")];
  const paths = [...filesBelow("spec", ".md"), ...documents, ...readme, ...sources];
  return paths.map((path) => ({ path, text: read(path) }));
}

/** The `lumen` blocks of the documents that are no programs themselves, in order. */
export function documentBlocks(): readonly DocumentBlock[] {
  const documents = documentTexts().filter(({ path }) => !path.endsWith(".lm.md"));
  return documents.flatMap(({ path, text }) =>
    fencedBlocks(text)
      .filter((block) => /^lumen\b/.test(block.info))
      .map(({ info, line, text }) => ({ name: `${path}:${line}`, info, text })),
  );
}
