// The cells behind active patterns (language 19.1): how they are checked, and what they may not do.

import { cellKey, type Rows } from "../effects/rows.ts";
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
  const calls = new Map(
    cells.map((x): [string, readonly string[]] => {
      const key = cellKey({ module: x.scope.source.name, name: x.cell.name });
      return [key, x.causes.flatMap((k) => (k.kind === "call" ? [cellKey(k.callee)] : []))];
    }),
  );
  for (const { decl, scope, extractor } of symbols) {
    const { text, span } = decl.name;
    const start = cellKey(extractor.ref);
    const row = rows.get(start) ?? [];
    if (row.length > 0) {
      const found = row.join(", ");
      report(scope, "E0107", span, `active pattern '${text}' is not pure: it performs ${found}`, {
        expected: "no effects",
        found,
        help: "Move the effect out of the pattern.",
      });
    }
    if (reaches(calls, start)) {
      report(scope, "E0500", span, `active pattern '${text}' uses itself`, {
        help: "Write the repetition as a cell that does not use the pattern.",
      });
    }
  }
}

function reaches(calls: ReadonlyMap<string, readonly string[]>, start: string): boolean {
  const seen = new Set<string>();
  const open = [...(calls.get(start) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === start) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(calls.get(next) ?? []));
  }
  return false;
}
