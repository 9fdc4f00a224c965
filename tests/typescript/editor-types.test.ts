// The types that editors find in a project outside of this repository: the compiler of TypeScript
// accepts what a new project holds, and the examples; it refuses what the library would refuse.

import { execFile } from "node:child_process";
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lumen, ROOT, temporaryFolder } from "../cli/testing/lumen.ts";

const COMPILER = join(ROOT, "node_modules/typescript/bin/tsc");
const TYPES = "target/raster/lumen-raster.d.ts";

/** What the compiler of TypeScript says about a project: nothing where all is well. */
function typesOf(project: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [COMPILER, "--noEmit"], { cwd: project }, (_, stdout) =>
      resolve(stdout),
    );
  });
}

async function newProject(): Promise<string> {
  const folder = temporaryFolder();
  expect((await lumen(folder, "init", "shop", "--template", "typescript")).status).toBe(0);
  return join(folder, "shop");
}

/** Declarations before a line that is wrong or right. */
const HEAD = `import { branch, err, fold, literal, ok, sequence, t, tile } from "@lumen/raster";
export const double = tile(
  { kind: "iter", inputs: { n: t.u64 }, output: t.u64 }, ({ n }) => n * 2n,
);
const IN = { inputs: { n: t.u64 }, output: t.u64 } as const;
`;

/** Right lines, and wrong ones with what the compiler says. */
const LINES: readonly (readonly [line: string, error: RegExp | null])[] = [
  ["export const a = sequence(IN, ({ n }) => double({ n }));", null],
  ["export const a = sequence(IN, ({ n }) => double({ n: 5n }));", null],
  ["export const a = sequence(IN, ({ n }) => double({ n: 5 }));", /'number' is not assignable/],
  ["export const a = sequence(IN, ({ n }) => double({ m: n }));", /'m' does not exist/],
  ["export const a = sequence(IN, ({ n }) => { double({ n }); });", /'void' is not assignable/],
  ["export const a = sequence(IN, ({ n }) => double(n));", /'n' is missing/],
  ["export const a = sequence(IN, ({ n }) => double({ n: n + 1n }));", /TS2365/],
  ["export const a = sequence(IN, ({ n }) => double.recur({ n }));", null],
  [
    "export const a = sequence(IN, ({ n }) => branch(true, { true: () => 5n, false: () => n }));",
    null,
  ],
  ["const x: string = double.run({ n: 5n }); export { x };", /'bigint' is not assignable/],
  ["export const x = tile({ kind: 'iter', inputs: {}, output: t.int }, () => 1);", /'int'/],
  ["export const x = tile({ kind: 'loop', inputs: {}, output: t.u8 }, () => 1);", /"loop"/],
  [
    "export const x = tile({ kind: 'iter', inputs: {}, output: t.u8 }, () => 'a');",
    /TS2322|TS2769/,
  ],
  ["export const x = tile({ kind: 'iter', inputs: {}, output: t.u8 }, () => 1);", null],
  [
    "export const x = tile({ kind: 'iter', inputs: {}, output: t.u8, error: t.string }, () => err('e'));",
    null,
  ],
  ["console.log(1);", /'console'/],
  [
    "import { collectRegistrations } from '@lumen/raster'; export { collectRegistrations };",
    /TS2305/,
  ],
];

describe("types of @lumen/raster for editors", () => {
  it("are there as soon as a project is made", async () => {
    expect(await typesOf(await newProject())).toBe("");
  });

  it("are written again by a build", async () => {
    const project = await newProject();
    rmSync(join(project, "target"), { recursive: true });
    expect(await typesOf(project)).not.toBe("");
    expect((await lumen(project, "build")).status).toBe(0);
    expect(await typesOf(project)).toBe("");
  });

  it("are not written for Lumen alone", async () => {
    const folder = temporaryFolder();
    await lumen(folder, "init", "shop", "--template", "tiles");
    expect((await lumen(join(folder, "shop"), "build")).status).toBe(0);
    expect(existsSync(join(folder, "shop", TYPES))).toBe(false);
  });

  it("fit the example", async () => {
    const project = await newProject();
    const from = join(ROOT, "examples/hello-tiles-typescript/src");
    cpSync(from, join(project, "src"), { recursive: true });
    expect(await typesOf(project)).toBe("");
  });

  it("say what is wrong with a line, at its place", async () => {
    const project = await newProject();
    rmSync(join(project, "src/tiles.ts"));
    LINES.forEach(([line], i) => {
      writeFileSync(join(project, `src/line${i}.ts`), `${HEAD}${line}\n`);
    });
    const said = await typesOf(project);
    LINES.forEach(([line, error], i) => {
      const own = said.split(/^(?=\S)/m).filter((text) => text.startsWith(`src/line${i}.ts(`));
      expect(own, line).toHaveLength(error === null ? 0 : 1);
      if (error !== null) expect(own[0], line).toMatch(error);
    });
  });

  it("need nothing else: no import leaves the file", async () => {
    const text = readFileSync(join(await newProject(), TYPES), "utf8");
    const declared = [...text.matchAll(/^declare module "(.*)"/gm)].map(([, name]) => name);
    const used = [...text.matchAll(/from "(.*)"/g)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(0);
    for (const name of used) expect(declared).toContain(name);
  });
});
