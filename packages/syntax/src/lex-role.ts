// Role text, `role system: You are …` (language 3, rule 6): raw to its end, with interpolations.

import { CODE, isBlank, isIdentifierStart, scanWord } from "./char-codes.ts";
import { dedent } from "./dedent.ts";
import { type Interpolate, startsInterpolation, weaveParts } from "./lex-strings.ts";
import type { LexerState } from "./lexer-state.ts";
import type { StringPart } from "./token.ts";

/** Lexes a role with its text when `name:` follows the word `role` that ends at `wordEnd`. */
export function lexRole(lexer: LexerState, wordEnd: number, interpolate: Interpolate): boolean {
  const { code, limit } = lexer;
  const nameStart = skipBlanks(lexer, wordEnd, limit);
  if (nameStart === wordEnd || !isIdentifierStart(code.charCodeAt(nameStart))) return false;
  const nameEnd = scanWord(code, nameStart, limit);
  const colon = skipBlanks(lexer, nameEnd, limit);
  if (colon >= limit || code.charCodeAt(colon) !== CODE.colon) return false;
  const start = lexer.pos;
  const region = textRegion(lexer, colon + 1);
  lexer.pos = region.start;
  const parts = scanRoleText(lexer, region.end, interpolate);
  const nameSpan = { start: nameStart, end: nameEnd };
  const name = code.slice(nameStart, nameEnd);
  lexer.push("role", "role", start, { name, nameSpan, parts, isBlock: region.isBlock });
  return true;
}

interface Region {
  readonly start: number;
  readonly end: number;
  readonly isBlock: boolean;
}

function textRegion(lexer: LexerState, afterColon: number): Region {
  const start = skipBlanks(lexer, afterColon, lexer.limit);
  const lineEnd = lexer.lineEnd(start);
  const textEnd = lexer.textEnd(lineEnd);
  if (start >= textEnd) return { start, end: endOfLines(lexer, lineEnd, null), isBlock: false };
  if (textEnd === start + 1 && lexer.code.charAt(start) === "|") {
    const column = lexer.column + lexer.blockIndent;
    return { start: lineEnd, end: endOfLines(lexer, lineEnd, column), isBlock: true };
  }
  const word = textEnd - "end".length;
  const isEndWord = word >= start && lexer.code.startsWith("end", word);
  const isWhole = word === start || isBlank(lexer.code.charCodeAt(word - 1));
  return { start, end: isEndWord && isWhole ? word : lineEnd, isBlock: false };
}

function isEndLine(line: string): boolean {
  return line.trim() === "end";
}

function columnOf(line: string): number {
  let column = 0;
  for (let at = 0; at < line.length && isBlank(line.charCodeAt(at)); at += 1) {
    column += line.charCodeAt(at) === CODE.tab ? 2 : 1;
  }
  return column;
}

/**
 * End of the last line, from the newline at `from`, before one that ends the text: a dedent to
 * `column`, or with null a line that is only `end`. Remembered: in brackets many texts share it.
 */
function endOfLines(lexer: LexerState, from: number, column: number | null): number {
  const { limit, roleLines } = lexer;
  const isKnown = roleLines.limit === limit && roleLines.column === column;
  if (isKnown && roleLines.from <= from && from <= roleLines.end) return roleLines.end;
  let end = from;
  while (end < limit) {
    const next = lexer.lineEnd(end + 1);
    if (endsText(lexer.code.slice(end + 1, next), column)) break;
    end = Math.min(Math.max(next, end + 1), limit);
  }
  lexer.roleLines = { from, end, column, limit };
  return end;
}

function endsText(line: string, column: number | null): boolean {
  if (column === null) return isEndLine(line);
  return line.trim() !== "" && columnOf(line) <= column;
}

function scanRoleText(
  lexer: LexerState,
  end: number,
  interpolate: Interpolate,
): readonly StringPart[] {
  const outerLimit = lexer.limit;
  const texts: string[] = [];
  const exprs: StringPart[] = [];
  let from = lexer.pos;
  lexer.limit = end;
  while (lexer.pos < end) {
    const char = lexer.code.charAt(lexer.pos);
    if (lexer.bracketDepth > 0 && (char === "," || char === ")")) break;
    if (char === "{" && startsInterpolation(lexer, lexer.pos + 1)) {
      const open = lexer.pos;
      texts.push(lexer.code.slice(from, open));
      const part = interpolate(lexer);
      from = lexer.pos;
      if (part === null) {
        const message = "this interpolation has no end: expected `}`";
        lexer.report("E0002", { start: open, end: open + 1 }, message);
        break;
      }
      exprs.push(part);
    } else {
      lexer.pos += 1;
    }
  }
  if (texts.length === exprs.length) texts.push(lexer.code.slice(from, lexer.pos));
  lexer.limit = outerLimit;
  const last = texts.length - 1;
  const trimmed = dedent(texts).map((text, index) => {
    const head = index === 0 ? text.trimStart() : text;
    return index === last ? head.trimEnd() : head;
  });
  return weaveParts(trimmed, exprs);
}

function skipBlanks(lexer: LexerState, from: number, limit: number): number {
  let at = from;
  while (at < limit && isBlank(lexer.code.charCodeAt(at))) at += 1;
  return at;
}
