// `assert_matches(e, p if g)` (language 16.10): the bindings of the pattern are visible in the rest
// of the block.

import type { Expr } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import { ANY, BOOL, NEVER, NULL, STRING } from "../types/simple-types.ts";
import { constant } from "./build.ts";
import { addLocal, type CellContext, readLocal } from "./context.ts";
import { conversion } from "./convert.ts";
import { asCondition } from "./operators.ts";
import { checkPattern } from "./patterns.ts";
import { checkExpr } from "./recursion.ts";

/** Faults with E_TRAP_ASSERT unless the value matches and the guard holds; the value is null. */
export function checkAssertMatches(c: CellContext, e: Expr & { kind: "assertMatches" }): HirExpr {
  const { span } = e;
  const value = checkExpr(c, e.value, null);
  const subject = addLocal(c, null, value.type, e.value.span);
  const pattern = checkPattern(c, e.pattern, value.type);
  const read = readLocal(c, subject, e.value.span);
  const failed = fails(read);
  const guard: HirExpr =
    e.guard === null
      ? { kind: "block", statements: [], value: null, type: NULL, span }
      : {
          kind: "if",
          condition: { kind: "expr", value: asCondition(c, checkExpr(c, e.guard, BOOL)) },
          consequent: { kind: "block", statements: [], value: null, type: NULL, span },
          otherwise: failed,
          type: NULL,
          span,
        };
  const condition = { kind: "let", pattern, subject, value } as const;
  return { kind: "if", condition, consequent: guard, otherwise: failed, type: NULL, span };
}

function fails(value: HirExpr): HirExpr {
  const { span } = value;
  const text = (t: string): HirExpr => constant({ kind: "string", value: t }, STRING, span);
  const shown: HirExpr = {
    kind: "callBuiltin",
    builtin: "repr",
    args: [conversion(value, ANY)],
    type: STRING,
    span,
  };
  const parts = [text("runtime error: assert_matches failed: "), shown];
  const message: HirExpr = { kind: "concat", parts, type: STRING, span };
  return { kind: "fault", trap: "E_TRAP_ASSERT", message, type: NEVER, span };
}
