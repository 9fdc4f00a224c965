// Expressions that begin with a soft or contextual keyword: one table of when the word is one, and
// of what it starts (language 2.2, 3).

import type { Expr, OfferArm } from "./ast.ts";
import { canFollowBlockWord, endsBeforeDeeperLine, opensBlock, takesName } from "./block-words.ts";
import { parseArmBody, parseArms } from "./parse-arms.ts";
import { atNursery, parseNursery } from "./parse-await.ts";
import { closeBracket, openBracket } from "./parse-brackets.ts";
import { atHandle, parseHandle, parsePerform, parseResume } from "./parse-handlers.ts";
import { parsePattern } from "./parse-patterns.ts";
import type { Parser } from "./parser.ts";
import { NEW_LINE, SAME_LINE } from "./token.ts";

/** One word: where it is no name, and its construct. */
interface SoftWord {
  readonly isHere: (p: Parser) => boolean;
  readonly parse: (p: Parser) => Expr;
}

const SOFT_WORDS: ReadonlyMap<string, SoftWord> = new Map([
  ["do", { isHere: isDoBlock, parse: parseDo }],
  ["perform", { isHere: takesName, parse: parsePerform }],
  ["resume", { isHere: takesParens, parse: parseResume }],
  ["handle", { isHere: atHandle, parse: parseHandle }],
  ["comptime", { isHere: opensBlock, parse: parseComptime }],
  ["nursery", { isHere: atNursery, parse: parseNursery }],
  ["offer", { isHere: takesName, parse: parseOffer }],
  ["checkpoint", { isHere: atCheckpoint, parse: parseCheckpoint }],
  ["assert_matches", { isHere: takesParens, parse: parseAssertMatches }],
]);

/** The construct that the name at the current token starts, or null when it is just a name. */
export function parseSoftWord(p: Parser): Expr | null {
  const word = SOFT_WORDS.get(p.tok.text);
  return word?.isHere(p) === true ? word.parse(p) : null;
}

function takesParens(p: Parser): boolean {
  return p.peek().kind === "(" && p.peek().line === SAME_LINE;
}

/** `do` starts a block unless it is used as a name. */
function isDoBlock(p: Parser): boolean {
  const next = p.peek();
  if (next.kind === "end") return true;
  if (next.line === NEW_LINE) return endsBeforeDeeperLine(p);
  return canFollowBlockWord(next);
}

function parseDo(p: Parser): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const block = p.rules.block(p, { opener, until: "end", armColumn: null });
  p.expectEnd(opener);
  return { kind: "do", block, span: p.spanFrom(opener.token.start) };
}

/** `comptime … end` or `comptime { … }` */
function parseComptime(p: Parser): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const options = { opener, until: "end", armColumn: null } as const;
  if (!p.at("{")) {
    const block = p.rules.block(p, options);
    p.expectEnd(opener);
    return { kind: "comptime", block, span: p.spanFrom(opener.token.start) };
  }
  p.mark("blockBrace");
  const open = openBracket(p);
  const block = p.rules.block(p, options);
  p.mark("blockBrace");
  closeBracket(p, open, "}");
  return { kind: "comptime", block, span: p.spanFrom(opener.token.start) };
}

/** With a label, or as the end of its statement; otherwise `checkpoint` is a name. */
function atCheckpoint(p: Parser): boolean {
  const next = p.peek();
  if (next.kind === "eof" || next.kind === "blockEnd") return true;
  if (next.line !== SAME_LINE) return p.layout !== "bracket";
  return (
    next.kind === "string" ||
    next.kind === "interpolated" ||
    next.kind === ";" ||
    next.kind === "end"
  );
}

function parseCheckpoint(p: Parser): Expr {
  const { start } = p.tok;
  p.advance();
  const hasLabel = p.onSameLine() && (p.at("string") || p.at("interpolated"));
  const label = hasLabel ? p.rules.expression(p) : null;
  return { kind: "checkpoint", label, payload: "", span: p.spanFrom(start) };
}

/** `offer ch … end`; the current token is `offer`. */
function parseOffer(p: Parser): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  const { layout } = p;
  p.advance();
  p.layout = "header";
  const value = p.rules.expression(p);
  p.layout = layout;
  const arms: OfferArm[] = [];
  parseArms(p, opener, () => {
    const first = p.tok;
    const { start } = first;
    const label = p.name("a label or `end`");
    const pattern = p.at("(") && p.onSameLine() ? parseOfferPattern(p) : null;
    const body = parseArmBody(p, opener, first);
    arms.push({ label, pattern, body, span: p.spanFrom(start) });
  });
  return { kind: "offer", value, arms, span: p.spanFrom(opener.token.start) };
}

function parseOfferPattern(p: Parser): OfferArm["pattern"] {
  p.mark("postfix");
  const open = openBracket(p);
  const pattern = parsePattern(p);
  closeBracket(p, open, ")");
  return pattern;
}

/** `assert_matches(e, p if g)` */
function parseAssertMatches(p: Parser): Expr {
  const { start } = p.tok;
  p.advance();
  p.mark("postfix");
  const open = openBracket(p);
  const value = p.rules.expression(p);
  p.expect(",", "`,` and a pattern");
  const pattern = parsePattern(p);
  const guard = p.accept("if") ? p.rules.expression(p) : null;
  p.accept(",");
  closeBracket(p, open, ")", guard === null ? "`if` or " : "");
  return { kind: "assertMatches", value, pattern, guard, span: p.spanFrom(start) };
}
