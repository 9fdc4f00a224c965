// Arguments of a variadic parameter, gathered into one list (language 5, cells).

import type { Span } from "@lumen/core/diagnostic";
import type { Arg } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import type { CellContext } from "./context.ts";
import { checkExpr } from "./recursion.ts";

/** The list that the callee sees; `...list` arguments are spliced. */
export function spreadIntoList(
  c: CellContext,
  args: readonly Arg[],
  hint: Type | null,
  span: Span,
): HirExpr {
  const items = args.map((a) => ({ spread: a.spread, value: a.value }));
  return checkExpr(c, { kind: "list", items, span }, hint);
}
