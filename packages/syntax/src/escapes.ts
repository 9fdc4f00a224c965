// Escape sequences of strings (language 2.4): checked where they stand, decoded after dedenting.

import { isHexDigit } from "./char-codes.ts";
import type { LexerState } from "./lexer-state.ts";

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["r", "\r"],
  ["\\", "\\"],
  ['"', '"'],
  ["'", "'"],
  ["0", "\0"],
  ["{", "{"],
  ["}", "}"],
]);

/** Checks the escape whose backslash stands at `at` and returns the offset after it. */
export function scanEscape(lexer: LexerState, at: number): number {
  const { code, limit } = lexer;
  const letter = at + 1 < limit ? code.charAt(at + 1) : "";
  if (letter === "x") {
    if (hexEnd(code, at + 2, Math.min(limit, at + 4)) === at + 4) return at + 4;
    reportEscape(lexer, { start: at, end: at + 2 }, "two hexadecimal digits after `\\x`");
    return at + 2;
  }
  if (letter === "u") return scanUnicode(lexer, at);
  // A newline is left to the caller: it ends a single-line string even after a backslash.
  return letter === "" || letter === "\n" ? at + 1 : at + 2;
}

function scanUnicode(lexer: LexerState, at: number): number {
  const { code, limit } = lexer;
  if (code.charAt(at + 2) !== "{" || at + 2 >= limit) {
    reportEscape(lexer, { start: at, end: at + 2 }, "`{` after `\\u`");
    return at + 2;
  }
  const end = hexEnd(code, at + 3, limit);
  if (end === at + 3 || end >= limit || code.charAt(end) !== "}") {
    reportEscape(lexer, { start: at, end }, "hexadecimal digits and `}`");
    return end;
  }
  if (scalarValue(code.slice(at + 3, end)) === null) {
    const message = "expected a Unicode scalar value: 0 to 10FFFF without D800 to DFFF";
    lexer.report("E0006", { start: at, end: end + 1 }, message);
  }
  return end + 1;
}

function reportEscape(
  lexer: LexerState,
  span: { readonly start: number; readonly end: number },
  expected: string,
): void {
  lexer.report("E0006", span, `expected ${expected}`, "To write a backslash, double it: `\\\\`.");
}

function hexEnd(code: string, start: number, limit: number): number {
  let at = start;
  while (at < limit && isHexDigit(code.charCodeAt(at))) at += 1;
  return at;
}

function scalarValue(hex: string): number | null {
  const digits = hex.replace(/^0+(?=.)/, "");
  if (digits.length > 6) return null;
  const value = Number.parseInt(digits, 16);
  return value <= 0x10ffff && (value < 0xd800 || value > 0xdfff) ? value : null;
}

/**
 * Text with its escapes replaced. A backslash before any other character stays with it, as does a
 * malformed `\x` or `\u`, which {@link scanEscape} has reported.
 */
export function decodeEscapes(raw: string): string {
  let at = raw.indexOf("\\");
  if (at === -1) return raw;
  const pieces: string[] = [];
  let from = 0;
  while (at !== -1) {
    const decoded = decodeOne(raw, at);
    pieces.push(raw.slice(from, at), decoded.text);
    from = decoded.end;
    at = raw.indexOf("\\", from);
  }
  pieces.push(raw.slice(from));
  return pieces.join("");
}

function decodeOne(raw: string, at: number): { readonly text: string; readonly end: number } {
  const letter = raw.charAt(at + 1);
  const simple = SIMPLE.get(letter);
  if (simple !== undefined) return { text: simple, end: at + 2 };
  if (letter === "x" && hexEnd(raw, at + 2, at + 4) === at + 4) {
    const code = Number.parseInt(raw.slice(at + 2, at + 4), 16);
    return { text: String.fromCharCode(code), end: at + 4 };
  }
  if (letter === "u" && raw.charAt(at + 2) === "{") {
    const end = hexEnd(raw, at + 3, raw.length);
    const value = raw.charAt(end) === "}" ? scalarValue(raw.slice(at + 3, end)) : null;
    if (value !== null) return { text: String.fromCodePoint(value), end: end + 1 };
  }
  return { text: raw.slice(at, at + 2), end: Math.min(raw.length, at + 2) };
}
