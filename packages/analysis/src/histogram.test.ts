// Percentiles: exact while samples are kept, bounded above the true sample afterwards.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EXACT_SAMPLES_MAX, Histogram } from "./histogram.ts";

function of(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

function nearestRank(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((sorted.length * percent) / 100)) - 1] ?? -1;
}

describe("a histogram", () => {
  it("has no figures without samples", () => {
    const empty = new Histogram();
    expect([empty.min, empty.max, empty.percentile(50)]).toEqual([null, null, null]);
    expect([empty.sum, empty.count]).toEqual([0, 0]);
  });

  it("gives the nearest rank", () => {
    const ten = of([10, 1, 9, 2, 8, 3, 7, 4, 6, 5]);
    expect([ten.percentile(50), ten.percentile(95), ten.percentile(100)]).toEqual([5, 10, 10]);
    expect([ten.min, ten.max, ten.sum]).toEqual([1, 10, 55]);
  });

  it("is exact up to its limit and no longer one past it", () => {
    const values = Array.from({ length: EXACT_SAMPLES_MAX }, (_, i) => i * 1000);
    const full = of(values);
    expect(full.isExact).toBe(true);
    expect(full.percentile(95)).toBe(nearestRank(values, 95));
    full.add(5);
    expect(full.isExact).toBe(false);
    expect(full.count).toBe(EXACT_SAMPLES_MAX + 1);
  });

  it("stays within 1/128 above the true sample", () => {
    const sample = fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.maxSafeNat());
    const samples = fc.array(sample, { minLength: 1025, maxLength: 1200 });
    fc.assert(
      fc.property(samples, fc.constantFrom(1, 50, 95, 100), (values, percent) => {
        const histogram = of(values);
        const truth = nearestRank(values, percent);
        const found = histogram.percentile(percent) ?? -1;
        expect(histogram.isExact).toBe(false);
        expect(found).toBeGreaterThanOrEqual(truth);
        expect(found).toBeLessThanOrEqual(truth + truth / 128);
        if (truth < 256) expect(found).toBe(truth);
      }),
      { seed: 22, numRuns: 60 },
    );
  });

  it("saturates its sum instead of losing digits", () => {
    const huge = of([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
    expect(huge.sum).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("refuses what no duration is", () => {
    expect(() => of([-1])).toThrow("sample");
    expect(() => of([0.5])).toThrow("sample");
  });
});
