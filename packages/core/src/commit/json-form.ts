// JSON forms of committed and recorded structures: a writer and a checking reader per field type.
// Keys are the snake_case of our field names; unknown keys are ignored (spec/formats.md 1.1, 2.3).

import { type Failure, failure, type PlainJson } from "../diagnostic/failure.ts";
import { fromHex, isWellFormed, toHex } from "../hash/index.ts";
import { assert, err, ok, type Result } from "../result/result.ts";

/** How a value of type T stands in a JSON document. Writing then reading is the identity. */
export interface JsonForm<T> {
  /** A null value leaves its key out of a record. */
  readonly omitNull: boolean;
  write(value: T): PlainJson;
  /** Reads parsed JSON; a wrong shape is `E_MALFORMED` at the JSON pointer `path`. */
  read(doc: unknown, path: string): Result<T, Failure>;
}

/** A JSON object after parsing, of unknown content. */
export type JsonObject = { readonly [key: string]: unknown };

/** The refusal of a document whose shape is wrong at `path` (2.2). */
export function malformed(path: string, expected: string, found: unknown): Failure {
  const shown = describe(found);
  return failure("E_MALFORMED", "load", `expected ${expected}, found ${shown}`, {
    path,
    details: { expected, found: shown },
  });
}

/** Whether parsed JSON is an object. */
export function isJsonObject(doc: unknown): doc is JsonObject {
  return typeof doc === "object" && doc !== null && !Array.isArray(doc);
}

/** The value of a key of a parsed object, undefined if it has none; never an inherited one. */
export function ownField(doc: JsonObject, key: string): unknown {
  return Object.hasOwn(doc, key) ? doc[key] : undefined;
}

/** JSON pointer of a member of the value at `path`. */
export function pointer(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Integer from 0 to `max`, which is at most 2^53-1; a decimal string is also read (1.1). */
export function jsonUint(max: number): JsonForm<number> {
  assert(Number.isSafeInteger(max), "the bound is a safe integer");
  return {
    omitNull: false,
    write: (value) => value,
    read: (doc, path) => {
      const value = readInteger(doc);
      if (value === null || value < 0n || value > BigInt(max)) {
        return err(malformed(path, `an integer from 0 to ${max}`, doc));
      }
      return ok(Number(value));
    },
  };
}

const U64_MAX = (1n << 64n) - 1n;

/** A whole u64; written as a decimal string beyond 2^53-1 (1.1). */
export const jsonU64: JsonForm<bigint> = {
  omitNull: false,
  write: (value) => (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString()),
  read: (doc, path) => {
    const value = readInteger(doc);
    if (value === null || value < 0n || value > U64_MAX) return err(malformed(path, "a u64", doc));
    return ok(value);
  },
};

/** A boolean. */
export const jsonBool: JsonForm<boolean> = {
  omitNull: false,
  write: (value) => value,
  read: (doc, path) =>
    typeof doc === "boolean" ? ok(doc) : err(malformed(path, "a boolean", doc)),
};

/** A string without lone surrogates: anything else has no wire form. */
export const jsonString: JsonForm<string> = {
  omitNull: false,
  write: (value) => value,
  read: (doc, path) =>
    typeof doc === "string" && isWellFormed(doc) ? ok(doc) : err(malformed(path, "a string", doc)),
};

/** Bytes as lowercase hex; `length` null: any number of bytes. */
export function jsonHex(length: number | null): JsonForm<Uint8Array> {
  const expected = length === null ? "lowercase hex" : `${2 * length} lowercase hex digits`;
  return {
    omitNull: false,
    write: toHex,
    read: (doc, path) => {
      const bytes = typeof doc === "string" ? fromHex(doc) : null;
      if (bytes === null || (length !== null && bytes.length !== length)) {
        return err(malformed(path, expected, doc));
      }
      return ok(bytes);
    },
  };
}

/** Bytes as `{"$hex":"00ff"}` (13.1). */
export const jsonBytes: JsonForm<Uint8Array> = {
  omitNull: false,
  write: (value) => ({ $hex: toHex(value) }),
  read: (doc, path) => {
    const text = isJsonObject(doc) ? ownField(doc, "$hex") : undefined;
    const bytes = typeof text === "string" ? fromHex(text) : null;
    return bytes === null ? err(malformed(path, 'bytes as {"$hex":"…"}', doc)) : ok(bytes);
  },
};

/** A value or null; `omit`: a record leaves the key out instead of writing null. Both are read. */
export function jsonOption<T>(
  inner: JsonForm<T>,
  options: { readonly omit: boolean },
): JsonForm<T | null> {
  return {
    omitNull: options.omit,
    write: (value) => (value === null ? null : inner.write(value)),
    read: (doc, path) => (doc === undefined || doc === null ? ok(null) : inner.read(doc, path)),
  };
}

/** An array of values of one form. */
export function jsonList<T>(inner: JsonForm<T>): JsonForm<readonly T[]> {
  return {
    omitNull: false,
    write: (values) => values.map((value) => inner.write(value)),
    read: (doc, path) => {
      if (!Array.isArray(doc)) return err(malformed(path, "an array", doc));
      const values: T[] = [];
      for (const [index, item] of doc.entries()) {
        const value = inner.read(item, pointer(path, index));
        if (!value.ok) return value;
        values.push(value.value);
      }
      return ok(values);
    },
  };
}

/** One of some words. */
export function jsonChoice<const W extends string>(words: readonly W[]): JsonForm<W> {
  return {
    omitNull: false,
    write: (value) => value,
    read: (doc, path) => {
      const word = words.find((candidate) => candidate === doc);
      return word === undefined ? err(malformed(path, words.join(" or "), doc)) : ok(word);
    },
  };
}

/** A form for each field of T, in the order in which they are written. */
export type JsonFields<T> = { readonly [K in keyof T]: JsonForm<T[K]> };

/** A JSON object with a key per field: its snake_case, or the one that `keys` gives. */
export function jsonRecord<T extends object>(
  fields: JsonFields<T>,
  keys: { readonly [name: string]: string } = {},
): JsonForm<T> {
  const rows: readonly FieldRow[] = Object.entries<JsonForm<unknown>>(fields).map(
    ([name, form]) => ({ name, key: keys[name] ?? snakeCase(name), form }),
  );
  return {
    omitNull: false,
    write: (value) => Object.fromEntries(writeFields(rows, value)),
    read: (doc, path) => {
      if (!isJsonObject(doc)) return err(malformed(path, "an object", doc));
      const found: { [name: string]: unknown } = {};
      for (const { name, key, form } of rows) {
        const value = form.read(ownField(doc, key), pointer(path, key));
        if (!value.ok) return value;
        found[name] = value.value;
      }
      // Decoder: every field of T has just been read by the form of its own type.
      return ok(found as T);
    },
  };
}

/** The fields of a variant of a union that `kind` discriminates. */
export type VariantFields<T extends { readonly kind: string }, K extends T["kind"]> = Omit<
  Extract<T, { readonly kind: K }>,
  "kind"
>;

/** A flat JSON object in which `key` names the variant: `{"kind":"Final","steps":2,…}`. */
export function jsonTagged<T extends { readonly kind: string }>(
  key: string,
  variants: { readonly [K in T["kind"]]: JsonForm<VariantFields<T, K>> },
): JsonForm<T> {
  const forms = new Map<string, JsonForm<object>>(Object.entries<JsonForm<object>>(variants));
  const names = [...forms.keys()].join(" or ");
  return {
    omitNull: false,
    write: (value) => {
      const form = forms.get(value.kind);
      assert(form !== undefined, "every variant has a form");
      return { [key]: value.kind, ...objectOf(form.write(value)) };
    },
    read: (doc, path) => {
      if (!isJsonObject(doc)) return err(malformed(path, "an object", doc));
      const kind = ownField(doc, key);
      const form = typeof kind === "string" ? forms.get(kind) : undefined;
      if (form === undefined) return err(malformed(pointer(path, key), names, kind));
      const fields = form.read(doc, path);
      // Decoder: `kind` chose the form that read the fields.
      return fields.ok ? ok({ kind, ...fields.value } as unknown as T) : fields;
    },
  };
}

interface FieldRow {
  readonly name: string;
  readonly key: string;
  readonly form: JsonForm<unknown>;
}

function* writeFields(rows: readonly FieldRow[], value: object): Generator<[string, PlainJson]> {
  const fields = new Map<string, unknown>(Object.entries(value));
  for (const { name, key, form } of rows) {
    const field = fields.get(name);
    if (field === null && form.omitNull) continue;
    yield [key, form.write(field)];
  }
}

function objectOf(json: PlainJson): object {
  assert(typeof json === "object" && json !== null, "a variant is written as an object");
  return json;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function readInteger(doc: unknown): bigint | null {
  if (typeof doc === "bigint") return doc;
  if (typeof doc === "number") return Number.isSafeInteger(doc) ? BigInt(doc) : null;
  if (typeof doc === "string" && /^(0|-?[1-9][0-9]{0,19})$/.test(doc)) return BigInt(doc);
  return null;
}

function describe(found: unknown): string {
  if (found === undefined) return "nothing";
  if (found === null) return "null";
  if (Array.isArray(found)) return "an array";
  if (typeof found === "object") return "an object";
  if (typeof found !== "string") return String(found);
  return found.length > 40 ? `a string of ${found.length} characters` : JSON.stringify(found);
}
