// What runs the code of tiles of one language, whatever the back end: LIR, or bundled JavaScript.
// A back end has one engine for each language that it can run.

import type { Failure } from "@lumen/core/diagnostic";
import type { TileGuest } from "@lumen/core/program";
import type { Result } from "@lumen/core/result";
import type { TileMetadata, TileResult } from "../backend.ts";
import type { Awaitable } from "../verify/awaitable.ts";

/** What one execution may take; without a number as much as the engine has. */
export interface GuestLimits {
  /** Beyond it the tile fails with `E_TRAP_FUEL`. An engine without cycles has its own unit. */
  readonly cyclesMax?: number;
  /** Bytes that are reachable at a time; beyond it the tile fails with `E_TRAP_MEMORY`. */
  readonly memoryBytesMax?: number;
}

/** The end of an execution, and what it took. */
export interface GuestRun {
  readonly result: TileResult;
  /** Bytes that were allocated, so at least the most that was in use; null where nobody knows. */
  readonly allocatedBytes: number | null;
}

/** Code that is ready. Executions share nothing that a tile could see. */
export interface OpenGuest {
  /** Runs the tile on ABI input bytes (formats 6). */
  execute(input: Uint8Array, limits: GuestLimits): Awaitable<Result<GuestRun, Failure>>;
}

/** Runs tiles of one language. */
export interface GuestEngine {
  /** The language, hence the extension of the guest file (formats 8.1). */
  readonly kind: TileGuest["kind"];

  /** Makes code ready, whose digest was checked. `E_LIR_INVALID`, `E_ARTIFACT_CORRUPT`. */
  open(metadata: TileMetadata, code: Uint8Array): Awaitable<Result<OpenGuest, Failure>>;
}
