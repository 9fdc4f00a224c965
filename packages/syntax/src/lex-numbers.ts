// Number literals (language 2.3): Int in four bases, Float, and the digits of a tuple index.

import { CODE, isDigit, isHexDigit } from "./char-codes.ts";
import type { LexerState } from "./lexer-state.ts";

/** 2^63: one above the largest Int. The parser accepts it only right after a unary minus. */
export const INT_MAGNITUDE_MAX = 9223372036854775808n;

/** Reads the number at `pos`; the first character is a digit. */
export function lexNumber(lexer: LexerState): void {
  const start = lexer.pos;
  const { previous } = lexer;
  if (previous !== undefined && previous.kind === "." && previous.end === start) {
    // After a dot digits are a tuple index, so that `t.0.1` is two accesses.
    lexer.pos = scanDigits(lexer, start, isDigit);
    pushInt(lexer, start, lexer.code.slice(start, lexer.pos), 10);
  } else if (!lexPrefixed(lexer)) {
    lexDecimal(lexer);
  }
}

interface Base {
  readonly radix: 2 | 8 | 16;
  readonly isBaseDigit: (code: number) => boolean;
}

const BASES: ReadonlyMap<string, Base> = new Map<string, Base>([
  ["0x", { radix: 16, isBaseDigit: isHexDigit }],
  ["0X", { radix: 16, isBaseDigit: isHexDigit }],
  ["0b", { radix: 2, isBaseDigit: (code) => code === 48 || code === 49 }],
  ["0o", { radix: 8, isBaseDigit: (code) => code >= 48 && code <= 55 }],
]);

function lexPrefixed(lexer: LexerState): boolean {
  const start = lexer.pos;
  if (lexer.code.charCodeAt(start) !== CODE.zero) return false;
  const base = BASES.get(lexer.code.slice(start, start + 2));
  if (base === undefined || start + 2 >= lexer.limit) return false;
  if (!base.isBaseDigit(lexer.code.charCodeAt(start + 2))) return false;
  lexer.pos = scanDigits(lexer, start + 2, base.isBaseDigit);
  pushInt(lexer, start, lexer.code.slice(start + 2, lexer.pos).replaceAll("_", ""), base.radix);
  return true;
}

/** The numbers of one digit, which are most: each once. */
const DIGITS: readonly bigint[] = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n, 8n, 9n];

function lexDecimal(lexer: LexerState): void {
  const { code, limit } = lexer;
  const start = lexer.pos;
  let at = scanDigits(lexer, start, isDigit);
  let isFloat = false;
  // A dot belongs to the number only when a digit follows: `1..5` is a range.
  if (at + 1 < limit && code.charCodeAt(at) === CODE.dot && isDigit(code.charCodeAt(at + 1))) {
    at = scanDigits(lexer, at + 1, isDigit);
    isFloat = true;
  }
  const exponent = scanExponent(lexer, at);
  if (exponent !== at) {
    at = exponent;
    isFloat = true;
  }
  lexer.pos = at;
  if (at === start + 1) {
    lexer.push("int", "", start, DIGITS[code.charCodeAt(start) - CODE.zero] ?? 0n);
    return;
  }
  const digits = code.slice(start, at).replaceAll("_", "");
  if (isFloat) pushFloat(lexer, start, Number(digits));
  else pushInt(lexer, start, digits, 10);
}

function scanExponent(lexer: LexerState, start: number): number {
  const { code, limit } = lexer;
  const letter = code.charAt(start);
  if (letter !== "e" && letter !== "E") return start;
  const sign = code.charAt(start + 1);
  const digits = sign === "+" || sign === "-" ? start + 2 : start + 1;
  if (digits >= limit || !isDigit(code.charCodeAt(digits))) return start;
  let at = digits;
  while (at < limit && isDigit(code.charCodeAt(at))) at += 1;
  return at;
}

function scanDigits(
  lexer: LexerState,
  start: number,
  isBaseDigit: (code: number) => boolean,
): number {
  let at = start;
  while (at < lexer.limit) {
    const code = lexer.code.charCodeAt(at);
    if (!isBaseDigit(code) && code !== CODE.underscore) break;
    at += 1;
  }
  return at;
}

/** Largest number of digits, without leading zeros, that 2^63 can need in a base. */
const DIGIT_COUNT_MAX = { 2: 64, 8: 22, 10: 19, 16: 16 } as const;

function pushInt(lexer: LexerState, start: number, digits: string, radix: 2 | 8 | 10 | 16): void {
  if (digits.length <= 12) {
    const small = Number.parseInt(digits === "" ? "0" : digits, radix);
    lexer.push("int", "", start, BigInt(small));
    return;
  }
  // The length is checked first: converting a megabyte of digits would take quadratic time.
  const significant = digits.replace(/^0+(?=.)/, "");
  const prefix = { 2: "0b", 8: "0o", 10: "", 16: "0x" }[radix];
  const tooLong = significant.length > DIGIT_COUNT_MAX[radix];
  const value = tooLong ? INT_MAGNITUDE_MAX + 1n : BigInt(prefix + significant);
  if (value > INT_MAGNITUDE_MAX) {
    const message = "this number is above 9223372036854775807, the largest Int";
    lexer.report("E0004", { start, end: lexer.pos }, message);
    lexer.push("int", "", start, 0n);
  } else {
    lexer.push("int", "", start, value);
  }
}

function pushFloat(lexer: LexerState, start: number, value: number): void {
  if (!Number.isFinite(value)) {
    const help = "Use the constant INFINITY, or a smaller number.";
    lexer.report(
      "E0004",
      { start, end: lexer.pos },
      "this number is above the largest Float",
      help,
    );
  }
  lexer.push("float", "", start, value);
}
