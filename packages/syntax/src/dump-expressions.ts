// Textual form of expressions for fixtures: see dump-ast.ts.

import { assertNever } from "@lumen/core/result";
import type {
  Arg,
  Block,
  Body,
  Condition,
  Expr,
  InterpolationPart,
  ListItem,
  MapItem,
  Param,
  Statement,
} from "./ast.ts";
import { dumpEffectExpr, type ExprDumper } from "./dump-effects.ts";
import { dumpNumber, dumpPattern, dumpRow, dumpType, group } from "./dump-types.ts";

/** How blocks inside expressions print their statements; handed in to avoid an import cycle. */
export type DumpStatement = (statement: Statement) => string;

/** Parameters of a cell or lambda. */
export function dumpParams(params: readonly Param[], statement: DumpStatement): string {
  return group(params.map((param) => dumpParam(param, statement)));
}

function dumpParam(param: Param, statement: DumpStatement): string {
  const name = `${param.isVariadic ? "..." : ""}${param.name.text}`;
  const value = param.default === null ? "" : `= ${dumpExpr(param.default, statement)}`;
  if (param.type === null && value === "") return name;
  const type = param.type === null ? "" : dumpType(param.type);
  return group(name, param.isOwned ? "own" : "", type, value);
}

/** A body: `(expr e)` or `(block …)`. */
export function dumpBody(body: Body, statement: DumpStatement): string {
  if (body.kind === "expr") return group("expr", dumpExpr(body.value, statement));
  return dumpBlock(body.block, statement);
}

/** `(block s …)` */
export function dumpBlock(block: Block, statement: DumpStatement): string {
  return group("block", block.statements.map(statement));
}

/**
 * An expression. Left-leaning chains are bounded by the parser (limits.ts), so that recursion here
 * is too.
 */
export function dumpExpr(expr: Expr, statement: DumpStatement): string {
  const dump = (inner: Expr): string => dumpExpr(inner, statement);
  switch (expr.kind) {
    case "null":
      return "null";
    case "bool":
    case "int":
      return String(expr.value);
    case "float":
      return dumpNumber(expr.value);
    case "string":
      return JSON.stringify(expr.value);
    case "bytes":
      return `b"${Array.from(expr.value, (byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
    case "interpolation":
      return dumpInterpolation(expr, dump);
    case "name":
      return expr.name;
    case "list":
    case "set":
      return group(
        expr.kind,
        expr.items.map((item) => dumpListItem(item, dump)),
      );
    case "tuple":
      return group("tuple", expr.items.map(dump));
    case "map":
      return group(
        "map",
        expr.entries.map((entry) => dumpEntry(entry, dump)),
      );
    case "comprehension":
      return dumpComprehension(expr, dump);
    case "lambda":
    case "if":
    case "match":
    case "when":
    case "for":
    case "while":
    case "loop":
    case "do":
      return dumpBlockExpr(expr, statement);
    case "await":
    case "awaitBlock":
    case "awaitFor":
    case "nursery":
    case "perform":
    case "handle":
    case "resume":
    case "comptime":
    case "checkpoint":
    case "role":
    case "offer":
    case "assertMatches":
    case "spread":
      return dumpEffectExpr(expr, dumperOf(statement));
    case "error":
      return "<error>";
    default:
      return dumpOperation(expr, dump);
  }
}

function dumperOf(statement: DumpStatement): ExprDumper {
  const expr = (inner: Expr): string => dumpExpr(inner, statement);
  return {
    expr,
    block: (block) => dumpBlock(block, statement),
    params: (params) => dumpParams(params, statement),
    arg: (arg) => dumpArg(arg, expr),
    parts: (parts) => dumpParts(parts, expr),
  };
}

type ExprOf<K extends Expr["kind"]> = Extract<Expr, { readonly kind: K }>;

type BlockExprKind = "lambda" | "if" | "match" | "when" | "for" | "while" | "loop" | "do";

type OperationKind =
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
  | "index"
  | "propagate"
  | "unwrap"
  | "try"
  | "halt";

function dumpOperation(expr: ExprOf<OperationKind>, dump: (expr: Expr) => string): string {
  switch (expr.kind) {
    case "unary":
      return group(expr.op, dump(expr.operand));
    case "binary":
      return group(expr.op, dump(expr.left), dump(expr.right));
    case "chain":
      return group(
        "chain",
        expr.operands.flatMap((e, i) => [dump(e), expr.ops[i] ?? ""]),
      );
    case "range": {
      const step = expr.step === null ? "" : `step ${dump(expr.step)}`;
      return group(expr.inclusive ? "..=" : "..", dump(expr.start), dump(expr.end), step);
    }
    case "is":
    case "as":
      return group(expr.kind, dump(expr.value), dumpType(expr.type));
    case "expectSchema":
      return group("expect", dump(expr.value), dumpType(expr.type));
    case "pipe":
      return group("|>", dump(expr.value), dump(expr.target));
    case "compose":
      return group("~>", dump(expr.first), dump(expr.second));
    case "call": {
      const args = expr.args.map((arg) => dumpArg(arg, dump));
      return group(expr.bang ? "call!" : "call", dump(expr.callee), args);
    }
    case "field":
      return group(expr.nullSafe ? "?." : ".", dump(expr.value), expr.name.text);
    case "component":
      return group(".", dump(expr.value), String(expr.index));
    case "index":
      return group(expr.nullSafe ? "?[]" : "[]", dump(expr.value), expr.indices.map(dump));
    case "propagate":
      return group("?", dump(expr.value));
    case "unwrap":
      return group("!", dump(expr.value));
    case "try": {
      const binding = expr.binding === null ? "" : `|${expr.binding.text}|`;
      const handler = expr.handler === null ? "" : group("else", binding, dump(expr.handler));
      return group("try", dump(expr.value), handler);
    }
    case "halt":
      return group("halt", dump(expr.value));
    default:
      return assertNever(expr);
  }
}

function dumpBlockExpr(expr: ExprOf<BlockExprKind>, statement: DumpStatement): string {
  const dump = (inner: Expr): string => dumpExpr(inner, statement);
  const block = (inner: Block): string => dumpBlock(inner, statement);
  switch (expr.kind) {
    case "lambda": {
      const result = expr.result === null ? "" : `-> ${dumpType(expr.result)}`;
      const params = dumpParams(expr.params, statement);
      return group("fn", params, result, dumpRow(expr.row), dumpBody(expr.body, statement));
    }
    case "if": {
      const branches = expr.branches.flatMap((b) => [
        dumpCondition(b.condition, dump),
        block(b.block),
      ]);
      const otherwise = expr.otherwise === null ? "" : `else ${block(expr.otherwise)}`;
      return group("if", branches, otherwise);
    }
    case "match": {
      const arms = expr.arms.map((arm) => {
        const guard = arm.guard === null ? "" : `if ${dump(arm.guard)}`;
        const patterns = arm.patterns.map(dumpPattern).join(" | ");
        return group(patterns, guard, "->", block(arm.body));
      });
      return group("match", dump(expr.subject), arms);
    }
    case "when": {
      const arms = expr.arms.map((arm) => {
        const condition = arm.condition === null ? "_" : dump(arm.condition);
        return group(condition, "->", block(arm.body));
      });
      return group("when", arms);
    }
    case "for": {
      const head = `${dumpPattern(expr.binder)} in ${dump(expr.iterable)}`;
      const filter = expr.filter === null ? "" : `if ${dump(expr.filter)}`;
      return group("for", dumpLabel(expr), head, filter, block(expr.body));
    }
    case "while":
      return group("while", dumpLabel(expr), dumpCondition(expr.condition, dump), block(expr.body));
    case "loop":
      return group("loop", dumpLabel(expr), block(expr.body));
    case "do":
      return group("do", block(expr.block));
    default:
      return assertNever(expr);
  }
}

function dumpLabel(loop: ExprOf<"for" | "while" | "loop">): string {
  const attributes = loop.attributes.map((attribute) => `@${attribute.name.text} `).join("");
  return attributes + (loop.label === null ? "" : `@${loop.label.text}`);
}

function dumpCondition(condition: Condition, dump: (expr: Expr) => string): string {
  if (condition.kind === "expr") return dump(condition.value);
  return group("let", dumpPattern(condition.pattern), dump(condition.value));
}

function dumpInterpolation(expr: ExprOf<"interpolation">, dump: (expr: Expr) => string): string {
  return group("str", dumpParts(expr.parts, dump));
}

function dumpParts(
  parts: readonly InterpolationPart[],
  dump: (expr: Expr) => string,
): readonly string[] {
  return parts.map((part) => {
    if (part.kind === "text") return JSON.stringify(part.value);
    if (part.format === null) return dump(part.value);
    return group("format", dump(part.value), JSON.stringify(part.format.text));
  });
}

function dumpListItem(item: ListItem, dump: (expr: Expr) => string): string {
  return item.spread ? group("...", dump(item.value)) : dump(item.value);
}

function dumpEntry(entry: MapItem, dump: (expr: Expr) => string): string {
  if (entry.kind === "spread") return group("...", dump(entry.value));
  const key = dump(entry.key);
  return group(entry.keyInParens ? group("paren", key) : key, dump(entry.value));
}

function dumpComprehension(expr: ExprOf<"comprehension">, dump: (expr: Expr) => string): string {
  const value = expr.mapValue === null ? "" : dump(expr.mapValue);
  const clauses = expr.clauses.map((clause) =>
    group("for", dumpPattern(clause.binder), dump(clause.iterable)),
  );
  const filter = expr.filter === null ? "" : group("if", dump(expr.filter));
  return group(`${expr.shape}-of`, dump(expr.value), value, clauses, filter);
}

function dumpArg(arg: Arg, dump: (expr: Expr) => string): string {
  const value = arg.spread ? group("...", dump(arg.value)) : dump(arg.value);
  return arg.name === null ? value : group(`${arg.name.text}:`, value);
}
