// What a Closure of a machine refers to.

import { Defect } from "@lumen/core/result";
import { Closure, type Value } from "@lumen/core/value";
import type { LinkedCell } from "./program.ts";

/** Target of the closures that machines make: wraps the cell so that it can be recognised. */
class CellTarget {
  readonly cell: LinkedCell;
  constructor(cell: LinkedCell) {
    this.cell = cell;
  }
}

/** A function value. A lambda has no name of its own. */
export function makeClosure(cell: LinkedCell, captures: readonly Value[]): Closure {
  const name = cell.lir.kind === "lambda" ? null : cell.name;
  return new Closure(name, new CellTarget(cell), captures);
}

/** Whether a closure was made by a machine. */
export function isMachineClosure(closure: Closure): boolean {
  return closure.target instanceof CellTarget;
}

/** The cell behind a closure. Closures never cross the border of a program (formats 3.2). */
export function closureCell(closure: Closure): LinkedCell {
  if (closure.target instanceof CellTarget) return closure.target.cell;
  throw new Defect("invariant does not hold: a closure in a machine was made by a machine");
}
