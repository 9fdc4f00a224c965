// `match` and `when`; arms, also of `offer`, and where the body of an arm ends (language 2.1, 3).

import type { Block, Expr, MatchArm, WhenArm } from "./ast.ts";
import { packed } from "./packed.ts";
import { startsDeclaration } from "./parse-members.ts";
import { parsePattern } from "./parse-patterns.ts";
import type { Opener, Parser } from "./parser.ts";
import { recoverStatement } from "./recovery.ts";
import { NEW_LINE, type Token } from "./token.ts";
import { unfinished } from "./unfinished.ts";

/** A `match`; the current token is `match`. */
export function parseMatch(p: Parser): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  const { layout } = p;
  p.enter();
  p.advance();
  p.layout = "header";
  const subject = p.rules.expression(p);
  p.layout = layout;
  p.leave();
  const arms: MatchArm[] = [];
  parseArms(p, opener, () => arms.push(parseMatchArm(p, opener)));
  return { kind: "match", subject, arms: packed(arms), span: p.spanFrom(opener.token.start) };
}

/** A `when`; the current token is `when`. */
export function parseWhen(p: Parser): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const arms: WhenArm[] = [];
  parseArms(p, opener, () => arms.push(parseWhenArm(p, opener)));
  return { kind: "when", arms: packed(arms), span: p.spanFrom(opener.token.start) };
}

/** Arms up to and with the `end`; line ends count again, also inside brackets. */
export function parseArms(p: Parser, opener: Opener, arm: () => void): void {
  const { layout, statementColumn, blockColumn } = p;
  p.enter();
  p.layout = "lines";
  p.blockColumn = opener.column;
  while (!armsAreOver(p)) {
    const first = { token: p.tok, index: p.index };
    // A markdown block that documents nothing is a comment.
    p.accept("doc");
    p.beginStatement();
    p.noteInside(opener.token);
    arm();
    checkArmEnd(p);
    if (p.isPanicking) recoverStatement(p, first, opener.column);
  }
  p.layout = layout;
  p.statementColumn = statementColumn;
  p.blockColumn = blockColumn;
  p.expectEnd(opener);
  p.leave();
}

function armsAreOver(p: Parser): boolean {
  if (p.isPanicking || p.atEnd() || p.at("end")) return true;
  const { tok } = p;
  // Declarations in column 1 mean that an `end` is missing (language 2.1).
  return tok.line === NEW_LINE && tok.column === 0 && startsDeclaration(p);
}

/** An arm ends with its line, or before `end`. */
function checkArmEnd(p: Parser): void {
  if (p.isPanicking || p.atNewline() || p.prevKind === "end" || armsAreOver(p)) return;
  p.unexpected("a new line after the arm");
}

function parseMatchArm(p: Parser, opener: Opener): MatchArm {
  const first = p.tok;
  const { start } = first;
  if (atCase(p)) p.advance();
  const patterns = [parsePattern(p)];
  while (p.accept("|")) patterns.push(parsePattern(p));
  const guard = p.accept("if") ? p.rules.expression(p) : null;
  const body = parseArmBody(p, opener, first);
  return { patterns: packed(patterns), guard, body, span: p.spanFrom(start) };
}

/** `case` before a pattern; otherwise it is a name like any other. */
function atCase(p: Parser): boolean {
  if (!p.atName("case")) return false;
  switch (p.peek().kind) {
    case "->":
    case "|":
    case "if":
    case "(":
    case ":":
    case ".":
      return false;
    default:
      return true;
  }
}

function parseWhenArm(p: Parser, opener: Opener): WhenArm {
  const first = p.tok;
  const { start } = first;
  const isOtherwise = p.atName("_") && p.peek().kind === "->";
  if (isOtherwise) p.advance();
  const condition = isOtherwise ? null : p.rules.expression(p);
  const body = parseArmBody(p, opener, first);
  return { condition, body, span: p.spanFrom(start) };
}

/**
 * `-> statement`, or a block after a line end. The block ends at the dedent to the arm's column; an
 * `end` in that column is the arm's when the arm is indented deeper than its `match`, `when` or
 * `offer`.
 */
export function parseArmBody(p: Parser, opener: Opener, first: Token): Block {
  const arrow = p.tok;
  const { column } = first;
  const help = p.at("=>") ? "An arm has a thin arrow: `pattern -> result`." : undefined;
  if (!p.accept("->")) p.unexpected("`->` after the pattern or condition of an arm", help);
  if (p.isPanicking) return { statements: [], span: p.spanFrom(arrow.start) };
  if (!p.atNewline()) {
    if (p.at("end")) return { statements: [], span: p.spanFrom(arrow.start) };
    const statement = p.rules.statement(p);
    checkArmEnd(p);
    const read = p.isPanicking ? unfinished(statement) : statement;
    return { statements: [read], span: read.span };
  }
  const armOpener = { token: first, column };
  const block = p.rules.block(p, { opener: armOpener, until: "end", armColumn: column });
  const isOwnLine = p.at("end") && !p.onSameLine();
  const isArmEnd = isOwnLine && p.tok.column >= column && column > opener.column;
  if (isArmEnd) {
    p.noteClose(first);
    p.advance();
  }
  return block;
}
