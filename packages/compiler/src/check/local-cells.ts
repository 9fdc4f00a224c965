// Cells in bodies that capture variables (language 5): the value of a variable, made when the
// statement is reached, that a call knows like a cell. The value takes itself as first argument, so
// that the body can call it.

import type { CellDecl, Expr } from "@lumen/syntax";
import type { HirExpr, HirParam, HirStatement, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { constrainedAlias } from "../resolve/alias-constraints.ts";
import type { CellSymbol } from "../resolve/scope.ts";
import { resolveSignature } from "../resolve/signatures.ts";
import { joinTypes, substitute } from "../types/relations.ts";
import { ANY, NULL } from "../types/simple-types.ts";
import { checkedBy } from "./alias-constraints.ts";
import { bindArguments } from "./arguments.ts";
import {
  addLocal,
  type CellContext,
  localState,
  makeContext,
  readLocal,
  topOf,
} from "./context.ts";
import { conversion, convert } from "./convert.ts";
import { functionCell } from "./function-cells.ts";
import { defaultCell, precondition } from "./hidden-cells.ts";
import { checkBody, checkExpr } from "./recursion.ts";

/** `cell helper(n: Int) … end` in a body whose variables it reads. */
export function checkLocalCell(c: CellContext, decl: CellDecl): readonly HirStatement[] {
  const { text, span } = decl.name;
  const owner = topOf(c);
  const name = `${owner.name}$lambda${owner.counters.lambdas}`;
  owner.counters.lambdas += 1;
  const symbol = symbolOf(c, decl, name);
  const inner = makeContext({
    session: c.session,
    scope: c.scope,
    name,
    kind: "lambda",
    generics: new Set([...c.generics, ...symbol.generics]),
    result: symbol.declaredResult,
    parent: c,
  });
  const self = addLocal(inner, text, ANY, span);
  localState(inner, self).cell = symbol;
  const params = [
    { local: self, name: text, type: ANY, default: null },
    ...paramsOf(inner, symbol),
  ];
  const { body, result } = checkedBody(inner, decl, symbol);
  const known: CellSymbol = { ...symbol, declaredResult: result };
  c.hidden.push(functionCell(inner, { params, result, body, span: decl.span }));
  for (const [i] of symbol.params.entries()) c.hidden.push(...defaultCell(c.session, symbol, i));
  c.causes.push({ kind: "call", callee: symbol.ref, span: decl.span });
  const type = valueType(known);
  const captures = [...(inner.captures?.keys() ?? [])];
  const local = addLocal(c, text, type, span);
  localState(c, local).cell = known;
  const value: HirExpr = { kind: "closure", cell: symbol.ref, captures, type, span: decl.span };
  return [{ kind: "let", local, value, span: decl.span }];
}

/** A call by name: arguments as of any cell, with the value itself in front. */
export function callLocalCell(
  c: CellContext,
  cell: CellSymbol,
  local: LocalId,
  e: Expr & { kind: "call" },
): HirExpr {
  const bound = bindArguments(c, cell, e.args, e.span);
  const callee = readLocal(c, local, e.span);
  const values = bound.values.map((v, i) => conversion(v, cell.params[i]?.type ?? ANY));
  const args = [conversion(callee, ANY), ...values];
  const type = substitute(cell.declaredResult ?? ANY, bound.bindings);
  return bound.wrap({
    kind: "callClosure",
    callee: conversion(callee, valueType(cell)),
    args,
    type,
    span: e.span,
  });
}

/** The name without a call: a function of the parameters alone. */
export function localCellAsValue(
  c: CellContext,
  cell: CellSymbol,
  name: string,
  span: Expr["span"],
): HirExpr {
  const params = cell.params.map((p) => ({
    name: { text: p.name, span },
    isVariadic: false,
    isOwned: false,
    type: null,
    default: null,
    span,
  }));
  const call: Expr = {
    kind: "call",
    callee: { kind: "name", name, span },
    args: cell.params.map((p) => ({
      name: null,
      spread: p.variadic,
      value: { kind: "name", name: p.name, span },
    })),
    bang: false,
    span,
  };
  const lambda: Expr = {
    kind: "lambda",
    params,
    result: null,
    row: null,
    body: { kind: "expr", value: call },
    span,
  };
  const types = cell.params.map((p) => p.type);
  return checkExpr(c, lambda, { kind: "fn", params: types, result: ANY, row: null });
}

function symbolOf(c: CellContext, decl: CellDecl, name: string): CellSymbol {
  const { span } = decl.name;
  const generics = [...c.generics].map((text) => ({ name: { text, span }, bounds: [] }));
  const owner = { name: decl.name.text, generics, self: c.self };
  return {
    ref: { module: c.scope.source.name, name },
    decl,
    scope: c.scope,
    ...resolveSignature(c.scope, decl, owner),
    tile: null,
    sequence: null,
    nameSpan: span,
  };
}

function paramsOf(inner: CellContext, symbol: CellSymbol): readonly HirParam[] {
  return symbol.params.map((p) => ({
    local: addLocal(inner, p.name, p.type, p.span),
    name: p.name,
    type: p.type,
    default: null,
  }));
}

function checkedBody(
  inner: CellContext,
  decl: CellDecl,
  symbol: CellSymbol,
): { readonly body: HirExpr; readonly result: Type } {
  const before = decl.params.flatMap((p, i) => {
    const alias = p.isVariadic ? null : constrainedAlias(p.type, inner.scope);
    return alias === null ? [] : [checkedBy(inner, alias, readLocal(inner, i + 1, p.span), p.span)];
  });
  if (decl.precondition !== null)
    before.push(precondition(inner, decl.precondition, decl.name.text));
  const natural = checkBody(inner, decl.body, symbol.declaredResult);
  const joined = symbol.declaredResult ?? joinTypes([...inner.returned, natural.type]);
  const result = joined.kind === "never" ? NULL : joined;
  const value = convert(inner, natural, result, `the result of '${decl.name.text}'`);
  if (before.length === 0) return { body: value, result };
  const { type, span } = value;
  return { body: { kind: "block", statements: before, value, type, span }, result };
}

/** What the variable holds. Its first parameter is the value itself, whose type would not end. */
function valueType(cell: CellSymbol): Type {
  const params = [ANY, ...cell.params.map((p) => p.type)];
  return { kind: "fn", params, result: cell.declaredResult ?? ANY, row: null };
}
