// Values with a typestate are in one known state at every point (language 19.6): E0601 to E0603.

import type { Span } from "@lumen/core/diagnostic";
import type { HirCell, HirExpr, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import type { TypestateSymbol } from "../resolve/scope.ts";
import { type CellSymbol, type ModuleScope, plainName, report } from "../resolve/scope.ts";
import { type Callees, endsOf, keyOf, variableOf } from "./callees.ts";
import { type Flow, type FlowRules, followFlow } from "./flow.ts";

/** Typestates by module and type. */
export type Typestates = ReadonlyMap<string, TypestateSymbol>;

/** A state by name, `null` for one that is not known here, `moved` for a variable given away. */
type Fact = { readonly state: string | null } | "moved";

interface Check {
  readonly scope: ModuleScope;
  readonly callees: Callees;
  readonly typestates: Typestates;
  readonly symbol: CellSymbol | null;
  readonly told: Set<LocalId>;
}

/** All typestates of a program. */
export function typestatesOf(scopes: Iterable<ModuleScope>): Typestates {
  const found = new Map<string, TypestateSymbol>();
  for (const scope of scopes)
    for (const symbol of scope.typestates.values())
      found.set(keyOf({ module: symbol.scope.source.name, name: symbol.decl.name.text }), symbol);
  return found;
}

/** Checks one cell. */
export function checkTypestates(
  scope: ModuleScope,
  cell: HirCell,
  callees: Callees,
  typestates: Typestates,
): void {
  if (typestates.size === 0) return;
  const symbol = callees.get(keyOf({ module: scope.source.name, name: cell.name })) ?? null;
  const check: Check = { scope, callees, typestates, symbol, told: new Set() };
  const start = new Map<LocalId, Fact>();
  for (const [i, p] of cell.params.entries()) {
    if (typestateOf(check, p.type) === null) continue;
    start.set(p.local, { state: paramState(symbol, i)?.from ?? null });
  }
  for (const local of cell.captures) start.set(local, { state: null });
  followFlow(cell, start, rulesFor(check));
}

function typestateOf({ typestates }: Check, type: Type): TypestateSymbol | null {
  if (type.kind !== "record" && type.kind !== "process") return null;
  return typestates.get(keyOf(type.decl)) ?? null;
}

/** `File@Open -> Closed` of a parameter. */
function paramState(
  symbol: CellSymbol | null,
  index: number,
): { readonly from: string; readonly to: string | null } | null {
  const type = symbol?.decl.params[index]?.type ?? null;
  const written = type?.kind === "name" ? type.typestate : null;
  return written === null ? null : { from: written.from.text, to: written.to?.text ?? null };
}

function rulesFor(check: Check): FlowRules<Fact> {
  return {
    after: (flow, e) => {
      if (e.kind === "local") afterRead(check, flow, e);
      if (e.kind === "call") afterCall(check, flow, e);
    },
    bind: (flow, local, value) => {
      const type = flow.cell.locals[local]?.type;
      if (type === undefined || typestateOf(check, type) === null) return;
      const state = value === null ? null : stateOf(check, flow, value);
      const source = value === null ? null : variableOf(value);
      const isNamed = source !== null && flow.cell.locals[source]?.name !== null;
      if (isNamed && source !== local) flow.set(source, "moved");
      flow.set(local, { state });
    },
    leave: (flow, value, span) => checkExit(check, flow, value, span),
    meet: (flow, { local, a, b, at, span }) => {
      if (a === undefined || b === undefined) return a ?? b;
      if (a === "moved" || b === "moved") return "moved";
      if (a.state === b.state) return a;
      if (a.state !== null && b.state !== null) {
        const what =
          at === "loop"
            ? `the loop begins with '${nameOf(flow, local)}' in ${a.state} and leaves it in ${b.state}`
            : `'${nameOf(flow, local)}' is in ${a.state} on one way and in ${b.state} on another`;
        tell(check, local, "E0602", span, what);
      }
      return { state: null };
    },
  };
}

/** One report for a variable: the others follow from the first. */
function tell(
  check: Check,
  local: LocalId | null,
  code: "E0601" | "E0602" | "E0603",
  span: Span,
  message: string,
  more: { readonly expected?: string; readonly found?: string } = {},
): void {
  if (local !== null && check.told.has(local)) return;
  if (local !== null) check.told.add(local);
  report(check.scope, code, span, message, more);
}

function nameOf(flow: Flow<Fact>, local: LocalId): string {
  return plainName(flow.cell.locals[local]?.name ?? "");
}

function afterRead(check: Check, flow: Flow<Fact>, e: HirExpr & { kind: "local" }): void {
  if (flow.get(e.local) !== "moved") return;
  const message = `'${nameOf(flow, e.local)}' was given to another variable`;
  tell(check, e.local, "E0603", e.span, message);
}

/** What the parameters ask for, and where the call leaves the variables that it gets. */
function afterCall(check: Check, flow: Flow<Fact>, e: HirExpr & { kind: "call" }): void {
  const callee = check.callees.get(keyOf(e.callee)) ?? null;
  for (const [i, arg] of e.args.entries()) {
    const typestate = typestateOf(check, arg.type);
    if (typestate === null) continue;
    const local = variableOf(arg);
    const state = stateOf(check, flow, arg);
    const ways = i === 0 ? transitionsOf(typestate, e) : [];
    const asked = paramState(callee, i);
    const found = ways.find((t) => t.from === state);
    if (ways.length > 0 && found === undefined)
      wrongState(
        check,
        flow,
        e,
        arg,
        state,
        ways.map((t) => t.from),
      );
    else if (ways.length === 0 && asked !== null && asked.from !== state)
      wrongState(check, flow, e, arg, state, [asked.from]);
    const next = ways[0]?.to ?? asked?.to ?? null;
    const isVariable = local !== null && flow.get(local) !== "moved";
    if (isVariable && next !== null) flow.set(local, { state: found?.to ?? next });
  }
}

function transitionsOf(
  typestate: TypestateSymbol,
  e: HirExpr & { kind: "call" },
): readonly { readonly from: string; readonly to: string }[] {
  const method = e.callee.name.slice(e.callee.name.lastIndexOf(".") + 1);
  return typestate.decl.transitions.flatMap((t) =>
    t.method.text === method ? [{ from: t.from.text, to: t.to.text }] : [],
  );
}

function wrongState(
  check: Check,
  flow: Flow<Fact>,
  e: HirExpr & { kind: "call" },
  arg: HirExpr,
  state: string | null,
  wanted: readonly string[],
): void {
  const local = variableOf(arg);
  if (local !== null && flow.get(local) === "moved") return;
  const expected = wanted.join(" or ");
  const found = state ?? "a state that is not known here";
  const what = local === null ? "the value" : `'${nameOf(flow, local)}'`;
  const message = `'${e.callee.name}' needs ${what} in ${expected}, but it is in ${found}`;
  tell(check, local, "E0601", arg.span, message, { expected, found });
}

/** The state of a value; null where it is not known. */
function stateOf(check: Check, flow: Flow<Fact>, e: HirExpr): string | null {
  const typestate = typestateOf(check, e.type);
  if (typestate === null) return null;
  const states = new Set(endsOf(e).map((end) => stateOfEnd(check, flow, end, typestate)));
  const [only] = states;
  return states.size === 1 && only !== undefined ? only : null;
}

function stateOfEnd(
  check: Check,
  flow: Flow<Fact>,
  e: HirExpr,
  typestate: TypestateSymbol,
): string | null {
  const isMade = e.kind === "callBuiltin" && e.builtin === "instance$";
  if (e.kind === "record" || isMade) return typestate.initial;
  if (e.kind === "local") {
    const fact = flow.get(e.local);
    return fact === undefined || fact === "moved" ? null : fact.state;
  }
  if (e.kind !== "call" || typestateOf(check, e.type) !== typestate) return null;
  const [first] = e.args;
  const moves = first !== undefined && typestateOf(check, first.type) === typestate;
  const to = moves ? transitionsOf(typestate, e)[0]?.to : undefined;
  return to ?? resultState(check.callees.get(keyOf(e.callee)) ?? null, typestate);
}

function resultState(symbol: CellSymbol | null, typestate: TypestateSymbol): string {
  const type = symbol?.decl.result ?? null;
  const written = type?.kind === "name" ? type.typestate : null;
  return written?.from.text ?? typestate.initial;
}

/** What the cell returns, and where it leaves its parameters, is as its signature says. */
function checkExit(check: Check, flow: Flow<Fact>, value: HirExpr | null, span: Span): void {
  const { symbol } = check;
  if (symbol === null || flow.cell.kind === "lambda") return;
  for (const [i, p] of flow.cell.params.entries()) {
    const to = paramState(symbol, i)?.to ?? null;
    const fact = flow.get(p.local);
    const typestate = typestateOf(check, p.type);
    if (to === null || fact === undefined || fact === "moved" || typestate === null) continue;
    if (fact.state === to || (i === 0 && isTransition(typestate, symbol))) continue;
    const found = fact.state ?? "a state that is not known here";
    const message = `'${p.name}' must be in ${to} at the end, but it is in ${found}`;
    tell(check, p.local, "E0601", span, message, { expected: to, found });
  }
  const typestate = value === null ? null : typestateOf(check, flow.cell.result);
  if (typestate === null || value === null || isTransition(typestate, symbol)) return;
  const expected = resultState(symbol, typestate);
  const found = stateOf(check, flow, value);
  if (found === null || found === expected) return;
  const type = typestate.decl.name.text;
  const message = `the result is '${type}@${found}', but callers take it for '${type}@${expected}'`;
  tell(check, variableOf(value), "E0601", value.span, message, { expected, found });
}

/** The methods of a typestate are what moves it: nothing inside them could. */
function isTransition(typestate: TypestateSymbol, symbol: CellSymbol): boolean {
  const { name } = symbol.ref;
  const method = name.slice(name.lastIndexOf(".") + 1);
  return typestate.decl.transitions.some((t) => t.method.text === method);
}
