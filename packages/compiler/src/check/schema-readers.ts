// Cells that read values of Json as a type, for `expect schema` (language 7). One for each type met
// in the schema; what they share stands in the prelude, under Schemas.

import type { Span } from "@lumen/core/diagnostic";
import type { HirExpr } from "../hir/hir.ts";
import type { CellRef, EnumSymbol, RecordSymbol, Type } from "../hir/type.ts";
import { fillParams } from "../types/map-params.ts";
import { bindParams, NO_BINDINGS, substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import {
  ANY,
  BOOL,
  INT,
  isGadt,
  listOf,
  NULL,
  optionOf,
  STRING,
  sameType,
} from "../types/simple-types.ts";
import { constant, temporary } from "./build.ts";
import { type CellContext, readLocal, topOf } from "./context.ts";
import { conversion } from "./convert.ts";
import { callPrelude } from "./generated.ts";
import { hiddenCell } from "./hidden-cells.ts";
import { answeredProb, isProb } from "./prob.ts";
import { shed } from "./shed.ts";

/** The whole value, the name of the schema, the path to the part being read. */
const PLACE: Type = { kind: "tuple", items: [ANY, STRING, STRING] };

/** The value, whose type is Any, as a `type`: as it is where it is one, else read by its reader. */
export function readSchema(c: CellContext, value: HirExpr, type: Type, span: Span): HirExpr {
  const items = [value, text(renderType(type), span), text("$", span)];
  const at: HirExpr = { kind: "tuple", items, type: PLACE, span };
  return ifFits(value, type, conversion(call(c, { c, span }, type, value, at), type));
}

/** The value itself where it is a T in all its parts. */
function ifFits(value: HirExpr, type: Type, otherwise: HirExpr): HirExpr {
  const { span } = value;
  const test = { kind: "conforms", type } as const;
  const fits: HirExpr = { kind: "is", value, test, type: BOOL, span };
  return {
    kind: "if",
    condition: { kind: "expr", value: fits },
    consequent: conversion(value, type),
    otherwise,
    type,
    span,
  };
}

/** The cell that the readers belong to, and the place in it that needs them. */
interface Owner {
  readonly c: CellContext;
  readonly span: Span;
}

/** A call of the reader of a type, from the cell `c`, which may be a reader itself. */
function call(c: CellContext, owner: Owner, type: Type, value: HirExpr, at: HirExpr): HirExpr {
  const { span } = owner;
  const callee = readerOf(owner, type);
  c.causes.push({ kind: "call", callee, span });
  return { kind: "call", callee, args: [value, at], type: withoutParams(type), span };
}

/** The reader of a type as a function value. */
function reader(c: CellContext, owner: Owner, type: Type): HirExpr {
  const { span } = owner;
  const cell = readerOf(owner, type);
  c.causes.push({ kind: "call", callee: cell, span });
  const fn: Type = { kind: "fn", params: [ANY, PLACE], result: withoutParams(type), row: null };
  return { kind: "closure", cell, captures: [], type: fn, span };
}

/** Cells are compiled once for all types: what a parameter stands for is not known. */
function withoutParams(type: Type): Type {
  return fillParams(type, { bindings: NO_BINDINGS, unbound: ANY, names: null });
}

function readerOf(owner: Owner, written: Type): CellRef {
  const { c, span } = owner;
  const type = withoutParams(written);
  const top = topOf(c);
  const known = c.readers.find((r) => sameType(r.type, type));
  if (known !== undefined) return known.cell;
  const name = `${top.name}$schema${c.readers.length}`;
  const cell = { module: c.scope.source.name, name };
  // Known before it is made: a record may hold itself.
  c.readers.push({ type, cell });
  const params = [
    { name: "v", type: ANY, span },
    { name: "at", type: PLACE, span },
  ];
  const made = hiddenCell(c.session, c.scope, name, [], params, type, span, (inner) =>
    conversion(bodyOf({ c: inner, owner, span }, type), type),
  );
  c.hidden.push(shed(c.session, made));
  return cell;
}

/** A reader while it is made: its value is local 0, its place local 1. */
interface Reading {
  readonly c: CellContext;
  readonly owner: Owner;
  readonly span: Span;
}

function bodyOf(r: Reading, type: Type): HirExpr {
  const value = readLocal(r.c, 0, r.span);
  switch (type.kind) {
    case "list":
      return prelude(r, "schema_list", listOf(ANY), [expected(r, type), part(r, type.item)]);
    case "map": {
      const keys = text(renderType(type.key), r.span);
      const parts = [expected(r, type), keys, part(r, type.key), part(r, type.value)];
      return prelude(r, "schema_map", ANY, parts);
    }
    case "option":
      return presentOr(r, type);
    default:
      return ifFits(value, type, conversion(ofOtherKind(r, type), type));
  }
}

function ofOtherKind(r: Reading, type: Type): HirExpr {
  switch (type.kind) {
    case "int":
      return prelude(r, "schema_int", ANY, []);
    case "float":
      return prelude(r, "schema_float", ANY, []);
    case "bytes":
      return bytes(r);
    case "set":
      return prelude(r, "schema_set", ANY, [expected(r, type), part(r, type.item)]);
    case "tuple":
      return tuple(r, type);
    case "result":
      return prelude(r, "schema_result", ANY, [part(r, type.ok), part(r, type.error)]);
    case "record":
      return isProb(type) ? scored(r, type) : record(r, type);
    case "enum":
      return isGadt(type.decl) ? wrong(r, type) : variant(r, type);
    default:
      return wrong(r, type);
  }
}

/** A call of the prelude with the value and its place in front. */
function prelude(r: Reading, name: string, type: Type, more: readonly HirExpr[]): HirExpr {
  const own = [readLocal(r.c, 0, r.span), readLocal(r.c, 1, r.span)];
  return callPrelude(r.c, name, [...own, ...more], type, r.span);
}

function part(r: Reading, type: Type): HirExpr {
  return reader(r.c, r.owner, type);
}

function expected(r: Reading, type: Type): HirExpr {
  return text(renderType(type), r.span);
}

function text(value: string, span: Span): HirExpr {
  return constant({ kind: "string", value }, STRING, span);
}

function int(value: number, span: Span): HirExpr {
  return constant({ kind: "int", value: BigInt(value) }, INT, span);
}

/** Faults with what was expected; of no type, so that it stands for any value. */
function wrong(r: Reading, type: Type): HirExpr {
  const at = readLocal(r.c, 1, r.span);
  const args = [at, expected(r, type), readLocal(r.c, 0, r.span)];
  return conversion(callPrelude(r.c, "schema_wrong", args, NULL, r.span), ANY);
}

function presentOr(r: Reading, type: Type & { readonly kind: "option" }): HirExpr {
  const { c, owner, span } = r;
  const present = callPrelude(c, "schema_present", [readLocal(c, 0, span)], ANY, span);
  const kept = temporary(c, present);
  const isNull: HirExpr = { kind: "isNull", value: kept.read, type: BOOL, span };
  return kept.bind({
    kind: "if",
    condition: { kind: "expr", value: isNull },
    consequent: conversion(constant({ kind: "null" }, NULL, span), type),
    otherwise: conversion(call(c, owner, type.item, kept.read, readLocal(c, 1, span)), type),
    type,
    span,
  });
}

function bytes(r: Reading): HirExpr {
  const { c, span } = r;
  const type = optionOf({ kind: "bytes" });
  const args = [readLocal(c, 0, span)];
  const decoded = temporary(c, { kind: "callBuiltin", builtin: "json_bytes$", args, type, span });
  const isNull: HirExpr = { kind: "isNull", value: decoded.read, type: BOOL, span };
  return decoded.bind({
    kind: "if",
    condition: { kind: "expr", value: isNull },
    consequent: wrong(r, { kind: "bytes" }),
    otherwise: conversion(decoded.read, ANY),
    type: ANY,
    span,
  });
}

/** The place of a part. */
function step(r: Reading, way: string): HirExpr {
  const { c, span } = r;
  return callPrelude(c, "schema_step", [readLocal(c, 1, span), text(way, span)], PLACE, span);
}

function item(items: HirExpr, index: number): HirExpr {
  const { span } = items;
  return { kind: "index", how: "list", value: items, index: int(index, span), type: ANY, span };
}

function tuple(r: Reading, type: Type & { readonly kind: "tuple" }): HirExpr {
  const { c, owner, span } = r;
  const count = int(type.items.length, span);
  const kept = temporary(c, prelude(r, "schema_tuple", listOf(ANY), [expected(r, type), count]));
  const items = type.items.map((t, i) => call(c, owner, t, item(kept.read, i), step(r, `[${i}]`)));
  return kept.bind({ kind: "tuple", items, type, span });
}

/** A distribution: an answer with its confidence, or a plain value (language 19.4). */
function scored(r: Reading, type: Type & { readonly kind: "record" }): HirExpr {
  const inner = type.args[0] ?? ANY;
  return answeredProb(r.c, readLocal(r.c, 0, r.span), type, (value) =>
    call(r.c, r.owner, inner, value, readLocal(r.c, 1, r.span)),
  );
}

/** Fields as the map has them, with the defaults of those that it does not have. */
function record(r: Reading, type: Type & { readonly kind: "record" }): HirExpr {
  const { c, span } = r;
  const { decl } = type;
  const object = temporary(c, prelude(r, "schema_object", ANY, [text(decl.name, span)]));
  const types = partTypes(decl, type.args, decl.fields);
  let wrap: (body: HirExpr) => HirExpr = object.bind;
  const fields: HirExpr[] = [];
  decl.fields.forEach((_field, i) => {
    const value = field(r, decl, i, { object: object.read, type: types[i] ?? ANY, before: fields });
    const kept = temporary(c, value);
    const outer = wrap;
    wrap = (body) => outer(kept.bind(body));
    fields.push(kept.read);
  });
  return wrap({ kind: "record", decl, fields, type, span });
}

interface FieldReading {
  readonly object: HirExpr;
  readonly type: Type;
  /** The fields in front of it, which its default may use. */
  readonly before: readonly HirExpr[];
}

function field(
  r: Reading,
  decl: RecordSymbol,
  index: number,
  { object, type, before }: FieldReading,
): HirExpr {
  const { c, owner, span } = r;
  const { name = "", default: computed = null } = decl.fields[index] ?? {};
  const at = readLocal(c, 1, span);
  const key = text(name, span);
  const args = [object, at, key, expected(r, type)];
  const found = callPrelude(c, "schema_field", args, ANY, span);
  const given = conversion(call(c, owner, type, found, step(r, `.${name}`)), type);
  if (computed === null && type.kind !== "option") return given;
  const missing: HirExpr =
    computed === null
      ? constant({ kind: "null" }, NULL, span)
      : { kind: "call", callee: computed, args: [...before], type, span };
  const has: HirExpr = {
    kind: "callBuiltin",
    builtin: "has_key",
    args: [object, key],
    type: BOOL,
    span,
  };
  return {
    kind: "if",
    condition: { kind: "expr", value: has },
    consequent: given,
    otherwise: conversion(missing, type),
    type,
    span,
  };
}

function partTypes(
  decl: RecordSymbol | EnumSymbol,
  args: readonly Type[],
  parts: readonly { readonly type: Type }[],
): readonly Type[] {
  const bindings = bindParams(decl.generics, args);
  return parts.map((p) => withoutParams(substitute(p.type, bindings)));
}

/** The variant that the value names, with what it carries. */
function variant(r: Reading, type: Type & { readonly kind: "enum" }): HirExpr {
  const { c, span } = r;
  const { variants } = type.decl;
  const many = (values: readonly HirExpr[], item: Type): HirExpr => ({
    kind: "list",
    items: values.map((value) => ({ spread: false, value })),
    type: listOf(item),
    span,
  });
  const names = many(
    variants.map((v) => text(v.name, span)),
    STRING,
  );
  const counts = many(
    variants.map((v) => int(v.payload.length, span)),
    INT,
  );
  const shown = text(`${type.decl.name}: ${variants.map(variantText).join(" or ")}`, span);
  const found: Type = { kind: "tuple", items: [INT, listOf(ANY)] };
  const kept = temporary(c, prelude(r, "schema_variant", found, [shown, names, counts]));
  const component = (index: number, of: Type): HirExpr => ({
    kind: "component",
    value: kept.read,
    index,
    type: of,
    span,
  });
  const made = variants.map((_v, tag) => variantOf(r, type, tag, component(1, listOf(ANY))));
  return kept.bind(
    made.reduceRight((otherwise, consequent, tag) => {
      const [left, right] = [component(0, INT), int(tag, span)];
      const is: HirExpr = {
        kind: "compare",
        op: "==",
        operands: "int",
        left,
        right,
        type: BOOL,
        span,
      };
      return {
        kind: "if",
        condition: { kind: "expr", value: is },
        consequent,
        otherwise,
        type,
        span,
      };
    }),
  );
}

function variantText({ name, payload }: EnumSymbol["variants"][number]): string {
  return payload.length === 0 ? `"${name}"` : `{"${name}": …}`;
}

function variantOf(
  r: Reading,
  type: Type & { readonly kind: "enum" },
  tag: number,
  carried: HirExpr,
): HirExpr {
  const { c, owner, span } = r;
  const { name = "", payload = [] } = type.decl.variants[tag] ?? {};
  const types = partTypes(type.decl, type.args, payload);
  const values = types.map((t, i) => {
    const way = types.length === 1 ? `.${name}` : `.${name}[${i}]`;
    return call(c, owner, t, item(carried, i), step(r, way));
  });
  return { kind: "variant", decl: type.decl, tag, payload: values, type, span };
}
