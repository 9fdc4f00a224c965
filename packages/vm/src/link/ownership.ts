// Who is the only one to refer to a value. A container that a register gives away, because nobody
// reads the register any more, need not be marked shared: its next owner may write it in place.
// Every tier asks here, so that all of them copy the same containers, and count the same memory.

import type { Instruction, OpcodeName } from "@lumen/core/lir";
import { readRegisters, target, visitLiveness } from "./liveness.ts";
import type { LinkedCell } from "./program.ts";

/** What is known about the references of a cell's registers. */
export interface Ownership {
  /** Reads of parts that are only looked into: the part is not shared (`a[i].x`). */
  readonly peeks: ReadonlySet<number>;
  /** Instructions that give away what their operands held last, with these registers. */
  readonly gives: ReadonlyMap<number, readonly number[]>;
}

/** Instructions that read a part of a container into a register. */
const READERS: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  "list_get",
  "tuple_get",
  "field_get",
  "payload_get",
]);

/** Instructions that look at their first operand and keep nothing of it but a part. */
const LOOKERS: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  ...READERS,
  "list_length",
  "variant_tag",
  "is_null",
]);

/** Instructions whose operands may be given away. */
const GIVERS: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  "move",
  "widen",
  "call",
  "call_builtin",
  "list_append",
]);

/** Code that reads registers where liveness does not see it. */
const HIDDEN_READERS: ReadonlySet<OpcodeName> = new Set<OpcodeName>(["handle", "defer"]);

const NONE: Ownership = { peeks: new Set(), gives: new Map() };

/** The ownership of a cell. */
export function ownershipOf({ lir }: LinkedCell): Ownership {
  const { code, registers } = lir;
  if (code.some(({ op }) => HIDDEN_READERS.has(op))) return NONE;
  const peeks = new Set<number>();
  const gives = new Map<number, readonly number[]>();
  visitLiveness(code, registers.length, (index, after) => {
    const instruction = code[index];
    if (instruction === undefined) return;
    if (GIVERS.has(instruction.op)) {
      const given = givenAway(instruction).filter((r) => !after.has(r));
      if (given.length > 0) gives.set(index, given);
    } else if (isLookedInto(instruction, code[index - 1])) {
      const looked = Number(instruction.operands[1]);
      const isDead = !after.has(looked) || target(instruction) === looked;
      if (isDead) peeks.add(index - 1);
    }
  });
  return { peeks, gives };
}

/** Registers whose value goes somewhere else, each of which stands there once. */
function givenAway(instruction: Instruction): readonly number[] {
  const all = readRegisters(instruction);
  // These write their first operand only.
  const isOfFirst = instruction.op === "list_append" || instruction.op === "call_builtin";
  const candidates = isOfFirst ? all.slice(0, 1) : all;
  return candidates.filter((r) => all.indexOf(r) === all.lastIndexOf(r));
}

/** Whether the instruction before reads a part that this one looks into. */
function isLookedInto(instruction: Instruction, before: Instruction | undefined): boolean {
  if (before === undefined || !READERS.has(before.op) || !LOOKERS.has(instruction.op)) return false;
  const [, looked, other] = instruction.operands;
  const isIndexToo = instruction.op === "list_get" && other === looked;
  return looked === target(before) && !isIndexToo;
}
