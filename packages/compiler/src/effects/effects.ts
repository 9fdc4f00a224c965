// Effect rows: the least fixed point over the call graph (language 10.1), and what declared rows
// allow.

import type { Span } from "@lumen/core/diagnostic";
import { ANY_EFFECT } from "@lumen/core/lir";
import type { CheckedCell, EffectCause, RowObligation } from "../check/context.ts";
import type { CellRef } from "../hir/type.ts";
import { report } from "../resolve/scope.ts";
import { renderType } from "../types/render-type.ts";

/** Effects whose builtins may stay out of a declared row (10.2). */
const AMBIENT: readonly string[] = ["fs", "http", "net", "process", "env", "io"];

/** Effects of every cell, ascending. */
export type Rows = ReadonlyMap<string, readonly string[]>;

/** Key of a cell in {@link Rows}. */
export function cellKey(ref: CellRef): string {
  return `${ref.module}#${ref.name}`;
}

/** Rows of all cells, compiler-made ones included. */
export function inferRows(cells: readonly CheckedCell[]): Rows {
  const rows = new Map<string, Set<string>>();
  for (const checked of cells) rows.set(keyOf(checked), new Set());
  let changed = true;
  while (changed) {
    changed = false;
    for (const checked of cells) {
      const row = rows.get(keyOf(checked));
      if (row === undefined) continue;
      const before = row.size;
      for (const cause of checked.causes)
        for (const effect of effectsOf(cause, rows)) row.add(effect);
      if (row.size > before) changed = true;
    }
  }
  return new Map(
    [...rows].map(([key, row]): [string, readonly string[]] => [key, [...row].sort()]),
  );
}

function keyOf(checked: CheckedCell): string {
  return cellKey({ module: checked.scope.source.name, name: checked.cell.name });
}

function effectsOf(
  cause: EffectCause,
  rows: ReadonlyMap<string, Iterable<string>>,
): Iterable<string> {
  return cause.kind === "builtin" ? [cause.effect] : (rows.get(cellKey(cause.callee)) ?? []);
}

/**
 * Declared rows: E0107 for what is performed, E0108 for what is called; tiles must be pure (E0805).
 */
export function checkRows(cells: readonly CheckedCell[], rows: Rows): void {
  const byKey = new Map(cells.map((checked): [string, CheckedCell] => [keyOf(checked), checked]));
  for (const checked of cells) {
    const { symbol } = checked;
    if (symbol === null) continue;
    if (symbol.tile !== null) checkPure(checked, byKey, rows);
    else if (symbol.sequence !== null) checkSequence(checked, byKey, rows);
    else if (symbol.declaredRow !== null)
      checkDeclaredRow(checked, symbol.declaredRow, rows, byKey);
  }
}

function checkPure(
  checked: CheckedCell,
  byKey: ReadonlyMap<string, CheckedCell>,
  rows: Rows,
): void {
  const { symbol, scope } = checked;
  const row = rows.get(keyOf(checked)) ?? [];
  const declared = symbol?.declaredRow ?? [];
  if (symbol === null || (row.length === 0 && declared.length === 0)) return;
  const causes = row.map((effect) => `${effect} (${chainOf(checked, effect, byKey, rows).text})`);
  const list = causes.length > 0 ? causes.join("; ") : declared.join(", ");
  const labels = row.map((effect) => ({
    span: chainOf(checked, effect, byKey, rows).span,
    text: `brings in '${effect}'`,
  }));
  report(scope, "E0805", symbol.nameSpan, `tile '${symbol.ref.name}' is not pure: ${list}`, {
    expected: "no effects",
    found: (row.length > 0 ? row : declared).join(", "),
    labels,
  });
}

/** A sequence calls tiles and sequences, which are pure; what else it calls must be too (E0810). */
function checkSequence(
  checked: CheckedCell,
  byKey: ReadonlyMap<string, CheckedCell>,
  rows: Rows,
): void {
  for (const effect of rows.get(keyOf(checked)) ?? []) {
    const chain = chainOf(checked, effect, byKey, rows);
    report(
      checked.scope,
      "E0810",
      chain.span,
      `a sequence cannot perform '${effect}': ${chain.text}`,
      {
        expected: "calls of tiles and sequences",
        found: effect,
      },
    );
  }
}

function checkDeclaredRow(
  checked: CheckedCell,
  declared: readonly string[],
  rows: Rows,
  byKey: ReadonlyMap<string, CheckedCell>,
): void {
  const { symbol, scope } = checked;
  if (symbol === null) return;
  for (const effect of rows.get(keyOf(checked)) ?? []) {
    if (declared.includes(effect)) continue;
    const chain = chainOf(checked, effect, byKey, rows);
    const direct = chain.direct;
    const severity = AMBIENT.includes(effect) ? "warning" : "error";
    const code = direct ? "E0107" : "E0108";
    const message = direct
      ? `cell '${symbol.ref.name}' performs '${effect}', which its row does not declare: ${chain.text}`
      : `cell '${symbol.ref.name}' calls for '${effect}', which its row does not include: ${chain.text}`;
    report(scope, code, symbol.nameSpan, message, {
      severity,
      expected: `{${declared.join(", ")}}`,
      found: effect,
      labels: [{ span: chain.span, text: `brings in '${effect}'` }],
      help: `Add '${effect}' to the row: / {${[...declared, effect].sort().join(", ")}}`,
    });
  }
}

/** How an effect gets into a cell: the calls on the way, and the first place in the cell itself. */
function chainOf(
  checked: CheckedCell,
  effect: string,
  byKey: ReadonlyMap<string, CheckedCell>,
  rows: Rows,
): { readonly text: string; readonly span: Span; readonly direct: boolean } {
  const steps: string[] = [];
  const seen = new Set<CheckedCell>();
  let at: CheckedCell | undefined = checked;
  let span: Span | null = null;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const cause: EffectCause | undefined = at.causes.find((x) =>
      [...effectsOf(x, rows)].includes(effect),
    );
    if (cause === undefined) break;
    span ??= cause.span;
    if (cause.kind === "builtin") {
      steps.push(`builtin '${cause.name}'`);
      break;
    }
    const callee = byKey.get(cellKey(cause.callee));
    if (callee?.cell.kind !== "lambda") steps.push(`call to '${cause.callee.name}'`);
    at = callee;
  }
  const direct = steps.length === 1 && steps[0]?.startsWith("builtin") === true;
  return { text: steps.join(", "), span: span ?? checked.cell.span, direct };
}

/** Functions given where a row is declared have no other effects (E0200). */
export function checkObligations(obligations: readonly RowObligation[], rows: Rows): void {
  for (const { scope, cell, row, what, expected, found, span } of obligations) {
    const actual = rows.get(cellKey(cell)) ?? [];
    if (row.includes(ANY_EFFECT) || actual.every((effect) => row.includes(effect))) continue;
    const wanted = renderType(expected);
    const given = renderType(found.kind === "fn" ? { ...found, row: actual } : found);
    report(scope, "E0200", span, `type mismatch in ${what}: expected ${wanted}, got ${given}`, {
      expected: wanted,
      found: given,
      help: "Give a function without the effect, or widen the row of the parameter.",
    });
  }
}
