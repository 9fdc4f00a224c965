// Statements (language 6): bindings, assignment to places, and leaving a block.

import type { Span } from "@lumen/core/diagnostic";
import type { Expr, PlaceStep, Statement } from "@lumen/syntax";
import type { HirExpr, HirPlaceStep, HirStatement, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { type ConstrainedAlias, constrainedAlias } from "../resolve/alias-constraints.ts";
import { isCapturing } from "../resolve/declare.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import { didYouMean, plainName } from "../resolve/scope.ts";
import { bindParams, isCompatible, settle, substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, BOOL, INT, NEVER, NULL, STRING } from "../types/simple-types.ts";
import { checkedBy } from "./alias-constraints.ts";
import { constant, errorExpr, haltWith } from "./build.ts";
import { checkBuiltinCall } from "./builtin-calls.ts";
import { claimAlias } from "./claims.ts";
import {
  addLocal,
  type CellContext,
  complain,
  currentType,
  forgetNarrowing,
  localNames,
  localState,
  lookupLocal,
  readLocal,
  typeContext,
} from "./context.ts";
import { statementHints } from "./contracts.ts";
import { checkControlStatement } from "./control.ts";
import { convert } from "./convert.ts";
import { checkAddon, checkDefer, checkYield } from "./exits.ts";
import { checkLocalCell } from "./local-cells.ts";
import { arithOf, asArithOp, asCondition } from "./operators.ts";
import { checkPattern } from "./patterns.ts";
import { readPlace, type Steps, withConstraintChecks } from "./places.ts";
import { checkExpect, checkExpr } from "./recursion.ts";
import { checkRoleStatement } from "./tools.ts";

/** Types one statement. */
export function checkStatement(c: CellContext, s: Statement): readonly HirStatement[] {
  switch (s.kind) {
    case "let":
      return checkLet(c, s);
    case "assign":
      return checkAssign(c, s);
    case "expr":
      return [{ kind: "expr", value: checkExprStatement(c, s.value), span: s.span }];
    case "return":
      return [{ kind: "expr", value: checkReturn(c, s), span: s.span }];
    case "break":
    case "continue":
      return [{ kind: "expr", value: checkLeave(c, s), span: s.span }];
    case "halt":
      return [
        { kind: "expr", value: haltWith(checkExpr(c, s.value, STRING), s.span), span: s.span },
      ];
    case "emit":
      return [{ kind: "expr", value: checkEmit(c, s), span: s.span }];
    case "assert":
      return [{ kind: "expr", value: checkAssert(c, s), span: s.span }];
    case "defer":
      return [{ kind: "expr", value: checkDefer(c, s), span: s.span }];
    case "yield":
      return [{ kind: "expr", value: checkYield(c, s), span: s.span }];
    case "role":
      return s.value.kind === "role" ? checkRoleStatement(c, s.value).statements : [];
    case "addon":
      return checkAddon(c, s);
    case "attributed":
      statementHints(c, s.attributes);
      return s.statement === null ? [] : checkStatement(c, s.statement);
    case "item":
      return s.item.kind === "cell" && isCapturing(c.scope, s.item)
        ? checkLocalCell(c, s.item)
        : [];
    case "error":
      return [];
  }
}

function checkEmit(c: CellContext, s: Statement & { kind: "emit" }): HirExpr {
  c.causes.push({ kind: "builtin", effect: "emit", name: "emit", span: s.span });
  const args = [checkExpr(c, s.value, null)];
  return { kind: "callBuiltin", builtin: "print", args, type: NULL, span: s.span };
}

function checkExprStatement(c: CellContext, e: Expr): HirExpr {
  switch (e.kind) {
    case "if":
    case "match":
    case "when":
    case "for":
    case "while":
    case "loop":
    case "do":
      return checkControlStatement(c, e, { wanted: false, expected: null });
    default: {
      const value = blockingSleep(c, e) ?? checkExpr(c, e, null);
      warnUnused(c, e, value);
      return value;
    }
  }
}

/** `sleep(ms)` as a statement blocks the task (language 16.8). */
export function blockingSleep(c: CellContext, e: Expr): HirExpr | null {
  if (e.kind !== "call" || e.callee.kind !== "name" || e.callee.name !== "sleep") return null;
  if (lookupLocal(c, "sleep") !== null || c.scope.cells.has("sleep")) return null;
  return checkBuiltinCall(c, "sleep", "sleep", e.args, e.span, null);
}

/**
 * The result of a `@must_use` cell must be used (E0209), however the call is written: by name, as a
 * method, through a module or a pipe.
 */
function warnUnused(c: CellContext, e: Expr, value: HirExpr): void {
  const call = value.kind === "convert" ? value.value : value;
  if (call.kind !== "call") return;
  const { module, name } = call.callee;
  const isOwn = module === c.scope.source.name;
  const scope = isOwn ? c.scope : c.session.graph.order.find((s) => s.source.name === module);
  const cell = scope?.cells.get(name);
  if (cell?.decl.attributes.some((a) => a.name.text === "must_use") !== true) return;
  complain(c, "E0209", e.span, `the result of '${cell.ref.name}' is not used`);
}

function checkAssert(c: CellContext, s: Statement & { kind: "assert" }): HirExpr {
  const condition = asCondition(c, checkExpr(c, s.condition, BOOL));
  const message =
    s.message === null
      ? constant({ kind: "string", value: "assertion failed" }, STRING, s.span)
      : checkExpect(c, s.message, STRING, "assertion message");
  return {
    kind: "callBuiltin",
    builtin: "assert",
    args: [condition, message],
    type: NULL,
    span: s.span,
  };
}

function checkLet(c: CellContext, s: Statement & { kind: "let" }): readonly HirStatement[] {
  statementHints(c, s.attributes);
  const declared = s.type === null ? null : resolveType(s.type, typeContext(c));
  const natural = checkExpr(c, s.value, declared);
  const value = declared === null ? natural : convert(c, natural, declared, "let");
  const { pattern, span } = s;
  const alias = c.session.hasConstraints ? constrainedAlias(s.type, c.scope) : null;
  if (alias !== null) claimAlias(c, alias, value);
  if (pattern.kind === "wildcard" && alias === null) return [{ kind: "expr", value, span }];
  if (pattern.kind === "name" && !isVariantName(c, pattern.name, value.type)) {
    const refinable = declared === null && isEmptyLiteral(s.value);
    const local = addLocal(c, pattern.name, typeOfLet(value, s, refinable), pattern.span);
    localState(c, local).refinable = refinable;
    const check = alias === null ? [] : [checkedBy(c, alias, readLocal(c, local, span), span)];
    return [{ kind: "let", local, value, span }, ...check];
  }
  if (alias !== null) return checkedPattern(c, s, value, alias);
  const checked = checkPattern(c, pattern, value.type);
  return [{ kind: "letPattern", pattern: checked, value, span }];
}

/** What an unannotated variable may hold later; a bare `null` says nothing about it (9.2). */
function typeOfLet(value: HirExpr, s: Statement & { kind: "let" }, refinable: boolean): Type {
  if (value.type.kind === "never") return NULL;
  if (s.type === null && s.value.kind === "null") return ANY;
  return refinable ? value.type : settle(value.type);
}

/** Destructures a value after the constraint of its written type was checked. */
function checkedPattern(
  c: CellContext,
  s: Statement & { kind: "let" },
  value: HirExpr,
  alias: ConstrainedAlias,
): readonly HirStatement[] {
  const { pattern, span } = s;
  const local = addLocal(c, null, value.type, span);
  const read = readLocal(c, local, span);
  const check = checkedBy(c, alias, read, span);
  const checked = checkPattern(c, pattern, value.type);
  return [
    { kind: "let", local, value, span },
    check,
    { kind: "letPattern", pattern: checked, value: read, span },
  ];
}

function isVariantName(c: CellContext, name: string, type: Type): boolean {
  return (
    type.kind === "enum" &&
    type.decl.variants.some((v) => v.name === name) &&
    c.scope.variants.has(name)
  );
}

function isEmptyLiteral(e: Expr): boolean {
  if (e.kind === "list" || e.kind === "set") return e.items.length === 0;
  return e.kind === "map" && e.entries.length === 0;
}

function checkAssign(c: CellContext, s: Statement & { kind: "assign" }): readonly HirStatement[] {
  const name = s.place.root.text;
  const local = lookupLocal(c, name);
  if (local === null) return assignUndeclared(c, s, name);
  if (s.place.path.length === 0) return assignVariable(c, s, local);
  const steps = checkPlace(c, local, s);
  const current = s.op === null ? null : readPlace(c, local, steps.path, steps.types, s.span);
  const hint = steps.target.kind === "error" ? null : steps.target;
  const assigned = assignedValue(c, s, current, hint);
  refinePlace(c, local, s.place.path, steps.path, assigned.type);
  const target =
    s.place.path.length === 1 && localState(c, local).type.kind === "map"
      ? mapTarget(c, local, steps.target)
      : steps.target;
  const value = convert(c, assigned, target, "assignment");
  return withConstraintChecks(c, local, steps, {
    kind: "assign",
    local,
    path: steps.path,
    value,
    span: s.span,
  });
}

function mapTarget(c: CellContext, local: LocalId, otherwise: Type): Type {
  const type = localState(c, local).type;
  return type.kind === "map" ? type.value : otherwise;
}

/** `{}` in a variable learns its key and value types from the first entry stored (language 9.2). */
function refinePlace(
  c: CellContext,
  local: LocalId,
  steps: readonly PlaceStep[],
  path: readonly HirPlaceStep[],
  value: Type,
): void {
  const state = localState(c, local);
  const [only] = path;
  if (!state.refinable || steps.length !== 1 || only?.kind !== "index" || state.type.kind !== "map")
    return;
  state.type = { kind: "map", key: unconverted(only.index).type, value };
  state.refinable = false;
}

function unconverted(e: HirExpr): HirExpr {
  return e.kind === "convert" ? e.value : e;
}

function assignUndeclared(
  c: CellContext,
  s: Statement & { kind: "assign" },
  name: string,
): readonly HirStatement[] {
  if (c.scope.consts.has(name)) {
    complain(
      c,
      "E0207",
      s.place.root.span,
      `'${plainName(name)}' is a constant and cannot be assigned`,
    );
    return [];
  }
  if (s.op !== null || s.place.path.length > 0) {
    const names = localNames(c);
    const shown = plainName(name);
    complain(
      c,
      "E0201",
      s.place.root.span,
      `undefined variable '${shown}'${didYouMean(shown, names)}`,
    );
    return [];
  }
  const value = checkExpr(c, s.value, null);
  const local = addLocal(c, name, value.type, s.place.root.span);
  return [{ kind: "let", local, value, span: s.span }];
}

function assignVariable(
  c: CellContext,
  s: Statement & { kind: "assign" },
  local: LocalId,
): readonly HirStatement[] {
  const current = s.op === null ? null : readLocal(c, local, s.place.span);
  const natural = assignedValue(c, s, current, localState(c, local).type);
  const state = localState(c, local);
  if (state.refinable && s.op === null && !isEmptyLiteral(s.value)) {
    if (isCompatible(natural.type, state.type)) state.type = natural.type;
    state.refinable = false;
  }
  forgetNarrowing(c, local);
  const value = convert(c, natural, state.type, `assignment to '${state.name}'`);
  return [{ kind: "assign", local, path: [], value, span: s.span }];
}

function assignedValue(
  c: CellContext,
  s: Statement & { kind: "assign" },
  current: HirExpr | null,
  hint: Type | null,
): HirExpr {
  const value = checkExpr(c, s.value, hint);
  const op = s.op === null ? null : asArithOp(s.op);
  return op === null || current === null ? value : arithOf(c, op, current, value, s.span);
}

function checkPlace(c: CellContext, local: LocalId, s: Statement & { kind: "assign" }): Steps {
  const path: HirPlaceStep[] = [];
  const types: Type[] = [];
  let type = currentType(c, local);
  s.place.path.forEach((step, i) => {
    const last = i === s.place.path.length - 1;
    types.push(type);
    const next = placeStep(c, step, type, s.place.span, last);
    path.push(next.step);
    type = next.type;
  });
  return { path, types, target: type };
}

function placeStep(
  c: CellContext,
  step: PlaceStep,
  type: Type,
  span: Span,
  last: boolean,
): { readonly step: HirPlaceStep; readonly type: Type } {
  switch (step.kind) {
    case "index":
      return indexStep(c, step.index, type, span, last);
    case "component": {
      const item = type.kind === "tuple" ? type.items[step.index] : ANY;
      if (item !== undefined) return { step: { kind: "component", index: step.index }, type: item };
      complain(c, "E0204", step.span, `${renderType(type)} has no component ${step.index}`);
      return { step: { kind: "component", index: 0 }, type: { kind: "error" } };
    }
    case "field": {
      if (type.kind !== "record") return namedStep(c, step.name.text, type, step.name.span);
      const index = type.decl.fields.findIndex((f) => f.name === step.name.text);
      const field = type.decl.fields[index];
      if (field !== undefined) {
        const bound = substitute(field.type, bindParams(type.decl.generics, type.args));
        return { step: { kind: "field", index, decl: type.decl }, type: bound };
      }
      const names = type.decl.fields.map((f) => f.name);
      complain(
        c,
        "E0204",
        step.name.span,
        `record '${type.decl.name}' has no field '${step.name.text}'${didYouMean(step.name.text, names)}`,
      );
      return { step: { kind: "named", name: step.name.text }, type: { kind: "error" } };
    }
  }
}

function namedStep(
  c: CellContext,
  name: string,
  type: Type,
  span: Span,
): { readonly step: HirPlaceStep; readonly type: Type } {
  const step: HirPlaceStep = { kind: "named", name };
  if (type.kind === "map") return { step, type: type.value };
  if (["any", "json", "union", "param", "error"].includes(type.kind)) return { step, type: ANY };
  complain(c, "E0204", span, `${renderType(type)} has no field '${name}'`);
  return { step, type: { kind: "error" } };
}

function indexStep(
  c: CellContext,
  index: Expr,
  type: Type,
  span: Span,
  _last: boolean,
): { readonly step: HirPlaceStep; readonly type: Type } {
  if (type.kind === "list") {
    return {
      step: { kind: "index", index: checkExpect(c, index, INT, "list index") },
      type: type.item,
    };
  }
  if (type.kind === "map") {
    const key = checkExpect(c, index, type.key, "map key");
    return { step: { kind: "index", index: key }, type: type.value };
  }
  const step: HirPlaceStep = { kind: "index", index: checkExpr(c, index, null) };
  if (["any", "json", "union", "param", "error"].includes(type.kind)) return { step, type: ANY };
  const found = renderType(type);
  complain(c, "E0200", span, `cannot assign by index on ${found}`, {
    expected: "list or map",
    found,
  });
  return { step, type: { kind: "error" } };
}

function checkReturn(c: CellContext, s: Statement & { kind: "return" }): HirExpr {
  if (c.isDeferred) {
    complain(c, "E0500", s.span, "`return` cannot leave a deferred block", {
      help: "The result is settled before the block runs; use `if` around what follows.",
    });
  }
  const value =
    s.value === null ? constant({ kind: "null" }, NULL, s.span) : checkExpr(c, s.value, c.result);
  if (c.result === null) {
    c.returned.push(value.type);
    return { kind: "return", value, type: NEVER, span: s.span };
  }
  return {
    kind: "return",
    value: convert(c, value, c.result, "return"),
    type: NEVER,
    span: s.span,
  };
}

function checkLeave(c: CellContext, s: Statement & { kind: "break" | "continue" }): HirExpr {
  const loop =
    s.label === null ? c.loops.at(-1) : c.loops.findLast((l) => l.label === s.label?.text);
  if (loop === undefined) {
    const message =
      s.label === null
        ? `\`${s.kind}\` outside a loop`
        : `no loop has the label '@${s.label.text}'`;
    complain(c, "E0010", s.span, message);
    return errorExpr(s.span);
  }
  if (s.kind === "continue") return { kind: "continue", loop: loop.id, type: NEVER, span: s.span };
  const value = s.value === null ? null : checkExpr(c, s.value, null);
  loop.breakTypes.push(value?.type ?? NULL);
  return { kind: "break", loop: loop.id, value, type: NEVER, span: s.span };
}
