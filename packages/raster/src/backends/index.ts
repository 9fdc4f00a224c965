// Entry point `@lumen/raster/backends`: the back ends of this version, and what makes more of them.

export type { GuestEngine, GuestLimits, GuestRun, OpenGuest } from "./guest-engine.ts";
export { frameGuestInput, readGuestInput } from "./guest-framing.ts";
export { GuestStore } from "./guest-store.ts";
export {
  ISOLATE_CYCLES_MAX,
  ISOLATE_MEMORY_BYTES_MAX,
  IsolateBackend,
  type IsolateOptions,
} from "./isolate.ts";
export { lirEngine } from "./lir-engine.ts";
export { NativeBackend, type NativeOptions } from "./native.ts";
export {
  ZKVM_CYCLES_MAX,
  ZKVM_MEMORY_BYTES_MAX,
  ZkvmSimBackend,
  type ZkvmSimOptions,
} from "./zkvm-sim.ts";
