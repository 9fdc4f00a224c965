// Parameters that a cell only borrows: as long as it runs it looks at them, and when it is done
// nothing but its caller holds them. So the caller need not mark them shared for the call, and goes
// on writing them in place: `known[name] = worth(tree, known)`.

import type { Instruction, OpcodeName } from "@lumen/core/lir";
import { required } from "@lumen/core/result";
import { looksOnly } from "../builtins/natives.ts";
import { SCALAR_KINDS } from "../types/shapes.ts";
import { readRegisters, target } from "./liveness.ts";
import type { LinkedCell } from "./program.ts";
import { type References, referencesOf } from "./references.ts";

/** Instructions that look at their operands, or mark shared what they keep of them. */
const HARMLESS: ReadonlySet<OpcodeName> = new Set<OpcodeName>([
  "move",
  "widen",
  "cast",
  "is_null",
  "type_test",
  "conforms",
  "eq",
  "lt",
  "le",
  "compare",
  "contains",
  "truthy",
  "display",
  "format",
  "list_new",
  "list_get",
  "list_append",
  "list_concat",
  "list_length",
  "index",
  "slice",
  "tuple_new",
  "tuple_get",
  "map_get",
  "record_new",
  "field_get",
  "field",
  "variant_new",
  "variant_tag",
  "payload_get",
  "payload",
  "place_set",
  "iter_new",
  "iter_entries",
]);

/** Calls of cells, which must borrow what is handed on to them. */
const CALLS: ReadonlySet<OpcodeName> = new Set<OpcodeName>(["call", "tail_call"]);

/** A parameter goes on to another cell. */
export interface HandOn {
  readonly param: number;
  readonly callee: LinkedCell;
  readonly position: number;
}

interface Uses {
  /** Parameters that nothing speaks against, but for what is needed. */
  readonly params: Set<number>;
  readonly needs: readonly HandOn[];
}

const NONE: ReadonlySet<number> = new Set();

const FOUND = new WeakMap<LinkedCell, ReadonlySet<number>>();

/** Whether a register holds nothing that can be shared. */
export function isScalar({ module, lir }: LinkedCell, register: number): boolean {
  return SCALAR_KINDS.has(module.lir.types[lir.registers[register] ?? -1]?.kind ?? "any");
}

/** The parameters, by number, that a cell only borrows. */
export function borrowedBy(cell: LinkedCell): ReadonlySet<number> {
  const known = FOUND.get(cell);
  if (known !== undefined) return known;
  const open = reachedFrom(cell);
  for (let changed = true; changed; ) {
    changed = false;
    for (const { params, needs } of open.values()) {
      for (const { param, callee, position } of needs) {
        const borrowed = open.get(callee)?.params ?? FOUND.get(callee) ?? NONE;
        if (!borrowed.has(position) && params.delete(param)) changed = true;
      }
    }
  }
  for (const [reached, { params }] of open) FOUND.set(reached, params);
  return FOUND.get(cell) ?? NONE;
}

/** The cell, and those not judged yet that its parameters go on to. */
function reachedFrom(cell: LinkedCell): ReadonlyMap<LinkedCell, Uses> {
  const open = new Map<LinkedCell, Uses>();
  const waiting = [cell];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (open.has(next) || FOUND.has(next)) continue;
    const uses = usesIn(next);
    open.set(next, uses);
    for (const { callee } of uses.needs) waiting.push(callee);
  }
  return open;
}

function usesIn(cell: LinkedCell): Uses {
  const numbers = Array.from({ length: cell.paramCount }, (_, i) => i);
  const params = new Set(numbers.filter((param) => !isScalar(cell, param)));
  const needs: HandOn[] = [];
  const references = cell.isSpecial || params.size === 0 ? null : referencesOf(cell);
  if (references === null) return { params: new Set(), needs };
  for (const whole of takenFrom(cell, references)) params.delete(whole);
  cell.lir.code.forEach((instruction, index) => {
    const written = target(instruction);
    if (written !== null) params.delete(written);
    const given = references.gives.get(index) ?? [];
    for (const param of readRegisters(instruction)) {
      if (!params.has(param)) continue;
      if (CALLS.has(instruction.op)) needs.push(...handOns(cell, instruction, param));
      else if (!isHarmless(instruction, given.includes(param))) params.delete(param);
    }
  });
  return { params, needs };
}

/** Registers from which a container is taken: of the reads of a chain the last one says what is. */
function takenFrom(cell: LinkedCell, { takes }: References): readonly number[] {
  const last = new Map([...takes].map(([read, take]) => [take, read]));
  return [...last].flatMap(([{ whole }, read]) => {
    const part = Number(cell.lir.code[read]?.operands[0]);
    return isScalar(cell, part) ? [] : [whole];
  });
}

/** Where a call hands a register on. */
export function handOns(
  { module }: LinkedCell,
  { op, operands }: Instruction,
  register: number,
): readonly HandOn[] {
  const [number, args] = op === "call" ? operands.slice(1) : operands;
  const callee = required(module.callees[Number(number)], "the callee is linked");
  const registers = typeof args === "object" ? args : [];
  return registers.flatMap((r, position) =>
    r === register ? [{ param: register, callee, position }] : [],
  );
}

function isHarmless(instruction: Instruction, isGiven: boolean): boolean {
  if (instruction.op !== "call_builtin") return HARMLESS.has(instruction.op) && !isGiven;
  return looksOnly(Number(instruction.operands[1]));
}
