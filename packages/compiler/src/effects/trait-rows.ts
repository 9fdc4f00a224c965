// A row on the method of a trait binds every impl of it (language 5, traits): calls through the
// trait rely on it.

import type { CellSymbol, ImplSymbol, ModuleScope, TraitSymbol } from "../resolve/scope.ts";
import { plainName, report } from "../resolve/scope.ts";
import { memberOf, targetName } from "../resolve/traits.ts";
import { checkDeclaredRow } from "./effects.ts";
import type { AllRows } from "./rows.ts";

/** Methods that do more than their trait allows: E0107, E0108. */
export function checkTraitRows(scopes: readonly ModuleScope[], all: AllRows): void {
  for (const impl of scopes.flatMap((scope) => scope.impls)) {
    if (impl.trait === null) continue;
    for (const { name } of impl.decl.methods) checkMethod(impl, impl.trait, name.text, all);
  }
}

function checkMethod(impl: ImplSymbol, trait: TraitSymbol, name: string, all: AllRows): void {
  const wanted = memberOf(trait, name)?.trait.members.get(name)?.symbol;
  const cell = impl.scope.cells.get(`${targetName(impl.decl)}.${name}`);
  if (wanted === undefined || wanted.declaredRow === null || cell === undefined) return;
  if (!impl.decl.methods.some((method) => method === cell.decl)) return;
  if (cell.declaredRow !== null) return checkWritten(cell, wanted, cell.declaredRow);
  const checked = all.cells.get(cell.ref);
  if (checked === undefined) return;
  const whose = `the row of '${plainName(wanted.ref.name)}'`;
  const what = `method '${plainName(cell.ref.name)}'`;
  const effects = wanted.declaredRow;
  checkDeclaredRow(checked, { what, whose, at: cell.nameSpan, row: null, effects }, all);
}

/** A row of its own may say less than that of the trait, not more. */
function checkWritten(cell: CellSymbol, wanted: CellSymbol, row: readonly string[]): void {
  const allowed = wanted.declaredRow ?? [];
  const extra = row.filter((effect) => !allowed.includes(effect));
  if (extra.length === 0 || cell.scope.settings.docMode) return;
  const name = plainName(wanted.ref.name);
  const list = extra.map((effect) => `'${effect}'`).join(", ");
  const message = `method '${plainName(cell.ref.name)}' declares ${list}, which the row of '${name}' does not include`;
  report(cell.scope, "E0108", cell.decl.row?.span ?? cell.nameSpan, message, {
    severity: cell.scope.settings.strict ? "error" : "warning",
    expected: `{${allowed.join(", ")}}`,
    found: `{${row.join(", ")}}`,
    labels: [
      {
        span: wanted.decl.row?.span ?? wanted.nameSpan,
        text: "the row that binds its impls",
        ...(wanted.scope === cell.scope ? {} : { source: wanted.scope.text }),
      },
    ],
    help: `Widen the row of '${name}', or do without the effect.`,
  });
}
