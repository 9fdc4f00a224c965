// Lowering of calls: direct, through function values, of recur tiles, and of tiles inside
// sequences.

import { TRAP_CODES } from "@lumen/core/lir";
import type { HirExpr } from "../hir/hir.ts";
import { INT, STRING } from "../types/simple-types.ts";
import {
  type CellBuilder,
  calleeIndex,
  emit,
  newLabel,
  newRegister,
  place,
  type Register,
  registerOf,
  registerType,
} from "./cell-builder.ts";
import { asType, fitsLirType, sameLirType, transfer } from "./convert.ts";
import { emitTyped, intRegister, lower, lowerAll, textRegister } from "./recursion.ts";

/** `callee(args)`; the result is converted where the callee is generic. */
export function lowerCall(b: CellBuilder, e: HirExpr & { kind: "call" }, dest: Register): void {
  const args = lowerArguments(b, e);
  const target = b.tables.lookup(e.callee);
  emitTyped(b, target.result, dest, e.span, (w) =>
    emit(b, e.span, "call", w, calleeIndex(b, e.callee), args),
  );
}

/**
 * True when a call can leave the cell for good: same result type, and no tile whose end is
 * recorded.
 */
export function canTailCall(b: CellBuilder, e: HirExpr): e is HirExpr & { kind: "call" } {
  if (e.kind !== "call" || b.contexts > 0 || b.defers || b.cell.kind === "generator") return false;
  const target = b.tables.lookup(e.callee);
  const recorded = target.kind === "tile" || b.cell.kind === "tile";
  return (
    !recorded && sameLirType(target.result, b.cell.result) && sameLirType(e.type, b.cell.result)
  );
}

/** Leaves the cell with the result of a call, the frame reused. */
export function lowerTailCall(b: CellBuilder, e: HirExpr & { kind: "call" }): void {
  emit(b, e.span, "tail_call", calleeIndex(b, e.callee), lowerArguments(b, e));
}

/** A generic callee takes functions of Any: what a function of Int gets is checked when it runs. */
function lowerArguments(b: CellBuilder, e: HirExpr & { kind: "call" }): readonly Register[] {
  const { params } = b.tables.lookup(e.callee);
  return lowerAll(b, e.args).map((arg, i) => {
    const wanted = params[i]?.type;
    if (wanted === undefined || fitsLirType(registerType(b, arg), wanted)) return arg;
    return asType(b, arg, wanted, e.span);
  });
}

/** A call through a function value. */
export function lowerClosureCall(
  b: CellBuilder,
  e: HirExpr & { kind: "callClosure" },
  dest: Register,
): void {
  const [callee = 0, ...args] = lowerAll(b, [e.callee, ...e.args]);
  emit(b, e.span, "call_closure", dest, callee, args);
}

/** A function value with its captures. */
export function lowerClosure(
  b: CellBuilder,
  e: HirExpr & { kind: "closure" },
  dest: Register,
): void {
  const inner = b.tables.lookup(e.cell);
  const captures = e.captures.map((local, i) => {
    const register = registerOf(b, local);
    const type = inner.locals[inner.captures[i] ?? -1]?.type;
    // A variable that is read after its block may be null there, and is not where it is captured.
    return type === undefined ? register : asType(b, register, type, e.span);
  });
  emit(b, e.span, "closure", dest, calleeIndex(b, e.cell), captures);
}

/** `tile!(args)` */
export function lowerRecur(
  b: CellBuilder,
  e: HirExpr & { kind: "callRecur" },
  dest: Register,
): void {
  const args = lowerAll(b, e.args);
  const target = b.tables.lookup(e.callee);
  emitTyped(b, target.result, dest, e.span, (w) =>
    emit(b, e.span, "call_recur", w, calleeIndex(b, e.callee), args, e.bound),
  );
}

/** In a sequence that runs as a cell, a tile's err is the fault of language 21.1. */
export function lowerTileResult(
  b: CellBuilder,
  e: HirExpr & { kind: "tileResult" },
  dest: Register,
): void {
  const { span } = e;
  const result = lower(b, e.call);
  const type = registerType(b, result);
  const fine = newLabel();
  const tag = newRegister(b, INT);
  const isOk = newRegister(b, { kind: "bool" });
  emit(b, span, "variant_tag", tag, result);
  emit(b, span, "eq_int", isOk, tag, intRegister(b, 0, span));
  emit(b, span, "jump_if", isOk, fine);
  const error = newRegister(b, type.kind === "result" ? type.error : { kind: "any" });
  emit(b, span, "payload_get", error, result, 0);
  const shown = newRegister(b, STRING);
  emit(b, span, "display", shown, error);
  const message = newRegister(b, STRING);
  emit(b, span, "concat", message, [
    textRegister(b, `runtime error: tile '${e.tile}' failed: `, span),
    shown,
  ]);
  emit(b, span, "fault", TRAP_CODES.indexOf("E_TRAP_OTHER"), message);
  place(b, fine);
  const value = newRegister(b, e.type);
  emit(b, span, "payload_get", value, result, 0);
  transfer(b, dest, value, span);
}
