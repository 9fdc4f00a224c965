// Writing schemas: order, version, unknown fields; and the external input vector of what was
// written.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileSchema } from "./compile.ts";
import type { BindingDocument, CfsDocument } from "./document.ts";
import { startRun } from "./machine.ts";
import { readCfs, schemaHash } from "./read.ts";
import { firstControlItem, orderedCfs, writeCfs } from "./write.ts";

const file = new URL("../../../../spec/vectors/raster-worked.json", import.meta.url);
const worked: { readonly control: { readonly cfs: CfsDocument } } = JSON.parse(
  readFileSync(file, "utf8"),
);

const external: BindingDocument = { source: { type: "external" } };
const param: BindingDocument = { source: { type: "seq_input", input_index: 0 } };

const tiles: CfsDocument["tiles"] = [
  {
    outputs: 1,
    inputs: 2,
    type: "iter",
    id: "put",
    input_types: ["i64", "bool"],
    output_type: "i64",
  },
  { id: "get", type: "iter", inputs: 1, outputs: 1, input_types: ["i64"], input_names: ["n"] },
];

const flat: CfsDocument = {
  sequences: [
    {
      id: "main",
      items: [
        { item_type: "tile", input_sources: [param, external], item_id: "put" },
        { item_type: "tile", item_id: "get", input_sources: [external] },
      ],
      input_sources: [external],
      input_names: ["x"],
      input_types: ["i64"],
    },
  ],
  tiles,
  encoding: "postcard",
  project: "p",
};

describe("writing a schema", () => {
  it("orders keys, tiles and sequences, and ends with a newline", () => {
    const text = writeCfs(flat);
    expect(Object.keys(JSON.parse(text))).toEqual([
      "version",
      "project",
      "encoding",
      "tiles",
      "sequences",
    ]);
    expect(JSON.parse(text).tiles.map((tile: { id: string }) => tile.id)).toEqual(["get", "put"]);
    expect(text).toContain('"item_type": "tile",\n          "item_id": "put",');
    expect(text.endsWith("}\n")).toBe(true);
  });

  it("writes 1.0 without branches and loops, 1.1 with", () => {
    expect(orderedCfs(flat)).toMatchObject({ version: "1.0" });
    expect(orderedCfs(worked.control.cfs)).toMatchObject({ version: "1.1" });
    expect(firstControlItem(flat)).toBe(null);
    expect(firstControlItem(worked.control.cfs)).toBe("/sequences/0/items/0");
  });

  it("keeps unknown fields, behind the known ones, and the schema hash", () => {
    const { cfs } = worked.control;
    expect(schemaHash(orderedCfs(cfs))).toEqual(schemaHash(cfs));
    const extended = { x_note: "hi", ...cfs } as CfsDocument;
    const keys = Object.keys(orderedCfs(extended));
    expect(keys.at(-1)).toBe("x_note");
    expect(orderedCfs(extended)).toMatchObject({ x_note: "hi" });
  });
});

describe("external inputs", () => {
  it("are the parameters, then the slots in document order, with names and types", () => {
    const cfs = readCfs(orderedCfs(flat));
    if (!cfs.ok) throw new Error(cfs.error.message);
    const schema = compileSchema(cfs.value);
    if (!schema.ok) throw new Error(schema.error.message);
    expect(schema.value.inputs).toEqual([
      { position: 0, name: "x", type: "i64", path: "/sequences/0/input_sources/0" },
      { position: 1, name: null, type: "bool", path: "/sequences/0/items/0/input_sources/1" },
      { position: 2, name: "get.n", type: "i64", path: "/sequences/0/items/1/input_sources/0" },
    ]);
    const machine = startRun(
      schema.value,
      [2, 1, 6].map((byte) => Uint8Array.of(byte)),
    );
    const next = machine.ok ? machine.value.next() : machine;
    expect(next.ok && next.value.kind === "tile" ? next.value.inputBytes : null).toEqual(
      Uint8Array.of(2, 1),
    );
  });

  it("are refused where the requested entry is another sequence", () => {
    const other = { id: "other", input_sources: [], items: [] };
    const document = orderedCfs({ ...flat, sequences: [...flat.sequences, other] });
    const cfs = readCfs(document);
    const schema = cfs.ok ? compileSchema(cfs.value, "other") : cfs;
    expect(schema.ok ? null : schema.error.code).toBe("E_UNBOUND_ARGUMENT");
  });
});
