// Native builtins of language 16.2. Lengths and indexes count Unicode scalar values.

import {
  displayValue,
  equalValues,
  isList,
  listItems,
  listSlice,
  makeList,
  scalarCount,
  scalarIndex,
  scalarSlice,
  share,
  type Value,
} from "@lumen/core/value";
import { membership } from "../containers/membership.ts";
import type { Memory } from "../machine/allocation.ts";
import {
  BUFFER_BYTES,
  ITEM_BYTES,
  listBytes,
  scalarsBytes,
  TEXT_BYTES,
  textBytes,
} from "../memory.ts";
import { checkText, joinTexts } from "../text/text-size.ts";
import { runtimeTrap } from "../trap.ts";
import { trimBlanks } from "./core.ts";
import {
  arg,
  clampedArg,
  clampInt,
  intArg,
  itemsArg,
  type Native,
  type Natives,
  partCount,
  textArg,
  wrongKind,
} from "./native.ts";

const BLANKS = /\p{White_Space}+/u;
const BLANK = /\p{White_Space}/u;
const UPPER = /\p{Lu}/u;

/** A native from a String to anything. */
function onText(name: string, map: (text: string) => Value): Native {
  return (args) => map(textArg(name, args, 0));
}

/** The same where the text is taken apart into words. */
function onWords(name: string, map: (text: string) => Value): Native {
  return (args, memory) => {
    const text = textArg(name, args, 0);
    memory.charge((ITEM_BYTES + TEXT_BYTES) * text.length);
    return map(text);
  };
}

function onTwoTexts(name: string, map: (a: string, b: string) => Value): Native {
  return (args) => map(textArg(name, args, 0), textArg(name, args, 1));
}

function scalarsOf(text: string): string[] {
  return Array.from(text);
}

const replace: Native = (args, memory) => {
  const text = textArg("replace", args, 0);
  const from = textArg("replace", args, 1);
  memory.charge(partsBytes(text, from));
  const parts = from === "" ? ["", ...scalarsOf(text), ""] : text.split(from);
  return joinTexts(parts, textArg("replace", args, 2));
};

/** `split` at a separator; the empty one separates scalar values. */
const split: Native = (args, memory) => {
  const text = textArg("split", args, 0);
  const separator = textArg("split", args, 1);
  if (separator !== "") return makeList(partsOf(text, separator, memory));
  memory.charge(scalarsBytes(text));
  return makeList(scalarsOf(text));
};

/** Texts up to this many UTF-16 units have few parts, which need no counting before they are. */
const SHORT_UNITS = 2 ** 12;

/** The parts of a text between separators, which are not empty; they are counted. */
function partsOf(text: string, separator: string, memory: Memory): string[] {
  if (text.length > SHORT_UNITS) {
    memory.charge(partsBytes(text, separator));
    return text.split(separator);
  }
  const parts = text.split(separator);
  memory.charge(textPartsBytes(text, parts.length));
  return parts;
}

/** Weight of the parts that a text has between separators, in a list. */
function partsBytes(text: string, separator: string): number {
  if (separator === "") return scalarsBytes(text);
  let count = 1;
  const size = separator.length;
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + size))
    count += 1;
  return textPartsBytes(text, count);
}

function textPartsBytes(text: string, count: number): number {
  return listBytes(count) + TEXT_BYTES * count + 2 * text.length;
}

const lines: Native = (args, memory) => {
  const text = textArg("lines", args, 0);
  const parts = partsOf(text, "\n", memory);
  if (parts.at(-1) === "") parts.pop();
  return makeList(parts.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line)));
};

function pad(name: string, left: boolean): Native {
  return (args, memory) => {
    const text = textArg(name, args, 0);
    const [fill = ""] = textArg(name, args, 2);
    const missing = clampInt(intArg(name, args, 1), 2 ** 31) - scalarCount(text);
    if (missing <= 0 || fill === "") return text;
    checkText(text.length + missing * fill.length);
    memory.charge(2 * missing * fill.length);
    const padding = fill.repeat(missing);
    return left ? padding + text : text + padding;
  };
}

const repeat: Native = (args, memory) => {
  const text = textArg("repeat", args, 0);
  const count = clampInt(intArg("repeat", args, 1), 2 ** 31);
  checkText(text.length * count);
  memory.charge(2 * text.length * count);
  return text.repeat(count);
};

const reverse: Native = (args, memory) => {
  const value = arg(args, 0);
  if (typeof value === "string") {
    memory.charge(scalarsBytes(value) + textBytes(value.length));
    return scalarsOf(value).reverse().join("");
  }
  if (!isList(value)) throw wrongKind("reverse", "String or List", value);
  memory.charge(listBytes(value.length));
  return makeList(
    listItems(value)
      .map((item) => share(item))
      .reverse(),
  );
};

function capitalize(text: string): string {
  const [first = ""] = text;
  return first.toUpperCase() + text.slice(first.length).toLowerCase();
}

function titleCase(text: string): string {
  const words = text.split(BLANKS).filter((word) => word !== "");
  return words.map(capitalize).join(" ");
}

function snakeCase(text: string): string {
  const parts = scalarsOf(text).map((scalar, i) => {
    if (BLANK.test(scalar)) return "_";
    return i > 0 && UPPER.test(scalar) ? `_${scalar.toLowerCase()}` : scalar.toLowerCase();
  });
  return parts.join("").replace(/__+/g, "_");
}

function camelCase(text: string): string {
  const words = text.split(/[_\-\p{White_Space}]+/u).filter((word) => word !== "");
  return words.map((word, i) => (i === 0 ? word.toLowerCase() : capitalize(word))).join("");
}

function ord(text: string): Value {
  const point = text.codePointAt(0);
  if (point === undefined) throw runtimeTrap("ord: the string is empty");
  return point;
}

const chr: Native = (args) => {
  const point = intArg("chr", args, 0);
  const valid = point >= 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff);
  if (!valid) throw runtimeTrap(`chr: ${point} is no Unicode scalar value`);
  return String.fromCodePoint(Number(point));
};

const join: Native = (args, memory) => {
  const value = arg(args, 0);
  const separator = textArg("join", args, 1);
  if (isList(value)) memory.charge((ITEM_BYTES + TEXT_BYTES) * value.length);
  return isList(value)
    ? joinTexts(listItems(value).map(displayValue), separator)
    : displayValue(value);
};

const indexOf: Native = (args) => {
  const value = arg(args, 0);
  if (typeof value === "string") {
    const offset = value.indexOf(textArg("index_of", args, 1));
    return offset < 0 ? -1 : scalarIndex(value, offset);
  }
  const wanted = arg(args, 1);
  return itemsArg("index_of", args, 0).findIndex((item) => equalValues(item, wanted));
};

const slice: Native = (args, memory) => {
  const value = arg(args, 0);
  const count = typeof value === "string" ? scalarCount(value) : partCount(value);
  const sliceable = typeof value === "string" || isList(value) || value instanceof Uint8Array;
  if (!sliceable || count === null) throw wrongKind("slice", "String, List or Bytes", value);
  const start = clampedArg("slice", args, 1, count);
  const last = intArg("slice", args, 2);
  const end = last <= 0 ? count : clampInt(last, count);
  if (typeof value === "string") return scalarSlice(value, start, end);
  const size = Math.max(0, end - start);
  memory.charge(value instanceof Uint8Array ? BUFFER_BYTES + size : listBytes(size));
  if (value instanceof Uint8Array) return value.slice(start, Math.max(start, end));
  const part = listSlice(value, start, end);
  if (!part.floats) for (const item of listItems(part)) share(item);
  return part;
};

function isValidEmail(text: string): boolean {
  const parts = text.split("@");
  return parts.length === 2 && parts[0] !== "" && (parts[1] ?? "").includes(".");
}

const length: Native = (args) => {
  const value = arg(args, 0);
  return typeof value === "string" ? scalarCount(value) : (partCount(value) ?? 0);
};

const substring: Native = (args) => {
  const text = textArg("substring", args, 0);
  const count = scalarCount(text);
  const start = clampedArg("substring", args, 1, count);
  return scalarSlice(text, start, clampedArg("substring", args, 2, count));
};

/** Each `{}` takes the next argument; those that are left over stay. */
const format: Native = (args) => {
  const parts = textArg("format", args, 0).split("{}");
  const texts = parts.map((part, i) => {
    if (i === parts.length - 1) return part;
    return part + (i + 1 < args.length ? displayValue(arg(args, i + 1)) : "{}");
  });
  return joinTexts(texts, "");
};

/** Natives by name. */
export const STRING_NATIVES: Natives<
  | "length"
  | "upper"
  | "lower"
  | "trim"
  | "trim_start"
  | "trim_end"
  | "split"
  | "join"
  | "replace"
  | "contains"
  | "starts_with"
  | "ends_with"
  | "index_of"
  | "substring"
  | "slice"
  | "chars"
  | "lines"
  | "pad_left"
  | "pad_right"
  | "repeat"
  | "reverse"
  | "capitalize"
  | "title_case"
  | "snake_case"
  | "camel_case"
  | "ord"
  | "chr"
  | "string_concat"
  | "is_valid_email"
  | "format"
> = {
  length,
  upper: onText("upper", (text) => text.toUpperCase()),
  lower: onText("lower", (text) => text.toLowerCase()),
  trim: onText("trim", trimBlanks),
  trim_start: onText("trim_start", (text) => text.replace(/^\p{White_Space}+/u, "")),
  trim_end: onText("trim_end", (text) => text.replace(/\p{White_Space}+$/u, "")),
  split,
  join,
  replace,
  contains: (args) => membership(arg(args, 1), arg(args, 0)) ?? false,
  starts_with: onTwoTexts("starts_with", (text, start) => text.startsWith(start)),
  ends_with: onTwoTexts("ends_with", (text, end) => text.endsWith(end)),
  index_of: indexOf,
  substring,
  slice,
  chars: (args, memory) => {
    const text = textArg("chars", args, 0);
    memory.charge(scalarsBytes(text));
    return makeList(scalarsOf(text));
  },
  lines,
  pad_left: pad("pad_left", true),
  pad_right: pad("pad_right", false),
  repeat,
  reverse,
  capitalize: onText("capitalize", capitalize),
  title_case: onWords("title_case", titleCase),
  snake_case: (args, memory) => {
    const text = textArg("snake_case", args, 0);
    memory.charge(scalarsBytes(text) + (ITEM_BYTES + TEXT_BYTES) * text.length);
    return snakeCase(text);
  },
  camel_case: onWords("camel_case", camelCase),
  ord: onText("ord", ord),
  chr,
  string_concat: (args) => joinTexts(itemsArg("string_concat", args, 0).map(displayValue), ""),
  format,
  is_valid_email: onText("is_valid_email", isValidEmail),
};
