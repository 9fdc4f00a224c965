// Exhaustiveness and unreachable arms of a match (language 8.3), by usefulness of pattern rows:
// L. Maranget, "Warnings for pattern matching", Journal of Functional Programming 17(3), 2007.

import type { Span } from "@lumen/core/diagnostic";
import type { HirArm, HirPattern } from "../hir/hir.ts";
import type { EnumSymbol, RecordSymbol, Type } from "../hir/type.ts";
import { seeVariant } from "../types/gadt.ts";
import { bindParams, substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, withoutNull } from "../types/simple-types.ts";
import { activeKey } from "./active-patterns.ts";
import { type CellContext, complain } from "./context.ts";
import {
  describeLength,
  LIST_PATTERN_MAX,
  type ListLength,
  type ListShape,
  listLengths,
  partCount,
  partsAt,
} from "./exhaustive-lists.ts";
import { narrowTo } from "./narrowing.ts";

/** A value's outermost form. `closed` types have finitely many of them. */
interface Form {
  readonly key: string;
  readonly name: string;
  readonly parts: readonly Type[];
  /** Of lists only. */
  readonly length?: ListLength;
}

/** A pattern reduced to what decides matching: null is "anything". */
type Reduced = {
  readonly key: string;
  readonly parts: readonly Reduced[];
  /** For a total active pattern: the type of its one part. Its form covers every value. */
  readonly total?: Type;
  /** Of a list pattern, whose `parts` depend on the length of the list. */
  readonly list?: ListShape<Reduced>;
} | null;

/**
 * Most rows that are looked at for one match. Whether patterns cover everything is as hard as
 * satisfiability; what people write needs a few thousand.
 */
const ROWS_MAX = 500_000;

/** How much may still be looked at; `isOver` once an answer was given up. */
interface Search {
  left: number;
  isOver: boolean;
  /** Forms of types that patterns cannot change, found once. */
  readonly forms: Map<Type, ReadonlyMap<string, Form>>;
}

/** The rows of a match, together and by what their first patterns ask. */
class Rows {
  readonly all: (readonly Reduced[])[] = [];
  readonly #byKey = new Map<string, (readonly Reduced[])[]>();
  readonly #open: (readonly Reduced[])[] = [];

  push(row: readonly Reduced[]): void {
    this.all.push(row);
    const key = row[0]?.key;
    const own = key === undefined ? this.#open : (this.#byKey.get(key) ?? []);
    own.push(row);
    if (key !== undefined && own.length === 1) this.#byKey.set(key, own);
  }

  /** Those that values of the form of this key may match. */
  for(key: string): readonly (readonly Reduced[])[] {
    const own = this.#byKey.get(key) ?? [];
    return this.#open.length === 0 ? own : [...own, ...this.#open];
  }
}

/** Largest number of Ints between literals that is looked at one by one. */
const INT_SPAN_MAX = 256n;

/**
 * Reports missing cases (E0208) and arms that nothing reaches (warning). True when the arms cover
 * every value of the subject's type.
 */
export function checkExhaustive(
  c: CellContext,
  arms: readonly HirArm[],
  subject: Type,
  span: Span,
): boolean {
  const known = new Rows();
  const search: Search = { left: ROWS_MAX, isOver: false, forms: new Map() };
  for (const arm of arms) {
    const own = arm.patterns.map((p): readonly Reduced[] => [reduce(p)]);
    const isUseless = own.every((row) => {
      const before = row[0] ? known.for(row[0].key) : known.all;
      return witness(search, before, row, [subject]) === null;
    });
    if (isUseless && !search.isOver) {
      complain(
        c,
        "E0208",
        arm.span,
        "this arm is never reached: earlier arms match all its values",
        {
          severity: "warning",
          help: "Remove the arm, or move it up.",
        },
      );
    }
    if (arm.guard === null) for (const row of own) known.push(row);
  }
  const rows = known.all;
  // Found at once, however involved the arms before it are.
  if (rows.some((row) => row[0] === null)) return true;
  const missing = uncovered(search, arms, known, subject);
  if (search.isOver) return tooInvolved(c, span);
  if (missing === null) {
    const isOpen = subject.kind === "int" && totalForms(rows).length === 0;
    return !isOpen || rows.some((row) => row[0] === null);
  }
  if (!mustCover(arms, subject)) return false;
  complain(c, "E0208", span, `incomplete match: missing variants [${missing.join(", ")}]`, {
    expected: "an arm for every case",
    found: `no arm for ${missing.join(", ")}`,
    help: `Add an arm for ${missing[0] ?? "the rest"}, or a \`_\` arm.`,
  });
  return true;
}

function tooInvolved(c: CellContext, span: Span): boolean {
  const message = "this match is too involved to see whether its arms cover every case";
  complain(c, "E0208", span, message, {
    expected: "an arm for every case",
    found: `more than ${ROWS_MAX} combinations of patterns`,
    help: "Add a `_` arm, or match in steps.",
  });
  return true;
}

/**
 * Closed subjects must be covered, and Int matches made of literals and ranges, list matches made
 * of list patterns; others need not.
 */
function mustCover(arms: readonly HirArm[], subject: Type): boolean {
  const inner = withoutNull(subject);
  if (isChoiceMatch(arms)) return true;
  if (inner.kind === "list")
    return arms.every((a) => a.patterns.every((p) => isListOfClosed(p, inner.item)));
  if (inner.kind === "int")
    return arms.every((a) => a.patterns.every((p) => p.kind === "const" || p.kind === "range"));
  return isClosed(subject);
}

/** A list pattern that asks nothing of elements, or whose elements can be told apart completely. */
function isListOfClosed(p: HirPattern, item: Type): boolean {
  if (p.kind === "const") return p.value.kind === "null";
  if (p.kind !== "list") return false;
  return isClosed(item) || [...p.before, ...p.after].every((part) => reduce(part) === null);
}

/** Names of uncovered cases, or null when there are none. */
function uncovered(
  search: Search,
  arms: readonly HirArm[],
  known: Rows,
  subject: Type,
): readonly string[] | null {
  const rows = known.all;
  for (const form of totalForms(rows)) {
    const found = witness(search, specialize(rows, form), [null], form.parts);
    if (found === null) return null;
    if (isChoiceMatch(arms)) return missingAlternatives(search, rows, form);
  }
  if (subject.kind === "int") return uncoveredInts(arms, rows);
  const all = formsOf(subject, heads(rows));
  if (all === null) return witness(search, rows, [null], [subject]) === null ? null : ["_"];
  const missing = all.flatMap((form) => {
    const inner = specialize(known.for(form.key), form);
    const found = witness(
      search,
      inner,
      form.parts.map(() => null),
      form.parts,
    );
    return found === null ? [] : [describe(form, found)];
  });
  return missing.length === 0 ? null : missing;
}

/** All arms are alternatives of choices: they must be complete together (language 19.1). */
function isChoiceMatch(arms: readonly HirArm[]): boolean {
  return arms.every((a) => a.patterns.every((p) => p.kind === "active" && p.isChoice));
}

function missingAlternatives(
  search: Search,
  rows: readonly (readonly Reduced[])[],
  form: Form,
): readonly string[] {
  const inner = specialize(rows, form);
  const [type = ANY] = form.parts;
  const missing = (formsOf(type, heads(inner)) ?? []).filter((alternative) => {
    const open = alternative.parts.map(() => null);
    return witness(search, specialize(inner, alternative), open, alternative.parts) !== null;
  });
  return missing.map((m) => m.name);
}

const NO_FORMS: readonly Form[] = [];

/** The total active patterns that stand in the first column, once each. */
function totalForms(rows: readonly (readonly Reduced[])[]): readonly Form[] {
  const forms = new Map<string, Form>();
  for (const row of rows) {
    const head = row[0];
    if (head?.total !== undefined)
      forms.set(head.key, { key: head.key, name: "", parts: [head.total] });
  }
  return forms.size === 0 ? NO_FORMS : [...forms.values()];
}

/** Every Int from the smallest to the largest mentioned must be covered. */
function uncoveredInts(
  arms: readonly HirArm[],
  rows: readonly (readonly Reduced[])[],
): readonly string[] | null {
  if (rows.some((row) => row[0] === null)) return null;
  const ranges = arms
    .filter((a) => a.guard === null)
    .flatMap((a) => a.patterns.map(intRange))
    .filter((r) => r !== null)
    .sort((a, b) => (a.low < b.low ? -1 : a.low > b.low ? 1 : 0));
  const low = ranges[0]?.low;
  const high = ranges.reduce<bigint | null>(
    (m, r) => (m === null || r.high > m ? r.high : m),
    null,
  );
  if (low === undefined || high === null) return ["_"];
  if (high - low + 1n > INT_SPAN_MAX) return ["_ (wildcard required for large integer ranges)"];
  const missing: string[] = [];
  let next = low;
  for (const range of ranges) {
    for (; next < range.low; next++) missing.push(String(next));
    if (range.high >= next) next = range.high + 1n;
  }
  return missing.length === 0 ? null : missing;
}

function intRange(p: HirPattern): { readonly low: bigint; readonly high: bigint } | null {
  if (p.kind === "const" && p.value.kind === "int")
    return { low: p.value.value, high: p.value.value };
  if (p.kind !== "range" || p.start.kind !== "int" || p.end.kind !== "int") return null;
  return { low: p.start.value, high: p.inclusive ? p.end.value : p.end.value - 1n };
}

function reduce(p: HirPattern): Reduced {
  switch (p.kind) {
    case "wildcard":
    case "bind":
      return null;
    case "const":
      return { key: constKey(p), parts: [] };
    case "variant":
      return {
        key: variantKey(p.decl, p.tag),
        parts: p.args.map((a) => (a === null ? null : reduce(a))),
      };
    case "record":
      return {
        key: recordKey(p.decl),
        parts: p.fields.map((f) => (f === null ? null : reduce(f))),
      };
    case "tuple":
      return { key: tupleKey(p.items.length), parts: p.items.map(reduce) };
    case "range":
      return { key: `range ${JSON.stringify(p.span)}`, parts: [] };
    case "list":
      return reducedList(p);
    case "fields":
      return p.subject.kind === "record" || p.subject.kind === "map"
        ? null
        : { key: `fields ${[...p.names].sort().join()}`, parts: [] };
    case "active": {
      const key = `active ${activeKey(p)}`;
      const inner = p.inner === null ? null : reduce(p.inner);
      if (p.isPartial) return { key, parts: [inner] };
      return inner === null ? null : { key, parts: [inner], total: p.result };
    }
    case "typed":
      if (p.test.kind !== "type") return { key: `typed ${JSON.stringify(p.span)}`, parts: [] };
      // Of a list it asks nothing else, so it stands beside list patterns.
      if (withoutNull(p.subject).kind === "list" && p.test.type.kind === "list")
        return { key: "list", parts: [], list: ANY_LIST };
      return { key: memberKey(narrowTo(p.subject, p.test.type)), parts: [] };
  }
}

/** Under an Any subject tuples of different lengths meet in one match. */
function tupleKey(length: number): string {
  return `tuple ${length}`;
}

function isTupleKey(key: string): boolean {
  return key.startsWith("tuple ");
}

function recordKey(decl: RecordSymbol): string {
  return `record ${decl.module}.${decl.name}`;
}

/** Under an Any subject variants of different enums meet in one match; `decl` null is a result. */
function variantKey(decl: EnumSymbol | null, tag: number): string {
  return decl === null ? `result ${tag}` : `variant ${decl.module}.${decl.name} ${tag}`;
}

function constKey(p: HirPattern & { kind: "const" }): string {
  if (p.value.kind === "null") return "null";
  if (p.value.kind === "bool") return String(p.value.value);
  return `literal ${p.value.kind} ${String(p.value.kind === "bytes" ? [...p.value.value].join() : p.value.value)}`;
}

const ANY_LIST: ListShape<Reduced> = { before: [], after: [], hasRest: true };

/** `[...rest]` matches every list, where a list is all that the subject can be. */
function reducedList(p: HirPattern & { kind: "list" }): Reduced {
  const [before, after] = [p.before.map(reduce), p.after.map(reduce)];
  const count = before.length + after.length;
  if (p.rest !== null && count === 0 && p.subject.kind === "list") return null;
  if (count > LIST_PATTERN_MAX) return { key: `list ${JSON.stringify(p.span)}`, parts: [] };
  return { key: "list", parts: [], list: { before, after, hasRest: p.rest !== null } };
}

/** The lengths of lists that the patterns of a column tell apart, each as a form. */
function listForms(column: readonly Reduced[], item: Type): readonly Form[] {
  const shapes = column.flatMap((head) => head?.list ?? []);
  return listLengths(shapes).map((length) => ({
    key: "list",
    name: "",
    parts: Array.from({ length: partCount(length) }, () => item),
    length,
  }));
}

/** The patterns of the first column. */
function heads(rows: readonly (readonly Reduced[])[]): readonly Reduced[] {
  return rows.map((row) => row[0] ?? null);
}

/** All constructors of a closed type, as far as a column tells them apart; null for open ones. */
function formsOf(type: Type, column: readonly Reduced[]): readonly Form[] | null {
  switch (type.kind) {
    case "bool":
      return [simple("true"), simple("false")];
    case "null":
      return [simple("null")];
    case "option":
      return [...(formsOf(type.item, column) ?? [memberForm(type.item)]), simple("null")];
    case "union":
      return type.members.map((m) => (m.kind === "null" ? simple("null") : memberForm(m)));
    case "enum":
      return variantForms(type);
    case "result":
      return [
        { key: variantKey(null, 0), name: "ok", parts: [type.ok] },
        { key: variantKey(null, 1), name: "err", parts: [type.error] },
      ];
    case "tuple":
      return [{ key: tupleKey(type.items.length), name: "", parts: type.items }];
    case "record": {
      const bindings = bindParams(type.decl.generics, type.args);
      const parts = type.decl.fields.map((f) => substitute(f.type, bindings));
      return [{ key: recordKey(type.decl), name: type.decl.name, parts }];
    }
    case "list":
      return column.some((head) => head?.list !== undefined) ? listForms(column, type.item) : null;
    default:
      return null;
  }
}

function variantForms(type: Type & { kind: "enum" }): readonly Form[] {
  const { decl, args } = type;
  const forms: Form[] = [];
  for (const [tag, { name, span }] of decl.variants.entries()) {
    const seen = seeVariant(decl, tag, args, span.start);
    if (seen !== null) forms.push({ key: variantKey(decl, tag), name, parts: seen.payload });
  }
  return forms;
}

/** Subjects whose match must cover everything: enums, Bool, results, and what is made of them. */
function isClosed(type: Type): boolean {
  switch (type.kind) {
    case "bool":
    case "enum":
    case "result":
      return true;
    case "option":
      return isClosed(type.item);
    case "tuple":
      return type.items.some(isClosed);
    default:
      return false;
  }
}

/** A member of a union as the pattern `name: T` sees it. */
function memberForm(type: Type): Form {
  return { key: memberKey(type), name: `value: ${renderType(type)}`, parts: [] };
}

function memberKey(type: Type): string {
  return `is ${renderType(type)}`;
}

function simple(key: string): Form {
  return { key, name: key, parts: [] };
}

/** Rows that match the form, with its parts in front. */
function specialize(
  rows: readonly (readonly Reduced[])[],
  form: Form,
): readonly (readonly Reduced[])[] {
  const matching: (readonly Reduced[])[] = [];
  for (const row of rows) {
    const parts = partsIn(row[0] ?? null, form);
    if (parts !== null) matching.push(inFront(parts, row));
  }
  return matching;
}

/** The row with these parts in place of its first. */
function inFront<T>(parts: readonly T[], row: readonly T[]): readonly T[] {
  return row.length <= 1 ? parts : [...parts, ...row.slice(1)];
}

/** What a pattern asks of the parts of a form; null when it does not match it. */
function partsIn(head: Reduced, form: Form): readonly Reduced[] | null {
  if (head === null) return form.parts.length === 0 ? NO_PARTS : form.parts.map(() => null);
  if (head.key !== form.key) return null;
  if (head.list !== undefined && form.length !== undefined) return partsAt(head.list, form.length);
  if (head.parts.length === form.parts.length) return head.parts;
  return form.parts.map((_, i) => head.parts[i] ?? null);
}

const NO_PARTS: readonly Reduced[] = [];

/** Values (as text) that `row` matches and no earlier row does; null when there are none. */
function witness(
  search: Search,
  rows: readonly (readonly Reduced[])[],
  row: readonly Reduced[],
  types: readonly Type[],
): readonly string[] | null {
  search.left -= rows.length + 1;
  if (search.left < 0) search.isOver = true;
  const [type] = types;
  if (type === undefined) return rows.length === 0 ? [] : null;
  if (search.isOver) return null;
  const [head = null] = row;
  const column = heads(rows);
  const inForm = (form: Form): readonly string[] | null => {
    const parts = partsIn(head, form);
    if (parts === null) return null;
    const inner = specialize(rows, form);
    const found = witness(search, inner, inFront(parts, row), inFront(form.parts, types));
    return found === null ? null : join(form, found);
  };
  if (head !== null) return firstOf(formsFor(search, type, head, column), inForm);
  const all = formsOf(type, column);
  const isUsed = (form: Form): boolean =>
    column.some((other) => other !== null && partsIn(other, form) !== null);
  if (all?.every(isUsed)) return firstOf(all, inForm);
  for (const form of totalForms(rows)) {
    const inner = specialize(rows, form);
    const open = inFront([null], row);
    if (witness(search, inner, open, inFront(form.parts, types)) === null) return null;
  }
  const defaults = rows.filter((r) => r[0] === null).map((r) => r.slice(1));
  const found = witness(search, defaults, row.slice(1), types.slice(1));
  if (found === null) return null;
  const absent = all?.find((form) => !isUsed(form));
  return [
    absent === undefined
      ? "_"
      : describe(
          absent,
          absent.parts.map(() => "_"),
        ),
    ...found,
  ];
}

/** The first answer that is one. */
function firstOf(
  forms: readonly Form[],
  ask: (form: Form) => readonly string[] | null,
): readonly string[] | null {
  for (const form of forms) {
    const found = ask(form);
    if (found !== null) return found;
  }
  return null;
}

/** The forms that a pattern can match; also under an open type, whose patterns are told apart. */
function formsFor(
  search: Search,
  type: Type,
  head: NonNullable<Reduced>,
  column: readonly Reduced[],
): readonly Form[] {
  const inner = withoutNull(type);
  if (head.list !== undefined)
    return listForms([...column, head], inner.kind === "list" ? inner.item : ANY);
  const parts = head.parts.map(() => head.total ?? ANY);
  return [keyedForms(search, type, column).get(head.key) ?? { key: head.key, name: "_", parts }];
}

/** Forms of a type by key, the first of each; those of many variants or members are kept. */
function keyedForms(
  { forms }: Search,
  type: Type,
  column: readonly Reduced[],
): ReadonlyMap<string, Form> {
  const known = forms.get(type);
  if (known !== undefined) return known;
  const all = formsOf(type, column) ?? [];
  const byKey = new Map(all.toReversed().map((form) => [form.key, form]));
  if (type.kind === "union" || type.kind === "enum") forms.set(type, byKey);
  return byKey;
}

function join(form: Form, found: readonly string[]): readonly string[] {
  const count = form.parts.length;
  return [describe(form, found.slice(0, count)), ...found.slice(count)];
}

function describe(form: Form, parts: readonly string[]): string {
  if (isTupleKey(form.key)) return `(${parts.join(", ")})`;
  if (form.length !== undefined) return describeLength(form.length, parts);
  if (parts.length === 0 || parts.every((p) => p === "_")) return form.name;
  return `${form.name}(${parts.join(", ")})`;
}
