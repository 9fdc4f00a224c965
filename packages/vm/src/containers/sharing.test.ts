// Value semantics (language 15.2, lir.md 3): no instruction changes what another register, list
// or function sees; where nobody else looks, writing is in place.

import { BUILTINS } from "@lumen/core/builtins";
import type { Constant } from "@lumen/core/lir";
import { isList, listItem, listItems, makeList, share, type Value } from "@lumen/core/value";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Memory } from "../machine/allocation.ts";
import {
  type CellSketch,
  type Line,
  l,
  m,
  programOf,
  runMain,
  T,
  textOf,
} from "../testing/build-program.ts";
import { type PlaceStep, setPlace } from "./place-set.ts";

const KEY: Constant[] = [{ kind: "string", value: "k" }];

/** Runs lines with two arguments in r0 and r1, and shows r0 … r(count-1). */
function show(lines: readonly Line[], args: readonly Value[], count: number): string {
  const registers = Array.from({ length: count }, (_, i) => i);
  const code: Line[] = [...lines, ["tuple_new", 11, registers], ["return", 11]];
  const cell: CellSketch = { params: args.length, code };
  return textOf(runMain(programOf([cell], KEY), args).state);
}

describe("aliases", () => {
  it("by move keep their value when the other is appended to or assigned", () => {
    expect(
      show(
        [
          ["move", 2, 0],
          ["list_append", 0, 0, 1],
        ],
        [l(1), 2],
        3,
      ),
    ).toBe("([1, 2], 2, [1])");
    expect(
      show(
        [
          ["move", 2, 0],
          ["place_set", 0, 0, [0, 1], 1],
        ],
        [l(5), 0],
        3,
      ),
    ).toBe("([0], 0, [5])");
  });

  it("by append to another register keep their value", () => {
    expect(
      show(
        [
          ["list_append", 2, 0, 1],
          ["list_append", 0, 0, 1],
        ],
        [l(1), 2],
        3,
      ),
    ).toBe("([1, 2], 2, [1, 2])");
  });

  it("through widen, cast and parts of containers keep their value", () => {
    expect(
      show(
        [
          ["widen", 2, 0],
          ["list_append", 2, 2, 1],
        ],
        [l(1), 2],
        3,
      ),
    ).toBe("([1], 2, [1, 2])");
    expect(
      show(
        [
          ["cast", 2, 0, T.list ?? 0],
          ["list_append", 2, 2, 1],
        ],
        [l(1), 2],
        3,
      ),
    ).toBe("([1], 2, [1, 2])");
    const inner: Line[] = [
      ["list_get", 2, 0, 1],
      ["list_append", 2, 2, 1],
    ];
    expect(show(inner, [l(l(1)), 0], 3)).toBe("([[1]], 0, [1, 0])");
  });

  it("of a part stored into a container keep their value", () => {
    const lines: Line[] = [
      ["list_new", 2, [0]],
      ["list_append", 0, 0, 1],
    ];
    expect(show(lines, [l(1), 2], 3)).toBe("([1, 2], 2, [[1]])");
  });

  it("survive a value that becomes a part of itself", () => {
    expect(show([["list_append", 0, 0, 0]], [l(1)], 1)).toBe("([1, [1]])");
    expect(show([["place_set", 0, 0, [0, 1], 0]], [l(1), 0], 1)).toBe("([[1]])");
  });

  it("in a running iteration do not see what is appended", () => {
    const cell: CellSketch = {
      params: 1,
      code: [
        ["iter_new", 1, 0],
        ["iter_next", 2, 1, 4],
        ["list_append", 0, 0, 2],
        ["jump", 1],
        ["return", 0],
      ],
    };
    expect(textOf(runMain(programOf([cell]), [l(1, 2)]).state)).toBe("[1, 2, 1, 2]");
  });

  it("captured by a function keep their value", () => {
    const main: CellSketch = {
      params: 2,
      code: [
        ["closure", 2, 1, [0]],
        ["list_append", 0, 0, 1],
        ["call_closure", 3, 2, []],
        ["tuple_new", 4, [0, 3]],
        ["return", 4],
      ],
    };
    const lambda: CellSketch = { kind: "lambda", captures: 1, code: [["return", 0]] };
    expect(textOf(runMain(programOf([main, lambda]), [l(1), 2]).state)).toBe("([1, 2], [1])");
  });

  it("of sets and maps given to updating builtins keep their value", () => {
    const remove = BUILTINS.remove.number;
    expect(show([["call_builtin", 2, remove, [0, 1]]], [m(["a", 1]), "a"], 3)).toBe(
      '({"a": 1}, "a", {})',
    );
    expect(show([["call_builtin", 0, remove, [0, 1]]], [m(["a", 1]), "a"], 1)).toBe("({})");
  });
});

describe("places", () => {
  it("are written level by level", () => {
    const args = [m(["k", l(1, 2)]), 0];
    const lines: Line[] = [
      ["move", 2, 0],
      ["place_set", 0, 0, [3, 0, 0, 1], 1],
    ];
    expect(show(lines, args, 3)).toBe('({"k": [0, 2]}, 0, {"k": [1, 2]})');
  });

  it("refuse other targets", () => {
    const set = (value: Value, path: readonly number[]): string =>
      show([["place_set", 0, 0, path, 1]], [value, 0], 1);
    const type = "E_TRAP_TYPE type error at runtime:";
    expect(set(5, [0, 1])).toBe(`${type} cannot assign by index on Int`);
    expect(set(5, [3, 0])).toBe(`${type} cannot assign field 'k' on Int`);
    expect(set(5, [2, 0])).toBe(`${type} cannot assign part 0 of Int`);
    expect(set(l(), [0, 1])).toBe(
      "E_TRAP_INDEX runtime error: index 0 out of bounds for list of length 0",
    );
  });

  it("agree with copying everything, whatever is shared", () => {
    const nested = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }), {
      minLength: 1,
    });
    const property = fc.property(nested, fc.nat(), fc.nat(), fc.boolean(), (rows, a, b, inner) => {
      const whole = makeList(rows.map((row) => makeList([...row])));
      const i = a % rows.length;
      const j = b % (rows[i]?.length ?? 1);
      if (!inner) share(whole);
      const row = listItem(whole, i);
      if (inner && Array.isArray(row)) share(row);
      const path: PlaceStep[] = [i, j].map((index) => ({ kind: "index", index }));
      const placed = setPlace(
        whole,
        path,
        -1,
        new Memory(2 ** 20, () => ({ frames: [], bytes: 0 })),
      );
      expect(placed === whole).toBe(inner);
      if (!inner) expect(rowsOf(whole)).toEqual(rows);
      if (inner) expect(rowsOf(makeList([row]))).toEqual([rows[i]]);
      const expected = rows.map((r, y) => r.map((x, z) => (y === i && z === j ? -1 : x)));
      expect(rowsOf(placed)).toEqual(expected);
    });
    fc.assert(property, { seed: 42, numRuns: 200 });
  });
});

describe("iterators", () => {
  const items = (value: Value, entries: boolean): string => {
    const cell: CellSketch = {
      params: 1,
      code: [
        ["list_new", 2, []],
        [entries ? "iter_entries" : "iter_new", 1, 0],
        ["iter_next", 3, 1, 5],
        ["list_append", 2, 2, 3],
        ["jump", 2],
        ["return", 2],
      ],
    };
    return textOf(runMain(programOf([cell]), [value]).state);
  };

  it("give scalar values, keys in order, entries", () => {
    expect(items("a😀", false)).toBe('["a", "😀"]');
    expect(items(m(["b", 1], ["a", 2]), false)).toBe('["a", "b"]');
    expect(items(m(["b", 1], ["a", 2]), true)).toBe('[("a", 2), ("b", 1)]');
    expect(items(l(), false)).toBe("[]");
  });

  it("refuse what cannot be iterated", () => {
    const type = "E_TRAP_TYPE type error at runtime:";
    expect(items(5, false)).toBe(`${type} cannot iterate over Int`);
    expect(items(l(), true)).toBe(`${type} cannot iterate over the entries of List`);
  });
});

/** A list of lists as plain arrays. */
function rowsOf(value: Value): readonly (readonly Value[])[] {
  if (!isList(value)) throw new Error("expected a list");
  return listItems(value).map((row) => (isList(row) ? [...listItems(row)] : [row]));
}
