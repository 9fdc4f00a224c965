// One use of a macro: its body with arguments in the place of parameters and names apart
// (language 19.3).

import type { Span } from "@lumen/core/diagnostic";
import type {
  Expr,
  MacroDecl,
  MapItem,
  Name,
  Pattern,
  PatternArg,
  Place,
  PlaceStep,
  Statement,
} from "@lumen/syntax";
import { isBuiltinTypeName } from "../resolve/resolve-type.ts";
import { type DeclSymbol, type ModuleScope, report } from "../resolve/scope.ts";
import type { TreeWalk } from "../tree/rules.ts";
import { makeWalk } from "../tree/walk.ts";
import { type Hygiene, makeHygiene, placeOf } from "./hygiene.ts";

/** A call to be replaced. `args` are as many as the macro has parameters. */
export interface MacroUse {
  readonly here: ModuleScope;
  readonly macro: DeclSymbol<MacroDecl>;
  readonly args: readonly Expr[];
  readonly call: Span;
  /** Number of the expansion in its module: keeps the names of two expansions apart. */
  readonly serial: number;
}

interface Filling {
  readonly use: MacroUse;
  readonly args: ReadonlyMap<string, Expr>;
  readonly names: Hygiene;
}

/** The statements that stand for the call. */
export function instantiate(use: MacroUse): readonly Statement[] {
  const { here, macro, call } = use;
  const { decl, scope } = macro;
  const f: Filling = {
    use,
    args: new Map(decl.params.map((p, i) => [p.text, use.args[i] ?? error(call)])),
    names: makeHygiene(here, scope, use.serial),
  };
  const spans = new Map<Span, Span>();
  const walk: TreeWalk = makeWalk({
    span: (span) => {
      const known = spans.get(span) ?? placeOf(here, call, originOf(macro, span));
      spans.set(span, known);
      return known;
    },
    expr: (e, inner) => fillExpr(f, walk, e, inner),
    pattern: (p, inner) => fillPattern(f, walk, p, inner),
    place: (p, inner) => fillPlace(f, walk, inner(p), p),
    statement: (s, inner) => {
      if (s.kind === "let") for (const name of letNames(s.pattern)) f.names.keep(name);
      return [inner(s)];
    },
    type: (t, inner) => {
      const type = inner(t);
      return type.kind === "name" ? { ...type, name: useDotted(f, type.name) } : type;
    },
    binder: (n) => bindName(f, n),
  });
  return walk.statements(decl.body.statements);
}

function originOf(
  { decl, scope }: DeclSymbol<MacroDecl>,
  span: Span,
): {
  readonly macro: string;
  readonly source: ModuleScope["text"];
  readonly span: Span;
} {
  return { macro: decl.name.text, source: scope.text, span };
}

function error(span: Span): Expr {
  return { kind: "error", span };
}

function fillExpr(f: Filling, walk: TreeWalk, e: Expr, inner: (e: Expr) => Expr): Expr {
  switch (e.kind) {
    case "name":
      return (
        f.args.get(e.name) ?? { kind: "name", name: f.names.use(e.name), span: walk.span(e.span) }
      );
    case "map": {
      const entries = e.entries.map((x, i) => fillEntry(f, walk, x, i === 0));
      return { ...e, entries, span: walk.span(e.span) };
    }
    case "match": {
      const subject = walk.expr(e.subject);
      const arms = e.arms.map((a) => {
        const arm = (): typeof a => {
          const patterns = a.patterns.map(walk.pattern);
          const guard = a.guard === null ? null : walk.expr(a.guard);
          return { patterns, guard, body: walk.block(a.body), span: walk.span(a.span) };
        };
        return f.names.within(arm);
      });
      return { ...e, subject, arms, span: walk.span(e.span) };
    }
    case "lambda":
    case "for":
    case "while":
    case "if":
    case "try":
    case "comprehension":
    case "handle":
    case "offer":
    case "awaitFor":
    case "nursery":
      return f.names.within(() => inner(e));
    default:
      return inner(e);
  }
}

/** A bare key is a string, but for the first one where a variable has its name (language 3). */
function fillEntry(f: Filling, walk: TreeWalk, x: MapItem, isFirst: boolean): MapItem {
  if (x.kind === "spread") return { kind: "spread", value: walk.expr(x.value) };
  const isText = x.key.kind === "name" && !x.keyInParens;
  const isVariable =
    isFirst && x.key.kind === "name" && (f.names.isBound(x.key.name) || f.args.has(x.key.name));
  if (isText && !isVariable)
    return { ...x, key: { ...x.key, span: walk.span(x.key.span) }, value: walk.expr(x.value) };
  return { ...x, key: walk.expr(x.key), keyInParens: true, value: walk.expr(x.value) };
}

function fillPattern(
  f: Filling,
  walk: TreeWalk,
  p: Pattern,
  inner: (p: Pattern) => Pattern,
): Pattern {
  switch (p.kind) {
    case "name": {
      const span = walk.span(p.span);
      if (isVariant(f.use.macro.scope, p.name)) return { ...p, name: f.names.use(p.name), span };
      return { kind: "name", name: bindName(f, { text: p.name, span: p.span }).text, span };
    }
    case "constructor": {
      const args = p.args?.map((a) => fillPatternArg(f, walk, a)) ?? null;
      const plain = { ...p, name: useDotted(f, p.name), args: null };
      const named = inner(plain);
      return named.kind === "constructor" ? { ...named, args } : named;
    }
    default:
      return inner(p);
  }
}

/** `label:` binds the name of its label, so the label and the variable part. */
function fillPatternArg(f: Filling, walk: TreeWalk, a: PatternArg): PatternArg {
  const label = a.label === null ? null : walk.name(a.label);
  if (a.pattern !== null || a.label === null)
    return { label, pattern: a.pattern === null ? null : walk.pattern(a.pattern) };
  const { text, span } = bindName(f, a.label);
  return { label, pattern: { kind: "name", name: text, span: walk.span(span) } };
}

function letNames(p: Pattern): readonly string[] {
  const names: string[] = [];
  makeWalk({
    pattern: (x, inner) => {
      if (x.kind === "name") names.push(x.name);
      return inner(x);
    },
    binder: (n) => {
      names.push(n.text);
      return n;
    },
  }).pattern(p);
  return names;
}

/** A bound parameter takes the name that the caller gives (E0500 for anything else). */
function bindName(f: Filling, n: Name): Name {
  const arg = f.args.get(n.text);
  if (arg === undefined) return { text: f.names.bind(n.text), span: n.span };
  if (arg.kind === "name") return { text: arg.name, span: n.span };
  if (arg.kind !== "error")
    report(f.use.here, "E0500", arg.span, `the macro binds '${n.text}', so it must be a name`, {
      help: "Give the name of a variable.",
    });
  return n;
}

/** An assigned parameter must be a place (E0500); other names that are assigned are bound. */
function fillPlace(f: Filling, walk: TreeWalk, filled: Place, p: Place): Place {
  const name = p.root.text;
  const arg = f.args.get(name);
  const root = (text: string): Name => ({ text, span: filled.root.span });
  if (arg === undefined) {
    const isNew = p.path.length === 0 && !f.names.isBound(name) && !isConst(f, name);
    if (isNew) f.names.keep(name);
    return { ...filled, root: root(isNew ? f.names.bind(name) : f.names.use(name)) };
  }
  const place = asPlace(arg);
  if (place !== null) return { ...place, path: [...place.path, ...filled.path], span: filled.span };
  if (arg.kind !== "error")
    report(f.use.here, "E0500", arg.span, `the macro assigns '${name}', so it must be a place`, {
      help: "Give a variable, a field or an element of one.",
    });
  return { ...filled, span: walk.span(p.span) };
}

/** `a.b[i].0` as something that can be assigned; null for other expressions. */
function asPlace(e: Expr): Place | null {
  if (e.kind === "name") return { root: { text: e.name, span: e.span }, path: [], span: e.span };
  if (e.kind !== "field" && e.kind !== "component" && e.kind !== "index") return null;
  const step = stepOf(e);
  const before = asPlace(e.value);
  if (step === null || before === null) return null;
  return { root: before.root, path: [...before.path, step], span: e.span };
}

function stepOf(e: Extract<Expr, { kind: "field" | "component" | "index" }>): PlaceStep | null {
  if (e.kind === "component") return { kind: "component", index: e.index, span: e.indexSpan };
  if (e.nullSafe) return null;
  if (e.kind === "field") return { kind: "field", name: e.name };
  const [index, ...more] = e.indices;
  return index === undefined || more.length > 0 ? null : { kind: "index", index, span: e.span };
}

function useDotted<T extends { readonly parts: readonly Name[] }>(f: Filling, name: T): T {
  const [first, ...rest] = name.parts;
  if (first === undefined || isBuiltinTypeName(first.text)) return name;
  return { ...name, parts: [{ ...first, text: f.names.use(first.text) }, ...rest] };
}

/** True when the macro's module sees a variant of that name, by the text of its enums. */
function isVariant(home: ModuleScope, name: string): boolean {
  return [home, ...home.modules.values()].some((scope) =>
    scope.ast.items.some((i) => i.kind === "enum" && i.variants.some((v) => v.name.text === name)),
  );
}

function isConst(f: Filling, name: string): boolean {
  const { items } = f.use.macro.scope.ast;
  return items.some((i) => i.kind === "const" && i.name.text === name);
}
