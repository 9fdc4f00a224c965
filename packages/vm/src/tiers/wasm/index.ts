// Public entry point @lumen/vm/numeric: what an engine of numeric code has to know (tier T3).

export { Assembler, type Label, VAL_TYPES, type ValType } from "./assembler.ts";
export {
  type EngineMemory,
  type HostFunction,
  type NumericEngine,
  wasmEngine,
} from "./engine.ts";
export { PAGE_BYTES, PAGES_MAX, PAGES_MIN } from "./layout.ts";
export { encodeModule, type ModuleFunction, type Signature, type WasmModule } from "./module.ts";
export {
  CONTROL_BYTES,
  type Immediate,
  type Opener,
  rowOf,
  WASM_OPS,
  type WasmOp,
} from "./opcodes.ts";
