// Lambdas become cells of their own; free variables are copied when the value is made (language 7).

import type { Expr, Param } from "@lumen/syntax";
import type { HirExpr, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { constrainedAlias } from "../resolve/alias-constraints.ts";
import { resolveType, rowOf } from "../resolve/resolve-type.ts";
import { checkParams } from "../resolve/signatures.ts";
import { joinTypes } from "../types/relations.ts";
import { ANY, NULL } from "../types/simple-types.ts";
import { checkedBy } from "./alias-constraints.ts";
import {
  addLocal,
  type CellContext,
  complain,
  makeContext,
  readLocal,
  topOf,
  typeContext,
} from "./context.ts";
import { convert } from "./convert.ts";
import { functionCell } from "./function-cells.ts";
import { hasError } from "./hints.ts";
import { checkBody, checkExpr } from "./recursion.ts";

/**
 * `fn(x: Int) => x * 2`. Unwritten parameter types come from the expected function type, else Any.
 */
export function checkLambda(
  c: CellContext,
  e: Expr & { kind: "lambda" },
  expected: Type | null,
): HirExpr {
  const wanted =
    expected?.kind === "fn" && expected.params.length === e.params.length ? expected : null;
  const types = e.params.map((p, i) =>
    p.type === null ? (wanted?.params[i] ?? ANY) : resolveType(p.type, typeContext(c)),
  );
  const written = e.result === null ? null : resolveType(e.result, typeContext(c));
  const hinted =
    wanted !== null && !hasError(wanted.result) && wanted.result.kind !== "any"
      ? wanted.result
      : null;
  checkParams(c.scope, e.params);
  const isRefused = e.params.filter((param) => refuseOfCells(c, param)).length > 0;
  const owner = topOf(c);
  const name = `${owner.name}$lambda${owner.counters.lambdas}`;
  owner.counters.lambdas += 1;
  const inner = makeContext({
    session: c.session,
    scope: c.scope,
    name,
    kind: "lambda",
    generics: c.generics,
    result: written,
    parent: c,
  });
  const params = e.params.map((p, i) => ({
    local: addLocal(inner, p.name.text, types[i] ?? ANY, p.span),
    name: p.name.text,
    type: types[i] ?? ANY,
    default: null,
  }));
  const natural = checkedBody(inner, e, written ?? hinted);
  const result = written ?? hinted ?? joinTypes([...inner.returned, natural.type]);
  const settled = result.kind === "never" ? NULL : result;
  const body = convert(inner, natural, settled, "lambda result");
  c.hidden.push({
    ...functionCell(inner, { params, result: settled, body, span: e.span }),
    ...(e.row === null
      ? {}
      : { lambdaRow: { effects: rowOf(e.row.effects.map((x) => x.text)), span: e.row.span } }),
  });
  const ref = { module: c.scope.source.name, name };
  c.causes.push({ kind: "call", callee: ref, span: e.span });
  const type: Type = isRefused
    ? { kind: "error" }
    : { kind: "fn", params: types, result: settled, row: null };
  return { kind: "closure", cell: ref, captures: outerCaptures(inner), type, span: e.span };
}

/**
 * A call sees only the type of a function: neither who takes an argument over (language 19.8) nor
 * which arguments may be left out or repeated.
 */
function refuseOfCells(c: CellContext, param: Param): boolean {
  const refuse = (what: string, remove: string): void =>
    complain(c, "E0500", param.span, `only parameters of cells can ${what}`, {
      help: `Make the lambda a cell, or remove ${remove}.`,
    });
  if (param.isOwned) refuse("be owned", "`own`");
  if (param.isVariadic) refuse("be variadic", "`...`");
  if (param.default !== null) refuse("have a default", "the default");
  return param.isOwned || param.isVariadic || param.default !== null;
}

/** The body, after the constraints of the aliases that its parameters name. */
function checkedBody(
  inner: CellContext,
  e: Expr & { kind: "lambda" },
  expected: Type | null,
): HirExpr {
  // Parameters are the first locals.
  const checks = e.params.flatMap((p, local) => {
    const alias = constrainedAlias(p.type, inner.scope);
    return alias === null ? [] : [checkedBy(inner, alias, readLocal(inner, local, p.span), p.span)];
  });
  const value = checkBody(inner, e.body, expected);
  if (checks.length === 0) return value;
  return { kind: "block", statements: checks, value, type: value.type, span: value.span };
}

function outerCaptures(inner: CellContext): readonly LocalId[] {
  return [...(inner.captures?.keys() ?? [])];
}

/** `f ~> g` is `fn(x) => g(f(x))`; a right operand `g(b)` stands for `fn(y) => g(y, b)`. */
export function checkCompose(c: CellContext, e: Expr & { kind: "compose" }): HirExpr {
  const first = checkExpr(c, e.first, null);
  if (first.type.kind !== "fn" && first.type.kind !== "any") {
    complain(c, "E0202", e.first.span, "the left side of '~>' is not a function");
  }
  const { span } = e;
  // No name in the operands can mean the parameter.
  const x: Expr = { kind: "name", name: "~x", span };
  const inner: Expr = {
    kind: "call",
    callee: e.first,
    args: [{ name: null, spread: false, value: x }],
    bang: false,
    span,
  };
  const arg = { name: null, spread: false, value: inner };
  const outer: Expr =
    e.second.kind === "call"
      ? { ...e.second, args: [arg, ...e.second.args], span }
      : { kind: "call", callee: e.second, args: [arg], bang: false, span };
  const type = first.type.kind === "fn" ? first.type : null;
  const lambda: Expr & { kind: "lambda" } = {
    kind: "lambda",
    params: [
      {
        name: { text: "~x", span },
        isVariadic: false,
        isOwned: false,
        type: null,
        default: null,
        span,
      },
    ],
    result: null,
    row: null,
    body: { kind: "expr", value: outer },
    span,
  };
  const hint: Type = { kind: "fn", params: [type?.params[0] ?? ANY], result: ANY, row: null };
  return checkLambda(c, lambda, hint);
}
