// TOML text to values (language 16.7), forgiving: what is no line of TOML is left out, a scalar
// that is none becomes a String, and of two values under one key the later one counts.

import { Float, intFromBigint, makeList, mapFromEntries, type Value } from "@lumen/core/value";
import { TomlCursor } from "./toml-cursor.ts";

/** Deepest nesting of brackets, more is text; most parts of a key, longer ones are left out. */
export const TOML_DEPTH_MAX: number = 128;

/** A table under construction. */
class Table {
  readonly entries = new Map<string, Entry>();
}

/** A value, a table, or the tables of one `[[header]]`. */
type Entry = Value | Table | Table[];

/** The tables of a document as one map. Never fails. */
export function parseToml(text: string): Value {
  const cursor = new TomlCursor(text);
  const root = new Table();
  let current = root;
  while (cursor.skipToContent()) {
    const header = cursor.peek() === "[";
    const line = header ? readHeader(cursor, root) : readPair(cursor, current);
    if (line instanceof Table) current = line;
    cursor.skipLine();
  }
  return tableValue(root);
}

/** `[a.b]` or `[[a.b]]`: the table that the following pairs belong to; null for neither. */
function readHeader(cursor: TomlCursor, root: Table): Table | null {
  const isArray = cursor.take("[[");
  if (!isArray) cursor.take("[");
  const path = readPath(cursor);
  if (path === null || !cursor.take(isArray ? "]]" : "]")) return null;
  const last = path.pop() ?? "";
  const parent = tableAt(root, path);
  if (!isArray) return tableAt(parent, [last]);
  const table = new Table();
  const known = parent.entries.get(last);
  if (isTables(known)) known.push(table);
  else parent.entries.set(last, [table]);
  return table;
}

function isTables(entry: Entry | undefined): entry is Table[] {
  return Array.isArray(entry) && entry[0] instanceof Table;
}

/** The table below `table` at a path; of an array of tables the last one. */
function tableAt(table: Table, path: readonly string[]): Table {
  let at = table;
  for (const key of path) {
    const found = at.entries.get(key);
    const next = isTables(found) ? found.at(-1) : found;
    if (next instanceof Table) at = next;
    else {
      const fresh = new Table();
      at.entries.set(key, fresh);
      at = fresh;
    }
  }
  return at;
}

function readPair(cursor: TomlCursor, table: Table): null {
  const path = readPath(cursor);
  if (path === null || !cursor.take("=")) return null;
  const last = path.pop() ?? "";
  tableAt(table, path).entries.set(last, readValue(cursor, "", 0));
  return null;
}

/** Keys with dots between them; null where there is no key. */
function readPath(cursor: TomlCursor): string[] | null {
  const path: string[] = [];
  do {
    cursor.skipBlanks();
    const quoted = cursor.quoted();
    const key = quoted ?? cursor.matching(/[A-Za-z0-9_-]+/y);
    if (key === null) return null;
    path.push(key);
    if (path.length > TOML_DEPTH_MAX) return null;
    cursor.skipBlanks();
  } while (cursor.take("."));
  return path;
}

/** A value; a bare scalar ends before a character of `ends`, at the line's end or a comment. */
function readValue(cursor: TomlCursor, ends: string, depth: number): Entry {
  cursor.skipBlanks();
  const quoted = cursor.quoted();
  if (quoted !== null) return quoted;
  if (depth < TOML_DEPTH_MAX && cursor.take("[")) return readArray(cursor, depth + 1);
  if (depth < TOML_DEPTH_MAX && cursor.take("{")) return readInlineTable(cursor, depth + 1);
  return scalar(cursor.until(`${ends}#\n`).trim());
}

function readArray(cursor: TomlCursor, depth: number): Value {
  const items: Value[] = [];
  while (cursor.skipToContent() && !cursor.take("]")) {
    const before = cursor.at;
    items.push(entryValue(readValue(cursor, ",]", depth)));
    cursor.skipToContent();
    // A text in front of which nothing could be read would be met again for ever.
    if (!cursor.take(",") && cursor.at === before) cursor.at += 1;
  }
  return makeList(items);
}

function readInlineTable(cursor: TomlCursor, depth: number): Table {
  const table = new Table();
  while (cursor.skipToContent() && !cursor.take("}")) {
    const path = readPath(cursor);
    if (path === null || !cursor.take("=")) return table;
    const last = path.pop() ?? "";
    tableAt(table, path).entries.set(last, readValue(cursor, ",}", depth));
    cursor.skipToContent();
    cursor.take(",");
  }
  return table;
}

const DECIMAL = /^[+-]?\d+(?:_\d+)*$/;
const RADIX = /^0(?:x[0-9A-Fa-f]+(?:_[0-9A-Fa-f]+)*|o[0-7]+(?:_[0-7]+)*|b[01]+(?:_[01]+)*)$/;
const FLOAT = /^[+-]?\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?$/;
const NAMED = /^[+-]?(?:inf|nan)$/;

/** A scalar without quotes; the text itself when it is none, as dates are. */
function scalar(text: string): Value {
  if (text === "true" || text === "false") return text === "true";
  const digits = text.replaceAll("_", "");
  if (DECIMAL.test(text) || RADIX.test(text)) {
    const value = BigInt(digits.replace(/^[+-]/, "")) * (text.startsWith("-") ? -1n : 1n);
    return BigInt.asIntN(64, value) === value ? intFromBigint(value) : text;
  }
  if (FLOAT.test(text)) return new Float(Number(digits));
  if (!NAMED.test(text)) return text;
  if (text.endsWith("nan")) return new Float(Number.NaN);
  return new Float(text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
}

function entryValue(entry: Entry): Value {
  if (entry instanceof Table) return tableValue(entry);
  return isTables(entry) ? makeList(entry.map(tableValue)) : entry;
}

function tableValue(table: Table): Value {
  return mapFromEntries(
    [...table.entries].map(([key, entry]) => ({ key, value: entryValue(entry) })),
  );
}
