// Who owns the values of a cell: what its code shows of its references, and which of them the
// cells that it calls only borrow. Every tier asks here, so that all of them copy the same
// containers, and count the same memory.

import { borrowedBy, handOns, isScalar } from "./borrow.ts";
import { readRegisters } from "./liveness.ts";
import type { LinkedCell } from "./program.ts";
import { type References, referencesOf } from "./references.ts";

/** What is known about the references of a cell's registers. */
export interface Ownership extends References {
  /** Calls whose callees only borrow these registers, which stand in them once. */
  readonly lends: ReadonlyMap<number, readonly number[]>;
}

/** Every tier asks once for a cell, which does not change. */
const KNOWN = new WeakMap<LinkedCell, Ownership>();

/** The ownership of a cell, whose callees are linked. */
export function ownershipOf(cell: LinkedCell): Ownership {
  const known = KNOWN.get(cell) ?? ownershipIn(cell);
  KNOWN.set(cell, known);
  return known;
}

function ownershipIn(cell: LinkedCell): Ownership {
  const references = referencesOf(cell);
  const lends = new Map<number, readonly number[]>();
  if (references === null) return { peeks: new Set(), takes: new Map(), gives: new Map(), lends };
  cell.lir.code.forEach((instruction, index) => {
    if (instruction.op !== "call") return;
    const given = references.gives.get(index) ?? [];
    const all = readRegisters(instruction);
    const lent = all.filter((r, i) => {
      if (given.includes(r) || isScalar(cell, r)) return false;
      if (all.indexOf(r) !== i || all.lastIndexOf(r) !== i) return false;
      return handOns(cell, instruction, r).every((to) => borrowedBy(to.callee).has(to.position));
    });
    if (lent.length > 0) lends.set(index, lent);
  });
  return { ...references, lends };
}

/** Whether the instruction keeps, for whoever gets it, the register's value from being shared. */
export function isKept({ gives, lends }: Ownership, index: number, register: number): boolean {
  return [gives, lends].some((kept) => kept.get(index)?.includes(register) === true);
}
