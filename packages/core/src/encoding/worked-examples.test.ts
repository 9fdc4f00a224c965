// The parts of spec/vectors/raster-worked.json about types, values and documents, and the examples
// of formats 4.3 and 6.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromHex, sha256, taggedHash, toHex, utf8Encode } from "../hash/index.ts";
import type { TypeDescriptor } from "../value/index.ts";
import {
  abiInputBytes,
  abiInputType,
  checkTypeDescriptor,
  decodeWith,
  encodeWith,
  jcs,
  parseJson,
  typeHash,
  valueDigest,
  valueFromJson,
  type WireCodec,
  wire,
} from "./index.ts";

const vectors: {
  type_hash: { type: unknown; jcs: string; hash: string }[];
  value_digest: { bytes: string; digest: string }[];
  schema_hash: { cfs: unknown; jcs: string; schema_hash: string }[];
  method_id: {
    backend: string;
    guest_utf8: string;
    guest_sha256: string;
    payload: string;
    method_id: string;
  }[];
  source_hash: {
    files: { path: string; utf8: string }[];
    compiler: string;
    backend: string;
    options: { [key: string]: string };
    payload: string;
    source_hash: string;
  }[];
} = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);

function hex(text: string): Uint8Array {
  return fromHex(text) ?? new Uint8Array(0);
}

describe("hashes of documents and values", () => {
  it("gives the type hash", () => {
    expect(vectors.type_hash).toHaveLength(1);
    for (const { type, jcs: text, hash } of vectors.type_hash) {
      const checked = checkTypeDescriptor(type);
      if (!checked.ok) throw new Error(checked.error.message);
      expect(jcs(checked.value)).toBe(text);
      expect(toHex(typeHash(checked.value))).toBe(hash);
    }
  });

  it("gives the value digests", () => {
    expect(vectors.value_digest).toHaveLength(4);
    for (const { bytes, digest } of vectors.value_digest) {
      expect(toHex(valueDigest(hex(bytes)))).toBe(digest);
    }
  });

  it("gives canonical JSON and hash of the schema", () => {
    expect(vectors.schema_hash).toHaveLength(1);
    for (const { cfs, jcs: text, schema_hash } of vectors.schema_hash) {
      expect(jcs(cfs)).toBe(text);
      expect(toHex(taggedHash("raster.schema.cfs.v1", utf8Encode(text)))).toBe(schema_hash);
    }
  });
});

describe("structures made with the combinators", () => {
  it("gives payload and method ids", () => {
    const codec: WireCodec<{ backend: string; guest: Uint8Array }> = wire.record({
      backend: wire.string,
      guest: wire.hash32,
    });
    expect(vectors.method_id).toHaveLength(2);
    for (const { backend, guest_utf8, guest_sha256, payload, method_id } of vectors.method_id) {
      const guest = sha256(utf8Encode(guest_utf8));
      expect(toHex(guest)).toBe(guest_sha256);
      const bytes = encodeWith(codec, { backend, guest });
      expect(toHex(bytes)).toBe(payload);
      expect(toHex(taggedHash("raster.method.v1", bytes))).toBe(method_id);
      expect(decodeWith(codec, bytes)).toEqual({ ok: true, value: { backend, guest } });
    }
  });

  it("gives payload and source hash", () => {
    const file: WireCodec<{ path: string; digest: Uint8Array }> = wire.record({
      path: wire.string,
      digest: wire.hash32,
    });
    const codec = wire.record<{
      files: readonly { path: string; digest: Uint8Array }[];
      compiler: string;
      backend: string;
      options: ReadonlyMap<string, string>;
    }>({
      files: wire.list(file),
      compiler: wire.string,
      backend: wire.string,
      options: wire.stringMap,
    });
    expect(vectors.source_hash).toHaveLength(1);
    for (const vector of vectors.source_hash) {
      const files = vector.files.map(({ path, utf8 }) => ({
        path,
        digest: sha256(utf8Encode(utf8)),
      }));
      const { compiler, backend } = vector;
      const options = new Map(Object.entries(vector.options));
      const bytes = encodeWith(codec, { files, compiler, backend, options });
      expect(toHex(bytes)).toBe(vector.payload);
      expect(toHex(taggedHash("raster.source.v1", bytes))).toBe(vector.source_hash);
    }
  });
});

describe("tile ABI (formats 6)", () => {
  it.each<[string, TypeDescriptor[], unknown[], string]>([
    ["greet", ["string"], ["Raster"], "06526173746572"],
    ["add", ["u64", "u64"], [2, 40], "0228"],
    ["tick", [], [], ""],
    ["one tuple", [{ tuple: ["u64", "u64"] }], [[2, 40]], "0228"],
  ])("%s", (_, types, forms, expected) => {
    const values = forms.map((form, i) => {
      const node = parseJson(JSON.stringify(form));
      const value = node.ok ? valueFromJson(types[i] ?? "unit", node.value) : node;
      if (!value.ok) throw new Error(value.error.message);
      return value.value;
    });
    const bytes = abiInputBytes(types, values);
    expect(bytes.ok && toHex(bytes.value)).toBe(expected);
  });

  it("wraps only several parameters in a tuple", () => {
    expect(abiInputType([])).toBe("unit");
    expect(abiInputType(["i64"])).toBe("i64");
    expect(abiInputType(["i64", "bool"])).toEqual({ tuple: ["i64", "bool"] });
  });
});
