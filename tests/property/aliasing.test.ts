// Value semantics (language 15.2) whoever owns what: the tiers give what a model gives that copies
// everything, and growing a list inside a record costs what growing a variable does.

import type { Program } from "@lumen/core/program";
import {
  isList,
  listItems,
  MapValue,
  mapEntries,
  RecordValue,
  recordFields,
  Tuple,
  type Value,
  VariantValue,
  variantParts,
} from "@lumen/core/value";
import { compileText } from "@lumen/testkit";
import { type CompileSetting, createMachine, linkProgram, type Machine } from "@lumen/vm";
import { describe, expect, it } from "vitest";
import { randomOf } from "../fuzz/random.ts";
import { aliasingProgram } from "./aliasing.ts";

const PROGRAMS = 80;
const SEED = 20261122;
const T1: CompileSetting = { hotCalls: 0, hotTurns: 1, numeric: "never" };
const T2: CompileSetting = { hotCalls: 0, hotTurns: 1, numeric: "always" };
const SETTINGS: readonly (CompileSetting | null)[] = [null, T1, T2];

function compiled(text: string): Program {
  const { program, diagnostics } = compileText({ text, extension: "lm" });
  if (program === null) throw new Error(`${JSON.stringify(diagnostics)}\n${text}`);
  return program;
}

function run(program: Program, compile: CompileSetting | null, args: readonly Value[]): Machine {
  const linked = linkProgram(program.modules);
  if (!linked.ok) throw new Error(linked.error.message);
  const entry = { module: "main", name: "main" };
  return createMachine(linked.value, { entry, args, tiles: "inline", door: false, compile });
}

function resultOf(machine: Machine): Value {
  const state = machine.run();
  if (state.kind !== "finished") throw new Error(JSON.stringify(state));
  return state.value;
}

/** A value as the model has it. */
function plain(value: Value): unknown {
  if (isList(value)) return listItems(value).map(plain);
  if (value instanceof Tuple) return value.items.map(plain);
  if (value instanceof VariantValue) {
    return {
      [value.variant.shape.variants[value.variant.tag]?.name ?? ""]: variantParts(value).map(plain),
    };
  }
  if (value instanceof MapValue)
    return Object.fromEntries(mapEntries(value).map((e) => [String(e.key), plain(e.value)]));
  if (!(value instanceof RecordValue)) return value;
  const fields = recordFields(value).map(plain);
  return Object.fromEntries(value.shape.fields.map((name, i) => [name, fields[i]]));
}

describe("containers that hold each other", () => {
  it("are values, in every tier", () => {
    for (let i = 0; i < PROGRAMS; i += 1) {
      const { text, expected } = aliasingProgram(randomOf(SEED, i));
      const program = compiled(text);
      for (const setting of SETTINGS)
        expect(plain(resultOf(run(program, setting, []))), text).toEqual(expected);
    }
  });
});

/** The first of the items of a list that is written elsewhere says which row it is. */
const NAMED = "let at = [i % 2]\n    rows[at[0]] = append(rows[at[0]], i)";

/** Loops that make a list of `n` items somewhere, by what they start with and do in each turn. */
const BUILDERS: readonly (readonly [name: string, start: string, turn: string])[] = [
  ["a field", "let s = S(items: [], n: 0)", "s.items = append(s.items, i)"],
  ["a variable, by push", "let xs: list[Int] = []", "push(xs, i)"],
  ["a field, by push", "let s = S(items: [], n: 0)", "push(s.items, i)"],
  ["a field, with another", "let s = S(items: [], n: 0)", "s.items = append(s.items, s.n + i)"],
  ["a field of a field", "let t = T(s: S(items: [], n: 0))", "t.s.items = append(t.s.items, i)"],
  ["a component", "let t = ([0], 0)", "t.0 = append(t.0, i)"],
  ["an item", "let rows = [[0], [1]]", "rows[1] = append(rows[1], i)"],
  ["an item by a computed index", "let rows = [[0], [1]]", "rows[i % 2] = append(rows[i % 2], i)"],
  ["an item that a list names", "let rows = [[0], [1]]", NAMED],
  ["an item of a field", "let g = G(rows: [[0]])", "g.rows[0] = append(g.rows[0], i)"],
  ["an entry", 'let m = {"a": [0]}', 'm["a"] = append(m["a"] ?? [], i)'],
  ["an entry, by get", 'let m = {"a": [0]}', 'm["a"] = append(get(m, "a", []), i)'],
  ["a record made anew", "let s = S(items: [], n: 0)", "s = S(items: append(s.items, i), n: i)"],
  ["a record passed on", "let s = S(items: [], n: 0)", "s = grown(s, i)"],
  ["a variant passed on", "let f: F = Full([])", "f = filled(f, i)"],
  ["a list that a cell looks at", "let xs = [0]", "xs = append(xs, looked(xs, i))"],
  ["a list that cells hand on", "let xs = [0]", "xs = append(xs, searched(xs, i, 3))"],
];

/** Loops that write one item of a list of `n` items in each turn. */
const WRITERS: readonly (readonly [name: string, start: string, turn: string])[] = [
  ["an item of a field", "let s = S(items: zeros(n), n: 0)", "s.items[0] = s.items[0] + 1"],
  ["of a list that a cell looks at", "let xs = zeros(n)", "xs[i] = looked(xs, i) + 1"],
  ["of a list that shrinks and grows", "let xs = zeros(n)", "xs = turned(xs)"],
  ["computed", "let s = S(items: zeros(n), n: 0)", "s.items[n - 1 - i] = s.items[i - 0] + 1"],
];

const DECLARED = `record S
  items: list[Int]
  n: Int
end
record T
  s: S
end
record G
  rows: list[list[Int]]
end
enum F
  Full(items: list[Int])
end
cell grown(s: S, x: Int) -> S
  s.items = append(s.items, x)
  s
end
cell filled(f: F, x: Int) -> F
  match f
    Full(items) -> Full(append(items, x))
  end
end
cell looked(xs: list[Int], i: Int) -> Int = xs[i % length(xs)]
cell searched(xs: list[Int], i: Int, more: Int) -> Int
  if more == 0 then looked(xs, i) else searched(xs, i, more - 1)
end
cell turned(xs: list[Int]) -> list[Int]
  let (top, rest) = pop(xs)
  append(rest, (top ?? 0) + 1)
end
cell zeros(n: Int) -> list[Int]
  let xs: list[Int] = []
  for _ in 0..n
    xs = append(xs, 0)
  end
  xs
end
`;

/** Bytes that a run of `n` turns allocates. */
function allocated(start: string, turn: string, n: number, setting: CompileSetting | null): number {
  const text = `${DECLARED}cell main(n: Int) -> Int\n  ${start}\n  for i in 0..n\n    ${turn}\n  end\n  n\nend\n`;
  const machine = run(compiled(text), setting, [n]);
  resultOf(machine);
  return machine.allocatedBytes;
}

describe.each([
  ["interpreted", null],
  ["compiled", T1],
  ["compiled, numbers to WebAssembly", T2],
] as const)("what has one owner is written in place, %s", (_, setting) => {
  it.each([...BUILDERS, ...WRITERS])("%s", (_name, start, turn) => {
    const [few, many] = [500, 2000].map((n) => allocated(start, turn, n, setting));
    // Copying each time would take sixteen times as much.
    expect((many ?? 0) / (few ?? 1)).toBeLessThan(5);
  });
});
