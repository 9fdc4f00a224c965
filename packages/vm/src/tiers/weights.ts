// What values take inside containers, as JavaScript: the texts of `itemBox` for registers.

import { BOX_BYTES, INT_BYTES } from "../memory.ts";
import type { Emitter } from "./emit.ts";
import { CONTAINERS } from "./instructions.ts";
import { numberOf } from "./literal-text.ts";

/** What a register's value takes inside a container, besides its place. */
export function boxText(x: Emitter, register: number): string {
  const raw = x.raw(register);
  switch (x.rep(register)) {
    case "float":
      return String(BOX_BYTES);
    case "int": {
      const literal = x.literals.get(register);
      if (literal !== undefined) return isSmall(numberOf(literal)) ? "0" : String(INT_BYTES);
      const bytes = `((${raw} | 0) === ${raw} ? 0 : ${INT_BYTES})`;
      return x.isNumber(register)
        ? bytes
        : `(typeof ${raw} === "number" ? ${bytes} : ${INT_BYTES})`;
    }
    case "value":
      return isContainer(x, register) ? "0" : `H.itemBox(${raw})`;
    default:
      return "0";
  }
}

function isSmall(value: number): boolean {
  return (value | 0) === value;
}

/** The sum for several registers, to be put behind a number. */
export function boxesText(x: Emitter, registers: readonly number[]): string {
  const texts = registers.map((r) => boxText(x, r)).filter((text) => text !== "0");
  return texts.length === 0 ? "" : ` + ${texts.join(" + ")}`;
}

/** Whether the register's type has no values but containers. */
export function isContainer({ cell }: Emitter, register: number): boolean {
  const type = cell.lir.registers[register] ?? -1;
  return CONTAINERS.has(cell.module.lir.types[type]?.kind ?? "any");
}
