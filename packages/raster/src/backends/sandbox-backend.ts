// What `isolate` and `zkvm-sim` have in common: each execution is alone, within limits, unproved.

import type { Failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import type { InstructionPrices } from "@lumen/vm";
import type {
  Backend,
  CompiledTile,
  ExecutionMode,
  ResourceEstimate,
  TileMetadata,
  TileResult,
} from "../backend.ts";
import { type Awaitable, whenOk } from "../verify/awaitable.ts";
import type { GuestEngine, GuestLimits } from "./guest-engine.ts";
import { GuestStore } from "./guest-store.ts";
import { estimateLir } from "./lir-estimate.ts";
import { noProofs } from "./no-proofs.ts";

/** What a back end of this kind is made of. */
export interface SandboxParts {
  readonly name: string;
  readonly engines: readonly GuestEngine[];
  readonly limits: Required<GuestLimits>;
  /** For estimates. */
  readonly prices: InstructionPrices;
}

/**
 * Runs tiles within limits. The memory of a tile is its `max_memory`, or the limit of the back end
 * where that is less. A tile beyond a limit fails, with `E_TRAP_FUEL` or `E_TRAP_MEMORY`; whoever
 * executes it again needs the same limits.
 */
export class SandboxBackend implements Backend {
  readonly name: string;
  readonly #parts: SandboxParts;
  readonly #guests: GuestStore;

  constructor(parts: SandboxParts) {
    this.name = parts.name;
    this.#parts = parts;
    this.#guests = new GuestStore(parts.name, parts.engines);
  }

  compileTile(metadata: TileMetadata, code: Uint8Array): Awaitable<Result<CompiledTile, Failure>> {
    return this.#guests.compile(metadata, code);
  }

  executeTile(
    tile: CompiledTile,
    input: Uint8Array,
    mode: ExecutionMode,
  ): Awaitable<Result<TileResult, Failure>> {
    if (mode.kind === "prove") return err(noProofs(this.name, tile.metadata.id));
    const { maxMemory } = tile.metadata;
    const { cyclesMax, memoryBytesMax } = this.#parts.limits;
    const memory = Math.min(memoryBytesMax, maxMemory ?? memoryBytesMax);
    const limits = { cyclesMax, memoryBytesMax: memory };
    const ended = whenOk(this.#guests.open(tile), (guest) => guest.execute(input, limits));
    return whenOk(ended, ({ result }) => ok(result));
  }

  estimateResources(metadata: TileMetadata, tile: CompiledTile | null): ResourceEstimate {
    return estimateLir(metadata, tile, this.#parts.prices);
  }

  verifyReceipt(tile: CompiledTile): Result<boolean, Failure> {
    return err(noProofs(this.name, tile.metadata.id));
  }
}
