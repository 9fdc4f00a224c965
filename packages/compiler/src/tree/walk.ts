// Walks over the tree between parser and resolver: feature checks read with them, macros write.
// What no rule changes stays the same object.

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
import { mapSame, maybe, set1, set2 } from "../copy-on-change.ts";
import type { TreeRules, TreeWalk } from "./rules.ts";
import { walkExpr } from "./walk-expr.ts";
import { walkItem } from "./walk-item.ts";

/** The walk that follows some rules. Of nodes without a rule the parts are walked. */
export function makeWalk(rules: TreeRules): TreeWalk {
  const same = <T>(x: T): T => x;
  const span = rules.span ?? same;
  const walk: TreeWalk = {
    expr: applied(rules.expr, (e) => walkExpr(walk, e)),
    statements: statementsWalk(rules, (s) => walkStatement(walk, s)),
    block: (b): Block => set2(b, "statements", walk.statements(b.statements), "span", span(b.span)),
    body: (b): Body =>
      b.kind === "expr"
        ? set1(b, "value", walk.expr(b.value))
        : set1(b, "block", walk.block(b.block)),
    pattern: applied(rules.pattern, (p) => walkPattern(walk, p)),
    type: applied(rules.type, (t) => walkType(walk, t)),
    item: applied(rules.item, (item) => walkItem(walk, item)),
    attribute: applied(rules.attribute, (a) => walkAttribute(walk, a)),
    param: applied(rules.param, (p) => walkParam(walk, p)),
    place: applied(rules.place, (p) => walkPlace(walk, p)),
    binder: (n) => walk.name((rules.binder ?? same)(n)),
    name: rules.span === undefined ? same : (n): Name => set1(n, "span", span(n.span)),
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

function applied<T>(
  rule: ((x: T, inner: (x: T) => T) => T) | undefined,
  inner: (x: T) => T,
): (x: T) => T {
  return rule === undefined ? inner : (x) => rule(x, inner);
}

function statementsWalk(
  { statement }: TreeRules,
  inner: (s: Statement) => Statement,
): TreeWalk["statements"] {
  if (statement === undefined) return (list) => mapSame(list, inner);
  return (list) => {
    const walked = list.flatMap((s) => statement(s, inner));
    const isSame = walked.length === list.length && walked.every((s, i) => s === list[i]);
    return isSame ? list : walked;
  };
}

/** `a.b.c` */
export function walkDotted(walk: TreeWalk, n: DottedName): DottedName {
  return set2(n, "parts", mapSame(n.parts, walk.name), "span", walk.span(n.span));
}

function walkAttribute(walk: TreeWalk, a: Attribute): Attribute {
  const args = mapSame(a.args, (x) =>
    set2(x, "name", maybe(x.name, walk.name), "value", walk.expr(x.value)),
  );
  return set1(set2(a, "name", walk.name(a.name), "args", args), "span", walk.span(a.span));
}

function walkParam(walk: TreeWalk, p: Param): Param {
  const walked = set2(p, "type", maybe(p.type, walk.type), "default", maybe(p.default, walk.expr));
  return set2(walked, "name", walk.binder(p.name), "span", walk.span(p.span));
}

function walkPlace(walk: TreeWalk, p: Place): Place {
  const path = mapSame(p.path, (step) => walkStep(walk, step));
  return set1(set2(p, "root", walk.name(p.root), "path", path), "span", walk.span(p.span));
}

function walkStep(walk: TreeWalk, step: PlaceStep): PlaceStep {
  switch (step.kind) {
    case "field":
      return set1(step, "name", walk.name(step.name));
    case "component":
      return set1(step, "span", walk.span(step.span));
    case "index":
      return set2(step, "index", walk.expr(step.index), "span", walk.span(step.span));
  }
}

function walkStatement(walk: TreeWalk, s: Statement): Statement {
  return set1(walkParts(walk, s), "span", walk.span(s.span));
}

function walkParts(walk: TreeWalk, s: Statement): Statement {
  switch (s.kind) {
    case "let": {
      const attributes = mapSame(s.attributes, walk.attribute);
      const head = set2(s, "attributes", attributes, "type", maybe(s.type, walk.type));
      return set2(head, "value", walk.expr(s.value), "pattern", walk.pattern(s.pattern));
    }
    case "assign": {
      const walked = set2(s, "value", walk.expr(s.value), "place", walk.place(s.place));
      return set1(walked, "opSpan", walk.span(s.opSpan));
    }
    case "expr":
    case "halt":
    case "emit":
    case "yield":
    case "role":
      return set1(s, "value", walk.expr(s.value));
    case "return":
      return set1(s, "value", maybe(s.value, walk.expr));
    case "break":
      return set2(s, "label", maybe(s.label, walk.name), "value", maybe(s.value, walk.expr));
    case "continue":
      return set1(s, "label", maybe(s.label, walk.name));
    case "assert": {
      const condition = walk.expr(s.condition);
      return set2(s, "condition", condition, "message", maybe(s.message, walk.expr));
    }
    case "defer":
      return set1(s, "block", walk.block(s.block));
    case "addon":
      return set1(s, "body", maybe(s.body, walk.block));
    case "attributed":
      return walkAttributed(walk, s);
    case "item": {
      const item = walk.item(s.item);
      const isLocal = item.kind === "record" || item.kind === "enum" || item.kind === "cell";
      return isLocal ? set1(s, "item", item) : { kind: "error", span: s.span };
    }
    case "error":
      return s;
  }
}

function walkAttributed(walk: TreeWalk, s: Statement & { kind: "attributed" }): Statement {
  const attributes = mapSame(s.attributes, walk.attribute);
  const inner = s.statement === null ? [] : walk.statements([s.statement]);
  const [only, ...others] = inner;
  if (only === undefined || others.length === 0)
    return set2(s, "attributes", attributes, "statement", only ?? null);
  const span = walk.span(s.span);
  const block = { statements: inner, span };
  const whole: Statement = { kind: "expr", value: { kind: "do", block, span }, span };
  return { ...s, attributes, statement: whole, span };
}

function walkPattern(walk: TreeWalk, p: Pattern): Pattern {
  return set1(walkPatternParts(walk, p), "span", walk.span(p.span));
}

function walkPatternParts(walk: TreeWalk, p: Pattern): Pattern {
  switch (p.kind) {
    case "constructor": {
      const args = maybe(p.args, (list) =>
        mapSame(list, (a) =>
          set2(a, "label", maybe(a.label, walk.name), "pattern", maybe(a.pattern, walk.pattern)),
        ),
      );
      return set2(p, "name", walkDotted(walk, p.name), "args", args);
    }
    case "tuple":
      return set1(p, "items", mapSame(p.items, walk.pattern));
    case "list": {
      const before = mapSame(p.before, walk.pattern);
      const rest = maybe(p.rest, (r) => set1(r, "name", maybe(r.name, walk.binder)));
      const after = mapSame(p.after, walk.pattern);
      return set1(set2(p, "before", before, "rest", rest), "after", after);
    }
    case "fields":
      return set1(p, "names", mapSame(p.names, walk.binder));
    case "typed":
      return set2(p, "type", walk.type(p.type), "name", walk.binder(p.name));
    default:
      return p;
  }
}

function walkType(walk: TreeWalk, t: TypeExpr): TypeExpr {
  return set1(walkTypeParts(walk, t), "span", walk.span(t.span));
}

function walkTypeParts(walk: TreeWalk, t: TypeExpr): TypeExpr {
  switch (t.kind) {
    case "name": {
      const args = mapSame(t.args, walk.type);
      const typestate = maybe(t.typestate, (s) =>
        set2(s, "from", walk.name(s.from), "to", maybe(s.to, walk.name)),
      );
      return set1(set2(t, "name", walkDotted(walk, t.name), "args", args), "typestate", typestate);
    }
    case "option":
      return set1(t, "inner", walk.type(t.inner));
    case "tuple":
      return set1(t, "items", mapSame(t.items, walk.type));
    case "union":
    case "intersection":
      return set1(t, "members", mapSame(t.members, walk.type));
    case "fn":
      return set2(t, "params", mapSame(t.params, walk.type), "result", walk.type(t.result));
    case "generator":
      return set1(t, "item", walk.type(t.item));
    default:
      return t;
  }
}
