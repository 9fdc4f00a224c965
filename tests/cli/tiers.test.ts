// `--tier`, LUMEN_TIER and `--explain-tiers` of `lumen run`.

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { openLlvmEngine } from "@lumen/runtime/llvm";
import { expect, it } from "vitest";
import { document, lumen, project, ROOT } from "./testing/lumen.ts";

const HOT = document(`cell square(n: Int) -> Int = n * n

@tile(iter)
cell sum(n: Int) -> Int
  let total = 0
  for i in 0..n
    total = total + square(i)
  end
  total
end

cell main() -> Int = sum(5000) + square(2)
`);

/** What the table on stderr says about each cell: its tier. */
function tiersOf(stderr: string): Readonly<Record<string, string>> {
  const rows = stderr
    .split("\n")
    .slice(1)
    .filter((line) => line.startsWith("  "));
  return Object.fromEntries(
    rows.map((row) => {
      const [cell = "", tier = ""] = row.trim().split(/ {2,}/);
      return [cell, tier];
    }),
  );
}

it("says what ran where, of cells and of tiles", async () => {
  const folder = project({ "main.lm.md": HOT });
  const auto = await lumen(folder, "run", "--explain-tiers", "main.lm.md");
  expect(auto).toMatchObject({ status: 0, stdout: "41654167504\n" });
  expect(tiersOf(auto.stderr)).toEqual({
    "main.square": "T0",
    "main.main": "T0",
    "tile sum: sum": "T2 loop",
    "tile sum: square": "T1",
  });
  const none = await lumen(folder, "run", "--explain-tiers", "--tier", "t0", "main.lm.md");
  expect(none.stdout).toBe(auto.stdout);
  expect(new Set(Object.values(tiersOf(none.stderr)))).toEqual(new Set(["T0"]));
  const all = await lumen(folder, "run", "--explain-tiers", "--tier", "t1", "main.lm.md");
  expect(tiersOf(all.stderr)).toMatchObject({ "main.square": "T1", "tile sum: square": "T1" });
  const numeric = await lumen(folder, "run", "--explain-tiers", "--tier", "t2", "main.lm.md");
  expect(numeric.stdout).toBe(auto.stdout);
  expect(tiersOf(numeric.stderr)).toMatchObject({ "main.square": "T2", "tile sum: square": "T2" });
});

it("compiles numbers by LLVM where it is installed, and says where it is not", async () => {
  const folder = project({ "main.lm.md": HOT });
  const words = ["run", "--explain-tiers", "--tier", "t3", "main.lm.md"];
  const { status, stdout, stderr } = await lumen(folder, ...words);
  expect({ status, stdout }).toEqual({ status: 0, stdout: "41654167504\n" });
  const found = openLlvmEngine();
  const tier = found.ok ? "T3" : "T2";
  expect(tiersOf(stderr)).toMatchObject({ "main.square": tier, "tile sum: square": tier });
  expect(stderr.startsWith("tier T3 is not used: ")).toBe(!found.ok);
});

it("gives the same trace in every tier", async () => {
  const commitments: string[] = [];
  for (const tier of ["auto", "t0", "t1", "t2", "t3"]) {
    const folder = project({ "main.lm.md": HOT });
    const words = ["--trace", "--deterministic", "--format", "json", "--tier", tier];
    const { stdout } = await lumen(folder, "run", ...words, "main.lm.md");
    const found: { evidence: { commitment: string } } = JSON.parse(stdout);
    commitments.push(found.evidence.commitment);
  }
  expect(new Set(commitments).size).toBe(1);
});

it.skipIf(process.platform !== "linux")("does without WebAssembly where it gets no memory", () => {
  const folder = project({ "main.lm.md": HOT });
  const command = `ulimit -v 3000000 && exec "$0" "$@"`;
  const words = [join(ROOT, "dist/lumen.js"), "run", "--explain-tiers", "main.lm.md"];
  const options = { cwd: folder, encoding: "utf8" } as const;
  const ran = spawnSync("sh", ["-c", command, process.execPath, ...words], options);
  expect({ status: ran.status, stdout: ran.stdout }).toEqual({
    status: 0,
    stdout: "41654167504\n",
  });
  expect(ran.stderr).toContain("or no memory for it");
});

it("refuses other names", async () => {
  const folder = project({ "main.lm.md": HOT });
  const option = await lumen(folder, "run", "--tier", "t9", "main.lm.md");
  expect(option).toMatchObject({ status: 2 });
});
