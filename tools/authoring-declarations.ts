// The types of the library that TypeScript tiles import, as one file without imports, for editors:
// what the compiler emits for packages/raster/src/authoring, less what no author can reach.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const FOLDER = "packages/raster/src/authoring";
const EMITTED = "raster/src/authoring";
const ENTRY = "index";
const LIBRARY = "@lumen/raster";
const HEAD = `// What TypeScript tiles import, for editors. lumen build writes this file anew.
`;

/** A declaration at the top of a file, with its comment. */
interface Declaration {
  readonly name: string;
  readonly text: string;
}

/** A name that another file declares; `name` is `*` for all of them. */
interface Origin {
  readonly file: string;
  readonly name: string;
}

interface DeclarationFile {
  readonly declarations: readonly Declaration[];
  /** By the name that stands here. */
  readonly imports: ReadonlyMap<string, Origin>;
  /** What is passed on: whole statements, and the names in them. */
  readonly exports: readonly { readonly text: string; readonly origins: readonly Origin[] }[];
}

/**
 * The declarations as ambient modules. Throws where an author's types need another package: then
 * what needs them is `@internal`.
 */
export function authoringDeclarations(root: string): string {
  const files = new Map<string, DeclarationFile>();
  const out = mkdtempSync(join(tmpdir(), "lumen-types-"));
  try {
    emit(root, out);
    const load = (file: string): DeclarationFile => {
      const path = join(out, EMITTED, `${file}.d.ts`);
      const read = files.get(file) ?? parseFile(readFileSync(path, "utf8"), file);
      files.set(file, read);
      return read;
    };
    const kept = reach(load);
    const modules = [...kept.keys()]
      .sort()
      .map((file) => moduleText(file, load(file), kept.get(file) ?? new Set()));
    return [HEAD, ...modules].join("\n");
  } finally {
    rmSync(out, { recursive: true });
  }
}

function emit(root: string, out: string): void {
  const compiler = join(
    dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
    "bin/tsc",
  );
  const options = [
    ...["--ignoreConfig", "--declaration", "--emitDeclarationOnly", "--stripInternal"],
    ...["--outDir", out, "--rootDir", "packages", "--customConditions", "lumen-src"],
    ...["--module", "nodenext", "--target", "es2022", "--strict", "--exactOptionalPropertyTypes"],
    ...["--allowImportingTsExtensions", "--skipLibCheck", "--types", "node"],
  ];
  execFileSync(process.execPath, [compiler, ...options, `${FOLDER}/${ENTRY}.ts`], { cwd: root });
}

/** Statements begin with these at the left edge; what goes on in other lines does not. */
const BEGIN = /^(?:export|declare|import|interface|type|const|class|function|\/\*\*)/;
const NAME = /^(?:export )?(?:declare )?(?:const|function|class|interface|type) (\w+)/m;

function parseFile(text: string, file: string): DeclarationFile {
  const declarations: Declaration[] = [];
  const imports = new Map<string, Origin>();
  const exports: { text: string; origins: readonly Origin[] }[] = [];
  for (const statement of statementsOf(text)) {
    const code = statement.replace(/^\/\*\*[\s\S]*?\*\/\n/, "");
    const from = /^(import|export) (?:type )?(\{[^}]*\}|\* as \w+) from "([^"]*)";$/.exec(code);
    if (from !== null) {
      const named = namesIn(from[2] ?? "", fileOf(from[3] ?? "", file));
      if (from[1] === "import") for (const [here, origin] of named) imports.set(here, origin);
      else exports.push({ text: statement, origins: named.map(([, origin]) => origin) });
      continue;
    }
    const name = NAME.exec(code)?.[1];
    if (name !== undefined) declarations.push({ name, text: statement });
    else if (/^export \{ \w+ \};$/.test(code)) exports.push({ text: statement, origins: [] });
    else if (code !== "export {};") throw new Error(`${file}: cannot read the statement ${code}`);
  }
  return { declarations, imports, exports };
}

/** Statements with the comments before them. */
function statementsOf(text: string): readonly string[] {
  const statements: string[] = [];
  let comment = "";
  for (const piece of text
    .trimEnd()
    .split(/\n(?=\S)/)
    .reduce(joined, [])) {
    if (piece.startsWith("/**")) comment += `${piece}\n`;
    else {
      statements.push(comment + piece);
      comment = "";
    }
  }
  return statements;
}

/** Puts lines that begin no statement behind the one before them. */
function joined(pieces: string[], piece: string): string[] {
  if (BEGIN.test(piece) || pieces.length === 0) pieces.push(piece);
  else pieces.push(`${pieces.pop() ?? ""}\n${piece}`);
  return pieces;
}

function namesIn(clause: string, file: string): readonly (readonly [string, Origin])[] {
  const all = /^\* as (\w+)$/.exec(clause)?.[1];
  if (all !== undefined) return [[all, { file, name: "*" }]];
  const names = clause.replace(/[{}]/g, "").split(",");
  return names.flatMap((text): [string, Origin][] => {
    const [, name, here = name] = /^\s*(?:type )?(\w+)(?: as (\w+))?\s*$/.exec(text) ?? [];
    return name === undefined || here === undefined ? [] : [[here, { file, name }]];
  });
}

/** `./x.ts` as x; anything else is left as it is, and cannot be loaded. */
function fileOf(specifier: string, file: string): string {
  const name = /^\.\/([\w-]+)\.ts$/.exec(specifier)?.[1];
  return name ?? `${specifier}, which ${file} imports`;
}

/** Names of declarations that authors can reach, by file. */
function reach(load: (file: string) => DeclarationFile): ReadonlyMap<string, ReadonlySet<string>> {
  const kept = new Map<string, Set<string>>();
  const visit = ({ file, name }: Origin): void => {
    const names = kept.get(file) ?? new Set();
    if (names.has(name)) return;
    kept.set(file, names.add(name));
    const { declarations, imports, exports } = load(file);
    for (const { origins } of exports) origins.forEach(visit);
    for (const { name: declared, text } of declarations) {
      if (name !== "*" && name !== declared) continue;
      names.add(declared);
      for (const word of wordsOf(text)) {
        const origin = imports.get(word) ?? { file, name: word };
        if (imports.has(word) || declarations.some((d) => d.name === word)) visit(origin);
      }
    }
    if (name === "*") imports.forEach(visit);
  };
  visit({ file: ENTRY, name: "*" });
  return kept;
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.replace(/\/\*[\s\S]*?\*\//g, "").match(/[A-Za-z_$][\w$]*/g) ?? []);
}

function moduleText(file: string, from: DeclarationFile, kept: ReadonlySet<string>): string {
  const declarations = from.declarations.filter(({ name }) => kept.has(name)).map((d) => d.text);
  const passed = from.exports.map(({ text }) => text);
  const used = wordsOf([...declarations, ...passed].join("\n"));
  const imports = [...from.imports]
    .filter(([here]) => used.has(here))
    .map(([here, { file: other, name }]) => {
      const clause =
        name === "*" ? `* as ${here}` : `{ ${name === here ? "" : `${name} as `}${here} }`;
      return `import ${name === "*" ? "" : "type "}${clause} from "./${other}.ts";`;
    });
  const body = [...imports, ...passed, ...declarations, "export {};"]
    .join("\n")
    .replace(/^(export )?declare /gm, "$1")
    .replace(/from "\.\/([\w-]+)\.ts"/g, (_, name: string) => `from "${moduleName(name)}"`);
  const indented = body.replace(/^(?=.)/gm, "  ");
  return `declare module "${moduleName(file)}" {\n${indented}\n}\n`;
}

function moduleName(file: string): string {
  return file === ENTRY ? LIBRARY : `${LIBRARY}/${file}`;
}
