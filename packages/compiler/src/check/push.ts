// `push` and `append` (language 16.4): what they tell about an empty list, and the place that
// `push` writes.

import type { Span } from "@lumen/core/diagnostic";
import type { HirExpr, HirPlaceStep, HirStatement, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { settle } from "../types/relations.ts";
import { ANY } from "../types/simple-types.ts";
import { errorExpr } from "./build.ts";
import { addLocal, type CellContext, complain, localState, readLocal } from "./context.ts";
import { conversion, convert } from "./convert.ts";
import { readPlace, type Steps, withConstraintChecks } from "./places.ts";

/**
 * The arguments of `append` or `push`, which give an empty list literal in a variable its element
 * type. The variable is read at that type from here on.
 */
export function refineAppended(c: CellContext, args: readonly HirExpr[]): readonly HirExpr[] {
  const [list, item] = args;
  if (list?.kind !== "local" || item === undefined) return args;
  const state = localState(c, list.local);
  if (!state.refinable || state.type.kind !== "list") return args;
  const type: Type = { kind: "list", item: settle(item.type) };
  state.type = type;
  state.refinable = false;
  return [{ ...list, type }, ...args.slice(1)];
}

/**
 * `push(place, v)`: the place gets what `append` makes of the list there, and that is the value.
 * Null where the first argument is no place, or holds what nothing can be appended to. Indices are
 * computed once.
 */
export function pushToPlace(c: CellContext, args: readonly HirExpr[], span: Span): HirExpr | null {
  const [list, item] = refineAppended(c, args);
  if (list?.kind === "comptime") {
    complain(c, "E0207", list.span, "a constant cannot be changed by 'push'", {
      help: "Copy it into a variable with `let` first, or use `append`.",
    });
    return errorExpr(span);
  }
  const found = list === undefined ? null : placeOf(list);
  if (list === undefined || item === undefined || found === null) return null;
  if (list.type.kind !== "list" && !mayHoldList(list.type)) return null;
  const before: HirStatement[] = [];
  const path = found.steps.path.map((step): HirPlaceStep => {
    if (step.kind !== "index" || step.index.kind === "const") return step;
    const local = addLocal(c, null, step.index.type, list.span);
    before.push({ kind: "let", local, value: step.index, span: list.span });
    return { kind: "index", index: readLocal(c, local, list.span) };
  });
  const steps: Steps = { ...found.steps, path };
  const read = (): HirExpr => readPlace(c, found.local, path, steps.types, list.span);
  const written = withConstraintChecks(c, found.local, steps, {
    kind: "assign",
    local: found.local,
    path,
    value: appended(c, read(), item, span),
    span,
  });
  return {
    kind: "block",
    statements: [...before, ...written],
    value: read(),
    type: list.type,
    span,
  };
}

/** What stands at the place with the item at its end, at the type of the place. */
function appended(c: CellContext, there: HirExpr, item: HirExpr, span: Span): HirExpr {
  const { type } = there;
  if (type.kind === "list") {
    const fitted = convert(c, item, type.item, "argument 2 of 'push'");
    return { kind: "callBuiltin", builtin: "append", args: [there, fitted], type, span };
  }
  const args = [conversion(there, ANY), conversion(item, ANY)];
  return conversion({ kind: "callBuiltin", builtin: "append", args, type: ANY, span }, type);
}

/** Types whose values may turn out to be lists; the machine looks. */
function mayHoldList(type: Type): boolean {
  return type.kind === "any" || type.kind === "json" || type.kind === "union";
}

/** The place that an expression reads: fields, components and items of lists below a variable. */
function placeOf(e: HirExpr): { readonly local: LocalId; readonly steps: Steps } | null {
  if (e.kind === "local") {
    return { local: e.local, steps: { path: [], types: [], target: e.type } };
  }
  if (e.kind !== "field" && e.kind !== "component" && e.kind !== "index") return null;
  const holder = placeOf(e.value);
  const step = stepOf(e);
  if (holder === null || step === null) return null;
  const { path, types } = holder.steps;
  return {
    local: holder.local,
    steps: { path: [...path, step], types: [...types, e.value.type], target: e.type },
  };
}

function stepOf(e: HirExpr & { kind: "field" | "component" | "index" }): HirPlaceStep | null {
  switch (e.kind) {
    case "field":
      return e.value.type.kind === "record"
        ? { kind: "field", index: e.index, decl: e.value.type.decl }
        : null;
    case "component":
      return { kind: "component", index: e.index };
    case "index":
      return e.how === "list" ? { kind: "index", index: e.index } : null;
  }
}
