// JSON files as plain data: reading, the canonical text that is hashed, and writing (formats 1.1).

import { type Failure, failure } from "../diagnostic/failure.ts";
import { isWellFormed } from "../hash/utf8.ts";
import { assert, Defect, err, ok, type Result } from "../result/result.ts";
import {
  type JsonBuilder,
  JsonRefusal,
  JsonSyntaxError,
  lineAndColumn,
  parseWith,
} from "./json-parser.ts";

/** What a JSON file holds. Integers beyond 2^53-1 are bigints; other numbers are doubles. */
export type PlainDocument =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly PlainDocument[]
  | { readonly [key: string]: PlainDocument };

/**
 * Reads a JSON file. `E_MALFORMED`, with `details.line` and `details.column`, for a text that is
 * not JSON, repeats a key, or holds a lone surrogate or a number beyond the range of doubles.
 */
export function parseDocument(
  text: string,
  options: { readonly subject: string; readonly format?: string },
): Result<PlainDocument, Failure> {
  try {
    return ok(parseWith(text, PLAIN));
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    const { line, column } = lineAndColumn(text, error.offset);
    const message = `${options.subject}:${line}:${column}: ${error.message}`;
    const { subject, format } = options;
    const more = {
      subject,
      details: { line, column },
      ...(format === undefined ? {} : { format }),
    };
    return err(failure("E_MALFORMED", "load", message, more));
  }
}

/**
 * Canonical JSON (RFC 8785) for the documents that are hashed, which hold no fractions. Bigints
 * appear as they are written to files, so that a document has one hash before and after. Keys whose
 * value is undefined are left out. Anything but plain JSON data is a defect.
 */
export function jcs(document: unknown): string {
  switch (typeof document) {
    case "string":
      return quote(document);
    case "boolean":
      return String(document);
    case "bigint":
      return jcs(writtenInteger(document));
    case "number":
      assert(Number.isSafeInteger(document), "a hashed document holds exact integers only");
      return String(document);
    case "object":
      return document === null ? "null" : jcsContainer(document);
    default:
      throw new Defect(`a hashed document holds JSON only, not ${typeof document}`);
  }
}

/**
 * Text of a JSON file: two-space indentation, final newline, keys in their order. Bigints beyond
 * 2^53-1 become decimal strings, smaller ones numbers; undefined fields are left out.
 */
export function stringifyDocument(document: unknown): string {
  return `${JSON.stringify(document, plainInteger, 2)}\n`;
}

function plainInteger(_key: string, value: unknown): unknown {
  if (typeof value === "number") assert(Number.isFinite(value), "a JSON number is finite");
  return typeof value === "bigint" ? writtenInteger(value) : value;
}

/** An integer in a file: a number up to 2^53-1, else a decimal string (formats 1.1). */
function writtenInteger(value: bigint): number | string {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value.toString();
}

function jcsContainer(value: object): string {
  if (Array.isArray(value)) return `[${value.map(jcs).join(",")}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === Object.prototype || prototype === null;
  assert(plain, "a hashed document holds plain objects");
  // JavaScript compares strings by UTF-16 units, which is the order that RFC 8785 asks for.
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${quote(key)}:${jcs(field)}`).join(",")}}`;
}

/** `JSON.stringify` of a string gives the escapes of RFC 8785 when no surrogate stands alone. */
function quote(text: string): string {
  assert(isWellFormed(text), "a hashed document holds no lone surrogate");
  return JSON.stringify(text);
}

const PLAIN: JsonBuilder<PlainDocument> = {
  literal: (value) => value,
  number: plainNumber,
  string: wellFormed,
  key: wellFormed,
  array: (items) => items,
  object: (keys, values) => {
    const object: { [key: string]: PlainDocument } = {};
    keys.forEach((key, i) => {
      const value = values[i] ?? null;
      if (key === "__proto__") defineField(object, key, value);
      else object[key] = value;
    });
    return object;
  },
};

/** Assigning `__proto__` would set the prototype instead of a field. */
function defineField(object: object, key: string, value: PlainDocument): void {
  const field = { value, enumerable: true, writable: true, configurable: true };
  Object.defineProperty(object, key, field);
}

function plainNumber(text: string): number | bigint {
  const value = Number(text);
  if (!Number.isFinite(value)) throw new JsonRefusal("the number is out of range");
  if (/[.eE]/.test(text)) return value;
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  return BigInt(text);
}

function wellFormed(text: string): string {
  if (!isWellFormed(text)) throw new JsonRefusal("the text has a lone surrogate");
  return text;
}
