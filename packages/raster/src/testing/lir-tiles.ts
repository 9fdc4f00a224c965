// Tiles of hand-made LIR, for tests of back ends.

import { codeDigest } from "@lumen/core/commit";
import { type Cell, encodeModule, type LirModule } from "@lumen/core/lir";
import type { TileMetadata } from "../backend.ts";

/** A tile and its code bytes. */
export interface Tile {
  readonly code: Uint8Array;
  readonly metadata: TileMetadata;
}

/** A tile of one cell. Its types are `Int` alone where `parts` has no others. */
export function tileOf(
  signature: Pick<TileMetadata, "inputs" | "output"> & Partial<TileMetadata>,
  parts: Partial<LirModule> & Pick<Cell, "registers" | "result" | "code">,
): Tile {
  const { registers, result, code, ...tables } = parts;
  const paramCount = signature.inputs.length;
  const cell: Cell = {
    name: "tile",
    kind: "tile",
    paramCount,
    captureCount: 0,
    registers,
    result,
    row: [],
    code,
  };
  const module: LirModule = {
    name: "",
    types: [{ kind: "int" }],
    constants: [],
    callees: [],
    cells: [cell],
    debug: null,
    ...tables,
  };
  const bytes = encodeModule(module);
  const metadata: TileMetadata = {
    id: "tile",
    kind: "iter",
    guest: "lir",
    error: null,
    code: codeDigest(bytes),
    estimatedCycles: null,
    maxMemory: null,
    ...signature,
  };
  return { code: bytes, metadata };
}

/** Adds two numbers. */
export const add: Tile = tileOf(
  { inputs: ["i64", "i64"], output: "i64" },
  {
    registers: [0, 0, 0],
    result: 0,
    code: [
      { op: "add_int", operands: [2, 0, 1] },
      { op: "return", operands: [2] },
    ],
  },
);

/** Divides; a trap for zero. */
export const divide: Tile = tileOf(
  { inputs: ["i64", "i64"], output: "i64" },
  {
    registers: [0, 0, 0],
    result: 0,
    code: [
      { op: "quot_int", operands: [2, 0, 1] },
      { op: "return", operands: [2] },
    ],
  },
);

/** err("neg") for negative numbers. */
export const natural: Tile = tileOf(
  { inputs: ["i64"], output: "i64", error: "string" },
  {
    types: [
      { kind: "int" },
      { kind: "bool" },
      { kind: "string" },
      { kind: "result", ok: 0, error: 2 },
    ],
    constants: [
      { kind: "int", value: 0n },
      { kind: "string", value: "neg" },
    ],
    registers: [0, 0, 1, 2, 3],
    result: 3,
    code: [
      { op: "const", operands: [1, 0] },
      { op: "lt_int", operands: [2, 0, 1] },
      { op: "jump_unless", operands: [2, 6] },
      { op: "const", operands: [3, 1] },
      { op: "variant_new", operands: [4, 1, [3]] },
      { op: "return", operands: [4] },
      { op: "variant_new", operands: [4, 0, [0]] },
      { op: "return", operands: [4] },
    ],
  },
);

/** Takes and gives nothing. */
export const nothing: Tile = tileOf(
  { inputs: [], output: "unit" },
  {
    types: [{ kind: "null" }],
    constants: [{ kind: "null" }],
    registers: [0],
    result: 0,
    code: [
      { op: "const", operands: [0, 0] },
      { op: "return", operands: [0] },
    ],
  },
);

/** Never ends. */
export const forever: Tile = tileOf(
  { inputs: [], output: "unit" },
  {
    types: [{ kind: "null" }],
    registers: [0],
    result: 0,
    code: [{ op: "jump", operands: [0] }],
  },
);

/** Gives back the number of items that it put into a list, one after the other. */
export const grow: Tile = tileOf(
  { inputs: ["i64"], output: "i64" },
  {
    types: [{ kind: "int" }, { kind: "bool" }, { kind: "list", item: 0 }],
    constants: [
      { kind: "int", value: 0n },
      { kind: "int", value: 1n },
    ],
    registers: [0, 0, 0, 1, 2],
    result: 0,
    code: [
      { op: "const", operands: [1, 0] },
      { op: "const", operands: [2, 1] },
      { op: "list_new", operands: [4, []] },
      { op: "lt_int", operands: [3, 1, 0] },
      { op: "jump_unless", operands: [3, 8] },
      { op: "list_append", operands: [4, 4, 1] },
      { op: "add_int", operands: [1, 1, 2] },
      { op: "jump", operands: [3] },
      { op: "return", operands: [1] },
    ],
  },
);
