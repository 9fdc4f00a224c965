// Patterns (language 8).

import type { Span } from "@lumen/core/diagnostic";
import type { LiteralValue, Name, Pattern, PatternArg } from "./ast.ts";
import { INT_MAGNITUDE_MAX } from "./lex-numbers.ts";
import { packed } from "./packed.ts";
import { closeBracket, commaItems, commaList, openBracket } from "./parse-brackets.ts";
import { parseDottedRest, parseTypeIn } from "./parse-types.ts";
import type { Parser } from "./parser.ts";
import { isWord } from "./token.ts";

/** A pattern; `name: T` is a typed one unless `isTyped` is false (in a `let`, before its type). */
export function parsePattern(p: Parser, isTyped = true): Pattern {
  const { tok } = p;
  switch (tok.kind) {
    case "name":
      return parseNamePattern(p, isTyped);
    case "int":
    case "float":
    case "-":
      return parseNumberPattern(p);
    case "string":
      p.advance();
      return literal(p, typeof tok.value === "string" ? tok.value : "", tok.start);
    case "true":
    case "false":
      p.advance();
      return literal(p, tok.kind === "true", tok.start);
    case "null":
      p.advance();
      return literal(p, null, tok.start);
    case "(":
      return parseTuplePattern(p);
    case "[":
      return parseListPattern(p);
    case "{":
      return parseFieldsPattern(p);
    default:
      return unexpectedPattern(p);
  }
}

function unexpectedPattern(p: Parser): Pattern {
  if (p.at("interpolated")) p.unexpected("a plain string", "A pattern takes no interpolation.");
  else p.unexpected("a pattern");
  return { kind: "error", span: { start: p.prevEnd, end: p.prevEnd } };
}

function literal(p: Parser, value: LiteralValue, start: number): Pattern {
  return { kind: "literal", value, span: p.spanFrom(start) };
}

function parseNamePattern(p: Parser, isTyped: boolean): Pattern {
  const name = p.name("a pattern");
  const { start } = name.span;
  if (name.text === "_") return { kind: "wildcard", span: name.span };
  if (isTyped && p.at(":")) {
    p.advance();
    const type = parseTypeIn(p, { arrow: false, union: true });
    return { kind: "typed", name, type, span: p.spanFrom(start) };
  }
  const dotted = parseDottedRest(p, name);
  if (p.at("(") && p.onSameLine()) {
    const { args, rest } = parsePatternArgs(p);
    return { kind: "constructor", name: dotted, args: packed(args), rest, span: p.spanFrom(start) };
  }
  if (dotted.parts.length === 1) return { kind: "name", name: name.text, span: name.span };
  return { kind: "constructor", name: dotted, args: null, rest: false, span: p.spanFrom(start) };
}

function parsePatternArgs(p: Parser): {
  readonly args: readonly PatternArg[];
  readonly rest: boolean;
} {
  const args: PatternArg[] = [];
  let rest = false;
  p.mark("postfix");
  commaList(p, ")", () => {
    if (p.at("..") || p.at("...")) p.mark("prefix");
    if (p.accept("..") || p.accept("...")) {
      rest = true;
    } else if (isWord(p.tok) && p.peek().kind === ":") {
      const label = p.name("a label", true);
      p.advance();
      const isBare = p.at(",") || p.at(")");
      args.push({ label, pattern: isBare ? null : parsePattern(p) });
    } else {
      args.push({ label: null, pattern: parsePattern(p) });
    }
  });
  return { args, rest };
}

interface NumberLiteral {
  readonly value: number | bigint;
  readonly span: Span;
}

function parseNumberPattern(p: Parser): Pattern {
  const start = p.tok.start;
  const first = parseSignedNumber(p);
  if (!p.at("..") && !p.at("..=")) return literal(p, first.value, start);
  const inclusive = p.at("..=");
  p.advance();
  const last = parseSignedNumber(p);
  const isFloat = typeof first.value === "number";
  if (!p.isPanicking && isFloat !== (typeof last.value === "number")) {
    const [kind, other] = isFloat ? ["a Float", "an Int"] : ["an Int", "a Float"];
    const message = `expected ${kind} like the start of the range, found ${other}`;
    p.fail({ code: "E0010", span: last.span, message });
    return { kind: "error", span: p.spanFrom(start) };
  }
  const span = p.spanFrom(start);
  return { kind: "range", start: first.value, end: last.value, isFloat, inclusive, span };
}

function parseSignedNumber(p: Parser): NumberLiteral {
  const start = p.tok.start;
  if (p.at("-")) p.mark("prefix");
  const isNegative = p.accept("-");
  const { tok } = p;
  if (tok.kind !== "int" && tok.kind !== "float") {
    p.unexpected("a number");
    return { value: 0n, span: p.spanFrom(start) };
  }
  p.advance();
  const span = p.spanFrom(start);
  if (typeof tok.value === "bigint") {
    if (!isNegative) checkMagnitude(p, tok.value, span);
    return { value: isNegative ? -tok.value : tok.value, span };
  }
  const value = typeof tok.value === "number" ? tok.value : 0;
  return { value: isNegative ? -value : value, span };
}

/** E0004 for 9223372036854775808, which only exists negated (language 2.3). */
export function checkMagnitude(p: Parser, value: bigint, span: Span): void {
  if (value < INT_MAGNITUDE_MAX) return;
  const message = "this number is above 9223372036854775807, the largest Int";
  p.report({ code: "E0004", span, message });
}

/** `(p)` is p, `()` and `(p, q)` are tuples. */
function parseTuplePattern(p: Parser): Pattern {
  const start = p.tok.start;
  const items: Pattern[] = [];
  const open = openBracket(p);
  commaItems(p, ")", () => items.push(parsePattern(p)));
  const hasTrailingComma = p.prevKind === ",";
  if (items.length !== 1 || hasTrailingComma) p.notes?.lists.add(start);
  closeBracket(p, open, ")", "`,` or ");
  const [only] = items;
  if (only !== undefined && items.length === 1 && !hasTrailingComma) return only;
  // What was given up says nothing about the values that it would match.
  const isGivenUp = p.isPanicking && items.length === 0;
  const span = p.spanFrom(start);
  return isGivenUp ? { kind: "error", span } : { kind: "tuple", items, span };
}

function parseListPattern(p: Parser): Pattern {
  const start = p.tok.start;
  const before: Pattern[] = [];
  const after: Pattern[] = [];
  let rest: { readonly name: Name | null } | null = null;
  commaList(p, "]", () => {
    if (!p.at("...") && !p.at("..")) {
      (rest === null ? before : after).push(parsePattern(p));
      return;
    }
    if (rest !== null) p.unexpected("at most one rest in a list pattern");
    p.mark("prefix");
    p.advance();
    rest = { name: p.at("name") ? p.name("a name") : null };
  });
  return { kind: "list", before, rest, after, span: p.spanFrom(start) };
}

function fieldName(p: Parser): Name {
  return p.name("the name of a field");
}

function parseFieldsPattern(p: Parser): Pattern {
  const start = p.tok.start;
  const names = commaList(p, "}", fieldName);
  return { kind: "fields", names, span: p.spanFrom(start) };
}
