// Exactness of products modulo a number, against bigints.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mulAddRem } from "./modular.ts";

const MAX = Number.MAX_SAFE_INTEGER;

/** Safe integers of every size, mostly near powers of two. */
const integer = fc
  .tuple(fc.integer({ min: 0, max: 53 }), fc.integer({ min: -1000, max: 1000 }))
  .map(([bits, off]) => Math.min(MAX, Math.max(0, 2 ** bits + off)));
const anyInteger = fc.oneof(integer, fc.maxSafeNat());

describe("mulAddRem", () => {
  it("is what bigints say, wherever it says something", () => {
    let answered = 0;
    const property = fc.property(
      anyInteger,
      anyInteger,
      fc.oneof(
        integer,
        integer.map((n) => -n),
      ),
      anyInteger.filter((m) => m > 0),
      (a, b, c, m) => {
        const result = mulAddRem(a, b, c, m);
        if (result === undefined) return;
        answered += 1;
        const big = BigInt(m);
        const expected = (((BigInt(a) * BigInt(b) + BigInt(c)) % big) + big) % big;
        expect([a, b, c, m, BigInt(result)]).toEqual([a, b, c, m, expected]);
        expect(Object.is(result, -0)).toBe(false);
      },
    );
    fc.assert(property, { seed: 7, numRuns: 20_000 });
    expect(answered).toBeGreaterThan(4_000);
  });

  it("says nothing where the product may not fit an Int, or the quotient a double", () => {
    expect(mulAddRem(2 ** 32, 2 ** 31, 0, 7)).toBe(undefined);
    expect(mulAddRem(2 ** 32, 2 ** 30, 0, 511)).toBe(undefined);
    expect(mulAddRem(2 ** 32, 2 ** 30, 0, 1031)).toBe(Number(2n ** 62n % 1031n));
    expect(mulAddRem(3, 4, 5, 7)).toBe(3);
    expect(mulAddRem(3, 4, -20, 7)).toBe(6);
  });
});
