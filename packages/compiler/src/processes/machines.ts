// Machines (language 12) as cells: their states become a list of maps with functions for guards,
// transitions and hooks, which the engine in the prelude runs.

import type { Span } from "@lumen/core/diagnostic";
import type {
  CellDecl,
  Expr,
  Hook,
  HookStep,
  MachineState,
  ProcessDecl,
  Statement,
  Transition,
} from "@lumen/syntax";
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
  rest,
  run,
  text,
  typeNamed,
} from "./tree.ts";

/** Name of the record that the methods of a machine yield, `Door.State`. */
export function stateRecordName(machine: string): string {
  return `${machine}.State`;
}

/** The state that a machine begins in: named by `initial:`, or the first. */
export function initialState(item: ProcessDecl): string {
  return item.initial?.text ?? item.states[0]?.name.text ?? "";
}

/** The methods of a machine. */
export function machineCells(item: ProcessDecl): readonly CellDecl[] {
  const { span } = item.name;
  const self = read("self", span);
  const args = read("args", span);
  const state = stateRecordName(item.name.text);
  const states = call(read(`${item.name.text}.${STATES}`, span), [self], span);
  const initial = text(initialState(item), span);
  const engine = (name: string, ...more: readonly Expr[]): Statement =>
    run(prelude(name, [self, states, initial, ...more], span));
  const shown = run(method("current_state", span));
  const many = [rest(nameAt("args", span))];
  const method$ = (name: string): ReturnType<typeof nameAt> => nameAt(name, span);
  const named = param(nameAt("name", span), typeNamed("String", span));
  const named$ = { ...named, default: initial };
  return [
    cell(method$(STATES), [], typeNamed("Any", span), [run(list(item.states.map(stateMap), span))]),
    cell(method$("start"), many, typeNamed("Null", span), [engine("machine_start", args)]),
    cell(method$("step"), many, typeNamed(state, span), [engine("machine_step", args), shown]),
    cell(method$("run"), many, typeNamed(state, span), [engine("machine_run", args), shown]),
    cell(method$("timeout"), [], typeNamed(state, span), [engine("machine_timeout"), shown]),
    cell(method$("is_terminal"), [], typeNamed("Bool", span), [engine("machine_is_terminal")]),
    cell(method$("current_state"), [], typeNamed(state, span), [
      bind(nameAt("now", span), null, prelude("machine_now", [self, states, initial], span)),
      run(stateValue(state, span)),
    ]),
    cell(method$("resume_from"), [named$, ...many], typeNamed(state, span), [
      engine("machine_resume", read("name", span), args),
      shown,
    ]),
  ];
}

/** The cell that yields the table of states; its name cannot be written. */
const STATES = "states$";

/** A parameter of a generated function; the name cannot be written. */
const PAYLOAD = "payload$";
const EVENT = "event$";

function method(name: string, span: Span): Expr {
  const self = read("self", span);
  return call(
    { kind: "field", value: self, name: nameAt(name, span), nullSafe: false, span },
    [],
    span,
  );
}

function stateValue(state: string, span: Span): Expr {
  const parts = [0, 1, 2, 3].map((i) => at(read("now", span), i, span));
  return call(read(state, span), parts, span);
}

function stateMap(state: MachineState): Expr {
  const { span } = state.name;
  const texts = (values: readonly string[]): Expr =>
    list(
      values.map((v) => text(v, span)),
      span,
    );
  const kinds = state.params.map((p) =>
    p.type?.kind === "name" ? (p.type.name.parts[0]?.text ?? "") : "",
  );
  const nothing: Expr = { kind: "null", span };
  return record(
    {
      name: text(state.name.text, span),
      params: texts(state.params.map((p) => p.name.text)),
      kinds: texts(kinds),
      terminal: { kind: "bool", value: state.isTerminal, span },
      guard: state.guard === null ? nothing : inState(state, state.guard),
      transitions: list(
        state.transitions.map((t) => transitionMap(state, t)),
        span,
      ),
      enter: hookOf(state, "on_enter") ?? nothing,
      event: hookOf(state, "on_event") ?? nothing,
      timeout: hookOf(state, "on_timeout") ?? nothing,
    },
    span,
  );
}

/** An expression over the state's payload as a function of it. */
function inState(state: MachineState, value: Expr): Expr {
  const { span } = value;
  return lambda(
    [param(nameAt(PAYLOAD, span))],
    block([...payloadOf(state, span), run(value)], span),
    span,
  );
}

function payloadOf(state: MachineState, span: Span): readonly Statement[] {
  return state.params.map((p, i) => bind(p.name, null, at(read(PAYLOAD, span), i, span)));
}

function transitionMap(state: MachineState, transition: Transition): Expr {
  const { span, condition } = transition;
  return record(
    {
      target: text(transition.target.text, span),
      condition: condition === null ? { kind: "null", span } : inState(state, condition),
      args: inState(state, list(transition.args ?? [], span)),
    },
    span,
  );
}

/** The hook as a function of payload and event: it yields the transition that it takes, or null. */
function hookOf(state: MachineState, event: Hook["event"]): Expr | null {
  const hook = state.hooks.find((h) => h.event === event);
  if (hook === undefined) return null;
  const { span } = hook;
  const events = hook.params.map((p, i) => bind(p.name, null, at(read(EVENT, span), i, span)));
  const steps = hook.body.map(hookStep);
  const last = run({ kind: "null", span });
  return lambda(
    [param(nameAt(PAYLOAD, span)), param(nameAt(EVENT, span))],
    block([...payloadOf(state, span), ...events, ...steps, last], span),
    span,
  );
}

function hookStep(step: HookStep): Statement {
  if (step.kind === "statement") return step.statement;
  const { target, args, condition, span } = step.transition;
  const taken = record({ target: text(target.text, span), args: list(args ?? [], span) }, span);
  const leave: Statement = { kind: "return", value: taken, span };
  if (condition === null) return leave;
  return run({
    kind: "if",
    branches: [
      { condition: { kind: "expr", value: condition }, block: { statements: [leave], span } },
    ],
    otherwise: null,
    span,
  });
}
