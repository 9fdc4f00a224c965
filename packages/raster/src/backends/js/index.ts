// Entry point `@lumen/raster/backends/js`: guests of TypeScript tiles, for back ends and for
// whoever reads registrations.
export { type GuestPlace, jsEngine } from "./js-engine.ts";
export { MEMORY_BYTES_MAX, PAUSES_MAX, type SandboxLimits } from "./limits.ts";
export { entrySymbol } from "./realm.ts";
export { type EvaluatedText, REGISTRATIONS_FILE, Sandbox } from "./sandbox.ts";
