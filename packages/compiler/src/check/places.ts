// Places that are written (language 6): what stands there, and the checks of records around it.

import type { Span } from "@lumen/core/diagnostic";
import type { HirExpr, HirPlaceStep, HirStatement, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { bindParams, substitute } from "../types/relations.ts";
import { ANY, NULL, optionOf } from "../types/simple-types.ts";
import { addLocal, type CellContext, readLocal } from "./context.ts";

/** A place below a variable, step by step. */
export interface Steps {
  readonly path: readonly HirPlaceStep[];
  /** Type of the whole before each step. */
  readonly types: readonly Type[];
  /** What may be stored at the end of the path. */
  readonly target: Type;
}

/** The present value at a place, for `op=`. Index expressions are plain operands by then. */
export function readPlace(
  c: CellContext,
  local: LocalId,
  path: readonly HirPlaceStep[],
  types: readonly Type[],
  span: Span,
): HirExpr {
  let value = readLocal(c, local, span);
  path.forEach((step, i) => {
    const type = types[i] ?? ANY;
    value = readStep(value, step, type, span);
  });
  return value;
}

function readStep(value: HirExpr, step: HirPlaceStep, type: Type, span: Span): HirExpr {
  switch (step.kind) {
    case "field":
      return {
        kind: "field",
        value,
        index: step.index,
        type: substitute(
          step.decl.fields[step.index]?.type ?? ANY,
          bindParams(step.decl.generics, type.kind === "record" ? type.args : []),
        ),
        span,
      };
    case "component":
      return {
        kind: "component",
        value,
        index: step.index,
        type: type.kind === "tuple" ? (type.items[step.index] ?? ANY) : ANY,
        span,
      };
    case "named":
      return { kind: "fieldNamed", value, name: step.name, type: ANY, span };
    case "index": {
      if (type.kind === "list")
        return { kind: "index", how: "list", value, index: step.index, type: type.item, span };
      if (type.kind === "map") {
        const found = optionOf(type.value);
        const read: HirExpr = {
          kind: "index",
          how: "map",
          value,
          index: step.index,
          type: found,
          span,
        };
        return { kind: "unwrap", value: read, type: type.value, span };
      }
      return { kind: "index", how: "any", value, index: step.index, type: ANY, span };
    }
  }
}

/** After a field of a constrained record changed, its check runs on the new value. */
export function withConstraintChecks(
  c: CellContext,
  local: LocalId,
  steps: Steps,
  assign: HirStatement,
): readonly HirStatement[] {
  const checks: HirStatement[] = [];
  steps.path.forEach((step, i) => {
    if (step.kind !== "field" || step.decl.check === null) return;
    const holder = readPlace(c, local, steps.path.slice(0, i), steps.types, assign.span);
    const fields = step.decl.fields.map(
      (f, index): HirExpr => ({
        kind: "field",
        value: holder,
        index,
        type: f.type,
        span: assign.span,
      }),
    );
    const call: HirExpr = {
      kind: "call",
      callee: step.decl.check,
      args: fields,
      type: NULL,
      span: assign.span,
    };
    checks.push({ kind: "expr", value: call, span: assign.span });
  });
  return [assign, ...checks.reverse()];
}

/**
 * `push(place, …)` below a variable (language 16.4): the place gets what `append` makes of the list
 * there, and that is the value. Null where the list stands in no place. Indices are computed once.
 */
export function pushToPlace(
  c: CellContext,
  list: HirExpr,
  append: (list: HirExpr) => HirExpr,
): HirExpr | null {
  const found = placeOf(list);
  if (found === null || found.steps.path.length === 0) return null;
  const { span } = list;
  const before: HirStatement[] = [];
  const path = found.steps.path.map((step): HirPlaceStep => {
    if (step.kind !== "index" || step.index.kind === "const") return step;
    const local = addLocal(c, null, step.index.type, span);
    before.push({ kind: "let", local, value: step.index, span });
    return { kind: "index", index: readLocal(c, local, span) };
  });
  const steps: Steps = { ...found.steps, path };
  const read = (): HirExpr => readPlace(c, found.local, path, steps.types, span);
  const value = append(read());
  const written = withConstraintChecks(c, found.local, steps, {
    kind: "assign",
    local: found.local,
    path,
    value,
    span,
  });
  const statements = [...before, ...written];
  return { kind: "block", statements, value: read(), type: value.type, span };
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
