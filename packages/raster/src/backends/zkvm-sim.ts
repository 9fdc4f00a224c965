// The zkVM simulator (spec/formats.md 12, 21): runs Lumen tiles and counts cycles as a named cost
// model would, with paging and segments. It proves nothing.

import { type CostModel, lirCycles, RV32IM_1 } from "@lumen/core/cost";
import type { GuestLimits } from "./guest-engine.ts";
import { SandboxBackend } from "./sandbox-backend.ts";
import { zkvmEngine } from "./zkvm-engine.ts";

/** Cycles of the instructions of one execution, by the model, where nothing else is said. */
export const ZKVM_CYCLES_MAX: number = 2 ** 36;
/** Memory of one execution: what a machine of 32 bits leaves to its programs. */
export const ZKVM_MEMORY_BYTES_MAX: number = 192 * 2 ** 20;

/** What a simulator is made with. */
export interface ZkvmSimOptions extends GuestLimits {
  /** `rv32im-1` by default. */
  readonly model?: CostModel;
}

/** Runs tiles as a zkVM would. Tiles in TypeScript are `E_BACKEND_UNSUPPORTED`. */
export class ZkvmSimBackend extends SandboxBackend {
  constructor(options: ZkvmSimOptions = {}) {
    const { model = RV32IM_1, cyclesMax = ZKVM_CYCLES_MAX } = options;
    const { memoryBytesMax = ZKVM_MEMORY_BYTES_MAX } = options;
    const limits = { cyclesMax, memoryBytesMax };
    super({ name: "zkvm-sim", engines: [zkvmEngine(model)], limits, prices: lirCycles(model) });
  }
}
