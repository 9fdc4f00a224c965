// Attributes, and the directives of code (language 18).

import type { Attribute, AttributeArg, Directive, Expr } from "./ast.ts";
import { NOTHING } from "./packed.ts";
import { commaList } from "./parse-brackets.ts";
import { takePayload } from "./parse-metadata.ts";
import type { Parser } from "./parser.ts";
import { unquote } from "./prose-directives.ts";
import { isWord, SAME_LINE, type TokenKind } from "./token.ts";

/** Directives by their names; any other `@name` at top level is an attribute. */
const DIRECTIVES: ReadonlySet<string> = new Set([
  "strict",
  "doc_mode",
  "deterministic",
  "feature",
  "edition",
  "budget",
]);

/** True at `@name` of a known directive that starts a line. */
export function atDirective(p: Parser): boolean {
  if (!p.at("@") || p.tok.line === SAME_LINE) return false;
  const next = p.peek();
  return next.kind === "name" && DIRECTIVES.has(next.text);
}

/** A directive: its value is the rest of the line. */
export function parseDirective(p: Parser): Directive {
  const first = p.tok;
  const { start } = first;
  p.advance();
  const name = p.name("the name of a directive");
  const valueStart = p.tok.start;
  while (p.onSameLine() && !p.atEnd() && !p.isPanicking) p.advance();
  p.noteRaw(valueStart, first);
  const text = p.file.code.slice(valueStart, Math.max(valueStart, p.prevEnd)).trim();
  return { name, value: text === "" ? null : unquote(text), span: p.spanFrom(start) };
}

/** All attributes here, each on its line or the line of what it stands before. */
export function parseAttributes(p: Parser): readonly Attribute[] {
  const attributes: Attribute[] = [];
  const { start } = p.tok;
  while (p.at("@") && !p.isPanicking) {
    p.noteSame(start);
    attributes.push(parseAttribute(p));
  }
  // What they belong to may start a line of its own.
  if (p.atNewline()) p.beginStatement();
  return attributes;
}

const LITERALS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "int",
  "float",
  "string",
  "interpolated",
  "bytes",
  "true",
  "false",
  "null",
]);

function parseAttribute(p: Parser): Attribute {
  const { start, column } = p.tok;
  p.advance();
  const name = p.name("the name of an attribute", true);
  const args = parseAttributeArgs(p);
  const span = p.spanFrom(start);
  const payload = takePayload(p, { start, column }, startsPayload);
  return { name, args, payload, span };
}

function parseAttributeArgs(p: Parser): readonly AttributeArg[] {
  if (p.at("(") && p.onSameLine()) {
    p.mark("postfix");
    return commaList(p, ")", parseAttributeArg);
  }
  if (!LITERALS.has(p.tok.kind) || !p.onSameLine()) return NOTHING;
  return [{ name: null, value: parseLiteralArg(p) }];
}

function parseLiteralArg(p: Parser): Expr {
  const { statementColumn } = p;
  const value = p.rules.expression(p);
  p.statementColumn = statementColumn;
  return value;
}

function parseAttributeArg(p: Parser): AttributeArg {
  if (isWord(p.tok) && p.peek().kind === ":") {
    const name = p.name("the name of an argument", true);
    p.advance();
    return { name, value: p.rules.expression(p) };
  }
  // A bare word is a name here, whatever it begins elsewhere.
  const isAlone = p.peek().kind === "," || p.peek().kind === ")";
  if (isWord(p.tok) && isAlone && !LITERALS.has(p.tok.kind)) {
    const { text, span } = p.name("a word", true);
    return { name: null, value: { kind: "name", name: text, span } };
  }
  return { name: null, value: p.rules.expression(p) };
}

/** Metadata below an attribute, unless a declaration or statement starts there (language 2.1). */
function startsPayload(p: Parser): boolean {
  return p.at("string") || (isWord(p.tok) && p.peek().kind === ":");
}
