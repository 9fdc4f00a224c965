// Constraints of literals and constants (language 5): whether they hold is known before the program
// runs. Each becomes a cell without parameters that tells; the compiler runs it with the blocks of
// `comptime` and keeps it out of the program.

import type { Label, Span } from "@lumen/core/diagnostic";
import { displayFloat } from "@lumen/core/value";
import type { Expr } from "@lumen/syntax";
import type { HirClaim, HirExpr, HirStatement, LocalId } from "../hir/hir.ts";
import type { RecordSymbol, Type } from "../hir/type.ts";
import { partsOf, someExpr } from "../hir/visit.ts";
import { type ConstrainedAlias, constrainedAlias } from "../resolve/alias-constraints.ts";
import type { ModuleScope, RecordConstraints } from "../resolve/scope.ts";
import { BOOL, optionOf, withoutNull } from "../types/simple-types.ts";
import { isLiteral } from "./build.ts";
import { isConstraint } from "./constraint-form.ts";
import {
  addLocal,
  type CellContext,
  type CheckedCell,
  finishLocals,
  makeContext,
  topOf,
} from "./context.ts";
import { conversion } from "./convert.ts";
import { asCondition } from "./operators.ts";
import { checkExpr } from "./recursion.ts";

/** A name that a constraint may use; its value, where that is known before the program runs. */
interface Known {
  readonly name: string;
  readonly type: Type;
  readonly span: Span;
  readonly value: HirExpr | null;
}

/** Where a constraint stands, and for what. */
interface Constraint {
  readonly scope: ModuleScope;
  readonly expr: Expr;
  /** `field 'age' of Person`, `a value of type 'Age'` */
  readonly subject: string;
}

/** The constraints of a record that is made of these fields, some of them literals. */
export function claimRecord(
  c: CellContext,
  decl: RecordSymbol,
  given: ReadonlyMap<number, HirExpr>,
  span: Span,
): void {
  if (decl.check === null) return;
  const constraints = constraintsOf(c, decl);
  if (constraints === null) return;
  const { scope, types, checks, defaults } = constraints;
  const names = decl.fields.map(({ name, type, span: at }, i): Known => {
    const value = given.get(i) ?? defaultOf(c, defaults[i] ?? null, type);
    return { name, type, span: at, value: value !== null && isKnown(value) ? value : null };
  });
  decl.fields.forEach(({ name }, i) => {
    const alias = constrainedAlias(types[i] ?? null, scope);
    const at = given.get(i)?.span ?? span;
    const value = names[i]?.value ?? null;
    if (alias !== null && value !== null) claimAlias(c, alias, { ...value, span: at });
    const expr = checks[i] ?? null;
    if (expr === null) return;
    const subject = `field '${name}' of ${decl.name}`;
    claim(c, { scope, expr, subject }, names, at);
  });
}

/** The constraint of an alias, that of its base first, on a value that may be a literal. */
export function claimAlias(c: CellContext, alias: ConstrainedAlias, value: HirExpr): void {
  if (!isKnown(value)) return;
  if (alias.nullable && isNull(value)) return;
  const { decl, scope } = alias;
  const base = constrainedAlias(decl.type, scope, decl);
  if (base !== null) claimAlias(c, base, value);
  const { name, constraint } = decl;
  if (constraint === null) return;
  const type = alias.nullable ? withoutNull(value.type) : value.type;
  const self = { name: "self", type, span: name.span, value: conversion(value, type) };
  const subject = `a value of type '${name.text}'`;
  claim(c, { scope, expr: constraint, subject }, [self], value.span);
}

/** Forgets what was claimed since the cell had so many compiler-made ones: it may be meant so. */
export function dropClaims(c: CellContext, since: number): void {
  const kept = c.hidden.slice(since).filter((h) => h.cell.claim === undefined);
  c.hidden.splice(since, c.hidden.length - since, ...kept);
}

function constraintsOf(c: CellContext, decl: RecordSymbol): RecordConstraints | null {
  const scope = c.session.graph.order.find((s) => s.source.name === decl.module);
  const type = scope?.types.get(decl.name);
  return type?.kind === "record" && type.symbol === decl ? type.constraints : null;
}

function defaultOf(c: CellContext, e: Expr | null, type: Type): HirExpr | null {
  const literal = e?.kind === "unary" && e.op === "-" ? e.operand : e;
  const isPlain = e !== null && literal !== null && isLiteral(literal);
  return isPlain ? conversion(checkExpr(c, e, type), type) : null;
}

/** True for literals and constants, and what is made of them alone. */
function isKnown(e: HirExpr): boolean {
  switch (e.kind) {
    case "const":
    case "comptime":
      return true;
    case "list":
    case "set":
      return e.items.every((item) => !item.spread && isKnown(item.value));
    case "convert":
    case "tuple":
    case "map":
    case "variant":
      return partsOf(e).every(isKnown);
    default:
      return false;
  }
}

function isNull(e: HirExpr): boolean {
  if (e.kind === "convert") return isNull(e.value);
  return e.kind === "const" && e.value.kind === "null";
}

/** Makes the cell of a constraint, unless it uses a value that is not known. */
function claim(c: CellContext, of: Constraint, names: readonly Known[], span: Span): void {
  const top = topOf(c);
  const inner = makeContext({
    session: c.session,
    scope: of.scope,
    name: `${top.name}$where${top.counters.claims}`,
    kind: "hidden",
    generics: new Set(),
    result: BOOL,
    parent: null,
  });
  for (const known of names) addLocal(inner, known.name, known.type, known.span);
  const condition = conditionOf(inner, of.expr);
  if (condition === null) return;
  const used = names.filter((_, local) => reads(condition, local));
  const known = used.flatMap((n) => (n.value === null ? [] : [{ ...n, value: n.value }]));
  if (known.length === 0 || known.length < used.length) return;
  top.counters.claims += 1;
  const statements = names.flatMap(({ value }, local): readonly HirStatement[] =>
    value === null || !reads(condition, local)
      ? []
      : [{ kind: "let", local, value: conversion(value, value.type), span }],
  );
  const body: HirExpr = { kind: "block", statements, value: condition, type: BOOL, span };
  c.hidden.push(cellOf(c, inner, body, claimOf(c, of, known, span)));
}

/** The condition of a constraint; null where it is wrong, which is reported where it stands. */
function conditionOf(inner: CellContext, e: Expr): HirExpr | null {
  const { diagnostics } = inner.scope;
  const before = diagnostics.length;
  const condition = isConstraint(inner, e) ? asCondition(inner, checkExpr(inner, e, null)) : null;
  const isWrong = diagnostics.length > before;
  diagnostics.length = before;
  return isWrong ? null : condition;
}

function reads(e: HirExpr, local: LocalId): boolean {
  return someExpr(e, (part) => part.kind === "local" && part.local === local);
}

function cellOf(c: CellContext, inner: CellContext, body: HirExpr, claimed: HirClaim): CheckedCell {
  return {
    cell: {
      name: inner.name,
      kind: "hidden",
      params: [],
      captures: [],
      locals: finishLocals(inner, optionOf),
      result: BOOL,
      row: [],
      body,
      span: claimed.span,
      generics: [],
      claim: claimed,
    },
    // Names mean what they mean where the constraint stands; the cell is one of this module.
    scope: c.scope,
    symbol: null,
    causes: inner.causes,
    hidden: [],
  };
}

function claimOf(
  c: CellContext,
  { scope, expr, subject }: Constraint,
  known: readonly (Known & { readonly value: HirExpr })[],
  span: Span,
): HirClaim {
  const expected = sourceText(scope, expr.span);
  const [only, second] = known;
  const texts = known.map(({ name, value }) => `${name} ${valueText(c, value)}`);
  const found =
    only !== undefined && second === undefined ? valueText(c, only.value) : texts.join(", ");
  const elsewhere = scope === c.scope ? {} : { source: scope.text };
  const label: Label = { span: expr.span, text: "the constraint stands here", ...elsewhere };
  return {
    span,
    message: `${subject} breaks its constraint: expected ${expected}, found ${found}`,
    expected,
    found,
    labels: [label],
  };
}

/** Longest text of a value or a constraint within a message, in UTF-16 units. */
const SHOWN_MAX = 60;

/** The source of a constraint or value on one line, cut where it is long. */
export function sourceText(scope: ModuleScope, span: Span): string {
  return shortened(scope.text.text.slice(span.start, span.end).replace(/\s+/g, " "));
}

function valueText(c: CellContext, e: HirExpr): string {
  if (e.kind === "convert") return valueText(c, e.value);
  if (e.kind !== "const") return sourceText(c.scope, e.span);
  switch (e.value.kind) {
    case "null":
      return "null";
    case "string":
      return shortened(JSON.stringify(e.value.value));
    case "float":
      return displayFloat(e.value.value);
    case "bytes":
      return `<bytes:${e.value.value.length}>`;
    default:
      return String(e.value.value);
  }
}

function shortened(text: string): string {
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
