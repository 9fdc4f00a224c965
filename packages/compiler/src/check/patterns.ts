// Patterns (language 8): what they match against a static type, and the variables that they bind.

import type { Span } from "@lumen/core/diagnostic";
import type { LiteralValue, Pattern, PatternArg } from "@lumen/syntax";
import type { HirConst, HirPattern, LocalId } from "../hir/hir.ts";
import type { EnumSymbol, RecordSymbol, Type } from "../hir/type.ts";
import { findActivePattern } from "../resolve/active-patterns.ts";
import { didYouMean, plainName } from "../resolve/scope.ts";
import { seeVariant } from "../types/gadt.ts";
import { bindParams, isCompatible, type Substitution, substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import {
  ANY,
  BOOL,
  FLOAT,
  INT,
  listOf,
  NULL,
  STRING,
  sameType,
  withoutNull,
} from "../types/simple-types.ts";
import { activePattern } from "./active-patterns.ts";
import { countOf } from "./arguments.ts";
import {
  addLocal,
  type CellContext,
  complain,
  currentType,
  learn,
  noteTypeUse,
  refine,
} from "./context.ts";
import { narrowTo } from "./narrowing.ts";
import { qualifiedPattern } from "./qualified.ts";
import { typeTest } from "./type-tests.ts";

/** Types a pattern against its subject and declares its variables in the innermost block. */
export function checkPattern(c: CellContext, p: Pattern, subject: Type): HirPattern {
  return checkIn(c, p, subject, new Map());
}

/** The alternatives of an arm bind the same names to the same variables (E0200 otherwise). */
export function checkAlternatives(
  c: CellContext,
  patterns: readonly Pattern[],
  subject: Type,
): readonly HirPattern[] {
  const bound = new Map<string, LocalId>();
  const [first, ...others] = patterns;
  if (first === undefined) return [];
  const { refined } = c;
  const checked = [checkIn(c, first, subject, bound)];
  if (others.length === 0) return checked;
  const learned = [c.refined];
  const names = [...bound.keys()].sort().join(", ");
  for (const other of others) {
    const own = new Map<string, LocalId>();
    const shared: ReadonlyMap<string, LocalId> = bound;
    c.refined = refined;
    checked.push(checkIn(c, other, subject, own, shared));
    learned.push(c.refined);
    const found = [...own.keys()].sort().join(", ");
    if (found !== names) {
      complain(
        c,
        "E0200",
        other.span,
        `both sides of '|' must bind the same names: expected ${names || "none"}, got ${found || "none"}`,
      );
    }
  }
  c.refined = commonOf(learned);
  return checked;
}

/** What all alternatives say alike. */
function commonOf([first = new Map(), ...others]: readonly Substitution[]): Substitution {
  const agrees = (name: string, type: Type): boolean =>
    others.every((o) => sameType(o.get(name) ?? ANY, type));
  return new Map([...first].filter(([name, type]) => agrees(name, type)));
}

function checkIn(
  c: CellContext,
  p: Pattern,
  subject: Type,
  bound: Map<string, LocalId>,
  shared?: ReadonlyMap<string, LocalId>,
): HirPattern {
  const recur = (inner: Pattern, type: Type): HirPattern => checkIn(c, inner, type, bound, shared);
  const bind = (name: string, type: Type, span: Span): LocalId =>
    bindName(c, name, type, span, bound, shared);
  switch (p.kind) {
    case "wildcard":
    case "error":
      return { kind: "wildcard", span: p.span };
    case "name":
      return namePattern(c, p.name, subject, p.span, bind, recur);
    case "literal":
      return literalPattern(c, p.value, subject, p.span);
    case "range":
      return rangePattern(c, p, subject);
    case "constructor":
      return constructorPattern(c, p, subject, recur, bind);
    case "tuple":
      return tuplePattern(c, p, subject, recur);
    case "list": {
      const item = subject.kind === "list" ? subject.item : ANY;
      needs(c, subject, ["list"], "a list pattern", p.span);
      const before = p.before.map((x) => recur(x, item));
      const name = p.rest?.name ?? null;
      const rest =
        p.rest === null
          ? null
          : { local: name === null ? null : bind(name.text, listOf(item), name.span) };
      return {
        kind: "list",
        before,
        rest,
        after: p.after.map((x) => recur(x, item)),
        subject,
        span: p.span,
      };
    }
    case "fields": {
      const locals = p.names.map((n) =>
        bind(n.text, namedFieldType(c, subject, plainName(n.text), n.span), n.span),
      );
      const names = p.names.map((n) => plainName(n.text));
      return { kind: "fields", names, locals, subject, span: p.span };
    }
    case "typed": {
      const test = typeTest(c, p.type);
      const type = test.kind === "type" ? narrowTo(subject, test.type) : subject;
      return {
        kind: "typed",
        test,
        local: bind(p.name.text, type, p.name.span),
        subject,
        span: p.span,
      };
    }
  }
}

function bindName(
  c: CellContext,
  name: string,
  type: Type,
  span: Span,
  bound: Map<string, LocalId>,
  shared?: ReadonlyMap<string, LocalId>,
): LocalId {
  if (bound.has(name)) complain(c, "E0105", span, `'${name}' is bound twice in one pattern`);
  const existing = shared?.get(name);
  if (existing !== undefined && !isCompatible(type, currentType(c, existing))) {
    complain(
      c,
      "E0200",
      span,
      `'${name}' has type ${renderType(currentType(c, existing))} on the other side of '|', got ${renderType(type)}`,
    );
  }
  const local = existing ?? addLocal(c, name, type.kind === "never" ? NULL : type, span);
  bound.set(name, local);
  return local;
}

/** A bare name: a variant of the subject's enum, else a binder. */
function namePattern(
  c: CellContext,
  name: string,
  subject: Type,
  span: Span,
  bind: (name: string, type: Type, span: Span) => LocalId,
  recur: (inner: Pattern, type: Type) => HirPattern,
): HirPattern {
  const inner = withoutNull(subject);
  if (inner.kind === "enum") {
    const tag = inner.decl.variants.findIndex((v) => v.name === plainName(name));
    if (tag >= 0) return variantOf(c, inner.decl, tag, subject, span);
  }
  if (inner.kind === "any") {
    const ref = c.scope.variants.get(name)?.[0];
    if (ref !== undefined) return variantOf(c, ref.symbol, ref.tag, subject, span);
  }
  const active = findActivePattern(c.scope, name);
  if (active !== null) {
    const use = { ...active, name: plainName(name), args: null, subject, span, recur };
    return activePattern(c, use);
  }
  return { kind: "bind", local: bind(name, subject, span), subject, span };
}

function variantOf(
  c: CellContext,
  decl: EnumSymbol,
  tag: number,
  subject: Type,
  span: Span,
): HirPattern {
  noteTypeUse(c, decl, span);
  seePattern(c, decl, tag, subject, span);
  const args = decl.variants[tag]?.payload.map(() => null) ?? [];
  return { kind: "variant", decl, tag, args, subject, span };
}

function literalPattern(
  c: CellContext,
  value: LiteralValue,
  subject: Type,
  span: Span,
): HirPattern {
  const [constant, type] = literalOf(value, subject);
  if (!isCompatible(type, subject) && !(type.kind === "null")) {
    const expected = renderType(subject);
    const found = renderType(type);
    complain(c, "E0200", span, `type mismatch in a pattern: expected ${expected}, got ${found}`, {
      expected,
      found,
    });
  }
  return { kind: "const", value: constant, subject, span };
}

function literalOf(value: LiteralValue, subject: Type): readonly [HirConst, Type] {
  if (value === null) return [{ kind: "null" }, NULL];
  switch (typeof value) {
    case "boolean":
      return [{ kind: "bool", value }, BOOL];
    case "bigint":
      if (subject.kind === "float") return [{ kind: "float", value: Number(value) }, FLOAT];
      return [{ kind: "int", value }, INT];
    case "number":
      return [{ kind: "float", value }, FLOAT];
    default:
      return [{ kind: "string", value }, STRING];
  }
}

function rangePattern(c: CellContext, p: Pattern & { kind: "range" }, subject: Type): HirPattern {
  needs(c, subject, ["int", "float"], "a range pattern", p.span);
  const end = (value: number | bigint): HirConst =>
    p.isFloat || subject.kind === "float"
      ? { kind: "float", value: Number(value) }
      : { kind: "int", value: BigInt(value) };
  return {
    kind: "range",
    start: end(p.start),
    end: end(p.end),
    inclusive: p.inclusive,
    subject,
    span: p.span,
  };
}

function tuplePattern(
  c: CellContext,
  p: Pattern & { kind: "tuple" },
  subject: Type,
  recur: (inner: Pattern, type: Type) => HirPattern,
): HirPattern {
  needs(c, subject, ["tuple"], "a tuple pattern", p.span);
  const inner = withoutNull(subject);
  if (inner.kind === "tuple" && inner.items.length !== p.items.length) {
    complain(
      c,
      "E0200",
      p.span,
      `type mismatch in a pattern: expected a tuple of ${inner.items.length}, got ${p.items.length} components`,
      {
        expected: renderType(inner),
        found: `${p.items.length} components`,
      },
    );
  }
  const items = p.items.map((x, i) =>
    recur(x, inner.kind === "tuple" ? (inner.items[i] ?? ANY) : ANY),
  );
  return { kind: "tuple", items, subject, span: p.span };
}

/** Reports a pattern that no value of the subject can match. */
function needs(
  c: CellContext,
  subject: Type,
  kinds: readonly string[],
  what: string,
  span: Span,
): void {
  const inner = withoutNull(subject);
  if ([...kinds, "any", "json", "error", "param", "never", "union"].includes(inner.kind)) return;
  const found = renderType(subject);
  complain(c, "E0200", span, `type mismatch: ${what} cannot match a value of type ${found}`, {
    found,
  });
}

function constructorPattern(
  c: CellContext,
  written: Pattern & { kind: "constructor" },
  subject: Type,
  recur: (inner: Pattern, type: Type) => HirPattern,
  bind: (name: string, type: Type, span: Span) => LocalId,
): HirPattern {
  const p = { ...written, name: qualifiedPattern(c, written.name) };
  const parts = p.name.parts.map((x) => x.text);
  const name = parts.at(-1) ?? "";
  const plain = plainName(name);
  const inner = withoutNull(subject);
  const owner = parts.length === 2 ? c.scope.types.get(parts[0] ?? "") : undefined;
  const asResult = resultTag(c, plain, inner, parts.length);
  if (asResult !== null) return resultPattern(asResult, p, subject, inner, recur, bind);
  const record = parts.length === 1 ? c.scope.types.get(name) : undefined;
  if (record?.kind === "record")
    return recordPattern(c, p, record.symbol, subject, inner, recur, bind);
  const active = isVariantOf(inner, plain) ? null : findActivePattern(c.scope, name);
  if (parts.length === 1 && active !== null)
    return activePattern(c, { ...active, name: plain, args: p.args, subject, span: p.span, recur });
  const decl = owner?.kind === "enum" ? owner.symbol : enumOf(c, name, inner);
  const tag = decl?.variants.findIndex((v) => v.name === plain) ?? -1;
  if (decl === null || decl === undefined || tag < 0) {
    const names = [...c.scope.variants.keys(), ...c.scope.types.keys()];
    complain(
      c,
      "E0102",
      p.name.span,
      `unknown variant or record '${parts.map(plainName).join(".")}'${didYouMean(plain, names)}`,
    );
    return { kind: "wildcard", span: p.span };
  }
  if (
    inner.kind === "enum"
      ? inner.decl !== decl
      : !["any", "json", "union", "error", "param"].includes(inner.kind)
  ) {
    const expected = renderType(subject);
    complain(
      c,
      "E0200",
      p.span,
      `type mismatch in a pattern: expected ${expected}, got a variant of ${decl.name}`,
      { expected, found: decl.name },
    );
  }
  return variantPattern(c, p, decl, tag, subject, inner, recur, bind);
}

function isVariantOf(type: Type, name: string): boolean {
  return type.kind === "enum" && type.decl.variants.some((v) => v.name === name);
}

function enumOf(c: CellContext, name: string, inner: Type): EnumSymbol | null {
  const plain = plainName(name);
  if (inner.kind === "enum" && inner.decl.variants.some((v) => v.name === plain)) return inner.decl;
  return c.scope.variants.get(name)?.[0]?.symbol ?? null;
}

function resultTag(c: CellContext, name: string, inner: Type, parts: number): 0 | 1 | null {
  if (parts !== 1) return null;
  if (name === "ok" || name === "err") return name === "ok" ? 0 : 1;
  if ((name === "Ok" || name === "Err") && !c.scope.variants.has(name) && inner.kind !== "enum")
    return name === "Ok" ? 0 : 1;
  return null;
}

function resultPattern(
  tag: 0 | 1,
  p: Pattern & { kind: "constructor" },
  subject: Type,
  inner: Type,
  recur: (inner: Pattern, type: Type) => HirPattern,
  bind: (name: string, type: Type, span: Span) => LocalId,
): HirPattern {
  const type = inner.kind === "result" ? (tag === 0 ? inner.ok : inner.error) : ANY;
  const arg = p.args?.[0];
  const sub = arg === undefined ? null : argPattern(arg, type, recur, bind);
  return { kind: "variant", decl: null, tag, args: [sub], subject, span: p.span };
}

/** `p`, `label: p`, or `label:` which binds the label. */
function argPattern(
  arg: PatternArg,
  type: Type,
  recur: (inner: Pattern, type: Type) => HirPattern,
  bind: (name: string, type: Type, span: Span) => LocalId,
): HirPattern {
  if (arg.pattern !== null) return recur(arg.pattern, type);
  const name = arg.label?.text ?? "";
  const span = arg.label?.span ?? { start: 0, end: 0 };
  return { kind: "bind", local: bind(name, type, span), subject: type, span };
}

function variantPattern(
  c: CellContext,
  p: Pattern & { kind: "constructor" },
  decl: EnumSymbol,
  tag: number,
  subject: Type,
  inner: Type,
  recur: (inner: Pattern, type: Type) => HirPattern,
  bind: (name: string, type: Type, span: Span) => LocalId,
): HirPattern {
  noteTypeUse(c, decl, p.span);
  const variant = decl.variants[tag];
  const payload = variant?.payload ?? [];
  const types = seePattern(c, decl, tag, inner, p.span);
  const args: (HirPattern | null)[] = payload.map(() => null);
  (p.args ?? []).forEach((arg, position) => {
    const index =
      arg.label === null ? position : payload.findIndex((x) => x.label === arg.label?.text);
    const component = payload[index];
    if (component === undefined) {
      const what =
        arg.label === null ? countOf(payload.length, "payload") : `no payload '${arg.label.text}'`;
      complain(c, "E0203", p.span, `variant '${variant?.name}' has ${what}`);
      return;
    }
    args[index] = argPattern(arg, refine(c, types[index] ?? ANY), recur, bind);
  });
  return { kind: "variant", decl, tag, args, subject, span: p.span };
}

/**
 * Payload types of a variant for its subject. What the variant says about type parameters holds
 * from here on; a variant that no value of the subject's type can be is E0200 (language 19.2).
 */
function seePattern(
  c: CellContext,
  decl: EnumSymbol,
  tag: number,
  subject: Type,
  span: Span,
): readonly Type[] {
  const inner = refine(c, withoutNull(subject));
  const open = decl.generics.map(() => ANY);
  const args = inner.kind === "enum" && inner.decl === decl ? inner.args : open;
  const seen = seeVariant(decl, tag, args, span.start);
  if (seen === null) {
    const name = decl.variants[tag]?.name ?? "";
    const found = renderType({ kind: "enum", decl, args: decl.variants[tag]?.result ?? open });
    const expected = renderType(inner);
    const message = `'${name}' cannot match: its values are ${found}, the subject is ${expected}`;
    complain(c, "E0200", span, message, { expected, found, help: "Remove the pattern." });
    return [];
  }
  learn(c, seen.refinement);
  return seen.payload;
}

function recordPattern(
  c: CellContext,
  p: Pattern & { kind: "constructor" },
  decl: RecordSymbol,
  subject: Type,
  inner: Type,
  recur: (inner: Pattern, type: Type) => HirPattern,
  bind: (name: string, type: Type, span: Span) => LocalId,
): HirPattern {
  noteTypeUse(c, decl, p.span);
  if (inner.kind === "record" && inner.decl !== decl) {
    complain(
      c,
      "E0200",
      p.span,
      `type mismatch in a pattern: expected ${inner.decl.name}, got ${decl.name}`,
      { expected: inner.decl.name, found: decl.name },
    );
  }
  const bindings = bindParams(
    decl.generics,
    inner.kind === "record" && inner.decl === decl ? inner.args : [],
  );
  const fields: (HirPattern | null)[] = decl.fields.map(() => null);
  (p.args ?? []).forEach((arg, position) => {
    const index =
      arg.label === null ? position : decl.fields.findIndex((f) => f.name === arg.label?.text);
    const field = decl.fields[index];
    if (field === undefined) {
      const names = decl.fields.map((f) => f.name);
      const name = arg.label?.text ?? "";
      complain(
        c,
        "E0204",
        arg.label?.span ?? p.span,
        `record '${decl.name}' has no field '${name}'${didYouMean(name, names)}`,
      );
      return;
    }
    fields[index] = argPattern(arg, substitute(field.type, bindings), recur, bind);
  });
  return { kind: "record", decl, fields, subject, span: p.span };
}

function namedFieldType(c: CellContext, subject: Type, name: string, span: Span): Type {
  const inner = withoutNull(subject);
  if (inner.kind === "map") return inner.value;
  if (inner.kind !== "record") return ANY;
  const field = inner.decl.fields.find((f) => f.name === name);
  if (field !== undefined)
    return substitute(field.type, bindParams(inner.decl.generics, inner.args));
  complain(
    c,
    "E0204",
    span,
    `record '${inner.decl.name}' has no field '${name}'${didYouMean(
      name,
      inner.decl.fields.map((f) => f.name),
    )}`,
  );
  return { kind: "error" };
}
