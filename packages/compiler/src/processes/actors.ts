// Actors (language 13.5) as cells. An actor is an instance whose mailbox a task empties: a message
// is a function that calls its body. The variables live in the instance between messages, in locals
// while one is handled.

import type {
  ActorDecl,
  ActorMessage,
  Body,
  CellDecl,
  Expr,
  Name,
  Statement,
  TypeExpr,
} from "@lumen/syntax";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { makeWalk } from "../tree/walk.ts";
import {
  assign,
  bind,
  block,
  call,
  cell,
  lambda,
  list,
  methodOf,
  nameAt,
  param,
  prelude,
  read,
  run,
  text,
  typeNamed,
} from "./tree.ts";

/** The cell that makes an instance; its name cannot be written. */
export const CONSTRUCTOR = "new$";
/** The variable that has the body of a message while it is stored or sent. */
const HELD = "body$";

/** A cell of an actor or supervisor. A method has an implicit `self`. */
export interface MadeCell {
  readonly decl: CellDecl;
  readonly isMethod: boolean;
}

/** What the cells of an actor read and assign by name: its states, and parameters that they use. */
interface Variable {
  readonly name: Name;
  readonly type: TypeExpr | null;
}

/** Every cell of an actor. A message declared twice is E0105. */
export function actorCells(scope: ModuleScope, item: ActorDecl): readonly MadeCell[] {
  const messages = distinctMessages(scope, item);
  const seen = new Set([...messages, ...item.cells].map((m) => m.name.text));
  const { span } = item.name;
  const made = (decl: CellDecl): MadeCell => ({ decl, isMethod: true });
  const stop = cell(nameAt("stop", span), [], typeNamed("Null", span), [
    run(prelude("actor_stop", [read("self", span)], span)),
  ]);
  const variables = variablesOf(item);
  return [
    { decl: makerCell(scope, item, messages, variables), isMethod: false },
    ...messages.flatMap((m) => [made(bodyCell(item, m, variables)), made(sendCell(m))]),
    ...item.cells.map((decl) => made(withVariables(item, decl, variables))),
    ...(seen.has("stop") ? [] : [made(stop)]),
  ];
}

function distinctMessages(scope: ModuleScope, item: ActorDecl): readonly ActorMessage[] {
  const seen = new Set<string>();
  return item.messages.filter(({ name }) => {
    const isNew = !seen.has(name.text);
    if (!isNew) report(scope, "E0105", name.span, `message '${name.text}' is declared twice`);
    seen.add(name.text);
    return isNew;
  });
}

/** A parameter that no message or cell mentions is the constructor's alone. */
function variablesOf(item: ActorDecl): readonly Variable[] {
  const mentioned = new Set<string>();
  const walk = makeWalk({
    expr: (e, inner) => {
      if (e.kind === "name") mentioned.add(e.name);
      return inner(e);
    },
    place: (p, inner) => {
      mentioned.add(p.root.text);
      return inner(p);
    },
  });
  for (const { body } of [...item.messages, ...item.cells]) walk.body(body);
  const states = new Set(item.states.map((s) => s.name.text));
  const params = item.params.filter(
    ({ name }) => mentioned.has(name.text) && !states.has(name.text),
  );
  return [
    ...params.map((p) => ({ name: p.name, type: p.isVariadic ? null : p.type })),
    ...item.states,
  ];
}

/** Makes the instance, sets its variables and what its messages run, starts the task. */
function makerCell(
  scope: ModuleScope,
  item: ActorDecl,
  messages: readonly ActorMessage[],
  variables: readonly Variable[],
): CellDecl {
  const { span } = item.name;
  const self = read("self", span);
  const states = new Set(item.states.map((s) => s.name.text));
  const params = variables.filter((v) => !states.has(v.name.text));
  return cell(nameAt(CONSTRUCTOR, span), item.params, typeNamed(item.name.text, span), [
    bind(
      nameAt("self", span),
      typeNamed(item.name.text, span),
      prelude("actor_new", [text(item.name.text, span)], span),
    ),
    ...params.map((p) => run(setVariable(p.name))),
    ...item.states.flatMap((state) => [
      bind(state.name, state.type, state.value),
      run(setVariable(state.name)),
    ]),
    ...messages.flatMap((message) => setBody(scope, message)),
    run(prelude("actor_start", [self], span)),
    run(self),
  ]);
}

/** The instance holds the body as a function: what it performs counts where the actor is made. */
function setBody(scope: ModuleScope, message: ActorMessage): readonly Statement[] {
  const { span } = message.name;
  const names = message.params.map((p) => p.name);
  const args = names.map((n) => read(n.text, span));
  const params = names.map((name) => param(name));
  const logged = logOf(scope, message);
  const handled = call(methodOf(bodyName(message), span), args, span);
  const body = lambda(params, block([logged, run(handled)], span), span);
  const held = nameAt(HELD, span);
  const given = [read("self", span), text(bodyName(message), span), read(HELD, span)];
  return [bind(held, bodyType(message), body), run(prelude("actor_set", given, span))];
}

/**
 * The move of a message (formats 13.4), deferred: it comes after the variables were written back,
 * after a fault too. What may be used only once is not looked at, and stands there as null.
 */
function logOf(scope: ModuleScope, message: ActorMessage): Statement {
  const { span, text: name } = message.name;
  const nothing: Expr = { kind: "null", span };
  const given = message.params.map((p) =>
    p.isOwned || isUsedOnce(scope, p.type) ? nothing : read(p.name.text, span),
  );
  const moved = [read("self", span), text(name, span), list(given, span)];
  return {
    kind: "defer",
    block: block([run(prelude("actor_moved", moved, span))], span),
    span,
  };
}

/** True for endpoints of sessions, also under the name of an alias; for what is not from here. */
function isUsedOnce(scope: ModuleScope, type: TypeExpr | null): boolean {
  const pending = type === null ? [] : [type];
  const seen = new Set<string>();
  let found = false;
  const walk = makeWalk({
    type: (t, inner) => {
      if (t.kind !== "name") return inner(t);
      const [first, second] = t.name.parts;
      found ||= second !== undefined || t.typestate !== null;
      const alias = scope.ast.items.find((i) => i.kind === "alias" && i.name.text === first?.text);
      if (alias?.kind === "alias" && !seen.has(alias.name.text)) pending.push(alias.type);
      seen.add(first?.text ?? "");
      return inner(t);
    },
  });
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) walk.type(next);
  return found;
}

function setVariable({ text: name, span }: Name): Expr {
  return prelude("actor_set", [read("self", span), text(name, span), read(name, span)], span);
}

function getVariable({ text: name, span }: Name): Expr {
  return prelude("actor_get", [read("self", span), text(name, span)], span);
}

function bodyName(message: ActorMessage): string {
  return `${message.name.text}$on`;
}

/** `fn(A, B) -> R` of the body of a message. */
function bodyType(message: ActorMessage): TypeExpr {
  const { span } = message.name;
  const any = typeNamed("Any", span);
  return {
    kind: "fn",
    params: message.params.map((p) => (p.isVariadic ? any : (p.type ?? any))),
    result: message.result ?? any,
    row: null,
    span,
  };
}

function bodyCell(
  item: ActorDecl,
  message: ActorMessage,
  variables: readonly Variable[],
): CellDecl {
  const name = nameAt(bodyName(message), message.name.span);
  const made = cell(name, message.params, message.result, []);
  return withVariables(item, { ...made, row: message.row, body: message.body }, variables);
}

/**
 * The variables are read into locals when the cell begins and written back when it is left, by a
 * fault too, and around calls of the actor's own cells.
 */
function withVariables(item: ActorDecl, decl: CellDecl, variables: readonly Variable[]): CellDecl {
  const isParam = new Set(decl.params.map((p) => p.name.text));
  const used = variables.filter((v) => !isParam.has(v.name.text));
  if (used.length === 0) return decl;
  const writes: Statement = {
    kind: "defer",
    block: block(
      used.map((v) => run(setVariable(v.name))),
      decl.span,
    ),
    span: decl.span,
  };
  const body = [
    ...used.map((v) => bind(v.name, v.type, getVariable(v.name))),
    writes,
    ...statementsOf(sharing(item, decl.body, used)),
  ];
  return { ...decl, body: { kind: "block", block: block(body, decl.span) } };
}

/**
 * `self.m(…)` as a block that writes the variables back before the call and reads them after it. In
 * a lambda, which has copies, and for a name that the body binds anew, the call stays as it is.
 */
function sharing(item: ActorDecl, body: Body, variables: readonly Variable[]): Body {
  const bound = new Set<string>();
  makeWalk({
    pattern: (p, inner) => {
      if (p.kind === "name") bound.add(p.name);
      return inner(p);
    },
  }).body(body);
  const shared = variables.filter((v) => !bound.has(v.name.text));
  const own = new Set(item.cells.map((c) => c.name.text));
  const isOwnCall = (e: Expr): boolean =>
    e.kind === "call" &&
    e.callee.kind === "field" &&
    e.callee.value.kind === "name" &&
    e.callee.value.name === "self" &&
    own.has(e.callee.name.text);
  return makeWalk({
    expr: (e, inner) => {
      if (e.kind === "lambda") return e;
      return isOwnCall(e) ? between(inner(e), shared) : inner(e);
    },
  }).body(body);
}

function between(value: Expr, variables: readonly Variable[]): Expr {
  const { span } = value;
  const result = nameAt("result$", span);
  const statements = [
    ...variables.map((v) => run(setVariable(v.name))),
    bind(result, null, value),
    ...variables.map((v) => assign(v.name, getVariable(v.name))),
    run(read(result.text, span)),
  ];
  return { kind: "do", block: block(statements, span), span };
}

function statementsOf(body: Body): readonly Statement[] {
  return body.kind === "block" ? body.block.statements : [run(body.value)];
}

/** `ref.Add(2)`: sends; with a result it yields the future of the answer. */
function sendCell(message: ActorMessage): CellDecl {
  const { span } = message.name;
  const args = message.params.map((p) => read(p.name.text, span));
  const held = prelude("actor_get", [read("self", span), text(bodyName(message), span)], span);
  const given = [read("self", span), lambda([], call(read(HELD, span), args, span), span)];
  const take = bind(nameAt(HELD, span), bodyType(message), held);
  if (message.result === null) {
    const send = run(prelude("actor_send", given, span));
    return cell(message.name, message.params, typeNamed("Null", span), [take, send]);
  }
  const future: TypeExpr = {
    kind: "name",
    name: { parts: [nameAt("Future", span)], span },
    args: [message.result],
    typestate: null,
    span,
  };
  const ask = run(prelude("actor_ask", given, span));
  return cell(message.name, message.params, future, [take, ask]);
}
