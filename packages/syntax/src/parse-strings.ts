// Interpolated strings and role texts: the lexer has cut them into parts, each expression with
// tokens of its own.

import type { Expr, InterpolationPart } from "./ast.ts";
import type { Parser } from "./parser.ts";
import type { RoleText, StringPart, Token, TokenValue } from "./token.ts";

/** The string at the current token as text and expressions. */
export function parseInterpolation(p: Parser): Expr {
  const { tok } = p;
  const parts = parseParts(p, Array.isArray(tok.value) ? tok.value : []);
  p.advance();
  return { kind: "interpolation", parts, span: p.spanFrom(tok.start) };
}

type RoleExpr = Extract<Expr, { readonly kind: "role" }>;

/** `role system: text` at the current token. */
export function parseRole(p: Parser): RoleExpr {
  const { start, end, value } = p.tok;
  const span = { start, end };
  if (!isRoleText(value)) return { kind: "role", role: { text: "", span }, text: [], span };
  const text = parseParts(p, value.parts);
  p.advance();
  return { kind: "role", role: { text: value.name, span: value.nameSpan }, text, span };
}

function isRoleText(value: TokenValue): value is RoleText {
  return typeof value === "object" && value !== null && "nameSpan" in value;
}

function parseParts(p: Parser, parts: readonly StringPart[]): readonly InterpolationPart[] {
  return parts.map((part) => {
    if (part.kind === "text") return part;
    return { kind: "expr", value: parsePart(p, part.tokens), format: part.format };
  });
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
