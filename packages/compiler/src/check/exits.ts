// What runs when a cell is left or paused: `defer` and `yield` (language 14), and the metadata
// statements whose block runs at once.

import type { Block, Expr, Statement } from "@lumen/syntax";
import type { HirExpr, HirStatement } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { makeWalk } from "../tree/walk.ts";
import { ANY, NULL } from "../types/simple-types.ts";
import { errorExpr } from "./build.ts";
import { type CellContext, complain } from "./context.ts";
import { convert } from "./convert.ts";
import { checkBlock, checkExpr } from "./recursion.ts";
import { asTask } from "./tasks.ts";

/** `defer … end`: the block sees and changes the variables of the cell when the cell is left. */
export function checkDefer(c: CellContext, s: Statement & { kind: "defer" }): HirExpr {
  if (c.isDeferred) {
    complain(c, "E0500", s.span, "`defer` cannot stand in a deferred block", {
      help: "Register both blocks one after the other: the later one runs first.",
    });
  }
  const loops = c.loops.splice(0);
  const arms = c.arms.splice(0);
  const wasDeferred = c.isDeferred;
  c.isDeferred = true;
  // It runs when the cell is left, outside of every handler in it.
  const body = asTask(c, s.span, () => checkBlock(c, s.block, { wanted: false, expected: null }));
  c.isDeferred = wasDeferred;
  c.loops.push(...loops);
  c.arms.push(...arms);
  return { kind: "defer", body, type: NULL, span: s.span };
}

/** `yield e` in a cell that makes a generator. */
export function checkYield(c: CellContext, s: Statement & { kind: "yield" }): HirExpr {
  const value = checkExpr(c, s.value, c.yields);
  if (c.kind !== "generator" || c.isDeferred) {
    complain(c, "E0500", s.span, "`yield` is not allowed here", {
      expected: "the body of a cell that makes a generator",
      help: "A lambda, tile or deferred block cannot yield; move it into a cell of its own.",
    });
    return errorExpr(s.span);
  }
  c.yielded.push(value.type);
  const fitted = c.yields === null ? value : convert(c, value, c.yields, "`yield`");
  return { kind: "yield", value: fitted, type: NULL, span: s.span };
}

/** `approve …`, `with … in … end`: metadata; the block runs. Approving has the effect `approve`. */
export function checkAddon(
  c: CellContext,
  s: Statement & { kind: "addon" },
): readonly HirStatement[] {
  if (s.word === "approve") {
    c.causes.push({ kind: "builtin", effect: "approve", name: "approve", span: s.span });
  }
  if (s.body === null) return [];
  const value = checkBlock(c, s.body, { wanted: false, expected: null });
  return [{ kind: "expr", value, span: s.span }];
}

/** The item type of a written result `yield T` or `Generator[T]`. */
export function itemOfGenerator(type: Type | null): Type | null {
  if (type === null || type.kind !== "opaque" || type.name !== "Generator") return null;
  return type.args[0] ?? ANY;
}

/** True when the body yields; what becomes a cell of its own is not looked into. */
export function yieldsItself(block: Block): boolean {
  let found = false;
  const walk = makeWalk({
    statement: (s, inner) => {
      if (s.kind === "yield") found = true;
      return s.kind === "item" ? [s] : [inner(s)];
    },
    expr: (e, inner) => (e.kind === "lambda" || e.kind === "awaitFor" ? e : inner(e)),
  });
  walk.block(block);
  return found;
}

/** `...e` where nothing takes it apart. */
export function checkStraySpread(c: CellContext, e: Expr & { kind: "spread" }): HirExpr {
  checkExpr(c, e.value, null);
  complain(c, "E0010", e.span, "`...` stands only in a list, set, map or argument list", {
    help: "Put it into `[…]`, or remove the dots.",
  });
  return errorExpr(e.span);
}
