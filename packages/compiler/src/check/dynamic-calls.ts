// Method calls on values whose type only the run knows (language 7): a method of the type that the
// value turns out to have, a field that holds a function, or a cell or builtin of that name.

import type { Arg, Name } from "@lumen/syntax";
import type { HirCondition, HirExpr } from "../hir/hir.ts";
import type { ProcessSymbol, Type } from "../hir/type.ts";
import type { CellSymbol, TypeSymbol } from "../resolve/scope.ts";
import { ANY, BOOL, STRING } from "../types/simple-types.ts";
import { constant, temporary } from "./build.ts";
import { dropClaims } from "./claims.ts";
import type { CellContext } from "./context.ts";
import { conversion } from "./convert.ts";
import { methodOf } from "./methods.ts";

/** A type whose values have a method of the name. */
interface Candidate {
  readonly type: Type;
  readonly cell: CellSymbol;
}

/** How the branches are built; handed in by calls.ts, which this file does not import. */
export interface DynamicCall {
  readonly method: Name;
  readonly args: readonly Arg[];
  readonly receiver: HirExpr;
  readonly callMethod: (cell: CellSymbol, receiver: HirExpr) => HirExpr;
  readonly callValue: (callee: HirExpr) => HirExpr;
  /** The method that the kind of a process gives its instances. */
  readonly givenMethod: (decl: ProcessSymbol, method: Name) => CellSymbol | undefined;
  /** The cell or builtin in scope, or a fault where there is none. */
  readonly otherwise: (receiver: HirExpr) => HirExpr;
}

/** True when the type leaves the choice to the run. */
export function isDynamic(type: Type): boolean {
  return type.kind === "any" || type.kind === "union" || type.kind === "json";
}

/** The call as a chain of tests. */
export function dynamicCall(c: CellContext, call: DynamicCall): HirExpr {
  const { span } = call.receiver;
  const kept = temporary(c, conversion(call.receiver, ANY));
  // `xs.push(v)` has to find its variable; to anything else the value is of no known type.
  const isPlace = call.method.text === "push" && call.receiver.kind === "local";
  const place = isPlace ? call.receiver : kept.read;
  let result = conversion(call.otherwise(place), ANY);
  const field = quietly(c, () => fieldCall(call, kept.read));
  result = branch(hasField(kept.read, call.method.text), field.value, result);
  for (const candidate of candidatesOf(c, call).reverse()) {
    const value = { kind: "convert", how: "cast", value: kept.read, type: candidate.type } as const;
    const called = quietly(c, () => call.callMethod(candidate.cell, { ...value, span }));
    // Arguments that do not fit a type are no mistake: the value may be of another one.
    if (!called.fits) continue;
    const test = { kind: "type", type: candidate.type } as const;
    const is: HirExpr = { kind: "is", value: kept.read, test, type: BOOL, span };
    result = branch({ kind: "expr", value: is }, conversion(called.value, ANY), result);
  }
  return kept.bind(result);
}

/**
 * Builds a branch without its reports: the same arguments were reported on already. One that does
 * not fit is not built, so it has no effects.
 */
function quietly(
  c: CellContext,
  build: () => HirExpr,
): { readonly value: HirExpr; readonly fits: boolean } {
  const { diagnostics } = c.scope;
  const before = diagnostics.length;
  const causes = c.causes.length;
  const hidden = c.hidden.length;
  const value = build();
  dropClaims(c, hidden);
  const fits = diagnostics.length === before;
  diagnostics.length = before;
  if (!fits) c.causes.length = causes;
  return { value, fits };
}

function branch(condition: HirCondition, consequent: HirExpr, otherwise: HirExpr): HirExpr {
  return { kind: "if", condition, consequent, otherwise, type: ANY, span: consequent.span };
}

function hasField(receiver: HirExpr, name: string): HirCondition {
  const { span } = receiver;
  const field = constant({ kind: "string", value: name }, STRING, span);
  const value: HirExpr = {
    kind: "callBuiltin",
    builtin: "has_field$",
    args: [receiver, field],
    type: BOOL,
    span,
  };
  return { kind: "expr", value };
}

function fieldCall(call: DynamicCall, receiver: HirExpr): HirExpr {
  const { text, span } = call.method;
  const field: HirExpr = { kind: "fieldNamed", value: receiver, name: text, type: ANY, span };
  return conversion(call.callValue(field), ANY);
}

/**
 * Visible types with a method of the name that takes as many arguments, in order of their names.
 */
function candidatesOf(c: CellContext, call: DynamicCall): Candidate[] {
  const found: Candidate[] = [];
  for (const [name, symbol] of [...c.scope.types].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (symbol.kind === "alias" || name.includes("$")) continue;
    const type = openTypeOf(symbol);
    const given =
      symbol.kind === "process" ? call.givenMethod(symbol.symbol, call.method) : undefined;
    // The method of an impl wherever it stands, the default of a trait, or that of a kind.
    const cell = methodOf(c.session.methods, type, call.method.text) ?? given;
    if (cell === undefined) continue;
    const required = cell.params.filter((p) => p.default === null && !p.variadic).length;
    const count = call.args.length + 1;
    if (count < required || count > cell.params.length) continue;
    found.push({ type, cell });
  }
  return found;
}

/** The type of a declaration, with Any for its parameters. */
function openTypeOf(symbol: Exclude<TypeSymbol, { readonly kind: "alias" }>): Type {
  switch (symbol.kind) {
    case "process":
      return { kind: "process", decl: symbol.symbol };
    case "record":
      return { kind: "record", decl: symbol.symbol, args: symbol.symbol.generics.map(() => ANY) };
    case "enum":
      return { kind: "enum", decl: symbol.symbol, args: symbol.symbol.generics.map(() => ANY) };
  }
}
