// Superinstructions: two instructions that stand one behind the other so often that the interpreter
// does them at once. The pairs are those that run most in the programs of `bench/`. Only the opcode
// of the first one changes: both keep their words, so that a frame may stand at the second one.

import type { Instruction, OpcodeName } from "@lumen/core/lir";
import { target } from "./liveness.ts";

/** A pair: the second one reads what the first one writes, at this place of its operands. */
interface Pair {
  readonly first: OpcodeName;
  readonly second: OpcodeName;
  /** The interpreter's number for both. */
  readonly number: number;
  readonly at: number;
}

/** A second one never faults: faults are told where the frame stands. */
const PAIRS: readonly Pair[] = [
  { first: "lt_int", second: "jump_unless", number: 140, at: 0 },
  { first: "le_int", second: "jump_unless", number: 141, at: 0 },
  { first: "eq_int", second: "jump_unless", number: 142, at: 0 },
  { first: "eq_string", second: "jump_unless", number: 142, at: 0 },
  { first: "eq_int", second: "jump_if", number: 143, at: 0 },
  { first: "eq_string", second: "jump_if", number: 143, at: 0 },
  { first: "lt_float", second: "jump_unless", number: 144, at: 0 },
  { first: "le_float", second: "jump_unless", number: 145, at: 0 },
];

/** `add_int` and the `jump` back behind it: the step of a counting loop, whatever it adds to. */
export const STEP_AND_LOOP = 146;

const BY_NAMES: ReadonlyMap<string, Pair> = new Map(
  PAIRS.map((pair) => [`${pair.first} ${pair.second}`, pair]),
);

/** The number for two neighbours in a block, the second at `index`; null where they stay two. */
export function pairNumber(first: Instruction, second: Instruction, index: number): number | null {
  if (first.op === "add_int" && second.op === "jump")
    return Number(second.operands[0]) <= index ? STEP_AND_LOOP : null;
  const pair = BY_NAMES.get(`${first.op} ${second.op}`);
  if (pair === undefined || second.operands[pair.at] !== target(first)) return null;
  return pair.number;
}
