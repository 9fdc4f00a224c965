// The codecs of guests against those of core: one encoding, and the same refusals, for every type.

import { checkTypeDescriptor, decodeValue, encodeValue } from "@lumen/core/encoding";
import { describe, expect, expectTypeOf, it } from "vitest";
import { newOutput, Undecodable, written } from "./authoring/bytes.ts";
import { fromDescriptor } from "./authoring/from-descriptor.ts";
import {
  type Infer,
  type Json,
  type Option,
  type Result,
  type Type,
  t,
} from "./authoring/index.ts";

interface Tree {
  readonly label: string;
  readonly children: readonly Tree[];
}

const Shape = t.enum("Shape", {
  Circle: t.f64,
  Rect: { w: t.u16, h: t.i32 },
  Pair: t.tuple(t.bool, t.string),
  Empty: null,
});
const Point = t.struct("Point", { x: t.i64, y: t.i64 });
const TreeType = t.recursive<Tree>("Tree", (tree) =>
  t.struct("Tree", { label: t.string, children: t.list(tree) }),
);
const Key = t.struct("Key", { id: t.u8, name: t.option(t.string), at: t.list(t.i16) });

/** A type and values of it. */
interface Case {
  readonly type: Type<unknown>;
  readonly values: readonly unknown[];
}

const row = <T>(type: Type<T>, ...values: readonly T[]): Case => ({ type, values });

const U64_MAX = 2n ** 64n - 1n;
const TEXTS = ["", "a", "é", "€", "\u{10000}", "\uffff", "\u{10ffff}", "x".repeat(1000), "日本語"];

const CASES: readonly Case[] = [
  row(t.unit, undefined),
  row(t.bool, true, false),
  row(t.u8, 0, 127, 128, 255, -0),
  row(t.u16, 0, 127, 128, 16383, 16384, 65535),
  row(t.u32, 0, 300, 2 ** 28, 2 ** 32 - 1),
  row(t.u64, 0n, 127n, 128n, 2n ** 53n, 2n ** 63n, U64_MAX),
  row(t.i8, 0, -1, 127, -128),
  row(t.i16, 0, -1, 63, 64, -65, 32767, -32768),
  row(t.i32, 0, -1, 2 ** 31 - 1, -(2 ** 31)),
  row(t.i64, 0n, -1n, 64n, -65n, 2n ** 63n - 1n, -(2n ** 63n)),
  row(t.f32, 0, -0, 1.5, 0.1, Number.NaN, Number.POSITIVE_INFINITY),
  row(t.f64, 0, -0, 0.1, Number.NaN, Number.NEGATIVE_INFINITY, Number.MIN_VALUE),
  row(t.string, ...TEXTS),
  row(t.char, "a", "é", "\u{10000}"),
  row(t.bytes, new Uint8Array(), new Uint8Array([0, 255, 128])),
  row(t.json, null, true, 3n, 3, "s", [1n, [null]], {
    b: 1n,
    a: { "\u{10000}": 2, "\uffff": 0.5 },
  }),
  row(t.json, JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}')),
  row(t.option(t.i64), null, 0n, -5n),
  row(t.option(t.option(t.unit)), null, { some: null }, { some: { some: undefined } }),
  row(t.option(t.json), null, { some: null }, { some: 1n }),
  row(t.result(t.u8, t.string), { ok: true, value: 3 }, { ok: false, error: "boom" }),
  row(t.tuple(t.u64, t.string), [2n, "x"]),
  row(t.tuple(t.unit), [undefined]),
  row(t.list(t.list(t.u8)), [], [[1, 2], [], [255]]),
  row(t.list(t.unit), [undefined, undefined]),
  row(t.array(t.u8, 4), [1, 2, 3, 4]),
  row(t.array(t.string, 0), []),
  row(t.set(t.string), new Set<string>(), new Set(["b", "a", "\uffff", "\u{10000}", ""])),
  row(t.set(t.bytes), new Set([new Uint8Array([2]), new Uint8Array([1, 2]), new Uint8Array([1])])),
  row(t.set(t.tuple(t.bool, t.i8)), new Set([[true, -1] as const, [false, 5] as const])),
  row(
    t.map(t.i64, t.bool),
    new Map([
      [5n, true],
      [-5n, false],
      [0n, true],
    ]),
  ),
  row(
    t.map(Key, t.f64),
    new Map([
      [{ id: 2, name: null, at: [] }, 1],
      [{ id: 1, name: "b", at: [1] }, 2],
      [{ id: 1, name: null, at: [2] }, 3],
      [{ id: 1, name: "b", at: [1, 0] }, 4],
    ]),
  ),
  row(
    t.set(t.result(t.char, t.bool)),
    new Set([{ ok: false, error: true } as const, { ok: true, value: "z" } as const]),
  ),
  row(Point, { x: 1n, y: -1n }),
  row(
    Shape,
    { kind: "Circle", value: 1 },
    { kind: "Rect", value: { w: 1, h: -2 } },
    { kind: "Empty" },
    { kind: "Pair", value: [true, "x"] },
  ),
  row(TreeType, {
    label: "a",
    children: [
      { label: "b", children: [] },
      { label: "", children: [] },
    ],
  }),
];

function bytesOf(type: Type<unknown>, value: unknown): Uint8Array {
  const output = newOutput();
  type.write(output, value);
  return written(output);
}

/** The value of bytes, or reason and offset of the refusal. */
function read(type: Type<unknown>, bytes: Uint8Array): { value: unknown } | { refused: string } {
  const input = { bytes, at: 0 };
  try {
    const value = type.read(input);
    return input.at < bytes.length ? { refused: `trailing-bytes ${input.at}` } : { value };
  } catch (error) {
    if (error instanceof Undecodable) return { refused: `${error.reason} ${error.offset}` };
    throw error;
  }
}

/** A generator of numbers with a seed: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function mutated(bytes: Uint8Array, next: () => number): Uint8Array {
  const pick = (n: number): number => Math.floor(next() * n);
  const copy = [...bytes];
  const kind = pick(4);
  if (kind === 0) copy[pick(copy.length || 1)] = pick(256);
  else if (kind === 1)
    copy.splice(pick(copy.length + 1), 0, [0, 1, 0x80, 0xff, pick(256)][pick(5)] ?? 0);
  else if (kind === 2) copy.splice(pick(copy.length + 1), 1 + pick(3));
  else copy.splice(pick(copy.length + 1), 0, ...copy.slice(pick(copy.length + 1)));
  return new Uint8Array(copy);
}

describe.each(CASES.map((c) => [JSON.stringify(c.type.descriptor), c] as const))("%s", (_, c) => {
  const { type, values } = c;
  const { descriptor } = type;

  it("is a type of core, and is made again from its descriptor", () => {
    expect(checkTypeDescriptor(descriptor)).toMatchObject({ ok: true });
    expect(fromDescriptor(descriptor).descriptor).toEqual(descriptor);
  });

  it.each(values.map((value) => [value]))("writes %# as core reads it", (value) => {
    const bytes = bytesOf(type, value);
    const decoded = decodeValue(descriptor, bytes);
    expect(decoded).toMatchObject({ ok: true });
    if (decoded.ok)
      expect(encodeValue(descriptor, decoded.value)).toEqual({ ok: true, value: bytes });
    const back = read(type, bytes);
    expect("value" in back && bytesOf(type, back.value)).toEqual(bytes);
    expect(bytesOf(fromDescriptor(descriptor), value)).toEqual(bytes);
  });

  it("refuses what core refuses, for the same reason at the same byte", () => {
    const next = random(7);
    for (let i = 0; i < 400; i += 1) {
      const value = values[i % values.length];
      const bytes = mutated(bytesOf(type, value), next);
      const theirs = decodeValue(descriptor, bytes);
      const ours = read(type, bytes);
      if (theirs.ok) expect("value" in ours && bytesOf(type, ours.value)).toEqual(bytes);
      else {
        const { details, offset } = theirs.error;
        expect(ours).toEqual({ refused: `${String(details?.reason)} ${offset}` });
      }
    }
  });
});

describe("a value that its type cannot hold", () => {
  it.each<[Type<unknown>, unknown, string]>([
    [t.u8, 256, "$: expected u8 (an integer from 0 to 255), found the number 256"],
    [t.u8, 1.5, "found the number 1.5"],
    [t.i8, -129, "found the number -129"],
    [t.u32, 5n, "found the bigint 5n"],
    [t.u64, 5, "expected u64, a bigint, found the number 5"],
    [t.u64, -1n, "found the bigint -1n"],
    [t.u64, U64_MAX + 1n, "expected u64, within its range"],
    [t.i64, 2n ** 63n, "expected i64, within its range"],
    [t.string, "\ud800", "lone surrogates"],
    [t.string, "a\udc00b", "lone surrogates"],
    [t.string, null, "expected string, found null"],
    [t.char, "ab", "expected char"],
    [t.char, "\ud800", "expected char"],
    [t.bool, 1, "expected bool"],
    [t.f64, "1", "expected f64, a number"],
    [t.bytes, [1], "expected bytes, a Uint8Array, found an array"],
    [t.unit, 1, "expected nothing"],
    [t.list(t.u8), [1, "x"], '$[1]: expected u8 (an integer from 0 to 255), found "x"'],
    [t.list(t.u8), new Set([1]), "expected an array, found a Set"],
    [t.array(t.u8, 2), [1], "expected an array of 2"],
    [t.tuple(t.u8, t.u8), [1], "expected an array of 2"],
    [t.set(t.u8), new Set([256]), "found the number 256"],
    [t.set(t.list(t.u8)), new Set([[1], [1]]), "expected different items"],
    [
      t.map(t.list(t.u8), t.u8),
      new Map([
        [[1], 1],
        [[1], 2],
      ]),
      "expected different items",
    ],
    [t.map(t.string, t.u8), new Map([["a", -1]]), "$.value 0: expected u8"],
    [t.option(t.option(t.u8)), 5, "expected null or { some: value }"],
    [Point, { x: 1n }, "$.y: expected i64, a bigint, found nothing"],
    [Point, null, "expected an object, found null"],
    [Shape, { kind: "Oval" }, "expected a variant of Shape"],
    [Shape, { kind: "Rect", value: { w: 1, h: "x" } }, "$.Rect.h: expected i32"],
    [t.result(t.u8, t.u8), 5, "expected ok(value) or err(error)"],
    [t.json, undefined, "expected json"],
    [t.json, { a: () => 1 }, "expected json"],
    [t.json, 2n ** 63n, "expected i64, within its range"],
    [t.string, Promise.resolve("x"), "found a Promise"],
  ])("%# is refused", (type, value, message) => {
    expect(() => bytesOf(type, value)).toThrow(message);
  });

  it("may hold itself", () => {
    const loop: { label: string; children: unknown[] } = { label: "a", children: [] };
    loop.children.push(loop);
    expect(() => bytesOf(TreeType, loop)).toThrow("at most 128 levels");
    expect(() => bytesOf(t.json, loop)).toThrow("at most 128 levels");
  });
});

describe("declarations", () => {
  it.each<[string, () => unknown]>([
    ["floats have no order", () => t.set(t.f64)],
    ["json has no order", () => t.map(t.json, t.u8)],
    ["maps have no order", () => t.set(t.struct("S", { m: t.map(t.u8, t.u8) }))],
    ["a name that is a number would not keep its place", () => t.struct("S", { 1: t.u8 })],
    ["an enum has variants", () => t.enum("E", {})],
    ["a tuple has items", () => t.tuple()],
    ["a length is an integer", () => t.array(t.u8, 1.5)],
  ])("%s", (_, declare) => {
    expect(declare).toThrow(expect.objectContaining({ code: "E0806" }));
  });

  it("infer the types of TypeScript", () => {
    expectTypeOf<Infer<typeof t.u64>>().toEqualTypeOf<bigint>();
    expectTypeOf<Infer<typeof t.u32>>().toEqualTypeOf<number>();
    expectTypeOf<Infer<typeof Point>>().toEqualTypeOf<{ readonly x: bigint; readonly y: bigint }>();
    expectTypeOf<Infer<typeof Shape>>().toEqualTypeOf<
      | { readonly kind: "Circle"; readonly value: number }
      | { readonly kind: "Rect"; readonly value: { readonly w: number; readonly h: number } }
      | { readonly kind: "Pair"; readonly value: readonly [boolean, string] }
      | { readonly kind: "Empty" }
    >();
    expectTypeOf<Option<string>>().toEqualTypeOf<string | null>();
    expectTypeOf<Option<Json>>().toEqualTypeOf<{ readonly some: Json } | null>();
    const pair = t.tuple(t.result(t.bool, t.string), t.set(t.char));
    expectTypeOf<Infer<typeof pair>>().toEqualTypeOf<
      readonly [Result<boolean, string>, ReadonlySet<string>]
    >();
    const map = t.map(t.i64, t.option(t.bytes));
    expectTypeOf<Infer<typeof map>>().toEqualTypeOf<ReadonlyMap<bigint, Uint8Array | null>>();
    expectTypeOf<Infer<typeof TreeType>>().toEqualTypeOf<Tree>();
  });
});
