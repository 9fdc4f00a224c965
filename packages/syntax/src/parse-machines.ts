// States of machines: payload, guard, transitions, hooks (language 3, 12).

import type { Attribute, Expr, Hook, HookStep, MachineState, Transition } from "./ast.ts";
import { parseAttributes } from "./parse-attributes.ts";
import { commaList } from "./parse-brackets.ts";
import { parseMembers } from "./parse-members.ts";
import { parseParams } from "./parse-params.ts";
import { parseRow } from "./parse-types.ts";
import type { Parser } from "./parser.ts";
import { SAME_LINE } from "./token.ts";

/** True at `state Name`. */
export function atMachineState(p: Parser): boolean {
  return p.atName("state") && p.peek().kind === "name" && p.peek().line === SAME_LINE;
}

/** What the lines of a state add up to. */
interface Draft {
  readonly attributes: Attribute[];
  readonly transitions: Transition[];
  readonly hooks: Hook[];
  isTerminal: boolean;
  guard: Expr | null;
}

/** `state Locked(tries: Int) … end`; the current token is `state`. */
export function parseMachineState(p: Parser): MachineState {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the state");
  const params = p.at("(") && p.onSameLine() ? parseParams(p) : [];
  const draft: Draft = {
    attributes: [],
    transitions: [],
    hooks: [],
    isTerminal: false,
    guard: null,
  };
  parseMembers(p, { opener }, () => parseStateLine(p, draft));
  return { name, params, ...draft, span: p.spanFrom(opener.token.start) };
}

function parseStateLine(p: Parser, draft: Draft): void {
  const event = hookEvent(p);
  if (p.at("@")) draft.attributes.push(...parseAttributes(p));
  else if (event !== null) draft.hooks.push(parseHook(p, event));
  else if (atTransition(p)) draft.transitions.push(parseTransition(p));
  else if (p.acceptName("terminal")) draft.isTerminal = parseTerminal(p);
  else if (p.acceptName("guard")) draft.guard = parseGuard(p);
  else p.unexpected("`terminal`, `guard`, `transition`, a hook such as `on_enter`, or `end`");
}

/** `: true`; the word `terminal` alone says no less. */
function parseTerminal(p: Parser): boolean {
  p.accept(":");
  if (p.at("true") || p.at("false")) return p.advance().kind === "true";
  p.unexpected("`true` or `false` after `terminal`");
  return false;
}

function parseGuard(p: Parser): Expr {
  p.accept(":");
  return p.rules.expression(p);
}

/** True at `transition Name`. */
export function atTransition(p: Parser): boolean {
  return p.atName("transition") && p.peek().kind === "name" && p.peek().line === SAME_LINE;
}

/** `transition Open(x + 1) if x > 0` */
export function parseTransition(p: Parser): Transition {
  const { start } = p.tok;
  p.advance();
  const target = p.name("the name of a state");
  const args = p.at("(") && p.onSameLine() ? parseTransitionArgs(p) : null;
  const condition = p.at("if") && p.onSameLine() ? parseTransitionCondition(p) : null;
  return { target, args, condition, span: p.spanFrom(start) };
}

function parseTransitionArgs(p: Parser): readonly Expr[] {
  p.mark("postfix");
  return commaList(p, ")", p.rules.expression);
}

function parseTransitionCondition(p: Parser): Expr {
  p.advance();
  return p.rules.expression(p);
}

function hookEvent(p: Parser): Hook["event"] | null {
  const { kind, text } = p.tok;
  if (kind !== "name") return null;
  return text === "on_enter" || text === "on_event" || text === "on_timeout" ? text : null;
}

/** `on_event(e) / {emit} … end`: statements and transitions. */
function parseHook(p: Parser, event: Hook["event"]): Hook {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const params = p.at("(") && p.onSameLine() ? parseParams(p) : [];
  const row = parseRow(p);
  const body: HookStep[] = [];
  parseMembers(p, { opener, separator: ";" }, () => {
    if (atTransition(p)) body.push({ kind: "transition", transition: parseTransition(p) });
    else body.push({ kind: "statement", statement: p.rules.statement(p) });
  });
  return { event, params, row, body, span: p.spanFrom(opener.token.start) };
}
