// A TypeScript tile that takes all memory, in the process of the command: the run ends with a word
// about the tile, soon, and what was recorded before can be read. A tile that only makes garbage
// is left alone.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { lumen, onlyTrace, ROOT, temporaryFolder } from "../cli/testing/lumen.ts";

const BUNDLE = join(ROOT, "dist/lumen.js");

const TILES = `import { sequence, t, tile } from "@lumen/raster";
const N = { kind: "iter", inputs: { n: t.u64 }, output: t.u64 } as const;
export const first = tile(N, ({ n }) => n + 1n);
export const eat = tile(N, () => {
  const kept = [];
  for (;;) kept.push(new Uint8Array(2 ** 25).fill(1));
});
export const garbage = tile(N, ({ n }) => {
  let length = 0;
  for (let i = 0; i < 200; i++) length += new Uint8Array(2 ** 24).fill(1).length;
  return n + BigInt(length);
});
export const main = sequence({ inputs: { n: t.u64 }, output: t.u64 }, ({ n }) =>
  eat({ n: first({ n }) }),
);
`;

let folder = "";

beforeAll(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, "src"));
  const manifest = '[package]\nname = "p"\n[raster]\ntypescript = ["src/tiles.ts"]\n';
  writeFileSync(join(folder, "lumen.toml"), manifest);
  writeFileSync(join(folder, "src/tiles.ts"), TILES);
});

function command(...words: readonly string[]): ReturnType<typeof spawnSync> {
  const args = [BUNDLE, ...words, "--no-cache"];
  return spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
}

describe("a tile that takes all memory", () => {
  it("ends the run, which says so, and leaves the record of what ran before", async () => {
    const ran = command("run", "--input", "1");
    expect(ran.signal).toBe("SIGKILL");
    expect(ran.stderr).toBe(
      "error[E_TRAP_MEMORY]: tile eat takes more than 1024 MiB: the run is ended\n" +
        "  help: --backend isolate gives a tile a limit, and records how it ended.\n",
    );
    const shown = await lumen(folder, "trace", "show", onlyTrace(folder));
    expect(shown.stdout).toMatch(/step 0 {2}first/);
  });

  it("fails with a limit on isolate, as the message says", async () => {
    const ran = await lumen(
      folder,
      "run-tile",
      "--tile",
      "eat",
      "--input",
      "1",
      "--backend",
      "isolate",
    );
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("error[E_TRAP_MEMORY]: tile eat: it needs too much memory");
  });
});

it("a tile that makes garbage is left alone", () => {
  const ran = command("run-tile", "--tile", "garbage", "--input", "1");
  expect(ran).toMatchObject({ status: 0, stdout: `${200 * 2 ** 24 + 1}\n`, stderr: "" });
});
