// The TypeScript front end (Language 21.6) over projects on disk: what it makes, what it refuses
// and where, and that its bytes are the same wherever a project stands.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Diagnostic, positionOf } from "@lumen/core/diagnostic";
import { toHex, utf8Decode } from "@lumen/core/hash";
import type { Program, TileEntry } from "@lumen/core/program";
import { metadataOf } from "@lumen/raster";
import { jsEngine } from "@lumen/raster/backends/js";
import { afterAll, describe, expect, it } from "vitest";
import { compileProject } from "../compile-project.ts";
import { packProgram, readProgramFile } from "../program-file.ts";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

type Files = { readonly [path: string]: string };

const IMPORT = 'import { sequence, t, tile } from "@lumen/raster";\n';

/** A declaration of a tile of one input. */
function declared(name: string, type: string, [input, body]: readonly [string, string]): string {
  const options = `{ kind: "iter", inputs: { ${input}: ${type} }, output: ${type} }`;
  return `export const ${name} = tile(${options}, ({ ${input} }) => ${body});\n`;
}

const GREET = declared("greet", "t.string", ["name", '"Hello, " + name']);
const DOUBLE = declared("double", "t.i64", ["n", "n * 2n"]);

function project(files: Files, sources: readonly string[] = ["src/tiles.ts"]): string {
  const folder = mkdtempSync(join(tmpdir(), "lumen-ts-"));
  folders.push(folder);
  const listed = `[raster]\ntypescript = ${JSON.stringify(sources)}\n`;
  const manifest = `[package]\nname = "ts"\nversion = "1.0.0"\n${listed}`;
  for (const [path, text] of Object.entries({ "lumen.toml": manifest, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function compiled(files: Files, sources?: readonly string[]): Promise<Program> {
  const made = await compileProject(project(files, sources));
  if (!made.ok) throw new Error(made.error.message);
  const { program, diagnostics } = made.value;
  if (program === null)
    throw new Error(diagnostics.map((d) => `${d.code} ${d.message}`).join("; "));
  return program;
}

/** A program whose one source is a text behind the imports. */
const program = (text: string): Promise<Program> => compiled({ "src/tiles.ts": IMPORT + text });

function shown({ code, message, source, span }: Diagnostic): string {
  const { line, column } = positionOf(source, span.start);
  return `${code} ${source.path}:${line}:${column} ${message}`;
}

async function refused(files: Files, sources?: readonly string[]): Promise<readonly string[]> {
  const made = await compileProject(project(files, sources));
  if (!made.ok) return [`${made.error.code} ${made.error.message}`];
  expect(made.value.program).toBeNull();
  return made.value.diagnostics.map(shown);
}

function tile({ tiles }: Program, id: string): TileEntry {
  const found = tiles.find((entry) => entry.id === id);
  if (found === undefined) throw new Error(`there is no tile ${id}`);
  return found;
}

function guestText({ guest }: TileEntry): string {
  return guest.kind === "js" ? (utf8Decode(guest.source) ?? "") : "";
}

/** Output or failure of a tile, in both places; they are the same. */
async function ran(entry: TileEntry, input: Uint8Array): Promise<string> {
  const { guest } = entry;
  if (guest.kind !== "js") throw new Error("a TypeScript tile");
  const endings: string[] = [];
  for (const place of ["sandbox", "process"] as const) {
    const opened = await jsEngine(place).open(metadataOf(entry), guest.source);
    if (!opened.ok) throw new Error(opened.error.message);
    const run = await opened.value.execute(input, {});
    if (!run.ok) throw new Error(run.error.message);
    const { result } = run.value;
    endings.push(
      result.kind === "finished"
        ? toHex(result.output)
        : `${result.failure.code} ${result.failure.message}`,
    );
  }
  expect(endings[1]).toBe(endings[0]);
  return endings[0] ?? "";
}

describe("a project of TypeScript alone", () => {
  it("has tiles, sequences, schema and entry, and is packed and read back", async () => {
    const text = `${GREET}${DOUBLE}
const options = { inputs: { name: t.string }, output: t.string };
export const main = sequence(options, ({ name }) => greet({ name: greet({ name }) }));`;
    const folder = project({ "src/tiles.ts": IMPORT + text });
    const made = await compileProject(folder);
    if (!made.ok || made.value.program === null) throw new Error("it compiles");
    const before = { ...made.value, program: made.value.program };
    expect(before.program.tiles.map((entry) => entry.id)).toEqual(["double", "greet"]);
    expect(before.program).toMatchObject({
      entry: "main",
      modules: [],
      sequences: [{ cell: null }],
    });
    expect([...before.sources.keys()]).toEqual(["src/tiles.ts"]);
    const packed = packProgram(before);
    if (!packed.ok) throw new Error(packed.error.message);
    const read = readProgramFile(packed.value.bytes, "p");
    if (!read.ok) throw new Error(read.error.message);
    const { tiles, sequences, entry } = read.value.program;
    expect({ sequences, entry }).toEqual({ sequences: before.program.sequences, entry: "main" });
    expect(tiles.map((x) => x.guest)).toEqual(before.program.tiles.map((x) => x.guest));
    expect(tiles.map((x) => x.code)).toEqual(before.program.tiles.map((x) => x.code));
    expect([...read.value.bundle.files.keys()]).toContain("modules/greet.js");
  });

  it("gives guests that run", async () => {
    const made = await program(`${GREET}${DOUBLE}`);
    expect(await ran(tile(made, "greet"), new Uint8Array([1, 65]))).toBe("0848656c6c6f2c2041");
    expect(await ran(tile(made, "double"), new Uint8Array([2]))).toBe("04");
    expect(await ran(tile(made, "double"), new Uint8Array([0x82, 0]))).toMatch(
      /^E_DECODE Failed to deserialize input: non-minimal-varint/,
    );
    expect(
      await ran(tile(made, "double"), new Uint8Array([...new Uint8Array(9).fill(255), 1])),
    ).toMatch(/^E_ENCODE Failed to serialize output: \$: expected i64, within its range/);
  });

  it("gives a guest the same bytes in every folder, and after a change elsewhere", async () => {
    const first = await program(`${GREET}${DOUBLE}`);
    const second = await program(
      `const start = 1n; ${DOUBLE.replace("2n", "3n + start")}export const path = 3;\n${GREET}`,
    );
    expect(guestText(tile(first, "greet"))).toBe(guestText(tile(second, "greet")));
    expect(guestText(tile(first, "double"))).not.toBe(guestText(tile(second, "double")));
    expect(guestText(tile(first, "greet"))).not.toMatch(/double|\/tmp|sourceMappingURL/);
    const moved = await compiled({
      "src/tiles.ts": IMPORT + GREET,
      "tsconfig.json": '{"compilerOptions":{"target":"es5","jsx":"react"}}',
      "src/package.json": '{"sideEffects":true}',
    });
    expect(guestText(tile(moved, "greet"))).toBe(guestText(tile(first, "greet")));
  });

  it("computes floats the same everywhere", async () => {
    const made = await program(`
const options = { kind: "iter", inputs: { x: t.f64 }, output: t.list(t.f64) } as const;
export const floats = tile(options, ({ x }) => {
  let y = x; y **= 3;
  const circle = [Math.sin(x), Math.cos(x), Math.tan(x), Math.atan2(x, 2), Math.hypot(x, 3, 4)];
  const powers = [Math.pow(x, 0.3), x ** 1.7, y, Math.sinh(x), 1 ** NaN, (-1) ** Infinity];
  return [...circle, ...powers, Math.exp(x), Math.log(x)];
});
${declared("big", "t.u64", ["n", "n ** 3n % 1000007n"])}`);
    const x = new Uint8Array(8);
    new DataView(x.buffer).setFloat64(0, 1.2345, true);
    expect(await ran(tile(made, "floats"), x)).toHaveLength(2 + 13 * 16);
    expect(await ran(tile(made, "big"), new Uint8Array([100]))).toBe("c0843d");
  });

  /** Of 0.75, computed with decimal of Python. */
  const NEAREST: { readonly [name: string]: number } = {
    asinh: Math.LN2,
    atanh: 0.9729550745276566,
    cbrt: 0.9085602964160698,
    expm1: 1.1170000166126746,
    log1p: 0.5596157879354227,
  };

  it("has every function of Math, with the doubles that are nearest", async () => {
    const names = Object.getOwnPropertyNames(Math).filter(
      (name) => typeof Reflect.get(Math, name) === "function" && name !== "random",
    );
    const calls = names.map((name) => `[${JSON.stringify(name)}, Math.${name}(x, 1)]`).join(", ");
    const made = await program(`
const options = { kind: "iter", inputs: { x: t.f64 }, output: t.map(t.string, t.f64) } as const;
export const all = tile(options, ({ x }) => new Map<string, number>([${calls}]));`);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, 0.75, true);
    const output = await ran(tile(made, "all"), bytes);
    expect(output).toMatch(new RegExp(`^${names.length.toString(16).padStart(2, "0")}`));
    for (const [name, value] of Object.entries(NEAREST)) {
      const bits = new Uint8Array(8);
      new DataView(bits.buffer).setFloat64(0, value, true);
      const key = toHex(new TextEncoder().encode(name));
      expect(output).toContain(`0${name.length}${key}${toHex(bits)}`);
    }
  });

  it("computes `**` the same everywhere in packages too", async () => {
    const pow = declared("pow", "t.f64", ["x", "power(x, 7.042869604192674)"]);
    const made = await compiled({
      "src/tiles.ts": `${IMPORT}import { power } from "powers";\n${pow}`,
      "node_modules/powers/package.json": '{ "name": "powers", "main": "index.js" }',
      "node_modules/powers/index.js": "exports.power = (a, b) => a ** b;",
    });
    expect(guestText(tile(made, "pow"))).not.toContain("a ** b");
    const input = new Uint8Array(new Float64Array([47.41079984232783]).buffer);
    const power = Buffer.from(await ran(tile(made, "pow"), input), "hex").readDoubleLE();
    expect(power / 47.41079984232783 ** 7.042869604192674).toBeCloseTo(1, 12);
  });

  it.each([
    "(async () => 1n)() && n",
    "(async () => { for await (const x of []) n += x; })() && n",
    "(async function* () {})().next() && n",
    'import("node:fs" + n) && n',
  ])("%s is refused when it runs: a tile answers at once", async (body) => {
    const made = await program(declared("wait", "t.i64", ["n", body]));
    const ended = await ran(tile(made, "wait"), new Uint8Array([2]));
    expect(ended).toContain("tiles have no promises: a tile answers at once");
  });

  it("says of what belongs in sequences that it cannot run in a tile", async () => {
    const made = await program(`${DOUBLE}
import { branch } from "@lumen/raster";
${declared("calls", "t.i64", ["n", "double({ n }) as never"])}
${declared("chooses", "t.i64", ["n", "branch(n > 0n, { true: () => n, false: () => n }) as never"])}
${declared("runs", "t.i64", ["n", "double.run({ n })"])}`);
    const one = new Uint8Array([2]);
    const called = "a tile is called inside a tile: write .run(…) behind its name";
    expect(await ran(tile(made, "calls"), one)).toContain(called);
    const chosen = "branches, loops and `literal` belong in sequences; a tile computes";
    expect(await ran(tile(made, "chooses"), one)).toContain(chosen);
    expect(await ran(tile(made, "runs"), one)).toBe("04");
  });

  it("imports sources, JSON and whatever else stands in the project", async () => {
    const made = await compiled({
      "src/tiles.ts": `${IMPORT}import { bonus } from "./lib/bonus.js";
import data from "./data.json";
${declared("add", "t.u32", ["n", "n + bonus + data.more"])}`,
      "src/lib/bonus.ts": "export const bonus: number = 3;\nexport const unused = 4;",
      "src/data.json": '{ "more": 10 }',
    });
    expect(await ran(tile(made, "add"), new Uint8Array([1]))).toBe("0e");
  });
});

describe("a project of both", () => {
  const LUMEN =
    "@tile(iter)\ncell triple(n: Int) -> Int = n * 3\n\n" +
    "@sequence\ncell main(n: Int) -> Int\n  return triple(n)\nend\n";

  it("has one name space and one schema", async () => {
    const made = await compiled({
      "main.lm": LUMEN,
      "src/tiles.ts": `${IMPORT}${DOUBLE}
const options = { inputs: { n: t.i64 }, output: t.i64 };
export const twice = sequence(options, ({ n }) => double({ n: double({ n }) }));`,
    });
    expect(made.tiles.map(({ id, guest }) => `${id} ${guest.kind}`)).toEqual([
      "double js",
      "triple lir",
    ]);
    expect(made.sequences.map(({ id }) => id)).toEqual(["main", "twice"]);
    expect(made.cfs.sequences.map(({ id }) => id)).toEqual(["main", "twice"]);
  });

  it("names both places of an id that is there twice", async () => {
    const files = {
      "main.lm": LUMEN,
      "src/tiles.ts": IMPORT + DOUBLE.replaceAll("double", "triple"),
    };
    const made = await compileProject(project(files));
    if (!made.ok) throw new Error(made.error.message);
    expect(made.value.diagnostics.map(shown)).toEqual([
      "E0803 src/tiles.ts:2:23 'triple' is already the id of a tile or sequence",
    ]);
    expect(made.value.diagnostics[0]?.labels?.[0]?.source?.path).toBe("main.lm");
  });
});

/** Beginnings of declarations. */
const TILE = "export const a = tile({";
const A = `${TILE} kind: "iter", `;

it("is kept with every source that decided, its guests byte for byte", async () => {
  const add = `import { bonus } from "./bonus.ts";\n${declared("add", "t.u32", ["n", "n + bonus"])}`;
  const folder = project({
    "src/tiles.ts": IMPORT + add,
    "src/bonus.ts": "export const bonus = 3;",
  });
  const store = mkdtempSync(join(tmpdir(), "lumen-ts-cache-"));
  folders.push(store);
  const warnings: string[] = [];
  const warn = (line: string): number => warnings.push(line);
  const setting = { folder: store, build: "b", isNamed: true, warn };
  const guest = async (cached: boolean): Promise<string> => {
    const made = await compileProject(folder, cached ? { cache: () => setting } : {});
    if (!made.ok || made.value.program === null) throw new Error("it compiles");
    expect([...made.value.sources.keys()].sort()).toEqual(["src/bonus.ts", "src/tiles.ts"]);
    return guestText(tile(made.value.program, "add"));
  };
  const plain = await guest(false);
  expect([await guest(true), await guest(true)]).toEqual([plain, plain]);
  expect(readdirSync(store)).toHaveLength(1);
  writeFileSync(join(folder, "src/bonus.ts"), "export const bonus = 4;");
  expect(await guest(true)).not.toBe(plain);
  expect(await guest(true)).toBe(await guest(false));
  expect(warnings).toEqual([]);
});

it("a source with the value of a secret is E_POLICY", async () => {
  process.env.LUMEN_TEST_SECRET = "correct horse battery";
  const secret = '[package]\nname = "ts"\n[secrets]\nmail = "LUMEN_TEST_SECRET"\n';
  const manifest = `${secret}[raster]\ntypescript = ["src/tiles.ts"]\n`;
  const text = GREET.replace("Hello, ", "correct horse battery");
  const files = { "lumen.toml": manifest, "src/tiles.ts": IMPORT + text };
  try {
    expect(await refused(files)).toEqual([
      "E_POLICY 'src/tiles.ts' holds the value of the secret LUMEN_TEST_SECRET",
    ]);
  } finally {
    delete process.env.LUMEN_TEST_SECRET;
  }
});

describe("what is refused, and where", () => {
  it.each<[string, string, string]>([
    ["a syntax error", "export const x = ;", 'E0813 src/tiles.ts:2:18 Unexpected ";"'],
    [
      "an import that leads nowhere",
      'import "./gone.ts";',
      "E0813 src/tiles.ts:2:8 there is no file for './gone.ts'",
    ],
    [
      "an import from outside",
      'import "../../x.ts";',
      "E0813 src/tiles.ts:2:8 '../../x.ts' is outside of the project",
    ],
    [
      "a module of Node",
      'import "node:fs";',
      "E0813 src/tiles.ts:2:8 tiles have no host: 'node:fs' is a module of Node",
    ],
    [
      "a package that is not there",
      'import "left-pad-of-nobody";',
      'E0813 src/tiles.ts:2:8 Could not resolve "left-pad-of-nobody"',
    ],
    [
      "an error at the top",
      "const x: string[] = [];\nx[0].length;",
      "E0814 src/tiles.ts:3:4 TypeError",
    ],
    [
      "a clock at the top",
      "  const now = Date.now();",
      "E0814 src/tiles.ts:2:20 Error: tiles have no clock",
    ],
    [
      "an endless top",
      "for (;;);",
      "E0814 src/tiles.ts:1:1 it did not end within its limit of steps",
    ],
    [
      "no kind",
      `${TILE} inputs: {}, output: t.u8 } as never, () => 1);`,
      "E0800 src/tiles.ts:2:18",
    ],
    [
      "an unknown kind",
      `${TILE} kind: "once", inputs: {}, output: t.u8 } as never, () => 1);`,
      "E0801 src/tiles.ts:2:18",
    ],
    [
      "an unknown option",
      `${A}inputs: {}, output: t.u8, cost: 1 } as never, () => 1);`,
      "E0802 src/tiles.ts:2:18 a tile has no option 'cost'",
    ],
    [
      "a bad amount",
      `${A}maxMemory: 0.5, inputs: {}, output: t.u8 }, () => 1);`,
      "E0802 src/tiles.ts:2:18 maxMemory is an integer from 0",
    ],
    [
      "a bound of an iter tile",
      `${A}maxIterations: 5, inputs: {}, output: t.u8 }, () => 1);`,
      "E0802",
    ],
    [
      "no types",
      `${A}inputs: { a: "u8" as never }, output: t.u8 }, () => 1);`,
      "E0804 src/tiles.ts:2:18 the input 'a' has no type",
    ],
    ["no function", `${A}inputs: {}, output: t.u8 }, 5 as never);`, "E0804"],
    [
      "an async tile",
      `${A}inputs: {}, output: t.u8 }, (async () => 1) as never);`,
      "E0804 src/tiles.ts:2:18 the function of a tile is async",
    ],
    [
      "a generator",
      `${A}inputs: {}, output: t.u8 }, function* () {} as never);`,
      "E0804 src/tiles.ts:2:18 the function of a tile is a generator",
    ],
    [
      "a tile that is not exported",
      GREET.replace("export ", ""),
      "E0804 src/tiles.ts:2:15 a tile is not exported",
    ],
    [
      "a bad id",
      GREET.replace("kind:", 'id: "a-b", kind:'),
      "E0804 src/tiles.ts:2:22 'a-b' is no id",
    ],
    [
      "a reserved id",
      GREET.replace("kind:", 'id: "main__e0", kind:'),
      "E0804 src/tiles.ts:2:22 the id 'main__e0' is reserved",
    ],
    [
      "floats as keys",
      "const m = t.map(t.f64, t.u8);",
      "E0806 src/tiles.ts:2:13 keys of a map cannot hold floats",
    ],
    [
      "a recursive type in a set of itself",
      `const R = t.recursive<never>("R", (r) => t.set(r) as never);
${A}inputs: { r: R }, output: t.u8 }, () => 1);`,
      "E0806 src/tiles.ts:3:18",
    ],
    [
      "another recur signature",
      `${TILE} kind: "recur", inputs: { n: t.u8 }, output: t.tuple(t.bool, t.u16) },
  () => [true, 1] as const);`,
      "E0807 src/tiles.ts:2:18 expected the output tuple(bool, u8), found tuple(bool, u16)",
    ],
    [
      "a recur tile without state",
      `${TILE} kind: "recur", inputs: {}, output: t.tuple(t.bool) }, () => [true]);`,
      "E0807 src/tiles.ts:2:18 a recur tile has at least one input",
    ],
    [
      "an id twice",
      `${GREET}${GREET.replace("greet =", "other =").replace("kind:", 'id: "greet", kind:')}`,
      "E0803 src/tiles.ts:3:22 'greet' is already the id",
    ],
    [
      "sequences in a circle",
      `const io = { inputs: { n: t.u8 }, output: t.u8 };
export const a = sequence(io, ({ n }): never => b({ n }) as never);
export const b = sequence(io, ({ n }) => a({ n }));`,
      "E0811 src/tiles.ts:3:18",
    ],
    [
      "a sequence that forgets its result",
      `${GREET}
export const main = sequence({ inputs: { name: t.string }, output: t.string }, ({ name }) => {
  greet({ name });
});`,
      "E0809 src/tiles.ts:4:21 sequence 'main' returns nothing, expected string",
    ],
    [
      "a flow that looks at a reference",
      `${GREET}
export const main = sequence({ inputs: { name: t.string }, output: t.string }, ({ name }) =>
  name === "Ann" ? name : greet({ name }),
);`,
      "E0809 src/tiles.ts:4:21 the flow of sequence 'main' looks at a reference",
    ],
  ])("%s", async (_, text, expected) => {
    const found = await refused({ "src/tiles.ts": IMPORT + text });
    expect(found).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    ["left-pad-of-nobody", "left-pad-of-nobody"],
    ["left-pad-of-nobody/part.js", "left-pad-of-nobody"],
    ["@nobody/left-pad/part", "@nobody/left-pad"],
  ])("an import of %s that is not installed, with the way to install it", async (from, name) => {
    const made = await compileProject(project({ "src/tiles.ts": `import "${from}";` }));
    expect(made.ok && made.value.diagnostics.map((d) => d.help)).toEqual([
      `A package stands in node_modules beside lumen.toml: npm install ${name}`,
    ]);
  });

  it("in each of several sequences", async () => {
    const io = "{ inputs: { n: t.u8 }, output: t.u8 }";
    const text = `export const a = sequence(${io}, ({ n }) => n + 1);
export const b = sequence(${io}, ({ n }) => n);
export const c = sequence(${io}, () => {});`;
    expect(await refused({ "src/tiles.ts": IMPORT + text })).toEqual([
      expect.stringContaining("E0809 src/tiles.ts:2:"),
      expect.stringContaining("E0809 src/tiles.ts:4:18"),
    ]);
  });

  it.each<[string, readonly string[], string]>([
    [
      "a source that is not there",
      ["src/gone.ts"],
      "E_PROJECT [raster] typescript: there is no file 'src/gone.ts'",
    ],
    [
      "a source outside",
      ["../x.ts"],
      "E_PROJECT [raster] typescript: '../x.ts' is no TypeScript source below the project",
    ],
    [
      "something else",
      ["src/a.py"],
      "E_PROJECT [raster] typescript: 'src/a.py' is no TypeScript source below the project",
    ],
    [
      "a source twice",
      ["src/tiles.ts", "./src/tiles.ts"],
      "E_PROJECT [raster] typescript: 'src/tiles.ts' stands there twice",
    ],
  ])("%s in lumen.toml", async (_, sources, expected) => {
    expect(await refused({ "src/tiles.ts": IMPORT }, sources)).toEqual([expected]);
  });
});
