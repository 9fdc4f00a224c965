// JSON input before its type is known: numbers keep their text, so that every integer is exact
// (formats 5).

import { type Failure, failure } from "../diagnostic/failure.ts";
import { err, ok, type Result, required } from "../result/result.ts";
import { type JsonBuilder, JsonSyntaxError, lineAndColumn, parseWith } from "./json-parser.ts";

/** One JSON value as written. Keys of an object are distinct and keep their order. */
export type JsonNode =
  | { readonly kind: "null" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "object"; readonly entries: ReadonlyMap<string, JsonNode> };

/** Reads a whole JSON text; `E_INPUT_JSON` with line and column for anything else. */
export function parseJson(text: string): Result<JsonNode, Failure> {
  try {
    return ok(parseWith(text, NODES));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { line, column } = lineAndColumn(text, error.offset);
    const message = `the input is not JSON: ${error.message} (line ${line}, column ${column})`;
    const more = { path: "$", details: { line, column } };
    return err(failure("E_INPUT_JSON", "decode", message, more));
  }
}

const NULL: JsonNode = { kind: "null" };

const NODES: JsonBuilder<JsonNode> = {
  literal: (value) => (value === null ? NULL : { kind: "bool", value }),
  number: (text) => ({ kind: "number", text }),
  string: (value) => ({ kind: "string", value }),
  key: (text) => text,
  array: (items) => ({ kind: "array", items }),
  object: (keys, values) => {
    const entries = new Map<string, JsonNode>();
    keys.forEach((key, i) => {
      entries.set(key, required(values[i], "every key has a value"));
    });
    return { kind: "object", entries };
  },
};
