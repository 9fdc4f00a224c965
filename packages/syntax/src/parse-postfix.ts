// Postfix operators: access, index, call with its trailing block, `?` and `!` (language 3).

import type { Arg, Expr, Param } from "./ast.ts";
import { CHAIN_LENGTH_MAX } from "./limits.ts";
import { packed } from "./packed.ts";
import { parseArgs } from "./parse-args.ts";
import { closeBracket, openBracket } from "./parse-brackets.ts";
import { parsePrimary } from "./parse-primary.ts";
import { parseTypeIn } from "./parse-types.ts";
import type { Parser } from "./parser.ts";

/** A primary expression with all that follows it. */
export function parsePostfix(p: Parser): Expr {
  const { start } = p.tok;
  let value = parsePrimary(p);
  for (let length = 0; ; length += 1) {
    const next = parseStep(p, start, value);
    if (next === null) return value;
    value = next;
    if (length === CHAIN_LENGTH_MAX) {
      const span = { start: p.tok.start, end: p.tok.end };
      const message = `this expression has more than ${CHAIN_LENGTH_MAX} accesses in a row`;
      p.giveUp(span, message);
    }
  }
}

/** One postfix operator applied to `value`, or null when none follows. */
function parseStep(p: Parser, start: number, value: Expr): Expr | null {
  const { tok } = p;
  switch (tok.kind) {
    case ".":
      return parseAccess(p, start, value);
    case "?.": {
      p.advance();
      const name = p.name("the name of a field", true);
      return { kind: "field", value, name, nullSafe: true, span: p.spanFrom(start) };
    }
    case "(":
    case "[":
    case "?[":
    case "?":
    case "!":
      // A line that begins with one of these never continues outside brackets.
      if (!p.onSameLine() && p.layout !== "bracket") return null;
      return parseMark(p, start, value);
    default:
      return null;
  }
}

function parseMark(p: Parser, start: number, value: Expr): Expr {
  switch (p.tok.kind) {
    case "(":
      return parseCall(p, start, value, false);
    case "?":
      p.advance();
      return { kind: "propagate", value, span: p.spanFrom(start) };
    case "!":
      return parseBang(p, start, value);
    default:
      return parseIndex(p, start, value);
  }
}

function parseAccess(p: Parser, start: number, value: Expr): Expr {
  p.advance();
  const { tok } = p;
  if (tok.kind === "int" && typeof tok.value === "bigint") {
    p.advance();
    const indexSpan = { start: tok.start, end: tok.end };
    const index = Number(tok.value);
    return { kind: "component", value, index, indexSpan, span: p.spanFrom(start) };
  }
  const name = p.name("the name of a field or the index of a component after `.`", true);
  return { kind: "field", value, name, nullSafe: false, span: p.spanFrom(start) };
}

function parseIndex(p: Parser, start: number, value: Expr): Expr {
  const nullSafe = p.at("?[");
  p.mark("postfix");
  const open = openBracket(p);
  const indices = [p.rules.expression(p)];
  while (!nullSafe && p.accept(",") && !p.at("]")) indices.push(p.rules.expression(p));
  closeBracket(p, open, "]");
  return { kind: "index", value, indices: packed(indices), nullSafe, span: p.spanFrom(start) };
}

/** `name!(…)` is a call by name with a bang (language 3, rule 7); any other `!` asserts. */
function parseBang(p: Parser, start: number, value: Expr): Expr {
  const isBareName = value.kind === "name" && value.span.start === start;
  const touchesName = p.touches();
  p.advance();
  if (isBareName && touchesName && p.at("(") && p.touches()) {
    return parseCall(p, start, value, true);
  }
  return { kind: "unwrap", value, span: p.spanFrom(start) };
}

function parseCall(p: Parser, start: number, callee: Expr, bang: boolean): Expr {
  const given = parseArgs(p);
  // A trailing block belongs to the call before it on its line, never inside brackets (rule 4).
  const hasBlock = p.atName("do") && p.onSameLine() && p.layout !== "bracket";
  const args: readonly Arg[] = hasBlock
    ? [...given, { name: null, spread: false, value: parseTrailing(p) }]
    : given;
  return { kind: "call", callee, args, bang, span: p.spanFrom(start) };
}

/** `do |a, b: T| … end`: a block lambda. */
function parseTrailing(p: Parser): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const params: Param[] = [];
  if (p.at("|") && p.onSameLine()) {
    p.mark("barOpen");
    p.advance();
    while (!p.at("|") && !p.isPanicking) {
      params.push(parseBlockParam(p));
      if (!p.accept(",")) break;
    }
    p.mark("barClose");
    p.expect("|", "`,` or `|` after a parameter");
  }
  const block = p.rules.block(p, { opener, until: "end", armColumn: null });
  p.expectEnd(opener);
  const span = p.spanFrom(opener.token.start);
  return { kind: "lambda", params, result: null, row: null, body: { kind: "block", block }, span };
}

function parseBlockParam(p: Parser): Param {
  const { start } = p.tok;
  const name = p.name("a parameter or `|`");
  const type = p.accept(":") ? parseTypeIn(p, { arrow: false, union: false }) : null;
  const span = p.spanFrom(start);
  return { name, isVariadic: false, isOwned: false, type, default: null, span };
}
