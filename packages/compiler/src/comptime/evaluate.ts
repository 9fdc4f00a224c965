// Evaluation of `comptime` blocks (language 14): each is a hidden cell without parameters; what it
// gives is put into the place that it stands in. Blocks that others need come first.

import type { Diagnostic } from "@lumen/core/diagnostic";
import { required } from "@lumen/core/result";
import type { CheckedProgram } from "../check/check-program.ts";
import type { HirCell, HirExpr, HirModule } from "../hir/hir.ts";
import type { CellRef } from "../hir/type.ts";
import { partsOf, someExpr } from "../hir/visit.ts";
import { lowerModules } from "../lower/lower-module.ts";
import { report } from "../resolve/scope.ts";
import { describeType } from "../tiles/descriptor.ts";
import { eraseParams } from "../types/erase.ts";
import { renderType } from "../types/render-type.ts";
import { constantOfBytes } from "./constant.ts";
import type { ComptimeEvaluator } from "./evaluator.ts";

type Comptime = HirExpr & { readonly kind: "comptime" };

interface Evaluation {
  readonly program: CheckedProgram;
  readonly evaluator: ComptimeEvaluator | null;
  readonly cells: ReadonlyMap<string, Placed>;
  readonly open: Set<string>;
  /** Of constants: where their value stands in the source, by their code. */
  readonly homes: ReadonlyMap<string, Home>;
  /** Blocks that have a report. */
  readonly refused: Set<string>;
  /** Cells that were looked at for `comptime` before. */
  readonly settled: Set<string>;
}

/** A block and the module that it stands in. */
interface Home {
  readonly module: HirModule;
  readonly block: Comptime;
}

interface Placed {
  readonly module: HirModule;
  readonly cell: HirCell;
}

/** The program with every block evaluated, and E0500 for those that cannot be. */
export function evaluateComptime(
  program: CheckedProgram,
  evaluator: ComptimeEvaluator | null,
): CheckedProgram {
  const cells = new Map<string, Placed>();
  for (const module of program.modules)
    for (const cell of module.cells)
      cells.set(keyOf({ module: module.name, name: cell.name }), { module, cell });
  const x: Evaluation = {
    program,
    evaluator,
    cells,
    open: new Set(),
    homes: homesOf(cells),
    refused: new Set(),
    settled: new Set(),
  };
  const before = new Map([...program.scopes.values()].map((s) => [s, s.diagnostics.length]));
  for (const [key] of cells) settle(x, key);
  const found = [...program.scopes.values()].flatMap((s): readonly Diagnostic[] =>
    s.diagnostics.slice(before.get(s)),
  );
  if (found.length === 0 && ![...cells.values()].some((p) => isComptimeCell(p.cell)))
    return program;
  const modules = program.modules.map((m) => ({ ...m, cells: withoutComptime(m) }));
  return { ...program, modules, diagnostics: [...program.diagnostics, ...found] };
}

function keyOf(ref: CellRef): string {
  return `${ref.module}#${ref.name}`;
}

function isComptimeCell(cell: HirCell): boolean {
  return /\$comptime\d+$/.test(cell.name) || isConstantCell(cell);
}

/** The cell that asks for the value of a constant. */
function isConstantCell(cell: HirCell): boolean {
  return cell.name.endsWith("$const");
}

/** A constant is used in many places; what is wrong with it concerns the one where it stands. */
function homesOf(cells: ReadonlyMap<string, Placed>): ReadonlyMap<string, Home> {
  const homes = new Map<string, Home>();
  for (const { module, cell } of cells.values())
    if (isConstantCell(cell) && cell.body.kind === "comptime")
      homes.set(keyOf(cell.body.cell), { module, block: cell.body });
  return homes;
}

/** The blocks' own cells have done their work, with the lambdas that only they refer to. */
function withoutComptime(module: HirModule): readonly HirCell[] {
  const kept = module.cells.filter((c) => !isComptimeCell(c));
  const used = new Set<string>();
  for (const cell of kept) for (const ref of refsOf(cell.body)) used.add(keyOf(ref));
  return kept.filter(
    (c) => c.kind !== "lambda" || used.has(keyOf({ module: module.name, name: c.name })),
  );
}

/** Evaluates the blocks that a cell holds, after those of the cells that they call. */
function settle(x: Evaluation, key: string): void {
  const placed = x.cells.get(key);
  if (placed === undefined || x.settled.has(key)) return;
  x.settled.add(key);
  for (const e of blocksOf(placed.cell.body)) evaluate(x, placed.module, e);
}

function blocksOf(body: HirExpr): readonly Comptime[] {
  const found: Comptime[] = [];
  someExpr(body, (e) => {
    if (e.kind === "comptime") found.push(e);
    return false;
  });
  return found;
}

function evaluate(x: Evaluation, from: HirModule, used: Comptime): void {
  const key = keyOf(used.cell);
  if (used.slot.value !== null || x.refused.has(key)) return;
  const { module, block: e } = x.homes.get(key) ?? { module: from, block: used };
  if (x.open.has(key)) {
    refuse(x, module, e, "comptime expression needs its own value");
    return;
  }
  x.open.add(key);
  const needed = reachable(x, e.cell);
  // A cell that holds this very block is settled by now; the block in it is found to be open.
  for (const other of needed) {
    for (const inner of blocksOf(required(x.cells.get(other), "the cell is checked").cell.body)) {
      const home = required(x.cells.get(other), "the cell is checked").module;
      evaluate(x, home, inner);
    }
  }
  x.open.delete(key);
  if (needed.every((n) => isComplete(x, n))) run(x, module, e, new Set(needed));
}

function isComplete(x: Evaluation, key: string): boolean {
  const placed = required(x.cells.get(key), "the cell is checked");
  return blocksOf(placed.cell.body).every((b) => b.slot.value !== null);
}

function run(x: Evaluation, module: HirModule, e: Comptime, needed: ReadonlySet<string>): void {
  const described = describeType(e.type);
  const erased = describeType(eraseParams(e.type));
  if (!described.ok || !erased.ok) {
    const reason = described.ok ? `it has type arguments` : described.error.reason;
    const type = renderType(e.type);
    refuse(x, module, e, `a value of type ${type} cannot be embedded: ${reason}`);
    return;
  }
  if (x.evaluator === null) {
    refuse(x, module, e, "comptime code cannot be run here: no evaluator is given");
    return;
  }
  const modules = x.program.modules
    .map((m) => ({
      ...m,
      cells: m.cells.filter((c) => needed.has(keyOf({ module: m.name, name: c.name }))),
    }))
    .filter((m) => m.cells.length > 0);
  const result = x.evaluator({
    modules: lowerModules(modules),
    entry: e.cell,
    type: erased.value,
  });
  if (result.ok) e.slot.value = constantOfBytes(e.type, erased.value, result.value);
  else refuse(x, module, e, `comptime expression fails: ${result.error}`);
}

function refuse(x: Evaluation, module: HirModule, e: Comptime, message: string): void {
  x.refused.add(keyOf(e.cell));
  const scope = required(x.program.scopes.get(module.name), "the module has a scope");
  report(scope, "E0500", e.span, message, { help: "Compute the value when the program runs." });
}

/** Keys of the cells that a run of `start` can enter, itself included. */
function reachable(x: Evaluation, start: CellRef): readonly string[] {
  const found = new Set<string>();
  const open = [start];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const key = keyOf(next);
    const placed = x.cells.get(key);
    if (placed === undefined || found.has(key)) continue;
    found.add(key);
    open.push(...refsOf(placed.cell.body));
  }
  return [...found];
}

/** Cells that an expression names: calls, function values, checks of records. */
function refsOf(e: HirExpr): readonly CellRef[] {
  const own = (): readonly CellRef[] => {
    switch (e.kind) {
      case "call":
      case "callRecur":
        return [e.callee];
      case "closure":
        return [e.cell];
      case "record":
        return e.decl.check === null ? [] : [e.decl.check];
      default:
        return [];
    }
  };
  return [...own(), ...partsOf(e).flatMap(refsOf)];
}
