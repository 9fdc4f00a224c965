// The programs of the benchmark set give in every tier what their peers in JavaScript print, and
// count the same cycles: what is measured is right, and stays so.

import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CompileSetting, createMachine, type LinkedProgram } from "@lumen/vm";
import { describe, expect, it } from "vitest";
import { linkFile } from "../bench/linked-file.ts";
import { PROGRAMS } from "../bench/programs/set.ts";
import { NATIVE, nativeSetting } from "./tier-runs.ts";

const FOLDER = join(dirname(dirname(fileURLToPath(import.meta.url))), "bench/programs");

/** The interpreter, everything as JavaScript, what can be as WebAssembly, and by LLVM. */
const TIERS: readonly (CompileSetting | null)[] = [
  null,
  { hotCalls: 0, hotTurns: 1, numeric: "never" },
  { hotCalls: 0, hotTurns: 1, numeric: "always" },
  ...(NATIVE.ok ? [nativeSetting(NATIVE.value)] : []),
];

function run(program: LinkedProgram, n: number, compile: CompileSetting | null): unknown {
  const entry = { module: "main", name: "main" };
  const machine = createMachine(program, {
    entry,
    args: [n],
    tiles: "inline",
    door: false,
    compile,
  });
  const state = machine.run();
  if (state.kind !== "finished") throw new Error(JSON.stringify(state));
  return { value: String(state.value), cycles: machine.cycles };
}

describe("the benchmark set", () => {
  it.each(PROGRAMS)("$name is the same in every tier and in JavaScript", async ({
    name,
    small,
  }) => {
    const folder = join(FOLDER, name);
    const peer = join(folder, "peer.mjs");
    const printed = execFileSync(process.execPath, [peer, String(small), "1"], {
      encoding: "utf8",
    });
    const [interpreted, ...compiled] = await Promise.all(
      TIERS.map(async (tier) => run(await linkFile(join(folder, "main.lm.md")), small, tier)),
    );
    expect(interpreted).toMatchObject({ value: printed.split("\n")[0] });
    for (const other of compiled) expect(other).toEqual(interpreted);
  });
});
