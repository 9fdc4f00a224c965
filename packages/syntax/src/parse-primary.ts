// Primary expressions: literals, names, parentheses, and the door to the larger constructs.

import type { Expr } from "./ast.ts";
import { parseMatch, parseWhen } from "./parse-arms.ts";
import { closeBracket, commaItems, commaList, openBracket } from "./parse-brackets.ts";
import { parseBraces, parseList, parseListItem } from "./parse-collections.ts";
import { parseIf } from "./parse-if.ts";
import { parseLambda } from "./parse-lambda.ts";
import { parseLoop } from "./parse-loops.ts";
import { checkMagnitude } from "./parse-patterns.ts";
import { parseSoftWord } from "./parse-soft.ts";
import { parseInterpolation, parseRole } from "./parse-strings.ts";
import { demandsOperand, type Parser } from "./parser.ts";

/** A primary expression. A flat table by token kind. */
export function parsePrimary(p: Parser): Expr {
  const { tok } = p;
  switch (tok.kind) {
    case "name":
      return parseName(p);
    case "int":
    case "float":
    case "string":
    case "bytes":
    case "true":
    case "false":
    case "null":
      return parseLiteral(p);
    case "interpolated":
      return parseInterpolation(p);
    case "role":
      return parseRole(p);
    case "(":
      return parseParens(p);
    case "[":
      return parseList(p);
    case "{":
      return parseBraces(p);
    case "fn":
      return parseLambda(p);
    case "cell":
      return p.peek().kind === "(" ? parseLambda(p) : missingOperand(p);
    case "if":
      return parseIf(p);
    case "match":
      return parseMatch(p);
    case "when":
      return parseWhen(p);
    case "for":
    case "while":
    case "loop":
      return parseLoop(p);
    case "halt":
      return parseHalt(p);
    case "doc":
      // A markdown block that documents nothing is a comment.
      p.advance();
      return parsePrimary(p);
    default:
      return missingOperand(p);
  }
}

function missingOperand(p: Parser): Expr {
  const start = p.prevEnd;
  if (demandsOperand(p.prevKind)) p.failHere("E0015", "an expression");
  else p.unexpected("an expression");
  return { kind: "error", span: { start, end: start } };
}

function parseLiteral(p: Parser): Expr {
  const { kind, value, start } = p.tok;
  p.advance();
  const span = p.spanFrom(start);
  if (kind === "true" || kind === "false") return { kind: "bool", value: kind === "true", span };
  if (kind === "null") return { kind: "null", span };
  if (typeof value === "bigint") {
    checkMagnitude(p, value, span);
    return { kind: "int", value, span };
  }
  if (typeof value === "number") return { kind: "float", value, span };
  if (value instanceof Uint8Array) return { kind: "bytes", value, span };
  return { kind: "string", value: typeof value === "string" ? value : "", span };
}

function parseName(p: Parser): Expr {
  const { tok } = p;
  const construct = parseSoftWord(p);
  if (construct !== null) return construct;
  if (tok.text === "set" && p.peek().kind === "[" && p.peek().start === tok.end) {
    return parseSetLiteral(p);
  }
  p.advance();
  return { kind: "name", name: tok.text, span: p.spanFrom(tok.start) };
}

/** `set[a, b]`; with `()` after it, what stands in the brackets is a type and the set is empty. */
function parseSetLiteral(p: Parser): Expr {
  const { start } = p.tok;
  p.advance();
  p.mark("postfix");
  const items = commaList(p, "]", parseListItem);
  const isEmpty = p.at("(") && p.touches() && p.peek().kind === ")";
  if (isEmpty) {
    p.mark("postfix");
    p.advance();
    p.advance();
  }
  return { kind: "set", items: isEmpty ? [] : items, span: p.spanFrom(start) };
}

/** `(e)` leaves no node; `()`, `(e,)` and `(a, b)` are tuples. */
function parseParens(p: Parser): Expr {
  const { start } = p.tok;
  const open = openBracket(p);
  const items = commaItems(p, ")", p.rules.expression);
  const hasTrailingComma = p.prevKind === ",";
  if (items.length !== 1 || hasTrailingComma) p.notes?.lists.add(start);
  closeBracket(p, open, ")", items.length === 0 ? "an expression or " : "`,` or ");
  const [only] = items;
  if (only !== undefined && items.length === 1 && !hasTrailingComma) return only;
  return { kind: "tuple", items, span: p.spanFrom(start) };
}

/** As an expression only `halt(e)`. */
function parseHalt(p: Parser): Expr {
  const { start } = p.tok;
  p.advance();
  if (!p.at("(")) p.unexpected("`(` after `halt`");
  p.mark("postfix");
  const open = openBracket(p);
  const value = p.rules.expression(p);
  closeBracket(p, open, ")");
  return { kind: "halt", value, span: p.spanFrom(start) };
}
