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
  lexer.push("role", "role", start, { name, nameSpan, parts });
  return true;
}

interface Region {
  readonly start: number;
  readonly end: number;
}

function textRegion(lexer: LexerState, afterColon: number): Region {
  const start = skipBlanks(lexer, afterColon, lexer.limit);
  const lineEnd = lexer.lineEnd(start);
  const rest = lexer.code.slice(start, lineEnd).trim();
  if (rest === "") return { start, end: endOfLines(lexer, lineEnd, isEndLine) };
  if (rest === "|") {
    const column = lexer.column;
    const isDedent = (line: string): boolean => line.trim() !== "" && columnOf(line) <= column;
    return { start: lineEnd, end: endOfLines(lexer, lineEnd, isDedent) };
  }
  const endWord = /(^|[ \t])end[ \t\r]*$/.exec(lexer.code.slice(start, lineEnd));
  return { start, end: endWord === null ? lineEnd : start + endWord.index };
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

/** End of the last line, from the newline at `from`, before one for which `isOver` holds. */
function endOfLines(lexer: LexerState, from: number, isOver: (line: string) => boolean): number {
  let end = from;
  while (end < lexer.limit) {
    const next = lexer.lineEnd(end + 1);
    if (isOver(lexer.code.slice(end + 1, next))) return end;
    end = Math.max(next, end + 1);
  }
  return Math.min(end, lexer.limit);
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
