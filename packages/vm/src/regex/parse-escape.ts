// What follows a backslash, and classes in brackets (RE2's syntax).

import {
  CharSet,
  complementRanges,
  NAMED_RANGES,
  type Property,
  propertyNamed,
  type Range,
} from "./char-set.ts";
import type { PatternCursor } from "./pattern-cursor.ts";

/** Members of a class under construction. */
interface Members {
  readonly ranges: Range[];
  readonly properties: Property[];
}

const CONTROL: { readonly [letter: string]: number } = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };
const SCALAR_MAX = 0x10ffff;

/** A set that stands outside brackets: `\d`, `\P{Greek}`; null where none comes next. */
export function parseClassEscape(cursor: PatternCursor, fold: boolean): CharSet | null {
  const members: Members = { ranges: [], properties: [] };
  if (!takeClassEscape(cursor, members)) return null;
  return new CharSet({ ...members, negated: false, fold });
}

/** `\d \D \s \S \w \W \pN \p{Name} \PN \P{Name} \p{^Name}`, at the backslash. */
function takeClassEscape(cursor: PatternCursor, members: Members): boolean {
  const letter = cursor.peek(1);
  const perl = NAMED_RANGES.get(letter.toLowerCase());
  if (cursor.peek() !== "\\") return false;
  if (letter.length === 1 && "dDsSwW".includes(letter) && perl !== undefined) {
    cursor.at += 2;
    members.ranges.push(...(letter === letter.toLowerCase() ? perl : complementRanges(perl)));
    return true;
  }
  if (letter !== "p" && letter !== "P") return false;
  takeProperty(cursor, members);
  return true;
}

function takeProperty(cursor: PatternCursor, members: Members): void {
  const start = cursor.at;
  cursor.next();
  const upper = cursor.next() === "P";
  const name = cursor.take("{") ? cursor.until("}") : cursor.next();
  if (name === null || name === "") return cursor.fail("invalid character class range", start);
  const inverse = name.startsWith("^");
  const property = propertyNamed(inverse ? name.slice(1) : name, upper !== inverse);
  if (property === null) return cursor.fail("invalid character class range", start);
  members.properties.push(property);
}

/** One scalar value, escaped or not. */
export function parseScalar(cursor: PatternCursor): number {
  const start = cursor.at;
  const scalar = cursor.next();
  if (scalar !== "\\") return scalar.codePointAt(0) ?? 0;
  if (cursor.atEnd()) return cursor.fail("trailing backslash at end of expression", cursor.at);
  const letter = cursor.next();
  const control = CONTROL[letter];
  if (control !== undefined) return control;
  if (letter === "x") return parseHex(cursor, start);
  if (/^[0-7]$/.test(letter)) return parseOctal(cursor, start, letter);
  const point = letter.codePointAt(0) ?? 0;
  if (point < 0x80 && !/^[0-9A-Za-z]$/.test(letter)) return point;
  return cursor.fail("invalid escape sequence", start);
}

/** `\x7F` or `\x{10FFFF}`, behind the x. */
function parseHex(cursor: PatternCursor, start: number): number {
  const digits = cursor.take("{") ? cursor.until("}") : cursor.next() + cursor.next();
  const valid = digits !== null && /^[0-9A-Fa-f]+$/.test(digits);
  const point = valid ? Number.parseInt(digits, 16) : SCALAR_MAX + 1;
  return point <= SCALAR_MAX ? point : cursor.fail("invalid escape sequence", start);
}

/** `\0`, `\12`, `\123`: at most three digits; one digit other than 0 would be a back-reference. */
function parseOctal(cursor: PatternCursor, start: number, first: string): number {
  let digits = first;
  while (digits.length < 3 && /^[0-7]$/.test(cursor.peek())) digits += cursor.next();
  if (first !== "0" && digits.length === 1) return cursor.fail("invalid escape sequence", start);
  return Number.parseInt(digits, 8);
}

/** A class in brackets, at the bracket. */
export function parseBracket(cursor: PatternCursor, fold: boolean): CharSet {
  const start = cursor.at;
  cursor.next();
  const negated = cursor.take("^");
  const members: Members = { ranges: [], properties: [] };
  for (let first = true; first || cursor.peek() !== "]"; first = false) {
    if (cursor.atEnd()) return cursor.fail("missing closing ]", start);
    if (!takeNamedClass(cursor, members) && !takeClassEscape(cursor, members)) {
      members.ranges.push(parseRange(cursor, start));
    }
  }
  cursor.next();
  return new CharSet({ ...members, negated, fold });
}

/** `[:alpha:]` and `[:^alpha:]` inside brackets. */
function takeNamedClass(cursor: PatternCursor, members: Members): boolean {
  if (!cursor.lookingAt("[:")) return false;
  const start = cursor.at;
  const named = /^\[:(\^?)([a-z]+):\]/.exec(cursor.scalars.slice(start, start + 16).join(""));
  if (named === null) return false;
  cursor.at += named[0].length;
  const name = named[2] ?? "";
  const ranges = name.length > 1 ? NAMED_RANGES.get(name) : undefined;
  if (ranges === undefined) return cursor.fail("invalid character class range", start);
  members.ranges.push(...(named[1] === "" ? ranges : complementRanges(ranges)));
  return true;
}

/** `a`, or `a-z`; a minus before the closing bracket is itself. */
function parseRange(cursor: PatternCursor, bracket: number): Range {
  const start = cursor.at;
  const first = parseScalar(cursor);
  if (cursor.peek() !== "-" || cursor.peek(1) === "]") return [first, first];
  cursor.next();
  if (cursor.atEnd()) return cursor.fail("missing closing ]", bracket);
  const last = parseScalar(cursor);
  return first <= last ? [first, last] : cursor.fail("invalid character class range", start);
}
