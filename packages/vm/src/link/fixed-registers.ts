// Registers that hold one constant as long as their frame lives: they are filled when it begins,
// and the instruction that writes them is none for the interpreter.

import type { LirModule, TypeIndex } from "@lumen/core/lir";
import { Float, type Value } from "@lumen/core/value";
import { target } from "./liveness.ts";
import type { LinkedCell } from "./program.ts";

/**
 * The constants by register. Written once, by a `const`, and never read before (lir.md 8.6): where
 * null is no value of the type, what stands there earlier is nobody's business. Containers are left
 * out, whoever has them may write them.
 */
export function fixedRegisters(cell: LinkedCell): ReadonlyMap<number, Value> {
  const { module, lir } = cell;
  const writes = new Map<number, number>();
  for (const instruction of lir.code) {
    const w = target(instruction);
    if (w !== null) writes.set(w, (writes.get(w) ?? 0) + 1);
  }
  const given = lir.paramCount + lir.captureCount;
  const found = new Map<number, Value>();
  for (const { op, operands } of lir.code) {
    const [w = 0, k = 0] = operands.map(Number);
    if (op !== "const" || w < given || writes.get(w) !== 1) continue;
    const value = module.constants[k] ?? null;
    if (isScalar(value) && isWrittenFirst(module.lir, lir.registers[w])) found.set(w, value);
  }
  return found;
}

function isScalar(value: Value): boolean {
  return typeof value !== "object" || value instanceof Float;
}

/** Whether null is no value of the type, so that a register is written before it is read. */
function isWrittenFirst(module: LirModule, type: TypeIndex | undefined): boolean {
  const kind = module.types[type ?? -1]?.kind;
  return kind === "int" || kind === "float" || kind === "bool" || kind === "string";
}
