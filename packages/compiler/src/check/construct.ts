// Construction of records and variants (language 5): arguments to fields, defaults, generic
// arguments.

import type { Span } from "@lumen/core/diagnostic";
import type { Arg } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { EnumSymbol, RecordSymbol, Type } from "../hir/type.ts";
import { didYouMean, plainName, type VariantRef } from "../resolve/scope.ts";
import { seeVariant } from "../types/gadt.ts";
import { acceptsNull, bindParams, inferParams, substitute } from "../types/relations.ts";
import { ANY, NULL, OPEN } from "../types/simple-types.ts";
import { countOf } from "./arguments.ts";
import { constant, errorExpr, temporary } from "./build.ts";
import { claimRecord } from "./claims.ts";
import { type CellContext, complain, noteTypeUse } from "./context.ts";
import { convert } from "./convert.ts";
import { solvedHint } from "./hints.ts";
import { checkExpr } from "./recursion.ts";

/** `Point(x: 1, y: 2)`; unknown field E0204, missing field E0200. */
export function constructRecord(
  c: CellContext,
  decl: RecordSymbol,
  args: readonly Arg[],
  span: Span,
  expected: Type | null,
): HirExpr {
  noteTypeUse(c, decl, span);
  const bindings = expectedBindings(decl, expected);
  const slots = placeArgs(c, decl, args);
  const given = new Map<number, HirExpr>();
  for (const [index, arg] of slots) {
    const field = decl.fields[index];
    if (field === undefined) continue;
    const value = checkExpr(c, arg.value, solvedHint(field.type, bindings, decl.generics));
    inferParams(field.type, value.type, bindings);
    given.set(index, value);
  }
  const typeArgs = decl.generics.map((g) => bindings.get(g) ?? OPEN);
  const type: Type = { kind: "record", decl, args: typeArgs };
  const missing = decl.fields.filter((f, i) => !given.has(i) && f.default === null);
  // A misspelt field is reported already, and is the one that is missing.
  if (missing.length > 0 && (slots.size < args.length || decl.isBroken))
    return { ...errorExpr(span), type };
  if (missing.length > 0) {
    const names = missing.map((f) => `'${f.name}'`).join(", ");
    complain(c, "E0200", span, `missing field ${names} in '${decl.name}'`, {
      expected: decl.fields.map((f) => f.name).join(", "),
      help: "Give every field that has no default.",
    });
    return { ...errorExpr(span), type };
  }
  const fieldTypes = decl.fields.map((f) =>
    substitute(f.type, bindParams(decl.generics, typeArgs)),
  );
  return assemble(c, decl, given, [...slots.keys()], fieldTypes, type, span);
}

/** Puts values into declaration order; temporaries keep the written order of evaluation. */
function assemble(
  c: CellContext,
  decl: RecordSymbol,
  given: ReadonlyMap<number, HirExpr>,
  written: readonly number[],
  types: readonly Type[],
  type: Type,
  span: Span,
): HirExpr {
  const fitted = (index: number): HirExpr => {
    const value = given.get(index) ?? errorExpr(span);
    return convert(c, value, types[index] ?? ANY, `field '${decl.fields[index]?.name}'`);
  };
  const values = new Map(written.map((index): [number, HirExpr] => [index, fitted(index)]));
  claimRecord(c, decl, values, span);
  const inOrder = written.every((index, i) => index === i) && given.size === decl.fields.length;
  if (inOrder) return { kind: "record", decl, fields: [...values.values()], type, span };
  const temps = new Map<number, ReturnType<typeof temporary>>();
  for (const [index, value] of values) temps.set(index, temporary(c, value));
  const wrap: ((body: HirExpr) => HirExpr)[] = written.map(
    (i) => (body) => temps.get(i)?.bind(body) ?? body,
  );
  const fields: HirExpr[] = [];
  decl.fields.forEach((field, index) => {
    const temp = temps.get(index);
    if (temp !== undefined) {
      fields.push(temp.read);
      return;
    }
    const call: HirExpr = {
      kind: "call",
      callee: field.default ?? { module: decl.module, name: "" },
      args: [...fields],
      type: types[index] ?? ANY,
      span,
    };
    const computed = temporary(c, call);
    wrap.push(computed.bind);
    fields.push(computed.read);
  });
  const record: HirExpr = { kind: "record", decl, fields, type, span };
  return wrap.reduceRight<HirExpr>((body, bind) => bind(body), record);
}

/** Field number → argument, in the order written. */
function placeArgs(
  c: CellContext,
  decl: RecordSymbol,
  args: readonly Arg[],
): ReadonlyMap<number, Arg> {
  const names = decl.fields.map((f) => f.name);
  const placed = new Map<number, Arg>();
  const punnedName = (a: Arg): string =>
    a.name === null && a.value.kind === "name" ? plainName(a.value.name) : "";
  const punned = args.length > 0 && args.every((a) => names.includes(punnedName(a)));
  args.forEach((arg, position) => {
    const name = arg.name?.text ?? (punned ? punnedName(arg) : null);
    const index = name === null ? position : names.indexOf(name);
    const span = arg.name?.span ?? arg.value.span;
    if (arg.spread) {
      complain(c, "E0203", span, `a record takes no '...' argument`, {
        help: "Assign to a copy: `let mut b = a`, then `b.field = value`; `a` stays as it was.",
      });
    } else if (index < 0 || (index >= names.length && decl.isBroken)) {
      if (decl.isBroken) return;
      complain(
        c,
        "E0204",
        span,
        `record '${decl.name}' has no field '${name}'${didYouMean(name ?? "", names)}`,
        {
          expected: names.join(", "),
          found: name ?? "",
        },
      );
    } else if (index >= names.length) {
      complain(
        c,
        "E0203",
        span,
        `'${decl.name}' has ${names.length} fields, got ${args.length} arguments`,
      );
    } else if (placed.has(index)) {
      complain(c, "E0203", span, `field '${names[index]}' is given twice`);
    } else placed.set(index, arg);
  });
  return placed;
}

/** Two enums have the variant and nothing decides: the one declared first is meant (language 5). */
function warnOfShared(c: CellContext, name: string, refs: readonly VariantRef[], span: Span): void {
  const enums = refs.map((r) => r.symbol.name);
  const [first = ""] = enums;
  const message = `variant '${name}' is declared by ${enums.join(" and ")}; '${first}' is meant`;
  complain(c, "E0105", span, message, {
    severity: "warning",
    help: `Write '${first}.${name}'.`,
  });
}

const NO_VARIANTS: readonly VariantRef[] = [];

/** `Circle(2.0)`, `Circle(radius: 2.0)`, `Red`. Null when no visible enum has the variant. */
export function constructVariant(
  c: CellContext,
  name: string,
  args: readonly Arg[] | null,
  span: Span,
  expected: Type | null,
  owner?: EnumSymbol,
): HirExpr | null {
  const named = c.scope.variants.get(name) ?? NO_VARIANTS;
  if (named.length === 0 && owner === undefined) return null;
  const refs = owner === undefined ? named : named.filter((r) => r.symbol === owner);
  const wanted =
    expected?.kind === "option"
      ? expected.item
      : expected?.kind === "result"
        ? expected.ok
        : expected;
  const decided = refs.find((r) => wanted?.kind === "enum" && r.symbol === wanted.decl);
  const ref = decided ?? refs[0] ?? ownVariant(owner, name);
  if (ref === undefined) return null;
  if (decided === undefined && refs.length > 1) warnOfShared(c, name, refs, span);
  const decl = ref.symbol;
  const variant = decl.variants[ref.tag];
  if (variant === undefined) return null;
  noteTypeUse(c, decl, span);
  const bindings = variantBindings(decl, ref.tag, wanted ?? null, span);
  const labels = variant.payload.map((p) => p.label);
  const values = placePayload(
    c,
    name,
    labels,
    args ?? [],
    variant.payload.map((p) => p.type),
    span,
  );
  const payload = values.map((arg, i) => {
    const type = variant.payload[i]?.type ?? ANY;
    if (arg === null) return errorOrNull(type, span);
    const value = checkExpr(c, arg.value, solvedHint(type, bindings, decl.generics));
    inferParams(type, value.type, bindings);
    return value;
  });
  const open = decl.generics.map((g) => bindings.get(g) ?? OPEN);
  const closed = bindParams(decl.generics, open);
  const typeArgs = variant.result?.map((t) => substitute(t, closed)) ?? open;
  const types = variant.payload.map((p) => substitute(p.type, closed));
  const fitted = payload.map((v, i) => convert(c, v, types[i] ?? ANY, `payload of '${name}'`));
  return {
    kind: "variant",
    decl,
    tag: ref.tag,
    payload: fitted,
    type: { kind: "enum", decl, args: typeArgs },
    span,
  };
}

/** A variant with a result type takes from the expected type what that type says (19.2). */
function variantBindings(
  decl: EnumSymbol,
  tag: number,
  expected: Type | null,
  span: Span,
): Map<string, Type> {
  if (decl.variants[tag]?.result === null) return expectedBindings(decl, expected);
  if (expected?.kind !== "enum" || expected.decl !== decl) return new Map();
  const seen = seeVariant(decl, tag, expected.args, span.start);
  if (seen === null || seen.refinement.size > 0) return new Map();
  return new Map([...seen.own].filter(([, type]) => type.kind !== "param"));
}

function ownVariant(
  owner: EnumSymbol | undefined,
  name: string,
): { symbol: EnumSymbol; tag: number } | undefined {
  if (owner === undefined) return undefined;
  const tag = owner.variants.findIndex((v) => v.name === name);
  return tag < 0 ? undefined : { symbol: owner, tag };
}

function errorOrNull(type: Type, span: Span): HirExpr {
  return acceptsNull(type) ? constant({ kind: "null" }, NULL, span) : errorExpr(span);
}

function placePayload(
  c: CellContext,
  name: string,
  labels: readonly (string | null)[],
  args: readonly Arg[],
  types: readonly Type[],
  span: Span,
): readonly (Arg | null)[] {
  const placed: (Arg | null)[] = labels.map(() => null);
  const known = labels.filter((l) => l !== null);
  args.forEach((arg, position) => {
    const index = arg.name === null ? position : labels.indexOf(arg.name.text);
    if (index < 0) {
      complain(
        c,
        "E0203",
        arg.name?.span ?? span,
        `variant '${name}' has no payload '${arg.name?.text}'${didYouMean(arg.name?.text ?? "", known)}`,
        known.length === 0 ? {} : { expected: known.join(", "), found: arg.name?.text ?? "" },
      );
    } else if (index < labels.length) placed[index] = arg;
  });
  if (args.some((a) => a.name !== null && !labels.includes(a.name.text))) return placed;
  const absent = placed.some((p, i) => p === null && !acceptsNull(types[i] ?? ANY));
  if (args.length > labels.length || absent) {
    complain(
      c,
      "E0203",
      span,
      `variant '${name}' has ${countOf(labels.length, "payload")}, got ${args.length}`,
      {
        expected: String(labels.length),
        found: String(args.length),
      },
    );
  }
  return placed;
}

/** Generic arguments that the expected type already fixes. */
function expectedBindings(
  decl: RecordSymbol | EnumSymbol,
  expected: Type | null,
): Map<string, Type> {
  const bindings = new Map<string, Type>();
  if ((expected?.kind === "record" || expected?.kind === "enum") && expected.decl === decl) {
    decl.generics.forEach((g, i) => {
      const arg = expected.args[i];
      if (arg !== undefined && arg.kind !== "error") bindings.set(g, arg);
    });
  }
  return bindings;
}
