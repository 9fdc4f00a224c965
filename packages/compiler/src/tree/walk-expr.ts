// The parts of an expression under a walk, in the order of their evaluation. What no rule changes
// stays the same object, so that a walk that only reads allocates nothing.

import type { Arg, Condition, Expr, InterpolationPart, ListItem, MapItem } from "@lumen/syntax";
import { mapSame, maybe, set1, set2 } from "../copy-on-change.ts";
import type { TreeWalk } from "./rules.ts";

/** An expression with its parts walked; itself where nothing changes. */
export function walkExpr(walk: TreeWalk, e: Expr): Expr {
  return set1(walkParts(walk, e), "span", walk.span(e.span));
}

function walkParts(walk: TreeWalk, e: Expr): Expr {
  switch (e.kind) {
    case "interpolation":
      return set1(e, "parts", walkInterpolation(walk, e.parts));
    case "role":
      return set2(e, "role", walk.name(e.role), "text", walkInterpolation(walk, e.text));
    case "list":
    case "set":
      return set1(e, "items", walkItems(walk, e.items));
    case "tuple":
      return set1(e, "items", mapSame(e.items, walk.expr));
    case "map":
      return set1(
        e,
        "entries",
        mapSame(e.entries, (x) => walkEntry(walk, x)),
      );
    case "unary":
      return set1(e, "operand", walk.expr(e.operand));
    case "binary": {
      const walked = set2(e, "left", walk.expr(e.left), "right", walk.expr(e.right));
      return set1(walked, "opSpan", walk.span(e.opSpan));
    }
    case "chain":
      return set1(e, "operands", mapSame(e.operands, walk.expr));
    case "range": {
      const walked = set2(e, "start", walk.expr(e.start), "end", walk.expr(e.end));
      return set1(walked, "step", maybe(e.step, walk.expr));
    }
    case "is":
    case "as":
    case "expectSchema":
      return set2(e, "value", walk.expr(e.value), "type", walk.type(e.type));
    case "pipe":
      return set2(e, "value", walk.expr(e.value), "target", walk.expr(e.target));
    case "compose":
      return set2(e, "first", walk.expr(e.first), "second", walk.expr(e.second));
    case "call":
      return set2(e, "callee", walk.expr(e.callee), "args", walkArgs(walk, e.args));
    case "field":
      return set2(e, "value", walk.expr(e.value), "name", walk.name(e.name));
    case "component":
      return set2(e, "value", walk.expr(e.value), "indexSpan", walk.span(e.indexSpan));
    case "index":
      return set2(e, "value", walk.expr(e.value), "indices", mapSame(e.indices, walk.expr));
    default:
      return walkRest(walk, e);
  }
}

type Handled =
  | "interpolation"
  | "role"
  | "list"
  | "set"
  | "tuple"
  | "map"
  | "unary"
  | "binary"
  | "chain"
  | "range"
  | "is"
  | "as"
  | "expectSchema"
  | "pipe"
  | "compose"
  | "call"
  | "field"
  | "component"
  | "index";

function walkRest(walk: TreeWalk, e: Exclude<Expr, { kind: Handled }>): Expr {
  switch (e.kind) {
    case "propagate":
    case "unwrap":
    case "await":
    case "spread":
    case "halt":
      return set1(e, "value", walk.expr(e.value));
    case "resume":
      return set1(e, "value", maybe(e.value, walk.expr));
    case "try": {
      const value = walk.expr(e.value);
      const binding = maybe(e.binding, walk.binder);
      const handler = maybe(e.handler, walk.expr);
      return set2(set1(e, "value", value), "binding", binding, "handler", handler);
    }
    case "lambda": {
      const params = mapSame(e.params, walk.param);
      const result = maybe(e.result, walk.type);
      return set1(set2(e, "params", params, "result", result), "body", walk.body(e.body));
    }
    case "comprehension": {
      const clauses = mapSame(e.clauses, (clause) => {
        const iterable = walk.expr(clause.iterable);
        return set2(clause, "iterable", iterable, "binder", walk.pattern(clause.binder));
      });
      const filter = maybe(e.filter, walk.expr);
      const value = walk.expr(e.value);
      const mapValue = maybe(e.mapValue, walk.expr);
      const walked = set2(e, "clauses", clauses, "filter", filter);
      return set2(walked, "value", value, "mapValue", mapValue);
    }
    case "perform":
      return set1(
        set2(e, "effect", walk.name(e.effect), "operation", walk.name(e.operation)),
        "args",
        walkArgs(walk, e.args),
      );
    case "checkpoint":
      return set1(e, "label", maybe(e.label, walk.expr));
    case "assertMatches": {
      const value = walk.expr(e.value);
      const pattern = walk.pattern(e.pattern);
      return set1(set2(e, "value", value, "pattern", pattern), "guard", maybe(e.guard, walk.expr));
    }
    case "null":
    case "bool":
    case "int":
    case "float":
    case "string":
    case "bytes":
    case "name":
    case "error":
      return e;
    default:
      return walkBlocks(walk, e);
  }
}

type WithBlocks = Extract<
  Expr,
  {
    kind:
      | "if"
      | "match"
      | "when"
      | "for"
      | "while"
      | "loop"
      | "do"
      | "comptime"
      | "awaitBlock"
      | "awaitFor"
      | "nursery"
      | "handle"
      | "offer";
  }
>;

function walkBlocks(walk: TreeWalk, e: WithBlocks): Expr {
  switch (e.kind) {
    case "if": {
      const branches = mapSame(e.branches, (b) => {
        const condition = walkCondition(walk, b.condition);
        return set2(b, "condition", condition, "block", walk.block(b.block));
      });
      return set2(e, "branches", branches, "otherwise", maybe(e.otherwise, walk.block));
    }
    case "match": {
      const subject = walk.expr(e.subject);
      const arms = mapSame(e.arms, (a) => {
        const patterns = mapSame(a.patterns, walk.pattern);
        const walked = set2(a, "patterns", patterns, "guard", maybe(a.guard, walk.expr));
        return set2(walked, "body", walk.block(a.body), "span", walk.span(a.span));
      });
      return set2(e, "subject", subject, "arms", arms);
    }
    case "when": {
      const arms = mapSame(e.arms, (a) => {
        const walked = set1(a, "condition", maybe(a.condition, walk.expr));
        return set2(walked, "body", walk.block(a.body), "span", walk.span(a.span));
      });
      return set1(e, "arms", arms);
    }
    case "do":
    case "comptime":
      return set1(e, "block", walk.block(e.block));
    case "handle": {
      const body = walk.block(e.body);
      const arms = mapSame(e.arms, (a) => {
        const params = mapSame(a.params, walk.param);
        const names = set2(a, "effect", walk.name(a.effect), "operation", walk.name(a.operation));
        const walked = set2(names, "params", params, "body", walk.block(a.body));
        return set1(walked, "span", walk.span(a.span));
      });
      return set2(e, "body", body, "arms", arms);
    }
    case "offer": {
      const value = walk.expr(e.value);
      const arms = mapSame(e.arms, (a) => {
        const pattern = maybe(a.pattern, walk.pattern);
        const walked = set2(a, "label", walk.name(a.label), "pattern", pattern);
        return set2(walked, "body", walk.block(a.body), "span", walk.span(a.span));
      });
      return set2(e, "value", value, "arms", arms);
    }
    default:
      return walkLoops(walk, e);
  }
}

type Loops = Extract<
  Expr,
  { kind: "for" | "while" | "loop" | "awaitBlock" | "awaitFor" | "nursery" }
>;

function walkLoops(walk: TreeWalk, e: Loops): Expr {
  switch (e.kind) {
    case "for": {
      const attributes = mapSame(e.attributes, walk.attribute);
      const source = set2(e, "attributes", attributes, "iterable", walk.expr(e.iterable));
      const binder = walk.pattern(e.binder);
      const filtered = set2(source, "binder", binder, "filter", maybe(e.filter, walk.expr));
      return set2(filtered, "label", maybe(e.label, walk.name), "body", walk.block(e.body));
    }
    case "while": {
      const attributes = mapSame(e.attributes, walk.attribute);
      const condition = walkCondition(walk, e.condition);
      const head = set2(e, "attributes", attributes, "condition", condition);
      return set2(head, "label", maybe(e.label, walk.name), "body", walk.block(e.body));
    }
    case "loop": {
      const head = set1(e, "attributes", mapSame(e.attributes, walk.attribute));
      return set2(head, "label", maybe(e.label, walk.name), "body", walk.block(e.body));
    }
    case "awaitBlock": {
      const branches = mapSame(e.branches, (b) => {
        const value = walk.expr(b.value);
        return set2(b, "value", value, "name", maybe(b.name, walk.binder));
      });
      return set1(e, "branches", branches);
    }
    case "awaitFor": {
      const iterable = walk.expr(e.iterable);
      const head = set2(e, "iterable", iterable, "binder", walk.pattern(e.binder));
      return set1(head, "body", walk.block(e.body));
    }
    case "nursery": {
      const name = maybe(e.name, walk.binder);
      return set2(e, "name", name, "body", walk.block(e.body));
    }
  }
}

function walkCondition(walk: TreeWalk, condition: Condition): Condition {
  const walked = set1(condition, "value", walk.expr(condition.value));
  return walked.kind === "expr" ? walked : set1(walked, "pattern", walk.pattern(walked.pattern));
}

function walkArgs(walk: TreeWalk, args: readonly Arg[]): readonly Arg[] {
  return mapSame(args, (a) =>
    set2(a, "name", maybe(a.name, walk.name), "value", walk.expr(a.value)),
  );
}

function walkInterpolation(
  walk: TreeWalk,
  parts: readonly InterpolationPart[],
): readonly InterpolationPart[] {
  return mapSame(parts, (part) => {
    if (part.kind === "text") return part;
    const format = maybe(part.format, (f) => set1(f, "span", walk.span(f.span)));
    return set2(part, "value", walk.expr(part.value), "format", format);
  });
}

function walkItems(walk: TreeWalk, items: readonly ListItem[]): readonly ListItem[] {
  return mapSame(items, (item) => set1(item, "value", walk.expr(item.value)));
}

function walkEntry(walk: TreeWalk, entry: MapItem): MapItem {
  if (entry.kind === "spread") return set1(entry, "value", walk.expr(entry.value));
  return set2(entry, "key", walk.expr(entry.key), "value", walk.expr(entry.value));
}
