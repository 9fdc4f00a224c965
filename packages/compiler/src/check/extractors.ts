// The cells behind active patterns (language 19.1): how they are checked, and what they may not do.

import { type Rows, refOf } from "../effects/rows.ts";
import { CellMap } from "../hir/cell-map.ts";
import type { CellRef } from "../hir/type.ts";
import { type ActivePatternSymbol, report } from "../resolve/scope.ts";
import { checkCell } from "./cells.ts";
import type { CheckedCell, Session } from "./context.ts";

/** The body of an active pattern as a cell; alternatives of a choice are its constructors. */
export function checkExtractor(session: Session, symbol: ActivePatternSymbol): CheckedCell {
  const { extractor, choice, scope } = symbol;
  for (const [name, refs] of scope.variants) extractor.scope.variants.set(name, refs);
  choice?.variants.forEach((v, tag) => {
    extractor.scope.variants.set(v.name, [{ symbol: choice, tag }]);
  });
  return checkCell(session, extractor);
}

/** An extractor has no effects (E0107) and does not lead back to itself (E0500). */
export function checkExtractors(
  symbols: readonly ActivePatternSymbol[],
  cells: readonly CheckedCell[],
  rows: Rows,
): void {
  if (symbols.length === 0) return;
  const callees = new CellMap<readonly CellRef[]>();
  for (const x of cells) {
    callees.set(
      refOf(x),
      x.causes.flatMap((cause) => (cause.kind === "call" ? [cause.callee] : [])),
    );
  }
  for (const { decl, scope, extractor } of symbols) {
    const { text, span } = decl.name;
    const row = rows.get(extractor.ref) ?? [];
    if (row.length > 0) {
      const found = row.join(", ");
      report(scope, "E0107", span, `active pattern '${text}' is not pure: it performs ${found}`, {
        expected: "no effects",
        found,
        help: "Move the effect out of the pattern.",
      });
    }
    if (reachesItself(callees, extractor.ref)) {
      report(scope, "E0500", span, `active pattern '${text}' uses itself`, {
        help: "Write the repetition as a cell that does not use the pattern.",
      });
    }
  }
}

function reachesItself(callees: CellMap<readonly CellRef[]>, start: CellRef): boolean {
  const seen = new CellMap<true>();
  const open = [...(callees.get(start) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.module === start.module && next.name === start.name) return true;
    if (seen.get(next) === true) continue;
    seen.set(next, true);
    open.push(...(callees.get(next) ?? []));
  }
  return false;
}
