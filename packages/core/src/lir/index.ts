// Entry point `@lumen/core/lir`.
export { BLOCK_ENDS, NO_FALL_THROUGH } from "./block-ends.ts";
export {
  assembleModule,
  type CellSource,
  canonicalModule,
  operandLetters,
} from "./canonical.ts";
export { decodeModule, encodeModule } from "./codec.ts";
export { mapParts } from "./map-parts.ts";
export {
  type Callee,
  CELL_KINDS,
  type Cell,
  type CellDebug,
  type CellKind,
  type Constant,
  type Instruction,
  type LirModule,
  type ModuleDebug,
} from "./module.ts";
export {
  ARITH_OPS,
  OPCODE_NAMES,
  OPCODES,
  type OpcodeName,
  TRAP_CODES,
} from "./opcodes.ts";
export { codeBytesOf, sliceOf } from "./slice.ts";
export { disassemble, instructionText } from "./text.ts";
export { assemble } from "./text-assemble.ts";
export {
  ANY_EFFECT,
  EXTERN_EFFECT,
  type LirComponent,
  type LirField,
  type LirType,
  type LirVariant,
  type TypeIndex,
} from "./types.ts";
export { readModule, validateModule, validateProgram } from "./validate.ts";
export { LIR_LIMITS } from "./validate-tables.ts";
export { WIRE_TYPE_PARTS_MAX, wireTypeOf } from "./wire-type.ts";
