// The order in which declarations that need each other are looked at.

import { expect, it } from "vitest";
import { inOrder } from "./in-order.ts";

it("puts what is needed first, each once", () => {
  const needs: Readonly<Record<string, readonly string[]>> = {
    a: ["b", "c"],
    b: ["d"],
    c: ["d", "b"],
  };
  expect(inOrder("a", (name) => needs[name] ?? [])).toEqual(["d", "b", "c", "a"]);
});

it("goes along chains of any length", () => {
  const order = inOrder(0, (i) => (i < 100_000 ? [i + 1] : []));
  expect([order?.length, order?.[0], order?.at(-1)]).toEqual([100_001, 100_000, 0]);
});

it("has no order for a circle", () => {
  expect(inOrder(0, (i) => [(i + 1) % 3])).toBeNull();
  expect(inOrder(0, () => [0])).toBeNull();
  const closed: (readonly number[])[] = [];
  const order = inOrder(
    0,
    (i) => [(i + 1) % 3, 0],
    (last, first) => closed.push([last, first]),
  );
  expect(order).toEqual([2, 1, 0]);
  expect(closed).toEqual([
    [2, 0],
    [2, 0],
    [1, 0],
    [0, 0],
  ]);
});
