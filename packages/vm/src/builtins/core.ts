// Native builtins of language 16.1: conversions, kind tests, hashing.

import { sha256, toHex, utf8Encode } from "@lumen/core/hash";
import {
  Closure,
  displayNested,
  displayValue,
  Float,
  intFromBigint,
  isInt,
  isList,
  MapValue,
  makeErr,
  makeOk,
  share,
  truthy,
  typeName,
  type Value,
} from "@lumen/core/value";
import type { Int } from "../arithmetic/int.ts";
import { SLOT_BYTES, valueBytes } from "../memory.ts";
import { Trap } from "../trap.ts";
import { arg, type Native, type Natives, textArg } from "./native.ts";

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;
const INT_TEXT = /^[+-]?\d+$/;
/** So many digits, or a sign and less, are a safe integer. */
const SAFE_DIGITS = 15;
const FLOAT_TEXT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const NAMED_FLOAT = /^([+-]?)(inf|nan)$/i;
const BLANK_ENDS = /^\p{White_Space}+|\p{White_Space}+$/gu;

/** The text without Unicode white space at its ends. */
export function trimBlanks(text: string): string {
  const last = text.length - 1;
  if (last >= 0 && isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(last))) return text;
  return text.replace(BLANK_ENDS, "");
}

/** ASCII that is shown: no white space. */
function isPlain(unit: number): boolean {
  return unit > 0x20 && unit < 0x7f;
}

/** The Int of an optional sign and digits; null for other texts and beyond 64 bits. */
function intOfText(text: string): Int | null {
  if (!INT_TEXT.test(text)) return null;
  // Adding 0 turns -0 into 0.
  if (text.length <= SAFE_DIGITS) return Number(text) + 0;
  const value = BigInt(text.startsWith("+") ? text.slice(1) : text);
  return value < INT_MIN || value > INT_MAX ? null : intFromBigint(value);
}

/** The Float of a decimal text, `inf` or `nan`; null for other texts. */
function floatOfText(text: string): Float | null {
  if (FLOAT_TEXT.test(text)) return new Float(Number(text));
  const named = NAMED_FLOAT.exec(text);
  if (named === null) return null;
  if (named[2]?.toLowerCase() === "nan") return new Float(Number.NaN);
  return new Float(named[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
}

function toInt(value: Value): Int | null {
  if (isInt(value)) return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "string") return intOfText(value);
  return value instanceof Float ? truncate(value.value) : null;
}

/** Toward zero; NaN is 0, what is out of range becomes the nearest Int. */
function truncate(value: number): Int {
  if (Number.isNaN(value)) return 0;
  if (value >= 2 ** 63) return INT_MAX;
  if (value <= -(2 ** 63)) return INT_MIN;
  return intFromBigint(BigInt(Math.trunc(value)));
}

function toFloat(value: Value): Float | null {
  if (value instanceof Float) return value;
  if (isInt(value)) return new Float(Number(value));
  return typeof value === "string" ? floatOfText(value) : null;
}

function parseNumber(name: string, kind: string, read: (text: string) => Value): Native {
  return (args) => {
    const text = textArg(name, args, 0);
    const value = read(trimBlanks(text));
    return value === null ? makeErr(`invalid ${kind}: ${text}`) : makeOk(value);
  };
}

const same: Native = (args) => share(arg(args, 0));

function kindTest(test: (value: Value) => boolean): Native {
  return (args) => test(arg(args, 0));
}

/** `halt: TEXT` (language 6). */
function halt(args: readonly Value[]): never {
  throw new Trap("E_TRAP_HALT", `halt: ${textArg("error", args, 0)}`);
}

/** Natives by name. */
export const CORE_NATIVES: Natives<
  | "to_string"
  | "repr"
  | "to_int"
  | "to_float"
  | "to_bool"
  | "parse_int"
  | "parse_float"
  | "type_of"
  | "clone"
  | "freeze"
  | "identity"
  | "hash"
  | "is_null"
  | "is_int"
  | "is_float"
  | "is_string"
  | "is_bool"
  | "is_list"
  | "is_map"
  | "is_callable"
  | "sizeof"
  | "error"
> = {
  to_string: (args) => displayValue(arg(args, 0)),
  repr: (args) => displayNested(arg(args, 0)),
  to_int: (args) => toInt(arg(args, 0)),
  to_float: (args) => toFloat(arg(args, 0)),
  to_bool: (args) => truthy(arg(args, 0)),
  parse_int: parseNumber("parse_int", "integer", intOfText),
  parse_float: parseNumber("parse_float", "float", floatOfText),
  type_of: (args) => typeName(arg(args, 0)),
  clone: same,
  freeze: same,
  identity: same,
  hash: (args) => {
    const value = arg(args, 0);
    const bytes = value instanceof Uint8Array ? value : utf8Encode(displayValue(value));
    return `sha256:${toHex(sha256(bytes))}`;
  },
  is_null: kindTest((value) => value === null),
  is_int: kindTest(isInt),
  is_float: kindTest((value) => value instanceof Float),
  is_string: kindTest((value) => typeof value === "string"),
  is_bool: kindTest((value) => typeof value === "boolean"),
  is_list: kindTest(isList),
  is_map: kindTest((value) => value instanceof MapValue),
  is_callable: kindTest((value) => value instanceof Closure),
  sizeof: (args) => SLOT_BYTES + valueBytes(arg(args, 0)),
  error: (args) => halt(args),
};
