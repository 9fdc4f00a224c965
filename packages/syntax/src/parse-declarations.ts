// The one table of declarations: the word each starts with, what must follow it so that the word is
// no name (language 2.2), and the rule that parses it.

import type { Item, ProcessKind } from "./ast.ts";
import { isExpectAhead } from "./block-words.ts";
import { parseActor, parseSupervisor } from "./parse-actors.ts";
import { parseCell, parseExtern } from "./parse-cells.ts";
import { parseBind, parseEffect, parseHandler } from "./parse-effects.ts";
import type { Head } from "./parse-head.ts";
import { parseImport } from "./parse-imports.ts";
import { parseConst, parseEnum, parseRecord, parseTypeAlias } from "./parse-items.ts";
import { parseActivePattern, parseMacro } from "./parse-macros.ts";
import { parseAgent, parseProcess } from "./parse-processes.ts";
import { parseSession, parseTypestate } from "./parse-protocols.ts";
import { parseGrant, parseUseTool } from "./parse-tools.ts";
import { parseImpl, parseTrait } from "./parse-traits.ts";
import type { Parser } from "./parser.ts";
import { SAME_LINE, type Token } from "./token.ts";

/** Parses a declaration whose first word is the current token. */
export type DeclarationRule = (p: Parser, head: Head) => Item;

/** What must follow a first word: anything, a name on its line, or what the function looks for. */
type Follows = "any" | "name" | ((p: Parser, next: Token) => boolean);

interface Row {
  readonly word: string;
  readonly follows: Follows;
  readonly parse: DeclarationRule;
}

const row = (word: string, follows: Follows, parse: DeclarationRule): Row => ({
  word,
  follows,
  parse,
});

const processRow = (word: ProcessKind): Row =>
  row(word, "name", (p, head) => parseProcess(p, head, word));

const ROWS: readonly Row[] = [
  row("record", "any", parseRecord),
  row("enum", "any", parseEnum),
  // `cell(x) => …` is a lambda.
  row("cell", (_p, next) => next.kind !== "(", parseCell),
  row("async", "any", parseCell),
  row("extern", (_p, next) => isOnLine(next, "cell") || isOnLine(next, "async"), parseExtern),
  row("type", startsAlias, parseTypeAlias),
  row("const", "any", parseConst),
  row("trait", "any", parseTrait),
  row("impl", "any", parseImpl),
  row("agent", "name", parseAgent),
  processRow("pipeline"),
  processRow("orchestration"),
  processRow("machine"),
  processRow("memory"),
  processRow("guardrail"),
  processRow("eval"),
  processRow("pattern"),
  row("effect", "name", parseEffect),
  row("bind", (_p, next) => isOnLine(next, "effect"), parseBind),
  row("handler", "name", parseHandler),
  row("use", (_p, next) => isOnLine(next, "tool"), parseUseTool),
  row("grant", "name", parseGrant),
  row("import", "any", parseImport),
  row("macro", "name", parseMacro),
  row("active", (_p, next) => isOnLine(next, "pattern"), parseActivePattern),
  row("typestate", "name", parseTypestate),
  row("session", "name", parseSession),
  row("actor", "name", parseActor),
  row("supervisor", "name", parseSupervisor),
];

const ROW_OF: ReadonlyMap<string, Row> = new Map(ROWS.map((r) => [r.word, r]));

/** The rule of the declaration that starts at the current token, or null. */
export function declarationAt(p: Parser): DeclarationRule | null {
  const found = ROW_OF.get(p.tok.text);
  if (found === undefined || p.at("doc")) return null;
  const { follows, parse } = found;
  if (follows === "any") return parse;
  const next = p.peek();
  if (follows !== "name") return follows(p, next) ? parse : null;
  // `memory expect schema T` is an expression.
  const isNamed = next.kind === "name" && next.line === SAME_LINE && !isExpectAhead(p, 1);
  return isNamed ? parse : null;
}

function isOnLine(token: Token, text: string): boolean {
  return token.line === SAME_LINE && token.text === text;
}

/** `type Name =` or `type Name[` */
function startsAlias(p: Parser, next: Token): boolean {
  const mark = p.peek(2).kind;
  return next.kind === "name" && next.line === SAME_LINE && (mark === "=" || mark === "[");
}
