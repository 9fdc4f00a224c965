// Calls of trait methods on values whose type is a bounded parameter: one cell per method tests
// which type the value has and calls its method. Only the whole program knows all impls, so the
// cells stand in a module of their own.

import { required } from "@lumen/core/result";
import type { CheckedCell, EffectCause } from "../check/context.ts";
import { conversion } from "../check/convert.ts";
import { type MethodTable, methodOf } from "../check/methods.ts";
import type { HirExpr, HirLocal, HirStatement } from "../hir/hir.ts";
import type { CellRef, Type } from "../hir/type.ts";
import type { CellSymbol, ImplSymbol, ModuleScope, TraitSymbol } from "../resolve/scope.ts";
import { eraseParams } from "../types/erase.ts";
import { ANY, BOOL, NEVER, NULL, STRING } from "../types/simple-types.ts";
import { DECLARED } from "./rows.ts";

/** Name of the module that holds the cells. */
export const DISPATCH_MODULE = "std.traits";

/** The cell that calls a trait's method on any value. */
export function dispatchRef(trait: TraitSymbol, method: string): CellRef {
  const name = `${trait.scope.source.name}.${trait.decl.name.text}.${method}`;
  return { module: DISPATCH_MODULE, name };
}

/**
 * The cells of all traits; `scope` is the module of their own. Methods without `self` have none.
 */
export function dispatchCells(
  scope: ModuleScope,
  scopes: readonly ModuleScope[],
  methods: MethodTable,
): readonly CheckedCell[] {
  return scopes.flatMap((module) =>
    [...module.traits.values()]
      .filter((trait) => trait.scope === module)
      .flatMap((trait) =>
        [...trait.members.values()]
          .filter((m) => m.symbol.params[0]?.name === "self")
          .map((m) => dispatchCell(scope, trait, m.symbol, methods)),
      ),
  );
}

function dispatchCell(
  scope: ModuleScope,
  trait: TraitSymbol,
  member: CellSymbol,
  methods: MethodTable,
): CheckedCell {
  const span = member.nameSpan;
  const method = member.decl.name.text;
  const types = member.params.map((p) => eraseParams(p.type));
  const result = eraseParams(member.declaredResult ?? ANY);
  const locals = types.map(
    (type, i): HirLocal => ({
      name: member.params[i]?.name ?? null,
      type,
      span,
    }),
  );
  const reads = types.map((type, local): HirExpr => ({ kind: "local", local, type, span }));
  const calls: EffectCause[] = [];
  const tests: HirStatement[] = [];
  for (const impl of implementing(methods, trait)) {
    const cell = methodOf(methods, impl.target, method);
    if (cell === undefined) continue;
    calls.push({ kind: "call", callee: cell.ref, span });
    tests.push({
      kind: "expr",
      value: testedCall(reads, eraseParams(impl.target), cell, result),
      span,
    });
  }
  // One test after the other: a chain of `else` would be as deep as there are impls.
  const otherwise = notImplemented(reads[0], trait, result);
  const body: HirExpr = { kind: "block", statements: tests, value: otherwise, type: result, span };
  return {
    cell: {
      name: dispatchRef(trait, method).name,
      kind: "hidden",
      params: locals.map((l, i) => ({ local: i, name: l.name ?? "", type: l.type, default: null })),
      captures: [],
      locals,
      result,
      row: [],
      body,
      span,
      generics: [],
    },
    scope,
    symbol: null,
    causes: causesOf(member, calls),
    hidden: [],
  };
}

/**
 * Whoever calls through the trait has the row that the trait states, whatever the impls do of it;
 * they are held to it, but for ambient effects.
 */
function causesOf(member: CellSymbol, calls: readonly EffectCause[]): readonly EffectCause[] {
  const { declaredRow, nameSpan: span } = member;
  if (declaredRow === null) return calls;
  const { name } = member.ref;
  const stated = declaredRow.map((effect): EffectCause => ({ kind: "trait", effect, name, span }));
  return [...stated, { kind: "handled", effects: [DECLARED], causes: calls, span }];
}

/** Impls of the trait, and of traits that have it as a parent. */
function implementing(methods: MethodTable, trait: TraitSymbol): readonly ImplSymbol[] {
  return methods.implsOf.get(trait) ?? [];
}

function testedCall(
  reads: readonly HirExpr[],
  target: Type,
  cell: CellSymbol,
  result: Type,
): HirExpr {
  const self = required(reads[0], "a method that is chosen by its object has one");
  const { span } = self;
  const args = reads.map((read, i) => {
    const wanted = eraseParams(cell.params[i]?.type ?? ANY);
    const any = conversion(read, ANY);
    return wanted.kind === "any" ? any : conversion(any, wanted);
  });
  const natural = eraseParams(cell.declaredResult ?? result);
  const call: HirExpr = { kind: "call", callee: cell.ref, args, type: natural, span };
  const test: HirExpr = {
    kind: "is",
    value: self,
    test: { kind: "type", type: target },
    type: BOOL,
    span,
  };
  const found: HirExpr = { kind: "return", value: conversion(call, result), type: NEVER, span };
  const condition = { kind: "expr", value: test } as const;
  return { kind: "if", condition, consequent: found, otherwise: null, type: NULL, span };
}

function notImplemented(self: HirExpr | undefined, trait: TraitSymbol, result: Type): HirExpr {
  const span = trait.decl.name.span;
  const text = (value: string): HirExpr => ({
    kind: "const",
    value: { kind: "string", value },
    type: STRING,
    span,
  });
  const name: HirExpr =
    self === undefined
      ? text("the value")
      : {
          kind: "callBuiltin",
          builtin: "type_of",
          args: [conversion(self, ANY)],
          type: STRING,
          span,
        };
  const parts = [
    text("type error at runtime: "),
    name,
    text(` does not implement ${trait.decl.name.text}`),
  ];
  const message: HirExpr = { kind: "concat", parts, type: STRING, span };
  return { kind: "fault", trap: "E_TRAP_TYPE", message, type: result, span };
}
