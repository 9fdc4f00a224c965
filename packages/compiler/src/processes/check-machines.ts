// Types in machines (language 12): arguments of transitions (E0116), guards and conditions (E0117).
// What needs no types is in machine-graph.ts.

import type { Expr, MachineState, ProcessDecl } from "@lumen/syntax";
import { addLocal, type CellContext, makeContext, type Session } from "../check/context.ts";
import type { Type } from "../hir/type.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { isCompatible } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, BOOL } from "../types/simple-types.ts";

/** Types of arguments (E0116), guards and conditions (E0117); the shape is known to be right. */
export function checkMachineTypes(session: Session, scope: ModuleScope, item: ProcessDecl): void {
  const states = new Map(item.states.map((s): [string, MachineState] => [s.name.text, s]));
  for (const state of item.states) {
    const c = stateContext(session, scope, item, state);
    if (state.guard !== null) expectBool(c, state.guard, `the guard of '${state.name.text}'`);
    for (const transition of state.transitions) {
      if (transition.condition !== null) expectBool(c, transition.condition, "a condition");
      const target = states.get(transition.target.text);
      transition.args?.forEach((arg, i) => {
        const written = target?.params[i]?.type ?? null;
        if (written !== null) expectArg(c, arg, resolveType(written, { scope, generics: NONE }));
      });
    }
  }
}

const NONE: ReadonlySet<string> = new Set();

/** The parameters of a state as variables. */
function stateContext(
  session: Session,
  scope: ModuleScope,
  item: ProcessDecl,
  state: MachineState,
): CellContext {
  const name = `${item.name.text}.${state.name.text}$check`;
  const base = { session, scope, name, kind: "hidden", generics: NONE, result: null } as const;
  const c = makeContext({ ...base, parent: null });
  for (const param of state.params) {
    const type = param.type === null ? ANY : resolveType(param.type, { scope, generics: NONE });
    addLocal(c, param.name.text, type, param.span);
  }
  return c;
}

function expectBool(c: CellContext, e: Expr, what: string): void {
  const { type } = c.session.rules.expr(c, e, BOOL);
  if (["bool", "any", "error"].includes(type.kind)) return;
  const found = renderType(type);
  report(c.scope, "E0117", e.span, `${what} is Bool, not ${found}`, { expected: "Bool", found });
}

function expectArg(c: CellContext, e: Expr, wanted: Type): void {
  const { type } = c.session.rules.expr(c, e, wanted);
  if (isCompatible(type, wanted)) return;
  const [expected, found] = [renderType(wanted), renderType(type)];
  const message = `type mismatch in a state argument: expected ${expected}, got ${found}`;
  report(c.scope, "E0116", e.span, message, { expected, found });
}
