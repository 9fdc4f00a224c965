// Generators as arguments of builtins (language 14, 16.4): natives cannot run them, so cells of the
// prelude do, where the compiler knows a generator or the run finds one.

import type { Span } from "@lumen/core/diagnostic";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { ANY, BOOL, listOf } from "../types/simple-types.ts";
import { temporary } from "./build.ts";
import type { CellContext } from "./context.ts";
import { conversion } from "./convert.ts";

/** A call of a cell of the prelude, whose parameters are mostly Any. */
export function callPrelude(
  c: CellContext,
  name: string,
  values: readonly HirExpr[],
  type: Type,
  span: Span,
): HirExpr {
  const callee = { module: "std.prelude", name };
  c.causes.push({ kind: "call", callee, span });
  const cell = c.session.graph.prelude.cells.get(name);
  const args = values.map((v, i) => conversion(v, cell?.params[i]?.type ?? ANY));
  return { kind: "call", callee, args, type, span };
}

/** True for the type of a generator. */
export function isGenerator(type: Type): boolean {
  return type.kind === "opaque" && type.name === "Generator";
}

/** Types of which a generator may be. */
export function isOpen(type: Type): boolean {
  return type.kind === "any" || type.kind === "union" || type.kind === "param";
}

/** What a native takes cannot be run on demand: it gets the list of what a generator yields. */
export function drained(c: CellContext, value: HirExpr, item: Type): HirExpr {
  return whereGenerated(c, value, {
    generated: (g) => callPrelude(c, "drained", [g], listOf(item), value.span),
    otherwise: (other) => (isOpen(other.type) ? conversion(other, ANY) : other),
  });
}

interface Taking {
  /** The arguments behind the sequence. */
  readonly rest: readonly HirExpr[];
  readonly type: Type;
  readonly span: Span;
}

/** `take(g, n)` runs a generator as far as it needs. */
export function takeItems(
  c: CellContext,
  sequence: HirExpr,
  { rest, type, span }: Taking,
): HirExpr {
  return whereGenerated(c, sequence, {
    generated: (g) => callPrelude(c, "take_generated", [g, ...rest], type, span),
    otherwise: (value) => {
      return { kind: "callBuiltin", builtin: "take", args: [value, ...rest], type, span };
    },
  });
}

interface WhereGenerated {
  readonly generated: (generator: HirExpr) => HirExpr;
  readonly otherwise: (value: HirExpr) => HirExpr;
}

/** Chooses by the type whether a value is a generator, where the type is open when it runs. */
function whereGenerated(c: CellContext, value: HirExpr, build: WhereGenerated): HirExpr {
  if (isGenerator(value.type)) return build.generated(value);
  if (!isOpen(value.type)) return build.otherwise(value);
  const { span } = value;
  const kept = temporary(c, value);
  const test = { kind: "type", type: { kind: "opaque", name: "Generator", args: [ANY] } } as const;
  const is: HirExpr = { kind: "is", value: conversion(kept.read, ANY), test, type: BOOL, span };
  const otherwise = build.otherwise(kept.read);
  const { type } = otherwise;
  return kept.bind({
    kind: "if",
    condition: { kind: "expr", value: is },
    consequent: conversion(conversion(build.generated(kept.read), ANY), type),
    otherwise,
    type,
    span,
  });
}

/** What a tuple binder takes apart: of an unknown value that turns out to be a map, its entries. */
export function entriesOrItems(c: CellContext, value: HirExpr): HirExpr {
  if (!["any", "json", "union"].includes(value.type.kind)) return value;
  return callPrelude(c, "entries_or_items", [value], ANY, value.span);
}
