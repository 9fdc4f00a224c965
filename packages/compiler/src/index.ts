// Public entry point of @lumen/compiler: named re-exports only.
export { type CheckedProgram, type CheckedUnit, checkProgram } from "./check/check-program.ts";
export { type CompileOptions, compileProgram } from "./compile.ts";
export type { ModuleHost, ModuleSource } from "./module-host.ts";
