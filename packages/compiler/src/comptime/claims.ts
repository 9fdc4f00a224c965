// Claims: constraints over literals (check/claims.ts), judged before the program runs (E0300).

import { decodeValue } from "@lumen/core/encoding";
import { assert, required } from "@lumen/core/result";
import { isList, listItems, type TypeDescriptor } from "@lumen/core/value";
import type { HirCell, HirClaim, HirExpr, HirModule } from "../hir/hir.ts";
import { lowerModules } from "../lower/lower-module.ts";
import { report } from "../resolve/scope.ts";
import { BOOL, listOf } from "../types/simple-types.ts";
import { type Evaluation, isComplete, modulesOf, type Placed, reachable } from "./evaluation.ts";

/** Name of the module that asks for the outcome of claims; no path of a module has the sign. */
const ASKING = "claims$";

const OUTCOMES: TypeDescriptor = { list: "bool" };

/** Reports the claims that do not hold, and those that cannot be evaluated without a fault. */
export function judgeClaims(x: Evaluation): void {
  if (x.evaluator === null) return;
  const claims = [...x.cells.values()].filter((p) => p.cell.claim !== undefined && isReady(x, p));
  if (claims.length === 0) return;
  const all = outcomes(x, claims);
  const refused = new Set<string>();
  claims.forEach((placed, i) => {
    // Where one faults, each is asked alone.
    const outcome = all.kind === "known" ? all : outcomes(x, [placed]);
    const holds = outcome.kind === "known" && outcome.holds[all.kind === "known" ? i : 0] === true;
    // One report for a literal: an alias of an alias has several constraints.
    const { span } = placed.cell;
    const key = `${placed.module.name} ${span.start} ${span.end}`;
    if (holds || refused.has(key)) return;
    refused.add(key);
    refuse(x, placed, outcome.kind === "fault" ? `: ${outcome.message}` : "");
  });
}

/** Nothing that the constraint needs has a report. */
function isReady(x: Evaluation, placed: Placed): boolean {
  return reachable(x, refOf(placed)).every((key) => isComplete(x, key));
}

function refOf({ module, cell }: Placed): { readonly module: string; readonly name: string } {
  return { module: module.name, name: cell.name };
}

type Outcomes =
  | { readonly kind: "known"; readonly holds: readonly boolean[] }
  | { readonly kind: "fault"; readonly message: string };

/** Whether the claims hold, in one run for all. */
function outcomes(x: Evaluation, claims: readonly Placed[]): Outcomes {
  const evaluator = required(x.evaluator, "there is an evaluator");
  const needed = new Set(claims.flatMap((placed) => reachable(x, refOf(placed))));
  const entry = { module: ASKING, name: "all" };
  const modules = lowerModules([askingModule(claims, entry.name), ...modulesOf(x, needed)]);
  const result = evaluator({ modules, entry, type: OUTCOMES });
  if (!result.ok) return { kind: "fault", message: result.error };
  const decoded = decodeValue(OUTCOMES, result.value);
  assert(decoded.ok && isList(decoded.value), "an evaluator gives bytes of the type asked for");
  return { kind: "known", holds: listItems(decoded.value).map((value) => value === true) };
}

/** A module with a cell that gives the outcomes as a list. */
function askingModule(claims: readonly Placed[], name: string): HirModule {
  const span = { start: 0, end: 0 };
  const calls = claims.map(
    (placed): HirExpr => ({ kind: "call", callee: refOf(placed), args: [], type: BOOL, span }),
  );
  const type = listOf(BOOL);
  const items = calls.map((value) => ({ spread: false, value }));
  const cell: HirCell = {
    name,
    kind: "hidden",
    params: [],
    captures: [],
    locals: [],
    result: type,
    row: [],
    body: { kind: "list", items, type, span },
    span,
    generics: [],
  };
  const nothing = { records: [], enums: [], tiles: [], sequences: [] };
  return { name: ASKING, path: "", cells: [cell], ...nothing };
}

function refuse(x: Evaluation, { module, cell }: Placed, reason: string): void {
  const scope = required(x.program.scopes.get(module.name), "the module has a scope");
  const claim: HirClaim = required(cell.claim, "the cell is a claim");
  const { span, message, expected, found, labels } = claim;
  report(scope, "E0300", span, `${message}${reason}`, {
    expected,
    found,
    labels,
    help: "Change the value, or the constraint.",
  });
}
