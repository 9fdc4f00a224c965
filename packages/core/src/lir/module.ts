// The LIR module: cells, the types, constants and callees that they use, and debug information.
// Format and rules: spec/lir.md. Encoding, text form, validation and slicing are siblings.

import type { OpcodeName } from "./opcodes.ts";
import type { LirType, TypeIndex } from "./types.ts";

/** A constant: a scalar, or any serialisable value by the canonical bytes of its type. */
export type Constant =
  | { readonly kind: "null" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "int"; readonly value: bigint }
  | { readonly kind: "float"; readonly value: number }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "value"; readonly type: TypeIndex; readonly bytes: Uint8Array };

/** What a call names: a cell of this module, or one of another module of the program. */
export type Callee =
  | { readonly kind: "local"; readonly cell: number }
  | { readonly kind: "extern"; readonly module: string; readonly name: string };

/**
 * One instruction. `operands` follow the letters of the opcode's format, one entry each; `R`, `K`,
 * `J` and `p` are arrays. Jump targets are instruction indices. A path is `[kind, operand, …]`:
 * 0 list, map or any index in register, 1 field number, 2 tuple component, 3 field named by
 * constant.
 */
export interface Instruction {
  readonly op: OpcodeName;
  readonly operands: readonly (number | readonly number[])[];
}

/**
 * What a cell is for. A tile called where tiles are traced suspends the machine (lir.md 6.1); a
 * generator that is called yields a `Generator`, its code runs on demand (lir.md 6.4).
 */
export const CELL_KINDS = ["cell", "lambda", "tile", "sequence", "hidden", "generator"] as const;

/** One of {@link CELL_KINDS}. */
export type CellKind = (typeof CELL_KINDS)[number];

/**
 * A cell. Registers 0 … paramCount-1 hold the parameters, the next captureCount the captures.
 * `row` lists the effects in ascending order; empty means pure.
 */
export interface Cell {
  readonly name: string;
  readonly kind: CellKind;
  readonly paramCount: number;
  readonly captureCount: number;
  readonly registers: readonly TypeIndex[];
  readonly result: TypeIndex;
  readonly row: readonly string[];
  readonly code: readonly Instruction[];
}

/** Source positions of one cell: parallel to its code. Names are for people only. */
export interface CellDebug {
  /** Half-open UTF-16 offsets in the module's source, per instruction. */
  readonly spans: readonly { readonly start: number; readonly end: number }[];
  readonly paramNames: readonly string[];
  /** Register → the source name it holds, for named locals. */
  readonly locals: readonly { readonly register: number; readonly name: string }[];
}

/** Debug information; never part of a code digest. */
export interface ModuleDebug {
  /** Project path of the source document. */
  readonly path: string;
  readonly cells: readonly CellDebug[];
}

/** A compiled module. */
export interface LirModule {
  readonly name: string;
  readonly types: readonly LirType[];
  readonly constants: readonly Constant[];
  readonly callees: readonly Callee[];
  readonly cells: readonly Cell[];
  readonly debug: ModuleDebug | null;
}
