// Lowering of expressions: the dispatcher and the instructions of one step.

import { builtinRow } from "@lumen/core/builtins";
import { ARITH_OPS, type OpcodeName, TRAP_CODES } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import type { ArithOp, HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { erasedPart } from "../types/erase.ts";
import { ANY, BOOL, INT, optionOf } from "../types/simple-types.ts";
import { lowerCollection, lowerMap, lowerRecord, lowerVariant } from "./aggregates.ts";
import { lowerCall, lowerClosure, lowerClosureCall, lowerRecur, lowerTileResult } from "./calls.ts";
import {
  type CellBuilder,
  constantIndex,
  emit,
  newLabel,
  newRegister,
  place,
  type Register,
  registerOf,
  registerType,
  stringIndex,
} from "./cell-builder.ts";
import {
  lowerBlock,
  lowerBreak,
  lowerContinue,
  lowerFor,
  lowerIf,
  lowerLoop,
  lowerMatch,
  lowerReturn,
  lowerWhile,
} from "./control.ts";
import { asType, sameLirType, transfer } from "./convert.ts";
import { emitTyped, lower, lowerAll, lowerTo } from "./recursion.ts";
import { lowerCoalesce, lowerPropagate, lowerTryElse, lowerUnwrap } from "./results.ts";
import { lowerSuspending } from "./suspending.ts";
import { lowerTypeTest } from "./type-tests.ts";

/** The rule behind `lowerTo`. */
export function lowerExpression(b: CellBuilder, e: HirExpr, dest: Register): void {
  if (
    e.type.kind !== "never" &&
    !sameLirType(e.type, registerType(b, dest)) &&
    !convertsItself(e)
  ) {
    transfer(b, dest, lower(b, e), e.span);
    return;
  }
  lowerLeaf(b, e, dest);
}

/** Branching forms pass the destination on to their parts. */
function convertsItself(e: HirExpr): boolean {
  return ["block", "if", "match", "local"].includes(e.kind);
}

function lowerLeaf(b: CellBuilder, e: HirExpr, dest: Register): void {
  const { span } = e;
  switch (e.kind) {
    case "const":
      emit(b, span, "const", dest, constantIndex(b, e.value));
      return;
    case "comptime": {
      const value = required(e.slot.value, "comptime code is evaluated before lowering");
      emit(b, span, "const", dest, constantIndex(b, value));
      return;
    }
    case "local":
      transfer(b, dest, asType(b, registerOf(b, e.local), e.type, span), span);
      return;
    case "convert":
      transfer(b, dest, lower(b, e.value), span);
      return;
    case "list":
    case "set":
      lowerCollection(b, e, dest);
      return;
    case "tuple":
      emit(b, span, "tuple_new", dest, lowerAll(b, e.items));
      return;
    case "map":
      lowerMap(b, e, dest);
      return;
    case "record":
      lowerRecord(b, e, dest);
      return;
    case "variant":
      lowerVariant(b, e, dest);
      return;
    case "closure":
      lowerClosure(b, e, dest);
      return;
    case "call":
      lowerCall(b, e, dest);
      return;
    case "callClosure":
      lowerClosureCall(b, e, dest);
      return;
    case "callRecur":
      lowerRecur(b, e, dest);
      return;
    case "tileResult":
      lowerTileResult(b, e, dest);
      return;
    case "callBuiltin":
      lowerBuiltin(b, e, dest);
      return;
    default:
      lowerOperation(b, e, dest);
  }
}

type Leaf =
  | "const"
  | "comptime"
  | "local"
  | "convert"
  | "list"
  | "set"
  | "tuple"
  | "map"
  | "record"
  | "variant"
  | "closure"
  | "call"
  | "callClosure"
  | "callRecur"
  | "tileResult"
  | "callBuiltin";

function lowerOperation(b: CellBuilder, e: Exclude<HirExpr, { kind: Leaf }>, dest: Register): void {
  const { span } = e;
  switch (e.kind) {
    case "arith":
      lowerArith(b, e, dest);
      return;
    case "negate": {
      const value = lower(b, e.value);
      const op: OpcodeName =
        e.op === "~"
          ? e.operands === "int"
            ? "not_int"
            : "invert"
          : e.operands === "any"
            ? "negate"
            : `neg_${e.operands}`;
      emit(b, span, op, dest, value);
      return;
    }
    case "compare":
      lowerCompare(b, e, dest);
      return;
    case "contains": {
      const [element = 0, container = 0] = lowerAll(b, [e.element, e.container]);
      emit(b, span, "contains", dest, element, container);
      return;
    }
    case "logic":
      lowerLogic(b, e, dest);
      return;
    case "not":
      emit(b, span, "not", dest, lower(b, e.value));
      return;
    case "truthy":
      emit(b, span, "truthy", dest, lower(b, e.value));
      return;
    case "isNull":
      emit(b, span, "is_null", dest, lower(b, e.value));
      return;
    case "is":
      lowerTypeTest(b, e.test, lower(b, e.value), dest, e.span);
      return;
    case "concat":
      emit(b, span, "concat", dest, lowerAll(b, e.parts));
      return;
    case "display":
      emit(b, span, "display", dest, lower(b, e.value));
      return;
    case "format":
      emit(b, span, "format", dest, lower(b, e.value), stringIndex(b, e.spec));
      return;
    default:
      lowerAccess(b, e, dest);
  }
}

type Operation =
  | "arith"
  | "negate"
  | "compare"
  | "contains"
  | "logic"
  | "not"
  | "truthy"
  | "isNull"
  | "is"
  | "concat"
  | "display"
  | "format";

function lowerAccess(
  b: CellBuilder,
  e: Exclude<HirExpr, { kind: Leaf | Operation }>,
  dest: Register,
): void {
  const { span } = e;
  switch (e.kind) {
    case "field": {
      const { type } = e.value;
      const field = type.kind === "record" ? type.decl.fields[e.index] : undefined;
      const part = type.kind === "record" && field ? erasedPart(type.decl, field.type) : e.type;
      emitTyped(b, part, dest, span, (w) =>
        emit(b, span, "field_get", w, lower(b, e.value), e.index),
      );
      return;
    }
    case "fieldNamed":
      emitTyped(b, ANY, dest, span, (w) =>
        emit(b, span, "field", w, lower(b, e.value), stringIndex(b, e.name)),
      );
      return;
    case "component":
      emit(b, span, "tuple_get", dest, lower(b, e.value), e.index);
      return;
    case "payloadNamed":
      emitTyped(b, ANY, dest, span, (w) =>
        emit(b, span, "payload", w, lower(b, e.value), stringIndex(b, e.name)),
      );
      return;
    case "index": {
      const [value = 0, index = 0] = lowerAll(b, [e.value, e.index]);
      if (e.how === "any")
        emitTyped(b, ANY, dest, span, (w) => emit(b, span, "index", w, value, index));
      else emit(b, span, e.how === "list" ? "list_get" : "map_get", dest, value, index);
      return;
    }
    case "slice": {
      const [value = 0, start = 0, end = 0] = lowerAll(b, [e.value, e.start, e.end]);
      emit(b, span, "slice", dest, value, start, end);
      return;
    }
    case "range": {
      const one: HirExpr = { kind: "const", value: { kind: "int", value: 1n }, type: INT, span };
      const [start = 0, end = 0, step = 0] = lowerAll(b, [e.start, e.end, e.step ?? one]);
      emit(b, span, "list_range", dest, start, end, step, e.inclusive ? 1 : 0);
      return;
    }
    default:
      lowerControl(b, e, dest);
  }
}

type Access = "field" | "fieldNamed" | "component" | "payloadNamed" | "index" | "slice" | "range";

function lowerControl(
  b: CellBuilder,
  e: Exclude<HirExpr, { kind: Leaf | Operation | Access }>,
  dest: Register,
): void {
  switch (e.kind) {
    case "coalesce":
      return lowerCoalesce(b, e, dest);
    case "propagate":
      return lowerPropagate(b, e, dest);
    case "unwrap":
      return lowerUnwrap(b, e, dest);
    case "tryElse":
      return lowerTryElse(b, e, dest);
    case "block":
      return lowerBlock(b, e, dest);
    case "if":
      return lowerIf(b, e, dest);
    case "match":
      return lowerMatch(b, e, dest);
    case "while":
      return lowerWhile(b, e, dest);
    case "for":
      return lowerFor(b, e, dest);
    case "loop":
      return lowerLoop(b, e, dest);
    case "return":
      return lowerReturn(b, e);
    case "break":
      return lowerBreak(b, e);
    case "continue":
      return lowerContinue(b, e);
    case "fault":
      emit(b, e.span, "fault", TRAP_CODES.indexOf(e.trap), lower(b, e.message));
      return;
    default:
      return lowerSuspending(b, e, dest);
  }
}

/** An expression whose value nobody wants: nothing is made for it where that can be seen. */
export function lowerStatementExpression(b: CellBuilder, e: HirExpr): void {
  switch (e.kind) {
    case "const":
    case "local":
      return;
    case "block":
      return lowerBlock(b, e, null);
    case "if":
      return lowerIf(b, e, null);
    case "match":
      return lowerMatch(b, e, null);
    case "while":
      return lowerWhile(b, e, null);
    case "for":
      return lowerFor(b, e, null);
    case "loop":
      return lowerLoop(b, e, null);
    default:
      lowerTo(b, e, newRegister(b, e.type));
  }
}

const INT_OPS: Readonly<Record<Exclude<ArithOp, "++">, OpcodeName>> = {
  "+": "add_int",
  "-": "sub_int",
  "*": "mul_int",
  "/": "div_int",
  "//": "quot_int",
  "%": "rem_int",
  "**": "pow_int",
  "&": "and_int",
  "|": "or_int",
  "^": "xor_int",
  "<<": "shl_int",
  ">>": "shr_int",
};

const FLOAT_OPS: Readonly<Partial<Record<ArithOp, OpcodeName>>> = {
  "+": "add_float",
  "-": "sub_float",
  "*": "mul_float",
  "/": "div_float",
  "//": "quot_float",
  "%": "rem_float",
  "**": "pow_float",
};

function lowerArith(b: CellBuilder, e: HirExpr & { kind: "arith" }, dest: Register): void {
  const { span } = e;
  const [left = 0, right = 0] = lowerAll(b, [e.left, e.right]);
  if (e.operands === "string") return emit(b, span, "concat", dest, [left, right]);
  if (e.op === "++" || e.operands === "any") {
    if (e.left.type.kind === "list" && e.right.type.kind === "list" && e.type.kind === "list") {
      return emit(b, span, "list_concat", dest, left, right);
    }
    return emitTyped(b, ANY, dest, span, (w) =>
      emit(b, span, "arith", w, ARITH_OPS.indexOf(e.op), left, right),
    );
  }
  const op = e.operands === "int" ? INT_OPS[e.op] : FLOAT_OPS[e.op];
  if (op !== undefined) emit(b, span, op, dest, left, right);
}

/** `a > b` is `b < a` with the operands still evaluated left to right. */
function lowerCompare(b: CellBuilder, e: HirExpr & { kind: "compare" }, dest: Register): void {
  const { span } = e;
  const [left = 0, right = 0] = lowerAll(b, [e.left, e.right]);
  const suffix = e.operands === "any" ? "" : (`_${e.operands}` as const);
  switch (e.op) {
    case "<=>":
      return emit(b, span, "compare", dest, left, right);
    case "==":
      return emit(b, span, `eq${suffix}`, dest, left, right);
    case "!=": {
      emit(b, span, `eq${suffix}`, dest, left, right);
      return emit(b, span, "not", dest, dest);
    }
    case "<":
      return emit(b, span, `lt${suffix}`, dest, left, right);
    case "<=":
      return emit(b, span, `le${suffix}`, dest, left, right);
    case ">":
      return emit(b, span, `lt${suffix}`, dest, right, left);
    case ">=":
      return emit(b, span, `le${suffix}`, dest, right, left);
  }
}

function lowerLogic(b: CellBuilder, e: HirExpr & { kind: "logic" }, dest: Register): void {
  const end = newLabel();
  const result = newRegister(b, BOOL);
  lowerTo(b, e.left, result);
  emit(b, e.span, e.op === "and" ? "jump_unless" : "jump_if", result, end);
  lowerTo(b, e.right, result);
  place(b, end);
  emit(b, e.span, "move", dest, result);
}

type CallBuiltin = HirExpr & { kind: "callBuiltin" };

function lowerBuiltin(b: CellBuilder, e: CallBuiltin, dest: Register): void {
  const { span } = e;
  const entry = containerEntry(e);
  if (entry !== null) return lowerTo(b, entry, dest);
  const operands = e.args.map(unwidened);
  const args = lowerAll(b, operands);
  const [first = 0, second = 0] = args;
  const listFirst = operands[0]?.type.kind === "list" && sameLirType(operands[0].type, e.type);
  if ((e.builtin === "append" || e.builtin === "push") && listFirst) {
    return emit(b, span, "list_append", dest, first, asType(b, second, itemOf(e.type), span));
  }
  if (e.builtin === "length" && operands[0]?.type.kind === "list")
    return emit(b, span, "list_length", dest, first);
  emit(b, span, "call_builtin", dest, builtinRow(e.builtin).number, args);
}

/** Kinds of types whose values are containers. */
const CONTAINER_KINDS: ReadonlySet<Type["kind"]> = new Set<Type["kind"]>([
  "list",
  "set",
  "map",
  "tuple",
  "record",
  "enum",
]);

/**
 * `get(m, k)` as `m[k]` and `get(m, k, other)` as `m[k] ?? other`, where that is the same and the
 * entry a container: as an instruction that reads a part it may leave that unshared, so that
 * `m[k] = append(get(m, k, []), x)` copies nothing.
 */
function containerEntry({ builtin, args, type, span }: CallBuiltin): HirExpr | null {
  const [map, key, other] = args;
  if (builtin !== "get" || map?.type.kind !== "map" || key === undefined) return null;
  const entry = map.type.value;
  if (!CONTAINER_KINDS.has(entry.kind) || !sameLirType(key.type, map.type.key)) return null;
  const found = optionOf(entry);
  const left: HirExpr = { kind: "index", how: "map", value: map, index: key, type: found, span };
  if (other === undefined) return sameLirType(type, found) ? left : null;
  const isPlain = isAtHand(other) && sameLirType(other.type, entry) && sameLirType(type, entry);
  return isPlain ? { kind: "coalesce", left, right: other, type, span } : null;
}

/** Whether an expression can be left out where nobody needs its value. */
function isAtHand(e: HirExpr): boolean {
  if (e.kind === "list" || e.kind === "set") return e.items.length === 0;
  return e.kind === "map" ? e.entries.length === 0 : e.kind === "local" || e.kind === "const";
}

/** A builtin looks at values, not at types: no second reference has to be made for it. */
function unwidened(e: HirExpr): HirExpr {
  return e.kind === "convert" && e.how === "widen" && e.type.kind === "any" ? e.value : e;
}

function itemOf(type: Type): Type {
  return type.kind === "list" ? type.item : ANY;
}
