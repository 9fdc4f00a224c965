// Active patterns in use (language 19.1): their arguments, and the calls of one match that are
// shared.

import type { Span } from "@lumen/core/diagnostic";
import type { Pattern, PatternArg } from "@lumen/syntax";
import type { HirArm, HirExpr, HirPattern, HirStatement, LocalId } from "../hir/hir.ts";
import { mapPattern } from "../hir/map-pattern.ts";
import type { Type } from "../hir/type.ts";
import { deprecationOf, noteUse } from "../maturity/deprecation.ts";
import type { ActivePatternSymbol } from "../resolve/scope.ts";
import { renderType } from "../types/render-type.ts";
import { BOOL, optionOf } from "../types/simple-types.ts";
import { countOf } from "./arguments.ts";
import { constant, errorExpr } from "./build.ts";
import { addLocal, type CellContext, complain, localState } from "./context.ts";
import { convert } from "./convert.ts";
import { checkExpr } from "./recursion.ts";

/** A use of an active pattern. `args` null: written without parentheses. */
export interface ActiveUse {
  readonly symbol: ActivePatternSymbol;
  readonly tag: number | null;
  readonly name: string;
  readonly args: readonly PatternArg[] | null;
  readonly subject: Type;
  readonly span: Span;
  readonly recur: (inner: Pattern, type: Type) => HirPattern;
}

/** Types the pattern: leading arguments are values, the rest destructure what is extracted. */
export function activePattern(c: CellContext, use: ActiveUse): HirPattern {
  const { symbol, span, subject, name } = use;
  const { extractor, decl } = symbol;
  noteUse(c.scope, deprecationOf(decl.attributes), `active pattern '${name}'`, span);
  c.causes.push({ kind: "call", callee: extractor.ref, span });
  const given = use.args ?? [];
  const extra = Math.max(0, extractor.params.length - 1);
  const type = extractor.params[extra]?.type ?? subject;
  const values = given.slice(0, extra).map((a, i) => {
    const wanted = extractor.params[i]?.type ?? subject;
    return convert(c, argument(c, a, name), wanted, `argument of '${name}'`);
  });
  if (given.length < extra) {
    const noun = extra === 1 ? "value" : "values";
    complain(c, "E0203", span, `'${name}' takes ${extra} ${noun} before its subpatterns`);
  }
  const result = extractor.declaredResult ?? type;
  const input = addLocal(c, null, type, span);
  const value = addLocal(c, null, result, span);
  const read: HirExpr = { kind: "local", local: input, type, span };
  const absent = Array.from({ length: extra - values.length }, () => errorExpr(span));
  const args = [...values, ...absent, read];
  const call: HirExpr = { kind: "call", callee: extractor.ref, args, type: result, span };
  return {
    kind: "active",
    extractor: extractor.ref,
    isPartial: symbol.isPartial,
    isChoice: symbol.choice !== null,
    call,
    input,
    value,
    done: null,
    inner: innerPattern(c, use, given.slice(extra)),
    result: symbol.value,
    subject,
    span,
  };
}

/** A literal, or the name of a variable or constant (E0203). */
function argument(c: CellContext, arg: PatternArg, name: string): HirExpr {
  const p = arg.pattern;
  if (p?.kind === "name") return checkExpr(c, { kind: "name", name: p.name, span: p.span }, null);
  if (p?.kind === "literal") {
    const { value, span } = p;
    if (value === null) return checkExpr(c, { kind: "null", span }, null);
    if (typeof value === "boolean") return checkExpr(c, { kind: "bool", value, span }, null);
    if (typeof value === "bigint") return checkExpr(c, { kind: "int", value, span }, null);
    if (typeof value === "number") return checkExpr(c, { kind: "float", value, span }, null);
    return checkExpr(c, { kind: "string", value, span }, null);
  }
  const span = p?.span ?? arg.label?.span ?? { start: 0, end: 0 };
  complain(c, "E0203", span, `a leading argument of '${name}' is a literal or a variable`);
  return errorExpr(span);
}

/** What is extracted against the subpatterns: a tuple is taken apart. */
function innerPattern(
  c: CellContext,
  { symbol, tag, name, span, recur }: ActiveUse,
  args: readonly PatternArg[],
): HirPattern | null {
  const patterns = args.map((a): Pattern => a.pattern ?? { kind: "error", span });
  const { value, choice } = symbol;
  if (choice !== null && tag !== null) {
    const payload = choice.variants[tag]?.payload ?? [];
    if (patterns.length > payload.length)
      complain(c, "E0203", span, `alternative '${name}' has ${countOf(payload.length, "payload")}`);
    const [only] = patterns;
    const parts = payload.map((p) => (only === undefined ? null : recur(only, p.type)));
    return { kind: "variant", decl: choice, tag, args: parts, subject: value, span };
  }
  const [first, second] = patterns;
  if (first === undefined) return null;
  const takesApart =
    value.kind === "tuple" && value.items.length === patterns.length && patterns.length !== 1;
  if (takesApart) return recur({ kind: "tuple", items: patterns, span }, value);
  if (second === undefined) return recur(first, value);
  const found = String(patterns.length);
  const whole = renderType(value);
  const expected =
    value.kind === "tuple" ? `${value.items.length} subpatterns, or one for all` : "one subpattern";
  complain(c, "E0203", span, `'${name}' extracts ${whole}, got ${found} subpatterns`, {
    expected,
    found,
  });
  for (const pattern of patterns) recur(pattern, { kind: "error" });
  return null;
}

/**
 * Lets equal uses in the arms of one match share their call: same extractor, same arguments, same
 * part of the subject. The statements go before the match.
 */
export function shareCalls(
  c: CellContext,
  arms: readonly HirArm[],
  span: Span,
): { readonly arms: readonly HirArm[]; readonly before: readonly HirStatement[] } {
  if (c.scope.activePatterns.size === 0) return { arms, before: [] };
  const counts = new Map<string, number>();
  mapArms(arms, (p, key) => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return p;
  });
  const slots = new Map<string, Slot>();
  const before: HirStatement[] = [];
  const shared = mapArms(arms, (p, key) => {
    if ((counts.get(key) ?? 0) < 2) return p;
    const known = slots.get(key) ?? openSlot(c, p, span);
    if (!slots.has(key)) {
      slots.set(key, known);
      const no = constant({ kind: "bool", value: false }, BOOL, span);
      before.push({ kind: "let", local: known.done, value: no, span });
    }
    return { ...p, ...known };
  });
  return { arms: shared, before };
}

/** Where the value of shared calls is kept, and whether it is there. */
interface Slot {
  readonly value: LocalId;
  readonly done: LocalId;
}

type Active = HirPattern & { readonly kind: "active" };

function openSlot(c: CellContext, p: Active, span: Span): Slot {
  const state = localState(c, p.value);
  // Which arm fills it is not known before the run, so it can be null.
  state.type = optionOf(state.type);
  return { value: p.value, done: addLocal(c, null, BOOL, span) };
}

function mapArms(
  arms: readonly HirArm[],
  change: (p: Active, key: string) => HirPattern,
): readonly HirArm[] {
  const visit = (p: HirPattern, path: string): HirPattern =>
    p.kind === "active" ? change(p, `${path} ${activeKey(p)}`) : p;
  return arms.map((arm) => ({ ...arm, patterns: arm.patterns.map((p) => mapPattern(p, visit)) }));
}

/** Equal for calls with equal results on one subject. */
export function activeKey(p: HirPattern & { kind: "active" }): string {
  const args = p.call.kind === "call" ? p.call.args.slice(0, -1) : [];
  return `${p.extractor.module}#${p.extractor.name}(${args.map(argumentKey).join()})`;
}

function argumentKey(e: HirExpr): string {
  if (e.kind === "local") return `local ${e.local}`;
  if (e.kind === "convert") return `${e.how} ${argumentKey(e.value)}`;
  if (e.kind !== "const") return `at ${e.span.start}`;
  const { value } = e;
  if (value.kind === "null") return "null";
  return `${value.kind} ${JSON.stringify(String(value.value))}`;
}
