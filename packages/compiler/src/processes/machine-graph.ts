// Checks of a machine that need no types (language 12): the graph of its states (E0110 to E0113),
// the number of arguments (E0114), what its expressions may use (E0115).

import type { Expr, MachineState, ProcessDecl, Transition } from "@lumen/syntax";
import { didYouMean, isBroken, type ModuleScope, report } from "../resolve/scope.ts";
import { initialState } from "./machines.ts";

/** Names, reachability, argument counts and the expressions that a machine may use. */
export function checkMachineShape(scope: ModuleScope, item: ProcessDecl): boolean {
  const before = scope.diagnostics.length;
  const states = new Map(item.states.map((s): [string, MachineState] => [s.name.text, s]));
  const { initial } = item;
  if (initial !== null && !states.has(initial.text)) {
    const near = didYouMean(initial.text, states.keys());
    report(scope, "E0110", initial.span, `unknown initial state '${initial.text}'${near}`);
  }
  reportTwice(scope, item);
  for (const state of item.states) {
    for (const transition of transitionsOf(state))
      checkTransition(scope, states, state, transition);
    if (state.guard !== null) checkExpression(scope, state, state.guard);
  }
  // A state or transition that did not parse may be the one that is missing.
  const isWhole = scope.diagnostics.length === before && !isBroken(scope, item.span);
  if (isWhole) checkGraph(scope, item, states);
  return scope.diagnostics.length === before;
}

function reportTwice(scope: ModuleScope, item: ProcessDecl): void {
  const seen = new Set<string>();
  for (const { name } of item.states) {
    if (seen.has(name.text))
      report(scope, "E0105", name.span, `state '${name.text}' is declared twice`);
    seen.add(name.text);
  }
}

/** All transitions of a state, those that its hooks take included. */
function transitionsOf(state: MachineState): readonly Transition[] {
  const hooked = state.hooks.flatMap((hook) =>
    hook.body.flatMap((step) => (step.kind === "transition" ? [step.transition] : [])),
  );
  return [...state.transitions, ...hooked];
}

function checkTransition(
  scope: ModuleScope,
  states: ReadonlyMap<string, MachineState>,
  state: MachineState,
  transition: Transition,
): void {
  const { target, args } = transition;
  const found = states.get(target.text);
  if (found === undefined) {
    const near = didYouMean(target.text, states.keys());
    report(scope, "E0111", target.span, `unknown target state '${target.text}'${near}`);
    return;
  }
  const [expected, given] = [found.params.length, args?.length ?? 0];
  if (expected !== given) {
    const noun = expected === 1 ? "parameter" : "parameters";
    const message = `state '${target.text}' has ${expected} ${noun}, this transition gives ${given}`;
    report(scope, "E0114", transition.span, message, {
      expected: String(expected),
      found: String(given),
    });
  }
  if (!state.transitions.includes(transition)) return;
  for (const arg of args ?? []) checkExpression(scope, state, arg);
  if (transition.condition !== null) checkExpression(scope, state, transition.condition);
}

/** Literals, the state's parameters, unary and binary operators (E0115). */
function checkExpression(scope: ModuleScope, state: MachineState, e: Expr): void {
  switch (e.kind) {
    case "null":
    case "bool":
    case "int":
    case "float":
    case "string":
    case "bytes":
    case "error":
      return;
    case "name":
      if (state.params.some((p) => p.name.text === e.name)) return;
      break;
    case "unary":
      checkExpression(scope, state, e.operand);
      return;
    case "binary":
      checkExpression(scope, state, e.left);
      checkExpression(scope, state, e.right);
      return;
    case "chain":
      for (const operand of e.operands) checkExpression(scope, state, operand);
      return;
    default:
      break;
  }
  const what = e.kind === "name" ? `'${e.name}'` : "this expression";
  const message = `${what} is not a parameter of state '${state.name.text}', a literal or an operator`;
  report(scope, "E0115", e.span, message, {
    expected: state.params.map((p) => p.name.text).join(", ") || "a literal",
  });
}

/** Every state can be reached (E0112), one of them ends the machine (E0113). */
function checkGraph(
  scope: ModuleScope,
  item: ProcessDecl,
  states: ReadonlyMap<string, MachineState>,
): void {
  const reached = new Set<string>();
  const open = [initialState(item)];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = states.get(name);
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    for (const transition of transitionsOf(state)) open.push(transition.target.text);
  }
  for (const { name } of item.states) {
    if (reached.has(name.text)) continue;
    const message = `state '${name.text}' cannot be reached from '${initialState(item)}'`;
    report(scope, "E0112", name.span, message);
  }
  if (item.states.some((s) => s.isTerminal)) return;
  report(scope, "E0113", item.name.span, `machine '${item.name.text}' has no terminal state`);
}
