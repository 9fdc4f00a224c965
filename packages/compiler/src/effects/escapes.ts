// What gets out of the block of a `handle` (language 10.3): functions and generators that may be
// run when the handler is no longer in force. Judged by types: what cannot hold a function cannot
// carry one out.

import { CellMap } from "../hir/cell-map.ts";
import type { HirCondition, HirExpr, HirPattern, HirStatement, LocalId } from "../hir/hir.ts";
import type { CellRef, EnumSymbol, RecordSymbol, Type } from "../hir/type.ts";
import { bindPattern, partsOf, patternCalls } from "../hir/visit.ts";
import { partsOfType } from "../types/parts.ts";

/** Cells that make what gets out. */
export type Escaping = Pick<CellMap<true>, "get">;

/** The variables of the cell that has the block. */
export interface Variables {
  /** It lives longer than the block. */
  readonly isOuter: (local: LocalId) => boolean;
  readonly typeOf: (local: LocalId) => Type;
}

/** The cells whose functions and generators may get out, and those whose results may hold some. */
export function escapingCells(block: HirExpr, variables: Variables): Escaping {
  const search: Search = { variables, escaping: new Set(), cells: new CellMap(), hasMore: true };
  // A variable that turns out to get out takes with it what was put into it before.
  while (search.hasMore) {
    search.hasMore = false;
    visit(search, block, true);
  }
  return search.cells;
}

interface Search {
  readonly variables: Variables;
  /** Variables of the block whose values get out. */
  readonly escaping: Set<LocalId>;
  readonly cells: CellMap<true>;
  hasMore: boolean;
}

function getsOut(s: Search, local: LocalId): boolean {
  return s.escaping.has(local) || s.variables.isOuter(local);
}

function markLocal(s: Search, local: LocalId): void {
  if (s.escaping.has(local)) return;
  s.escaping.add(local);
  s.hasMore = true;
}

function markCell(s: Search, cell: CellRef): void {
  s.cells.set(cell, true);
}

/** `isOut`: the value of the expression gets out. */
function visit(s: Search, e: HirExpr, isOut: boolean): void {
  const out = isOut && canHoldFunction(e.type);
  const all = (parts: readonly HirExpr[], goOut: boolean): void => {
    for (const part of parts) visit(s, part, goOut);
  };
  switch (e.kind) {
    case "local":
      if (out) markLocal(s, e.local);
      return;
    case "closure":
      if (!out) return;
      markCell(s, e.cell);
      for (const local of e.captures) markLocal(s, local);
      return;
    case "call":
      if (out) markCell(s, e.callee);
      return visitArguments(s, e, out);
    case "callBuiltin":
      return visitArguments(s, e, out);
    case "callClosure":
      // The function may have captured what keeps its arguments.
      visit(s, e.callee, out);
      return all(e.args, true);
    case "perform":
    case "request":
    case "spawn":
    case "return":
    case "yield":
    case "break":
      // To arms outside, to a task, out of the cell or a loop around.
      return all(partsOf(e), true);
    default:
      return visitStructure(s, e, out);
  }
}

/** Arguments come back in the result, or stay in another argument. */
function visitArguments(
  s: Search,
  e: HirExpr & { readonly kind: "call" | "callBuiltin" },
  out: boolean,
): void {
  // The prelude calls the functions that it is given, and no other values.
  const isPrelude = e.kind === "call" && e.callee.module === "std.prelude";
  e.args.forEach((arg, i) => {
    const isKept = e.args.some((other, j) => j !== i && canKeep(s, other, isPrelude));
    const isCalled = isPrelude && arg.type.kind === "fn" && e.type.kind !== "fn";
    const given = isCalled && arg.type.kind === "fn" ? arg.type.result : arg.type;
    visit(s, arg, isKept || (out && canHoldFunction(given)));
  });
}

/** True for what may keep the other arguments of its call, for whoever has it too. */
function canKeep(s: Search, arg: HirExpr, isPrelude: boolean): boolean {
  if (arg.kind === "convert") return canKeep(s, arg.value, isPrelude);
  if (arg.kind === "closure")
    return arg.captures.some((local) => canHoldFunction(s.variables.typeOf(local)));
  if (!isPrelude || arg.type.kind === "fn") return canHoldFunction(arg.type);
  return someType(arg.type, (t) => KEEPERS.has(t.kind), new Set());
}

function visitStructure(s: Search, e: HirExpr, out: boolean): void {
  switch (e.kind) {
    case "block":
      for (const statement of e.statements) visitStatement(s, statement);
      if (e.value !== null) visit(s, e.value, out);
      return;
    case "if":
      visitCondition(s, e.condition);
      visit(s, e.consequent, out);
      if (e.otherwise !== null) visit(s, e.otherwise, out);
      return;
    case "while":
      visitCondition(s, e.condition);
      return visit(s, e.body, false);
    case "for":
      visitBound(s, e.binder, e.iterable);
      if (e.filter !== null) visit(s, e.filter, false);
      return visit(s, e.body, out);
    case "match":
      for (const arm of e.arms) {
        for (const p of arm.patterns) if (bindsEscaping(s, p)) markLocal(s, e.subject);
        for (const call of arm.patterns.flatMap(patternCalls)) visit(s, call, false);
        if (arm.guard !== null) visit(s, arm.guard, false);
        visit(s, arm.body, out);
      }
      return;
    case "tryElse":
      visit(s, e.value, out || (e.binding !== null && getsOut(s, e.binding)));
      return visit(s, e.handler, out);
    case "propagate":
      // The error leaves the cell.
      return visit(s, e.value, true);
    default:
      for (const part of partsOf(e)) visit(s, part, out);
  }
}

function visitStatement(s: Search, statement: HirStatement): void {
  switch (statement.kind) {
    case "expr":
      return visit(s, statement.value, false);
    case "let":
      return visit(s, statement.value, getsOut(s, statement.local));
    case "letPattern":
      return visitBound(s, statement.pattern, statement.value);
    case "assign":
      for (const step of statement.path) if (step.kind === "index") visit(s, step.index, false);
      return visit(s, statement.value, getsOut(s, statement.local));
  }
}

function visitCondition(s: Search, condition: HirCondition): void {
  if (condition.kind === "expr") visit(s, condition.value, false);
  else visitBound(s, condition.pattern, condition.value);
}

function visitBound(s: Search, pattern: HirPattern, value: HirExpr): void {
  for (const call of patternCalls(pattern)) visit(s, call, false);
  visit(s, value, bindsEscaping(s, pattern));
}

function bindsEscaping(s: Search, pattern: HirPattern): boolean {
  const bound = new Set<LocalId>();
  bindPattern(pattern, bound);
  return [...bound].some((local) => getsOut(s, local));
}

/** Kinds of types whose values may be, or hold, a function or a generator. */
const HOLDERS: ReadonlySet<Type["kind"]> = new Set([
  "any",
  "fn",
  "param",
  "opaque",
  "process",
  "shape",
  "endpoint",
]);

/** Kinds of types whose values others see change. */
const KEEPERS: ReadonlySet<Type["kind"]> = new Set(["process", "opaque", "endpoint"]);

function canHoldFunction(type: Type): boolean {
  return someType(type, (t) => HOLDERS.has(t.kind), new Set());
}

type Declared = RecordSymbol | EnumSymbol;

function someType(type: Type, test: (t: Type) => boolean, seen: Set<Declared>): boolean {
  if (test(type)) return true;
  if (partsOfType(type).some((part) => someType(part, test, seen))) return true;
  if ((type.kind !== "record" && type.kind !== "enum") || seen.has(type.decl)) return false;
  seen.add(type.decl);
  const fields =
    type.kind === "record" ? type.decl.fields : type.decl.variants.flatMap((v) => v.payload);
  // A parameter of the declaration is one of the arguments, which are parts.
  const ofField = (t: Type): boolean => t.kind !== "param" && test(t);
  return fields.some((f) => someType(f.type, ofField, seen));
}
