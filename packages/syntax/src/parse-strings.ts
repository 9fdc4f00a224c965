// Interpolated strings: the lexer has cut them into parts, each expression with tokens of its own.

import type { Expr, InterpolationPart } from "./ast.ts";
import type { Parser } from "./parser.ts";
import type { StringPart, Token } from "./token.ts";

/** The string at the current token as text and expressions. */
export function parseInterpolation(p: Parser): Expr {
  const { tok } = p;
  const parts: InterpolationPart[] = [];
  for (const part of partsOf(tok)) {
    if (part.kind === "text") {
      parts.push(part);
    } else {
      const value = parsePart(p, part.tokens);
      parts.push({ kind: "expr", value, format: part.format });
    }
  }
  p.advance();
  return { kind: "interpolation", parts, span: { start: tok.start, end: tok.end } };
}

function partsOf(token: Token): readonly StringPart[] {
  return Array.isArray(token.value) ? token.value : [];
}

const BRACE_HELP = "To write a brace in a string, escape it: `\\{`.";

function parsePart(p: Parser, tokens: readonly Token[]): Expr {
  if (p.isPanicking) return { kind: "error", span: { start: p.prevEnd, end: p.prevEnd } };
  p.enter();
  const value = p.within(tokens, () => {
    const expr = p.rules.expression(p);
    if (!p.at("eof")) p.unexpected("`}` or `:` and a format after the expression", BRACE_HELP);
    return expr;
  });
  p.leave();
  return value;
}
