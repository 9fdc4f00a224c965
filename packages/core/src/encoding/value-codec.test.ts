// Properties of the value codec over generated types and values, and its refusals at the limits.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../hash/index.ts";
import {
  compareValues,
  Float,
  makeErr,
  makeList,
  makeOk,
  makeVariant,
  mapEntries,
  mapFromEntries,
  Some,
  setFromItems,
  Tuple,
  type TypeDescriptor,
  type Value,
  VariantValue,
} from "../value/index.ts";
import { makeRecord } from "../value/slots.ts";
import {
  checkTypeDescriptor,
  decodeValue,
  encodeValue,
  enumShape,
  parseJson,
  recordShape,
  valueFromJson,
  valueToJsonText,
} from "./index.ts";

const SEED = 4711;

/** A type with a generator of its values. */
interface Sample {
  readonly type: TypeDescriptor;
  readonly values: fc.Arbitrary<Value>;
  readonly isOrdered: boolean;
  readonly hasNull: boolean;
}

function int(low: bigint, high: bigint): fc.Arbitrary<Value> {
  return fc.bigInt({ min: low, max: high }).map((value) => {
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value;
  });
}

const text = fc.string({ unit: "binary", maxLength: 6 });
const float = fc.double().map((value) => new Float(value));
const json: fc.Arbitrary<Value> = fc.letrec<{ json: Value }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    int(-(1n << 63n), (1n << 63n) - 1n),
    float,
    text,
    fc.array(tie("json"), { maxLength: 3 }).map(makeList),
    fc
      .array(fc.tuple(text, tie("json")), { maxLength: 3 })
      .map((pairs) => mapFromEntries(pairs.map(([key, value]) => ({ key, value })))),
  ),
})).json;

function scalar(type: TypeDescriptor, values: fc.Arbitrary<Value>, isOrdered = true): Sample {
  return { type, values, isOrdered, hasNull: type === "unit" || type === "json" };
}

const SCALARS: readonly Sample[] = [
  scalar("unit", fc.constant(null)),
  scalar("bool", fc.boolean()),
  scalar("string", text),
  scalar(
    "bytes",
    fc.uint8Array({ maxLength: 5 }).map((bytes) => Uint8Array.from(bytes)),
  ),
  scalar("char", fc.string({ unit: "binary", minLength: 1, maxLength: 1 })),
  scalar("u8", int(0n, 255n)),
  scalar("u16", int(0n, 65535n)),
  scalar("u32", int(0n, 4294967295n)),
  scalar("u64", int(0n, (1n << 64n) - 1n)),
  scalar("i8", int(-128n, 127n)),
  scalar("i16", int(-32768n, 32767n)),
  scalar("i32", int(-2147483648n, 2147483647n)),
  scalar("i64", int(-(1n << 63n), (1n << 63n) - 1n)),
  scalar(
    "f32",
    fc.float().map((value) => new Float(value)),
    false,
  ),
  scalar("f64", float, false),
  scalar("json", json, false),
];

/** Types up to a depth; `ordered` ones only where asked. */
function samples(depth: number, ordered: boolean): fc.Arbitrary<Sample> {
  const scalars = fc.constantFrom(...SCALARS.filter((one) => one.isOrdered || !ordered));
  if (depth === 0) return scalars;
  const part = samples(depth - 1, ordered);
  const parts = fc.array(part, { minLength: 1, maxLength: 3 });
  const ofParts = [
    part.map(optionOf),
    part.map(listOf),
    part.map((item) => arrayOf(item, 2)),
    parts.map(tupleOf),
    fc.tuple(parts, fc.boolean()).map(([items, reverse]) => recordOf(items, reverse)),
    parts.map(enumOf),
    fc.tuple(part, part).map(([ok, err]) => resultOf(ok, err)),
  ];
  const key = samples(depth - 1, true);
  const containers = ordered ? [] : [key.map(setOf), fc.tuple(key, part).map(mapOf)];
  return fc.oneof(scalars, ...ofParts, ...containers);
}

function sample(
  type: TypeDescriptor,
  from: readonly Sample[],
  values: fc.Arbitrary<Value>,
): Sample {
  return { type, values, isOrdered: from.every((one) => one.isOrdered), hasNull: false };
}

function optionOf(inner: Sample): Sample {
  const present = inner.values.map((value) => (inner.hasNull ? new Some(value) : value));
  const values = fc.oneof(fc.constant(null), present);
  return { ...sample({ option: inner.type }, [inner], values), hasNull: true };
}

function listOf(item: Sample): Sample {
  return sample({ list: item.type }, [item], fc.array(item.values, { maxLength: 3 }).map(makeList));
}

function arrayOf(item: Sample, count: number): Sample {
  const items = fc.array(item.values, { minLength: count, maxLength: count });
  return sample({ array: [item.type, count] }, [item], items.map(makeList));
}

function tupleOf(parts: readonly Sample[]): Sample {
  const items = fc.tuple(...parts.map(({ values }) => values));
  return sample(
    { tuple: parts.map(({ type }) => type) },
    parts,
    items.map((all) => new Tuple(all)),
  );
}

function recordOf(parts: readonly Sample[], reverse: boolean): Sample {
  const fields = parts.map(({ type }, i) => {
    const position = reverse ? parts.length - i : i;
    return [`f${position}`, type] as const;
  });
  const type = { record: { name: "R", fields } };
  const items = fc.tuple(...parts.map(({ values }) => values));
  return sample(
    type,
    parts,
    items.map((all) => makeRecord(recordShape(type.record), all)),
  );
}

function enumOf(parts: readonly Sample[]): Sample {
  const types = parts.map(({ type }) => type);
  const struct = types.map((type, i) => [`s${9 - i}`, type] as const);
  const [first = "unit"] = types;
  const type: Extract<TypeDescriptor, { readonly enum: unknown }> = {
    enum: {
      name: "E",
      variants: [
        ["None", null],
        ["One", first],
        ["Many", { tuple: types }],
        ["Named", { struct }],
      ],
    },
  };
  const shape = enumShape(type.enum);
  const all = fc.tuple(...parts.map(({ values }) => values));
  const values = fc.tuple(fc.integer({ min: 0, max: 3 }), all).map(([tag, items]) => {
    // A payload that is one plain type may not be a tuple, which would be several components.
    const payload = tag === 0 ? [] : tag === 1 ? items.slice(0, 1) : items;
    return makeVariant(shape, tag, payload);
  });
  const isPlain = typeof first !== "object" || !("tuple" in first);
  return sample(type, parts, isPlain ? values : values.filter(({ variant: { tag } }) => tag !== 1));
}

function resultOf(ok: Sample, err: Sample): Sample {
  const values = fc.oneof(ok.values.map(makeOk), err.values.map(makeErr));
  return sample({ result: [ok.type, err.type] }, [ok, err], values);
}

function setOf(item: Sample): Sample {
  const items = fc.array(item.values, { maxLength: 4 }).map(setFromItems);
  return { ...sample({ set: item.type }, [item], items), isOrdered: false };
}

function mapOf([key, value]: [Sample, Sample]): Sample {
  const pairs = fc.array(fc.tuple(key.values, value.values), { maxLength: 4 });
  const values = pairs.map((all) => mapFromEntries(all.map(([k, v]) => ({ key: k, value: v }))));
  return { ...sample({ map: [key.type, value.type] }, [key, value], values), isOrdered: false };
}

const typed = samples(2, false).chain((one) => fc.tuple(fc.constant(one.type), one.values));

function encoded(type: TypeDescriptor, value: Value): Uint8Array {
  const bytes = encodeValue(type, value);
  if (!bytes.ok) throw new Error(bytes.error.message);
  return bytes.value;
}

describe("generated values", () => {
  it("are decoded to equal values", () => {
    fc.assert(
      fc.property(typed, ([type, value]) => {
        expect(checkTypeDescriptor(type).ok).toBe(true);
        const decoded = decodeValue(type, encoded(type, value));
        return decoded.ok && compareValues(decoded.value, value) === 0;
      }),
      { seed: SEED, numRuns: 1500 },
    );
  });

  it("are written as JSON that reads back", () => {
    fc.assert(
      fc.property(typed, ([type, value]) => {
        const written = valueToJsonText(type, value);
        if (!written.ok) return written.error.message.startsWith("JSON has no number");
        const node = parseJson(written.value);
        const again = node.ok ? valueFromJson(type, node.value) : node;
        if (!again.ok) throw new Error(`${again.error.message} in ${written.value}`);
        return toHex(encoded(type, again.value)) === toHex(encoded(type, value));
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it("have one encoding: mutated bytes are refused or encode to themselves", () => {
    const mutated = fc.tuple(typed, fc.nat(), fc.nat(255), fc.constantFrom("set", "cut", "add"));
    let accepted = 0;
    fc.assert(
      fc.property(mutated, ([[type, value], at, byte, how]) => {
        const bytes = [...encoded(type, value)];
        const index = bytes.length === 0 ? 0 : at % bytes.length;
        if (how === "set") bytes[index] = byte;
        else if (how === "cut") bytes.splice(index, 1);
        else bytes.splice(index, 0, byte);
        const input = Uint8Array.from(bytes);
        const strict = decodeValue(type, input);
        if (strict.ok) {
          accepted += 1;
          expect(toHex(encoded(type, strict.value))).toBe(toHex(input));
        } else {
          expect(strict.error.code).toBe("E_DECODE");
        }
        // Whatever strict accepts, lenient reads alike.
        const lenient = decodeValue(type, input, { mode: "lenient" });
        if (strict.ok) expect(lenient.ok && compareValues(lenient.value, strict.value)).toBe(0);
      }),
      { seed: SEED, numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it("are encoded independently of the order of insertion", () => {
    const record = { name: "K", fields: [["z", "i8"] as const, ["a", "i8"] as const] };
    const type: TypeDescriptor = { map: [{ record }, "u8"] };
    const shape = recordShape(record);
    const key = (z: number, a: number) => makeRecord(shape, [z, a]);
    const entries = [key(1, 2), key(2, 1), key(1, 1)].map((one, i) => ({ key: one, value: i }));
    const forwards = mapFromEntries(entries);
    // The language iterates by alphabetical fields, the wire by declaration.
    expect(mapEntries(forwards).map(({ value }) => value)).toEqual([2, 1, 0]);
    expect(toHex(encoded(type, forwards))).toBe("03010102010200020101");
    expect(toHex(encoded(type, mapFromEntries([...entries].reverse())))).toBe(
      "03010102010200020101",
    );
  });
});

describe("refusals while encoding", () => {
  const person: Extract<TypeDescriptor, { readonly record: unknown }> = {
    record: {
      name: "Person",
      fields: [
        ["name", "string"],
        ["age", "u8"],
      ],
    },
  };
  const personOf = (name: Value, age: Value) => makeRecord(recordShape(person.record), [name, age]);

  it.each<[string, TypeDescriptor, Value, string]>([
    ["a wrong scalar", "i64", "x", '$: expected i64, found String "x"'],
    ["an Int beyond its type", "u8", 256, "$: expected u8, found Int 256"],
    ["a negative unsigned", "u64", -1, "$: expected u64, found Int -1"],
    ["an Int beyond i64", "i64", 1n << 63n, "$: expected i64, found Int 9223372036854775808"],
    ["an Int for a float", "f64", 1, "$: expected f64, found Int 1"],
    ["a Float for an int", "i64", new Float(1), "$: expected i64, found Float 1.0"],
    ["an item", { list: "u8" }, makeList([1, 2, null]), "$[2]: expected u8, found Null"],
    [
      "a field in a list",
      { list: person },
      makeList([personOf("a", 1), personOf("b", -1)]),
      "$[1].age: expected u8, found Int -1",
    ],
    ["a missing item", { array: ["u8", 2] }, makeList([1]), "$: expected array[u8, 2], found List"],
    [
      "a tuple of another size",
      { tuple: ["u8"] },
      new Tuple([1, 2]),
      "$: expected tuple[u8], found Tuple",
    ],
    [
      "another record",
      person,
      makeRecord({ name: "P", fields: [] }, []),
      "$: expected Person, found P",
    ],
    [
      "an error payload",
      { result: ["u8", "string"] },
      makeErr(1),
      "$.err: expected string, found Int 1",
    ],
    [
      "a map value",
      { map: ["string", "u8"] },
      mapFromEntries([{ key: "odd key", value: 300 }]),
      '$["odd key"]: expected u8, found Int 300',
    ],
    ["two scalars as a char", "char", "ab", '$: expected char, found String "ab"'],
    ["a lone surrogate", { option: "string" }, "\ud800", "$: the string has a lone surrogate"],
    [
      "a tuple as json",
      { list: "json" },
      makeList([new Tuple([])]),
      "$[0]: expected json, found Tuple",
    ],
    [
      "a key of json",
      "json",
      mapFromEntries([{ key: 1, value: 1 }]),
      "$[1]: expected a string as the key, found Int 1",
    ],
  ])("names %s", (_, type, value, message) => {
    const bytes = encodeValue(type, value);
    if (bytes.ok) throw new Error("encoded");
    expect(bytes.error.code).toBe("E_ENCODE");
    expect(bytes.error.message).toBe(`Failed to serialize output: ${message}`);
    expect(bytes.error.path).toBe(message.slice(0, message.indexOf(": ")));
  });

  it("refuses keys that are one on the wire", () => {
    const type: TypeDescriptor = { set: person };
    const other = { name: "Person", fields: ["name", "age"] };
    const generic: TypeDescriptor = { set: { record: { ...person.record, name: "Person[Int]" } } };
    const twins = setFromItems([
      makeRecord(other, ["a", 1]),
      makeRecord({ ...other, name: "Person[Int]" }, ["a", 1]),
    ]);
    expect(encodeValue(type, twins).ok).toBe(false);
    const bytes = encodeValue(generic, twins);
    expect(!bytes.ok && bytes.error.message).toContain("the set holds this item twice");
  });
});

describe("limits (formats 4.2 rule 6)", () => {
  const chain: TypeDescriptor = {
    rec: {
      name: "Chain",
      type: {
        enum: {
          name: "Chain",
          variants: [
            ["End", null],
            ["Next", { ref: "Chain" }],
          ],
        },
      },
    },
  };
  const links = (count: number) => `${"01".repeat(count)}00`;

  it("accepts 128 levels and refuses 129, in both directions", () => {
    const deepest = decodeValue(chain, fromHex(links(127)) ?? new Uint8Array(0));
    if (!deepest.ok) throw new Error(deepest.error.message);
    expect(toHex(encoded(chain, deepest.value))).toBe(links(127));
    const deeper = decodeValue(chain, fromHex(links(128)) ?? new Uint8Array(0));
    expect(!deeper.ok && deeper.error.details).toEqual({ reason: "too-deep" });
    if (!(deepest.value instanceof VariantValue)) throw new Error("no variant");
    const value = makeVariant(deepest.value.variant.shape, 1, [deepest.value]);
    const bytes = encodeValue(chain, value);
    expect(!bytes.ok && bytes.error.message).toContain("deeper than 128");
  });

  it.each<[string, TypeDescriptor, string, string]>([
    ["a count above 2^31-1", { list: "u8" }, "8080808008", "length-exceeds-input"],
    ["a count of large items", { list: "f64" }, "020000000000000000", "end-of-input"],
    ["2^20 + 1 items without bytes", { list: "unit" }, "818040", "too-large"],
    ["an array without bytes", { array: ["unit", 2 ** 20 + 1] }, "", "too-large"],
    ["nested arrays without bytes", { array: [{ array: ["unit", 2000] }, 2000] }, "", "too-large"],
    [
      "a type without finite values",
      { rec: { name: "X", type: { tuple: [{ ref: "X" }] } } },
      "",
      "too-deep",
    ],
    ["a long array", { array: ["u8", 2 ** 31 - 1] }, "00", "end-of-input"],
  ])("refuses %s", (_, type, bytes, reason) => {
    expect(checkTypeDescriptor(type).ok).toBe(true);
    const value = decodeValue(type, fromHex(bytes) ?? new Uint8Array(0));
    expect(!value.ok && value.error.details).toEqual({ reason });
  });

  it("accepts 2^20 items without bytes", () => {
    const value = decodeValue({ list: "unit" }, Uint8Array.of(0x80, 0x80, 0x40));
    expect(value.ok && Array.isArray(value.value) && value.value.length).toBe(2 ** 20);
  });

  it("knows the smallest size of recursive items", () => {
    const tree: TypeDescriptor = {
      rec: {
        name: "T",
        type: { record: { name: "T", fields: [["children", { list: { ref: "T" } }]] } },
      },
    };
    const value = decodeValue(tree, Uint8Array.of(0x02, 0x00));
    expect(!value.ok && [value.error.offset, value.error.details]).toEqual([
      0,
      { reason: "end-of-input" },
    ]);
    expect(decodeValue(tree, Uint8Array.of(0x02, 0x00, 0x00)).ok).toBe(true);
  });

  it("lowers the size limit on request", () => {
    const bytes = encoded("string", "12345");
    expect(decodeValue("string", bytes, { bytesMax: 6 }).ok).toBe(true);
    const refused = decodeValue("string", bytes, { bytesMax: 5 });
    expect(!refused.ok && refused.error.details).toEqual({ reason: "too-large" });
  });
});
