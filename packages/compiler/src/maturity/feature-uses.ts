// Which features a module uses, and where first: by the shape of its tree alone.

import type { Span } from "@lumen/core/diagnostic";
import type {
  BinaryOp,
  Expr,
  Item,
  Landmark,
  Module,
  Name,
  Statement,
  TypeExpr,
} from "@lumen/syntax";
import type { TreeRules } from "../tree/rules.ts";
import { makeWalk, walkModule } from "../tree/walk.ts";
import type { FeatureName } from "./features.ts";

/** First use of every feature, in the order of the source. */
export type FeatureUses = ReadonlyMap<FeatureName, Span>;

type Use = (feature: FeatureName, span: Span) => void;

const ITEMS: Readonly<Partial<Record<Item["kind"], FeatureName>>> = {
  effect: "effects",
  bind: "effects",
  handler: "effects",
  macro: "macros",
  session: "session_types",
  typestate: "typestate",
  extern: "extern_ffi",
  actor: "actors",
  supervisor: "actors",
  activePattern: "active_patterns",
};

const EXPRESSIONS: Readonly<Partial<Record<Expr["kind"], FeatureName>>> = {
  perform: "effects",
  handle: "effects",
  resume: "effects",
  offer: "session_types",
  comptime: "comptime",
  compose: "compose_operator",
  nursery: "nurseries",
  checkpoint: "checkpoint",
};

const OPERATORS: Readonly<Partial<Record<BinaryOp, FeatureName>>> = {
  "//": "floor_division",
  "<<": "shift_operators",
  ">>": "shift_operators",
  "&": "bitwise_operators",
  "|": "bitwise_operators",
  "^": "bitwise_operators",
};

const ATTRIBUTES: ReadonlyMap<string, FeatureName> = new Map([
  ["tile", "tiles"],
  ["sequence", "tiles"],
  ["requires", "verification"],
  ["ensures", "verification"],
  ["invariant", "verification"],
  ["decreases", "verification"],
  ["hint", "verification"],
  ["durable", "checkpoint"],
  ["cache", "cell_policies"],
  ["retry", "cell_policies"],
]);

const TYPES: ReadonlyMap<string, FeatureName> = new Map([
  ["Prob", "prob_types"],
  ["Sender", "channels"],
  ["Receiver", "channels"],
  ["Generator", "yield"],
]);

/** Builtins that belong to a feature, unless the module declares the name itself. */
const BUILTINS: ReadonlyMap<string, FeatureName> = new Map([
  ["eval", "eval"],
  ["channel", "channels"],
  ...[
    "bernoulli",
    "uniform",
    "normal",
    "categorical",
    "certain",
    "scored",
    "given",
    "probability",
    "expectation",
    "sample",
  ].map((name): [string, FeatureName] => [name, "prob_types"]),
]);

/** What a walk has found so far. */
interface Found {
  readonly uses: Map<FeatureName, Span>;
  /** Names that the module's own declarations, imports and variables give another meaning. */
  readonly declared: Set<string>;
  /** Names that belong to a feature unless they are declared. */
  readonly named: { readonly name: string; readonly feature: FeatureName; readonly span: Span }[];
}

/**
 * Of a module with its {@link Landmark}s: only declarations with one are read, which are few.
 */
export function featureUses(module: Module, landmarks: readonly Landmark[]): FeatureUses {
  const found: Found = { uses: new Map(), declared: declaredNames(module), named: [] };
  const use: Use = (feature, span) => {
    const known = found.uses.get(feature);
    if (known === undefined || span.start < known.start) found.uses.set(feature, span);
  };
  for (const d of module.directives) if (d.name.text === "budget") use("cell_policies", d.span);
  if (mustReadAll(module, landmarks)) walkModule(module, rulesFor(use, found));
  else readMarked(module, landmarks, use, found);
  for (const { name, feature, span } of found.named)
    if (!found.declared.has(name)) use(feature, span);
  return new Map([...found.uses].sort(([, a], [, b]) => a.start - b.start));
}

/** Names of a feature can be declared anywhere; a declaration in a body has rules of its own. */
function mustReadAll(module: Module, landmarks: readonly Landmark[]): boolean {
  return (
    module.hasLocalItems || landmarks.some(({ text }) => BUILTINS.has(text) || TYPES.has(text))
  );
}

/** The declarations and statements of a script in which a feature may be used that is not known. */
function readMarked(module: Module, landmarks: readonly Landmark[], use: Use, found: Found): void {
  const walk = makeWalk(rulesFor(use, found));
  const places = [...landmarks].sort((a, b) => a.start - b.start);
  for (const item of module.items) {
    const { start, end } = item.span;
    const isMarked = placesWithin(places, start, end).some(({ text }) => mayBeNew(text, found));
    if (isMarked) walk.item(item);
    else useItem(use, item);
  }
  if (landmarks.length > 0) walk.statements(module.statements);
}

function placesWithin(
  sorted: readonly Landmark[],
  start: number,
  end: number,
): readonly Landmark[] {
  const first = firstFrom(sorted, start);
  return sorted.slice(first, firstFrom(sorted, end));
}

/** Index of the first place at `offset` or behind it. */
function firstFrom(sorted: readonly Landmark[], offset: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Words of one feature only: once that is found, they tell nothing new. */
const WORDS: ReadonlyMap<string, FeatureName> = new Map([
  ["perform", "effects"],
  ["handle", "effects"],
  ["resume", "effects"],
  ["if", "for_filters"],
]);

function mayBeNew(text: string, { uses }: Found): boolean {
  const feature = WORDS.get(text);
  return feature === undefined || !uses.has(feature);
}

function declaredNames(module: Module): Set<string> {
  const names = new Set<string>();
  for (const item of module.items) addDeclared(names, item);
  return names;
}

/** The names that an item gives to values. */
function addDeclared(names: Set<string>, item: Item): void {
  switch (item.kind) {
    case "import":
      if (!Array.isArray(item.names)) return;
      for (const n of item.names) names.add((n.alias ?? n.name).text);
      return;
    case "enum":
      for (const variant of item.variants) names.add(variant.name.text);
      return;
    case "cell":
    case "record":
    case "const":
      names.add(item.name.text);
      return;
    case "useTool":
      if (item.alias !== null && item.alias !== "*") names.add(item.alias.text);
      return;
    default:
      return;
  }
}

function rulesFor(use: Use, found: Found): TreeRules {
  return {
    item: (item, inner) => {
      useItem(use, item);
      return inner(item);
    },
    statement: (s, inner) => {
      useStatement(use, s);
      if (s.kind === "item") addDeclared(found.declared, s.item);
      return [inner(s)];
    },
    expr: (e, inner) => {
      useExpr(use, e, found);
      return inner(e);
    },
    type: (t, inner) => {
      useType(use, t, found);
      return inner(t);
    },
    attribute: (a, inner) => {
      const feature = ATTRIBUTES.get(a.name.text);
      if (feature !== undefined) use(feature, a.span);
      return inner(a);
    },
    param: (p, inner) => {
      if (p.isVariadic) use("variadic_params", p.span);
      if (p.isOwned) use("linear_types", p.span);
      return inner(p);
    },
    pattern: (p, inner) => {
      if (p.kind === "name") found.declared.add(p.name);
      return inner(p);
    },
    binder: (n) => {
      found.declared.add(n.text);
      return n;
    },
  };
}

function useItem(use: Use, item: Item): void {
  const feature = ITEMS[item.kind];
  if (feature !== undefined) use(feature, nameSpan(item));
  if (item.kind === "import" && item.granting !== null) use("granting", item.granting.span);
  if (item.kind !== "enum") return;
  for (const v of item.variants) if (v.result !== null) use("gadts", v.result.span);
}

function nameSpan(item: Item): Span {
  return "name" in item ? item.name.span : item.span;
}

function useStatement(use: Use, s: Statement): void {
  if (s.kind === "defer") use("defer", s.span);
  else if (s.kind === "yield") use("yield", s.span);
  else if (s.kind === "assign" && s.op !== null) useOperator(use, s.op, s.opSpan);
  else if (s.kind === "break" || s.kind === "continue") useLabel(use, s.label);
}

function useExpr(use: Use, e: Expr, found: Found): void {
  const feature = EXPRESSIONS[e.kind];
  if (feature !== undefined) use(feature, e.span);
  switch (e.kind) {
    case "binary":
      return useOperator(use, e.op, e.opSpan);
    case "unary":
      if (e.op === "~") use("bitwise_operators", e.span);
      return;
    case "for":
      useLabel(use, e.label);
      if (e.filter !== null) use("for_filters", e.filter.span);
      return;
    case "while":
    case "loop":
      return useLabel(use, e.label);
    case "name":
      return useNamed(BUILTINS, e, found);
    case "index":
      // Type arguments: `Box[Sender[Int]](x)`.
      if (e.value.kind === "name") useNamed(TYPES, e.value, found);
      return;
    default:
      return;
  }
}

/** A builtin is used where its name stands: it may be called, piped to, or passed as a value. */
function useNamed(
  features: ReadonlyMap<string, FeatureName>,
  { name, span }: Expr & { readonly kind: "name" },
  found: Found,
): void {
  const feature = features.get(name);
  if (feature !== undefined) found.named.push({ name, feature, span });
}

function useLabel(use: Use, label: Name | null): void {
  if (label !== null) use("labeled_loops", label.span);
}

function useOperator(use: Use, op: BinaryOp, span: Span): void {
  const feature = OPERATORS[op];
  if (feature !== undefined) use(feature, span);
}

function useType(use: Use, t: TypeExpr, found: Found): void {
  if (t.kind === "generator") use("yield", t.span);
  else if (t.kind === "intersection") use("intersection_types", t.span);
  if (t.kind !== "name") return;
  if (t.typestate !== null) use("typestate", t.span);
  const [first] = t.name.parts;
  const name = first?.text ?? "";
  const feature = TYPES.get(name);
  if (feature !== undefined) found.named.push({ name, feature, span: t.span });
}
