// The parts of an expression under a walk, in the order of their evaluation.

import type { Arg, Condition, Expr, InterpolationPart, ListItem, MapItem } from "@lumen/syntax";
import type { TreeWalk } from "./rules.ts";

/** Copies an expression with its parts walked. */
export function walkExpr(walk: TreeWalk, e: Expr): Expr {
  const span = walk.span(e.span);
  switch (e.kind) {
    case "interpolation":
      return { ...e, parts: e.parts.map((p) => walkPart(walk, p)), span };
    case "role":
      return { ...e, role: walk.name(e.role), text: e.text.map((p) => walkPart(walk, p)), span };
    case "list":
    case "set":
      return { ...e, items: e.items.map((i) => walkItem(walk, i)), span };
    case "tuple":
      return { ...e, items: e.items.map(walk.expr), span };
    case "map":
      return { ...e, entries: e.entries.map((x) => walkEntry(walk, x)), span };
    case "unary":
      return { ...e, operand: walk.expr(e.operand), span };
    case "binary": {
      const left = walk.expr(e.left);
      return { ...e, left, right: walk.expr(e.right), opSpan: walk.span(e.opSpan), span };
    }
    case "chain":
      return { ...e, operands: e.operands.map(walk.expr), span };
    case "range": {
      const start = walk.expr(e.start);
      const end = walk.expr(e.end);
      return { ...e, start, end, step: e.step === null ? null : walk.expr(e.step), span };
    }
    case "is":
    case "as":
    case "expectSchema":
      return { ...e, value: walk.expr(e.value), type: walk.type(e.type), span };
    case "pipe":
      return { ...e, value: walk.expr(e.value), target: walk.expr(e.target), span };
    case "compose":
      return { ...e, first: walk.expr(e.first), second: walk.expr(e.second), span };
    case "call":
      return { ...e, callee: walk.expr(e.callee), args: walkArgs(walk, e.args), span };
    case "field":
      return { ...e, value: walk.expr(e.value), name: walk.name(e.name), span };
    case "component":
      return { ...e, value: walk.expr(e.value), indexSpan: walk.span(e.indexSpan), span };
    case "index":
      return { ...e, value: walk.expr(e.value), indices: e.indices.map(walk.expr), span };
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
  const span = walk.span(e.span);
  switch (e.kind) {
    case "propagate":
    case "unwrap":
    case "await":
    case "spread":
    case "halt":
      return { ...e, value: walk.expr(e.value), span };
    case "resume":
      return { ...e, value: e.value === null ? null : walk.expr(e.value), span };
    case "try": {
      const value = walk.expr(e.value);
      const binding = e.binding === null ? null : walk.binder(e.binding);
      const handler = e.handler === null ? null : walk.expr(e.handler);
      return { ...e, value, binding, handler, span };
    }
    case "lambda": {
      const params = e.params.map(walk.param);
      const result = e.result === null ? null : walk.type(e.result);
      return { ...e, params, result, body: walk.body(e.body), span };
    }
    case "comprehension": {
      const clauses = e.clauses.map((clause) => {
        const iterable = walk.expr(clause.iterable);
        return { iterable, binder: walk.pattern(clause.binder) };
      });
      const filter = e.filter === null ? null : walk.expr(e.filter);
      const value = walk.expr(e.value);
      const mapValue = e.mapValue === null ? null : walk.expr(e.mapValue);
      return { ...e, clauses, filter, value, mapValue, span };
    }
    case "perform":
      return {
        ...e,
        effect: walk.name(e.effect),
        operation: walk.name(e.operation),
        args: walkArgs(walk, e.args),
        span,
      };
    case "checkpoint":
      return { ...e, label: e.label === null ? null : walk.expr(e.label), span };
    case "assertMatches": {
      const value = walk.expr(e.value);
      const pattern = walk.pattern(e.pattern);
      return { ...e, value, pattern, guard: e.guard === null ? null : walk.expr(e.guard), span };
    }
    case "null":
    case "bool":
    case "int":
    case "float":
    case "string":
    case "bytes":
    case "name":
    case "error":
      return { ...e, span };
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
  const span = walk.span(e.span);
  switch (e.kind) {
    case "if": {
      const branches = e.branches.map((b) => {
        const condition = walkCondition(walk, b.condition);
        return { condition, block: walk.block(b.block) };
      });
      const otherwise = e.otherwise === null ? null : walk.block(e.otherwise);
      return { ...e, branches, otherwise, span };
    }
    case "match": {
      const subject = walk.expr(e.subject);
      const arms = e.arms.map((a) => {
        const patterns = a.patterns.map(walk.pattern);
        const guard = a.guard === null ? null : walk.expr(a.guard);
        return { patterns, guard, body: walk.block(a.body), span: walk.span(a.span) };
      });
      return { ...e, subject, arms, span };
    }
    case "when": {
      const arms = e.arms.map((a) => {
        const condition = a.condition === null ? null : walk.expr(a.condition);
        return { condition, body: walk.block(a.body), span: walk.span(a.span) };
      });
      return { ...e, arms, span };
    }
    case "do":
    case "comptime":
      return { ...e, block: walk.block(e.block), span };
    case "handle": {
      const body = walk.block(e.body);
      const arms = e.arms.map((a) => {
        const params = a.params.map(walk.param);
        const effect = walk.name(a.effect);
        const operation = walk.name(a.operation);
        return { effect, operation, params, body: walk.block(a.body), span: walk.span(a.span) };
      });
      return { ...e, body, arms, span };
    }
    case "offer": {
      const value = walk.expr(e.value);
      const arms = e.arms.map((a) => {
        const pattern = a.pattern === null ? null : walk.pattern(a.pattern);
        const label = walk.name(a.label);
        return { label, pattern, body: walk.block(a.body), span: walk.span(a.span) };
      });
      return { ...e, value, arms, span };
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
  const span = walk.span(e.span);
  switch (e.kind) {
    case "for": {
      const attributes = e.attributes.map(walk.attribute);
      const iterable = walk.expr(e.iterable);
      const binder = walk.pattern(e.binder);
      const filter = e.filter === null ? null : walk.expr(e.filter);
      const label = e.label === null ? null : walk.name(e.label);
      return { ...e, attributes, iterable, binder, filter, label, body: walk.block(e.body), span };
    }
    case "while": {
      const attributes = e.attributes.map(walk.attribute);
      const condition = walkCondition(walk, e.condition);
      const label = e.label === null ? null : walk.name(e.label);
      return { ...e, attributes, condition, label, body: walk.block(e.body), span };
    }
    case "loop": {
      const attributes = e.attributes.map(walk.attribute);
      const label = e.label === null ? null : walk.name(e.label);
      return { ...e, attributes, label, body: walk.block(e.body), span };
    }
    case "awaitBlock": {
      const branches = e.branches.map((b) => {
        const value = walk.expr(b.value);
        return { value, name: b.name === null ? null : walk.binder(b.name) };
      });
      return { ...e, branches, span };
    }
    case "awaitFor": {
      const iterable = walk.expr(e.iterable);
      const binder = walk.pattern(e.binder);
      return { ...e, iterable, binder, body: walk.block(e.body), span };
    }
    case "nursery": {
      const name = e.name === null ? null : walk.binder(e.name);
      return { ...e, name, body: walk.block(e.body), span };
    }
  }
}

function walkCondition(walk: TreeWalk, condition: Condition): Condition {
  const value = walk.expr(condition.value);
  return condition.kind === "expr"
    ? { kind: "expr", value }
    : { kind: "let", value, pattern: walk.pattern(condition.pattern) };
}

function walkArgs(walk: TreeWalk, args: readonly Arg[]): readonly Arg[] {
  return args.map((a) => ({
    name: a.name === null ? null : walk.name(a.name),
    spread: a.spread,
    value: walk.expr(a.value),
  }));
}

function walkPart(walk: TreeWalk, part: InterpolationPart): InterpolationPart {
  if (part.kind === "text") return part;
  const { format } = part;
  const value = walk.expr(part.value);
  return {
    kind: "expr",
    value,
    format: format === null ? null : { ...format, span: walk.span(format.span) },
  };
}

function walkItem(walk: TreeWalk, item: ListItem): ListItem {
  return { spread: item.spread, value: walk.expr(item.value) };
}

function walkEntry(walk: TreeWalk, entry: MapItem): MapItem {
  if (entry.kind === "spread") return { kind: "spread", value: walk.expr(entry.value) };
  const key = walk.expr(entry.key);
  return { ...entry, key, value: walk.expr(entry.value) };
}
