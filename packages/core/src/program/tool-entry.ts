// What a program says about the calls of a tool (spec/formats.md 10.3): which one is meant, and
// what the grants in force at the call allow.

import {
  type JsonForm,
  jsonList,
  jsonOption,
  jsonRecord,
  jsonString,
  jsonUint,
  malformed,
} from "../commit/json-form.ts";
import { parseJson, valueFromJson, valueToJsonText } from "../encoding/index.ts";
import { assert, err, ok, type Result } from "../result/result.ts";
import { isInt, type TypeDescriptor, type Value } from "../value/index.ts";
import { jsonType } from "./document.ts";

/** A value for an argument of this name. */
export interface ToolValue {
  readonly name: string;
  readonly value: Value;
}

/** The merged grants of an alias (language 11.2, 11.4). Lists of values ascend by name. */
export interface ToolGrant {
  /** Hosts and patterns that a `url` must match; null where nothing is said. */
  readonly domains: readonly string[] | null;
  /** Paths in or below which a `path` must lie, as written; null where nothing is said. */
  readonly paths: readonly string[] | null;
  readonly timeoutMs: number | null;
  /** Int bounds of arguments. */
  readonly maxima: readonly ToolValue[];
  /** Json values that arguments have, or get where they are not given. */
  readonly fixed: readonly ToolValue[];
}

/** What `call_tool` names by its reference. */
export interface ToolEntry {
  /** Unique in the program. */
  readonly ref: string;
  readonly alias: string;
  readonly id: string;
  readonly version: string | null;
  /** The provider that `from` names. */
  readonly provider: string | null;
  /** What starts the MCP server that has the tool; the id begins with its name. */
  readonly mcp: string | null;
  readonly grant: ToolGrant;
  /** Type of the result where the context declares one; null for Any. */
  readonly result: TypeDescriptor | null;
  /** `@retry` of the cell that calls; null leaves it to the host. */
  readonly retry: ToolRetry | null;
}

/** How often a failed call is repeated, and how long the first wait is. */
export interface ToolRetry {
  readonly max: number;
  readonly baseMs: number;
}

/** A Lumen value of type Json as its JSON text, which keeps Int and Float apart. */
const jsonValueText: JsonForm<Value> = {
  omitNull: false,
  write: (value) => {
    const text = valueToJsonText("json", value);
    assert(text.ok, "values of grants are literals");
    return text.value;
  },
  read: (doc, path) => {
    if (typeof doc !== "string") return err(malformed(path, "a JSON text", doc));
    const node = parseJson(doc);
    const value = node.ok ? valueFromJson("json", node.value) : node;
    return value.ok ? value : err(malformed(path, "a JSON text", doc));
  },
};

const jsonIntText: JsonForm<Value> = {
  ...jsonValueText,
  read: (doc, path): Result<Value, ReturnType<typeof malformed>> => {
    const value = jsonValueText.read(doc, path);
    if (!value.ok || isInt(value.value)) return value;
    return err(malformed(path, "the JSON text of an Int", doc));
  },
};

function values(value: JsonForm<Value>): JsonForm<readonly ToolValue[]> {
  return jsonList(jsonRecord<ToolValue>({ name: jsonString, value }));
}

const texts = jsonOption(jsonList(jsonString), { omit: true });
const count = jsonUint(Number.MAX_SAFE_INTEGER);

const toolEntryJson: JsonForm<ToolEntry> = jsonRecord<ToolEntry>({
  ref: jsonString,
  alias: jsonString,
  id: jsonString,
  version: jsonOption(jsonString, { omit: true }),
  provider: jsonOption(jsonString, { omit: true }),
  mcp: jsonOption(jsonString, { omit: true }),
  grant: jsonRecord<ToolGrant>({
    domains: texts,
    paths: texts,
    timeoutMs: jsonOption(count, { omit: true }),
    maxima: values(jsonIntText),
    fixed: values(jsonValueText),
  }),
  result: jsonOption(jsonType, { omit: true }),
  retry: jsonOption(jsonRecord<ToolRetry>({ max: count, baseMs: count }), { omit: true }),
});

/** A table that older writers do not have. */
export function jsonToolTable(): JsonForm<readonly ToolEntry[]> {
  const list = jsonList(toolEntryJson);
  return { ...list, read: (doc, path) => (doc === undefined ? ok([]) : list.read(doc, path)) };
}
