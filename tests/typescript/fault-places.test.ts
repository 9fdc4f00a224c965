// Where a TypeScript tile threw: the lines of the source that led to it, the same in the process
// and in the sandbox, in text and JSON; the code of the tile knows nothing of them.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lumen, temporaryFolder } from "../cli/testing/lumen.ts";

const TILES = `import { sequence, t, tile } from "@lumen/raster";
import { half } from "./arithmetic.ts";

interface Counted {
  readonly n: bigint;
}

/** Comments and types move what follows. */
const one = (counted: Counted): bigint => { /* ü😀 */ return half(counted.n ** 2n); };

export const even = tile(
  { kind: "iter", inputs: { n: t.u64 }, output: t.u64 },
  ({ n }) => {
    return one({ n });
  },
);
export const flat = tile({ kind: "iter", inputs: { n: t.u64 }, output: t.u64 }, ({ n }) => half(n));
export const text = tile({ kind: "iter", inputs: {}, output: t.u64 }, () => { throw "a"; });
export const wrong = tile({ kind: "iter", inputs: { n: t.u64 }, output: t.u8 }, () => 256);
export const clock = tile(
  { kind: "iter", inputs: { n: t.u64 }, output: t.u64 },
  ({ n }) =>
    n + BigInt(Date.now()),
);
export const list = tile(
  { kind: "iter", inputs: { n: t.u64 }, output: t.u64 },
  ({ n }) => [n].map(function inner(m) { return half(m); })[0] ?? 0n,
);
export const main = sequence(
  { inputs: { n: t.u64 }, output: t.u64 }, ({ n }) => even({ n }),
);
`;

const ARITHMETIC = `export function half(n: bigint): bigint {
  if (n % 2n === 1n)
    throw new RangeError("it is odd");
  return n / 2n;
}
`;

function project(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "src"));
  const manifest = '[package]\nname = "p"\n[raster]\ntypescript = ["src/tiles.ts"]\n';
  writeFileSync(join(folder, "lumen.toml"), manifest);
  writeFileSync(join(folder, "src/tiles.ts"), TILES);
  writeFileSync(join(folder, "src/arithmetic.ts"), ARITHMETIC);
  return folder;
}

/** The frames that a failure is shown with, outermost first, and the text of each line. */
function framesIn(stderr: string): readonly string[] {
  const lines = stderr.split("\n");
  return lines.flatMap((line, i) =>
    line.startsWith("  at ") ? [`${line.trim()} ${lines[i + 1]?.trim() ?? ""}`] : [],
  );
}

/** Line and column, counted from 1, of a text in a source. */
function placeOf(path: string, source: string, text: string): string {
  const before = source.slice(0, source.indexOf(text)).split("\n");
  return `${path}:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

const ODD = `at half (${placeOf("src/arithmetic.ts", ARITHMETIC, "RangeError")}) throw new RangeError("it is odd");`;

/** Tiles that throw, with the frames that are shown. */
const PLACES: readonly (readonly [tile: string, frames: readonly string[]])[] = [
  [
    "even",
    [
      `at even (${placeOf("src/tiles.ts", TILES, "return one({ n })")}) return one({ n });`,
      `at one (${placeOf("src/tiles.ts", TILES, "return half(counted")}) ${TILES.split("\n")[8]}`,
      ODD,
    ],
  ],
  [
    "flat",
    [`at flat (${placeOf("src/tiles.ts", TILES, "half(n)")}) ${TILES.split("\n")[16]}`, ODD],
  ],
  ["text", []],
  ["wrong", []],
  ["clock", [`at clock (${placeOf("src/tiles.ts", TILES, "now()")}) n + BigInt(Date.now()),`]],
];

describe("an exception in a TypeScript tile", () => {
  const folder = project();

  it.each(PLACES)("in %s is shown at its place, whatever ran it", async (tile, frames) => {
    for (const backend of ["native", "isolate"]) {
      const input = tile === "text" ? "[]" : "5";
      const args = ["run-tile", "--tile", tile, "--input", input, "--backend", backend];
      const ran = await lumen(folder, ...args);
      expect(ran.status).toBe(1);
      expect(framesIn(ran.stderr), backend).toEqual(frames);
    }
  });

  it("tells of functions between those of the source", async () => {
    const ran = await lumen(folder, "run-tile", "--tile", "list", "--input", "5");
    const names = framesIn(ran.stderr).map((line) => line.split(" ")[1]);
    expect(names).toEqual(["list", "inner", "half"]);
  });

  it("in a sequence is in its report as JSON, and not in the trace", async () => {
    const ran = await lumen(folder, "run", "--input", "5", "--format", "json");
    expect(ran.status).toBe(1);
    const start = ARITHMETIC.indexOf("RangeError");
    expect(ran.stdout + ran.stderr).toContain(
      `{"module":"src/arithmetic.ts","cell":"half","span":{"start":${start},"end":${start + 10}}}`,
    );
    const exported = await lumen(folder, "trace", "export", "--to", "jsonl");
    expect(exported.stdout + exported.stderr).not.toContain("arithmetic.ts:");
  });

  it("is shown at its place in a file with other ends of lines", async () => {
    const windows = project();
    writeFileSync(join(windows, "src/arithmetic.ts"), ARITHMETIC.replaceAll("\n", "\r\n"));
    const ran = await lumen(windows, "run-tile", "--tile", "flat", "--input", "5");
    expect(framesIn(ran.stderr)[1]).toBe(ODD);
  });

  it("has the same code wherever its text stands", async () => {
    const moved = project();
    writeFileSync(join(moved, "src/tiles.ts"), `\n\n// Above.\n${TILES}`);
    const digests = await Promise.all([folder, moved].map((at) => lumen(at, "list")));
    const codes = digests.map(({ stdout }) => stdout.match(/[0-9a-f]{16}/g));
    expect(codes[0]).not.toBeNull();
    expect(codes[1]).toEqual(codes[0]);
  });
});
