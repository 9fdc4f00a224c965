// Where control leaves the order of instructions, and where basic blocks end (lir.md 7, 8).

import type { OpcodeName } from "./opcodes.ts";

/** Opcodes after which control never goes on with the next instruction. */
export const NO_FALL_THROUGH: ReadonlySet<OpcodeName> = new Set([
  "jump",
  "switch",
  "return",
  "tail_call",
  "fault",
  "handle_end",
  "defer_end",
]);

/** Opcodes after which a basic block begins (lir.md 7). */
export const BLOCK_ENDS: ReadonlySet<OpcodeName> = new Set([
  ...NO_FALL_THROUGH,
  "jump_if",
  "jump_unless",
  "iter_next",
]);
