// Lowering of `?`, `!`, `??` and `try … else`.

import { builtinRow } from "@lumen/core/builtins";
import type { Span } from "@lumen/core/diagnostic";
import { TRAP_CODES } from "@lumen/core/lir";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { acceptsNull } from "../types/relations.ts";
import { ANY, BOOL, INT, withoutNull } from "../types/simple-types.ts";
import {
  type CellBuilder,
  emit,
  type Label,
  newLabel,
  newRegister,
  place,
  type Register,
  registerOf,
  registerType,
} from "./cell-builder.ts";
import { asType, transfer } from "./convert.ts";
import { emitTyped, intRegister, lower, lowerTo, textRegister } from "./recursion.ts";

const ANY_RESULT: Type = { kind: "result", ok: ANY, error: ANY };

/** Jumps unless the register holds ok (tag 0) or err (tag 1). */
function jumpUnlessTag(
  b: CellBuilder,
  result: Register,
  tag: 0 | 1,
  target: Label,
  span: Span,
): void {
  const found = newRegister(b, INT);
  const same = newRegister(b, BOOL);
  emit(b, span, "variant_tag", found, result);
  emit(b, span, "eq_int", same, found, intRegister(b, tag, span));
  emit(b, span, "jump_unless", same, target);
}

/** The payload of a result, converted into a register. */
function takePayload(
  b: CellBuilder,
  result: Register,
  tag: 0 | 1,
  dest: Register,
  span: Span,
): void {
  const type = registerType(b, result);
  const part = type.kind === "result" ? (tag === 0 ? type.ok : type.error) : ANY;
  emitTyped(b, part, dest, span, (w) => emit(b, span, "payload_get", w, result, 0));
}

/**
 * Splits on what a value is at run time: `onResult` gets a register of a result type, `onPlain` the
 * value itself.
 * Statically known results and plain values need no test.
 */
function splitResult(
  b: CellBuilder,
  value: Register,
  span: Span,
  onResult: (result: Register) => void,
  onPlain: (plain: Register) => void,
): void {
  const type = registerType(b, value);
  if (type.kind === "result") return onResult(value);
  if (!["any", "union", "param", "json"].includes(type.kind)) return onPlain(value);
  const plain = newLabel();
  const end = newLabel();
  const test = newRegister(b, BOOL);
  emit(b, span, "type_test", test, value, b.tables.types.indexOf(ANY_RESULT));
  emit(b, span, "jump_unless", test, plain);
  onResult(asType(b, value, ANY_RESULT, span));
  emit(b, span, "jump", end);
  place(b, plain);
  onPlain(value);
  place(b, end);
}

/** Postfix `?`: err leaves the cell. */
export function lowerPropagate(
  b: CellBuilder,
  e: HirExpr & { kind: "propagate" },
  dest: Register,
): void {
  const { span } = e;
  const onResult = (result: Register): void => {
    const fine = newLabel();
    jumpUnlessTag(b, result, 1, fine, span);
    const target = b.cell.result;
    const errorType = target.kind === "result" ? target.error : ANY;
    const error = newRegister(b, errorType);
    takePayload(b, result, 1, error, span);
    const returned = newRegister(b, target.kind === "result" ? target : ANY_RESULT);
    emit(b, span, "variant_new", returned, 1, [error]);
    emit(b, span, "return", asType(b, returned, target, span));
    place(b, fine);
    takePayload(b, result, 0, dest, span);
  };
  splitResult(b, lower(b, e.value), span, onResult, (plain) => transfer(b, dest, plain, span));
}

/** Postfix `!`: err and null stop the program. */
export function lowerUnwrap(b: CellBuilder, e: HirExpr & { kind: "unwrap" }, dest: Register): void {
  const { span } = e;
  const value = lower(b, e.value);
  const type = registerType(b, value);
  if (
    type.kind === "any" ||
    type.kind === "param" ||
    type.kind === "union" ||
    type.kind === "json"
  ) {
    emitTyped(b, ANY, dest, span, (w) =>
      emit(b, span, "call_builtin", w, builtinRow("unwrap$").number, [value]),
    );
    return;
  }
  const fine = newLabel();
  if (type.kind === "result") {
    const bad = newLabel();
    jumpUnlessTag(b, value, 0, bad, span);
    takePayload(b, value, 0, dest, span);
    emit(b, span, "jump", fine);
    place(b, bad);
    halt(b, "halt: result unwrap failed: value is err", span);
    place(b, fine);
    return;
  }
  if (acceptsNull(type)) {
    const isNull = newRegister(b, BOOL);
    emit(b, span, "is_null", isNull, value);
    emit(b, span, "jump_unless", isNull, fine);
    halt(b, "halt: null assertion failed", span);
    place(b, fine);
  }
  transfer(b, dest, asType(b, value, withoutNull(type), span), span);
}

function halt(b: CellBuilder, text: string, span: Span): void {
  emit(b, span, "fault", TRAP_CODES.indexOf("E_TRAP_UNWRAP"), textRegister(b, text, span));
}

/** `left ?? right`: null and err give way to the right operand. */
export function lowerCoalesce(
  b: CellBuilder,
  e: HirExpr & { kind: "coalesce" },
  dest: Register,
): void {
  const { span } = e;
  const value = lower(b, e.left);
  const type = registerType(b, value);
  const otherwise = newLabel();
  const end = newLabel();
  const whole = newRegister(b, e.type);
  if (acceptsNull(type)) {
    const isNull = newRegister(b, BOOL);
    emit(b, span, "is_null", isNull, value);
    emit(b, span, "jump_if", isNull, otherwise);
  }
  const onResult = (result: Register): void => {
    jumpUnlessTag(b, result, 0, otherwise, span);
    takePayload(b, result, 0, whole, span);
  };
  splitResult(b, value, span, onResult, (plain) => {
    transfer(b, whole, asType(b, plain, withoutNull(registerType(b, plain)), span), span);
  });
  emit(b, span, "jump", end);
  place(b, otherwise);
  lowerTo(b, e.right, whole);
  place(b, end);
  transfer(b, dest, whole, span);
}

/** `try e else |x| h` */
export function lowerTryElse(
  b: CellBuilder,
  e: HirExpr & { kind: "tryElse" },
  dest: Register,
): void {
  const { span } = e;
  const whole = newRegister(b, e.type);
  const end = newLabel();
  const onResult = (result: Register): void => {
    const failed = newLabel();
    jumpUnlessTag(b, result, 0, failed, span);
    takePayload(b, result, 0, whole, span);
    emit(b, span, "jump", end);
    place(b, failed);
    if (e.binding !== null) takePayload(b, result, 1, registerOf(b, e.binding), span);
    lowerTo(b, e.handler, whole);
  };
  splitResult(b, lower(b, e.value), span, onResult, (plain) => transfer(b, whole, plain, span));
  place(b, end);
  transfer(b, dest, whole, span);
}
