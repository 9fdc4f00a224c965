// A linked program: what the interpreter runs. Cells refer to each other directly; their code is
// compiled from LIR when they are first called.

import type { Cell, Instruction, LirModule } from "@lumen/core/lir";
import type { Value } from "@lumen/core/value";
import type { FormatSpec } from "../text/format-spec.ts";
import type { FastCode } from "../tiers/fast.ts";
import type { CastContext } from "../types/cast.ts";

/** Cycles of an instruction, charged with the block that it is in (lir.md 7). */
export type InstructionPrices = (instruction: Instruction) => number;

/** A module with its tables resolved. */
export interface LinkedModule {
  readonly name: string;
  readonly lir: LirModule;
  readonly cast: CastContext;
  /** What its instructions cost. */
  readonly prices: InstructionPrices;
  /** Constants as values; containers among them are marked shared. */
  readonly constants: readonly Value[];
  /** Parallel to the module's callee table. */
  readonly callees: readonly LinkedCell[];
  readonly cells: readonly LinkedCell[];
  /** Format specs by constant index, parsed on first use. */
  readonly formats: Map<number, FormatSpec>;
}

/** A cell. `code` is null until it is first called. */
export interface LinkedCell {
  readonly module: LinkedModule;
  readonly lir: Cell;
  readonly index: number;
  readonly name: string;
  readonly isTile: boolean;
  /** Calling it is not just a new frame: a tile, or a generator. */
  readonly isSpecial: boolean;
  readonly paramCount: number;
  code: CellCode | null;
  /** It was called, in whatever tier. */
  isCalled: boolean;
  /** Code of tier T1; undefined until it was tried, null where it cannot be made. */
  fast: FastCode | null | undefined;
  /** The same, which stops at the end of the fuel. */
  limited: FastCode | null | undefined;
  /** The same of loops, by their place. */
  readonly loops: Map<number, FastCode | null>;
  /** Calls that machines of the program made, and the work of loops inside, in calls. */
  heat: number;
}

/** Compiled code: see `compile-cell.ts`. */
export interface CellCode {
  readonly words: Int32Array;
  /** Word offset of each LIR instruction, ascending; what has no words stands at the next one's. */
  readonly offsets: Int32Array;
  /** Registers at entry; arguments and captures are copied over a copy of it. */
  readonly blank: readonly Value[];
}

/** A program ready to run. */
export interface LinkedProgram {
  /** Cells by `module#name`. */
  readonly cells: ReadonlyMap<string, LinkedCell>;
}

/**
 * The cells that were ever called, by module and name. A program linked anew has called none.
 */
export function calledCells(
  program: LinkedProgram,
): readonly { readonly module: string; readonly name: string }[] {
  return [...program.cells.values()]
    .filter((cell) => cell.isCalled)
    .map((cell) => ({ module: cell.module.name, name: cell.name }));
}

/** Makes a program one that has called no cell. */
export function forgetCalls(program: LinkedProgram): void {
  for (const cell of program.cells.values()) cell.isCalled = false;
}

/** How many cells and loops of the program have compiled code. */
export function compiledCount(program: LinkedProgram): number {
  const codes = [...program.cells.values()].flatMap((cell) => [
    cell.fast,
    cell.limited,
    ...cell.loops.values(),
  ]);
  return codes.filter((code) => code !== null && code !== undefined).length;
}

/** Key of a cell in {@link LinkedProgram}. Neither part holds a `#`. */
export function cellKey(module: string, name: string): string {
  return `${module}#${name}`;
}
