// Total order, equality and keys of values (language 15.3).

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Closure,
  compareStrings,
  compareValues,
  type EnumShape,
  equalValues,
  Float,
  hashKey,
  listItems,
  makeErr,
  makeList,
  makeOk,
  makeVariant,
  mapFromEntries,
  Opaque,
  RecordValue,
  recordFields,
  SetValue,
  Some,
  setFromItems,
  Tuple,
  type Value,
} from "./index.ts";
import { makeRecord } from "./slots.ts";

const SEED = 321;

const point = { name: "Point", fields: ["y", "x"] };
const swapped = { name: "Point", fields: ["x", "y"] };
const color: EnumShape = {
  name: "Color",
  variants: [
    { name: "Red", arity: 0, labels: [] },
    { name: "Blue", arity: 1, labels: [null] },
  ],
};
const map = (...pairs: [Value, Value][]) =>
  mapFromEntries(pairs.map(([key, value]) => ({ key, value })));

/** Strictly ascending: every value is below all that follow. */
const ASCENDING: readonly Value[] = [
  null,
  new Some(null),
  new Some(new Some(null)),
  new Some(1),
  false,
  true,
  new Float(Number.NEGATIVE_INFINITY),
  -(1n << 63n),
  -1,
  0,
  new Float(0),
  new Float(0.5),
  1,
  new Float(1),
  Number.MAX_SAFE_INTEGER,
  2n ** 53n,
  new Float(2 ** 53),
  2n ** 53n + 1n,
  new Float(Number.POSITIVE_INFINITY),
  new Float(Number.NaN),
  "",
  "A",
  "a",
  "ab",
  "\uffff",
  "\u{10000}",
  Uint8Array.of(),
  Uint8Array.of(1),
  Uint8Array.of(1, 0),
  Uint8Array.of(255),
  makeList([]),
  makeList([1]),
  makeList([1, null]),
  makeList([2]),
  new Tuple([]),
  new Tuple([1]),
  setFromItems([]),
  setFromItems([9]),
  setFromItems([1, 2]),
  setFromItems([1, 3]),
  map(),
  map(["a", 9]),
  map(["a", 1], ["b", 2]),
  map(["a", 1], ["b", 3]),
  map(["b", 0]),
  makeRecord({ name: "Line", fields: [] }, []),
  makeRecord(point, [9, 1]),
  makeRecord(point, [1, 2]),
  makeVariant(color, 0, []),
  makeVariant(color, 1, [1]),
  makeVariant(color, 1, [2]),
  makeOk(9),
  makeErr(1),
  new Closure("a", 0, []),
  new Closure("b", 0, []),
  new Opaque("Future", "<future:1:pending>", 0),
];

describe("total order", () => {
  it("puts every pair of the list above in its order", () => {
    ASCENDING.forEach((a, i) => {
      ASCENDING.forEach((b, j) => {
        expect([i, j, Math.sign(compareValues(a, b))]).toEqual([i, j, Math.sign(i - j)]);
      });
    });
  });

  it("compares strings by scalar values, as their UTF-8 does", () => {
    const texts = fc.string({ unit: "binary", maxLength: 4 });
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
        return Math.sign(compareStrings(a, b)) === expected;
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it("compares records of differently ordered shapes by field name", () => {
    expect(compareValues(makeRecord(point, [2, 1]), makeRecord(swapped, [1, 2]))).toBe(0);
    const more = makeRecord({ name: "Point", fields: ["x", "y", "z"] }, [1, 2, 3]);
    expect(compareValues(makeRecord(swapped, [1, 2]), more)).toBeLessThan(0);
  });
});

describe("==", () => {
  const same = (a: Value, b: Value) => {
    expect(equalValues(a, b)).toBe(equalValues(b, a));
    return equalValues(a, b);
  };

  it("holds between no two different values of the list above but equal numbers", () => {
    const isTwin = (a: Value, b: Value) => {
      const number = (v: Value) => (v instanceof Float ? v.value : v);
      const [left, right] = [number(a), number(b)];
      const isNumber = (v: unknown) => typeof v === "number" || typeof v === "bigint";
      // biome-ignore lint/suspicious/noDoubleEquals: compares a bigint with a double exactly.
      return isNumber(left) && isNumber(right) && left == right;
    };
    ASCENDING.forEach((a, i) => {
      ASCENDING.forEach((b, j) => {
        const isNan = a instanceof Float && Number.isNaN(a.value);
        expect([i, j, same(a, b)]).toEqual([i, j, (i === j && !isNan) || isTwin(a, b)]);
      });
    });
  });

  it("compares Int and Float exactly", () => {
    expect(same(2n ** 53n, new Float(2 ** 53))).toBe(true);
    expect(same(2n ** 53n + 1n, new Float(2 ** 53))).toBe(false);
    expect(same(1, new Float(1))).toBe(true);
    expect(same(new Float(-0), new Float(0))).toBe(true);
    expect(same(0, new Float(-0))).toBe(true);
    expect(same(new Float(Number.NaN), new Float(Number.NaN))).toBe(false);
    expect(same(2n ** 60n, new Float(Number.POSITIVE_INFINITY))).toBe(false);
  });

  it("is structural", () => {
    expect(same(makeList([1, "a"]), makeList([new Float(1), "a"]))).toBe(true);
    expect(same(makeList([1]), new Tuple([1]))).toBe(false);
    expect(same(setFromItems([1, 2]), setFromItems([new Float(2), 1]))).toBe(true);
    expect(same(map(["a", 1], ["b", 2]), map(["b", 2], ["a", 1]))).toBe(true);
    expect(same(map(["a", 1]), map(["a", 2]))).toBe(false);
    expect(same(map(["a", 1]), map(["b", 1]))).toBe(false);
    expect(same(makeRecord(point, [2, 1]), makeRecord(swapped, [1, 2]))).toBe(true);
    expect(same(makeRecord(point, [2, 1]), makeRecord(swapped, [2, 1]))).toBe(false);
    expect(same(makeRecord(point, [2, 1]), makeRecord({ ...point, name: "P" }, [2, 1]))).toBe(
      false,
    );
    const copy = { ...color, variants: [...color.variants] };
    expect(same(makeVariant(color, 1, [1]), makeVariant(copy, 1, [1]))).toBe(true);
    expect(same(makeOk(1), makeErr(1))).toBe(false);
    expect(same(Uint8Array.of(1), Uint8Array.of(1))).toBe(true);
    expect(same(new Some(1), new Some(1))).toBe(true);
    expect(same(makeList([new Float(Number.NaN)]), makeList([new Float(Number.NaN)]))).toBe(false);
  });

  it("is identity for references", () => {
    const closure = new Closure("f", 0, []);
    expect(same(closure, closure)).toBe(true);
    expect(same(closure, new Closure("f", 0, []))).toBe(false);
  });
});

describe("keys", () => {
  const scalar: fc.Arbitrary<Value> = fc.oneof(
    fc.constantFrom<Value>(null, true, false, 0, 1, 2, new Float(0), new Float(-0), new Float(1)),
    fc.constantFrom<Value>(2n ** 53n, new Float(2 ** 53), 2n ** 53n + 1n, "", "1", "n1;", "s1:a"),
    fc.constantFrom<Value>(Uint8Array.of(), Uint8Array.of(1), Uint8Array.of(0x6e, 0x31)),
  );
  const key: fc.Arbitrary<Value> = fc.letrec<{ key: Value }>((tie) => {
    const few = fc.array(tie("key"), { maxLength: 2 });
    return {
      key: fc.oneof(
        { maxDepth: 2, withCrossShrink: true },
        scalar,
        few.map(makeList),
        few.map((items) => new Tuple(items)),
        few.map(setFromItems),
        fc.array(fc.tuple(tie("key"), tie("key")), { maxLength: 2 }).map((pairs) => map(...pairs)),
        fc.tuple(tie("key"), tie("key")).map((fields) => makeRecord(point, fields)),
        tie("key").map((payload) => makeVariant(color, 1, [payload])),
        tie("key").map(makeOk),
      ),
    };
  }).key;

  /** An equal value of other parts: 1 for 1.0, members inserted in reverse. */
  function twin(value: Value): Value {
    if (value === 1) return new Float(1);
    if (value instanceof Float) return value.value === 0 ? 0 : value;
    if (Array.isArray(value)) return makeList(listItems(value).map(twin));
    if (value instanceof Tuple) return new Tuple(value.items.map(twin));
    if (value instanceof RecordValue) {
      return makeRecord(swapped, [...recordFields(value)].reverse().map(twin));
    }
    if (value instanceof SetValue)
      return setFromItems([...value.store.values()].reverse().map(twin));
    return value;
  }

  it("are equal exactly when the values are", () => {
    let equal = 0;
    const twins = key.map((one) => [one, twin(one)] as const);
    fc.assert(
      fc.property(fc.oneof(fc.tuple(key, key), twins), ([a, b]) => {
        const isEqual = equalValues(a, b);
        equal += Number(isEqual);
        const [left, right] = [hashKey(a), hashKey(b)];
        // The lookup of JavaScript's Map: NaN equals itself and 0 equals -0.
        return left !== undefined && new Map([[left, 1]]).has(right ?? null) === isEqual;
      }),
      { seed: SEED, numRuns: 5000 },
    );
    expect(equal).toBeGreaterThan(2000);
  });

  it("do not depend on which of two equal members a set holds", () => {
    const one = setFromItems([new Tuple([1, "b"]), new Tuple([new Float(1), "a"])]);
    const other = setFromItems([new Tuple([new Float(1), "b"]), new Tuple([1, "a"])]);
    expect(equalValues(one, other)).toBe(true);
    expect(hashKey(one)).toBe(hashKey(other));
  });

  it("make NaN equal to itself, also within a tuple", () => {
    const nan = () => new Float(Number.NaN);
    expect(setFromItems([nan(), nan()]).store.size).toBe(1);
    expect(setFromItems([new Tuple([nan()]), new Tuple([nan()])]).store.size).toBe(1);
  });

  it("tell null from an unhashable value", () => {
    expect(hashKey(null)).toBeNull();
    const closure = new Closure(null, 0, []);
    for (const bad of [closure, makeList([closure]), map(["a", closure]), makeOk(closure)]) {
      expect(hashKey(bad)).toBeUndefined();
    }
    expect(hashKey(new Some(setFromItems([null])))).toBeDefined();
  });
});
