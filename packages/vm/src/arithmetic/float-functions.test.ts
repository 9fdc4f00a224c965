// The functions of language 16.3 against exact results, and their bits, which no platform and no
// later version may change (language 21.5).

import { readFileSync } from "node:fs";
import { sha256, toHex } from "@lumen/core/hash";
import { describe, expect, it } from "vitest";
import { FLOAT_FUNCTIONS, type FloatFunction } from "../builtins/float-functions.ts";
import { cbrtFloat } from "./float-cbrt.ts";
import { expFloat, expm1Float } from "./float-exp.ts";
import { coshFloat, sinhFloat, tanhFloat } from "./float-hyperbolic.ts";
import { hypotFloat } from "./float-hypot.ts";
import { acoshFloat, asinhFloat, atanhFloat } from "./float-inverse-hyperbolic.ts";
import { log1pFloat, log2Float, log10Float, logFloat } from "./float-log.ts";

const FUNCTIONS: Readonly<Record<string, FloatFunction>> = FLOAT_FUNCTIONS;

/** Those that only TypeScript tiles have (language 21.6). */
const MORE_FUNCTIONS: typeof FUNCTIONS = {
  expm1: expm1Float,
  log1p: log1pFloat,
  asinh: asinhFloat,
  acosh: acoshFloat,
  atanh: atanhFloat,
  cbrt: cbrtFloat,
};

const ALL: typeof FUNCTIONS = { ...FUNCTIONS, ...MORE_FUNCTIONS };

/** SHA-256 of all results on the vectors, eight bytes each. */
const RESULT_BITS = "9793fcb980bfddd1bccbc1fe2d08b540037086279f8424e74edf369dd07404e9";

const MORE_RESULT_BITS = "1890e7b651eb0a0e1da6815491c1ade7d03e637014cd618e6b6bf98477c71217";

interface Vectors {
  readonly functions: { readonly [name: string]: readonly (readonly (string | number)[])[] };
}

const { functions } = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/math-functions.json", import.meta.url), "utf8"),
) as Vectors;

const view = new DataView(new ArrayBuffer(8));

function ofBits(hex: string | number | undefined): number {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
}

/** Position of a double among all of them: neighbours differ by 1. */
function rank(value: number): bigint {
  view.setFloat64(0, value);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

function computed(name: string, row: readonly (string | number)[]): number {
  return ALL[name]?.(ofBits(row[0]), ofBits(row[1])) ?? Number.NaN;
}

describe("functions of a Float", () => {
  it("are all in the vectors", () => {
    expect(Object.keys(functions).sort()).toEqual(Object.keys(ALL).sort());
  });

  it.each(Object.keys(functions))("%s is less than 1 unit in the last place off", (name) => {
    const rows = functions[name] ?? [];
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      const nearest = ofBits(row.at(-2));
      const beside = Number(rank(computed(name, row)) - rank(nearest));
      expect(Math.abs(beside - Number(row.at(-1))), `${name} ${row}`).toBeLessThan(0.8);
    }
  });

  it.each([
    ["the language", FUNCTIONS, RESULT_BITS],
    ["TypeScript tiles alone", MORE_FUNCTIONS, MORE_RESULT_BITS],
  ])("of %s have the same bits as ever", (_, table, bits) => {
    const rows = Object.entries(functions).flatMap(([name, all]) =>
      Object.hasOwn(table, name) ? all.map((row) => computed(name, row)) : [],
    );
    const bytes = new Uint8Array(Float64Array.from(rows).buffer);
    expect(toHex(sha256(bytes))).toBe(bits);
  });

  it("those near 0 are their argument, and those near 1 lose nothing", () => {
    for (const odd of [expm1Float, log1pFloat, asinhFloat, atanhFloat, cbrtFloat]) {
      expect(odd(0)).toBe(0);
      expect(odd(-0)).toBe(-0);
    }
    for (const odd of [asinhFloat, atanhFloat, cbrtFloat])
      for (const x of [1e-300, 0.3, 0.9]) expect(odd(-x)).toBe(-odd(x));
    for (let n = -300; n <= 300; n += 1) expect(cbrtFloat((n / 4) ** 3)).toBe(n / 4);
    expect(expm1Float(1e-20)).toBe(1e-20);
    expect(log1pFloat(1e-20)).toBe(1e-20);
    expect(acoshFloat(1)).toBe(0);
  });

  it("those of TypeScript tiles have the poles and limits of ECMAScript", () => {
    const [infinity, nan] = [Number.POSITIVE_INFINITY, Number.NaN];
    expect([expm1Float(-infinity), expm1Float(infinity), expm1Float(710)]).toEqual([
      ...[-1, infinity, infinity],
    ]);
    expect([log1pFloat(-1), log1pFloat(-1.5), log1pFloat(infinity)]).toEqual([
      ...[-infinity, nan, infinity],
    ]);
    expect([asinhFloat(-infinity), acoshFloat(infinity), acoshFloat(0.99)]).toEqual([
      ...[-infinity, infinity, nan],
    ]);
    expect([atanhFloat(1), atanhFloat(-1), atanhFloat(1.01)]).toEqual([infinity, -infinity, nan]);
    expect([cbrtFloat(-infinity), cbrtFloat(-27), cbrtFloat(5e-324)]).toEqual([
      ...[-infinity, -3, 1.7031839360032603e-108],
    ]);
  });

  it("log10 and log2 are exact at powers", () => {
    for (let n = -300; n <= 300; n += 1) {
      expect(log10Float(Number(`1e${n}`))).toBe(n);
      expect(log2Float(2 ** n)).toBe(n);
    }
  });

  it("odd functions keep the sign of zero and of their argument", () => {
    for (const name of ["sin", "tan", "asin", "atan", "sinh", "tanh"] as const) {
      const odd = (x: number): number => FLOAT_FUNCTIONS[name](x, x);
      expect(odd(-0)).toBe(-0);
      for (const x of [1e-300, 0.3, 0.9]) expect(odd(-x)).toBe(-odd(x));
    }
  });

  it("NaN goes in and out; poles and limits are IEEE's", () => {
    for (const of of Object.values(ALL)) expect(of(Number.NaN, 1)).toBeNaN();
    expect(expFloat(-746)).toBe(0);
    expect(expFloat(709.782712893384)).toBe(1.7976931348622732e308);
    expect(expFloat(-745.1332191019411)).toBe(5e-324);
    expect(logFloat(-0)).toBe(Number.NEGATIVE_INFINITY);
    expect(coshFloat(Number.NEGATIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(sinhFloat(710.4758600739439)).toBe(1.7976931348621744e308);
    expect(tanhFloat(Number.NEGATIVE_INFINITY)).toBe(-1);
    expect(hypotFloat(5e-324, 0)).toBe(5e-324);
    expect(hypotFloat(3e-320, 4e-320)).toBe(5e-320);
  });
});
