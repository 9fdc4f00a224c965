// Entry point `@lumen/raster/backends/js`: guests of TypeScript tiles, for back ends and for
// whoever reads registrations.
export { type GuestWatch, watchGuests } from "./guest-watch.ts";
export { type GuestPlace, jsEngine } from "./js-engine.ts";
export { DEFAULT_LIMITS, MEMORY_BYTES_MAX, PAUSES_MAX, type SandboxLimits } from "./limits.ts";
export { entrySymbol } from "./realm.ts";
export { type EvaluatedText, GUEST_FILE, REGISTRATIONS_FILE, Sandbox } from "./sandbox.ts";
