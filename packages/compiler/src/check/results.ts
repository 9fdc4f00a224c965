// `?`, `!` and `try`: the operators of results and nullable values (language 4).

import type { Expr } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { isCompatible, joinTypes } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import { ANY, withoutNull } from "../types/simple-types.ts";
import { addLocal, type CellContext, complain, inBinding } from "./context.ts";
import { convert } from "./convert.ts";
import { checkExpr } from "./recursion.ts";

/** Postfix `?`. */
export function checkPropagate(c: CellContext, e: Expr & { kind: "propagate" | "try" }): HirExpr {
  const value = checkExpr(c, e.value, null);
  if (c.isDeferred) {
    complain(c, "E0500", e.span, "`?` cannot leave a deferred block", {
      help: "Use `match` or `try … else` in it.",
    });
  } else if (value.type.kind === "result") mustReturnResult(c, value.type, e);
  return { kind: "propagate", value, type: okType(value.type), span: e.span };
}

/** The cell that holds a `?` must be able to return the error. */
function mustReturnResult(c: CellContext, type: Type & { kind: "result" }, e: Expr): void {
  if (c.result === null) {
    c.returned.push({ kind: "result", ok: { kind: "never" }, error: type.error });
    return;
  }
  if (c.result.kind === "any" || c.result.kind === "error") return;
  if (c.result.kind === "result" && isCompatible(type.error, c.result.error)) return;
  const found = renderType(c.result);
  const expected = `result[…, ${renderType(type.error)}]`;
  complain(
    c,
    "E0200",
    e.span,
    `type mismatch in '?': the cell returns ${found}, which cannot carry the error; expected ${expected}`,
    {
      expected,
      found,
      help: `Declare the result type ${expected}, or handle the error with \`match\` or \`try … else\`.`,
    },
  );
}

function okType(type: Type): Type {
  return type.kind === "result" ? type.ok : type;
}

/** Postfix `!`. */
export function checkUnwrap(c: CellContext, e: Expr & { kind: "unwrap" }): HirExpr {
  const value = checkExpr(c, e.value, null);
  const type = value.type.kind === "result" ? value.type.ok : withoutNull(value.type);
  return { kind: "unwrap", value, type, span: e.span };
}

/** `try e` and `try e else |x| h`. */
export function checkTry(
  c: CellContext,
  e: Expr & { kind: "try" },
  expected: Type | null,
): HirExpr {
  const { handler, binding } = e;
  if (handler === null) return checkPropagate(c, e);
  const value = checkExpr(c, e.value, null);
  const error = value.type.kind === "result" ? value.type.error : ANY;
  return inBinding(c, () => {
    const local = binding === null ? null : addLocal(c, binding.text, error, binding.span);
    const fallback = checkExpr(c, handler, expected ?? okType(value.type));
    const type = joinTypes([okType(value.type), fallback.type]);
    return {
      kind: "tryElse",
      value,
      binding: local,
      handler: convert(c, fallback, type),
      type,
      span: e.span,
    };
  });
}
