// Tests among the cells of a module (language 17.6): mistakes in their marks, and for a test with
// parameters the cell that calls it with their defaults.

import type { CellDecl, Expr } from "@lumen/syntax";
import { type CellSymbol, report } from "../resolve/scope.ts";
import { testEntryName, testMistakes, testOf } from "../tests/test-cells.ts";
import { resultOfCell } from "./cells.ts";
import type { CheckedCell, Session } from "./context.ts";
import { hiddenCell } from "./hidden-cells.ts";
import { checkExpect } from "./recursion.ts";

/** The compiler-made entry of a test, where the cell itself cannot be one. */
export function testEntry(
  session: Session,
  symbol: CellSymbol,
  decl: CellDecl,
): CheckedCell | null {
  for (const { span, message, help } of testMistakes(decl))
    report(symbol.scope, "E0203", span, message, { help });
  const test = testOf(decl);
  if (test === null || decl.params.length === 0) return null;
  const { span } = decl.name;
  const callee: Expr = { kind: "name", name: symbol.ref.name, span };
  const call: Expr = { kind: "call", callee, args: [], bang: false, span };
  const result = resultOfCell(session, symbol);
  const name = testEntryName(symbol.ref.name);
  return hiddenCell(session, symbol.scope, name, [], [], result, span, (c) =>
    checkExpect(c, call, result, `the result of '${symbol.ref.name}'`),
  );
}
