// Proof cycles and segment plans: the examples of 21.3, and the limits on both sides.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RV32IM_1 } from "./cost-models.ts";
import { paddingWaste, proofCycles, proverCost, segmentPlan } from "./proof.ts";

describe("proof cycles", () => {
  it.each([
    [0, 65_536],
    [65_536, 65_536],
    [65_537, 131_072],
    [70_000, 131_072],
    [131_072, 131_072],
    [3_000_000, 4_194_304],
  ])("%i cycles count as %i", (cycles, proof) => {
    expect(proofCycles(cycles)).toBe(proof);
  });
});

describe("the segment plan", () => {
  it("is that of the examples of 21.3", () => {
    expect(segmentPlan(70_000, 20)).toMatchObject({ paddedCycles: 131_072, segments: 1 });
    expect(segmentPlan(3_000_000, 20)).toMatchObject({ paddedCycles: 3_145_728, segments: 3 });
  });

  it("pads the last segment to at least 2^13", () => {
    expect(segmentPlan(0, 20)).toMatchObject({ paddedCycles: 8192, segments: 1 });
    expect(segmentPlan(8193, 20).paddedCycles).toBe(16_384);
    expect(segmentPlan(2 ** 20 + 1, 20)).toMatchObject({
      segments: 2,
      paddedCycles: 2 ** 20 + 8192,
      largestSegment: 2 ** 20,
    });
  });

  it("has one segment up to its size", () => {
    expect(segmentPlan(2 ** 20, 20)).toMatchObject({ segments: 1, paddedCycles: 2 ** 20 });
  });

  it("never proves less than there is, and wastes less than a segment", () => {
    const cycles = fc.integer({ min: 0, max: 2 ** 40 });
    const log2 = fc.integer({ min: 13, max: 24 });
    fc.assert(
      fc.property(cycles, log2, (count, segmentLog2) => {
        const plan = segmentPlan(count, segmentLog2);
        expect(plan.paddedCycles).toBeGreaterThanOrEqual(count);
        expect(plan.paddedCycles - count).toBeLessThan(2 ** segmentLog2 + 1);
        expect(plan.segments).toBe(Math.max(1, Math.ceil(count / 2 ** segmentLog2)));
      }),
      { seed: 21_3 },
    );
  });

  it("refuses a segment size out of range", () => {
    expect(() => segmentPlan(1, 12)).toThrow("segment size");
    expect(() => segmentPlan(1, 25)).toThrow("segment size");
  });
});

describe("derived figures", () => {
  it("waste is the part that is padding", () => {
    expect(paddingWaste(2048, 8192)).toBe(0.75);
    expect(paddingWaste(8192, 8192)).toBe(0);
    expect(paddingWaste(0, 0)).toBe(0);
  });

  it("the prover's memory depends on the largest segment, its time on all of them", () => {
    const plan = segmentPlan(3_000_000, 20);
    expect(proverCost(plan, RV32IM_1)).toEqual({
      memoryBytes: 1_048_576 * 7150,
      timeNs: 3_145_728 * 23_900,
    });
  });
});
