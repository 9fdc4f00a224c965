// Format specs (language 2.4): exact rounding, padding, bases.

import { Float, type Value } from "@lumen/core/value";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fixedDigits } from "./exact-decimal.ts";
import { formatValue, parseFormatSpec } from "./format-spec.ts";

function format(value: Value, text: string): string {
  const spec = parseFormatSpec(text);
  return spec === null ? "no spec" : formatValue(value, spec);
}

const f = (value: number): Float => new Float(value);

const ROWS: readonly (readonly [Value, string, string])[] = [
  [42, "0>5", "00042"],
  [42, "#x", "0x2a"],
  [f(3.1362), ".2f", "3.14"],
  [42, "+d", "+42"],
  ["ab", "^6", "  ab  "],
  ["ab", "^5", " ab  "],
  ["ab", "*>4", "**ab"],
  [-42, "06", "-00042"],
  [-255, "#08x", "-0x000ff"],
  [-255, "X", "-FF"],
  [8, "#o", "0o10"],
  [5, "#b", "0b101"],
  [5, "#", "5"],
  [-(2n ** 63n), "x", "-8000000000000000"],
  [f(2.5), ".0f", "2"],
  [f(3.5), ".0f", "4"],
  [f(0.125), ".2f", "0.12"],
  [f(1.005), ".2f", "1.00"],
  [f(-0.001), ".1f", "-0.0"],
  [f(1e21), ".1f", "1000000000000000000000.0"],
  [3, "f", "3.000000"],
  [3, ".1", "3.0"],
  [f(1.5e10), ".1e", "1.5e10"],
  [f(1.5e-7), ".1E", "1.5E-7"],
  [f(9.96), ".1e", "1.0e1"],
  [f(0), ".2e", "0.00e0"],
  [f(5e-324), ".3e", "4.941e-324"],
  [f(Number.POSITIVE_INFINITY), "+f", "+inf"],
  [f(Number.NaN), "6.1f", "   NaN"],
  [7, "3", "  7"],
  ["a", "3", "a  "],
  ["a😀bc", ".2s", "a😀"],
  ["😀", "3", "😀  "],
  [true, "6", "true  "],
  [12, "s", "12"],
  [f(2), "", "2.0"],
];

describe("format", () => {
  for (const [value, spec, expected] of ROWS) {
    it(`{:${spec}} gives ${expected}`, () => expect(format(value, spec)).toBe(expected));
  }

  it("refuses types that do not fit", () => {
    expect(() => format(f(1), "d")).toThrow("format 'd': expected Int, got Float");
    expect(() => format("a", "f")).toThrow("format 'f': expected Int or Float, got String");
    expect(() => format("a", "99999999999")).toThrow("memory limit exceeded");
    expect(format(1, "q")).toBe("no spec");
  });

  it("rounds to within half of the last place", () => {
    const property = fc.property(
      fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
      fc.nat({ max: 12 }),
      (value, places) => {
        const error = Math.abs(Number(fixedDigits(value, places)) - Math.abs(value));
        expect(error).toBeLessThanOrEqual(0.5 * 10 ** -places + Math.abs(value) * 2 ** -52);
      },
    );
    fc.assert(property, { seed: 7, numRuns: 300 });
  });
});
