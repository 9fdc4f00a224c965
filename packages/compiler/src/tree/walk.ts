// Walks over the tree between parser and resolver: feature checks read with them, macros write.

import type {
  Attribute,
  Block,
  Body,
  DottedName,
  Module,
  Name,
  Param,
  Pattern,
  Place,
  PlaceStep,
  Statement,
  TypeExpr,
} from "@lumen/syntax";
import type { TreeRules, TreeWalk } from "./rules.ts";
import { walkExpr } from "./walk-expr.ts";
import { walkItem } from "./walk-item.ts";

/** The walk that follows some rules. Nodes without a rule are copied with their parts walked. */
export function makeWalk(rules: TreeRules): TreeWalk {
  const same = <T>(x: T): T => x;
  const span = rules.span ?? same;
  const walk: TreeWalk = {
    expr: (e) => apply(rules.expr, e, (x) => walkExpr(walk, x)),
    statements: (list) => list.flatMap((s) => walkOne(rules, walk, s)),
    block: (b): Block => ({ statements: walk.statements(b.statements), span: span(b.span) }),
    body: (b): Body =>
      b.kind === "expr"
        ? { kind: "expr", value: walk.expr(b.value) }
        : { kind: "block", block: walk.block(b.block) },
    pattern: (p) => apply(rules.pattern, p, (x) => walkPattern(walk, x)),
    type: (t) => apply(rules.type, t, (x) => walkType(walk, x)),
    item: (item) => apply(rules.item, item, (x) => walkItem(walk, x)),
    attribute: (a) => apply(rules.attribute, a, (x) => walkAttribute(walk, x)),
    param: (p) => apply(rules.param, p, (x) => walkParam(walk, x)),
    place: (p) => apply(rules.place, p, (x) => walkPlace(walk, x)),
    binder: (n) => walk.name((rules.binder ?? same)(n)),
    name: rules.span === undefined ? same : (n): Name => ({ text: n.text, span: span(n.span) }),
    span,
  };
  return walk;
}

/** Walks a whole module: items, then the statements of its script. */
export function walkModule(module: Module, rules: TreeRules): Module {
  const walk = makeWalk(rules);
  const items = module.items.map(walk.item);
  return { ...module, items, statements: walk.statements(module.statements) };
}

function apply<T>(
  rule: ((x: T, inner: (x: T) => T) => T) | undefined,
  x: T,
  inner: (x: T) => T,
): T {
  return rule === undefined ? inner(x) : rule(x, inner);
}

function walkOne(rules: TreeRules, walk: TreeWalk, s: Statement): readonly Statement[] {
  const inner = (x: Statement): Statement => walkStatement(walk, x);
  return rules.statement === undefined ? [inner(s)] : rules.statement(s, inner);
}

/** `a.b.c` */
export function walkDotted(walk: TreeWalk, n: DottedName): DottedName {
  return { parts: n.parts.map(walk.name), span: walk.span(n.span) };
}

function walkAttribute(walk: TreeWalk, a: Attribute): Attribute {
  const args = a.args.map((x) => ({
    name: x.name === null ? null : walk.name(x.name),
    value: walk.expr(x.value),
  }));
  return { ...a, name: walk.name(a.name), args, span: walk.span(a.span) };
}

function walkParam(walk: TreeWalk, p: Param): Param {
  const type = p.type === null ? null : walk.type(p.type);
  const value = p.default === null ? null : walk.expr(p.default);
  return { ...p, type, default: value, name: walk.binder(p.name), span: walk.span(p.span) };
}

function walkPlace(walk: TreeWalk, p: Place): Place {
  const path = p.path.map((step) => walkStep(walk, step));
  return { root: walk.name(p.root), path, span: walk.span(p.span) };
}

function walkStep(walk: TreeWalk, step: PlaceStep): PlaceStep {
  switch (step.kind) {
    case "field":
      return { ...step, name: walk.name(step.name) };
    case "component":
      return { ...step, span: walk.span(step.span) };
    case "index":
      return { ...step, index: walk.expr(step.index), span: walk.span(step.span) };
  }
}

function walkStatement(walk: TreeWalk, s: Statement): Statement {
  const span = walk.span(s.span);
  switch (s.kind) {
    case "let": {
      const attributes = s.attributes.map(walk.attribute);
      const type = s.type === null ? null : walk.type(s.type);
      const value = walk.expr(s.value);
      return { ...s, attributes, type, value, pattern: walk.pattern(s.pattern), span };
    }
    case "assign": {
      const value = walk.expr(s.value);
      return { ...s, value, place: walk.place(s.place), opSpan: walk.span(s.opSpan), span };
    }
    case "expr":
    case "halt":
    case "emit":
    case "yield":
    case "role":
      return { ...s, value: walk.expr(s.value), span };
    case "return":
      return { ...s, value: s.value === null ? null : walk.expr(s.value), span };
    case "break": {
      const label = s.label === null ? null : walk.name(s.label);
      return { ...s, label, value: s.value === null ? null : walk.expr(s.value), span };
    }
    case "continue":
      return { ...s, label: s.label === null ? null : walk.name(s.label), span };
    case "assert": {
      const condition = walk.expr(s.condition);
      return { ...s, condition, message: s.message === null ? null : walk.expr(s.message), span };
    }
    case "defer":
      return { ...s, block: walk.block(s.block), span };
    case "addon":
      return { ...s, body: s.body === null ? null : walk.block(s.body), span };
    case "attributed":
      return walkAttributed(walk, s);
    case "item": {
      const item = walk.item(s.item);
      const isLocal = item.kind === "record" || item.kind === "enum" || item.kind === "cell";
      return isLocal ? { kind: "item", item, span } : { kind: "error", span };
    }
    case "error":
      return { ...s, span };
  }
}

function walkAttributed(walk: TreeWalk, s: Statement & { kind: "attributed" }): Statement {
  const attributes = s.attributes.map(walk.attribute);
  const span = walk.span(s.span);
  const inner = s.statement === null ? [] : walk.statements([s.statement]);
  const [only, ...others] = inner;
  if (only === undefined || others.length === 0)
    return { ...s, attributes, statement: only ?? null, span };
  const block = { statements: inner, span };
  const whole: Statement = { kind: "expr", value: { kind: "do", block, span }, span };
  return { ...s, attributes, statement: whole, span };
}

function walkPattern(walk: TreeWalk, p: Pattern): Pattern {
  const span = walk.span(p.span);
  switch (p.kind) {
    case "constructor": {
      const args =
        p.args?.map((a) => ({
          label: a.label === null ? null : walk.name(a.label),
          pattern: a.pattern === null ? null : walk.pattern(a.pattern),
        })) ?? null;
      return { ...p, name: walkDotted(walk, p.name), args, span };
    }
    case "tuple":
      return { ...p, items: p.items.map(walk.pattern), span };
    case "list": {
      const before = p.before.map(walk.pattern);
      const name = p.rest?.name ?? null;
      const rest = p.rest === null ? null : { name: name === null ? null : walk.binder(name) };
      return { ...p, before, rest, after: p.after.map(walk.pattern), span };
    }
    case "fields":
      return { ...p, names: p.names.map(walk.binder), span };
    case "typed":
      return { ...p, type: walk.type(p.type), name: walk.binder(p.name), span };
    default:
      return { ...p, span };
  }
}

function walkType(walk: TreeWalk, t: TypeExpr): TypeExpr {
  const span = walk.span(t.span);
  switch (t.kind) {
    case "name": {
      const args = t.args.map(walk.type);
      const to = t.typestate?.to ?? null;
      const typestate =
        t.typestate === null
          ? null
          : { from: walk.name(t.typestate.from), to: to === null ? null : walk.name(to) };
      return { ...t, name: walkDotted(walk, t.name), args, typestate, span };
    }
    case "option":
      return { ...t, inner: walk.type(t.inner), span };
    case "tuple":
      return { ...t, items: t.items.map(walk.type), span };
    case "union":
    case "intersection":
      return { ...t, members: t.members.map(walk.type), span };
    case "fn":
      return { ...t, params: t.params.map(walk.type), result: walk.type(t.result), span };
    case "generator":
      return { ...t, item: walk.type(t.item), span };
    default:
      return { ...t, span };
  }
}
