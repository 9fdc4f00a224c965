// Letting go of typed trees: a check without lowering needs what cells do and give, not how. Kept,
// the trees of all cells would be most of the memory of a check.

import type { HirExpr } from "../hir/hir.ts";
import { NULL } from "../types/simple-types.ts";
import type { CheckedCell, Session } from "./context.ts";

const NOTHING: HirExpr = {
  kind: "const",
  value: { kind: "null" },
  type: NULL,
  span: { start: 0, end: 0 },
};

/**
 * The cell without its tree where no later phase reads that. Claims are run in any case, with the
 * cells of the prelude that they may call.
 */
export function shed(session: Session, checked: CheckedCell): CheckedCell {
  const { cell, hidden, scope } = checked;
  const isRun = cell.claim !== undefined || scope === session.graph.prelude;
  if (session.keepsTrees || isRun) return checked;
  return {
    ...checked,
    cell: { ...cell, locals: [], body: NOTHING },
    hidden: hidden.length === 0 ? hidden : hidden.map((h) => shed(session, h)),
  };
}
