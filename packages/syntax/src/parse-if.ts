// `if` in its block form and its inline form (language 3, rule 5), and conditions.

import type { Block, Condition, Expr, IfBranch } from "./ast.ts";
import { NESTING_DEPTH_MAX } from "./limits.ts";
import { packed } from "./packed.ts";
import { takeOptionalEnd } from "./parse-lambda.ts";
import { parsePattern } from "./parse-patterns.ts";
import { type Opener, type Parser, startsExpression } from "./parser.ts";

/** An `if` expression; the current token is `if`. */
export function parseIf(p: Parser): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  const branches: IfBranch[] = [];
  let otherwise: Block | null = null;
  let isInline = false;
  p.advance();
  for (;;) {
    const condition = parseCondition(p);
    // `then` at the end of a line is the block form, also inside brackets.
    const part = parsePart(p, opener, p.accept("then") && p.onSameLine());
    branches.push({ condition, block: part.block });
    isInline = part.isInline;
    if (!atElse(p, isInline)) break;
    if (branches.length === NESTING_DEPTH_MAX) failBranches(p);
    if (!isInline) p.noteClose(opener.token);
    if (p.atName("elif")) {
      p.advance();
      continue;
    }
    p.advance();
    if (p.at("if") && p.onSameLine()) {
      p.advance();
      continue;
    }
    const isHere = p.onSameLine() || p.layout === "bracket";
    const last = parsePart(p, opener, isInline && isHere);
    otherwise = last.block;
    isInline = last.isInline;
    break;
  }
  if (isInline) takeOptionalEnd(p);
  else p.expectEnd(opener);
  return {
    kind: "if",
    branches: packed(branches),
    otherwise,
    span: p.spanFrom(opener.token.start),
  };
}

/** E0016: each branch is nested in the one before it for the phases behind the parser. */
function failBranches(p: Parser): void {
  const span = { start: p.tok.start, end: p.tok.end };
  const message = `this \`if\` has more than ${NESTING_DEPTH_MAX} conditions`;
  p.fail({ code: "E0016", span, message });
}

/** True at an `else` or `elif` that belongs here: on the same line after an inline branch. */
function atElse(p: Parser, isInline: boolean): boolean {
  if (!p.at("else") && !atElif(p)) return false;
  return !isInline || p.onSameLine() || p.layout === "bracket";
}

/** `elif` is a word of the grammar only where a condition follows it. */
export function atElif(p: Parser): boolean {
  if (!p.atName("elif")) return false;
  const next = p.peek();
  return next.kind === "let" || startsExpression(next);
}

/** An expression, or `let P = e`. Its line end ends it: a leading `-` does not continue. */
export function parseCondition(p: Parser): Condition {
  const { layout } = p;
  p.enter();
  p.layout = "header";
  const condition = parseConditionBody(p);
  p.layout = layout;
  p.leave();
  return condition;
}

function parseConditionBody(p: Parser): Condition {
  if (!p.accept("let")) {
    const value = p.rules.expression(p);
    return {
      kind: "expr",
      value: p.at("=") && !p.atNewline() ? assignedCondition(p, value) : value,
    };
  }
  const pattern = parsePattern(p);
  p.expect("=", "`=` after the pattern");
  return { kind: "let", pattern, value: p.rules.expression(p) };
}

/** `if x = 1`: reported, and read to its end, so that the block below is a block. */
function assignedCondition(p: Parser, { span: { start } }: Expr): Expr {
  const { tok } = p;
  const message = "expected a condition, found an assignment";
  const help = "`==` compares; `=` gives a variable its value.";
  p.report({ code: "E0010", span: { start: tok.start, end: tok.end }, message, help });
  p.advance();
  p.rules.expression(p);
  return { kind: "error", span: p.spanFrom(start) };
}

interface Part {
  readonly block: Block;
  readonly isInline: boolean;
}

/**
 * What follows a condition or `else`. With `mayBeInline` it is inline when it is one expression;
 * any other statement makes it a block, which needs its `end`.
 */
function parsePart(p: Parser, opener: Opener, mayBeInline: boolean): Part {
  const options = { opener, until: "else", armColumn: null } as const;
  if (!mayBeInline || p.at("end") || p.isPanicking || p.atEnd()) {
    return { block: p.rules.block(p, options), isInline: false };
  }
  p.enter();
  const first = p.rules.statement(p);
  p.leave();
  if (first.kind === "expr" && !p.at(";")) {
    return { block: { statements: [first], span: first.span }, isInline: true };
  }
  return { block: p.rules.block(p, options, first), isInline: false };
}
