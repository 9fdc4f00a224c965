// Macros and active patterns (language 3, 19.1, 19.3).

import type { ActivePatternDecl, ActivePatternResult, MacroDecl, Name } from "./ast.ts";
import { commaList } from "./parse-brackets.ts";
import { parseBody } from "./parse-cells.ts";
import { type Head, itemHead } from "./parse-head.ts";
import { parseParams } from "./parse-params.ts";
import { parseType } from "./parse-types.ts";
import type { Parser } from "./parser.ts";
import { SAME_LINE } from "./token.ts";

/** `macro swap!(a, b) … end`; the current token is `macro`. */
export function parseMacro(p: Parser, head: Head): MacroDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the macro");
  p.accept("!");
  const params: Name[] = [];
  if (p.at("(") && p.onSameLine()) {
    p.mark("postfix");
    params.push(...commaList(p, ")", () => p.name("the name of a parameter")));
  }
  const body = p.rules.block(p, { opener, until: "end", armColumn: null });
  p.expectEnd(opener);
  return { kind: "macro", name, params, body, ...itemHead(p, head) };
}

/** `active pattern Email(s: String) -> T? … end`; the current token is `active`. */
export function parseActivePattern(p: Parser, head: Head): ActivePatternDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  p.advance();
  const name = p.name("the name of the active pattern");
  const params = parseParams(p);
  p.expect("->", "`->` and what the pattern gives");
  const result = p.at("|") ? parseChoice(p) : parseTypeResult(p);
  const body = parseBody(p, opener);
  return { kind: "activePattern", name, params, result, body, ...itemHead(p, head) };
}

/** `|Neg|Zero|Pos|` */
function parseChoice(p: Parser): ActivePatternResult {
  const { start } = p.tok;
  const names: Name[] = [];
  p.mark("barOpen");
  p.advance();
  do {
    names.push(p.name("the name of an alternative"));
    p.mark(p.peek().kind === "name" && p.peek().line === SAME_LINE ? "barMid" : "barClose");
    p.expect("|", "`|` after the name of an alternative");
  } while (p.at("name") && p.onSameLine());
  return { kind: "choice", names, span: p.spanFrom(start) };
}

/** A type; `T partial` says what `T?` says. */
function parseTypeResult(p: Parser): ActivePatternResult {
  const type = parseType(p);
  const isPartial = p.onSameLine() && p.acceptName("partial");
  return { kind: "type", type, isPartial };
}
