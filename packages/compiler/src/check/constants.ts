// Constants: `const` initialisers folded at compile time, and the predefined ones (language 5).

import type { Span } from "@lumen/core/diagnostic";
import { utf8Length } from "@lumen/core/hash";
import { displayFloat } from "@lumen/core/value";
import type { Expr } from "@lumen/syntax";
import { constantExcess } from "../comptime/constant-size.ts";
import type { HirConst, HirExpr } from "../hir/hir.ts";
import { inOrder } from "../resolve/in-order.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import { type ConstSymbol, type ConstValue, type ModuleScope, report } from "../resolve/scope.ts";
import { namesIn } from "../tree/names.ts";
import { isCompatible } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { BOOL, BYTES, FLOAT, INT, NULL, STRING } from "../types/simple-types.ts";
import { constant } from "./build.ts";
import type { CellContext, Session } from "./context.ts";
import { checkEvaluated } from "./evaluated-constants.ts";

type Folded = ConstValue & { readonly kind: "folded" };

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;

const PREDEFINED: ReadonlyMap<string, Folded> = new Map([
  ["PI", float(Math.PI)],
  ["E", float(Math.E)],
  ["TAU", float(Math.PI * 2)],
  ["INFINITY", float(Number.POSITIVE_INFINITY)],
  ["NAN", float(Number.NaN)],
  ["MAX_INT", int(INT_MAX)],
  ["MIN_INT", int(INT_MIN)],
]);

/** What a name of a constant stands for; null when the name is none. */
export function constantOf(
  c: CellContext,
  name: string,
  symbol: ConstSymbol | undefined,
  span: Span,
): HirExpr | null {
  const found = symbol === undefined ? predefined(name) : valueOfConstant(c.session, symbol);
  if (found === null) {
    if (symbol === undefined) return null;
    return constant({ kind: "null" }, { kind: "error" }, span);
  }
  return found.kind === "folded" ? constant(found.value, found.type, span) : { ...found.use, span };
}

function predefined(name: string): Folded | null {
  return PREDEFINED.get(name) ?? null;
}

/** The value of a constant, found out once; null after a report. */
export function valueOfConstant(session: Session, symbol: ConstSymbol): ConstValue | null {
  const { decl, scope, folded } = symbol;
  if (folded === "broken") return null;
  if (folded === "folding") {
    reportCircle(symbol);
    return null;
  }
  if (folded !== null) return folded;
  for (const needed of inOrder(symbol, openConstants, closeCircle) ?? [])
    if (needed !== symbol) valueOfConstant(session, needed);
  if (isMarkedBroken(symbol)) return null;
  symbol.folded = "folding";
  const simple = fold(decl.value, { session, scope });
  const value =
    simple === "open" ? checkEvaluated(session, symbol) : simple && asDeclared(symbol, simple);
  // A reference to itself was reported on the way.
  const isBroken = value === null || isMarkedBroken(symbol);
  symbol.folded = isBroken ? "broken" : value;
  return isBroken ? null : value;
}

/** A constant has no value that needs its own; it is reported once. */
function closeCircle(_last: ConstSymbol, first: ConstSymbol): void {
  if (!isMarkedBroken(first)) reportCircle(first);
}

function reportCircle(symbol: ConstSymbol): void {
  const { decl, scope } = symbol;
  const message = `constant '${decl.name.text}' refers to itself`;
  report(scope, "E0500", decl.name.span, message);
  symbol.folded = "broken";
}

/** Constants that a constant names, and whose values nobody has asked for yet. */
function openConstants({ decl, scope }: ConstSymbol): readonly ConstSymbol[] {
  return namesIn({ kind: "expr", value: decl.value }).flatMap((name) => {
    const symbol = scope.consts.get(name);
    return symbol?.folded === null ? [symbol] : [];
  });
}

function isMarkedBroken(symbol: ConstSymbol): boolean {
  return symbol.folded === "broken";
}

/**
 * True when folding can tell the values of all these constants, by the form of them. Of others the
 * typed trees of cells are needed.
 */
export function areSimpleConstants(symbols: Iterable<ConstSymbol>): boolean {
  // Grows while it is walked: what a constant names is looked at once, however often it is named.
  const seen = new Set(symbols);
  for (const { decl, scope } of seen) if (!isSimple(decl.value, scope, seen)) return false;
  return true;
}

/** The form of one expression; the constants that it names are added to `seen`. */
function isSimple(e: Expr, scope: ModuleScope, seen: Set<ConstSymbol>): boolean {
  switch (e.kind) {
    case "null":
    case "bool":
    case "int":
    case "float":
    case "string":
    case "bytes":
      return true;
    case "name": {
      const symbol = scope.consts.get(e.name);
      if (symbol !== undefined) seen.add(symbol);
      return true;
    }
    case "unary":
      return isSimple(e.operand, scope, seen);
    case "interpolation":
      return e.parts.every((p) => p.kind === "text" || isSimple(p.value, scope, seen));
    case "binary":
      return isSimple(e.left, scope, seen) && isSimple(e.right, scope, seen);
    default:
      return false;
  }
}

function asDeclared(symbol: ConstSymbol, folded: Folded): Folded | null {
  const { decl, scope } = symbol;
  if (decl.type === null) return folded;
  const type = resolveType(decl.type, { scope, generics: new Set() });
  if (type.kind === "float" && folded.value.kind === "int")
    return float(Number(folded.value.value));
  if (isCompatible(folded.type, type))
    return { ...folded, type: type.kind === "option" ? type : folded.type };
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

/** Where a constant stands. */
interface Place {
  readonly session: Session;
  readonly scope: ModuleScope;
}

/** Null: reported. `open`: folding cannot tell, the code has to be run. */
type Outcome = Folded | "open" | null;

function fold(e: Expr, place: Place): Outcome {
  switch (e.kind) {
    case "null":
      return { kind: "folded", type: NULL, value: { kind: "null" } };
    case "bool":
      return { kind: "folded", type: BOOL, value: { kind: "bool", value: e.value } };
    case "int":
      return int(e.value);
    case "float":
      return float(e.value);
    case "string":
      return { kind: "folded", type: STRING, value: { kind: "string", value: e.value } };
    case "bytes":
      return { kind: "folded", type: BYTES, value: { kind: "bytes", value: e.value } };
    case "name": {
      const symbol = place.scope.consts.get(e.name);
      if (symbol === undefined) return predefined(e.name) ?? "open";
      const value = valueOfConstant(place.session, symbol);
      return value?.kind === "evaluated" ? "open" : value;
    }
    case "unary":
      return foldUnary(e, place);
    case "interpolation":
      return foldInterpolation(e, place);
    case "binary":
      return foldBinary(e, place);
    default:
      return "open";
  }
}

function foldUnary(e: Expr & { kind: "unary" }, place: Place): Outcome {
  const operand = fold(e.operand, place);
  if (operand === null || operand === "open") return operand;
  const { value } = operand;
  if (e.op === "not" && value.kind === "bool")
    return { kind: "folded", type: BOOL, value: { kind: "bool", value: !value.value } };
  if (e.op === "-" && value.kind === "float") return float(-value.value);
  if (e.op === "-" && value.kind === "int") return checkedInt(-value.value, e, place);
  if (e.op === "~" && value.kind === "int") return int(~value.value);
  return "open";
}

function foldBinary(e: Expr & { kind: "binary" }, place: Place): Outcome {
  const left = fold(e.left, place);
  const right = fold(e.right, place);
  if (left === null || right === null) return null;
  if (left === "open" || right === "open") return "open";
  const a = left.value;
  const b = right.value;
  if (e.op === "+" && (a.kind === "string" || b.kind === "string")) {
    return checkedText([textOf(a), textOf(b)], e, place);
  }
  if (a.kind === "int" && b.kind === "int") return foldInts(e, a.value, b.value, place);
  if ((a.kind === "int" || a.kind === "float") && (b.kind === "int" || b.kind === "float")) {
    return foldFloats(e, Number(a.value), Number(b.value));
  }
  return "open";
}

function foldInterpolation(e: Expr & { kind: "interpolation" }, place: Place): Outcome {
  const texts: string[] = [];
  for (const part of e.parts) {
    if (part.kind === "text") texts.push(part.value);
    else if (part.format !== null) return "open";
    else {
      const folded = fold(part.value, place);
      if (folded === null || folded === "open") return folded;
      texts.push(textOf(folded.value));
    }
  }
  return checkedText(texts, e, place);
}

/** The texts joined; refused before it is built where it has no place in a program. */
function checkedText(texts: readonly string[], e: Expr, { session, scope }: Place): Outcome {
  const bytes = texts.reduce((sum, text) => sum + utf8Length(text), 0);
  const excess = constantExcess(bytes, session.constantBytes);
  if (excess === null) {
    session.constantBytes += bytes;
    return { kind: "folded", type: STRING, value: { kind: "string", value: texts.join("") } };
  }
  report(scope, "E0500", e.span, ...excess);
  return null;
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

function foldInts(e: Expr & { kind: "binary" }, a: bigint, b: bigint, place: Place): Outcome {
  switch (e.op) {
    case "+":
      return checkedInt(a + b, e, place);
    case "-":
      return checkedInt(a - b, e, place);
    case "*":
      return checkedInt(a * b, e, place);
    case "**":
      return b >= 0n && b <= 4096n ? checkedInt(a ** b, e, place) : "open";
    default:
      return "open";
  }
}

function foldFloats(e: Expr & { kind: "binary" }, a: number, b: number): Outcome {
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
      return "open";
  }
}

function checkedInt(value: bigint, e: Expr, place: Place): Outcome {
  if (value >= INT_MIN && value <= INT_MAX) return int(value);
  report(place.scope, "E0500", e.span, "constant expression overflows Int");
  return null;
}

function int(value: bigint): Folded {
  return { kind: "folded", type: INT, value: { kind: "int", value } };
}

function float(value: number): Folded {
  return { kind: "folded", type: FLOAT, value: { kind: "float", value } };
}
