// Public entry point @lumen/runtime/llvm: tier T3, loaded only where it is asked for.

export { LlvmEngine, type ObjectStore, openLlvmEngine } from "./engine.ts";
