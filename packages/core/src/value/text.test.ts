// Display, debug, names, truth and scalar values (language 15.1, 15.2, 15.4, 15.5).

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Closure,
  debugValue,
  displayFloat,
  displayNested,
  displayValue,
  emptyMap,
  Float,
  makeErr,
  makeList,
  makeOk,
  makeVariant,
  mapFromEntries,
  Opaque,
  Some,
  scalarAt,
  scalarCount,
  scalarIndex,
  scalarOffset,
  scalarSlice,
  setFromItems,
  Tuple,
  truthy,
  typeName,
  type Value,
} from "./index.ts";
import { makeRecord } from "./slots.ts";

const shape = {
  name: "Shape",
  variants: [
    { name: "Dot", arity: 0, labels: [] },
    { name: "Rect", arity: 2, labels: ["w", "h"] },
  ],
};

describe("floats", () => {
  it.each<[number, string]>([
    [3, "3.0"],
    [-0, "-0.0"],
    [0, "0.0"],
    [0.1, "0.1"],
    [-2.5, "-2.5"],
    [999999999999999, "999999999999999.0"],
    [1e15, "1000000000000000"],
    [-1e15, "-1000000000000000"],
    [1.5e300, `15${"0".repeat(299)}`],
    [1e21, "1000000000000000000000"],
    [123456789012345680000, "123456789012345680000"],
    [1e-7, "0.0000001"],
    [1.25e-10, "0.000000000125"],
    [-5e-324, `-0.${"0".repeat(323)}5`],
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "inf"],
    [Number.NEGATIVE_INFINITY, "-inf"],
  ])("%d is %s", (value, text) => {
    expect(displayFloat(value)).toBe(text);
  });

  it("read back equal and never show an exponent", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = displayFloat(value);
        return /^-?\d+(\.\d+)?$/.test(text) && Object.is(Number(text), value);
      }),
      { seed: 12, numRuns: 1000 },
    );
  });
});

/** Value, display, type name, truth. */
const ROWS: readonly (readonly [Value, string, string, boolean])[] = [
  [null, "null", "Null", false],
  [true, "true", "Bool", true],
  [false, "false", "Bool", false],
  [-7, "-7", "Int", true],
  [0, "0", "Int", false],
  [2n ** 63n - 1n, "9223372036854775807", "Int", true],
  [new Float(3), "3.0", "Float", true],
  [new Float(-0), "-0.0", "Float", false],
  [new Float(Number.NaN), "NaN", "Float", true],
  ["", "", "String", false],
  ['a"b', 'a"b', "String", true],
  [new Uint8Array(0), "<bytes:0>", "Bytes", true],
  [makeList([1, "a"]), '[1, "a"]', "List", true],
  [makeList([]), "[]", "List", false],
  [new Tuple([1, 2]), "(1, 2)", "Tuple", true],
  [new Tuple([1]), "(1)", "Tuple", true],
  [new Tuple([]), "()", "Tuple", false],
  [setFromItems([2, 1]), "set[1, 2]", "Set", true],
  [setFromItems([]), "set[]", "Set", false],
  [
    mapFromEntries([
      { key: "k", value: 1 },
      { key: 2, value: "x" },
    ]),
    '{2: "x", "k": 1}',
    "Map",
    true,
  ],
  [emptyMap(), "{}", "Map", true],
  [makeRecord({ name: "P", fields: ["y", "x"] }, [1, "s"]), 'P(x: "s", y: 1)', "P", true],
  [makeRecord({ name: "E", fields: [] }, []), "E()", "E", true],
  [makeVariant(shape, 0, []), "Dot", "Shape", true],
  [makeVariant(shape, 1, [1, "w"]), 'Rect(1, "w")', "Shape", true],
  [makeOk(1), "ok(1)", "result", true],
  [makeErr("x"), 'err("x")', "result", true],
  [new Some(null), "some(null)", "Null", true],
  [new Closure("f", 0, []), "<fn f>", "Closure", true],
  [new Closure(null, 0, []), "<lambda>", "Closure", true],
  [new Opaque("Future", "<future:1:pending>", 0), "<future:1:pending>", "Future", true],
];

describe("every kind of value", () => {
  it.each(ROWS.map((row) => [row[1] || "the empty string", row] as const))("%s", (_, [
    value,
    text,
    name,
    truth,
  ]) => {
    expect(displayValue(value)).toBe(text);
    expect(displayNested(value)).toBe(typeof value === "string" ? `"${text}"` : text);
    expect(typeName(value)).toBe(name);
    expect(truthy(value)).toBe(truth);
  });

  it("escapes strings in the debug form only", () => {
    const text = 'a"b\\\n\t\r\0\u0001\u007f{x}é';
    expect(debugValue(makeList([text]))).toBe('["a\\"b\\\\\\n\\t\\r\\0\\x01\\x7f\\{x}é"]');
    expect(displayNested(text)).toBe(`"${text}"`);
  });
});

describe("scalar values of strings", () => {
  it("are found from wherever the last one was found", () => {
    const flat = "äöü€".repeat(50);
    const mixed = "a€😀".repeat(50);
    const [first, second] = [Array.from(flat), Array.from(mixed)];
    const indexes = fc.array(fc.tuple(fc.boolean(), fc.nat(210)), { minLength: 1, maxLength: 40 });
    const property = fc.property(indexes, (asked) => {
      for (const [isFirst, index] of asked) {
        const [text, scalars] = isFirst ? [flat, first] : [mixed, second];
        expect(scalarAt(text, index)).toBe(scalars[index]);
        expect(scalarSlice(text, index, index + 3)).toBe(scalars.slice(index, index + 3).join(""));
      }
    });
    fc.assert(property, { seed: 3, numRuns: 300 });
  });

  it("agree with the list of scalars for flat and other texts", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary-ascii", maxLength: 8 }),
      fc.string({ unit: "binary", maxLength: 8 }),
    );
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: -2, max: 10 }),
        fc.integer({ min: -2, max: 10 }),
        (text, a, b) => {
          const scalars = [...text];
          expect(scalarCount(text)).toBe(scalars.length);
          expect(scalarAt(text, a)).toBe(scalars[a]);
          const slice = scalars.slice(Math.max(0, a), Math.max(0, a, b));
          expect(scalarSlice(text, a, b)).toBe(slice.join(""));
          const offset = scalarOffset(text, Math.max(0, a));
          expect(text.slice(offset)).toBe(scalars.slice(Math.max(0, a)).join(""));
          expect(scalarIndex(text, offset)).toBe(Math.min(Math.max(0, a), scalars.length));
        },
      ),
      { seed: 3, numRuns: 500 },
    );
  });
});
