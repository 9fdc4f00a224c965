// Declarations of effects, and what answers them (language 3, 10.3).

import type { BindDecl, CellSignature, EffectDecl, HandlerDecl, HandlerOperation } from "./ast.ts";
import { parseBody, parseSignature } from "./parse-cells.ts";
import { type Head, itemHead, parseMemberHead } from "./parse-head.ts";
import { parseMembers } from "./parse-members.ts";
import { parseParams } from "./parse-params.ts";
import { parseDotted, parseRow, parseType } from "./parse-types.ts";
import type { Parser } from "./parser.ts";

/** `effect Ask … end`; the current token is `effect`. */
export function parseEffect(p: Parser, head: Head): EffectDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the effect");
  const operations: CellSignature[] = [];
  parseMembers(p, { opener }, (doc) => {
    operations.push(parseSignature(p, parseMemberHead(p, doc)));
  });
  return { kind: "effect", name, operations, ...itemHead(p, head) };
}

/** `bind effect Ask.ask to Chat`; the current token is `bind`. */
export function parseBind(p: Parser, head: Head): BindDecl {
  p.advance();
  p.advance();
  const effect = parseDotted(p, "the name of an effect");
  if (!p.acceptName("to")) p.unexpected("`to` and the name of a tool");
  const tool = parseDotted(p, "the name of a tool");
  return { kind: "bind", effect, tool, ...itemHead(p, head) };
}

/** `handler Console … end`; the current token is `handler`. */
export function parseHandler(p: Parser, head: Head): HandlerDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the handler");
  const operations: HandlerOperation[] = [];
  parseMembers(p, { opener }, () => operations.push(parseOperation(p)));
  return { kind: "handler", name, operations, ...itemHead(p, head) };
}

/** `handle Ask.ask(q: String) -> String … end` */
function parseOperation(p: Parser): HandlerOperation {
  const opener = { token: p.tok, column: p.tok.column };
  if (!p.acceptName("handle")) p.unexpected("an operation that starts with `handle`, or `end`");
  const name = parseDotted(p, "the name of an operation");
  const params = parseParams(p);
  const result = p.accept("->") ? parseType(p) : null;
  const row = parseRow(p);
  const body = parseBody(p, opener);
  return { name, params, result, row, body, span: p.spanFrom(opener.token.start) };
}
