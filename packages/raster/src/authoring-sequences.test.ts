// Recording of sequences: what each call becomes in the schema, and what an author's mistakes are
// told as. Types of the functions that authors hold are checked by the compiler of this file.

import { readCfs, type SequenceDocument, writeCfs } from "@lumen/core/cfs";
import { parseDocument } from "@lumen/core/encoding";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  branch,
  collect,
  collectRegistrations,
  err,
  fold,
  forEach,
  literal,
  lookup,
  match,
  type Operand,
  ok,
  type Ref,
  type Result,
  repeat,
  sequence,
  t,
  tile,
} from "./authoring/index.ts";
import { Misuse } from "./authoring/misuse.ts";

const Shape = t.enum("Shape", {
  Circle: t.f64,
  Rect: { w: t.u8, h: t.u8 },
  Pair: t.tuple(t.u8, t.string),
  Empty: null,
});

const add = tile(
  { kind: "iter", inputs: { a: t.i64, b: t.i64 }, output: t.i64 },
  ({ a, b }) => a + b,
);
const isSmall = tile({ kind: "iter", inputs: { n: t.i64 }, output: t.bool }, ({ n }) => n < 10n);
const split = tile(
  { kind: "iter", inputs: { n: t.i64 }, output: t.tuple(t.i64, t.string) },
  ({ n }) => [n, `${n}`],
);
const count = tile(
  { kind: "recur", inputs: { n: t.i64 }, output: t.tuple(t.bool, t.i64), maxIterations: 9 },
  ({ n }) => [n > 5n, n + 1n],
);
const half = tile(
  { kind: "iter", inputs: { n: t.i64 }, output: t.i64, error: t.string },
  ({ n }) => (n % 2n === 0n ? ok(n / 2n) : err("odd")),
);
const note = tile({ kind: "iter", inputs: { text: t.string }, output: t.unit }, () => undefined);
const area = tile({ kind: "iter", inputs: { shape: Shape }, output: t.f64 }, () => 1);
const grow = tile({ kind: "iter", inputs: { r: t.f64 }, output: t.f64 }, ({ r }) => r * 2);
const EXPORTS = { add, isSmall, split, count, half, note, area, grow };

const N = { inputs: { n: t.i64 }, output: t.i64 } as const;
const LIST = t.list(t.i64);

let made = 0;

/** The schema of one sequence; throws what is wrong with it. */
function recorded(main: unknown, more: object = {}): SequenceDocument {
  const id = `s${made}`;
  made += 1;
  const { sequences, problems } = collectRegistrations([{ ...EXPORTS, [id]: main, ...more }]);
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${problem.code} ${problem.message}`);
  const found = sequences.find((s) => s.id === id);
  if (found === undefined) throw new Error("the sequence is recorded");
  return found.document;
}

/** The schema of one sequence, which passes every check of core. */
function checked(main: unknown): SequenceDocument {
  const document = recorded(main);
  const { tiles } = collectRegistrations([EXPORTS]);
  const cfs = {
    project: "p",
    encoding: "postcard",
    tiles: tiles.map(({ id, kind, params, output }) => ({
      id,
      type: kind,
      inputs: params.length,
      outputs:
        typeof output === "object" && "tuple" in output
          ? output.tuple.length
          : output === "unit"
            ? 0
            : 1,
      input_types: params.map((p) => p.type),
      output_type: output,
    })),
    sequences: [document],
    entry: document.id,
  } as const;
  const text = parseDocument(writeCfs(cfs), { subject: "cfs.json" });
  if (!text.ok) throw new Error(text.error.message);
  expect(readCfs(text.value)).toMatchObject({ ok: true });
  return document;
}

const itemsOf = (main: unknown): SequenceDocument["items"] => checked(main).items;

const input = (index: number): object => ({ source: { type: "seq_input", input_index: index } });
const item = (index: number, more: object = {}, output = 0): object => ({
  source: { type: "item_output", item_index: index, output_index: output, ...more },
});
const number = (bytes: string): object => ({
  source: { type: "external" },
  literal: { type: "i64", bytes },
});

describe("calls", () => {
  it("become items, innermost first, with literals", () => {
    expect(itemsOf(sequence(N, ({ n }) => add({ a: add({ a: n, b: 1n }), b: n })))).toEqual([
      { item_type: "tile", item_id: "add", input_sources: [input(0), number("02")] },
      { item_type: "tile", item_id: "add", input_sources: [item(0), input(0)] },
    ]);
  });

  it("of recur tiles are one step or many", () => {
    const main = sequence(N, ({ n }) => {
      const [, once] = count({ n });
      const [done, last] = count.recur({ n: once }, { maxIterations: 7 });
      expectTypeOf(done).toEqualTypeOf<Ref<boolean>>();
      return last;
    });
    expect(checked(main)).toMatchObject({
      items: [
        { item_id: "count", input_sources: [input(0)] },
        { item_id: "count", input_sources: [item(0, {}, 1)], recursive: true, max_iterations: 7 },
      ],
      output: item(1, {}, 1),
    });
  });

  it("give whole tuples and their parts, by pattern and by index", () => {
    const options = { inputs: { n: t.i64 }, output: t.tuple(t.i64, t.string) };
    const whole = recorded(sequence(options, ({ n }) => split({ n })));
    expect(whole.output).toEqual({ ...item(0), whole: true });
    const parts = recorded(sequence(options, ({ n }) => [split({ n })[0], split({ n })[1]]));
    expect(parts.output).toEqual({ tuple: [item(0), item(1, {}, 1)] });
    const mixed = recorded(sequence(options, ({ n }) => [n, "text"]));
    expect(mixed.output).toMatchObject({ tuple: [input(0), { literal: { bytes: "0474657874" } }] });
  });

  it("of sequences, of tiles that can fail, and of unit", () => {
    const inner = sequence(N, ({ n }) => half({ n }));
    const main = sequence({ ...N, output: t.unit }, ({ n }) => {
      inner({ n });
      note({ text: "x" });
    });
    expect(recorded(main, { inner }).items).toMatchObject([
      { item_type: "sequence", item_id: "inner" },
      { item_type: "tile", item_id: "note" },
    ]);
  });
});

describe("branches", () => {
  it("have two arms for a bool", () => {
    const main = sequence(N, ({ n }) =>
      branch(isSmall({ n }), { true: () => add({ a: n, b: n }), false: () => n }),
    );
    expect(itemsOf(main)[1]).toEqual({
      item_type: "branch",
      item_id: "b0",
      input_sources: [item(0)],
      arms: [
        {
          when: { bool: true },
          items: [{ item_type: "tile", item_id: "add", input_sources: [input(0), input(0)] }],
          output: item(0),
        },
        { when: { default: true }, items: [], output: input(0) },
      ],
      outputs: 1,
    });
  });

  it("take the type of a literal from another arm", () => {
    const five = { type: "i64", bytes: "0a" };
    const arms = (main: unknown): unknown => {
      const item = checked(main).items.find((i) => i.item_type === "branch");
      return item?.item_type === "branch" ? item.arms.map((arm) => arm.output) : null;
    };
    const untyped = { source: { type: "external" }, literal: five };
    const n = { source: { type: "seq_input", input_index: 0 } };
    const first = sequence(N, ({ n }) =>
      branch(isSmall({ n }), { true: () => 5n, false: () => n }),
    );
    expect(arms(first)).toEqual([untyped, n]);
    const middle = sequence(N, ({ n }) =>
      match(
        n,
        [
          [1n, () => 5n],
          [2n, () => 5n],
          [3n, () => n],
        ],
        () => 5n,
      ),
    );
    expect(arms(middle)).toEqual([untyped, untyped, n, untyped]);
  });

  it("choose by variant, with payloads", () => {
    const main = sequence({ inputs: { shape: Shape }, output: t.f64 }, ({ shape }) =>
      match(shape, {
        Circle: (r) => {
          expectTypeOf(r).toEqualTypeOf<Ref<number>>();
          return grow({ r });
        },
        Pair: (n, text) => {
          expectTypeOf(text).toEqualTypeOf<Ref<string>>();
          void n;
          return area({ shape });
        },
        _: () => literal(t.f64, 0),
      }),
    );
    expect(itemsOf(main)[0]).toMatchObject({
      arms: [
        {
          when: { variant: "Circle" },
          items: [{ input_sources: [{ source: { type: "arm_input", input_index: 0 } }] }],
        },
        { when: { variant: "Pair" } },
        {
          when: { default: true },
          output: { literal: { type: "f64", bytes: "0000000000000000" } },
        },
      ],
    });
  });

  it("choose by some and none, ok and err, values", () => {
    const options = {
      inputs: { o: t.option(t.i64), r: t.result(t.i64, t.string), n: t.i64, s: t.string },
      output: t.i64,
    };
    const main = sequence(options, ({ o, r, n, s }) => {
      const a = match(o, { some: (x) => x, none: () => n });
      const b = match(r, { ok: (x) => x, err: () => a });
      const c = match(
        n,
        [
          [1n, () => a],
          [-5n, () => b],
        ],
        () => n,
      );
      return match(s, [["x", () => c]], () => c);
    });
    expect(itemsOf(main)).toMatchObject([
      { arms: [{ when: { variant: "some" } }, { when: { variant: "none" } }] },
      { arms: [{ when: { variant: "ok" } }, { when: { variant: "err" } }] },
      { arms: [{ when: { int: 1 } }, { when: { int: -5 } }, { when: { default: true } }] },
      { arms: [{ when: { string: "x" } }, { when: { default: true } }] },
    ]);
  });
});

describe("loops", () => {
  it("fold and collect, with element, index and values from outside", () => {
    const main = sequence({ inputs: { xs: LIST, n: t.i64 }, output: LIST }, ({ xs, n }) => {
      const sum = fold(xs, literal(t.i64, 0n), (value, x) => add({ a: value, b: x }));
      return collect(xs, (x, index) =>
        add({ a: add({ a: x, b: index }), b: add({ a: sum, b: n }) }),
      );
    });
    expect(itemsOf(main)).toMatchObject([
      {
        mode: "for_each",
        input_sources: [input(0), number("00")],
        body: {
          items: [
            {
              input_sources: [
                { source: { type: "loop_state" } },
                { source: { type: "loop_element" } },
              ],
            },
          ],
          next: [item(0)],
        },
        outputs: 1,
      },
      {
        body: {
          items: [
            {
              input_sources: [
                { source: { type: "loop_element" } },
                { source: { type: "loop_index" } },
              ],
            },
            { input_sources: [item(0, { up: 1 }), input(1)] },
            {},
          ],
          next: [],
          collect: item(2),
        },
        outputs: 1,
      },
    ]);
  });

  it("repeat with several values, inside each other", () => {
    const options = { inputs: { n: t.i64, xs: LIST }, output: t.i64 };
    const main = sequence(options, ({ n, xs }) => {
      const { a, b } = repeat(
        { a: n, b: literal(t.i64, 1n) },
        {
          condition: (state) => isSmall({ n: state.a }),
          body: (state) => ({
            a: fold(xs, state.a, (value) => add({ a: value, b: state.b })),
            b: add({ a: state.b, b: 1n }),
          }),
          maxIterations: 100,
        },
      );
      return add({ a, b });
    });
    const items = itemsOf(main);
    expect(items[0]).toMatchObject({
      mode: "while",
      head: { condition: item(0) },
      body: {
        items: [
          {
            body: {
              items: [
                {
                  input_sources: [
                    { source: { type: "loop_state" } },
                    { source: { type: "loop_state", input_index: 1, up: 1 } },
                  ],
                },
              ],
            },
          },
          {},
        ],
      },
      max_iterations: 100,
      outputs: 2,
    });
    expect(items[1]).toMatchObject({ input_sources: [item(0), item(0, {}, 1)] });
  });

  it("give state and collected values", () => {
    const options = { inputs: { xs: LIST }, output: t.tuple(t.i64, LIST) };
    const main = sequence(options, ({ xs }) => {
      const { state, collected } = forEach(xs, { sum: literal(t.i64, 0n) }, (x, { sum }) => {
        return { state: { sum: add({ a: sum, b: x }) }, collect: x };
      });
      return [state.sum, collected];
    });
    expect(checked(main)).toMatchObject({ output: { tuple: [item(0), item(0, {}, 1)] } });
  });
});

/** What only shows at run time: the types would refuse it. */
function untyped<T = never>(value: unknown): T {
  return value as T;
}

describe("a mistake is told", () => {
  let kept: unknown = null;
  it.each<[string, (args: { n: Ref<bigint>; xs: Ref<readonly bigint[]> }) => unknown, string]>([
    [
      "a wrong operand",
      ({ n }) => add({ a: untyped("x"), b: n }),
      "E0809 input 'a' of tile 'add': expected i64, a bigint",
    ],
    [
      "another type",
      ({ n }) => add({ a: untyped(isSmall({ n })), b: n }),
      "E0809 input 'a' of tile 'add': expected i64, found a reference to bool",
    ],
    ["a reference in a literal", ({ n }) => note({ text: untyped([n]) }), "E0809 input 'text'"],
    ["a missing input", ({ n }) => add(untyped({ a: n })), "E0809 tile 'add' lacks its input 'b'"],
    [
      "an unknown input",
      ({ n }) => add(untyped({ a: n, b: n, c: n })),
      "E0809 tile 'add' has no input 'c'",
    ],
    [
      "inputs by position",
      ({ n }) => add(untyped(n)),
      "E0809 tile 'add' takes an object of its inputs",
    ],
    [
      "text",
      ({ n }) => note({ text: `${untyped(n)}` }),
      "E0809 a reference is used as if it were the value",
    ],
    [
      "arithmetic",
      ({ n }) => add({ a: untyped(n) + 1n, b: n }),
      "E0809 a reference is used as if it were the value",
    ],
    [
      "an order",
      ({ n }) => (untyped(n) < 5 ? n : n),
      "E0809 a reference is used as if it were the value",
    ],
    ["JSON", ({ n }) => note({ text: JSON.stringify(n) }), "E0809 a reference is"],
    ["a property", ({ n }) => Reflect.get(n, "length"), "E0809 a reference is asked for 'length'"],
    ["an index", ({ xs }) => Reflect.get(xs, "0"), "E0809 a reference is asked for '0'"],
    [
      "taking apart",
      ({ n }) => [...untyped<Iterable<unknown>>(n)],
      "E0809 a reference is taken apart",
    ],
    ["keys", ({ n }) => Object.keys(n), "E0809 a reference is taken apart like an object"],
    ["a plain if", ({ n }) => (n ? add({ a: n, b: n }) : n), "E0809 the flow of sequence"],
    ["a plain &&", ({ n }) => n && isSmall({ n }) && n, "E0809 the flow of sequence"],
    [
      "a plain === of a name that ends in a digit",
      ({ n: n2 }) => (untyped(n2) === 7n ? add({ a: n2, b: n2 }) : n2),
      "E0809 the flow of sequence",
    ],
    [
      "a plain includes",
      ({ n }) => (untyped<readonly unknown[]>([7n, 8n]).includes(n) ? add({ a: n, b: n }) : n),
      "E0809 the flow of sequence",
    ],
    [
      "a plain ===",
      ({ n }) => (untyped(n) === 7n ? add({ a: n, b: n }) : n),
      "E0809 the flow of sequence",
    ],
    [
      "a guard that throws",
      ({ n }) => {
        if (!n) throw new Error("no n");
        return n;
      },
      "E0809 the flow of sequence",
    ],
    [
      "no result",
      ({ n }) => {
        add({ a: n, b: n });
      },
      "returns nothing, expected i64",
    ],
    ["another result", ({ n }) => isSmall({ n }), "expected i64, found a reference to bool"],
    ["an async function", async ({ n }) => n, "E0804 the function of a sequence is async"],
    ["a promise", () => Promise.resolve(1n), "E0804 sequence"],
    [
      "a reference that left its arm",
      ({ n }) => {
        let inner = n;
        branch(isSmall({ n }), {
          true: () => {
            inner = add({ a: n, b: n });
            return inner;
          },
          false: () => n,
        });
        return inner;
      },
      "E0812 sequence",
    ],
    [
      "a reference of another sequence",
      ({ n }) => {
        kept ??= n;
        return kept;
      },
      "the reference belongs to another sequence",
    ],
    [
      "a missing arm",
      ({ n }) => match(untyped<Ref<string | null>>(isSmall({ n })), untyped({ true: () => n })),
      "E0809 a match on bool has no arm for false",
    ],
    [
      "a match on what has no variants",
      ({ n }) => match(untyped<Ref<boolean>>(n), untyped({ a: () => n })),
      "E0809 i64 has no variants to match",
    ],
    [
      "arms of two types",
      ({ n }) => branch<unknown>(isSmall({ n }), { true: () => n, false: () => isSmall({ n }) }),
      "E0809 arm 1 of a branch: expected i64, found a reference to bool",
    ],
    [
      "a literal without type",
      ({ n }) => branch<unknown>(isSmall({ n }), { true: () => 5n, false: () => 6n }),
      "E0809 the value of an arm: the bigint 5n has no type here",
    ],
    [
      "a list gone over as if it were there",
      ({ n }) => {
        const list = collect(literal(LIST, [1n]), (x) => x);
        for (const x of untyped<Iterable<Ref<bigint>>>(list)) add({ a: x, b: n });
        return n;
      },
      "E0809 a reference is gone over",
    ],
    [
      "a state that is not given",
      ({ n }) => repeat({ a: n }, { condition: () => true, body: () => untyped({}) }).a,
      "E0809 the body of repeat gives no next 'a'",
    ],
    [
      "a state that is not there",
      ({ n }) =>
        repeat({ a: n }, { condition: () => true, body: ({ a }) => ({ a, b: a }) as never }).a,
      "E0809 'b' is no state of this repeat",
    ],
    [
      "a loop over no list",
      ({ n }) => collect(untyped<Ref<readonly bigint[]>>(n), (x) => x),
      "E0809 a loop runs over a list, found i64",
    ],
    ["a bound of 0", ({ n }) => count.recur({ n }, { maxIterations: 0 })[1], "E0802 maxIterations"],
    [
      "recur on an iter tile",
      ({ n }) => add.recur({ a: n, b: n }),
      "E0808 tile 'add' is no recur tile",
    ],
    [
      "a declaration inside",
      ({ n }) => {
        tile({ kind: "iter", inputs: {}, output: t.u8 }, () => 1);
        return n;
      },
      "E0809 a tile is declared inside sequence",
    ],
    [
      "an error of its own",
      () => {
        throw new RangeError("mine");
      },
      "null RangeError: mine",
    ],
  ])("%s", (_, fn, message) => {
    const options = { inputs: { n: t.i64, xs: LIST }, output: t.i64 };
    const declare = (): unknown => {
      try {
        return recorded(sequence(options, fn as never));
      } catch (error) {
        if (error instanceof Misuse) throw new Error(`${error.code} ${error.message}`);
        throw error;
      }
    };
    if (message.includes("another sequence")) declare();
    expect(declare).toThrow(message);
  });

  it("when a tile is called where nothing is recorded", () => {
    expect(() => add({ a: 1n, b: 2n })).toThrow("tile 'add' is called outside of a sequence");
  });

  it("when a tile that is called is not exported", () => {
    const hidden = tile({ kind: "iter", inputs: {}, output: t.i64 }, () => 1n);
    expect(() => recorded(sequence(N, () => hidden({})))).toThrow("E0804 a tile is not exported");
  });
});

describe("a tile outside of sequences", () => {
  it("runs its function, and its bytes", () => {
    expectTypeOf(half.run).returns.toEqualTypeOf<Result<bigint, string>>();
    expect(add.run({ a: 2n, b: 3n })).toBe(5n);
    expect(add.execute(new Uint8Array([4, 80]))).toEqual({
      ok: true,
      output: new Uint8Array([84]),
    });
    expect(half.execute(new Uint8Array([2]))).toMatchObject({ ok: false, code: "E_TILE_FAILED" });
    expect(half.execute(new Uint8Array([]))).toMatchObject({ ok: false, code: "E_DECODE" });
    expect(lookup("add")).toBe(add);
    expect(lookup("nobody")).toBeNull();
  });

  it("has the types of its declaration", () => {
    expectTypeOf(add).parameter(0).toEqualTypeOf<{
      readonly a: Operand<bigint>;
      readonly b: Operand<bigint>;
    }>();
    expectTypeOf(add).returns.toEqualTypeOf<Ref<bigint>>();
    // @ts-expect-error a number is no i64
    tile({ kind: "iter", inputs: { n: t.i64 }, output: t.i64 }, () => 5);
    // @ts-expect-error the tile declares no error
    tile({ kind: "iter", inputs: {}, output: t.i64 }, () => err("x"));
    // @ts-expect-error there is no such input
    tile({ kind: "iter", inputs: { n: t.i64 }, output: t.i64 }, ({ m }) => m);
  });
});
