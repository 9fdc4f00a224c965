// Lowering of lists, sets, maps, records and variants.

import { builtinRow } from "@lumen/core/builtins";
import { ARITH_OPS } from "@lumen/core/lir";
import type { HirExpr } from "../hir/hir.ts";
import { ANY, NULL } from "../types/simple-types.ts";
import {
  type CellBuilder,
  calleeIndex,
  emit,
  newLabel,
  newRegister,
  place,
  type Register,
  registerType,
} from "./cell-builder.ts";
import { asType, transfer } from "./convert.ts";
import { iteratedItem, iteratorOver } from "./iteration.ts";
import { emitTyped, lower, lowerAll } from "./recursion.ts";

/** A list or set; `...iterable` elements are appended one by one. */
export function lowerCollection(
  b: CellBuilder,
  e: HirExpr & { kind: "list" | "set" },
  dest: Register,
): void {
  const { span } = e;
  const op = e.kind === "list" ? "list_new" : "set_new";
  if (!e.items.some((i) => i.spread)) {
    emit(
      b,
      span,
      op,
      dest,
      lowerAll(
        b,
        e.items.map((i) => i.value),
      ),
    );
    return;
  }
  const whole = newRegister(b, e.type);
  emit(b, span, op, whole, []);
  const add = (value: Register): void => {
    if (e.kind === "list") emit(b, span, "list_append", whole, whole, value);
    else emit(b, span, "call_builtin", whole, builtinRow("add").number, [whole, value]);
  };
  const itemType = e.type.kind === "list" || e.type.kind === "set" ? e.type.item : ANY;
  for (const item of e.items) {
    const value = lower(b, item.value);
    if (!item.spread) add(value);
    else eachItem(b, value, (found) => add(asType(b, found, itemType, span)), e);
  }
  transfer(b, dest, whole, span);
}

/** Runs `body` for each item of an iterable. */
function eachItem(
  b: CellBuilder,
  iterable: Register,
  body: (item: Register) => void,
  e: HirExpr,
): void {
  const type = iteratedItem(registerType(b, iterable));
  const iterator = newRegister(b, iteratorOver(type));
  const item = newRegister(b, type);
  const head = newLabel();
  const exit = newLabel();
  emit(b, e.span, "iter_new", iterator, iterable);
  place(b, head);
  emit(b, e.span, "iter_next", item, iterator, exit);
  body(item);
  emit(b, e.span, "jump", head);
  place(b, exit);
}

/** A map; `...map` entries are joined in, later ones win. */
export function lowerMap(b: CellBuilder, e: HirExpr & { kind: "map" }, dest: Register): void {
  const { span } = e;
  if (e.entries.every((x) => x.value !== null)) {
    const flat = e.entries.flatMap((x) => (x.value === null ? [] : [x.key, x.value]));
    emit(b, span, "map_new", dest, lowerAll(b, flat));
    return;
  }
  const whole = newRegister(b, e.type);
  emit(b, span, "map_new", whole, []);
  for (const entry of e.entries) {
    const [key = 0, value = 0] = lowerAll(
      b,
      entry.value === null ? [entry.key] : [entry.key, entry.value],
    );
    if (entry.value !== null) emit(b, span, "place_set", whole, whole, [0, key], value);
    else
      emitTyped(b, ANY, whole, span, (w) =>
        emit(b, span, "arith", w, ARITH_OPS.indexOf("++"), whole, key),
      );
  }
  transfer(b, dest, whole, span);
}

/** A record; its constraints are checked on the field values before it is made. */
export function lowerRecord(b: CellBuilder, e: HirExpr & { kind: "record" }, dest: Register): void {
  const fields = lowerAll(b, e.fields);
  if (e.decl.check !== null) {
    emit(b, e.span, "call", newRegister(b, NULL), calleeIndex(b, e.decl.check), fields);
  }
  emit(b, e.span, "record_new", dest, fields);
}

/** A variant, `ok` and `err` included. */
export function lowerVariant(
  b: CellBuilder,
  e: HirExpr & { kind: "variant" },
  dest: Register,
): void {
  const payload = lowerAll(b, e.payload);
  const type = registerType(b, dest);
  const fitted =
    e.decl === null && type.kind === "result"
      ? payload.map((p) => asType(b, p, e.tag === 0 ? type.ok : type.error, e.span))
      : payload;
  emit(b, e.span, "variant_new", dest, e.tag, fitted);
}
