// Agents and the seven kinds of processes (language 3, 12).

import type {
  AgentDecl,
  Attribute,
  CellDecl,
  Config,
  DottedName,
  GrantDecl,
  MachineState,
  Name,
  ProcessDecl,
  ProcessKind,
  Section,
  UseToolDecl,
} from "./ast.ts";
import { parseAttributes } from "./parse-attributes.ts";
import { atCell, parseCell } from "./parse-cells.ts";
import { type Head, itemHead, takeDoc } from "./parse-head.ts";
import { atMachineState, parseMachineState } from "./parse-machines.ts";
import { parseMembers } from "./parse-members.ts";
import { parseConfigOrSection, parseSection, textFrom } from "./parse-metadata.ts";
import { parseGrant, parseUseTool } from "./parse-tools.ts";
import { parseDotted } from "./parse-types.ts";
import type { Opener, Parser } from "./parser.ts";
import { isWord, NEW_LINE, SAME_LINE } from "./token.ts";

/** What agents and processes have in common. */
interface Members {
  readonly cells: CellDecl[];
  readonly grants: GrantDecl[];
  readonly tools: UseToolDecl[];
  readonly metadata: Attribute[];
  readonly sections: Section[];
}

function noMembers(): Members {
  return { cells: [], grants: [], tools: [], metadata: [], sections: [] };
}

/** `agent Helper … end`; the current token is `agent`. */
export function parseAgent(p: Parser, head: Head): AgentDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the agent");
  const members = noMembers();
  parseMembers(p, { opener }, (doc) => {
    if (!parseCommonMember(p, doc, members)) members.sections.push(parseAgentSection(p));
  });
  return { kind: "agent", name, ...members, ...itemHead(p, head) };
}

/** Role text is one token; any other section begins with its name. */
function parseAgentSection(p: Parser): Section {
  return p.at("role") ? parseRoleSection(p) : parseSection(p);
}

function parseRoleSection(p: Parser): Section {
  const { start, end } = p.advance();
  return { name: "role", text: textFrom(p, start + "role".length), span: { start, end } };
}

/** `machine Door … end`; the current token is the kind of the process. */
export function parseProcess(p: Parser, head: Head, process: ProcessKind): ProcessDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name(`the name of the ${process}`);
  const base = p.accept(":") ? p.name("a name after `:`") : null;
  const members = noMembers();
  const stages: DottedName[] = [];
  const states: MachineState[] = [];
  const configs: Config[] = [];
  let initial: Name | null = null;
  parseMembers(p, { opener }, (doc) => {
    if (parseCommonMember(p, doc, members)) return;
    if (p.at("role")) members.sections.push(parseRoleSection(p));
    else if (atStages(p)) stages.push(...parseStages(p, opener));
    else if (atInitial(p)) initial = parseInitial(p);
    else if (atMachineState(p)) states.push(parseMachineState(p));
    else addLine(parseConfigOrSection(p), configs, members.sections);
  });
  const parts = { ...members, stages, initial, states, configs };
  return { kind: "process", process, name, base, ...parts, ...itemHead(p, head) };
}

function addLine(line: Config | Section, configs: Config[], sections: Section[]): void {
  if ("value" in line) configs.push(line);
  else sections.push(line);
}

/** A cell, grant, tool or attribute; false when something else stands here. */
function parseCommonMember(p: Parser, doc: string | null, members: Members): boolean {
  const { start } = p.tok;
  if (!p.at("@")) return parseHeadedMember(p, members, { ...NO_HEAD, doc, start });
  const { index } = p;
  const attributes = p.attempt(() => parseAttributes(p));
  const isAttribute = attributes !== null && (p.atNewline() || p.atEnd() || atHeadedMember(p));
  if (!isAttribute) {
    p.restart(index);
    members.sections.push(parseSection(p, "@"));
    return true;
  }
  const head = { attributes, doc: takeDoc(p) ?? doc, isPublic: false, start };
  p.noteSame(start);
  if (!parseHeadedMember(p, members, head)) members.metadata.push(...attributes);
  return true;
}

const NO_HEAD = { attributes: [], isPublic: false } as const;

/** True at a member that attributes belong to. */
function atHeadedMember(p: Parser): boolean {
  return atCell(p) || atGrant(p) || atUseTool(p);
}

function parseHeadedMember(p: Parser, members: Members, head: Head): boolean {
  if (atCell(p)) members.cells.push(parseCell(p, head));
  else if (atGrant(p)) members.grants.push(parseGrant(p, head));
  else if (atUseTool(p)) members.tools.push(parseUseTool(p, head));
  else return false;
  return true;
}

function atGrant(p: Parser): boolean {
  return p.atName("grant") && p.peek().kind === "name" && p.peek().line === SAME_LINE;
}

function atUseTool(p: Parser): boolean {
  return p.atName("use") && p.peek().text === "tool" && p.peek().line === SAME_LINE;
}

/** `stages`, alone on its line or with a colon at its end. */
function atStages(p: Parser): boolean {
  if (!p.atName("stages")) return false;
  const next = p.peek();
  return next.line !== SAME_LINE || (next.kind === ":" && p.peek(2).line !== SAME_LINE);
}

/** The lines of `stages:` up to the first that is none; its own `end` is taken with them. */
function parseStages(p: Parser, around: Opener): readonly DottedName[] {
  const header = p.tok;
  const { column } = header;
  const stages: DottedName[] = [];
  p.advance();
  p.accept(":");
  while (!p.isPanicking && atStage(p, column)) {
    p.beginStatement();
    p.noteInside(header);
    p.accept("->");
    stages.push(parseDotted(p, "the name of a stage"));
    if (!p.atNewline() && !p.at("end") && !p.atEnd()) p.unexpected("a new line after the stage");
  }
  if (p.at("end") && p.tok.column === column && column > around.column) {
    p.noteClose(header);
    p.advance();
  }
  return stages;
}

function atStage(p: Parser, column: number): boolean {
  if (p.tok.line !== NEW_LINE) return false;
  if (p.at("->")) return p.tok.column >= column;
  const next = p.peek();
  return p.at("name") && p.tok.column > column && next.kind !== ":" && next.kind !== "(";
}

/** `initial: Closed` */
function atInitial(p: Parser): boolean {
  if (!p.atName("initial") || p.peek().line !== SAME_LINE) return false;
  return p.peek().kind === "name" || (p.peek().kind === ":" && isWord(p.peek(2)));
}

function parseInitial(p: Parser): Name {
  p.advance();
  p.accept(":");
  return p.name("the name of the first state");
}
