// Constants: `const` initialisers folded at compile time, and the predefined ones (language 5).

import { displayFloat } from "@lumen/core/value";
import type { Expr } from "@lumen/syntax";
import type { HirConst } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import { type ConstSymbol, type ModuleScope, report } from "../resolve/scope.ts";
import { isCompatible } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { BOOL, BYTES, FLOAT, INT, NULL, STRING } from "../types/simple-types.ts";
import type { CellContext } from "./context.ts";

/** A folded constant. */
export interface Folded {
  readonly type: Type;
  readonly value: HirConst;
}

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;

const PREDEFINED: Readonly<Record<string, Folded>> = {
  PI: float(Math.PI),
  E: float(Math.E),
  TAU: float(Math.PI * 2),
  INFINITY: float(Number.POSITIVE_INFINITY),
  NAN: float(Number.NaN),
  MAX_INT: int(INT_MAX),
  MIN_INT: int(INT_MIN),
};

/** The value of a constant by name; null when the name is no constant. */
export function constantOf(
  _c: CellContext,
  name: string,
  symbol: ConstSymbol | undefined,
): Folded | null {
  if (symbol === undefined)
    return Object.hasOwn(PREDEFINED, name) ? (PREDEFINED[name] ?? null) : null;
  return foldConstant(symbol) ?? { type: { kind: "error" }, value: { kind: "null" } };
}

/** Folds a constant, once; E0500 where it is not constant. */
export function foldConstant(symbol: ConstSymbol): Folded | null {
  if (symbol.folded === "folding") {
    report(
      symbol.scope,
      "E0500",
      symbol.decl.name.span,
      `constant '${symbol.decl.name.text}' refers to itself`,
    );
    return null;
  }
  if (symbol.folded !== null) return symbol.folded;
  symbol.folded = "folding";
  const folded = fold(symbol.decl.value, symbol.scope);
  const typed = folded === null ? null : asDeclared(symbol, folded);
  symbol.folded = typed;
  return typed;
}

function asDeclared(symbol: ConstSymbol, folded: Folded): Folded | null {
  const { decl, scope } = symbol;
  if (decl.type === null) return folded;
  const type = resolveType(decl.type, { scope, generics: new Set() });
  if (type.kind === "float" && folded.value.kind === "int")
    return float(Number(folded.value.value));
  if (isCompatible(folded.type, type))
    return { type: type.kind === "option" ? type : folded.type, value: folded.value };
  const expected = renderType(type);
  const found = renderType(folded.type);
  report(
    scope,
    "E0200",
    decl.value.span,
    `type mismatch in constant '${decl.name.text}': expected ${expected}, got ${found}`,
    { expected, found },
  );
  return null;
}

function fold(e: Expr, scope: ModuleScope): Folded | null {
  switch (e.kind) {
    case "null":
      return { type: NULL, value: { kind: "null" } };
    case "bool":
      return { type: BOOL, value: { kind: "bool", value: e.value } };
    case "int":
      return int(e.value);
    case "float":
      return float(e.value);
    case "string":
      return { type: STRING, value: { kind: "string", value: e.value } };
    case "bytes":
      return { type: BYTES, value: { kind: "bytes", value: e.value } };
    case "name": {
      const symbol = scope.consts.get(e.name);
      if (symbol !== undefined) return foldConstant(symbol);
      const predefined = Object.hasOwn(PREDEFINED, e.name) ? PREDEFINED[e.name] : undefined;
      return predefined ?? notConstant(e, scope);
    }
    case "unary":
      return foldUnary(e, scope);
    case "interpolation":
      return foldInterpolation(e, scope);
    case "binary":
      return foldBinary(e, scope);
    default:
      return notConstant(e, scope);
  }
}

function foldUnary(e: Expr & { kind: "unary" }, scope: ModuleScope): Folded | null {
  const operand = fold(e.operand, scope);
  if (operand === null) return null;
  const { value } = operand;
  if (e.op === "not" && value.kind === "bool")
    return { type: BOOL, value: { kind: "bool", value: !value.value } };
  if (e.op === "-" && value.kind === "float") return float(-value.value);
  if (e.op === "-" && value.kind === "int") return checkedInt(-value.value, e, scope);
  if (e.op === "~" && value.kind === "int") return int(~value.value);
  return notConstant(e, scope);
}

function foldBinary(e: Expr & { kind: "binary" }, scope: ModuleScope): Folded | null {
  const left = fold(e.left, scope);
  const right = fold(e.right, scope);
  if (left === null || right === null) return null;
  const a = left.value;
  const b = right.value;
  if (e.op === "+" && (a.kind === "string" || b.kind === "string")) {
    return { type: STRING, value: { kind: "string", value: textOf(a) + textOf(b) } };
  }
  if (a.kind === "int" && b.kind === "int") return foldInts(e, a.value, b.value, scope);
  if ((a.kind === "int" || a.kind === "float") && (b.kind === "int" || b.kind === "float")) {
    return foldFloats(e, Number(a.value), Number(b.value), scope);
  }
  return notConstant(e, scope);
}

function foldInterpolation(e: Expr & { kind: "interpolation" }, scope: ModuleScope): Folded | null {
  let text = "";
  for (const part of e.parts) {
    if (part.kind === "text") text += part.value;
    else if (part.format !== null) return notConstant(e, scope);
    else {
      const folded = fold(part.value, scope);
      if (folded === null) return null;
      text += textOf(folded.value);
    }
  }
  return { type: STRING, value: { kind: "string", value: text } };
}

/** The display form of a constant (language 15.5). */
function textOf(value: HirConst): string {
  switch (value.kind) {
    case "null":
      return "null";
    case "string":
      return value.value;
    case "float":
      return displayFloat(value.value);
    case "bytes":
      return `<bytes:${value.value.length}>`;
    default:
      return String(value.value);
  }
}

function foldInts(
  e: Expr & { kind: "binary" },
  a: bigint,
  b: bigint,
  scope: ModuleScope,
): Folded | null {
  switch (e.op) {
    case "+":
      return checkedInt(a + b, e, scope);
    case "-":
      return checkedInt(a - b, e, scope);
    case "*":
      return checkedInt(a * b, e, scope);
    case "**":
      return b >= 0n && b <= 4096n ? checkedInt(a ** b, e, scope) : notConstant(e, scope);
    default:
      return notConstant(e, scope);
  }
}

function foldFloats(
  e: Expr & { kind: "binary" },
  a: number,
  b: number,
  scope: ModuleScope,
): Folded | null {
  switch (e.op) {
    case "+":
      return float(a + b);
    case "-":
      return float(a - b);
    case "*":
      return float(a * b);
    case "/":
      return float(a / b);
    default:
      return notConstant(e, scope);
  }
}

function checkedInt(value: bigint, e: Expr, scope: ModuleScope): Folded | null {
  if (value >= INT_MIN && value <= INT_MAX) return int(value);
  report(scope, "E0500", e.span, "constant expression overflows Int");
  return null;
}

function notConstant(e: Expr, scope: ModuleScope): null {
  report(scope, "E0500", e.span, "comptime expression is not constant", {
    help: "A constant is built from literals, other constants and operators.",
  });
  return null;
}

function int(value: bigint): Folded {
  return { type: INT, value: { kind: "int", value } };
}

function float(value: number): Folded {
  return { type: FLOAT, value: { kind: "float", value } };
}
