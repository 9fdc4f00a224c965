// What declared rows allow (language 10.1), and how an effect gets into a cell.

import type { Diagnostic, Label, Span } from "@lumen/core/diagnostic";
import { ANY_EFFECT } from "@lumen/core/lir";
import type { CheckedCell, EffectCause, RowObligation } from "../check/context.ts";
import { plainName, report } from "../resolve/scope.ts";
import { renderType } from "../types/render-type.ts";
import { type AllRows, type CellTable, effectsOf, isDischarged, type Rows, refOf } from "./rows.ts";

/**
 * Declared rows: E0107 for what is performed, E0108 for what is called; tiles must be pure (E0805).
 */
export function checkRows(cells: readonly CheckedCell[], all: AllRows): void {
  const { rows, cells: byKey } = all;
  for (const checked of cells) {
    const { symbol, lambdaRow } = checked;
    if (lambdaRow !== undefined) {
      const { effects, span } = lambdaRow;
      const declared = { what: "the lambda", at: span, row: span, effects, whose: "its row" };
      checkDeclaredRow(checked, declared, all);
    }
    if (symbol === null) continue;
    if (symbol.tile !== null) checkPure(checked, byKey, rows);
    else if (symbol.sequence !== null) checkSequence(checked, byKey, rows);
    else if (symbol.declaredRow !== null) {
      const what = `cell '${plainName(symbol.ref.name)}'`;
      const row = symbol.decl.row?.span ?? null;
      const effects = symbol.declaredRow;
      const declared = { what, at: symbol.nameSpan, row, effects, whose: "its row" };
      checkDeclaredRow(checked, declared, all);
    }
  }
}

function checkPure(checked: CheckedCell, byKey: CellTable, rows: Rows): void {
  const { symbol, scope } = checked;
  const row = rows.get(refOf(checked)) ?? [];
  const declared = symbol?.declaredRow ?? [];
  if (symbol !== null && row.length === 0) refuseExterns(checked, byKey);
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

/** An extern may do anything, whatever its row says, so no tile reaches one (language 5). */
function refuseExterns(checked: CheckedCell, byKey: CellTable): void {
  const seen = new Set<CheckedCell>();
  const find = (at: CheckedCell): string | null => {
    if (seen.has(at)) return null;
    seen.add(at);
    return findIn(at.causes);
  };
  const findIn = (causes: readonly EffectCause[]): string | null => {
    for (const cause of causes) {
      if (cause.kind === "extern") return cause.name;
      const callee = cause.kind === "call" ? byKey.get(cause.callee) : undefined;
      if (cause.kind === "handled" || cause.kind === "task") {
        const inner = findIn(cause.causes);
        if (inner !== null) return inner;
      }
      const deeper = callee === undefined ? null : find(callee);
      if (deeper !== null) return deeper;
    }
    return null;
  };
  const extern = find(checked);
  const { symbol } = checked;
  if (extern === null || symbol === null) return;
  const message = `tile '${symbol.ref.name}' is not pure: extern '${extern}'`;
  report(checked.scope, "E0805", symbol.nameSpan, message, {
    expected: "code of this program",
    found: `extern '${extern}'`,
  });
}

/** A sequence calls tiles and sequences, which are pure; what else it calls must be too (E0810). */
function checkSequence(checked: CheckedCell, byKey: CellTable, rows: Rows): void {
  for (const effect of rows.get(refOf(checked)) ?? []) {
    const causes = checked.causes.filter((cause) => !isOfTile(cause, byKey));
    if (causeOf(causes, effect, rows) === null) continue;
    const chain = chainOf({ ...checked, causes }, effect, byKey, rows);
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

/** What a tile or another sequence performs is reported there. */
function isOfTile(cause: EffectCause, byKey: CellTable): boolean {
  if (cause.kind !== "call") return false;
  const kind = byKey.get(cause.callee)?.cell.kind;
  return kind === "tile" || kind === "sequence";
}

/** A row as written: whose it is, where reports point, and where it stands. */
export interface DeclaredRow {
  readonly what: string;
  /** `its row`, or that of a trait. */
  readonly whose: string;
  readonly at: Span;
  readonly row: Span | null;
  readonly effects: readonly string[];
}

/** What a cell does beyond a row that binds it: E0107 of its own, E0108 by what it calls. */
export function checkDeclaredRow(
  checked: CheckedCell,
  { what, whose, at, row: written, effects: declared }: DeclaredRow,
  { rows, required, cells: byKey }: AllRows,
): void {
  const { scope } = checked;
  if (scope.settings.docMode) return;
  const { strict } = scope.settings;
  const row = rows.get(refOf(checked)) ?? [];
  if (row.length === 0) return;
  const named = new Set(required.get(refOf(checked)) ?? []);
  const whole = [...declared, ...named];
  for (const effect of row) {
    if (declared.includes(effect)) continue;
    const rowText = `/ {${[...new Set([...whole, effect])].sort().join(", ")}}`;
    const chain = chainOf(checked, effect, byKey, rows);
    const direct = chain.direct;
    const severity = !named.has(effect) || !strict ? "warning" : "error";
    const code = direct ? "E0107" : "E0108";
    const message = direct
      ? `${what} performs '${effect}', which ${whose} does not declare: ${chain.text}`
      : `${what} calls for '${effect}', which ${whose} does not include: ${chain.text}`;
    report(scope, code, at, message, {
      severity,
      expected: `{${declared.join(", ")}}`,
      found: effect,
      labels: labelsOf(checked, chain, effect),
      help: `Add '${effect}' to ${whose === "its row" ? "the row" : whose}: ${rowText}`,
      ...fixOf(written, rowText),
    });
  }
}

/** A row that names all effects that the cell has, so that one fix mends all reports of it. */
function fixOf(row: Span | null, text: string): Pick<Diagnostic, "fixes"> | Record<never, never> {
  if (row === null) return {};
  return { fixes: [{ title: `declare ${text}`, edits: [{ span: row, newText: text }] }] };
}

/** Where the effect enters the cell, and the line that performs it where that is elsewhere. */
function labelsOf(checked: CheckedCell, chain: Chain, effect: string): readonly Label[] {
  const entry = { span: chain.span, text: `brings in '${effect}'` };
  const { performs } = chain;
  if (performs === null || performs.scope !== checked.scope || performs.span === chain.span)
    return [entry];
  return [entry, { span: performs.span, text: `'${effect}' is performed here` }];
}

/** How an effect gets into a cell: the calls on the way, and the first place in the cell itself. */
export function chainOf(checked: CheckedCell, effect: string, byKey: CellTable, rows: Rows): Chain {
  const steps: string[] = [];
  const seen = new Set<CheckedCell>();
  let at: CheckedCell | undefined = checked;
  let span: Span | null = null;
  let performs: Performs | null = null;
  let leaves = false;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const cause = causeOf(at.causes, effect, rows);
    if (cause === null) break;
    span ??= cause.span;
    if (cause.kind !== "call") {
      steps.push(
        cause.kind === "value"
          ? "call of a function value"
          : `${CAUSE_WORDS[cause.kind]} '${plainName(cause.name)}'`,
      );
      performs = { scope: at.scope, span: cause.span };
      break;
    }
    leaves ||= cause.leaves === true;
    const callee = byKey.get(cause.callee);
    if (callee?.cell.kind !== "lambda") steps.push(`call to '${plainName(cause.callee.name)}'`);
    at = callee;
  }
  const isDirect = performs !== null && steps.length === 1;
  const text = [...(leaves ? ["a function that leaves its handler"] : []), ...steps].join(", ");
  return { text, span: span ?? checked.cell.span, direct: isDirect, performs };
}

/** The way of an effect into a cell. */
export interface Chain {
  /** `call to 'f', builtin 'print'` */
  readonly text: string;
  /** Where it enters the cell itself. */
  readonly span: Span;
  /** The cell performs it itself. */
  readonly direct: boolean;
  /** The line that performs it, in whatever module. */
  readonly performs: Performs | null;
}

interface Performs {
  readonly scope: CheckedCell["scope"];
  readonly span: Span;
}

const CAUSE_WORDS = {
  builtin: "builtin",
  perform: "perform",
  tool: "tool call",
  extern: "extern",
  trait: "the row of",
} as const;

type Root = Exclude<EffectCause, { kind: "handled" | "task" }>;

/** The first cause of an effect; handlers that discharge other effects are looked through. */
function causeOf(
  causes: readonly EffectCause[],
  effect: string,
  rows: Rows,
  isStopped = false,
): Root | null {
  for (const cause of causes) {
    if (cause.kind === "handled" || cause.kind === "task") {
      const isOut = cause.kind === "handled" && (isStopped || isDischarged(cause.effects, effect));
      const inner = causeOf(cause.causes, effect, rows, isOut);
      if (inner !== null) return inner;
    } else if (!isStopped && effectsOf(cause, rows).includes(effect)) return cause;
  }
  return null;
}

/** Functions given where a row is declared have no other effects (E0200). */
export function checkObligations(
  obligations: readonly RowObligation[],
  { rows, cells }: AllRows,
): void {
  for (const { scope, cell, row, what, expected, found, span } of obligations) {
    // A lambda that breaks its own row has that report.
    const own = cells.get(cell)?.lambdaRow?.effects ?? null;
    const actual = own ?? rows.get(cell) ?? [];
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
