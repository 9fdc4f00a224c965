// Estimates (21.1): declared before counted, loops and recursion give a lower bound.

import { decodeModule, encodeModule, type LirModule } from "@lumen/core/lir";
import { machinePrice } from "@lumen/vm";
import { describe, expect, it } from "vitest";
import { add, forever, grow, natural, type Tile } from "../testing/lir-tiles.ts";
import { unwrap } from "../testing/worked-runs.ts";
import { countStatic, estimateLir } from "./lir-estimate.ts";
import { NativeBackend } from "./native.ts";

const moduleOf = (tile: Tile): LirModule => unwrap(decodeModule(tile.code, "tile"));
const count = (module: LirModule): unknown => countStatic(module, machinePrice);

/** `add`, and a second cell that calls it twice and then the cell of that index. */
function callingTwice(third: number): LirModule {
  const module = moduleOf(add);
  const [cell] = module.cells;
  if (cell === undefined) throw new Error("there is a cell");
  const caller = {
    ...cell,
    name: "caller",
    code: [
      { op: "call", operands: [2, 0, [0, 1]] },
      { op: "call", operands: [2, 0, [2, 1]] },
      { op: "call", operands: [2, 1, [2, 1]] },
      { op: "return", operands: [2] },
    ],
  } as const;
  const callees = [
    { kind: "local", cell: 1 },
    { kind: "local", cell: third },
  ] as const;
  const counted = { ...module, callees, cells: [caller, cell] };
  return unwrap(decodeModule(encodeModule(counted), "caller"));
}

describe("a static count", () => {
  it("adds up instructions, of branches all arms", () => {
    expect(count(moduleOf(add))).toEqual({ cycles: 3, lowerBound: false });
    expect(count(moduleOf(natural))).toMatchObject({ lowerBound: false });
  });

  it("counts a called cell for every call", () => {
    const one = Number(countStatic(moduleOf(add), machinePrice)?.cycles);
    const calls = count(callingTwice(1));
    const call = machinePrice({ op: "call", operands: [2, 0, [0, 1]] });
    expect(calls).toEqual({ cycles: 3 * (call + one) + 2, lowerBound: false });
  });

  it("is a lower bound with a loop, or recursion", () => {
    expect(count(moduleOf(grow))).toMatchObject({ lowerBound: true });
    expect(count(moduleOf(forever))).toMatchObject({ lowerBound: true });
    expect(count(callingTwice(0))).toMatchObject({ lowerBound: true });
  });

  it("is that of the empty module: none", () => {
    expect(count({ ...moduleOf(add), cells: [] })).toBeNull();
  });
});

describe("an estimate", () => {
  const backend = new NativeBackend();

  it("is what the author declares, else counted from the artifact, else none", async () => {
    const tile = unwrap(await backend.compileTile(grow.metadata, grow.code));
    const declared = { ...grow.metadata, estimatedCycles: 70, maxMemory: 9 };
    expect(estimateLir(declared, tile, machinePrice)).toEqual({
      cycles: 70,
      memoryBytes: 9,
      source: "declared",
      lowerBound: false,
    });
    expect(backend.estimateResources(grow.metadata, tile)).toMatchObject({
      source: "static",
      lowerBound: true,
      memoryBytes: null,
    });
    expect(backend.estimateResources(grow.metadata, null)).toEqual({
      cycles: null,
      memoryBytes: null,
      source: "none",
      lowerBound: false,
    });
  });
});
