// The isolate back end beside what every back end does: limits are enforced, executions share
// nothing.

import { describe, expect, it } from "vitest";
import { ESTIMATE, type TileResult } from "../backend.ts";
import { forever, grow, type Tile } from "../testing/lir-tiles.ts";
import { hex, unwrap } from "../testing/worked-runs.ts";
import { IsolateBackend } from "./isolate.ts";

async function run(tile: Tile, input: string, backend: IsolateBackend): Promise<TileResult> {
  const compiled = unwrap(await backend.compileTile(tile.metadata, tile.code));
  return unwrap(await backend.executeTile(compiled, hex(input), ESTIMATE));
}

const declaring = (maxMemory: number): Tile => ({
  ...grow,
  metadata: { ...grow.metadata, maxMemory },
});

/** 10,000 and 10 as i64. */
const MANY = "a09c01";
const FEW = "14";

describe("limits (21.1)", () => {
  it("ends a tile that never would", async () => {
    const result = await run(forever, "", new IsolateBackend({ cyclesMax: 100_000 }));
    expect(result).toMatchObject({ kind: "failed", failure: { code: "E_TRAP_FUEL" } });
  });

  it("fails a tile that takes more memory than it declares, and not one within", async () => {
    const backend = new IsolateBackend();
    const failed = await run(declaring(10_000), MANY, backend);
    expect(failed).toMatchObject({ kind: "failed", failure: { code: "E_TRAP_MEMORY" } });
    expect(await run(declaring(10_000), FEW, backend)).toMatchObject({ kind: "finished" });
  });

  it("takes the lesser of its own limit and the declared one", async () => {
    const backend = new IsolateBackend({ memoryBytesMax: 10_000 });
    const failed = await run(declaring(10_000_000), MANY, backend);
    expect(failed).toMatchObject({ kind: "failed", failure: { code: "E_TRAP_MEMORY" } });
    expect(await run(grow, MANY, backend)).toMatchObject({ kind: "failed" });
  });

  it("begins every execution with all of them", async () => {
    const backend = new IsolateBackend({ cyclesMax: 100_000, memoryBytesMax: 400_000 });
    for (let i = 0; i < 20; i += 1) {
      expect(await run(grow, MANY, backend)).toMatchObject({ kind: "finished" });
    }
  });
});
