// Which blocks can go by without a tile running in them. A run without value bytes reads decisions
// off the path of the next record (spec/formats.md 18.1); silent blocks leave nothing to read.

import type { Silence, Step } from "./schema.ts";

const TILE: Silence = { silent: false, limited: false };

/** What one step can do without running a tile. */
export function stepSilence(step: Step): Silence {
  switch (step.kind) {
    case "tile":
      return TILE;
    case "sequence":
      return step.body.block;
    case "branch":
      return {
        silent: step.arms.some((arm) => arm.block.silent),
        limited: step.arms.some((arm) => arm.block.limited),
      };
    case "loop":
      // A for_each can be empty or too long at once; a while loop first runs its head.
      if (step.mode === "for_each") return { silent: true, limited: true };
      return { silent: step.head.silent, limited: step.head.silent || step.head.limited };
  }
}

/** What steps in order can do together: a later one counts only if all before it are silent. */
export function combineSilence(steps: readonly Silence[]): Silence {
  let limited = false;
  for (const step of steps) {
    limited ||= step.limited;
    if (!step.silent) return { silent: false, limited };
  }
  return { silent: true, limited };
}
