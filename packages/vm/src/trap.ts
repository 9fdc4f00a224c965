// How code deep inside an instruction stops the run: it throws a Trap, which only `machine.ts`
// catches and turns into a Fault. No Trap leaves this package.

import type { FaultFrame, TrapCode } from "@lumen/core/diagnostic";
import { debugValue, typeName, type Value } from "@lumen/core/value";

/** A fault that does not know its call stack yet. */
export class Trap extends Error {
  override readonly name = "Trap";
  readonly code: TrapCode;
  /** Frames of the task in which it happened, where it comes out of a future or a nursery. */
  readonly inner: readonly FaultFrame[];
  constructor(code: TrapCode, message: string, inner: readonly FaultFrame[] = []) {
    super(message);
    this.code = code;
    this.inner = inner;
  }
}

/** Stops a task that was cancelled; nobody sees it but who asks for the task's outcome. */
export class CancelTrap extends Trap {
  constructor() {
    super("E_TRAP_OTHER", "runtime error: task cancelled");
  }
}

/** `integer overflow in …` (language 4). */
export function overflow(what: string): Trap {
  return new Trap("E_TRAP_OVERFLOW", `integer overflow in ${what}`);
}

/** `division by zero` (language 4). */
export function divisionByZero(): Trap {
  return new Trap("E_TRAP_DIV_ZERO", "division by zero");
}

/** `type error at runtime: …` (language 15.6). */
export function typeTrap(text: string): Trap {
  return new Trap("E_TRAP_TYPE", `type error at runtime: ${text}`);
}

/** `runtime error: …` (language 15.6). */
export function runtimeTrap(text: string, code: TrapCode = "E_TRAP_OTHER"): Trap {
  return new Trap(code, `runtime error: ${text}`);
}

/** `index i out of bounds for KIND of length n` (language 15.2). */
export function indexTrap(index: number | bigint, kind: string, length: number): Trap {
  return runtimeTrap(
    `index ${index} out of bounds for ${kind} of length ${length}`,
    "E_TRAP_INDEX",
  );
}

/** `memory limit exceeded` (language 15.6). */
export function memoryTrap(): Trap {
  return new Trap("E_TRAP_MEMORY", "memory limit exceeded");
}

/** The value as an operand in a message: `"a" (String)`. */
export function operandText(value: Value): string {
  return `${debugValue(value)} (${typeName(value)})`;
}
