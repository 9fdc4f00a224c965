// Places that are written (language 6): what stands there, and the checks of records around it.

import type { Span } from "@lumen/core/diagnostic";
import type { HirExpr, HirPlaceStep, HirStatement, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { bindParams, substitute } from "../types/relations.ts";
import { ANY, NULL, optionOf } from "../types/simple-types.ts";
import { type CellContext, readLocal } from "./context.ts";

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
