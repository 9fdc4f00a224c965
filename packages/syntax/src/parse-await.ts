// Waiting: `await`, its block forms, and nurseries (language 3, 13).

import type { AwaitBranch, Expr } from "./ast.ts";
import { canFollowBlockWord, endsBeforeDeeperLine } from "./block-words.ts";
import { parseBinder } from "./parse-collections.ts";
import { parseMembers } from "./parse-members.ts";
import type { Opener, Parser } from "./parser.ts";
import { SAME_LINE } from "./token.ts";

type Combinator = Extract<Expr, { readonly kind: "awaitBlock" }>["combinator"];

const COMBINATORS: ReadonlyMap<string, Combinator> = new Map([
  ["parallel", "parallel"],
  ["race", "race"],
  ["vote", "vote"],
  ["select", "select"],
]);

/** `await e`, or a block; the current token is `await`. `operand` parses what it binds to. */
export function parseAwait(p: Parser, operand: (p: Parser) => Expr): Expr {
  const { start, column } = p.tok;
  p.enter();
  p.advance();
  const combinator = p.at("name") ? COMBINATORS.get(p.tok.text) : undefined;
  const isBlock = combinator !== undefined && (isLoopAhead(p) || endsBeforeDeeperLine(p));
  const value: Expr = isBlock
    ? parseAwaitBlock(p, combinator, { token: p.tok, column }, start)
    : { kind: "await", value: operand(p), span: p.spanFrom(start) };
  p.leave();
  return value;
}

function isLoopAhead(p: Parser): boolean {
  return p.peek().kind === "for" && p.peek().line === SAME_LINE;
}

function parseAwaitBlock(p: Parser, combinator: Combinator, opener: Opener, start: number): Expr {
  p.advance();
  if (p.at("for")) return parseAwaitFor(p, combinator, start);
  const branches: AwaitBranch[] = [];
  parseMembers(p, { opener }, () => branches.push(parseBranch(p)));
  return { kind: "awaitBlock", combinator, branches, span: p.spanFrom(start) };
}

/** `e` or `x = e` */
function parseBranch(p: Parser): AwaitBranch {
  const isNamed = p.at("name") && p.peek().kind === "=";
  const name = isNamed ? p.name("a name") : null;
  if (isNamed) p.advance();
  return { name, value: p.rules.expression(p) };
}

/** `for x in xs … end` behind the word; the body is spawned for every item. */
function parseAwaitFor(p: Parser, combinator: Combinator, start: number): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  const { layout } = p;
  p.advance();
  p.layout = "header";
  const binder = parseBinder(p);
  p.expect("in", "`in` after the variable of `for`");
  const iterable = p.rules.expression(p);
  p.layout = layout;
  const body = p.rules.block(p, { opener, until: "end", armColumn: null });
  p.expectEnd(opener);
  return { kind: "awaitFor", combinator, binder, iterable, body, span: p.spanFrom(start) };
}

/** True where `nursery` opens a block, with or without a name for it. */
export function atNursery(p: Parser): boolean {
  if (!p.atName("nursery")) return false;
  if (endsBeforeDeeperLine(p)) return true;
  return p.peek().line === SAME_LINE && canFollowBlockWord(p.peek());
}

/** `nursery n … end`; the current token is `nursery`. */
export function parseNursery(p: Parser): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const isNamed = p.at("name") && p.onSameLine() && isNameOver(p);
  const name = isNamed ? p.name("the name of the nursery") : null;
  const body = p.rules.block(p, { opener, until: "end", armColumn: null });
  p.expectEnd(opener);
  return { kind: "nursery", name, body, span: p.spanFrom(opener.token.start) };
}

/** The name stands alone: what follows it starts the block and does not go on with it. */
function isNameOver(p: Parser): boolean {
  const next = p.peek();
  return next.line !== SAME_LINE || next.kind === "end" || canFollowBlockWord(next);
}
