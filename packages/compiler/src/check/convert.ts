// Conversions at typed boundaries (language 9.3): which step takes a value from its type to
// another.

import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { plainName } from "../resolve/scope.ts";
import { isCompatible, isSubtype } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { sameType } from "../types/simple-types.ts";
import { type CellContext, complain, refine } from "./context.ts";

/** True where {@link convert} would give the value itself, which saves saying what it is for. */
export function fits(c: CellContext, value: HirExpr, target: Type): boolean {
  return c.refined.size === 0 && (sameType(value.type, target) || value.type.kind === "never");
}

/** Converts to `target`, or reports E0200 `type mismatch …: expected B, got A`. */
export function convert(c: CellContext, value: HirExpr, target: Type, what = "value"): HirExpr {
  const known = refine(c, target);
  if (!sameType(known, target)) return convertRefined(c, value, known, target, what);
  const from = value.type;
  if (sameType(from, target) || from.kind === "never") return value;
  if (from.kind === "error" || target.kind === "error") return { ...value, type: target };
  if (!isCompatible(from, target)) {
    const expected = renderType(target);
    const found = renderType(from);
    complain(
      c,
      "E0200",
      value.span,
      `type mismatch in ${what}: expected ${expected}, got ${found}`,
      {
        expected,
        found,
        help: stepHelp(c, value) ?? mismatchHelp(from, target),
      },
    );
    return { ...value, type: target };
  }
  oblige(c, value, target, what);
  if (from.kind === "union") warnOfMembers(c, value, from, target, what);
  return conversion(value, target);
}

/** Where T is known to be Int, an Int is a T; outside, it is a T only (language 19.2). */
function convertRefined(
  c: CellContext,
  value: HirExpr,
  known: Type,
  target: Type,
  what: string,
): HirExpr {
  if (sameType(value.type, target)) return value;
  const inner = convert(c, value, known, what);
  if (inner.type.kind === "never") return inner;
  return { kind: "convert", how: "widen", value: inner, type: target, span: inner.span };
}

/** A union goes where one member fits; the others fault when they come (language 9.3). */
function warnOfMembers(
  c: CellContext,
  value: HirExpr,
  from: Type & { kind: "union" },
  target: Type,
  what: string,
): void {
  const strange = from.members.filter((m) => !isCompatible(m, target));
  if (strange.length === 0) return;
  const [expected, found] = [renderType(target), renderType(from)];
  const others = strange.map(renderType).join(" or ");
  complain(
    c,
    "E0200",
    value.span,
    `${what} faults where the value is ${others}: expected ${expected}, got ${found}`,
    {
      severity: "warning",
      expected,
      found,
      help: "Test the value with `is` first, or write `as`.",
    },
  );
}

/** A cell's row is known only when all cells are checked (language 9.4). */
function oblige(c: CellContext, value: HirExpr, target: Type, what: string): void {
  const inner = target.kind === "option" ? target.item : target;
  if (value.kind !== "closure" || inner.kind !== "fn" || inner.row === null) return;
  c.session.obligations.push({
    scope: c.scope,
    cell: value.cell,
    row: inner.row,
    what,
    expected: inner,
    found: value.type,
    span: value.span,
  });
}

/** The conversion between compatible types. */
export function conversion(value: HirExpr, target: Type): HirExpr {
  const from = value.type;
  const step = (
    how: "widen" | "intToFloat" | "cast" | "wrapOk",
    inner: HirExpr = value,
  ): HirExpr => ({
    kind: "convert",
    how,
    value: inner,
    type: target,
    span: value.span,
  });
  if (sameType(from, target) || from.kind === "never") return value;
  if (isSubtype(from, target)) return step("widen");
  if (from.kind === "int" && target.kind === "float") return floatOf(value, step);
  if (target.kind === "result" && from.kind !== "result" && from.kind !== "any") {
    return step("wrapOk", conversion(value, target.ok));
  }
  if (target.kind === "option" && from.kind === "int" && target.item.kind === "float") {
    return step("widen", conversion(value, target.item));
  }
  return step("cast");
}

function floatOf(value: HirExpr, step: (how: "intToFloat") => HirExpr): HirExpr {
  if (value.kind !== "const" || value.value.kind !== "int") return step("intToFloat");
  return {
    kind: "const",
    value: { kind: "float", value: Number(value.value.value) },
    type: { kind: "float" },
    span: value.span,
  };
}

/** A recur tile without `!` gives its tuple, not what comes of all its steps (language 21.2). */
function stepHelp(c: CellContext, value: HirExpr): string | null {
  if (value.kind === "tileResult") return stepHelp(c, value.call);
  if (value.kind !== "call") return null;
  const { callee } = value;
  const scope = c.session.graph.order.find((s) => s.source.name === callee.module);
  if (scope?.cells.get(callee.name)?.tile?.kind !== "recur") return null;
  const tile = plainName(callee.name);
  return `\`${tile}(…)\` is one step; \`${tile}!(…)\` runs it to its end and gives its last tuple: \`let (_, s) = ${tile}!(…)\`.`;
}

/** A next step for a value of one type where another is due. */
export function mismatchHelp(from: Type, target: Type): string {
  if (from.kind === "string" && target.kind === "int")
    return "Parse the text with `parse_int(…)`, or change the declared type.";
  if (from.kind === "string" && target.kind === "float")
    return "Parse the text with `parse_float(…)`, or change the declared type.";
  if (target.kind === "string" && from.kind !== "option" && from.kind !== "result")
    return "Convert the value with `to_string(…)`, or change the declared type.";
  if (from.kind === "float" && target.kind === "int")
    return "Convert the value with `to_int(…)`, or declare Float.";
  if (from.kind === "option" && isCompatible(from.item, target))
    return "Give a default with `??`, or test for null first.";
  if (from.kind === "result" && isCompatible(from.ok, target))
    return "Take the value with `?`, `match` or `unwrap_or`.";
  if (target.kind === "result" && isCompatible(from, target.error))
    return "Give it as the error: `err(…)`.";
  return "Change the value or the declared type.";
}
