// What ran in which tier, and why: read off a program after a run.

import type { CompileSetting } from "../interpreter/core.ts";
import type { LinkedCell, LinkedProgram } from "../link/program.ts";
import { calleesOf, obstacleOf } from "./cells.ts";
import { type FastCode, isUseless } from "./fast.ts";

/** A tier that compiles. */
type CompiledTier = "T1" | "T2" | "T3";

/** The tiers of engines, the highest first. */
const TIERS: readonly (readonly [FastCode["engine"], CompiledTier])[] = [
  ["llvm", "T3"],
  ["wasm", "T2"],
  ["js", "T1"],
];

/** How a cell ran. */
export interface TierReport {
  readonly module: string;
  readonly cell: string;
  /** The highest tier that it has code of: `T2`, of a loop inside it `T2 loop`, …, else `T0`. */
  readonly tier: "T0" | CompiledTier | `${CompiledTier} loop`;
  /** How often the interpreter entered its code, calls from compiled code not counted. */
  readonly entries: number;
  /** How often the code was left for what only the interpreter can do. */
  readonly exits: number;
  /** Cycles spent below those entries, in whatever cell. */
  readonly cycles: number;
  /** Why it has no code, code that is not used, or no better one; null: there is nothing to say. */
  readonly reason: string | null;
}

/** Reports on every cell that was called, in the order of the program's modules and cells. */
export function explainTiers(
  program: LinkedProgram,
  setting: CompileSetting | null,
): readonly TierReport[] {
  return [...program.cells.values()].filter((c) => c.isCalled).map((c) => report(c, setting));
}

function report(cell: LinkedCell, setting: CompileSetting | null): TierReport {
  const whole = [cell.fast, cell.limited].filter(isCode);
  const loops = [...cell.loops.values()].filter(isCode);
  const codes = [...whole, ...loops];
  const sum = (of: (code: FastCode) => number): number => codes.reduce((n, c) => n + of(c), 0);
  return {
    module: cell.module.name,
    cell: cell.name,
    tier: tierOf(whole, loops),
    entries: sum((code) => code.entries),
    exits: sum((code) => code.exits),
    cycles: sum((code) => code.cycles),
    reason: notNumeric(whole, loops) ?? reasonOf(cell, whole, setting),
  };
}

/** What a whole cell is compiled to says more than what its loops are. */
function tierOf(whole: readonly FastCode[], loops: readonly FastCode[]): TierReport["tier"] {
  const [own, inside] = [highestOf(whole), highestOf(loops)];
  if (own === null) return inside === null ? "T0" : `${inside} loop`;
  // JavaScript of a whole cell, and of numbers a loop inside it.
  return own === "T1" && inside !== null && inside !== "T1" ? `${inside} loop` : own;
}

function highestOf(codes: readonly FastCode[]): CompiledTier | null {
  return TIERS.find(([name]) => codes.some(({ engine }) => engine === name))?.[1] ?? null;
}

/** Why the best code is of no higher tier, where that was asked for. */
function notNumeric(whole: readonly FastCode[], loops: readonly FastCode[]): string | null {
  if (whole.some(isUseless)) return null;
  const codes = whole.length > 0 ? whole : loops;
  const tier = highestOf(codes);
  return codes.find((code) => code.reason !== null && highestOf([code]) === tier)?.reason ?? null;
}

function reasonOf(
  cell: LinkedCell,
  whole: readonly FastCode[],
  setting: CompileSetting | null,
): string | null {
  if (whole.some(isUseless)) return "its code was left too often to pay";
  if (whole.length > 0) return null;
  if (setting === null) return "nothing is compiled";
  const own = obstacleOf(cell);
  if (own !== null) return own;
  const chain = obstructedCallee(cell);
  if (chain !== null) return chain;
  if (cell.fast === null || cell.limited === null) return "its code has no structure";
  return `called rarely: more than ${setting.hotCalls} calls make it hot`;
}

/** The nearest cell that it calls, directly or not, which cannot be compiled, with the reason. */
function obstructedCallee(root: LinkedCell): string | null {
  const queue = [root];
  const seen = new Set(queue);
  for (const cell of queue) {
    for (const callee of calleesOf(cell)) {
      if (seen.has(callee)) continue;
      seen.add(callee);
      const obstacle = obstacleOf(callee);
      if (obstacle !== null) return `it needs '${callee.name}': ${obstacle}`;
      queue.push(callee);
    }
  }
  return null;
}

function isCode(code: FastCode | null | undefined): code is FastCode {
  return code !== null && code !== undefined;
}
