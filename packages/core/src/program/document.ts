// What all JSON documents of a program share: version first, then fields, unknown ones kept
// (spec/formats.md 2.2, 2.3).

import {
  isJsonObject,
  type JsonForm,
  type JsonObject,
  malformed,
  ownField,
} from "../commit/json-form.ts";
import type { Failure } from "../diagnostic/failure.ts";
import { checkTypeDescriptor, parseDocument } from "../encoding/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { checkVersion, FORMATS, type FormatName } from "./versions.ts";

/** Where a document came from, for failures. */
export interface DocumentSource {
  readonly format: FormatName;
  readonly subject: string;
}

/** Parses a JSON file and checks its version before any other field. */
export function openDocument(text: string, source: DocumentSource): Result<JsonObject, Failure> {
  const doc = parseDocument(text, source);
  if (!doc.ok) return doc;
  if (!isJsonObject(doc.value)) {
    return err({ ...malformed("", "an object", doc.value), ...source });
  }
  const { field } = FORMATS[source.format];
  const found = field === null ? undefined : ownField(doc.value, field);
  const version = checkVersion(source.format, found, source.subject);
  return version.ok ? ok(doc.value) : version;
}

/** Checks the `encoding` field, which may be absent in a tile manifest only (2.2). */
export function checkEncoding(
  doc: JsonObject,
  source: DocumentSource,
  options: { readonly required: boolean },
): Result<null, Failure> {
  const found = ownField(doc, "encoding");
  if (found === undefined && !options.required) return ok(null);
  const encoding = checkVersion("tile-io", found, source.subject);
  return encoding.ok ? ok(null) : encoding;
}

/** Reads the fields of a document; a refusal names format and file. */
export function readFields<T>(
  form: JsonForm<T>,
  doc: JsonObject,
  source: DocumentSource,
): Result<T, Failure> {
  const fields = form.read(doc, "");
  return fields.ok ? fields : err({ ...fields.error, ...source });
}

/** The fields of a document that `known` does not name: kept when it is written again (2.3). */
export function unknownFields(doc: JsonObject, known: readonly string[]): JsonObject {
  const names = new Set(known);
  return Object.fromEntries(Object.entries(doc).filter(([key]) => !names.has(key)));
}

/** A type descriptor in a document. */
export const jsonType: JsonForm<TypeDescriptor> = {
  omitNull: false,
  write: (type) => type,
  read: (doc, path) => {
    const type = checkTypeDescriptor(doc);
    return type.ok ? type : err({ ...type.error, path: `${path}${type.error.path ?? ""}` });
  },
};
