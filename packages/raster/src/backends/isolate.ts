// The isolate back end (spec/formats.md 12): runs the artifact of a tile by itself, in a fresh
// machine or sandbox for each execution, within limits of cycles and memory.

import { machinePrice } from "@lumen/vm";
import type { GuestEngine, GuestLimits } from "./guest-engine.ts";
import { lirEngine } from "./lir-engine.ts";
import { SandboxBackend } from "./sandbox-backend.ts";

/** Cycles of one execution, where nothing else is said. */
export const ISOLATE_CYCLES_MAX: number = 2 ** 36;
/** Bytes of one execution, where neither the tile nor anybody else says less. */
export const ISOLATE_MEMORY_BYTES_MAX: number = 256 * 2 ** 20;

/** What an isolate back end is made with. */
export interface IsolateOptions extends GuestLimits {
  /** One for each language; by default Lumen's alone. */
  readonly engines?: readonly GuestEngine[];
}

/** Runs tiles in isolation. */
export class IsolateBackend extends SandboxBackend {
  constructor(options: IsolateOptions = {}) {
    const { engines = [lirEngine()] } = options;
    const { cyclesMax = ISOLATE_CYCLES_MAX } = options;
    const { memoryBytesMax = ISOLATE_MEMORY_BYTES_MAX } = options;
    const limits = { cyclesMax, memoryBytesMax };
    super({ name: "isolate", engines, limits, prices: machinePrice });
  }
}
