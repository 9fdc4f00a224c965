// Writes the generated files of the repository; with `--check` it only says which are out of date.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { authoringDeclarations } from "./authoring-declarations.ts";
import { libraryPage } from "./library-page.ts";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A generated file: where it stands and what it must hold. */
interface Generated {
  readonly path: string;
  readonly text: string;
}

/** A module of the standard library as a constant of the compiler. */
interface Library {
  readonly file: string;
  readonly constant: string;
  readonly says: string;
}

const LIBRARIES: readonly Library[] = [
  { file: "prelude", constant: "PRELUDE", says: "the higher-order builtins, written in Lumen" },
  { file: "prob", constant: "PROB", says: "distributions (language 19.4)" },
];

function library({ file, constant, says }: Library): Generated {
  const source = readFileSync(join(root, `stdlib/${file}.lm.md`), "utf8");
  const lines = source.split("\n").map((line) => `  ${JSON.stringify(line)},`);
  const text = [
    `// Generated from stdlib/${file}.lm.md by tools/codegen.ts: do not edit.`,
    "",
    'import type { ModuleSource } from "../module-host.ts";',
    "",
    "const LINES: readonly string[] = [",
    ...lines,
    "];",
    "",
    `/** Source of \`std.${file}\`: ${says}. */`,
    `export const ${constant}: ModuleSource = {`,
    `  name: "std.${file}",`,
    `  path: "std/${file}.lm.md",`,
    '  text: LINES.join("\\n"),',
    "};",
    "",
  ].join("\n");
  return { path: `packages/compiler/src/prelude/${file}.ts`, text };
}

/** The modules `std.…` (language 17.2): each text is put together when it is asked for. */
function standardModules(): Generated {
  const names = standardNames();
  const entries = names.flatMap((name) => {
    const lines = readFileSync(join(root, "stdlib/std", `${name}.lm.md`), "utf8").split("\n");
    return [
      `  ${name}: () =>`,
      "    [",
      ...lines.map((line) => `      ${JSON.stringify(line)},`),
      '    ].join("\\n"),',
    ];
  });
  const text = [
    "// Generated from stdlib/std/ by tools/codegen.ts: do not edit.",
    "",
    "/** Sources of the modules of the standard library, by name without `std.`. */",
    "export const STANDARD_SOURCES: { readonly [name: string]: () => string } = {",
    ...entries,
    "};",
    "",
  ].join("\n");
  return { path: "packages/compiler/src/prelude/standard-sources.ts", text };
}

/** What TypeScript sources import, with what computes Math.… in their tiles. */
function authoringLibrary(): Generated {
  const folders = [
    ["authoring", "packages/raster/src/authoring"],
    ["arithmetic", "packages/vm/src/arithmetic"],
  ] as const;
  const entries = folders.flatMap(([name, folder]) =>
    readdirSync(join(root, folder))
      .filter((file) => name === "authoring" || /^(float-|double-double)/.test(file))
      .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
      .sort()
      .flatMap((file) => {
        const lines = readFileSync(join(root, folder, file), "utf8").split("\n");
        return [
          `  ${JSON.stringify(`${name}/${file}`)}: () =>`,
          "    [",
          ...lines.map((line) => `      ${JSON.stringify(line)},`),
          '    ].join("\\n"),',
        ];
      }),
  );
  const text = [
    "// Generated from packages/raster/src/authoring/ and packages/vm/src/arithmetic/ by",
    "// tools/codegen.ts: do not edit.",
    "",
    "/** Sources of the library that TypeScript tiles import, by path. */",
    "export const LIBRARY_SOURCES: { readonly [path: string]: () => string } = {",
    ...entries,
    "};",
    "",
  ].join("\n");
  return { path: "packages/toolchain/src/typescript/library-sources.ts", text };
}

/** The types of that library, for editors. */
function authoringTypes(): Generated {
  const lines = authoringDeclarations(root).split("\n");
  const text = [
    "// Generated from packages/raster/src/authoring/ by tools/codegen.ts: do not edit.",
    "",
    "/** Declarations of `@lumen/raster` as authors of tiles see it: one file without imports. */",
    "export const LIBRARY_DECLARATIONS = (): string =>",
    "  [",
    ...lines.map((line) => `    ${JSON.stringify(line)},`),
    '  ].join("\\n");',
    "",
  ].join("\n");
  return { path: "packages/toolchain/src/typescript/library-declarations.ts", text };
}

/** What the modules offer, for people. */
function standardPage(): Generated {
  const modules = standardNames().map((name) => {
    return { name, text: readFileSync(join(root, "stdlib/std", `${name}.lm.md`), "utf8") };
  });
  return { path: "docs/library.md", text: libraryPage(modules) };
}

function standardNames(): readonly string[] {
  const files = readdirSync(join(root, "stdlib/std"));
  return files.map((file) => file.replace(/\.lm\.md$/, "")).sort();
}

/** The pages of numbered codes, by code; a page that is missing does not compile. */
function errorPages(): Generated {
  const names = readdirSync(join(root, "docs/errors")).filter((name) => name.endsWith(".md"));
  const entries = names.sort().flatMap((name) => {
    const lines = readFileSync(join(root, "docs/errors", name), "utf8").split("\n");
    return [
      `  ${name.slice(0, -".md".length)}: [`,
      ...lines.map((line) => `    ${JSON.stringify(line)},`),
      '  ].join("\\n"),',
    ];
  });
  const text = [
    "// Generated from docs/errors/ by tools/codegen.ts: do not edit.",
    "",
    'import type { DiagnosticCode } from "@lumen/core/diagnostic";',
    "",
    "/** The page of every numbered code, in Markdown. */",
    "export const ERROR_PAGES: { readonly [code in DiagnosticCode]: string } = {",
    ...entries,
    "};",
    "",
  ].join("\n");
  return { path: "packages/cli/src/explain/pages.ts", text };
}

const check = process.argv.includes("--check");
let stale = 0;
const libraries = [...LIBRARIES.map(library), standardModules(), standardPage()];
for (const file of [...libraries, errorPages(), authoringLibrary(), authoringTypes()]) {
  const path = join(root, file.path);
  if (!check) writeFileSync(path, file.text);
  else if (readFileSync(path, "utf8") !== file.text) {
    console.error(`${file.path} is out of date: run npm run codegen`);
    stale += 1;
  }
}
process.exitCode = stale === 0 ? 0 : 1;
