// Moving values between registers of different types: `widen`, `cast`, `int_to_float`, results.

import type { Span } from "@lumen/core/diagnostic";
import { ANY_EFFECT } from "@lumen/core/lir";
import type { Type } from "../hir/type.ts";
import { eraseParams } from "../types/erase.ts";
import { isSubtype } from "../types/relations.ts";
import { sameType } from "../types/simple-types.ts";
import {
  type CellBuilder,
  emit,
  newRegister,
  type Register,
  registerType,
} from "./cell-builder.ts";

/** True when both types are one LIR type. */
export function sameLirType(a: Type, b: Type): boolean {
  return sameType(lirForm(a), lirForm(b));
}

/** True when a value of one type may stand where the other is due, as it is. */
export function fitsLirType(a: Type, b: Type): boolean {
  return isSubtype(lirForm(a), lirForm(b));
}

function lirForm(type: Type): Type {
  const erased = eraseParams(type);
  if (erased.kind === "error") return { kind: "any" };
  if (erased.kind === "fn") return { ...erased, row: erased.row ?? [ANY_EFFECT] };
  return erased.kind === "never" ? { kind: "null" } : erased;
}

/** Puts the value of `from` into `dest`, converting as the two register types ask. */
export function transfer(b: CellBuilder, dest: Register, from: Register, span: Span): void {
  if (dest === from) return;
  const source = registerType(b, from);
  const target = registerType(b, dest);
  if (sameLirType(source, target)) emit(b, span, "move", dest, from);
  else if (source.kind === "int" && target.kind === "float")
    emit(b, span, "int_to_float", dest, from);
  else if (isSubtype(lirForm(source), lirForm(target))) emit(b, span, "widen", dest, from);
  else if (target.kind === "result" && source.kind !== "result" && source.kind !== "any") {
    emit(b, span, "variant_new", dest, 0, [asType(b, from, target.ok, span)]);
  } else emit(b, span, "cast", dest, from, b.tables.types.indexOf(target));
}

/** A register that holds the value at the given type: the same one where the type agrees. */
export function asType(b: CellBuilder, from: Register, type: Type, span: Span): Register {
  if (sameLirType(registerType(b, from), type)) return from;
  const dest = newRegister(b, type);
  transfer(b, dest, from, span);
  return dest;
}
