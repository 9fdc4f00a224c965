// The isolate back end (spec/formats.md 12): runs the artifact of a tile by itself, in a fresh
// machine or sandbox for each execution, within limits of cycles and memory.

import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { type Awaitable, whenOk } from "../awaitable.ts";
import type {
  Backend,
  CompiledTile,
  ExecutionMode,
  ResourceEstimate,
  TileMetadata,
  TileResult,
} from "../backend.ts";
import { declaredEstimate } from "../estimate.ts";
import type { GuestEngine, GuestLimits } from "./guest-engine.ts";
import { GuestStore } from "./guest-store.ts";
import { lirEngine } from "./lir-engine.ts";

const NAME = "isolate";

/** Cycles of one execution, where nothing else is said. */
export const ISOLATE_CYCLES_MAX: number = 2 ** 36;
/** Bytes of one execution, where neither the tile nor anybody else says less. */
export const ISOLATE_MEMORY_BYTES_MAX: number = 256 * 2 ** 20;

/** What an isolate back end is made with. */
export interface IsolateOptions extends GuestLimits {
  /** One for each language; by default Lumen's alone. */
  readonly engines?: readonly GuestEngine[];
}

/**
 * Runs tiles in isolation. The memory of a tile is its `max_memory`, or the limit of the back end
 * where that is less. A tile beyond a limit fails, with `E_TRAP_FUEL` or `E_TRAP_MEMORY`; whoever
 * executes it again needs the same limits.
 */
export class IsolateBackend implements Backend {
  readonly name: string = NAME;
  readonly #guests: GuestStore;
  readonly #limits: Required<GuestLimits>;

  constructor(options: IsolateOptions = {}) {
    this.#guests = new GuestStore(NAME, options.engines ?? [lirEngine()]);
    this.#limits = {
      cyclesMax: options.cyclesMax ?? ISOLATE_CYCLES_MAX,
      memoryBytesMax: options.memoryBytesMax ?? ISOLATE_MEMORY_BYTES_MAX,
    };
  }

  compileTile(metadata: TileMetadata, code: Uint8Array): Awaitable<Result<CompiledTile, Failure>> {
    return this.#guests.compile(metadata, code);
  }

  executeTile(
    tile: CompiledTile,
    input: Uint8Array,
    mode: ExecutionMode,
  ): Awaitable<Result<TileResult, Failure>> {
    if (mode.kind === "prove") return err(unsupported(tile.metadata.id));
    const { maxMemory } = tile.metadata;
    const { cyclesMax, memoryBytesMax } = this.#limits;
    const memory = Math.min(memoryBytesMax, maxMemory ?? memoryBytesMax);
    const limits = { cyclesMax, memoryBytesMax: memory };
    const ended = whenOk(this.#guests.open(tile), (guest) => guest.execute(input, limits));
    return whenOk(ended, ({ result }) => ok(result));
  }

  estimateResources(metadata: TileMetadata): ResourceEstimate {
    return declaredEstimate(metadata);
  }

  verifyReceipt(tile: CompiledTile): Result<boolean, Failure> {
    return err(unsupported(tile.metadata.id));
  }
}

function unsupported(subject: string): Failure {
  const message = "the back end isolate makes and checks no proofs";
  return failure("E_BACKEND_UNSUPPORTED", "prove", message, { subject });
}
