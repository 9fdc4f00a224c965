// The recursive rule of lowering, reached through the module tables, and what is built on it
// directly: `lower` yields the register that holds a value, `lowerTo` puts it where it is wanted,
// so that a fresh container is never seen twice and stays writable in place.

import type { Span } from "@lumen/core/diagnostic";
import type { HirExpr, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { assignedIn } from "../hir/visit.ts";
import { INT, STRING } from "../types/simple-types.ts";
import {
  type CellBuilder,
  constantIndex,
  emit,
  newRegister,
  type Register,
  registerOf,
  registerType,
  stringIndex,
} from "./cell-builder.ts";
import { asType, sameLirType, transfer } from "./convert.ts";

/** Lowers an expression into a register, whose type decides the conversion. */
export function lowerTo(b: CellBuilder, e: HirExpr, dest: Register): void {
  b.tables.rules.lowerTo(b, e, dest);
}

/**
 * Lowers an expression; a variable is read where it lives, anything else is put into a new
 * register.
 */
export function lower(b: CellBuilder, e: HirExpr): Register {
  if (e.kind === "local") {
    const register = registerOf(b, e.local);
    return asType(b, register, e.type, e.span);
  }
  const dest = newRegister(b, e.type);
  lowerTo(b, e, dest);
  return dest;
}

/** Lowers an expression whose value nobody wants. */
export function lowerEffect(b: CellBuilder, e: HirExpr): void {
  b.tables.rules.lowerEffect(b, e);
}

/** Lowers an expression into a register; null: nobody wants its value. */
export function lowerInto(b: CellBuilder, e: HirExpr, dest: Register | null): void {
  if (dest === null) lowerEffect(b, e);
  else lowerTo(b, e, dest);
}

/** Lowers operands left to right. A variable that a later operand may assign is copied first. */
export function lowerAll(b: CellBuilder, operands: readonly HirExpr[]): Register[] {
  return operands.map((e, i) => {
    const register = lower(b, e);
    if (e.kind !== "local") return register;
    const later = operands.slice(i + 1);
    if (!later.some((operand) => mayAssign(b, operand, e.local))) return register;
    const copy = newRegister(b, registerType(b, register));
    emit(b, e.span, "move", copy, register);
    return copy;
  });
}

/** True when evaluating the expression can change the variable, itself or by an arm around it. */
function mayAssign(b: CellBuilder, e: HirExpr, local: LocalId): boolean {
  if (e.kind === "const" || e.kind === "local") return false;
  return b.assignedInArms.has(local) || assignedIn(e).has(local);
}

/** Emits into a register of the instruction's own type, then converts to the destination. */
export function emitTyped(
  b: CellBuilder,
  type: Type,
  dest: Register,
  span: Span,
  write: (w: Register) => void,
): void {
  if (sameLirType(type, registerType(b, dest))) {
    write(dest);
    return;
  }
  const temp = newRegister(b, type);
  write(temp);
  transfer(b, dest, temp, span);
}

/** A register with an Int constant. */
export function intRegister(b: CellBuilder, value: number, span: Span): Register {
  const register = newRegister(b, INT);
  emit(b, span, "const", register, constantIndex(b, { kind: "int", value: BigInt(value) }));
  return register;
}

/** A register with a String constant. */
export function textRegister(b: CellBuilder, value: string, span: Span): Register {
  const register = newRegister(b, STRING);
  emit(b, span, "const", register, stringIndex(b, value));
  return register;
}
