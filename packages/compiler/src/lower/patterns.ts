// Lowering of patterns: tests that go to `fail`, then bindings.

import { builtinRow } from "@lumen/core/builtins";
import type { Span } from "@lumen/core/diagnostic";
import type { HirConst, HirPattern } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { erasedPart } from "../types/erase.ts";
import { seeVariant } from "../types/gadt.ts";
import { acceptsNull, bindParams, substitute } from "../types/relations.ts";
import { ANY, BOOL, FLOAT, INT, listOf, NULL, STRING, sameType } from "../types/simple-types.ts";
import { lowerActive } from "./active-patterns.ts";
import {
  type CellBuilder,
  constantIndex,
  emit,
  type Label,
  newRegister,
  type Register,
  registerOf,
  registerType,
  stringIndex,
} from "./cell-builder.ts";
import { asType, transfer } from "./convert.ts";
import { emitTyped, intRegister } from "./recursion.ts";
import { lowerTypeTest } from "./type-tests.ts";

/**
 * Tests `value` against a pattern and binds its variables; goes to `fail` where it does not match.
 */
export function lowerPattern(b: CellBuilder, p: HirPattern, value: Register, fail: Label): void {
  switch (p.kind) {
    case "wildcard":
      return;
    case "bind":
      return transfer(b, registerOf(b, p.local), value, p.span);
    case "const":
      return testConst(b, p, value, fail);
    case "range":
      return testRange(b, p, value, fail);
    case "variant":
      return matchVariant(b, p, value, fail);
    case "record":
      return matchRecord(b, p, value, fail);
    case "tuple":
      return matchTuple(b, p, value, fail);
    case "list":
      return matchList(b, p, value, fail);
    case "fields":
      return matchFields(b, p, value, fail);
    case "active":
      return lowerActive(b, p, value, fail, { match: lowerPattern, narrow });
    case "typed":
      return matchTyped(b, p, value, fail);
  }
}

function matchTyped(
  b: CellBuilder,
  p: HirPattern & { kind: "typed" },
  value: Register,
  fail: Label,
): void {
  const { test, span } = p;
  let inner = value;
  if (test.kind === "type") inner = narrow(b, value, test.type, fail, span);
  else {
    const holds = newRegister(b, BOOL);
    lowerTypeTest(b, test, value, holds, span);
    emit(b, span, "jump_unless", holds, fail);
  }
  transfer(b, registerOf(b, p.local), asType(b, inner, localType(b, p.local), span), span);
}

function localType(b: CellBuilder, local: number): Type {
  return b.cell.locals[local]?.type ?? ANY;
}

/** A register of exactly `type`, after the test that the value has it. */
function narrow(b: CellBuilder, value: Register, type: Type, fail: Label, span: Span): Register {
  const from = registerType(b, value);
  if (sameType(from, type)) return value;
  const test = newRegister(b, BOOL);
  if (from.kind === "option" && sameType(from.item, type)) {
    emit(b, span, "is_null", test, value);
    emit(b, span, "jump_if", test, fail);
  } else {
    emit(b, span, "type_test", test, value, b.tables.types.indexOf(type));
    emit(b, span, "jump_unless", test, fail);
  }
  return asType(b, value, type, span);
}

function constRegister(b: CellBuilder, value: HirConst, span: Span): Register {
  const types: Readonly<Record<HirConst["kind"], Type>> = {
    null: NULL,
    bool: BOOL,
    int: INT,
    float: FLOAT,
    string: STRING,
    bytes: { kind: "bytes" },
  };
  const register = newRegister(b, types[value.kind]);
  emit(b, span, "const", register, constantIndex(b, value));
  return register;
}

function testConst(
  b: CellBuilder,
  p: HirPattern & { kind: "const" },
  value: Register,
  fail: Label,
): void {
  const { span } = p;
  const test = newRegister(b, BOOL);
  const type = registerType(b, value);
  if (p.value.kind === "null") {
    emit(b, span, "is_null", test, value);
    emit(b, span, "jump_unless", test, fail);
    return;
  }
  if (p.value.kind === "bool" && type.kind === "bool") {
    emit(b, span, p.value.value ? "jump_unless" : "jump_if", value, fail);
    return;
  }
  const constant = constRegister(b, p.value, span);
  const kind = p.value.kind;
  const same = kind === type.kind && (kind === "int" || kind === "float" || kind === "string");
  emit(b, span, same ? (`eq_${kind}` as const) : "eq", test, value, constant);
  emit(b, span, "jump_unless", test, fail);
}

function testRange(
  b: CellBuilder,
  p: HirPattern & { kind: "range" },
  value: Register,
  fail: Label,
): void {
  const { span } = p;
  const type: Type = p.start.kind === "int" ? INT : FLOAT;
  const inner = narrow(b, value, type, fail, span);
  const suffix = p.start.kind === "int" ? "int" : "float";
  const test = newRegister(b, BOOL);
  emit(b, span, `le_${suffix}`, test, constRegister(b, p.start, span), inner);
  emit(b, span, "jump_unless", test, fail);
  emit(
    b,
    span,
    p.inclusive ? (`le_${suffix}` as const) : (`lt_${suffix}` as const),
    test,
    inner,
    constRegister(b, p.end, span),
  );
  emit(b, span, "jump_unless", test, fail);
}

function matchVariant(
  b: CellBuilder,
  p: HirPattern & { kind: "variant" },
  value: Register,
  fail: Label,
): void {
  const { span } = p;
  const type = variantType(p);
  const inner = narrow(b, value, type, fail, span);
  const tag = newRegister(b, INT);
  const test = newRegister(b, BOOL);
  const single = p.decl !== null && p.decl.variants.length === 1;
  if (!single) {
    emit(b, span, "variant_tag", tag, inner);
    emit(b, span, "eq_int", test, tag, intRegister(b, p.tag, span));
    emit(b, span, "jump_unless", test, fail);
  }
  const types = payloadTypes(p, type);
  p.args.forEach((arg, i) => {
    if (arg === null || arg.kind === "wildcard") return;
    const part = newRegister(b, types[i] ?? ANY);
    const declared = p.decl?.variants[p.tag]?.payload[i]?.type;
    const held =
      p.decl === null || declared === undefined ? (types[i] ?? ANY) : erasedPart(p.decl, declared);
    emitTyped(b, held, part, span, (w) => emit(b, span, "payload_get", w, inner, i));
    lowerPattern(b, arg, part, fail);
  });
}

function variantType(p: HirPattern & { kind: "variant" }): Type {
  const subject = p.subject.kind === "option" ? p.subject.item : p.subject;
  if (p.decl === null)
    return subject.kind === "result" ? subject : { kind: "result", ok: ANY, error: ANY };
  if (subject.kind === "enum" && subject.decl === p.decl) return subject;
  return { kind: "enum", decl: p.decl, args: p.decl.generics.map(() => ANY) };
}

function payloadTypes(p: HirPattern & { kind: "variant" }, type: Type): readonly Type[] {
  if (type.kind === "result") return [p.tag === 0 ? type.ok : type.error];
  if (type.kind !== "enum" || p.decl === null) return [];
  return seeVariant(p.decl, p.tag, type.args, p.span.start)?.payload ?? [];
}

function matchRecord(
  b: CellBuilder,
  p: HirPattern & { kind: "record" },
  value: Register,
  fail: Label,
): void {
  const subject = p.subject.kind === "option" ? p.subject.item : p.subject;
  const type: Type =
    subject.kind === "record" && subject.decl === p.decl
      ? subject
      : { kind: "record", decl: p.decl, args: p.decl.generics.map(() => ANY) };
  const inner = narrow(b, value, type, fail, p.span);
  const bindings = bindParams(p.decl.generics, type.kind === "record" ? type.args : []);
  p.fields.forEach((field, i) => {
    if (field === null || field.kind === "wildcard") return;
    const part = newRegister(b, substitute(p.decl.fields[i]?.type ?? ANY, bindings));
    const held = erasedPart(p.decl, p.decl.fields[i]?.type ?? ANY);
    emitTyped(b, held, part, p.span, (w) => emit(b, p.span, "field_get", w, inner, i));
    lowerPattern(b, field, part, fail);
  });
}

function matchTuple(
  b: CellBuilder,
  p: HirPattern & { kind: "tuple" },
  value: Register,
  fail: Label,
): void {
  const subject = p.subject.kind === "option" ? p.subject.item : p.subject;
  const known = subject.kind === "tuple";
  const type: Type = known ? subject : { kind: "tuple", items: p.items.map(() => ANY) };
  const inner = narrow(b, value, type, fail, p.span);
  p.items.forEach((item, i) => {
    if (item.kind === "wildcard") return;
    const part = newRegister(b, type.kind === "tuple" ? (type.items[i] ?? ANY) : ANY);
    emit(b, p.span, "tuple_get", part, inner, i);
    lowerPattern(b, item, part, fail);
  });
}

function matchList(
  b: CellBuilder,
  p: HirPattern & { kind: "list" },
  value: Register,
  fail: Label,
): void {
  const { span } = p;
  const subject = p.subject.kind === "option" ? p.subject.item : p.subject;
  const type = subject.kind === "list" ? subject : listOf(ANY);
  const inner = narrow(b, value, type, fail, span);
  const length = newRegister(b, INT);
  const test = newRegister(b, BOOL);
  const least = intRegister(b, p.before.length + p.after.length, span);
  emit(b, span, "list_length", length, inner);
  if (p.rest === null) emit(b, span, "eq_int", test, length, least);
  else emit(b, span, "le_int", test, least, length);
  emit(b, span, "jump_unless", test, fail);
  const item = type.kind === "list" ? type.item : ANY;
  const match = (pattern: HirPattern, index: number): void => {
    if (pattern.kind === "wildcard") return;
    const part = newRegister(b, item);
    emit(b, span, "list_get", part, inner, intRegister(b, index, span));
    lowerPattern(b, pattern, part, fail);
  };
  for (const [i, pattern] of p.before.entries()) match(pattern, i);
  for (const [i, pattern] of p.after.entries()) match(pattern, i - p.after.length);
  if (p.rest === null || p.rest.local === null) return;
  const end = newRegister(b, INT);
  emit(b, span, "sub_int", end, length, intRegister(b, p.after.length, span));
  const rest = newRegister(b, type);
  emit(b, span, "slice", rest, inner, intRegister(b, p.before.length, span), end);
  transfer(b, registerOf(b, p.rest.local), rest, span);
}

/** `{a, b}`: on a map every key must be there; on a record the fields are known. */
function matchFields(
  b: CellBuilder,
  p: HirPattern & { kind: "fields" },
  value: Register,
  fail: Label,
): void {
  const { span } = p;
  if (acceptsNull(registerType(b, value))) {
    const isNull = newRegister(b, BOOL);
    emit(b, span, "is_null", isNull, value);
    emit(b, span, "jump_if", isNull, fail);
  }
  const subject = p.subject.kind === "option" ? p.subject.item : p.subject;
  p.names.forEach((name, i) => {
    const local = p.locals[i];
    if (local === undefined) return;
    if (subject.kind !== "record") testHasField(b, value, name, fail, span);
    const dest = registerOf(b, local);
    emitTyped(b, ANY, dest, span, (w) => emit(b, span, "field", w, value, stringIndex(b, name)));
  });
}

function testHasField(
  b: CellBuilder,
  value: Register,
  name: string,
  fail: Label,
  span: Span,
): void {
  const test = newRegister(b, BOOL);
  const key = constRegister(b, { kind: "string", value: name }, span);
  emit(b, span, "call_builtin", test, builtinRow("has_field$").number, [value, key]);
  emit(b, span, "jump_unless", test, fail);
}
