// The zkVM simulator beside what every back end does: cycles by the model, counted by hand.

import { type CostModel, RV32IM_1 } from "@lumen/core/cost";
import { describe, expect, it } from "vitest";
import { ESTIMATE, type TileResult } from "../backend.ts";
import { add, divide, forever, grow, type Tile } from "../testing/lir-tiles.ts";
import { hex, unwrap } from "../testing/worked-runs.ts";
import { frameGuestInput, readGuestInput } from "./guest-framing.ts";
import { ZkvmSimBackend, type ZkvmSimOptions } from "./zkvm-sim.ts";

async function run(tile: Tile, input: string, options: ZkvmSimOptions = {}): Promise<TileResult> {
  const backend = new ZkvmSimBackend(options);
  const compiled = unwrap(await backend.compileTile(tile.metadata, tile.code));
  return unwrap(await backend.executeTile(compiled, hex(input), ESTIMATE));
}

const cyclesOf = async (tile: Tile, input: string, options?: ZkvmSimOptions): Promise<number> =>
  (await run(tile, input, options)).cycles ?? Number.NaN;

/** The model without paging, so that the rest can be counted. */
const unpaged: CostModel = {
  ...RV32IM_1,
  name: "unpaged",
  cycles: { ...RV32IM_1.cycles, firstPageOfSegment: 0, page: 0 },
};

describe("cycles", () => {
  it("are those of the instructions, the input and the output", async () => {
    // add_int 4 + 3 words of 2, return 2 + 2 + 1; 2 words in: 1 + 1 + 2; 1 word out, its digest,
    // halt.
    const host = 1 + 1 + 2 + 1 + (6 + 68) + 1;
    expect(await cyclesOf(add, "0450", { model: unpaged })).toBe(10 + 5 + host);
  });

  it("count what was executed, turn by turn", async () => {
    const of = (input: string): Promise<number> => cyclesOf(grow, input, { model: unpaged });
    const [ten, eleven, twelve] = [await of("14"), await of("16"), await of("18")];
    expect(eleven - ten).toBe(twelve - eleven);
    expect(eleven - ten).toBeGreaterThan(30);
  });

  it("have paging on top: code, stack and data", async () => {
    const paging =
      (await cyclesOf(add, "0450")) - (await cyclesOf(add, "0450", { model: unpaged }));
    expect(paging).toBe(5130 + 2 * 1130);
  });

  it("are the same every time", async () => {
    const backend = new ZkvmSimBackend();
    const compiled = unwrap(await backend.compileTile(grow.metadata, grow.code));
    const all = new Set<number | null>();
    for (let i = 0; i < 30; i += 1) {
      const result = unwrap(await backend.executeTile(compiled, hex("a09c01"), ESTIMATE));
      all.add(result.cycles);
    }
    expect(all.size).toBe(1);
  });

  it("are there for a tile that fails, up to its fault", async () => {
    const result = await run(divide, "0200");
    expect(result).toMatchObject({ kind: "failed", failure: { code: "E_TRAP_DIV_ZERO" } });
    expect(result.cycles).toBeGreaterThan(5130);
  });
});

describe("a simulated guest", () => {
  it("has proof cycles, and no receipt", async () => {
    expect(await run(add, "0450")).toMatchObject({
      kind: "finished",
      output: hex("54"),
      proof: { proofCycles: 65_536, receipt: null, verified: null },
    });
  });

  it("ends at its limits", async () => {
    expect(await run(forever, "", { cyclesMax: 100_000 })).toMatchObject({
      failure: { code: "E_TRAP_FUEL" },
    });
    const small = { ...grow, metadata: { ...grow.metadata, maxMemory: 10_000 } };
    expect(await run(small, "a09c01")).toMatchObject({ failure: { code: "E_TRAP_MEMORY" } });
  });
});

describe("framing (6)", () => {
  it("is a length of four bytes and the input", () => {
    expect(frameGuestInput(hex("06526173746572"))).toEqual(hex("0700000006526173746572"));
    expect(readGuestInput(hex("0700000006526173746572"))).toEqual({
      ok: true,
      value: hex("06526173746572"),
    });
    expect(readGuestInput(frameGuestInput(hex("")))).toEqual({ ok: true, value: hex("") });
  });

  it.each(["", "000000", "0100000000ff", "02000000ff", "ffffffff"])("refuses %s", (framed) => {
    expect(readGuestInput(hex(framed))).toMatchObject({ error: { code: "E_DECODE" } });
  });
});
