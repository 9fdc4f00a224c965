// `own` parameters take their argument (language 19.8): E0400 to E0403.

import type { Span } from "@lumen/core/diagnostic";
import type { HirCell, HirExpr, LocalId } from "../hir/hir.ts";
import { someExpr } from "../hir/visit.ts";
import { type CellSymbol, type ModuleScope, plainName, report } from "../resolve/scope.ts";
import { type Callees, endsOf, keyOf, variableOf } from "./callees.ts";
import { type Flow, type FlowRules, followFlow } from "./flow.ts";

/** `free`: nobody asks for it; `owed`: an `own` parameter that must be consumed; `moved`. */
type Fact = "free" | "owed" | "moved";

interface Check {
  readonly scope: ModuleScope;
  readonly callees: Callees;
  /** The cells of the module: lambdas are among them. */
  readonly cells: ReadonlyMap<string, HirCell>;
  readonly told: Set<LocalId>;
  /** Calls inside a loop over a variable, which borrows it. */
  readonly borrowedIn: ReadonlyMap<HirExpr, ReadonlySet<LocalId>>;
}

/** True when one of these cells takes an argument over. */
export function hasOwned(cells: Iterable<CellSymbol>): boolean {
  for (const { decl } of cells) if (decl.params.some((p) => p.isOwned)) return true;
  return false;
}

/** Checks one cell. */
export function checkOwnership(
  scope: ModuleScope,
  cell: HirCell,
  callees: Callees,
  cells: ReadonlyMap<string, HirCell>,
): void {
  const symbol = callees.get(keyOf({ module: scope.source.name, name: cell.name })) ?? null;
  const start = new Map<LocalId, Fact>();
  for (const [i, p] of cell.params.entries())
    start.set(p.local, isOwned(symbol, i) ? "owed" : "free");
  for (const local of cell.captures) start.set(local, "free");
  const borrowedIn = loopsOver(cell.body);
  const check: Check = { scope, callees, cells, told: new Set(), borrowedIn };
  followFlow(cell, start, rulesFor(check));
}

function isOwned(symbol: CellSymbol | null, index: number): boolean {
  return symbol?.decl.params[index]?.isOwned === true;
}

function rulesFor(check: Check): FlowRules<Fact> {
  return {
    instead: (flow, e, walk) => {
      if (e.kind !== "call") return false;
      const symbol = check.callees.get(keyOf(e.callee)) ?? null;
      if (!e.args.some((_, i) => isOwned(symbol, i))) return false;
      walkCall(check, flow, e, symbol, walk);
      return true;
    },
    after: (flow, e) => {
      if (e.kind === "local") used(check, flow, e.local, e.span);
      for (const part of keptParts(e)) give(flow, part);
      if (e.kind === "closure") capture(check, flow, e);
    },
    bind: (flow, local, value) => {
      if (value !== null) give(flow, value);
      if (flow.cell.locals[local]?.name !== null) flow.set(local, "free");
    },
    leave: (flow, value, span) => {
      for (const end of value === null ? [] : endsOf(value)) give(flow, end);
      for (const [local, fact] of flow.all()) if (fact === "owed") owed(check, flow, local, span);
    },
    meet: (flow, { local, a, b, at, span }) => {
      if (a === undefined || b === undefined) return a ?? b;
      if (at === "loop" && b === "moved") {
        const message = `'${nameOf(flow, local)}' is moved again in the next round`;
        tell(check, local, "E0402", span, message);
      } else if (a === "owed" || b === "owed") owed(check, flow, local, span);
      return "moved";
    },
  };
}

function used(check: Check, flow: Flow<Fact>, local: LocalId, span: Span): void {
  if (flow.get(local) !== "moved") return;
  tell(check, local, "E0400", span, `'${nameOf(flow, local)}' is used after it was moved`);
}

/** A lambda reads what it captures where it is made, and moves there what its body moves. */
function capture(check: Check, flow: Flow<Fact>, e: Closure): void {
  const moved = movedCaptures(check, e);
  for (const local of e.captures) {
    used(check, flow, local, e.span);
    if (moved.has(local)) flow.set(local, "moved");
    else giveLocal(flow, local);
  }
}

type Closure = HirExpr & { readonly kind: "closure" };

/** The captured variables that the body of a lambda gives to an `own` parameter. */
function movedCaptures(check: Check, { cell: ref, captures }: Closure): ReadonlySet<LocalId> {
  const cell = check.cells.get(ref.name);
  const moved = new Set<LocalId>();
  if (cell === undefined) return moved;
  const note = (inner: LocalId | null): void => {
    const outer = inner === null ? undefined : captures[cell.captures.indexOf(inner)];
    if (outer !== undefined) moved.add(outer);
  };
  someExpr(cell.body, (e) => {
    if (e.kind === "closure") movedCaptures(check, e).forEach(note);
    if (e.kind !== "call") return false;
    const symbol = check.callees.get(keyOf(e.callee)) ?? null;
    for (const [i, arg] of e.args.entries()) if (isOwned(symbol, i)) note(variableOf(arg));
    return false;
  });
  return moved;
}

/** One report for a variable: the others follow from the first. */
function tell(
  check: Check,
  local: LocalId,
  code: "E0400" | "E0401" | "E0402" | "E0403",
  span: Span,
  message: string,
): void {
  if (!check.told.has(local)) report(check.scope, code, span, message);
  check.told.add(local);
}

function nameOf(flow: Flow<Fact>, local: LocalId): string {
  return plainName(flow.cell.locals[local]?.name ?? "");
}

function owed(check: Check, flow: Flow<Fact>, local: LocalId, span: Span): void {
  const at = flow.cell.locals[local]?.span ?? span;
  const message = `'${nameOf(flow, local)}' is owned, but some way through the cell does not consume it`;
  tell(check, local, "E0401", at, message);
}

/** Arguments that are only lent first, then those that are given away. */
function walkCall(
  check: Check,
  flow: Flow<Fact>,
  e: HirExpr & { kind: "call" },
  symbol: CellSymbol | null,
  walk: (e: HirExpr) => void,
): void {
  const given: { readonly local: LocalId; readonly span: Span }[] = [];
  const lent = new Set<LocalId>();
  for (const [i, arg] of e.args.entries()) {
    const local = isOwned(symbol, i) ? variableOf(arg) : null;
    if (local !== null && flow.cell.locals[local]?.name !== null) {
      given.push({ local, span: arg.span });
      continue;
    }
    someExpr(arg, (part) => {
      if (part.kind === "local") lent.add(part.local);
      return false;
    });
    walk(arg);
  }
  for (const { local, span } of given) {
    const name = nameOf(flow, local);
    const isBorrowed = lent.has(local) || check.borrowedIn.get(e)?.has(local) === true;
    if (flow.get(local) === "moved") tell(check, local, "E0402", span, `'${name}' is moved twice`);
    else if (isBorrowed)
      tell(check, local, "E0403", span, `'${name}' is moved while something else still reads it`);
    flow.set(local, "moved");
  }
}

/** Parts that a new value keeps. */
function keptParts(e: HirExpr): readonly HirExpr[] {
  switch (e.kind) {
    case "list":
    case "set":
      return e.items.map((i) => i.value);
    case "tuple":
      return e.items;
    case "record":
      return e.fields;
    case "variant":
      return e.payload;
    case "map":
      return e.entries.flatMap((x) => (x.value === null ? [x.key] : [x.key, x.value]));
    default:
      return [];
  }
}

function give(flow: Flow<Fact>, e: HirExpr): void {
  const local = variableOf(e);
  if (local !== null) giveLocal(flow, local);
}

/** Only what is owned can be given by storing or returning it; other values are copied. */
function giveLocal(flow: Flow<Fact>, local: LocalId): void {
  if (flow.get(local) === "owed") flow.set(local, "moved");
}

/** Every call inside loops over variables, with those variables. */
function loopsOver(body: HirExpr): ReadonlyMap<HirExpr, ReadonlySet<LocalId>> {
  const found = new Map<HirExpr, Set<LocalId>>();
  someExpr(body, (e) => {
    const over = e.kind === "for" ? variableOf(e.iterable) : null;
    if (e.kind !== "for" || over === null) return false;
    someExpr(e.body, (part) => {
      if (part.kind === "call") found.set(part, new Set([...(found.get(part) ?? []), over]));
      return false;
    });
    return false;
  });
  return found;
}
