// A compiled program: what may run. Modules, control-flow schema and tile table in one value.

import type { CfsDocument } from "../cfs/document.ts";
import type { LirModule } from "../lir/module.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import type { ProgramPolicy } from "./policy.ts";

/** A cell by module and LIR name. */
export interface ProgramCell {
  readonly module: string;
  readonly name: string;
}

/** A named, typed parameter of a tile, sequence or entry cell. */
export interface ProgramParam {
  readonly name: string;
  readonly type: TypeDescriptor;
  /** Cell that takes the earlier parameters and yields the default, or null. */
  readonly default: ProgramCell | null;
}

/**
 * What a tile's code is: the LIR slice of a cell, or a bundled JavaScript source, which is its code
 * bytes (formats.md 15.2).
 */
export type TileGuest =
  | { readonly kind: "lir"; readonly cell: ProgramCell }
  | { readonly kind: "js"; readonly source: Uint8Array };

/** A tile of the program, declared or lifted. `code` is its code digest (formats.md 15.2). */
export interface TileEntry {
  readonly id: string;
  readonly kind: "iter" | "recur";
  readonly guest: TileGuest;
  readonly description: string | null;
  readonly estimatedCycles: number | null;
  readonly maxMemory: number | null;
  readonly maxIterations: number | null;
  readonly params: readonly ProgramParam[];
  readonly output: TypeDescriptor;
  /** E of a tile that returns result[T, E] (then `output` is T), else null. */
  readonly error: TypeDescriptor | null;
  readonly code: Uint8Array;
}

/** A sequence of the program. `cell` is null for one that is written in TypeScript. */
export interface SequenceEntry {
  readonly id: string;
  readonly cell: ProgramCell | null;
  readonly description: string | null;
  readonly params: readonly ProgramParam[];
  readonly output: TypeDescriptor;
}

/** An ordinary cell that `run` can enter. `output` null: its result has no wire form (15.4). */
export interface CellEntry {
  readonly name: string;
  readonly cell: ProgramCell;
  readonly params: readonly { readonly name: string; readonly type: TypeDescriptor | null }[];
  readonly output: TypeDescriptor | null;
  readonly row: readonly string[];
}

/** Default of a record field: a cell that takes the earlier fields. */
export interface FieldDefault {
  readonly record: string;
  readonly field: string;
  readonly cell: ProgramCell;
}

/** Cell that takes the fields of a record in order and faults where a constraint is false. */
export interface RecordCheck {
  readonly record: string;
  readonly cell: ProgramCell;
}

/** A compiled program. Tables ascend by id; `entry` is that of formats.md 11.1, or null. */
export interface Program {
  readonly project: string;
  readonly version: string;
  /** The root module first, then its imports in the order of first import. */
  readonly modules: readonly LirModule[];
  readonly tiles: readonly TileEntry[];
  readonly sequences: readonly SequenceEntry[];
  /** Cells of the root module that are neither tile nor sequence, method nor compiler-made. */
  readonly cells: readonly CellEntry[];
  readonly cfs: CfsDocument;
  readonly entry: string | null;
  readonly fieldDefaults: readonly FieldDefault[];
  readonly recordChecks: readonly RecordCheck[];
  /** What it says about its own requests. */
  readonly policy: ProgramPolicy;
}
