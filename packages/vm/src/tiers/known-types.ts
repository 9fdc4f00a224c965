// What registers of any type hold after all: the type that every instruction that writes one gives
// it. Operations of any kinds take their operands widened, and give what is cast at once; where
// the type is known, compiled code needs neither.

import type { Instruction, LirType } from "@lumen/core/lir";
import { target } from "../link/liveness.ts";
import type { LinkedCell } from "../link/program.ts";
import { SCALAR_KINDS } from "../types/shapes.ts";

/** By register: the type of all that is written to it, or null where that is not known. */
export type KnownTypes = readonly (LirType | null)[];

/** Nothing was written as yet. */
type Found = LirType | null | undefined;

const STRING: LirType = { kind: "string" };

/** Whether values of both types are the same. */
export function isSameType(a: LirType, b: LirType): boolean {
  return a === b || (a.kind === b.kind && SCALAR_KINDS.has(a.kind));
}

/** The types of a cell's registers; one that was not written holds null, whatever this says. */
export function knownTypes(cell: LinkedCell): KnownTypes {
  const { code, registers, paramCount, captureCount } = cell.lir;
  const { types } = cell.module.lir;
  const given = paramCount + captureCount;
  const declared = registers.map((type) => types[type] ?? null);
  const isOpen = (r: number): boolean => declared[r]?.kind === "any" && r >= given;
  const known: Found[] = declared.map((type, r) => {
    if (isOpen(r)) return undefined;
    return type?.kind === "any" ? null : type;
  });
  const items: Found[] = registers.map(() => undefined);
  for (let changed = true; changed; ) {
    changed = false;
    for (const instruction of code) {
      const w = target(instruction);
      if (w === null) continue;
      const item = join(items[w], iterated(cell, instruction, known, items));
      const type = isOpen(w) ? join(known[w], written(cell, instruction, known, items)) : known[w];
      changed ||= item !== items[w] || type !== known[w];
      items[w] = item;
      known[w] = type;
    }
  }
  return known.map((type) => type ?? null);
}

function join(before: Found, next: Found): Found {
  if (before === undefined) return next;
  if (next === undefined || before === null) return before;
  return next !== null && isSameType(before, next) ? before : null;
}

/** The type of what the instruction writes. */
function written(
  cell: LinkedCell,
  { op, operands }: Instruction,
  known: readonly Found[],
  items: readonly Found[],
): Found {
  const a = Number(operands[1]);
  switch (op) {
    case "move":
    case "widen":
      return known[a];
    case "index":
      return known[a] === undefined ? undefined : indexed(cell, known[a]);
    case "iter_next":
      return items[a];
    default:
      return null;
  }
}

/** The type of what the iterator gives that the instruction writes. */
function iterated(
  cell: LinkedCell,
  { op, operands }: Instruction,
  known: readonly Found[],
  items: readonly Found[],
): Found {
  const a = Number(operands[1]);
  if (op === "move" || op === "widen") return items[a];
  if (op !== "iter_new") return null;
  return known[a] === undefined ? undefined : itemOf(cell, known[a]);
}

/** What `a[i]` is for all i. */
function indexed(cell: LinkedCell, type: LirType | null): LirType | null {
  if (type?.kind === "string") return STRING;
  return type?.kind === "list" ? (cell.module.lir.types[type.item] ?? null) : null;
}

/** What `for` takes out of a container of the type. */
function itemOf(cell: LinkedCell, type: LirType | null): LirType | null {
  const { types } = cell.module.lir;
  switch (type?.kind) {
    case "string":
      return STRING;
    case "list":
    case "set":
      return types[type.item] ?? null;
    case "map":
      return types[type.key] ?? null;
    default:
      return null;
  }
}
