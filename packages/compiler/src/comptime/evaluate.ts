// Evaluation of `comptime` blocks (language 14): each is a hidden cell without parameters; what it
// gives is put into the place that it stands in. Blocks that others need come first.

import type { Diagnostic } from "@lumen/core/diagnostic";
import { required } from "@lumen/core/result";
import type { CheckedProgram } from "../check/check-program.ts";
import type { HirCell, HirModule } from "../hir/hir.ts";
import { lowerModules } from "../lower/lower-module.ts";
import { inOrder } from "../resolve/in-order.ts";
import { type ModuleScope, report } from "../resolve/scope.ts";
import { describeType } from "../tiles/descriptor.ts";
import { eraseParams } from "../types/erase.ts";
import { renderType } from "../types/render-type.ts";
import { judgeClaims } from "./claims.ts";
import { constantOfBytes } from "./constant.ts";
import { type ConstantExcess, constantExcess } from "./constant-size.ts";
import {
  blocksOf,
  type Comptime,
  type Evaluation,
  type Home,
  isComplete,
  keyOf,
  modulesOf,
  type Placed,
  reachable,
  refsOf,
} from "./evaluation.ts";
import type { ComptimeEvaluator } from "./evaluator.ts";

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
    constantBytes: program.constantBytes,
  };
  const before = new Map([...program.scopes.values()].map((s) => [s, s.diagnostics.length]));
  for (const [key] of cells) settle(x, key);
  judgeClaims(x);
  for (const [scope, count] of before) dropConsequences(scope, count);
  const found = [...program.scopes.values()].flatMap((s): readonly Diagnostic[] =>
    s.diagnostics.slice(before.get(s)),
  );
  if (found.length === 0 && ![...cells.values()].some((p) => isComptimeCell(p.cell)))
    return program;
  const modules = program.modules.map((m) => ({ ...m, cells: withoutComptime(m) }));
  return { ...program, modules, diagnostics: [...program.diagnostics, ...found] };
}

/** A block that fails because a literal in it breaks a constraint has the report of the literal. */
function dropConsequences(scope: ModuleScope, before: number): void {
  const found = scope.diagnostics.splice(before);
  const broken = found.filter((d) => d.code === "E0300");
  const isConsequence = ({ code, span }: Diagnostic): boolean =>
    code === "E0500" && broken.some((b) => b.span.start >= span.start && b.span.end <= span.end);
  scope.diagnostics.push(...found.filter((d) => !isConsequence(d)));
}

function isComptimeCell(cell: HirCell): boolean {
  return /\$comptime\d+$/.test(cell.name) || cell.claim !== undefined || isConstantCell(cell);
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
  for (const block of blocksOf(placed.cell.body)) {
    const found = new Map<string, Home>([[keyOf(block.cell), { module: placed.module, block }]]);
    // What it needs comes first, so that constants may need each other in chains of any length; in
    // a circle there is nothing that comes first.
    for (const key of inOrder(keyOf(block.cell), (k) => openBlocks(x, k, found)) ?? []) {
      const { module, block: needed } = required(found.get(key), "the block was found");
      evaluate(x, module, needed);
    }
    evaluate(x, placed.module, block);
  }
}

/** Keys of the blocks that a block needs and that have no value yet; they are added to `found`. */
function openBlocks(x: Evaluation, key: string, found: Map<string, Home>): readonly string[] {
  const { block } = required(found.get(key), "the block was found");
  return reachable(x, block.cell).flatMap((other) => {
    const { module, cell } = required(x.cells.get(other), "the cell is checked");
    const open = blocksOf(cell.body).filter((inner) => inner.slot.value === null);
    for (const inner of open) found.set(keyOf(inner.cell), { module, block: inner });
    return open.map((inner) => keyOf(inner.cell));
  });
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
  const result = x.evaluator({
    modules: lowerModules(modulesOf(x, needed)),
    entry: e.cell,
    type: erased.value,
  });
  if (!result.ok) {
    refuse(x, module, e, `comptime expression fails: ${result.error}`);
    return;
  }
  const bytes = result.value.length;
  const excess = constantExcess(bytes, x.constantBytes);
  if (excess !== null) {
    refuse(x, module, e, ...excess);
    return;
  }
  x.constantBytes += bytes;
  e.slot.value = constantOfBytes(e.type, erased.value, result.value);
}

function refuse(
  x: Evaluation,
  module: HirModule,
  e: Comptime,
  message: string,
  parts: ConstantExcess[1] = { help: "Compute the value when the program runs." },
): void {
  x.refused.add(keyOf(e.cell));
  const scope = required(x.program.scopes.get(module.name), "the module has a scope");
  report(scope, "E0500", e.span, message, parts);
}
