// Maps and sets: order of iteration, copy-on-write, agreement with a plain model.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  Closure,
  compareValues,
  emptyMap,
  emptySet,
  equalValues,
  Float,
  makeList,
  mapEntries,
  mapFromEntries,
  mapGet,
  mapHas,
  mapRemove,
  mapSet,
  mapSize,
  setAdd,
  setFromItems,
  setHas,
  setItems,
  setRemove,
  setSize,
  share,
  type Value,
} from "./index.ts";
import { isShared } from "./value.ts";

describe("map", () => {
  it("keeps the first of equal keys and the last value", () => {
    const map = mapFromEntries([
      { key: 1, value: "a" },
      { key: new Float(1), value: "b" },
    ]);
    expect(mapEntries(map)).toEqual([{ key: 1, value: "b" }]);
    expect(mapGet(map, new Float(1))).toBe("b");
    expect(mapGet(map, 2)).toBeUndefined();
    expect(mapGet(map, new Closure(null, 0, []))).toBeUndefined();
  });

  it("writes in place while unshared and copies once shared", () => {
    const list = makeList([1]);
    const map = mapSet(emptyMap(), "a", list);
    expect(mapSet(map, "b", 2)).toBe(map);
    const other = share(map);
    const changed = mapSet(other, "a", 3);
    expect(changed).not.toBe(map);
    expect(isShared(changed)).toBe(false);
    expect([mapGet(map, "a"), mapGet(changed, "a")]).toEqual([list, 3]);
    expect(mapRemove(map, "zz")).toBe(map);
    const removed = mapRemove(map, "a");
    expect([mapSize(map), mapSize(removed), mapHas(removed, "a")]).toEqual([2, 1, false]);
    // Two maps refer to the list now, so that neither may write into it.
    expect(isShared(list)).toBe(true);
  });

  it("takes an unhashable key for a defect", () => {
    expect(() => mapSet(emptyMap(), new Closure(null, 0, []), 1)).toThrow("hashable");
    expect(() => setAdd(emptySet(), new Closure(null, 0, []))).toThrow("hashable");
  });
});

describe("set", () => {
  it("writes in place while unshared and copies once shared", () => {
    const set = setFromItems(["b", "a", "b"]);
    expect(setItems(set)).toEqual(["a", "b"]);
    expect(setAdd(set, "c")).toBe(set);
    share(set);
    expect(setAdd(set, "c")).toBe(set);
    const more = setAdd(set, "d");
    expect([setSize(set), setSize(more), setHas(set, "d"), isShared(more)]).toEqual([
      3,
      4,
      false,
      false,
    ]);
    expect(setRemove(set, "zz")).toBe(set);
    expect(setItems(setRemove(set, "b"))).toEqual(["a", "c"]);
    expect(setItems(set)).toEqual(["a", "b", "c"]);
  });
});

type Step = readonly ["set" | "remove" | "iterate" | "share", number];

/** Numbers of both kinds, so that equal keys of different kinds meet. */
function keyOf(n: number): Value {
  return n % 3 === 0 ? new Float(n) : n % 3 === 1 ? n : String(n);
}

describe("any sequence of writes and iterations", () => {
  const steps = fc.array(
    fc.tuple(fc.constantFrom("set", "set", "set", "remove", "iterate", "share"), fc.nat(200)),
    { maxLength: 300 },
  ) as fc.Arbitrary<Step[]>;

  it("leaves a map with the entries of a plain list, in order, and old maps unchanged", () => {
    fc.assert(
      fc.property(steps, (all) => {
        let map = emptyMap();
        let model: { key: Value; value: Value }[] = [];
        const kept: [Value, string][] = [];
        all.forEach(([what, n], i) => {
          const key = keyOf(n);
          const known = model.find((entry) => equalValues(entry.key, key));
          if (what === "set") {
            map = mapSet(map, key, i);
            if (known === undefined) model.push({ key, value: i });
            else known.value = i;
          } else if (what === "remove") {
            map = mapRemove(map, key);
            model = model.filter((entry) => entry !== known);
          } else if (what === "share") {
            kept.push([share(map), JSON.stringify(mapEntries(map))]);
          }
          if (what === "iterate") expectEntries(map, model);
        });
        expectEntries(map, model);
        for (const [old, text] of kept) {
          expect(JSON.stringify(mapEntries(old as typeof map))).toBe(text);
        }
      }),
      { seed: 77, numRuns: 100 },
    );
  });

  it("leaves a set with the items of a plain list, in order", () => {
    fc.assert(
      fc.property(steps, (all) => {
        let set = emptySet();
        let model: Value[] = [];
        for (const [what, n] of all) {
          const item = keyOf(n);
          const known = model.some((one) => equalValues(one, item));
          if (what === "set") {
            set = setAdd(set, item);
            if (!known) model.push(item);
          } else if (what === "remove") {
            set = setRemove(set, item);
            model = model.filter((one) => !equalValues(one, item));
          } else if (what === "share") share(set);
          else setItems(set);
        }
        expect(setItems(set)).toEqual([...model].sort(compareValues));
      }),
      { seed: 78, numRuns: 100 },
    );
  });
});

function expectEntries(
  map: ReturnType<typeof emptyMap>,
  model: readonly { key: Value; value: Value }[],
): void {
  const sorted = [...model].sort((a, b) => compareValues(a.key, b.key));
  expect(JSON.stringify(mapEntries(map))).toBe(JSON.stringify(sorted));
  expect(mapSize(map)).toBe(sorted.length);
}
