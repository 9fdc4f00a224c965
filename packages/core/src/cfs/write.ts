// Writes a control flow schema: keys in the order of spec/formats.md 9, tiles and sequences sorted,
// the version that the content needs (9.7). Unknown fields are kept behind the known ones (2.3).

import { stringifyDocument } from "../encoding/index.ts";
import { compareBytes, utf8Encode } from "../hash/index.ts";
import type { CfsDocument } from "./document.ts";
import { isObject, pointer } from "./node-reader.ts";

type Fields = { readonly [key: string]: unknown };

const ROOT = [
  "version",
  "project",
  "encoding",
  "tiles",
  "sequences",
  "entry",
  "schema_hash",
  "compiler",
  "types",
];

const TILE = [
  "id",
  "type",
  "inputs",
  "outputs",
  "input_types",
  "output_type",
  "error_type",
  "input_names",
  "max_iterations",
  "description",
  "code",
  "method_ids",
];

const SEQUENCE = [
  "id",
  "input_sources",
  "items",
  "input_types",
  "input_names",
  "output_type",
  "outputs",
  "output",
];

const ITEM = [
  "item_type",
  "item_id",
  "mode",
  "input_sources",
  "arms",
  "head",
  "body",
  "recursive",
  "max_iterations",
  "outputs",
  "name",
];

const ARM = ["when", "items", "output"];
const HEAD = ["items", "condition"];
const BODY = ["items", "next", "collect"];
const BINDING = ["source", "whole", "literal", "external_index"];
const SOURCE = ["type", "item_index", "output_index", "input_index", "up"];
const LITERAL = ["type", "bytes"];

/** The file of a schema: two-space indentation, final newline (1.1). */
export function writeCfs(document: CfsDocument): string {
  return stringifyDocument(orderedCfs(document));
}

/** The document that {@link writeCfs} writes, as plain data: what is hashed. */
export function orderedCfs(document: CfsDocument): Fields {
  const fields: Fields = { ...document };
  const version = firstControlItem(fields) === null ? "1.0" : "1.1";
  const tiles = sorted(document.tiles).map((tile) => ordered(fieldsOf(tile), TILE));
  const sequences = sorted(document.sequences).map((sequence) => orderedSequence(sequence));
  return ordered({ ...fields, version, tiles, sequences }, ROOT);
}

/**
 * JSON pointer of the first branch or loop of a document, null if 1.0 can express it (9.7). Looks
 * only at the structure of sequences; `document` need not have been checked.
 */
export function firstControlItem(document: unknown): string | null {
  const sequences = listAt(document, "sequences");
  for (const [i, sequence] of sequences.entries()) {
    // Blocks nest in branches and loops only, so one of those is at the top if anywhere.
    for (const [j, item] of listAt(sequence, "items").entries()) {
      const type = isObject(item) ? item.item_type : undefined;
      if (type !== "branch" && type !== "loop") continue;
      return pointer(pointer(pointer(pointer("", "sequences"), i), "items"), j);
    }
  }
  return null;
}

function sorted<T extends { readonly id: string }>(things: readonly T[]): T[] {
  return [...things].sort((a, b) => compareBytes(utf8Encode(a.id), utf8Encode(b.id)));
}

function orderedSequence(sequence: unknown): Fields {
  return ordered(
    mapped(fieldsOf(sequence), {
      input_sources: each(binding),
      items: each(item),
      output,
    }),
    SEQUENCE,
  );
}

function item(value: unknown): Fields {
  const parts = { input_sources: each(binding), arms: each(arm), head, body };
  return ordered(mapped(fieldsOf(value), parts), ITEM);
}

function arm(value: unknown): Fields {
  return ordered(mapped(fieldsOf(value), { items: each(item), output }), ARM);
}

function head(value: unknown): Fields {
  return ordered(mapped(fieldsOf(value), { items: each(item), condition: binding }), HEAD);
}

function body(value: unknown): Fields {
  const parts = { items: each(item), next: each(binding), collect: binding };
  return ordered(mapped(fieldsOf(value), parts), BODY);
}

function output(value: unknown): Fields {
  const fields = fieldsOf(value);
  return "tuple" in fields ? mapped(fields, { tuple: each(binding) }) : binding(value);
}

function binding(value: unknown): Fields {
  const parts = {
    source: (source: unknown) => ordered(fieldsOf(source), SOURCE),
    literal: (literal: unknown) => ordered(fieldsOf(literal), LITERAL),
  };
  return ordered(mapped(fieldsOf(value), parts), BINDING);
}

function each(change: (value: unknown) => Fields): (value: unknown) => unknown {
  return (value) => (Array.isArray(value) ? value.map(change) : value);
}

function mapped(
  fields: Fields,
  changes: { readonly [key: string]: (value: unknown) => unknown },
): Fields {
  const entries = Object.entries(fields).map(([key, value]) => {
    const change = Object.hasOwn(changes, key) ? changes[key] : undefined;
    return [key, change === undefined || value === undefined ? value : change(value)] as const;
  });
  return Object.fromEntries(entries);
}

function ordered(fields: Fields, order: readonly string[]): Fields {
  const known = order.filter((key) => Object.hasOwn(fields, key));
  const others = Object.keys(fields).filter((key) => !order.includes(key));
  return Object.fromEntries([...known, ...others].map((key) => [key, fields[key]]));
}

function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = isObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}
