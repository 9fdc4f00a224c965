// Every case of spec/vectors/json-input.json: the JSON value form and the arity rule.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { toHex } from "../hash/index.ts";
import type { TypeDescriptor } from "../value/index.ts";
import {
  abiInputBytes,
  checkTypeDescriptor,
  encodeValue,
  inputFromJson,
  type JsonNode,
  parseJson,
  valueFromJson,
  valueToJsonText,
} from "./index.ts";

const vectors: {
  accept: { type: TypeDescriptor; json_text: string; hex: string }[];
  refuse: { type: TypeDescriptor; json_text: string; code: string; path: string }[];
  arity: {
    params: [string, TypeDescriptor][];
    json_text: string | null;
    hex?: string;
    code?: string;
  }[];
} = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/json-input.json", import.meta.url), "utf8"),
);

function read(type: TypeDescriptor, text: string): ReturnType<typeof valueFromJson> {
  const node = parseJson(text);
  return node.ok ? valueFromJson(type, node.value) : node;
}

describe("accept", () => {
  it("has all cases", () => expect(vectors.accept).toHaveLength(69));

  it.each(vectors.accept)("$type from $json_text", ({ type, json_text, hex }) => {
    expect(checkTypeDescriptor(type).ok).toBe(true);
    const value = read(type, json_text);
    if (!value.ok) throw new Error(value.error.message);
    const bytes = encodeValue(type, value.value);
    expect(bytes.ok && toHex(bytes.value)).toBe(hex);
    // What is written reads back as the same value.
    const written = valueToJsonText(type, value.value, { indent: 2 });
    const again = written.ok ? read(type, written.value) : written;
    const bytesAgain = again.ok ? encodeValue(type, again.value) : again;
    expect(bytesAgain).toEqual(bytes);
  });
});

describe("refuse", () => {
  it("has all cases", () => expect(vectors.refuse).toHaveLength(40));

  it.each(vectors.refuse)("$type from $json_text", ({ type, json_text, code, path }) => {
    const value = read(type, json_text);
    if (value.ok) throw new Error("accepted");
    expect([value.error.code, value.error.path]).toEqual([code, path]);
    if (code === "E_INPUT_TYPE") {
      expect(value.error.message).toContain(`${path}: expected `);
      expect(Object.keys(value.error.details ?? {})).toEqual(["expected", "found"]);
    } else {
      expect(Object.keys(value.error.details ?? {})).toEqual(["line", "column"]);
    }
  });
});

describe("arity", () => {
  it("has all cases", () => expect(vectors.arity).toHaveLength(14));

  it.each(vectors.arity)("$params from $json_text", ({ params, json_text, hex, code }) => {
    const parameters = params.map(([name, type]) => ({ name, type }));
    let node: JsonNode | null = null;
    if (json_text !== null) {
      const parsed = parseJson(json_text);
      if (!parsed.ok) throw new Error(parsed.error.message);
      node = parsed.value;
    }
    const values = inputFromJson(parameters, node);
    expect(values.ok ? undefined : values.error.code).toBe(code);
    if (!values.ok) return;
    const types = parameters.map(({ type }) => type);
    const bytes = abiInputBytes(types, values.value);
    expect(bytes.ok && toHex(bytes.value)).toBe(hex);
  });
});
