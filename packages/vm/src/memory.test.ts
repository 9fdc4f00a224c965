// What values weigh: each container once, by whatever ways it is reached.

import { Closure, emptyMap, Float, makeList, mapSet, Tuple, type Value } from "@lumen/core/value";
import { expect, it } from "vitest";
import { boxBytes, builtBytes, heldBytes, listBytes, valueBytes } from "./memory.ts";

it("counts a container once, in every walk", () => {
  const part = makeList([1, 2, 3]);
  const whole = makeList([part, part, part]);
  expect(valueBytes(whole)).toBe(listBytes(3) + listBytes(3));
  expect(valueBytes(whole)).toBe(valueBytes(makeList([makeList([1, 2, 3])])));
});

it("walks over values deeper than any stack, and larger than any memory", () => {
  let deep: Value = 1;
  let wide: Value = 1;
  for (let i = 0; i < 100_000; i += 1) {
    deep = makeList([deep]);
    wide = new Tuple([wide, wide]);
  }
  expect(valueBytes(deep)).toBe(100_000 * listBytes(1));
  expect(valueBytes(wide)).toBe(100_000 * valueBytes(new Tuple([1, 1])));
});

it("stops where the limit is passed", () => {
  const values = Array.from({ length: 1000 }, () => makeList([]));
  const bytes = heldBytes({ frames: [values], bytes: 0 }, 1000);
  expect(bytes).toBeGreaterThan(1000);
  expect(bytes).toBeLessThan(20_000);
});

it("weighs numbers that a slot does not hold, and keys that are no simple values", () => {
  for (const value of [1, -5, 2 ** 31 - 1, -(2 ** 31), true, null, "x"])
    expect(boxBytes(value)).toBe(0);
  for (const value of [2 ** 31, 2n ** 62n, new Float(1)])
    expect(boxBytes(value)).toBeGreaterThan(0);
  expect(builtBytes(makeList([2 ** 40]))).toBe(listBytes(1) + boxBytes(2 ** 40));
  const simple = mapSet(emptyMap(), 1, null);
  const composite = mapSet(emptyMap(), new Tuple([1, 2]), null);
  expect(valueBytes(composite)).toBeGreaterThan(valueBytes(simple) + valueBytes(new Tuple([1, 2])));
  expect(valueBytes(new Closure("f", null, [simple]))).toBeGreaterThan(valueBytes(simple));
});
