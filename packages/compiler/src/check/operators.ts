// Typing of operators (language 4, 9.2): which kind of operands an instruction will see.

import type { Span } from "@lumen/core/diagnostic";
import type { BinaryOp, Expr } from "@lumen/syntax";
import type { ArithOp, CompareOp, HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { acceptsNull, joinTypes } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import {
  ANY,
  BOOL,
  ERROR,
  FLOAT,
  INT,
  STRING,
  sameType,
  withoutNull,
} from "../types/simple-types.ts";
import { displayed } from "./build.ts";
import { type CellContext, complain, narrowing } from "./context.ts";
import { conversion, convert } from "./convert.ts";
import { factsOf } from "./narrowing.ts";
import { isProb, probArithmetic, probComparison } from "./prob.ts";
import { checkExpr } from "./recursion.ts";

const BITWISE: readonly string[] = ["&", "|", "^", "<<", ">>"];
const COMPARISONS: readonly string[] = ["==", "!=", "<", "<=", ">", ">=", "<=>"];

/** A binary operator. Short-circuit and coalescing forms included. */
export function checkBinary(
  c: CellContext,
  e: Expr & { kind: "binary" },
  expected: Type | null,
): HirExpr {
  switch (e.op) {
    case "and":
    case "or":
      return checkLogic(c, e, e.op);
    case "??":
      return checkCoalesce(c, e, expected);
    case "in":
      return checkIn(c, e);
    default: {
      if (e.op === "++") warnOfIncrement(c, e);
      const left = checkExpr(c, e.left, operandHint(e.op, expected));
      const right = checkExpr(c, e.right, operandHint(e.op, left.type));
      return isComparison(e.op)
        ? compareOf(c, e.op, left, right, e.span)
        : arithOf(c, e.op, left, right, e.span);
    }
  }
}

/** `++i` on a line of its own continues the line above: elsewhere it would count. */
function warnOfIncrement(c: CellContext, { left, right }: Expr & { kind: "binary" }): void {
  if (right.kind !== "name") return;
  const { text } = c.scope.source;
  const between = text.slice(left.span.end, right.span.start);
  if (!/\n[ \t]*\+\+$/.test(between) || !/^[ \t]*(#.*)?(\n|$)/.test(text.slice(right.span.end)))
    return;
  const span = { start: right.span.start - 2, end: right.span.end };
  const name = text.slice(right.span.start, right.span.end);
  complain(c, "E0010", span, `\`++${name}\` continues the line above: \`++\` joins`, {
    severity: "warning",
    help: `Write \`${name} += 1\` to count; where it is to join, put a blank behind \`++\`.`,
  });
}

function isComparison(op: BinaryOp): op is CompareOp {
  return COMPARISONS.includes(op);
}

/** Only `++` and `+` on lists profit from an expected type. */
function operandHint(op: BinaryOp, type: Type | null): Type | null {
  if (type === null) return null;
  const container = type.kind === "list" || type.kind === "map" || type.kind === "set";
  return (op === "++" || op === "+") && container ? type : null;
}

/** `left op right` for an arithmetic operator whose operands are checked already. */
export function arithOf(
  c: CellContext,
  op: Exclude<BinaryOp, CompareOp | "and" | "or" | "??" | "in">,
  left: HirExpr,
  right: HirExpr,
  span: Span,
): HirExpr {
  if (left.type.kind === "int" && right.type.kind === "int" && op !== "++")
    return { kind: "arith", op, operands: "int", left, right, type: INT, span };
  return arithOfOthers(c, op, left, right, span);
}

/** As {@link arithOf}; most operands are two Ints, and are not asked for all this. */
function arithOfOthers(
  c: CellContext,
  op: Exclude<BinaryOp, CompareOp | "and" | "or" | "??" | "in">,
  left: HirExpr,
  right: HirExpr,
  span: Span,
): HirExpr {
  const prob = probArithmetic(c, op, left, right, span);
  if (prob !== null) return prob;
  const l = left.type;
  const r = right.type;
  if (l.kind === "error" || r.kind === "error") return { ...left, type: ERROR, span };
  const arith = (
    operands: "int" | "float" | "string" | "any",
    type: Type,
    a = left,
    b = right,
  ): HirExpr => ({
    kind: "arith",
    op,
    operands,
    left: a,
    right: b,
    type,
    span,
  });
  if (op === "++") return concatOf(c, left, right, span, arith);
  if (op === "+") {
    if (l.kind === "string" && r.kind === "string") return arith("string", STRING);
    if (l.kind === "string" || r.kind === "string")
      return arith("string", STRING, displayed(left), displayed(right));
    if (l.kind === "list" && r.kind === "list") return concatOf(c, left, right, span, arith);
  }
  if (numeric(l) && numeric(r) && !BITWISE.includes(op)) {
    return arith("float", FLOAT, conversion(left, FLOAT), conversion(right, FLOAT));
  }
  if ((open(l) || numeric(l)) && (open(r) || numeric(r))) {
    return arith("any", ANY, conversion(left, ANY), conversion(right, ANY));
  }
  if (op === "+" && (open(l) || open(r)))
    return arith("any", ANY, conversion(left, ANY), conversion(right, ANY));
  operandMismatch(c, op, left, right, span);
  return { kind: "block", statements: [], value: null, type: ERROR, span };
}

function numeric(t: Type): boolean {
  return t.kind === "int" || t.kind === "float";
}

function open(t: Type): boolean {
  return t.kind === "any" || t.kind === "json" || t.kind === "union" || t.kind === "param";
}

function operandMismatch(
  c: CellContext,
  op: string,
  left: HirExpr,
  right: HirExpr,
  span: Span,
): void {
  const l = renderType(left.type);
  const r = renderType(right.type);
  const wanted = BITWISE.includes(op) ? "two Ints" : "two numbers";
  complain(c, "E0200", span, `type mismatch in '${op}': expected ${wanted}, got ${l} and ${r}`, {
    expected: wanted,
    found: `${l} and ${r}`,
    help: operandHelp(left.type, right.type),
  });
}

function operandHelp(left: Type, right: Type): string {
  if (acceptsNull(left) || acceptsNull(right))
    return "Give the nullable operand a default with `??`.";
  if (left.kind === "result" || right.kind === "result")
    return "Take the value of the result with `?`, `match` or `unwrap_or`.";
  return "Convert one operand; operators never convert silently.";
}

function concatOf(
  c: CellContext,
  left: HirExpr,
  right: HirExpr,
  span: Span,
  arith: (operands: "any" | "string", type: Type, a: HirExpr, b: HirExpr) => HirExpr,
): HirExpr {
  const l = left.type;
  const r = right.type;
  const sameHead = l.kind === r.kind && (l.kind === "list" || l.kind === "set" || l.kind === "map");
  if (sameHead) {
    const type = sameType(l, r) ? l : emptyAware(l, r);
    return arith("any", type, convert(c, left, type), convert(c, right, type));
  }
  if (l.kind === "bytes" && r.kind === "bytes") return arith("any", l, left, right);
  if (open(l) || open(r)) return arith("any", ANY, conversion(left, ANY), conversion(right, ANY));
  return { kind: "concat", parts: [displayed(left), displayed(right)], type: STRING, span };
}

/**
 * Joins two containers of one head; elements that differ become Any, an empty literal gives way.
 */
function emptyAware(l: Type, r: Type): Type {
  if (l.kind === "list" && r.kind === "list") {
    if (l.item.kind === "any" || r.item.kind === "any") return { kind: "list", item: ANY };
    const item = joinTypes([l.item, r.item]);
    return { kind: "list", item: item.kind === "union" ? ANY : item };
  }
  if (l.kind === "set" && r.kind === "set") {
    const item = joinTypes([l.item, r.item]);
    return { kind: "set", item: item.kind === "union" ? ANY : item };
  }
  if (l.kind === "map" && r.kind === "map") {
    const key = joinTypes([l.key, r.key]);
    const value = joinTypes([l.value, r.value]);
    return {
      kind: "map",
      key: key.kind === "union" ? ANY : key,
      value: value.kind === "union" ? ANY : value,
    };
  }
  return ANY;
}

/** `left op right` for a comparison whose operands are checked already. */
export function compareOf(
  c: CellContext,
  op: CompareOp,
  left: HirExpr,
  right: HirExpr,
  span: Span,
): HirExpr {
  const operands = op === "<=>" ? null : plainOperands(left.type, right.type);
  if (operands !== null) return { kind: "compare", op, operands, left, right, type: BOOL, span };
  return compareOthers(c, op, left, right, span);
}

/** The kind of two operands of one plain type, or null. */
function plainOperands(l: Type, r: Type): "int" | "float" | "string" | null {
  if (l.kind !== r.kind) return null;
  return l.kind === "int" || l.kind === "float" || l.kind === "string" ? l.kind : null;
}

function compareOthers(
  c: CellContext,
  op: CompareOp,
  left: HirExpr,
  right: HirExpr,
  span: Span,
): HirExpr {
  const prob = probComparison(c, op, left, right, span);
  if (prob !== null) return prob;
  const l = left.type;
  const r = right.type;
  const type = op === "<=>" ? INT : BOOL;
  const compare = (operands: "int" | "float" | "string" | "any", a = left, b = right): HirExpr => ({
    kind: "compare",
    op,
    operands,
    left: a,
    right: b,
    type,
    span,
  });
  if (l.kind === "error" || r.kind === "error") return { ...compare("any"), type };
  const equality = op === "==" || op === "!=";
  if (equality && l.kind === "null") return nullTest(right, op, span);
  if (equality && r.kind === "null") return nullTest(left, op, span);
  const any = compare("any", conversion(left, ANY), conversion(right, ANY));
  if (equality || orderable(l, r)) return any;
  const found = `${renderType(l)} and ${renderType(r)}`;
  complain(
    c,
    "E0200",
    span,
    `type mismatch in '${op}': expected operands of one orderable type, got ${found}`,
    {
      expected: "two numbers, Strings, Bools, lists or tuples",
      found,
      help: "Convert one operand so that both have the same type.",
    },
  );
  return any;
}

function nullTest(value: HirExpr, op: "==" | "!=" | CompareOp, span: Span): HirExpr {
  const test: HirExpr = { kind: "isNull", value, type: BOOL, span };
  return op === "==" ? test : { kind: "not", value: test, type: BOOL, span };
}

function orderable(l: Type, r: Type): boolean {
  const isOpen = (t: Type): boolean => open(t) || t.kind === "never";
  if (isOpen(l) || isOpen(r)) return true;
  if (numeric(l) && numeric(r)) return true;
  return l.kind === r.kind && ["string", "bool", "list", "tuple", "bytes"].includes(l.kind);
}

/** `a < b <= c`: pairwise, with each operand evaluated once. */
export function checkChain(
  c: CellContext,
  e: Expr & { kind: "chain" },
  temp: (value: HirExpr) => { read: HirExpr; bind: (body: HirExpr) => HirExpr },
): HirExpr {
  const [first, ...rest] = e.operands.map((o) => checkExpr(c, o, null));
  if (first === undefined)
    return { kind: "block", statements: [], value: null, type: ERROR, span: e.span };
  const build = (left: HirExpr, index: number): HirExpr => {
    const right = rest[index];
    const op = e.ops[index];
    if (right === undefined || op === undefined) return left;
    if (index === rest.length - 1) return compareOf(c, op, left, right, e.span);
    const middle = temp(right);
    const test = compareOf(c, op, left, middle.read, e.span);
    if (isProb(test.type))
      complain(c, "E0200", e.span, "comparisons of distributions cannot be chained", {
        help: "Compare once, and use `map` for the rest.",
      });
    const tail = build(middle.read, index + 1);
    return middle.bind({
      kind: "logic",
      op: "and",
      left: test,
      right: tail,
      type: BOOL,
      span: e.span,
    });
  };
  // The middle is bound before the test is made, so what stands left of it must be bound, too.
  const left = temp(first);
  return left.bind(build(left.read, 0));
}

/** A condition: Bool as it is, Any by truthiness, anything else E0200. */
export function asCondition(c: CellContext, value: HirExpr): HirExpr {
  switch (value.type.kind) {
    case "bool":
    case "never":
    case "error":
      return value;
    case "any":
    case "json":
    case "param":
      return { kind: "truthy", value, type: BOOL, span: value.span };
    default: {
      const found = renderType(value.type);
      complain(
        c,
        "E0200",
        value.span,
        `type mismatch in a condition: expected Bool, got ${found}`,
        {
          expected: "Bool",
          found,
          help: conditionHelp(value.type),
        },
      );
      return { ...value, type: BOOL };
    }
  }
}

function conditionHelp(type: Type): string {
  if (type.kind === "option") return "Compare with null: `x != null`.";
  if (type.kind === "int" || type.kind === "float") return "Compare with a number: `x != 0`.";
  if (type.kind === "string") return "Compare with a string, or use `is_empty(…)`.";
  if (isProb(type)) return "Ask for its probability: `probability(…) > 0.5`.";
  return "Write a comparison.";
}

function checkLogic(c: CellContext, e: Expr & { kind: "binary" }, op: "and" | "or"): HirExpr {
  const left = asCondition(c, checkExpr(c, e.left, BOOL));
  const facts = factsOf(c, left, op === "and");
  const right = narrowing(c, facts, () => asCondition(c, checkExpr(c, e.right, BOOL)));
  return { kind: "logic", op, left, right, type: BOOL, span: e.span };
}

function checkCoalesce(
  c: CellContext,
  e: Expr & { kind: "binary" },
  expected: Type | null,
): HirExpr {
  const left = checkExpr(c, e.left, null);
  const present = left.type.kind === "result" ? left.type.ok : withoutNull(left.type);
  const right = checkExpr(c, e.right, expected ?? present);
  const isNothing = present.kind === "null";
  const joined = isNothing ? right.type : joinTypes([present, right.type]);
  const type = present.kind === "any" ? ANY : joined;
  return { kind: "coalesce", left, right: convert(c, right, type), type, span: e.span };
}

function checkIn(c: CellContext, e: Expr & { kind: "binary" }): HirExpr {
  const element = checkExpr(c, e.left, null);
  const container = checkExpr(c, e.right, null);
  const kinds = ["list", "set", "tuple", "map", "string", "any", "json", "union", "param", "error"];
  if (!kinds.includes(container.type.kind)) {
    const found = renderType(container.type);
    complain(
      c,
      "E0200",
      container.span,
      `type mismatch in 'in': expected a container or String, got ${found}`,
      {
        expected: "list, set, tuple, map or String",
        found,
      },
    );
  }
  return { kind: "contains", element, container, type: BOOL, span: e.span };
}

/** Prefix `-`, `~` and `not`. */
export function checkUnary(c: CellContext, e: Expr & { kind: "unary" }): HirExpr {
  if (e.op === "not") {
    const value = asCondition(c, checkExpr(c, e.operand, BOOL));
    return { kind: "not", value, type: BOOL, span: e.span };
  }
  const value = checkExpr(c, e.operand, null);
  const { kind } = value.type;
  if (kind === "error") return value;
  if (value.kind === "const" && e.op === "-") {
    if (value.value.kind === "int" && value.value.value > -(2n ** 63n)) {
      return { ...value, value: { kind: "int", value: -value.value.value }, span: e.span };
    }
    if (value.value.kind === "float")
      return { ...value, value: { kind: "float", value: -value.value.value }, span: e.span };
  }
  if (kind === "int")
    return { kind: "negate", op: e.op, operands: "int", value, type: INT, span: e.span };
  if (kind === "float" && e.op === "-") {
    return { kind: "negate", op: "-", operands: "float", value, type: FLOAT, span: e.span };
  }
  if (kind === "any" || kind === "json" || kind === "union" || kind === "param") {
    return {
      kind: "negate",
      op: e.op,
      operands: "any",
      value: conversion(value, ANY),
      type: ANY,
      span: e.span,
    };
  }
  const found = renderType(value.type);
  complain(c, "E0200", e.span, `type mismatch in '${e.op}': expected a number, got ${found}`, {
    expected: e.op === "~" ? "Int" : "Int or Float",
    found,
  });
  return { ...value, type: ERROR };
}

/** Operators that have a compound assignment. */
export function asArithOp(op: BinaryOp): ArithOp | null {
  if (isComparison(op) || op === "and" || op === "or" || op === "??" || op === "in") return null;
  return op;
}
