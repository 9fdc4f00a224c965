// Actors and supervisors (language 3, 13.5).

import type {
  ActorDecl,
  ActorMessage,
  ActorState,
  CellDecl,
  Config,
  SupervisedChild,
  SupervisorDecl,
} from "./ast.ts";
import { atCell, parseBody, parseCell } from "./parse-cells.ts";
import { type Head, itemHead, parseMemberHead } from "./parse-head.ts";
import { parseMembers } from "./parse-members.ts";
import { parseParams } from "./parse-params.ts";
import { parseRow, parseType } from "./parse-types.ts";
import type { Parser } from "./parser.ts";

/** `actor Counter(start: Int) … end`; the current token is `actor`. */
export function parseActor(p: Parser, head: Head): ActorDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the actor");
  const params = p.at("(") && p.onSameLine() ? parseParams(p) : [];
  const states: ActorState[] = [];
  const messages: ActorMessage[] = [];
  const cells: CellDecl[] = [];
  parseMembers(p, { opener }, (doc) => {
    if (p.atName("state")) states.push(parseActorState(p));
    else if (p.atName("on")) messages.push(parseMessage(p));
    else {
      const member = parseMemberHead(p, doc);
      if (atCell(p)) cells.push(parseCell(p, member));
      else p.unexpected("`state`, `on`, a cell, or `end`");
    }
  });
  return { kind: "actor", name, params, states, messages, cells, ...itemHead(p, head) };
}

/** `state n: Int = start` */
function parseActorState(p: Parser): ActorState {
  const { start } = p.tok;
  p.advance();
  const name = p.name("the name of a variable");
  const type = p.accept(":") ? parseType(p) : null;
  p.expect("=", type === null ? "`=` or `:` after the name" : "`=` after the type");
  const value = p.rules.expression(p);
  return { name, type, value, span: p.spanFrom(start) };
}

/** `on Add(k: Int) … end` or `on Get() -> Int = n` */
function parseMessage(p: Parser): ActorMessage {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the message");
  const params = parseParams(p);
  const result = p.accept("->") ? parseType(p) : null;
  const row = parseRow(p);
  const body = parseBody(p, opener);
  return { name, params, result, row, body, span: p.spanFrom(opener.token.start) };
}

/** `supervisor Root … end`; the current token is `supervisor`. */
export function parseSupervisor(p: Parser, head: Head): SupervisorDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the supervisor");
  const configs: Config[] = [];
  const children: SupervisedChild[] = [];
  parseMembers(p, { opener }, () => {
    if (p.atName("child") && p.peek().kind !== ":") children.push(parseChild(p));
    else configs.push(parseConfig(p));
  });
  return { kind: "supervisor", name, configs, children, ...itemHead(p, head) };
}

/** `strategy: one_for_one` */
function parseConfig(p: Parser): Config {
  const name = p.name("`child`, a setting `name: value`, or `end`", true);
  p.expect(":", "`:` and the value of the setting");
  return { name, value: p.rules.expression(p) };
}

/** `child counter = Counter(0) restart: permanent` */
function parseChild(p: Parser): SupervisedChild {
  const { start } = p.tok;
  p.advance();
  const name = p.name("the name of the child");
  p.expect("=", "`=` and the actor that is started");
  const value = p.rules.expression(p);
  if (!p.acceptName("restart")) p.unexpected("`restart:` and when the child is restarted");
  p.expect(":", "`:` after `restart`");
  const restart = parseRestart(p);
  return { name, value, restart, span: p.spanFrom(start) };
}

function parseRestart(p: Parser): SupervisedChild["restart"] {
  if (p.acceptName("permanent")) return "permanent";
  if (p.acceptName("transient")) return "transient";
  if (p.acceptName("temporary")) return "temporary";
  p.unexpected("`permanent`, `transient` or `temporary`");
  return "permanent";
}
