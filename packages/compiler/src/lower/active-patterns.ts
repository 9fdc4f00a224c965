// Lowering of active patterns (language 19.1): the extractor is called unless the match has its
// value already, and the value is matched in turn.

import type { Span } from "@lumen/core/diagnostic";
import type { HirPattern } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { isSubtype } from "../types/relations.ts";
import { BOOL } from "../types/simple-types.ts";
import {
  type CellBuilder,
  constantIndex,
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
import { lowerTo } from "./recursion.ts";

/** What matching in general offers: see patterns.ts. */
export interface Matching {
  readonly match: (b: CellBuilder, p: HirPattern, value: Register, fail: Label) => void;
  readonly narrow: (
    b: CellBuilder,
    value: Register,
    type: Type,
    fail: Label,
    span: Span,
  ) => Register;
}

/** Goes to `fail` where the subject has another type than the parameter, or nothing is found. */
export function lowerActive(
  b: CellBuilder,
  p: HirPattern & { kind: "active" },
  subject: Register,
  fail: Label,
  { match, narrow }: Matching,
): void {
  const { span } = p;
  const value = registerOf(b, p.value);
  const known = newLabel();
  const done = p.done === null ? null : registerOf(b, p.done);
  if (done !== null) emit(b, span, "jump_if", done, known);
  const input = registerOf(b, p.input);
  const from = registerType(b, subject);
  const wanted = registerType(b, input);
  const fits = isSubtype(from, wanted) || (from.kind === "int" && wanted.kind === "float");
  transfer(b, input, fits ? subject : narrow(b, subject, wanted, fail, span), span);
  lowerTo(b, p.call, value);
  if (done !== null) emit(b, span, "const", done, constantIndex(b, { kind: "bool", value: true }));
  place(b, known);
  if (p.isPartial) {
    const test = newRegister(b, BOOL);
    emit(b, span, "is_null", test, value);
    emit(b, span, "jump_if", test, fail);
  }
  if (p.inner !== null) match(b, p.inner, asType(b, value, p.result, span), fail);
}
