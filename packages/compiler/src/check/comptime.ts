// `comptime` blocks (language 14): checked as hidden cells without parameters, evaluated later.

import type { Expr } from "@lumen/syntax";
import type { Rows } from "../effects/rows.ts";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { plainName, report } from "../resolve/scope.ts";
import { joinTypes } from "../types/relations.ts";
import { NULL, optionOf } from "../types/simple-types.ts";
import {
  type CellContext,
  type CheckedCell,
  complain,
  finishLocals,
  localState,
  makeContext,
  topOf,
} from "./context.ts";
import { convert } from "./convert.ts";
import { checkBody } from "./recursion.ts";

/** A block whose value the compiler puts into its place; variables of the cell are out (E0500). */
export function checkComptime(
  c: CellContext,
  e: Expr & { kind: "comptime" },
  expected: Type | null,
): HirExpr {
  const owner = topOf(c);
  const name = `${owner.name}$comptime${owner.counters.comptimes}`;
  owner.counters.comptimes += 1;
  const inner = makeContext({
    session: c.session,
    scope: c.scope,
    name,
    kind: "hidden",
    generics: c.generics,
    result: null,
    parent: c,
  });
  const natural = checkBody(inner, { kind: "block", block: e.block }, expected);
  const joined = joinTypes([...inner.returned, natural.type]);
  const type = joined.kind === "never" ? NULL : joined;
  const [captured] = inner.captures?.values() ?? [];
  if (captured !== undefined) {
    const variable = plainName(localState(inner, captured).name ?? "");
    const message = `comptime expression is not constant: it uses the variable '${variable}'`;
    complain(c, "E0500", e.span, message, {
      help: "Use constants, or compute the value when the program runs.",
    });
    return { kind: "block", statements: [], value: null, type: { kind: "error" }, span: e.span };
  }
  c.hidden.push({
    cell: {
      name,
      kind: "hidden",
      params: [],
      captures: [],
      locals: finishLocals(inner, optionOf),
      result: type,
      row: [],
      body: convert(inner, natural, type),
      span: e.span,
      generics: [],
    },
    scope: c.scope,
    symbol: null,
    causes: inner.causes,
    hidden: [],
  });
  const cell = { module: c.scope.source.name, name };
  return { kind: "comptime", cell, slot: { value: null }, type, span: e.span };
}

/** An effect in a block is E0500: the compiler has no outside. */
export function checkComptimeRows(cells: readonly CheckedCell[], rows: Rows): void {
  for (const { cell, scope } of cells) {
    if (cell.kind !== "hidden") continue;
    const row = rows.get({ module: scope.source.name, name: cell.name }) ?? [];
    if (row.length === 0 || !/\$comptime\d+$/.test(cell.name)) continue;
    const found = row.join(", ");
    report(scope, "E0500", cell.span, `comptime expression is not constant: it performs ${found}`, {
      expected: "no effects",
      found,
      help: "Move the effect out of the block.",
    });
  }
}
