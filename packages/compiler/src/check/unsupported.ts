// Constructs that the grammar has and the checker does not know yet: refused, never passed over.

import type { Span } from "@lumen/core/diagnostic";
import type { HirExpr } from "../hir/hir.ts";
import { errorExpr } from "./build.ts";
import { type CellContext, complain } from "./context.ts";

/** Reports E0500 for a construct by its keyword. */
export function refuse(c: CellContext, what: string, span: Span): HirExpr {
  complain(c, "E0500", span, `\`${what}\` cannot be compiled yet`, { help: "Remove it." });
  return errorExpr(span);
}
