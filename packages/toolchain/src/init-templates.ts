// What `lumen init` can begin a project with: a row for each template, and the texts of its files.

import { TYPES_PATH } from "./target.ts";
import { LIBRARY_DECLARATIONS } from "./typescript/library-declarations.ts";

/** What the texts of a template are made for. */
export interface NewProject {
  readonly name: string;
  readonly edition: string;
}

/** A beginning of a project. */
export interface InitTemplate {
  readonly name: string;
  /** What it holds, in a few words. */
  readonly summary: string;
  /** What runs it, behind `lumen`. */
  readonly run: string;
  /** Texts by path, in the order in which a reader needs them. */
  readonly files: (project: NewProject) => readonly (readonly [path: string, text: string])[];
}

/** The template of a project about which nothing is said. */
export const DEFAULT_TEMPLATE = "program";

/** The templates. */
export const INIT_TEMPLATES: readonly InitTemplate[] = [
  {
    name: DEFAULT_TEMPLATE,
    summary: "a cell that calls a tile, and a test",
    run: "run",
    files: (project) => [
      ["lumen.toml", documentManifest(project)],
      ["main.lm.md", PROGRAM.replace("NAME", project.name)],
      IGNORED,
    ],
  },
  {
    name: "tiles",
    summary: "tiles and a sequence, in Lumen",
    run: "run --input @order.json",
    files: (project) => [
      ["lumen.toml", documentManifest(project)],
      ["main.lm.md", TILES.replace("NAME", project.name)],
      ["order.json", ORDER],
      IGNORED,
    ],
  },
  {
    name: "typescript",
    summary: "the same tiles and sequence, in TypeScript",
    run: "run --input @order.json",
    files: (project) => [
      ["lumen.toml", typescriptManifest(project)],
      ["src/tiles.ts", TYPESCRIPT_TILES],
      ["order.json", ORDER],
      ["tsconfig.json", TSCONFIG],
      IGNORED,
      [TYPES_PATH, LIBRARY_DECLARATIONS()],
    ],
  },
];

const IGNORED: readonly [string, string] = [".gitignore", "target/\n"];

function packageTable({ name, edition }: NewProject): string {
  return `[package]
name = "${name}"
version = "0.1.0"
edition = "${edition}"
`;
}

function documentManifest(project: NewProject): string {
  return `${packageTable(project)}entry = "main.lm.md"\n`;
}

function typescriptManifest(project: NewProject): string {
  return `${packageTable(project)}\n[raster]\ntypescript = ["src/tiles.ts"]\n`;
}

const PROGRAM = `# NAME

What stands in blocks marked \`lumen\` is the program, everything else explains it.
\`lumen run\` runs it and leaves a trace, \`lumen test\` runs the cells marked \`@test\`.

\`\`\`lumen
@tile(iter)
cell greeting(name: String) -> String = "Hello, {name}!"

cell main() -> Null
  for name in ["Ada", "Grace"]
    print(greeting(name))
  end
end

@test
cell greets_by_name() -> Null
  assert_eq(greeting("Ada"), "Hello, Ada!")
end
\`\`\`
`;

const TILES = `# NAME

What an order costs. A tile is a pure cell: whoever runs it again on the same input gets the same
bytes.

\`\`\`lumen
record Line(article: String, cents: Int, quantity: Int)

@tile(iter, description: "The sum with one line more")
cell add(total: Int, line: Line) -> Int = total + line.cents * line.quantity

@tile(iter, description: "Ten percent off")
cell discount(cents: Int) -> Int = cents - cents // 10
\`\`\`

A sequence says which tiles run, in which order, with which values. A run of it is recorded step by
step.

\`\`\`lumen
@sequence
cell main(lines: list[Line]) -> Int
  let total = reduce(lines, fn(sum, line) => add(sum, line), 0)
  return if total >= 10000 then discount(total) else total
end

@test
cell takes_off_ten_percent() -> Null
  assert_eq(discount(20000), 18000)
end
\`\`\`
`;

const TYPESCRIPT_TILES = `import { branch, fold, literal, sequence, t, tile } from "@lumen/raster";

const Line = t.struct("Line", { article: t.string, cents: t.i64, quantity: t.i64 });

// A tile is a pure function with types: the same input gives the same bytes, whoever runs it.

export const add = tile(
  { kind: "iter", inputs: { total: t.i64, line: Line }, output: t.i64 },
  ({ total, line }) => total + line.cents * line.quantity,
);

export const isLarge = tile(
  { kind: "iter", inputs: { cents: t.i64 }, output: t.bool },
  ({ cents }) => cents >= 10_000n,
);

export const discount = tile(
  { kind: "iter", inputs: { cents: t.i64 }, output: t.i64 },
  ({ cents }) => cents - cents / 10n,
);

// A sequence says which tiles run, in which order, with which values. Its function runs once, when
// the project is compiled, with references in the places of values.

export const main = sequence(
  { inputs: { lines: t.list(Line) }, output: t.i64 },
  ({ lines }) => {
    const total = fold(lines, literal(t.i64, 0n), (sum, line) => add({ total: sum, line }));
    return branch(isLarge({ cents: total }), {
      true: () => discount({ cents: total }),
      false: () => total,
    });
  },
);
`;

const ORDER = `[
  { "article": "tea", "cents": 450, "quantity": 20 },
  { "article": "pot", "cents": 6400, "quantity": 1 }
]
`;

const TSCONFIG = `{
  "compilerOptions": {
    "strict": true,
    "noEmit": true,
    "target": "es2022",
    "lib": ["es2023"],
    "types": [],
    "module": "esnext",
    "moduleResolution": "bundler",
    "allowImportingTsExtensions": true,
    "resolveJsonModule": true
  },
  "include": ["src", "${TYPES_PATH}"]
}
`;
