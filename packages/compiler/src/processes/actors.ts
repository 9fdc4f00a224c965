// Actors and supervisors (language 13.5) as cells. An actor is an instance whose mailbox a task
// empties; its variables live in the instance between messages, in locals while one is handled.

import type { Span } from "@lumen/core/diagnostic";
import type {
  ActorDecl,
  ActorMessage,
  Body,
  CellDecl,
  Expr,
  Statement,
  SupervisorDecl,
  TypeExpr,
} from "@lumen/syntax";
import type { Type } from "../hir/type.ts";
import type { Member } from "../resolve/members.ts";
import { type ModuleScope, report } from "../resolve/scope.ts";
import {
  at,
  bind,
  block,
  call,
  cell,
  lambda,
  list,
  nameAt,
  param,
  prelude,
  read,
  record,
  run,
  text,
  typeNamed,
} from "./tree.ts";
import { withSelf } from "./with-self.ts";

/** The cell that makes an instance; its name cannot be written. */
export const CONSTRUCTOR = "new$";
const HANDLE = "handle$";

/** Every cell of an actor or supervisor. */
export function actorMembers(
  scope: ModuleScope,
  item: ActorDecl | SupervisorDecl,
): readonly Member[] {
  const symbol = scope.types.get(item.name.text);
  if (symbol?.kind !== "process" || symbol.symbol.decl !== item) return [];
  const self: Type = { kind: "process", decl: symbol.symbol };
  const cells = item.kind === "actor" ? actorCells(item) : supervisorCells(scope, item);
  return cells.map(({ decl, isMethod }) => ({
    name: `${item.name.text}.${decl.name.text}`,
    decl: isMethod ? withSelf(decl) : decl,
    generics: [],
    self,
  }));
}

interface MadeCell {
  readonly decl: CellDecl;
  readonly isMethod: boolean;
}

function actorCells(item: ActorDecl): readonly MadeCell[] {
  const seen = new Set([...item.messages, ...item.cells].map((m) => m.name.text));
  const { span } = item.name;
  const made = (decl: CellDecl): MadeCell => ({ decl, isMethod: true });
  const stop = cell(nameAt("stop", span), [], typeNamed("Null", span), [
    run(prelude("actor_stop", [read("self", span)], span)),
  ]);
  return [
    { decl: makerCell(item), isMethod: false },
    made(handleCell(item)),
    ...item.messages.flatMap((m) => [made(bodyCell(item, m)), made(sendCell(m))]),
    ...item.cells.map((decl) => made(withVariables(item, decl))),
    ...(seen.has("stop") ? [] : [made(stop)]),
  ];
}

/** Makes the instance, sets its variables, starts the task. */
function makerCell(item: ActorDecl): CellDecl {
  const { span } = item.name;
  const self = read("self", span);
  const variables = item.states.flatMap((state): readonly Statement[] => [
    bind(state.name, state.type, state.value),
    run(setVariable(state.name.text, state.span)),
  ]);
  const handle = lambda(
    [param(nameAt("name", span)), param(nameAt("args", span))],
    call(methodOf(HANDLE, span), [read("name", span), read("args", span)], span),
    span,
  );
  return cell(nameAt(CONSTRUCTOR, span), item.params, typeNamed(item.name.text, span), [
    bind(
      nameAt("self", span),
      typeNamed(item.name.text, span),
      prelude("actor_new", [text(item.name.text, span)], span),
    ),
    ...variables,
    run(prelude("actor_start", [self, handle], span)),
    run(self),
  ]);
}

function methodOf(name: string, span: Span): Expr {
  return {
    kind: "field",
    value: read("self", span),
    name: nameAt(name, span),
    nullSafe: false,
    span,
  };
}

function setVariable(name: string, span: Span): Expr {
  return prelude("actor_set", [read("self", span), text(name, span), read(name, span)], span);
}

/** Calls the body of the message that a name means. */
function handleCell(item: ActorDecl): CellDecl {
  const { span } = item.name;
  const nothing: Expr = { kind: "null", span };
  const value = item.messages.reduceRight<Expr>((otherwise, message) => {
    const args = message.params.map((_, i) => at(read("args", span), i, span));
    const condition: Expr = {
      kind: "binary",
      op: "==",
      left: read("name", span),
      right: text(message.name.text, span),
      opSpan: span,
      span,
    };
    return {
      kind: "if",
      branches: [
        {
          condition: { kind: "expr", value: condition },
          block: block([run(call(methodOf(bodyName(message), span), args, span))], span),
        },
      ],
      otherwise: block([run(otherwise)], span),
      span,
    };
  }, nothing);
  const any = typeNamed("Any", span);
  const params = [
    param(nameAt("name", span), typeNamed("String", span)),
    param(nameAt("args", span), any),
  ];
  return cell(nameAt(HANDLE, span), params, any, [run(value)]);
}

function bodyName(message: ActorMessage): string {
  return `on_${message.name.text}$`;
}

function bodyCell(item: ActorDecl, message: ActorMessage): CellDecl {
  const made = cell(
    nameAt(bodyName(message), message.name.span),
    message.params,
    message.result,
    [],
  );
  return withVariables(item, { ...made, row: message.row, body: message.body });
}

/**
 * The variables are read into locals when the cell begins and written back when it is left, by a
 * fault too.
 */
function withVariables(item: ActorDecl, decl: CellDecl): CellDecl {
  const isParam = new Set(decl.params.map((p) => p.name.text));
  const states = item.states.filter((s) => !isParam.has(s.name.text));
  const reads = states.map((s) =>
    bind(s.name, stateType(item, s.name.text), getVariable(s.name.text, s.span)),
  );
  const writes: Statement = {
    kind: "defer",
    block: block(
      states.map((s) => run(setVariable(s.name.text, s.span))),
      decl.span,
    ),
    span: decl.span,
  };
  const before = states.length === 0 ? [] : [...reads, writes];
  return {
    ...decl,
    body: { kind: "block", block: block([...before, ...statementsOf(decl.body)], decl.span) },
  };
}

function stateType(item: ActorDecl, name: string): TypeExpr | null {
  return item.states.find((s) => s.name.text === name)?.type ?? null;
}

function getVariable(name: string, span: Span): Expr {
  return prelude("actor_get", [read("self", span), text(name, span)], span);
}

function statementsOf(body: Body): readonly Statement[] {
  return body.kind === "block" ? body.block.statements : [run(body.value)];
}

/** `ref.Add(2)`: sends; with a result it yields the future of the answer. */
function sendCell(message: ActorMessage): CellDecl {
  const { span } = message.name;
  const args = list(
    message.params.map((p) => read(p.name.text, span)),
    span,
  );
  const given = [read("self", span), text(message.name.text, span), args];
  if (message.result === null) {
    const send = run(prelude("actor_send", given, span));
    return cell(message.name, message.params, typeNamed("Null", span), [send]);
  }
  const future: TypeExpr = {
    kind: "name",
    name: { parts: [nameAt("Future", span)], span },
    args: [message.result],
    typestate: null,
    span,
  };
  return cell(message.name, message.params, future, [run(prelude("actor_ask", given, span))]);
}

/** Names of the configuration of a supervisor, with their defaults (language 13.5). */
const DEFAULTS = { max_restarts: 3, within_ms: 5000, backoff_ms: 0 } as const;
const STRATEGIES: readonly string[] = ["one_for_one", "one_for_all", "rest_for_one"];

function supervisorCells(scope: ModuleScope, item: SupervisorDecl): readonly MadeCell[] {
  const { span } = item.name;
  const self = read("self", span);
  const children = item.children.map((child) =>
    record(
      {
        name: text(child.name.text, child.span),
        restart: text(child.restart, child.span),
        start: lambda([], call(methodOf(childCell(child.name.text), span), [], span), child.span),
      },
      child.span,
    ),
  );
  const settings = Object.entries(DEFAULTS).map(([name, value]) => numberConfig(item, name, value));
  const start = prelude(
    "supervisor_start",
    [self, list(children, span), text(strategyOf(scope, item), span), ...settings],
    span,
  );
  const maker = cell(nameAt(CONSTRUCTOR, span), [], typeNamed(item.name.text, span), [
    bind(
      nameAt("self", span),
      typeNamed(item.name.text, span),
      prelude("actor_new", [text(item.name.text, span)], span),
    ),
    run(start),
    run(self),
  ]);
  const stop = cell(nameAt("stop", span), [], typeNamed("Null", span), [
    run(prelude("supervisor_stop", [self], span)),
  ]);
  return [
    { decl: maker, isMethod: false },
    ...item.children.map((child) => ({
      decl: cell(nameAt(childCell(child.name.text), child.name.span), [], null, [run(child.value)]),
      isMethod: true,
    })),
    { decl: stop, isMethod: true },
  ];
}

/** The cell that starts a child; the type of the child's field is its result. */
export function childCell(name: string): string {
  return `start_${name}$`;
}

function numberConfig(item: SupervisorDecl, name: string, otherwise: number): Expr {
  const config = item.configs.findLast((c) => c.name.text === name);
  if (config !== undefined) return config.value;
  return { kind: "int", value: BigInt(otherwise), span: item.name.span };
}

function strategyOf(scope: ModuleScope, item: SupervisorDecl): string {
  const config = item.configs.findLast((c) => c.name.text === "strategy");
  if (config === undefined) return "one_for_one";
  const { value } = config;
  const name = value.kind === "name" ? value.name : value.kind === "string" ? value.value : "";
  if (STRATEGIES.includes(name)) return name;
  report(scope, "E0010", value.span, `unknown strategy '${name}'`, {
    expected: STRATEGIES.join(", "),
    found: name,
    help: `Write one of ${STRATEGIES.join(", ")}.`,
  });
  return "one_for_one";
}
