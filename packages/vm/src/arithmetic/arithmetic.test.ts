// Int and Float arithmetic against exact arithmetic, with extremes drawn often.

import { intFromBigint } from "@lumen/core/value";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { powFloat } from "./float.ts";
import {
  addInt,
  andInt,
  divInt,
  type Int,
  mulInt,
  orInt,
  quotInt,
  remInt,
  shlInt,
  shrInt,
  subInt,
  xorInt,
} from "./int.ts";

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const near = [0n, 1n, -1n, 2n, SAFE, SAFE + 1n, -SAFE, -SAFE - 1n, MAX, MAX - 1n, MIN, MIN + 1n];
const int = fc.oneof(
  fc.constantFrom(...near),
  fc.bigInt({ min: MIN, max: MAX }),
  fc.bigInt({ min: -99n, max: 99n }),
);

const abs = (a: bigint): bigint => (a < 0n ? -a : a);
const mod = (a: bigint, b: bigint): bigint => ((a % b) + abs(b)) % abs(b);

/** The exact result as an Int, or "fault" outside 64 bits. */
function exact(value: bigint): Int | "fault" {
  return value < MIN || value > MAX ? "fault" : intFromBigint(value);
}

function tried(action: () => Int): Int | "fault" {
  try {
    return action();
  } catch {
    return "fault";
  }
}

type Operation = (a: Int, b: Int) => Int;
const PAIRS: readonly (readonly [string, Operation, (a: bigint, b: bigint) => bigint])[] = [
  ["+", addInt, (a, b) => a + b],
  ["-", subInt, (a, b) => a - b],
  ["*", mulInt, (a, b) => a * b],
  ["/", divInt, (a, b) => a / b],
  ["//", quotInt, (a, b) => (a - mod(a, b)) / b],
  ["%", remInt, mod],
  ["&", andInt, (a, b) => a & b],
  ["|", orInt, (a, b) => a | b],
  ["^", xorInt, (a, b) => a ^ b],
  ["<<", (a, b) => shlInt(a, andInt(b, 63)), (a, b) => BigInt.asIntN(64, a << (b & 63n))],
  [">>", (a, b) => shrInt(a, andInt(b, 63)), (a, b) => a >> (b & 63n)],
];

describe("Int operations", () => {
  for (const [name, operation, reference] of PAIRS) {
    it(`${name} is exact or faults`, () => {
      const property = fc.property(int, int, (a, b) => {
        const divides = ["/", "//", "%"].includes(name);
        const expected = divides && b === 0n ? "fault" : exact(reference(a, b));
        const found = tried(() => operation(intFromBigint(a), intFromBigint(b)));
        expect(Object.is(found, expected)).toBe(true);
      });
      fc.assert(property, { seed: 11, numRuns: 1500 });
    });
  }
});

describe("pow of Floats", () => {
  it("follows IEEE 754 at the special values", () => {
    const rows: readonly (readonly [number, number, number])[] = [
      [1, Number.NaN, 1],
      [Number.NaN, 0, 1],
      [-1, Number.POSITIVE_INFINITY, 1],
      [-0, -1, Number.NEGATIVE_INFINITY],
      [-0, 3, -0],
      [-0, 0.5, 0],
      [-8, 1 / 3, Number.NaN],
      [-1, 0.5, Number.NaN],
      [Number.NEGATIVE_INFINITY, 3, Number.NEGATIVE_INFINITY],
      [0.5, Number.POSITIVE_INFINITY, 0],
      [2, 1023, 2 ** 1023],
      [2, 1024, Number.POSITIVE_INFINITY],
      [2, -1074, 5e-324],
      [-2, -1075, -0],
      [10, 308, 1e308],
    ];
    for (const [x, y, z] of rows) expect(powFloat(x, y), `${x} ** ${y}`).toBe(z);
  });

  it("is within one unit in the last place of the engine's", () => {
    const bits = (value: number): bigint => {
      const view = new DataView(new ArrayBuffer(8));
      view.setFloat64(0, value);
      return view.getBigInt64(0);
    };
    const x = fc.double({ min: 1e-30, max: 1e30, noNaN: true });
    const y = fc.double({ min: -40, max: 40, noNaN: true });
    const property = fc.property(x, y, (a, b) => {
      const difference = bits(powFloat(a, b)) - bits(a ** b);
      expect(difference >= -1n && difference <= 1n).toBe(true);
    });
    fc.assert(property, { seed: 5, numRuns: 2000 });
  });
});
