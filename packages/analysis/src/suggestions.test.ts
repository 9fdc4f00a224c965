// Every rule with a run that triggers it and the nearest one that must not.

import { RV32IM_1, segmentPlan } from "@lumen/core/cost";
import { describe, expect, it } from "vitest";
import type { Suggestion } from "./report.ts";
import { type Handover, suggest, type TileFacts } from "./suggestions.ts";

function tile(tileId: string, facts: Partial<TileFacts> = {}): TileFacts {
  const invocations = facts.invocations ?? 1;
  const avgCycles = facts.avgCycles === undefined ? 8192 : facts.avgCycles;
  const each = avgCycles ?? 0;
  const padded = segmentPlan(each, 20).paddedCycles * invocations;
  return {
    tileId,
    invocations,
    avgNs: 100,
    avgCycles,
    maxCycles: each,
    cycles: each * invocations,
    paddedCycles: padded,
    paddingWaste: 1 - (each * invocations) / padded,
    repeatedInputs: 0,
    iterationsMax: 0,
    iterationBound: null,
    ...facts,
  };
}

function suggested(
  tiles: readonly TileFacts[],
  handovers: readonly Handover[] = [],
): readonly Suggestion[] {
  return suggest({ tiles, handovers, model: RV32IM_1 });
}

describe("merge", () => {
  const a = tile("a", { avgCycles: 4000, invocations: 3 });
  const b = tile("b", { avgCycles: 4192, invocations: 3 });
  const handover = { from: "a", to: "b", count: 3 };

  it("joins tiles that always follow each other where padding is saved", () => {
    expect(suggested([a, b], [handover])).toMatchObject([
      { kind: "merge", subjects: ["a", "b"], savingCycles: 3 * 8192, savingNs: null },
    ]);
  });

  it("leaves them where the sum pads to as much", () => {
    const larger = tile("b", { avgCycles: 8192, invocations: 3 });
    const full = tile("a", { avgCycles: 8192, invocations: 3 });
    expect(suggested([full, larger], [handover])).toEqual([]);
  });

  it("leaves them where one runs more often or took something else once", () => {
    const often = tile("b", { avgCycles: 4192, invocations: 4 });
    expect(suggested([a, often], [handover])).toEqual([]);
    expect(suggested([a, b], [{ ...handover, count: 2 }])).toEqual([]);
  });

  it("takes cycle counts as large as a trace can hold", () => {
    const huge = { avgCycles: Number.MAX_SAFE_INTEGER };
    const tiles = [tile("a", huge), tile("b", huge)];
    const found = suggested(tiles, [{ from: "a", to: "b", count: 1 }]);
    expect(found.every((one) => one.kind !== "merge")).toBe(true);
  });

  it("leaves recursive calls and tiles without a cycle count", () => {
    expect(suggested([a, { ...b, iterationsMax: 2 }], [handover])).toEqual([]);
    expect(suggested([a, { ...b, avgCycles: null }], [handover])).toEqual([]);
  });
});

describe("split", () => {
  const segment = 2 ** 20;

  it("takes apart what exceeds a segment and is most of the cost", () => {
    const [first, ...rest] = suggested([tile("big", { avgCycles: segment + 1 }), tile("b")]);
    expect(first).toMatchObject({ kind: "split", subjects: ["big"] });
    expect(rest).toEqual([]);
  });

  it("leaves what fills exactly one segment", () => {
    expect(suggested([tile("big", { avgCycles: segment })])).toEqual([]);
  });

  it("leaves what is only half of the cost", () => {
    const half = tile("a", { avgCycles: 2 * segment });
    expect(suggested([half, { ...half, tileId: "b" }])).toEqual([]);
  });
});

describe("batch", () => {
  const often = tile("a", { invocations: 101, avgCycles: 2000 });

  it("puts many small executions together", () => {
    const padded = segmentPlan(101 * 2000, 20).paddedCycles;
    expect(suggested([often])).toMatchObject([
      { kind: "batch", subjects: ["a"], savingCycles: 101 * 8192 - padded },
    ]);
  });

  it("leaves 100 executions, and a waste of 75 percent", () => {
    expect(suggested([tile("a", { invocations: 100, avgCycles: 2000 })])).toEqual([]);
    expect(suggested([tile("a", { invocations: 101, avgCycles: 2048 })])).toEqual([]);
  });
});

describe("cache", () => {
  it("keeps results where more than 30 percent of the inputs repeat", () => {
    const again = tile("a", { invocations: 10, repeatedInputs: 4, avgNs: 50 });
    expect(suggested([again])).toMatchObject([
      { kind: "cache", subjects: ["a"], savingCycles: 4 * 8192, savingNs: 200 },
    ]);
  });

  it("leaves 30 percent", () => {
    expect(suggested([tile("a", { invocations: 10, repeatedInputs: 3 })])).toEqual([]);
  });
});

describe("bound", () => {
  it("warns of a recur tile that used more than half of its bound", () => {
    const near = tile("a", { iterationsMax: 51, iterationBound: 100 });
    expect(suggested([near])).toMatchObject([{ kind: "bound", subjects: ["a"] }]);
  });

  it("leaves half, and a bound that is not known", () => {
    expect(suggested([tile("a", { iterationsMax: 50, iterationBound: 100 })])).toEqual([]);
    expect(suggested([tile("a", { iterationsMax: 99, iterationBound: null })])).toEqual([]);
  });
});

it("suggestions stand by rule, then by id", () => {
  const cacheable = { invocations: 10, repeatedInputs: 9, iterationsMax: 9, iterationBound: 10 };
  const kinds = suggested([tile("a", cacheable), tile("b", cacheable)]);
  expect(kinds.map(({ kind, subjects }) => [kind, ...subjects])).toEqual([
    ["cache", "a"],
    ["cache", "b"],
    ["bound", "a"],
    ["bound", "b"],
  ]);
});
