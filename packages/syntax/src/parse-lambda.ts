// Lambdas: `fn(x) => e` and `fn(x) … end`, also spelled with `cell` (language 3).

import type { Body, Expr } from "./ast.ts";
import { parseParams } from "./parse-params.ts";
import { parseRow, parseType } from "./parse-types.ts";
import type { Parser } from "./parser.ts";

/** A lambda; the current token is `fn` or `cell`. */
export function parseLambda(p: Parser): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const params = parseParams(p);
  const result = p.accept("->") ? parseType(p) : null;
  const row = parseRow(p);
  if (p.at("=") && !p.atNewline()) {
    p.unexpected("`=>` and a value, or a block", "A cell that is declared has a name.");
  }
  const body: Body = p.at("=>") ? parseArrowBody(p) : parseBlockBody(p, opener);
  return { kind: "lambda", params, result, row, body, span: p.spanFrom(opener.token.start) };
}

function parseArrowBody(p: Parser): Body {
  p.enter();
  p.advance();
  const value = p.rules.expression(p);
  takeOptionalEnd(p);
  p.leave();
  return { kind: "expr", value };
}

/** An `end` right after the value, on its line, closes the innermost inline form (rule 5). */
export function takeOptionalEnd(p: Parser): void {
  if (p.at("end") && p.onSameLine()) p.advance();
}

function parseBlockBody(p: Parser, opener: Parameters<Parser["expectEnd"]>[0]): Body {
  const block = p.rules.block(p, { opener, until: "end", armColumn: null });
  p.expectEnd(opener);
  return { kind: "block", block };
}
