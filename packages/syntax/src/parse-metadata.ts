// What the grammar keeps as text: sections, payloads, `migrate` blocks, and the lines of processes
// that are either an expression or such text (language 2.1, 3, 12).

import type { Config, Expr, Section } from "./ast.ts";
import type { Header } from "./layout-notes.ts";
import type { Opener, Parser } from "./parser.ts";
import { isWord, NEW_LINE, SAME_LINE } from "./token.ts";

/** Lines passed over by {@link skipLines}. */
interface SkippedLines {
  /** True when a line below the first one belongs to them, outside of brackets. */
  readonly hasPayload: boolean;
}

/**
 * Passes over the rest of a line that began in `column`, and its payload: the lines indented
 * deeper. While a bracket is open, its end and the `end` of a block in it may stand in the column
 * itself. `isOver` ends the payload earlier.
 */
function skipLines(p: Parser, column: number, isOver: (p: Parser) => boolean): SkippedLines {
  let depth = 0;
  let hasPayload = false;
  while (!p.atEnd() && !p.isPanicking) {
    const { kind, line } = p.tok;
    const isCloser = kind === ")" || kind === "]" || kind === "}";
    const isShallow = line !== SAME_LINE && p.tok.column <= column;
    const isInside = depth > 0 && p.tok.column === column && (isCloser || kind === "end");
    if ((isShallow && !isInside) || isOver(p)) break;
    if (line !== SAME_LINE && depth === 0) hasPayload = true;
    if (kind === "(" || kind === "[" || kind === "?[" || kind === "{") depth += 1;
    else if (isCloser) depth = Math.max(0, depth - 1);
    p.advance();
  }
  return { hasPayload };
}

/** The source from `start` up to here as metadata: trimmed lines without blank ones. */
export function textFrom(p: Parser, start: number): string {
  const raw = p.file.code.slice(start, Math.max(start, p.prevEnd));
  const lines = raw.split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").join("\n");
}

/** Takes the `end` of a payload: in the column of its first line, deeper than what is around it. */
function takePayloadEnd(p: Parser, header: Header): void {
  if (!p.at("end") || p.onSameLine() || p.peek().kind === ":") return;
  if (p.tok.column !== header.column || header.column <= p.blockColumn) return;
  p.notes?.lines.set(p.tok.start, { kind: "close", opener: header.start });
  p.advance();
}

const NEVER = (): boolean => false;

/** A line that no rule knows, with its payload; `prefix` is what stands before its name. */
export function parseSection(p: Parser, prefix: "" | "@" = ""): Section {
  const { start, column, line } = p.tok;
  if (prefix !== "") p.advance();
  const name = p.name("a member of the declaration, or `end`", true);
  p.accept(":");
  const textStart = p.tok.start;
  // On the line of its declaration a section leaves the last `end` to that one.
  skipLines(p, column, line === SAME_LINE ? atLastEnd : NEVER);
  if (line === SAME_LINE && p.at("end")) p.notes?.pinned.add(start);
  const text = textFrom(p, textStart);
  const span = p.spanFrom(start);
  p.noteRaw(textStart, { start, column });
  takePayloadEnd(p, { start, column });
  return { name: prefix + name.text, text, span };
}

function atLastEnd(p: Parser): boolean {
  return p.at("end") && p.onSameLine() && (p.peek().line !== SAME_LINE || p.peek().kind === "eof");
}

/**
 * `name: expr`, or a section: what follows the colon decides. An expression has no payload, and
 * nothing is left after it on its line (language 3, rule 8).
 */
export function parseConfigOrSection(p: Parser): Config | Section {
  const { index } = p;
  const { start, column, line } = p.tok;
  if (!isWord(p.tok) || p.peek().kind !== ":") return parseSection(p);
  const name = p.name("a name", true);
  p.advance();
  const valueIndex = p.index;
  const { hasPayload } = skipLines(p, column, line === SAME_LINE ? atLastEnd : NEVER);
  if (line === SAME_LINE && p.at("end")) p.notes?.pinned.add(start);
  const value = hasPayload ? null : parseWhole(p, valueIndex);
  if (value !== null) return { name, value };
  p.restart(index);
  return parseSection(p);
}

/** The tokens from `index` up to here as one expression, or null when they are none. */
function parseWhole(p: Parser, index: number): Expr | null {
  const tokens = p.tokensFrom(index);
  return p.attempt(() =>
    p.within(tokens, () => {
      const value = p.rules.expression(p);
      if (!p.at("eof")) p.unexpected("the end of the line");
      return value;
    }),
  );
}

/** The payload of an attribute or statement; empty without one. */
export function takePayload(
  p: Parser,
  header: Header,
  startsPayload: (p: Parser) => boolean,
): string {
  const isDeeper = p.tok.line === NEW_LINE && p.tok.column > header.column;
  const isPayload = isDeeper && p.layout !== "bracket" && startsPayload(p);
  if (!isPayload || p.atEnd()) return "";
  const { start } = p.tok;
  skipLines(p, header.column, NEVER);
  const text = textFrom(p, start);
  p.noteRaw(start, header);
  takePayloadEnd(p, header);
  return text;
}

/** What an addon says: the rest of its line and the payload; `in` ends it (language 3, `addon`). */
export function takeAddonText(p: Parser, header: Header): string {
  const { start } = p.tok;
  const { hasPayload } = skipLines(p, header.column, atAddonIn);
  const text = textFrom(p, start);
  p.noteRaw(start, header);
  if (hasPayload && !atAddonIn(p)) takePayloadEnd(p, header);
  return text;
}

/** True at an `in` that ends its line: the block of an addon follows. */
export function atAddonIn(p: Parser): boolean {
  return p.at("in") && (p.peek().line !== SAME_LINE || p.peek().kind === "blockEnd");
}

/** `migrate … end`: everything up to the `end` in its column. */
export function parseMigrate(p: Parser): Section {
  const { tok } = p;
  const opener: Opener = { token: tok, column: tok.column };
  p.advance();
  const { start } = p.tok;
  while (!p.atEnd() && !isEndOf(p, tok.column)) {
    if (p.tok.line === NEW_LINE && p.tok.column < tok.column) break;
    p.advance();
  }
  const text = textFrom(p, start);
  p.noteRaw(start, tok);
  p.expectEnd(opener);
  return { name: "migrate", text, span: p.spanFrom(tok.start) };
}

function isEndOf(p: Parser, column: number): boolean {
  return p.at("end") && (p.onSameLine() || p.tok.column <= column);
}
