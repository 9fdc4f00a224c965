// Parameters of cells and lambdas (language 3, `params`).

import type { Param } from "./ast.ts";
import { NOTHING } from "./packed.ts";
import { commaList } from "./parse-brackets.ts";
import { parseType } from "./parse-types.ts";
import type { Parser } from "./parser.ts";

/** `(a: Int = 1, ...rest: T)`. */
export function parseParams(p: Parser): readonly Param[] {
  p.mark("postfix");
  if (p.at("(")) return commaList(p, ")", parseParam);
  p.unexpected("`(` and the parameters");
  return NOTHING;
}

function parseParam(p: Parser): Param {
  const { start } = p.tok;
  if (!p.at("name")) p.mark("prefix");
  const isVariadic = p.accept("...") || p.accept("..");
  if (isVariadic) p.landmarks.push({ text: "...", start });
  const name = p.name("the name of a parameter");
  let isOwned = false;
  let type = null;
  if (p.accept(":")) {
    isOwned = atOwn(p);
    if (isOwned) p.advance();
    type = parseType(p);
  }
  const value = p.accept("=") ? p.rules.expression(p) : null;
  return { name, isVariadic, isOwned, type, default: value, span: p.spanFrom(start) };
}

/** `own` before a type; alone it is the name of one. */
function atOwn(p: Parser): boolean {
  if (!p.atName("own")) return false;
  const next = p.peek();
  return next.kind === "name" || next.kind === "(" || next.kind === "fn" || next.kind === "null";
}
