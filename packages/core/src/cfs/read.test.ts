// One refusal per rule of spec/formats.md 9.3, each made by one change of a document that passes.

import { describe, expect, it } from "vitest";
import { readCfs, schemaHash, selectEntry } from "./read.ts";

type Json = { [key: string]: unknown };

const input = (index: number): Json => ({ source: { type: "seq_input", input_index: index } });
const external = (): Json => ({ source: { type: "external" } });
const output = (item: number, index = 0, up = 0): Json => ({
  source: { type: "item_output", item_index: item, output_index: index, up },
});
const literal = (type: unknown, bytes: string): Json => ({
  source: { type: "external" },
  literal: { type, bytes },
});
const call = (id: string, ...args: Json[]): Json => ({
  item_type: "tile",
  item_id: id,
  input_sources: args,
});

const shape = {
  enum: {
    name: "Shape",
    variants: [
      ["Dot", null],
      ["Line", "i64"],
      ["Box", { tuple: ["i64", "bool"] }],
    ],
  },
};

/** A 1.1 document that uses every form once. */
function base(): Json {
  const branch = {
    item_type: "branch",
    item_id: "b0",
    input_sources: [input(1)],
    arms: [
      { when: { variant: "Dot" }, items: [], output: input(0) },
      {
        when: { variant: "Line" },
        items: [call("inc", { source: { type: "arm_input", input_index: 0 } })],
        output: output(0),
      },
      { when: { default: true }, items: [], output: output(0, 1, 1) },
    ],
    outputs: 1,
  };
  const whileLoop = {
    item_type: "loop",
    item_id: "l0",
    mode: "while",
    input_sources: [output(1)],
    head: {
      items: [call("is_big", { source: { type: "loop_state", input_index: 0 } })],
      condition: output(0),
    },
    body: {
      items: [call("inc", { source: { type: "loop_state", input_index: 0 } })],
      next: [output(0)],
    },
    max_iterations: 5,
    outputs: 1,
  };
  const forEach = {
    item_type: "loop",
    item_id: "l1",
    mode: "for_each",
    input_sources: [literal({ list: "i64" }, "020204"), output(2)],
    body: {
      items: [
        call(
          "add",
          { source: { type: "loop_state", input_index: 0 } },
          { source: { type: "loop_element" } },
        ),
        call("add", output(0), { source: { type: "loop_index" } }),
      ],
      next: [output(0)],
      collect: output(1),
    },
    outputs: 2,
  };
  const tile = (id: string, types: unknown[], result: unknown, outputs = 1): Json => ({
    id,
    type: "iter",
    inputs: types.length,
    outputs,
    input_types: types,
    output_type: result,
  });
  return {
    version: "1.1",
    project: "p",
    encoding: "postcard",
    types: { Shape: shape },
    tiles: [
      tile("add", ["i64", "i64"], "i64"),
      {
        id: "count",
        type: "recur",
        inputs: 1,
        outputs: 2,
        input_types: ["i64"],
        output_type: { tuple: ["bool", "i64"] },
      },
      tile("inc", ["i64"], "i64"),
      tile("is_big", ["i64"], "bool"),
      tile("tick", [], "unit", 0),
    ],
    sequences: [
      {
        id: "main",
        input_sources: [external(), external()],
        input_types: ["i64", { ref: "Shape" }],
        items: [
          { ...call("count", input(0)), recursive: true },
          branch,
          whileLoop,
          forEach,
          { item_type: "sequence", item_id: "sub", input_sources: [output(3, 0)] },
        ],
        outputs: 2,
        output: { tuple: [output(4), output(3, 1)] },
        output_type: { tuple: ["i64", { list: "i64" }] },
      },
      {
        id: "sub",
        input_sources: [external()],
        input_types: ["i64"],
        items: [call("inc", input(0)), call("tick")],
        outputs: 1,
        output: output(0),
      },
    ],
  };
}

/** The document with the value at a JSON pointer replaced; undefined removes it, `-` appends. */
function changed(pointer: string, value: unknown): Json {
  const document = base();
  const keys = pointer.split("/").slice(1);
  const last = keys.pop() ?? "";
  let at: unknown = document;
  for (const key of keys) at = (at as Json)[key];
  if (last === "-") (at as unknown[]).push(value);
  else if (value === undefined) delete (at as Json)[last];
  else (at as Json)[last] = value;
  return document;
}

const ITEMS = "/sequences/0/items";

/** Code and path of the refusal, null for both if the document passes. */
function refusalOf(document: unknown): { readonly code: string | null; readonly path?: string } {
  const result = readCfs(document);
  if (result.ok) return { code: null };
  const { code, path } = result.error;
  return { code, ...(path === undefined ? {} : { path }) };
}

interface Case {
  readonly at: string;
  readonly value: unknown;
  readonly code: string | null;
  /** Where the refusal points; the changed place if absent. */
  readonly path?: string;
}

const cases: { readonly [stage: string]: readonly Case[] } = {
  "1 version and encoding": [
    { at: "/version", value: "1.2", code: "E_UNSUPPORTED_VERSION" },
    { at: "/version", value: undefined, code: "E_MALFORMED" },
    { at: "/encoding", value: "json", code: "E_UNSUPPORTED_VERSION" },
    { at: "/encoding", value: 1, code: "E_MALFORMED" },
  ],
  "2 shape": [
    { at: "/project", value: undefined, code: "E_MALFORMED" },
    { at: "/tiles/0/inputs", value: "-1", code: "E_MALFORMED" },
    { at: "/tiles/0/inputs", value: "02", code: "E_MALFORMED" },
    { at: "/tiles/0/inputs", value: "2", code: null },
    { at: "/tiles/0/note", value: 1.5, code: "E_MALFORMED" },
    { at: "/tiles/0/note", value: "\ud800", code: "E_MALFORMED" },
    { at: "/tiles/0/note", value: { any: ["thing", null] }, code: null },
    { at: "/tiles/0/input_types", value: ["i64"], code: "E_MALFORMED" },
    { at: "/tiles/0/input_names", value: ["a"], code: "E_MALFORMED" },
    { at: "/tiles/0/input_names", value: ["a", "b"], code: null },
    { at: "/tiles/0/output_type", value: "i65", code: "E_MALFORMED" },
    { at: "/tiles/0/output_type", value: { ref: "Nobody" }, code: "E_MALFORMED" },
    {
      at: "/tiles/0/output_type",
      value: { set: "f64" },
      code: "E_NOT_SERIALIZABLE",
      path: "/tiles/0/output_type/set",
    },
    { at: "/tiles/0/max_iterations", value: 0, code: "E_MALFORMED" },
    { at: "/tiles/0/code", value: "00", code: "E_MALFORMED" },
    { at: "/tiles/0/code", value: "00".repeat(32), code: null },
    {
      at: "/tiles/0/method_ids",
      value: { native: "0G" },
      code: "E_MALFORMED",
      path: "/tiles/0/method_ids/native",
    },
    {
      at: "/types/Loop",
      value: { list: { ref: "Loop" } },
      code: "E_MALFORMED",
      path: "/types/Loop/list",
    },
    { at: "/types/Tree", value: { rec: { name: "T", type: { list: { ref: "T" } } } }, code: null },
    { at: "/schema_hash", value: "ff", code: "E_MALFORMED" },
    { at: "/compiler", value: { name: "lumen" }, code: "E_MALFORMED", path: "/compiler/version" },
    {
      at: "/sequences/0/input_sources/0",
      value: input(0),
      code: "E_MALFORMED",
      path: "/sequences/0/input_sources/0/source/type",
    },
    { at: `${ITEMS}/0/item_type`, value: "cell", code: "E_MALFORMED" },
    { at: `${ITEMS}/0/input_sources/0/source/type`, value: "magic", code: "E_MALFORMED" },
    { at: `${ITEMS}/0/recursive`, value: 1, code: "E_MALFORMED" },
    { at: `${ITEMS}/1/arms/0/when`, value: { default: true }, code: "E_MALFORMED" },
    { at: `${ITEMS}/1/arms/0/when`, value: { bool: true, int: 1 }, code: "E_MALFORMED" },
    { at: `${ITEMS}/1/arms/0/when`, value: {}, code: "E_MALFORMED" },
    { at: `${ITEMS}/1/arms/2/when/default`, value: false, code: "E_MALFORMED" },
    { at: `${ITEMS}/2/mode`, value: "until", code: "E_MALFORMED" },
    { at: `${ITEMS}/2/head`, value: undefined, code: "E_MALFORMED" },
    { at: `${ITEMS}/2/body/collect`, value: output(0), code: "E_MALFORMED" },
    { at: `${ITEMS}/3/head`, value: { items: [], condition: input(0) }, code: "E_MALFORMED" },
    { at: `${ITEMS}/3/input_sources/0/literal/bytes`, value: "0", code: "E_MALFORMED" },
    { at: `${ITEMS}/3/input_sources/0/source`, value: { type: "loop_index" }, code: "E_MALFORMED" },
  ],
  "3 ids": [
    { at: "/tiles/0/id", value: "a-b", code: "E_BAD_ID" },
    { at: "/tiles/0/id", value: "a".repeat(129), code: "E_BAD_ID" },
    { at: "/sequences/1/id", value: "1st", code: "E_BAD_ID" },
    { at: `${ITEMS}/1/item_id`, value: "", code: "E_BAD_ID" },
  ],
  "4 unique": [
    { at: "/tiles/1/id", value: "add", code: "E_DUPLICATE_ID" },
    { at: "/sequences/1/id", value: "main", code: "E_DUPLICATE_ID" },
    { at: "/sequences/1/id", value: "inc", code: "E_DUPLICATE_ID" },
  ],
  "5 kinds": [
    { at: "/tiles/0/type", value: "loop", code: "E_TILE_KIND_UNKNOWN" },
    { at: "/sequences/1/items/0/recursive", value: true, code: "E_TILE_KIND_UNKNOWN" },
    { at: `${ITEMS}/1/recursive`, value: true, code: "E_TILE_KIND_UNKNOWN" },
    { at: `${ITEMS}/4/recursive`, value: true, code: "E_TILE_KIND_UNKNOWN" },
  ],
  "6 recur signature": [
    { at: "/tiles/1/outputs", value: 1, code: "E_RECUR_SIGNATURE" },
    { at: "/tiles/1/output_type", value: { tuple: ["i64", "i64"] }, code: "E_RECUR_SIGNATURE" },
    { at: "/tiles/1/output_type", value: { tuple: ["bool", "bool"] }, code: "E_RECUR_SIGNATURE" },
    { at: "/tiles/4/type", value: "recur", code: "E_RECUR_SIGNATURE", path: "/tiles/4/inputs" },
  ],
  "7 callees": [{ at: `${ITEMS}/0/item_id`, value: "nobody", code: "E_UNKNOWN_CALLEE" }],
  "8 item types": [{ at: `${ITEMS}/4/item_type`, value: "tile", code: "E_ITEM_TYPE_MISMATCH" }],
  "9 arity": [
    { at: `${ITEMS}/0/input_sources`, value: [], code: "E_ARITY" },
    {
      at: `${ITEMS}/4/input_sources/-`,
      value: input(0),
      code: "E_ARITY",
      path: `${ITEMS}/4/input_sources`,
    },
    { at: `${ITEMS}/1/input_sources`, value: [], code: "E_ARITY" },
    { at: `${ITEMS}/1/arms/0/output`, value: undefined, code: "E_ARITY" },
    { at: `${ITEMS}/1/arms/0/output`, value: { tuple: [] }, code: "E_ARITY" },
    { at: `${ITEMS}/2/body/next`, value: [], code: "E_ARITY" },
    { at: `${ITEMS}/2/outputs`, value: 2, code: "E_ARITY" },
    { at: `${ITEMS}/3/outputs`, value: 1, code: "E_ARITY" },
    { at: `${ITEMS}/3/input_sources`, value: [], code: "E_ARITY" },
    { at: "/sequences/0/outputs", value: 3, code: "E_ARITY" },
    { at: "/sequences/1/output", value: undefined, code: "E_ARITY", path: "/sequences/1/outputs" },
  ],
  "10 forward references": [
    {
      at: `${ITEMS}/2/input_sources/0`,
      value: output(2),
      code: "E_FORWARD_REF",
      path: `${ITEMS}/2/input_sources/0/source/item_index`,
    },
    {
      at: `${ITEMS}/1/arms/2/output`,
      value: output(1, 0, 1),
      code: "E_FORWARD_REF",
      path: `${ITEMS}/1/arms/2/output/source/item_index`,
    },
    {
      at: `${ITEMS}/2/head/condition`,
      value: output(1),
      code: "E_FORWARD_REF",
      path: `${ITEMS}/2/head/condition/source/item_index`,
    },
  ],
  "11 ranges": [
    { at: `${ITEMS}/0/input_sources/0/source/input_index`, value: 2, code: "E_BINDING_RANGE" },
    {
      at: `${ITEMS}/1/arms/2/output`,
      value: output(0, 2, 1),
      code: "E_BINDING_RANGE",
      path: `${ITEMS}/1/arms/2/output/source/output_index`,
    },
    {
      at: `${ITEMS}/1/arms/2/output`,
      value: output(0, 0, 2),
      code: "E_BINDING_RANGE",
      path: `${ITEMS}/1/arms/2/output/source`,
    },
    {
      at: `${ITEMS}/1/arms/1/items/0/input_sources/0/source/input_index`,
      value: 1,
      code: "E_BINDING_RANGE",
    },
    {
      at: `${ITEMS}/1/arms/1/items/0/input_sources/0/source/up`,
      value: 1,
      code: "E_BINDING_RANGE",
      path: `${ITEMS}/1/arms/1/items/0/input_sources/0/source`,
    },
    {
      at: `${ITEMS}/0/input_sources/0/source`,
      value: { type: "loop_state", input_index: 0 },
      code: "E_BINDING_RANGE",
    },
    {
      at: `${ITEMS}/2/body/items/0/input_sources/0/source/input_index`,
      value: 1,
      code: "E_BINDING_RANGE",
    },
    {
      at: `${ITEMS}/2/body/items/0/input_sources/0/source`,
      value: { type: "loop_index" },
      code: "E_BINDING_RANGE",
    },
    {
      at: "/sequences/1/output",
      value: output(1, 1),
      code: "E_BINDING_RANGE",
      path: "/sequences/1/output/source/output_index",
    },
  ],
  "12 outputs of sequences": [
    {
      at: "/sequences/1/outputs",
      value: undefined,
      code: "E_SEQ_OUTPUT_UNKNOWN",
      path: "/sequences/0/output/tuple/0/source/item_index",
    },
  ],
  "13 external arguments": [
    {
      at: "/sequences/1/items/0/input_sources/0",
      value: external(),
      code: "E_UNBOUND_ARGUMENT",
      path: "/sequences/1/items/0/input_sources/0/source",
    },
    { at: `${ITEMS}/0/input_sources/0`, value: external(), code: null },
    { at: `${ITEMS}/0/input_sources/0`, value: { ...external(), external_index: 2 }, code: null },
    {
      at: `${ITEMS}/0/input_sources/0`,
      value: { ...external(), external_index: 1 },
      code: "E_BINDING_RANGE",
      path: `${ITEMS}/0/input_sources/0/external_index`,
    },
    {
      at: "/sequences/0/input_sources/1",
      value: { ...external(), external_index: 0 },
      code: "E_BINDING_RANGE",
      path: "/sequences/0/input_sources/1/external_index",
    },
    {
      at: `${ITEMS}/2/head/condition`,
      value: external(),
      code: "E_UNBOUND_ARGUMENT",
      path: `${ITEMS}/2/head/condition/source`,
    },
    { at: `${ITEMS}/0/input_sources/0/external_index`, value: 0, code: "E_BINDING_RANGE" },
  ],
  "14 cycles": [
    {
      at: "/sequences/1/items/-",
      value: { item_type: "sequence", item_id: "main", input_sources: [input(0), input(0)] },
      code: "E_CYCLE",
      path: `${ITEMS}/4`,
    },
    {
      at: "/sequences/1/items/-",
      value: { item_type: "sequence", item_id: "sub", input_sources: [input(0)] },
      code: "E_CYCLE",
      path: "/sequences/1/items/2",
    },
  ],
  "15 types": [
    {
      at: "/sequences/1/input_types/0",
      value: "u64",
      code: "E_TYPE_MISMATCH",
      path: `${ITEMS}/4/input_sources/0`,
    },
    {
      at: "/sequences/0/output_type",
      value: { tuple: ["i64", { list: "u8" }] },
      code: "E_TYPE_MISMATCH",
      path: "/sequences/0/output",
    },
    { at: "/tiles/0/outputs", value: 0, code: "E_TYPE_MISMATCH" },
    {
      at: "/sequences/1/output_type",
      value: "bool",
      code: "E_TYPE_MISMATCH",
      path: "/sequences/0/output",
    },
    { at: `${ITEMS}/1/arms/0/when`, value: { variant: "Circle" }, code: "E_TYPE_MISMATCH" },
    { at: `${ITEMS}/1/arms/0/when`, value: { bool: true }, code: "E_TYPE_MISMATCH" },
    { at: `${ITEMS}/1/arms/0/when`, value: { string: "x" }, code: "E_TYPE_MISMATCH" },
    { at: `${ITEMS}/1/arms/0/when`, value: { int: 1 }, code: "E_TYPE_MISMATCH" },
    {
      at: `${ITEMS}/1/arms/2/when`,
      value: { variant: "Line" },
      code: "E_TYPE_MISMATCH",
      path: `${ITEMS}/1/arms`,
    },
    { at: `${ITEMS}/1/arms/2/when`, value: { variant: "Box" }, code: null },
    { at: `${ITEMS}/1/arms/2/output`, value: input(1), code: "E_TYPE_MISMATCH" },
    {
      at: `${ITEMS}/2/head/condition`,
      value: { source: { type: "loop_state", input_index: 0 } },
      code: "E_TYPE_MISMATCH",
    },
    { at: `${ITEMS}/2/body/next/0`, value: input(1), code: "E_TYPE_MISMATCH" },
    { at: `${ITEMS}/3/input_sources/0`, value: input(0), code: "E_TYPE_MISMATCH" },
    { at: `${ITEMS}/3/input_sources/0/literal/bytes`, value: "0202", code: "E_TYPE_MISMATCH" },
    { at: `${ITEMS}/3/input_sources/0/literal/bytes`, value: "02020400", code: "E_TYPE_MISMATCH" },
  ],
  "16 schema hash": [{ at: "/schema_hash", value: "00".repeat(32), code: "E_SCHEMA_HASH" }],
};

describe("checks of 9.3", () => {
  it("accepts the document that the cases change", () => {
    expect(refusalOf(base())).toEqual({ code: null });
  });

  for (const [stage, list] of Object.entries(cases)) {
    describe(`stage ${stage}`, () => {
      it.each(list)("$at = $value gives $code", ({ at, value, code, path }) => {
        const expected = code === null ? { code } : { code, path: path ?? at };
        expect(refusalOf(changed(at, value))).toEqual(expected);
      });
    });
  }

  it("runs earlier stages over the whole document first", () => {
    const document = changed(`${ITEMS}/0/item_id`, "nobody");
    (document.sequences as Json[])[1] = { id: "x-y", input_sources: [], items: [] };
    expect(refusalOf(document)).toEqual({ code: "E_BAD_ID", path: "/sequences/1/id" });
  });

  it("refuses tests that cannot be decided without a type", () => {
    const document = changed("/sequences/0/input_types", undefined);
    const path = `${ITEMS}/1/arms/0/when`;
    expect(refusalOf(document)).toEqual({ code: "E_TYPE_MISMATCH", path });
  });

  it("takes types from signatures where the document has none, and checks them", () => {
    const document = changed("/tiles/2/output_type", undefined);
    expect(refusalOf(document)).toEqual({ code: null });
    const signature = { inputTypes: ["i64"], outputType: "bool" } as const;
    const options = { signatureOf: (id: string) => (id === "inc" ? signature : undefined) };
    const result = readCfs(document, options);
    expect(result.ok ? null : result.error.code).toBe("E_TYPE_MISMATCH");
  });

  it("refuses deep nesting and large types instead of running out of stack or memory", () => {
    let deep: unknown = "i64";
    for (let i = 0; i < 100_000; i += 1) deep = { list: deep };
    expect(refusalOf(changed("/types/Deep", deep)).code).toBe("E_MALFORMED");
    const types: Json = { Shape: shape, T0: "i64" };
    for (let i = 1; i < 64; i += 1) types[`T${i}`] = { tuple: Array(2).fill({ ref: `T${i - 1}` }) };
    expect(refusalOf(changed("/types", types)).code).toBe("E_MALFORMED");
  });

  it("accepts a long chain of sequences", () => {
    const sequences: Json[] = [{ id: "s0", input_sources: [], items: [] }];
    for (let i = 1; i < 5000; i += 1) {
      const items = [{ item_type: "sequence", item_id: `s${i - 1}`, input_sources: [] }];
      sequences.push({ id: `s${i}`, input_sources: [], items });
    }
    const document = { version: "1.0", project: "p", encoding: "postcard", tiles: [], sequences };
    expect(refusalOf(document)).toEqual({ code: null });
  });

  it("names the file and both versions in its refusal", () => {
    const result = readCfs(changed("/version", "2.0"), { subject: "cfs.json" });
    expect(result.ok ? null : result.error).toMatchObject({
      code: "E_UNSUPPORTED_VERSION",
      kind: "UnsupportedVersion",
      format: "cfs",
      found: "2.0",
      supported: ["1.0", "1.1"],
      subject: "cfs.json",
    });
  });
});

describe("schema hash", () => {
  it("ignores the hash field itself and covers unknown fields", () => {
    const plain = schemaHash(base());
    expect(schemaHash(changed("/schema_hash", "00".repeat(32)))).toEqual(plain);
    expect(schemaHash(changed("/note", "x"))).not.toEqual(plain);
    const stated = changed("/schema_hash", Buffer.from(plain).toString("hex"));
    expect(refusalOf(stated)).toEqual({ code: null });
  });
});

describe("entry rule", () => {
  const sequence = (id: string) => ({ id }) as never;

  it("takes the requested sequence, else the entry field, else main", () => {
    const sequences = [sequence("main"), sequence("other")];
    expect(selectEntry({ entry: null, sequences })).toEqual({ ok: true, value: "main" });
    expect(selectEntry({ entry: "other", sequences })).toEqual({ ok: true, value: "other" });
    expect(selectEntry({ entry: "other", sequences }, "main")).toEqual({ ok: true, value: "main" });
  });

  it("refuses none and several", () => {
    const none = selectEntry({ entry: null, sequences: [sequence("begin")] });
    expect(none.ok ? null : none.error).toMatchObject({
      code: "E_NO_ENTRY",
      hint: "pass --sequence begin",
    });
    const two = [sequence("main"), sequence("main")];
    const several = selectEntry({ entry: null, sequences: two });
    expect(several.ok ? null : several.error.code).toBe("E_ENTRY_AMBIGUOUS");
  });
});
