// Signatures of the builtin table, parsed once: how the checker types a call of a builtin.

import { BUILTINS, type BuiltinName, builtinRow } from "@lumen/core/builtins";
import { assert, required } from "@lumen/core/result";
import type { HirConst } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { mentionsParam } from "./parts.ts";
import {
  ANY,
  BOOL,
  BYTES,
  FLOAT,
  INT,
  JSON_TYPE,
  listOf,
  NULL,
  optionOf,
  STRING,
} from "./simple-types.ts";

/** One parameter. `iterable`: takes list, set, tuple, range or generator of `type.item`. */
export interface SignatureParam {
  readonly type: Type;
  readonly iterable: boolean;
  readonly variadic: boolean;
  readonly default: HirConst | null;
}

/** One overload. The parameter `Num` stands for Int or Float. */
export interface Signature {
  readonly params: readonly SignatureParam[];
  /** So many arguments there must be. */
  readonly least: number;
  /** A parameter or what it iterates over has a type that the arguments tell. */
  readonly isGeneric: boolean;
  readonly result: Type;
}

const NAMES: Readonly<Record<string, Type>> = {
  Any: ANY,
  Null: NULL,
  Bool: BOOL,
  Int: INT,
  Float: FLOAT,
  String: STRING,
  Bytes: BYTES,
  Json: JSON_TYPE,
  TraceRef: { kind: "opaque", name: "TraceRef", args: [] },
};

const parsed = new Map<BuiltinName, readonly Signature[]>();

/** The overloads of a builtin, in order. A pure function of the table; parsed on first use. */
export function signaturesOf(name: BuiltinName): readonly Signature[] {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  const signatures = builtinRow(name).signature.split(" ; ").map(parseSignature);
  parsed.set(name, signatures);
  return signatures;
}

/** All builtin names, for suggestions. */
export const BUILTIN_NAMES: readonly string[] = Object.keys(BUILTINS);

interface Cursor {
  readonly tokens: readonly string[];
  at: number;
}

function parseSignature(text: string): Signature {
  const tokens = text.match(/"[^"]*"|->|\.\.\.|[A-Za-z]+|\d+|[()[\],?=]/g) ?? [];
  const cursor: Cursor = { tokens, at: 0 };
  take(cursor, "(");
  const params: SignatureParam[] = [];
  while (peek(cursor) !== ")") {
    params.push(parseParam(cursor));
    if (peek(cursor) === ",") cursor.at += 1;
  }
  take(cursor, ")");
  take(cursor, "->");
  const result = parseType(cursor);
  assert(cursor.at === tokens.length, `signature is read to its end: ${text}`);
  const least = params.filter((p) => p.default === null && !p.variadic).length;
  const isGeneric = params.some((p) => mentionsParam(p.type));
  return { params, least, isGeneric, result };
}

function parseParam(cursor: Cursor): SignatureParam {
  const variadic = peek(cursor) === "...";
  if (variadic) cursor.at += 1;
  const iterable = peek(cursor) === "Iter";
  const type = parseType(cursor);
  let fallback: HirConst | null = null;
  if (peek(cursor) === "=") {
    cursor.at += 1;
    fallback = parseDefault(next(cursor));
  }
  return { type, iterable, variadic, default: fallback };
}

function parseDefault(token: string): HirConst {
  if (token === "null") return { kind: "null" };
  return token.startsWith('"')
    ? { kind: "string", value: token.slice(1, -1) }
    : { kind: "int", value: BigInt(token) };
}

function parseType(cursor: Cursor): Type {
  let type = parseBase(cursor);
  while (peek(cursor) === "?") {
    cursor.at += 1;
    type = optionOf(type);
  }
  return type;
}

function parseBase(cursor: Cursor): Type {
  const name = next(cursor);
  if (name === "(") return { kind: "tuple", items: parseTypes(cursor, ")") };
  if (name === "fn") {
    take(cursor, "(");
    const params = parseTypes(cursor, ")");
    take(cursor, "->");
    return { kind: "fn", params, result: parseType(cursor), row: null };
  }
  if (peek(cursor) !== "[") return NAMES[name] ?? { kind: "param", name };
  take(cursor, "[");
  const [first = ANY, second = ANY] = parseTypes(cursor, "]");
  switch (name) {
    case "list":
    case "Iter":
      return listOf(first);
    case "set":
      return { kind: "set", item: first };
    case "map":
      return { kind: "map", key: first, value: second };
    case "Generator":
      return { kind: "opaque", name, args: [first] };
    default:
      assert(name === "result", `known head in a signature: ${name}`);
      return { kind: "result", ok: first, error: second };
  }
}

function parseTypes(cursor: Cursor, close: string): Type[] {
  const types: Type[] = [];
  while (peek(cursor) !== close) {
    types.push(parseType(cursor));
    if (peek(cursor) === ",") cursor.at += 1;
  }
  take(cursor, close);
  return types;
}

function peek(cursor: Cursor): string | undefined {
  return cursor.tokens[cursor.at];
}

function next(cursor: Cursor): string {
  const token = required(cursor.tokens[cursor.at], "a signature goes on");
  cursor.at += 1;
  return token;
}

function take(cursor: Cursor, token: string): void {
  assert(next(cursor) === token, `signature has ${token}`);
}
