// Decisions of a run without value bytes: read off the record that follows (spec/formats.md 18.1).
// A block that runs no tile leaves nothing to read; then the decision is what remains possible, or
// `unknown`, and whatever depends on it is unknown too.

import type { Outcome, PathElem, StepRecord } from "../commit/step-record.ts";
import type { BranchStep, LoopStep } from "./schema.ts";

/** What is known of the next record: the path of a tile, or how the run ended. */
export type Hint =
  | { readonly kind: "tile"; readonly path: readonly PathElem[] }
  | { readonly kind: "end"; readonly outcome: Outcome }
  | { readonly kind: "none" };

/** The hint that a record gives. */
export function hintOf(record: StepRecord | null): Hint {
  if (record?.kind === "Tile") return { kind: "tile", path: record.path };
  if (record?.kind === "Final") return { kind: "end", outcome: record.outcome };
  return { kind: "none" };
}

/** The arm taken at the branch with this path, `unknown` where several fit. */
export function hintedArm(
  hint: Hint,
  branchPath: readonly PathElem[],
  branch: BranchStep,
): number | "limit" | "unknown" {
  const next = elementBelow(hint, branchPath);
  if (next?.kind === "Arm") return next.index < branch.arms.length ? next.index : 0;
  // No tile runs any more, and the run ends in a limit: if it can be reached from here, it is.
  // Which arm reaches it does not matter, because the failed state has no frames.
  if (endsInLimit(hint) && branch.arms.some((arm) => arm.block.limited)) return "limit";
  const silent = branch.arms.flatMap((arm, index) => (arm.block.silent ? [index] : []));
  if (silent.length > 1) return "unknown";
  // No arm fits the record: any choice leads to the mismatch that it is.
  return silent[0] ?? 0;
}

/** How a loop goes on. */
export type LoopDecision = "again" | "end" | "limit" | "unknown";

/** Whether the body of a `while` loop runs after head number `iteration`. */
export function hintedCondition(
  hint: Hint,
  loopPath: readonly PathElem[],
  at: { readonly loop: LoopStep; readonly iteration: number },
): LoopDecision {
  const { loop, iteration } = at;
  const next = iterationBelow(hint, loopPath);
  if (next !== null) return next.index > iteration || !next.inHead ? "again" : "end";
  const endless = loop.head.silent && loop.body.silent;
  const limited = iteration === loop.bound || endless || loop.body.limited;
  if (limited && endsInLimit(hint)) return "limit";
  return endless ? "unknown" : "end";
}

/** Whether element number `iteration` of a `for_each` loop exists. */
export function hintedElement(
  hint: Hint,
  loopPath: readonly PathElem[],
  at: { readonly loop: LoopStep; readonly iteration: number },
): LoopDecision {
  const { loop, iteration } = at;
  const next = iterationBelow(hint, loopPath);
  if (next !== null) return next.index >= iteration ? "again" : "end";
  if ((iteration === 0 || loop.body.limited) && endsInLimit(hint)) return "limit";
  if (!loop.body.silent) return "end";
  return "unknown";
}

function endsInLimit(hint: Hint): boolean {
  if (hint.kind !== "end" || hint.outcome.kind !== "Err") return false;
  return hint.outcome.code === "E_LOOP_LIMIT";
}

function iterationBelow(
  hint: Hint,
  loopPath: readonly PathElem[],
): { readonly index: number; readonly inHead: boolean } | null {
  const next = elementBelow(hint, loopPath);
  if (next?.kind !== "Iter" || hint.kind !== "tile") return null;
  const part = hint.path[loopPath.length + 1];
  return { index: next.index, inHead: part?.kind === "Arm" && part.index === 0 };
}

/** The element that follows `prefix` in the hinted path. */
function elementBelow(hint: Hint, prefix: readonly PathElem[]): PathElem | null {
  if (hint.kind !== "tile") return null;
  for (const [i, elem] of prefix.entries()) {
    const other = hint.path[i];
    if (other?.kind !== elem.kind || other.index !== elem.index) return null;
  }
  return hint.path[prefix.length] ?? null;
}
