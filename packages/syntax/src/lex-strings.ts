// String literals (language 2.4): the six forms, their ends, their escapes and dedenting.
// Interpolations are lexed by the lexer itself, through `Interpolate`.

import { CODE, isHexDigit } from "./char-codes.ts";
import { dedent } from "./dedent.ts";
import { decodeEscapes, scanEscape } from "./escapes.ts";
import type { LexerState } from "./lexer-state.ts";
import type { StringPart } from "./token.ts";

/**
 * Lexes the interpolation whose `{` stands at `pos` and leaves `pos` after its `}`. Null when the
 * limit comes first.
 */
export type Interpolate = (lexer: LexerState) => StringPart | null;

/** Raw stretches with the interpolations between them: always one text more than expressions. */
interface RawString {
  readonly texts: string[];
  readonly exprs: StringPart[];
  readonly isClosed: boolean;
  /** The `{` of an interpolation that has no end; null where all have one. */
  readonly openedAt: number | null;
}

/** Reads a `"…"` or `"""…"""` string at `pos`. */
export function lexString(lexer: LexerState, interpolate: Interpolate): void {
  const start = lexer.pos;
  const isTriple = isTripleQuote(lexer, start);
  lexer.pos += isTriple ? 3 : 1;
  const raw = scanInterpolated(lexer, isTriple, interpolate);
  if (!raw.isClosed) reportUnterminated(lexer, start, isTriple, raw.openedAt);
  const texts = (isTriple ? dedent(raw.texts) : raw.texts).map(decodeEscapes);
  if (raw.exprs.length === 0) lexer.push("string", "", start, texts[0] ?? "");
  else lexer.push("interpolated", "", start, weaveParts(texts, raw.exprs));
}

/** Texts and expressions in turn, without empty texts. */
export function weaveParts(
  texts: readonly string[],
  exprs: readonly StringPart[],
): readonly StringPart[] {
  const parts: StringPart[] = [];
  texts.forEach((value, index) => {
    if (value !== "") parts.push({ kind: "text", value });
    const expr = exprs[index];
    if (expr !== undefined) parts.push(expr);
  });
  return parts;
}

/** Reads a `'…'` string at `pos`: escapes, no interpolation. */
export function lexQuoted(lexer: LexerState): void {
  const start = lexer.pos;
  lexer.pos += 1;
  const content = lexer.pos;
  let isClosed = false;
  while (lexer.pos < lexer.limit) {
    const code = lexer.code.charCodeAt(lexer.pos);
    if (code === CODE.newline) break;
    if (code === CODE.apostrophe) {
      isClosed = true;
      break;
    }
    lexer.pos = code === CODE.backslash ? scanEscape(lexer, lexer.pos) : lexer.pos + 1;
  }
  const value = decodeEscapes(lexer.code.slice(content, lexer.pos));
  if (isClosed) lexer.pos += 1;
  else reportUnterminated(lexer, start, false);
  lexer.push("string", "", start, value);
}

/** Reads `r"…"` or `r"""…"""`; `pos` is at the `r`. */
export function lexRaw(lexer: LexerState): void {
  const start = lexer.pos;
  const isTriple = isTripleQuote(lexer, start + 1);
  const content = start + (isTriple ? 4 : 2);
  const bound = isTriple ? lexer.limit : lexer.lineEnd(Math.min(content, lexer.limit));
  const found = findWithin(lexer, isTriple ? '"""' : '"', content, bound);
  const end = found === -1 ? bound : found;
  lexer.pos = found === -1 ? bound : end + (isTriple ? 3 : 1);
  if (found === -1) reportUnterminated(lexer, start, isTriple);
  const text = lexer.code.slice(content, end);
  lexer.push("string", "", start, isTriple ? (dedent([text])[0] ?? "") : text);
}

/** Reads `b"…"`, pairs of hexadecimal digits; `pos` is at the `b`. */
export function lexBytes(lexer: LexerState): void {
  const start = lexer.pos;
  const content = start + 2;
  const bound = lexer.lineEnd(Math.min(content, lexer.limit));
  const found = findWithin(lexer, '"', content, bound);
  const end = found === -1 ? bound : found;
  lexer.pos = found === -1 ? bound : end + 1;
  if (found === -1) reportUnterminated(lexer, start, false);
  lexer.push("bytes", "", start, decodeHex(lexer, content, end));
}

/** Offset of `quote` if it ends at `bound` or before, else -1. */
function findWithin(lexer: LexerState, quote: string, from: number, bound: number): number {
  const at = lexer.code.indexOf(quote, from);
  return at === -1 || at + quote.length > bound ? -1 : at;
}

function decodeHex(lexer: LexerState, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array((end - start) >> 1);
  for (let at = start; at < end; at += 1) {
    if (isHexDigit(lexer.code.charCodeAt(at))) continue;
    const char = String.fromCodePoint(lexer.code.codePointAt(at) ?? 0);
    const span = { start: at, end: at + char.length };
    lexer.report("E0005", span, `expected a hexadecimal digit, found \`${char}\``);
    return bytes;
  }
  if ((end - start) % 2 === 1) {
    const message = "expected pairs of hexadecimal digits, found an odd number of digits";
    lexer.report("E0005", { start, end }, message);
  }
  for (let index = 0; index < bytes.length; index += 1) {
    const at = start + index * 2;
    bytes[index] = Number.parseInt(lexer.code.slice(at, at + 2), 16);
  }
  return bytes;
}

function isTripleQuote(lexer: LexerState, at: number): boolean {
  return at + 3 <= lexer.limit && lexer.code.startsWith('"""', at);
}

function scanInterpolated(
  lexer: LexerState,
  isTriple: boolean,
  interpolate: Interpolate,
): RawString {
  const outerLimit = lexer.limit;
  const texts: string[] = [];
  const exprs: StringPart[] = [];
  // A line end inside an interpolation of a single-line string ends the string (language 2.4).
  if (!isTriple) lexer.limit = lexer.lineEnd(lexer.pos);
  let from = lexer.pos;
  let isClosed = false;
  let openedAt: number | null = null;
  while (lexer.pos < lexer.limit) {
    const code = lexer.code.charCodeAt(lexer.pos);
    if (code === CODE.quote && (!isTriple || isTripleQuote(lexer, lexer.pos))) {
      isClosed = true;
      break;
    }
    if (code === CODE.backslash) {
      lexer.pos = scanEscape(lexer, lexer.pos);
    } else if (code === CODE.openBrace && startsInterpolation(lexer, lexer.pos + 1)) {
      texts.push(lexer.code.slice(from, lexer.pos));
      const open = lexer.pos;
      const part = interpolate(lexer);
      from = lexer.pos;
      if (part === null) {
        openedAt = open;
        break;
      }
      exprs.push(part);
    } else {
      lexer.pos += 1;
    }
  }
  if (texts.length === exprs.length) texts.push(lexer.code.slice(from, lexer.pos));
  if (isClosed) lexer.pos += isTriple ? 3 : 1;
  lexer.limit = outerLimit;
  return { texts, exprs, isClosed, openedAt };
}

/** True when what follows a `{` can start an expression (language 2.4); else it is plain text. */
export function startsInterpolation(lexer: LexerState, from: number): boolean {
  let at = from;
  while (at < lexer.limit && (lexer.code.charAt(at) === " " || lexer.code.charAt(at) === "\t")) {
    at += 1;
  }
  return at < lexer.limit && /^[A-Za-z_0-9([-]/.test(lexer.code.charAt(at));
}

/** E0002, unless an enclosing string ends at the same place and will report it itself. */
function reportUnterminated(
  lexer: LexerState,
  start: number,
  isTriple: boolean,
  openedAt: number | null = null,
): void {
  if (lexer.interpolationDepth > 0 && lexer.pos >= lexer.limit) return;
  if (lexer.isTooDeep) return;
  if (openedAt !== null) {
    const span = { start: openedAt, end: openedAt + 1 };
    const where = isTriple ? "" : " on its line";
    const help = "Close it with `}`; a brace that is text is written `\\{`.";
    lexer.report("E0002", span, `this interpolation has no end${where}: expected \`}\``, help);
  } else if (isTriple) {
    const span = { start, end: start + 3 };
    const help = 'Close the string with `"""`.';
    lexer.report("E0002", span, "this string has no end: expected three quotes", help);
  } else {
    const span = { start, end: lexer.pos };
    const message = "this string has no end on its line: expected a closing quote";
    lexer.report("E0002", span, message);
  }
}
