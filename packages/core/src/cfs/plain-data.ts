// Checks that a document is plain JSON data that `jcs` can hash: no non-integer numbers, no lone
// surrogates, bounded depth. Unknown fields count too, because the schema hash covers them (2.3).

import { isWellFormed } from "../hash/index.ts";
import { DOCUMENT_DEPTH_MAX } from "./limits.ts";
import { describeJson, isObject, type NodeReader, pointer } from "./node-reader.ts";

/** Refuses, at the first place, what cannot be hashed as canonical JSON (formats 1.1). */
export function checkPlainData(reader: NodeReader, document: unknown): void {
  visit(reader, "", document, 0);
}

function visit(reader: NodeReader, path: string, value: unknown, depth: number): void {
  if (reader.failure !== null) return;
  if (depth > DOCUMENT_DEPTH_MAX) {
    reader.refuse(path, "the document nests too deeply");
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) visit(reader, pointer(path, i), value[i], depth + 1);
  } else if (isObject(value)) {
    visitFields(reader, path, value, depth);
  } else {
    visitScalar(reader, path, value);
  }
}

function visitFields(
  reader: NodeReader,
  path: string,
  fields: { readonly [key: string]: unknown },
  depth: number,
): void {
  const prototype: unknown = Object.getPrototypeOf(fields);
  if (prototype !== Object.prototype && prototype !== null) {
    reader.refuse(path, "this is not JSON data");
  }
  for (const key of Object.keys(fields)) {
    if (!isWellFormed(key)) reader.refuse(path, "a field name is not valid Unicode");
    visit(reader, pointer(path, key), fields[key], depth + 1);
  }
}

function visitScalar(reader: NodeReader, path: string, value: unknown): void {
  switch (typeof value) {
    case "string":
      if (!isWellFormed(value)) reader.refuse(path, "the string is not valid Unicode");
      return;
    case "number":
      if (!Number.isSafeInteger(value)) {
        reader.refuse(path, `expected an integer, found ${describeJson(value)}`);
      }
      return;
    case "boolean":
    case "bigint":
      return;
    default:
      if (value !== null) reader.refuse(path, "this is not JSON data");
  }
}
