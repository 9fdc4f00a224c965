// Operators and functions of `Prob[T]` (language 19.4): calls of `std.prob`, typed here.

import type { Span } from "@lumen/core/diagnostic";
import type { Arg } from "@lumen/syntax";
import type { ArithOp, CompareOp, HirExpr } from "../hir/hir.ts";
import type { RecordSymbol, Type } from "../hir/type.ts";
import { isCompatible } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, BOOL, FLOAT, INT } from "../types/simple-types.ts";
import { errorExpr, temporary } from "./build.ts";
import { type CellContext, complain } from "./context.ts";
import { conversion } from "./convert.ts";
import { checkExpr } from "./recursion.ts";

/** Module of the type and everything about it. */
const MODULE = "std.prob";

/** `Prob[T]`, and nothing else of that name. */
export function isProb(type: Type): type is Type & { readonly kind: "record" } {
  return type.kind === "record" && type.decl.module === MODULE && type.decl.name === "Prob";
}

const ARITHMETIC: Readonly<Partial<Record<ArithOp, string>>> = {
  "+": "prob_add",
  "-": "prob_subtract",
  "*": "prob_multiply",
};

/** `+ - *` of distributions; `*` takes a plain number too. Null where none is involved. */
export function probArithmetic(
  c: CellContext,
  op: ArithOp,
  left: HirExpr,
  right: HirExpr,
  span: Span,
): HirExpr | null {
  const prob = probOf(left.type) ?? probOf(right.type);
  if (prob === null) return null;
  const name = ARITHMETIC[op];
  const items = [left, right].map((x) => itemOf(x.type, op === "*"));
  const [a, b] = items;
  if (name === undefined || a === null || b === null || a === undefined || b === undefined)
    return wrongOperand(c, op, left, right, span);
  const item =
    a.kind === "int" && b.kind === "int" ? INT : items.some((t) => t?.kind === "any") ? ANY : FLOAT;
  return callProb(c, name, [left, right], { kind: "record", decl: prob, args: [item] }, span);
}

/** Comparisons with a distribution give `Prob[Bool]`; null where none is involved. */
export function probComparison(
  c: CellContext,
  op: CompareOp,
  left: HirExpr,
  right: HirExpr,
  span: Span,
): HirExpr | null {
  const prob = probOf(left.type) ?? probOf(right.type);
  if (prob === null) return null;
  const a = isProb(left.type) ? (left.type.args[0] ?? ANY) : left.type;
  const b = isProb(right.type) ? (right.type.args[0] ?? ANY) : right.type;
  if (op === "<=>" || !(isCompatible(a, b) || isCompatible(b, a)))
    return wrongOperand(c, op, left, right, span);
  const type: Type = { kind: "record", decl: prob, args: [BOOL] };
  const call = (name: string, args: readonly HirExpr[]): HirExpr =>
    callProb(c, name, args, type, span);
  switch (op) {
    case "<":
      return call("prob_less", [left, right]);
    case "<=":
      return call("prob_at_most", [left, right]);
    case "==":
      return call("prob_equal", [left, right]);
    case "!=":
      return call("prob_not", [call("prob_equal", [left, right])]);
    default: {
      // The left operand is evaluated first, though it comes second in the call.
      const held = temporary(c, left);
      const name = op === ">" ? "prob_less" : "prob_at_most";
      return held.bind(call(name, [right, held.read]));
    }
  }
}

/**
 * The first argument of `map` and `and_then`, which are builtins of other types too: null where the
 * module has no distributions at all.
 */
export function probCandidate(c: CellContext, name: string, args: readonly Arg[]): HirExpr | null {
  const [first] = args;
  const isShared = name === "map" || name === "and_then";
  if (!isShared || first === undefined || first.name !== null || first.spread) return null;
  return c.scope.modules.has(MODULE) ? checkExpr(c, first.value, null) : null;
}

/**
 * A value of Json as `Prob[T]`: `{value, confidence}`, or a value that is certain. `read` makes the
 * value inside a T.
 */
export function answeredProb(
  c: CellContext,
  answer: HirExpr,
  type: Type & { readonly kind: "record" },
  read: (value: HirExpr, item: Type) => HirExpr,
): HirExpr {
  const { span } = answer;
  const kept = temporary(c, conversion(answer, ANY));
  const value = callProb(c, "answer_value", [kept.read], ANY, span);
  const typed = read(value, type.args[0] ?? ANY);
  return kept.bind(callProb(c, "answered", [typed, kept.read], type, span));
}

function probOf(type: Type): RecordSymbol | null {
  return isProb(type) ? type.decl : null;
}

/** The number type inside a distribution, or of a number where one may stand. */
function itemOf(type: Type, allowsNumber: boolean): Type | null {
  if (!isProb(type) && !allowsNumber) return null;
  const item = isProb(type) ? (type.args[0] ?? ANY) : type;
  return ["int", "float", "any"].includes(item.kind) ? item : null;
}

function callProb(
  c: CellContext,
  name: string,
  args: readonly HirExpr[],
  type: Type,
  span: Span,
): HirExpr {
  const callee = { module: MODULE, name };
  c.causes.push({ kind: "call", callee, span });
  const given = name === "prob_not" ? args : args.map((a) => conversion(a, ANY));
  return { kind: "call", callee, args: given, type, span };
}

function wrongOperand(
  c: CellContext,
  op: string,
  left: HirExpr,
  right: HirExpr,
  span: Span,
): HirExpr {
  const found = `${renderType(left.type)} and ${renderType(right.type)}`;
  complain(c, "E0200", span, `type mismatch in '${op}': no such operator for ${found}`, {
    expected: "distributions of numbers",
    found,
    help: "Put a plain value into `certain(…)`, or compute inside with `map`.",
  });
  return errorExpr(span);
}
