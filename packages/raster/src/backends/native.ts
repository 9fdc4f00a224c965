// The native back end (spec/formats.md 12): runs tiles in this process, as fast as it can. Limits
// that a tile declares are watched here, not enforced: `isolate` enforces them.

import type { Failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { machinePrice } from "@lumen/vm";
import type {
  Backend,
  CompiledTile,
  ExecutionMode,
  ResourceEstimate,
  TileMetadata,
  TileResult,
} from "../backend.ts";
import { type Awaitable, whenDone, whenOk } from "../verify/awaitable.ts";
import type { GuestEngine, GuestLimits, OpenGuest } from "./guest-engine.ts";
import { GuestStore } from "./guest-store.ts";
import { lirEngine } from "./lir-engine.ts";
import { estimateLir } from "./lir-estimate.ts";
import { noProofs } from "./no-proofs.ts";

const NAME = "native";

/** What a native back end is made with. */
export interface NativeOptions extends GuestLimits {
  /** One for each language; by default Lumen's alone. */
  readonly engines?: readonly GuestEngine[];
  /** Told once of each tile that takes more memory than it declares (formats 21.1). */
  readonly warn?: (text: string) => void;
}

/**
 * Runs tiles in process. Fuel and memory are not limited unless the options say so; a tile that
 * runs out of them fails, so whoever executes again needs the same limits.
 */
export class NativeBackend implements Backend {
  readonly name: string = NAME;
  readonly #guests: GuestStore;
  readonly #limits: GuestLimits;
  readonly #warn: ((text: string) => void) | null;
  /** Tiles of which it is known that they take more than they declare. */
  readonly #known = new Set<string>();

  constructor({ engines, warn, ...limits }: NativeOptions = {}) {
    this.#guests = new GuestStore(NAME, engines ?? [lirEngine()]);
    this.#limits = limits;
    this.#warn = warn ?? null;
  }

  compileTile(metadata: TileMetadata, code: Uint8Array): Awaitable<Result<CompiledTile, Failure>> {
    return this.#guests.compile(metadata, code);
  }

  executeTile(
    tile: CompiledTile,
    input: Uint8Array,
    mode: ExecutionMode,
  ): Awaitable<Result<TileResult, Failure>> {
    if (mode.kind === "prove") return err(noProofs(NAME, tile.metadata.id));
    return whenOk(this.#guests.open(tile), (guest) => this.#run(tile.metadata, guest, input));
  }

  estimateResources(metadata: TileMetadata, tile: CompiledTile | null): ResourceEstimate {
    return estimateLir(metadata, tile, machinePrice);
  }

  verifyReceipt(tile: CompiledTile): Result<boolean, Failure> {
    return err(noProofs(NAME, tile.metadata.id));
  }

  #run(
    metadata: TileMetadata,
    guest: OpenGuest,
    input: Uint8Array,
  ): Awaitable<Result<TileResult, Failure>> {
    return whenOk(guest.execute(input, this.#limits), ({ result, allocatedBytes }) => {
      if (!this.#mayExceed(metadata, allocatedBytes)) return ok(result);
      return whenDone(this.#checkMemory(metadata, guest, input), () => ok(result));
    });
  }

  /** Whether a run may have had more than is declared in use at a time; asked while it matters. */
  #mayExceed({ id, maxMemory }: TileMetadata, allocatedBytes: number | null): boolean {
    if (this.#warn === null || maxMemory === null || this.#known.has(id)) return false;
    return allocatedBytes === null || allocatedBytes > maxMemory;
  }

  /** What was allocated need not have been in use at once: the same again, limited, tells. */
  #checkMemory(metadata: TileMetadata, guest: OpenGuest, input: Uint8Array): Awaitable<null> {
    const memoryBytesMax = metadata.maxMemory ?? 0;
    return whenDone(guest.execute(input, { ...this.#limits, memoryBytesMax }), (run) => {
      const isWithin = !run.ok || run.value.result.kind === "finished";
      if (isWithin || run.value.result.failure.code !== "E_TRAP_MEMORY") return null;
      if (this.#known.has(metadata.id)) return null;
      this.#known.add(metadata.id);
      const declared = `${memoryBytesMax} bytes`;
      this.#warn?.(`tile ${metadata.id} takes more memory than it declares (${declared})`);
      return null;
    });
  }
}
