// The deep test whether a value has a type, for guardrails: a call that only generated code makes.

import type { Span } from "@lumen/core/diagnostic";
import type { Arg } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import { ANY, BOOL } from "../types/simple-types.ts";
import { errorExpr } from "./build.ts";
import { type CellContext, complain, typeContext } from "./context.ts";
import { convert } from "./convert.ts";
import { checkExpr } from "./recursion.ts";
import { typeOfExpr } from "./type-arguments.ts";

/** The call `CONFORMS` of a value and a type, which reads like an expression. */
export function checkConforms(c: CellContext, args: readonly Arg[], span: Span): HirExpr {
  const [value, written] = args;
  const type = written === undefined ? null : typeOfExpr(written.value);
  if (value === undefined || type === null) {
    complain(c, "E0014", span, "a schema is a type", { expected: "schema: T" });
    return errorExpr(span);
  }
  const test = { kind: "conforms", type: resolveType(type, typeContext(c)) } as const;
  const tested = convert(c, checkExpr(c, value.value, null), ANY);
  return { kind: "is", value: tested, test, type: BOOL, span };
}
