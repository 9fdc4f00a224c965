// How registers are held in compiled code: Floats as plain numbers, everything else as the
// interpreter holds it.

import type { Cell, LirModule, TypeIndex } from "@lumen/core/lir";

/**
 * What a register holds: `int` a number or bigint, `float` the number inside a Float, `bool`,
 * `plain` something that is never marked shared (a string, null), `value` anything.
 */
export type Rep = "int" | "float" | "bool" | "plain" | "value";

/** The representation of a type. */
export function repOf(module: LirModule, type: TypeIndex): Rep {
  const kind = module.types[type]?.kind;
  if (kind === "int" || kind === "float" || kind === "bool") return kind;
  return kind === "string" || kind === "null" || kind === "bytes" ? "plain" : "value";
}

/** The representations of a cell's registers. */
export function repsOf(module: LirModule, cell: Cell): readonly Rep[] {
  return cell.registers.map((type) => repOf(module, type));
}

/** What a register holds before anything is written to it: a value of its kind. */
export const BLANK: Readonly<Record<Rep, string>> = {
  int: "0",
  float: "0.5",
  bool: "false",
  plain: "null",
  value: "null",
};
