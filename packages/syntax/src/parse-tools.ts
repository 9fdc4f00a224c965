// Tools and grants (language 3, 11.1, 11.2).

import type { GrantConstraint, GrantDecl, Name, ToolRef, UseToolDecl } from "./ast.ts";
import { type Head, itemHead } from "./parse-head.ts";
import { parseDotted } from "./parse-types.ts";
import { type Parser, startsExpression } from "./parser.ts";
import { NEW_LINE } from "./token.ts";

/** `use tool llm.chat@1.2 as Chat from "p"`; the current token is `use`, `tool` follows. */
export function parseUseTool(p: Parser, head: Head): UseToolDecl {
  p.advance();
  p.advance();
  const tool = parseToolRef(p);
  const alias = p.at("as") && p.onSameLine() ? parseAlias(p) : null;
  const provider = p.acceptName("from") ? takeText(p, "the name of a provider as a string") : null;
  return { kind: "useTool", tool, alias, provider, ...itemHead(p, head) };
}

function parseToolRef(p: Parser): ToolRef {
  const { start } = p.tok;
  if (p.at("string")) {
    const id = takeText(p, "the id of a tool");
    return { kind: "text", id, span: p.spanFrom(start) };
  }
  const next = p.peek().kind;
  if (p.atName("mcp") && (next === "string" || next === "interpolated")) {
    p.advance();
    const uri = takeText(p, "the URI of a server as a string");
    return { kind: "mcp", uri, span: p.spanFrom(start) };
  }
  const id = parseDotted(p, "the id of a tool");
  if (p.at("@")) p.mark("tight");
  const version = p.accept("@") ? parseVersion(p) : null;
  return { kind: "id", id, version };
}

/** The text of a string without interpolation; "" after a report. */
function takeText(p: Parser, expected: string): string {
  const { value } = p.tok;
  if (!p.at("string")) {
    p.unexpected(expected);
    return "";
  }
  p.advance();
  return typeof value === "string" ? value : "";
}

/** `1.2.3` as written; its first two numbers are one token, a float. */
function parseVersion(p: Parser): string {
  const first = p.tok;
  const { start } = first;
  if (!p.accept("int") && !p.accept("float")) p.unexpected("a version such as `1.2` after `@`");
  while (p.accept(".")) {
    if (!p.accept("int")) p.name("a number or name after `.` in the version", true);
  }
  p.noteRaw(start, first);
  return p.file.code.slice(start, Math.max(start, p.prevEnd));
}

function parseAlias(p: Parser): Name | "*" {
  p.advance();
  return p.accept("*") ? "*" : p.name("a name or `*` after `as`");
}

/** `grant Chat max_tokens 512`, or one constraint a line below it; the token is `grant`. */
export function parseGrant(p: Parser, head: Head): GrantDecl {
  const first = p.tok;
  const { column } = first;
  p.advance();
  const tool = parseDotted(p, "the name of a tool");
  const constraints: GrantConstraint[] = [];
  const isSpread = p.tok.line === NEW_LINE && p.tok.column > column && p.at("name");
  const { statementColumn } = p;
  while (p.at("name") && (isSpread ? isOwnLine(p, column) : p.onSameLine())) {
    if (isSpread) {
      p.beginStatement();
      p.noteInside(first);
    }
    const name = p.name("the name of a constraint");
    if (!startsExpression(p.tok)) p.unexpected("the value of the constraint");
    constraints.push({ name, value: p.rules.expression(p) });
    if (isSpread) checkConstraintEnd(p);
  }
  p.statementColumn = statementColumn;
  return { kind: "grant", tool, constraints, ...itemHead(p, head) };
}

/** A line of the list below `grant`, which ends at the dedent (language 2.1). */
function isOwnLine(p: Parser, column: number): boolean {
  return p.tok.line === NEW_LINE && p.tok.column > column;
}

function checkConstraintEnd(p: Parser): void {
  if (p.atNewline() || p.atEnd() || p.at("end")) return;
  p.unexpected("a new line after the constraint");
}
