// Typestates as declared (language 19.6): states of a record or process, and the methods that move
// between them.

import type { Name, TypeExpr, TypestateDecl } from "@lumen/syntax";
import { didYouMean, type ModuleScope, report, type TypestateSymbol } from "./scope.ts";

/** Reads a declaration: unknown states are E0600, everything else that is wrong E0604. */
export function declareTypestate(scope: ModuleScope, decl: TypestateDecl): TypestateSymbol {
  const states = decl.states.map((s) => s.text);
  const name = decl.name.text;
  const twice = decl.states.find((s, i) => states.indexOf(s.text) < i);
  if (twice !== undefined)
    report(scope, "E0604", twice.span, `state '${twice.text}' is declared twice`);
  if (states.length === 0)
    report(scope, "E0604", decl.name.span, `typestate '${name}' declares no states`);
  if (decl.initial === null)
    report(scope, "E0604", decl.name.span, `typestate '${name}' has no initial state`);
  else checkState(scope, states, name, decl.initial);
  const seen = new Set<string>();
  for (const { method, from, to } of decl.transitions) {
    checkState(scope, states, name, from);
    checkState(scope, states, name, to);
    const key = `${method.text} ${from.text}`;
    if (seen.has(key)) {
      const message = `'${method.text}' leaves state '${from.text}' in two ways`;
      report(scope, "E0604", method.span, message);
    }
    seen.add(key);
  }
  return { decl, scope, states, initial: decl.initial?.text ?? states[0] ?? "" };
}

/** The types and the methods that typestates of a module speak of must exist (E0604). */
export function completeTypestates(scope: ModuleScope): void {
  for (const symbol of scope.typestates.values()) if (symbol.scope === scope) complete(symbol);
}

function complete({ decl, scope }: TypestateSymbol): void {
  const { text, span } = decl.name;
  const type = scope.types.get(text);
  if (type?.kind !== "record" && type?.kind !== "process") {
    report(scope, "E0604", span, `typestate '${text}' belongs to no record, agent or process`);
    return;
  }
  for (const { method } of decl.transitions) {
    if (scope.cells.has(method.text) || scope.cells.has(`${text}.${method.text}`)) continue;
    const message = `'${text}' has no method '${method.text}'`;
    report(scope, "E0604", method.span, `${message}${didYouMean(method.text, scope.cells.keys())}`);
  }
}

/** `File@Open -> Closed` where it is written: type and states are known (E0600). */
export function checkTypestate(scope: ModuleScope, type: TypeExpr & { kind: "name" }): void {
  if (type.typestate === null) return;
  const name = type.name.parts.map((p) => p.text).join(".");
  const symbol = scope.typestates.get(name);
  const { from, to } = type.typestate;
  if (symbol === undefined) {
    report(scope, "E0600", from.span, `type '${name}' has no typestate`);
    return;
  }
  checkState(scope, symbol.states, name, from);
  if (to !== null) checkState(scope, symbol.states, name, to);
}

function checkState(
  scope: ModuleScope,
  states: readonly string[],
  type: string,
  state: Name,
): void {
  if (states.includes(state.text)) return;
  const near = didYouMean(state.text, states);
  report(scope, "E0600", state.span, `'${type}' has no state '${state.text}'${near}`, {
    expected: states.join(", "),
    found: state.text,
  });
}
