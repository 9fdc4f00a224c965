// What the code of one cell shows about who refers to a value. A container that a register gives
// away, because nobody reads the register any more, need not be marked shared: its next owner may
// write it in place.

import type { Instruction, OpcodeName } from "@lumen/core/lir";
import { blockStarts } from "./blocks.ts";
import { hasHiddenReaders, readRegisters, target, visitLiveness } from "./liveness.ts";
import {
  constantRegisters,
  isLooker,
  isPartRead,
  type PartReads,
  partReads,
} from "./part-reads.ts";
import type { LinkedCell } from "./program.ts";

/** What the code of a cell shows about the references of its registers. */
export interface References extends PartReads {
  /** Instructions that give away what their operands held last, with these registers. */
  readonly gives: ReadonlyMap<number, readonly number[]>;
}

/** Instructions whose operands may be given away, and how many of the first of them. */
const GIVERS: ReadonlyMap<OpcodeName, number> = new Map<OpcodeName, number>([
  ["move", 1],
  ["widen", 1],
  ["cast", 1],
  ["call", Number.POSITIVE_INFINITY],
  // Natives update their first argument only.
  ["call_builtin", 1],
  ["list_append", 2],
  ["list_new", Number.POSITIVE_INFINITY],
  ["tuple_new", Number.POSITIVE_INFINITY],
  ["record_new", Number.POSITIVE_INFINITY],
  ["variant_new", Number.POSITIVE_INFINITY],
]);

/** Instructions after which two registers refer to one value. */
const COPIES: ReadonlySet<OpcodeName> = new Set<OpcodeName>(["move", "widen"]);

/** The references of a cell; null where its code does not show who reads a register. */
export function referencesOf({ lir }: LinkedCell): References | null {
  const { code, registers } = lir;
  if (hasHiddenReaders(code)) return null;
  const lastLooks = new Set<number>();
  const gives = new Map<number, readonly number[]>();
  const unread = new Set<number>();
  visitLiveness(code, registers.length, (index, after) => {
    const instruction = code[index];
    if (instruction === undefined) return;
    const { op, operands } = instruction;
    const isLast = (r: number): boolean => !after.has(r) || target(instruction) === r;
    const given = givenAway(instruction).filter(isLast);
    if (given.length > 0) gives.set(index, given);
    if (isLooker(op) && isLast(Number(operands[1]))) lastLooks.add(index);
    const written = target(instruction);
    if ((isPartRead(op) || COPIES.has(op)) && written !== null && !after.has(written))
      unread.add(index);
  });
  const constants = constantRegisters(code, lir.paramCount + lir.captureCount);
  const reads = partReads({ code, starts: blockStarts(code), lastLooks, unread, constants });
  return { ...reads, gives };
}

/** Registers whose value goes somewhere else, each of which stands there once. */
function givenAway(instruction: Instruction): readonly number[] {
  const all = readRegisters(instruction);
  const candidates =
    instruction.op === "place_set" ? all.slice(-1) : all.slice(0, GIVERS.get(instruction.op) ?? 0);
  return candidates.filter((r) => all.indexOf(r) === all.lastIndexOf(r));
}
