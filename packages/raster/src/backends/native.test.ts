// The native back end beside what every back end does: limits on request, a warning for memory.

import { describe, expect, it } from "vitest";
import { ESTIMATE, type TileResult } from "../backend.ts";
import { add, forever, grow, type Tile } from "../testing/lir-tiles.ts";
import { hex, unwrap } from "../testing/worked-runs.ts";
import { NativeBackend } from "./native.ts";

async function run(tile: Tile, input: string, backend: NativeBackend): Promise<TileResult> {
  const compiled = unwrap(await backend.compileTile(tile.metadata, tile.code));
  return unwrap(await backend.executeTile(compiled, hex(input), ESTIMATE));
}

describe("limits", () => {
  it("runs out of fuel, and has just enough", async () => {
    const result = await run(forever, "", new NativeBackend({ cyclesMax: 1000 }));
    expect(result).toMatchObject({ kind: "failed", failure: { code: "E_TRAP_FUEL" } });
    const enough = await run(add, "0450", new NativeBackend({ cyclesMax: 3 }));
    expect(enough).toMatchObject({ kind: "finished", cycles: 3 });
    expect(await run(add, "0450", new NativeBackend({ cyclesMax: 2 }))).toMatchObject({
      failure: { code: "E_TRAP_FUEL" },
    });
  });
});

describe("declared memory (21.1)", () => {
  const declaring = (maxMemory: number): Tile => ({
    ...grow,
    metadata: { ...grow.metadata, maxMemory },
  });

  it("warns once of a tile that takes more, which runs to its end", async () => {
    const said: string[] = [];
    const backend = new NativeBackend({ warn: (text) => said.push(text) });
    for (let i = 0; i < 2; i += 1) {
      expect(await run(declaring(10_000), "a09c01", backend)).toMatchObject({ kind: "finished" });
    }
    expect(said).toEqual(["tile tile takes more memory than it declares (10000 bytes)"]);
  });

  it("says nothing of one that stays within", async () => {
    const said: string[] = [];
    const backend = new NativeBackend({ warn: (text) => said.push(text) });
    expect(await run(declaring(10_000), "14", backend)).toMatchObject({ kind: "finished" });
    expect(said).toEqual([]);
  });
});
