// The interface of back ends (spec/formats.md 12): what turns a tile into something that runs, and
// runs it on wire bytes. Implementations: `backends/`.

import { type Failure, type FaultFrame, failure, type TrapCode } from "@lumen/core/diagnostic";
import type { TileEntry, TileGuest } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import type { TypeDescriptor } from "@lumen/core/value";
import { type Awaitable, whenOk } from "./verify/awaitable.ts";

/** What a back end is told about a tile. `inputs` are the parameter types (formats 6). */
export interface TileMetadata {
  readonly id: string;
  readonly kind: "iter" | "recur";
  /** The language of its code, hence the extension of its guest (8.1). */
  readonly guest: TileGuest["kind"];
  readonly inputs: readonly TypeDescriptor[];
  readonly output: TypeDescriptor;
  /** E of a tile that returns `result[T, E]`, else null. */
  readonly error: TypeDescriptor | null;
  /** Code digest (15.2), 32 bytes. */
  readonly code: Uint8Array;
  readonly estimatedCycles: number | null;
  readonly maxMemory: number | null;
}

/** The metadata of a tile of a compiled program. */
export function metadataOf(entry: TileEntry): TileMetadata {
  const { id, kind, output, error, code, estimatedCycles, maxMemory } = entry;
  const guest = entry.guest.kind;
  const inputs = entry.params.map((param) => param.type);
  return { id, kind, guest, inputs, output, error, code, estimatedCycles, maxMemory };
}

/** A tile ready for one back end: the content of its artifact directory (8.1). */
export interface CompiledTile {
  readonly metadata: TileMetadata;
  readonly backend: string;
  readonly guest: { readonly file: string; readonly bytes: Uint8Array };
  /** Method id of the guest (8.3). */
  readonly methodId: Uint8Array;
}

/** How a tile is executed (12). */
export type ExecutionMode =
  | { readonly kind: "estimate" }
  | { readonly kind: "prove"; readonly verify: boolean };

/** Execution without a proof: what `run` asks for. */
export const ESTIMATE: ExecutionMode = { kind: "estimate" };

/** Codes of error outcomes (15.1). */
export type TileErrorCode = "E_TILE_FAILED" | "E_DECODE" | "E_ENCODE" | TrapCode;

/** How tile code failed. `error`: bytes of E for `E_TILE_FAILED`, empty for any other code. */
export interface TileFailure {
  readonly code: TileErrorCode;
  readonly error: Uint8Array;
  readonly message: string;
  /** Outermost first; empty unless the code is a trap. */
  readonly stack: readonly FaultFrame[];
}

/**
 * What a back end that counts like a prover adds. `receipt` is null where nothing was proved,
 * `verified` where no receipt was checked.
 */
export interface TileProof {
  readonly proofCycles: number;
  readonly receipt: Uint8Array | null;
  readonly verified: boolean | null;
}

/** How an execution of a tile ended. `cycles` is null where the back end cannot count them. */
export type TileResult =
  | {
      readonly kind: "finished";
      readonly output: Uint8Array;
      readonly cycles: number | null;
      readonly proof: TileProof | null;
    }
  | { readonly kind: "failed"; readonly failure: TileFailure; readonly cycles: number | null };

/** Expected use of resources (21.1). */
export interface ResourceEstimate {
  readonly cycles: number | null;
  readonly memoryBytes: number | null;
  readonly source: "measured" | "declared" | "static" | "none";
  /** The cycles are at least these: a loop or recursion without a known bound counted once. */
  readonly lowerBound: boolean;
}

/** A back end. A failure as error of a `Result` is one of the host, never of the tile. */
export interface Backend {
  /** `[a-z][a-z0-9_-]{0,31}` (1.2). */
  readonly name: string;

  /**
   * Makes the artifact from canonical code bytes; `E_ARTIFACT_CORRUPT` if they have another digest.
   */
  compileTile(metadata: TileMetadata, code: Uint8Array): Awaitable<Result<CompiledTile, Failure>>;

  /**
   * Runs a tile on ABI input bytes (6). `E_BACKEND_UNSUPPORTED` for a proof that it cannot make.
   */
  executeTile(
    tile: CompiledTile,
    input: Uint8Array,
    mode: ExecutionMode,
  ): Awaitable<Result<TileResult, Failure>>;

  /** What a run of the tile will take; with the artifact possibly more exact. */
  estimateResources(metadata: TileMetadata, tile: CompiledTile | null): ResourceEstimate;

  /** Whether a receipt proves a run of this artifact; `E_BACKEND_UNSUPPORTED` without proofs. */
  verifyReceipt(tile: CompiledTile, receipt: Uint8Array): Awaitable<Result<boolean, Failure>>;
}

/** A tile bound to the back end that executes it: all that a runner needs. */
export interface LoadedTile {
  readonly id: string;
  readonly code: Uint8Array;
  readonly backend: string;
  readonly methodId: Uint8Array;
  execute(input: Uint8Array): Awaitable<Result<TileResult, Failure>>;
}

/**
 * Binds a compiled tile to its back end. Where a proof is to be verified, its receipt is: one that
 * does not hold is `E_RECEIPT_INVALID`, never a result (12).
 */
export function loadTile(backend: Backend, tile: CompiledTile, mode: ExecutionMode): LoadedTile {
  const run = (input: Uint8Array): Awaitable<Result<TileResult, Failure>> =>
    backend.executeTile(tile, input, mode);
  const isVerified = mode.kind === "prove" && mode.verify;
  return {
    id: tile.metadata.id,
    code: tile.metadata.code,
    backend: backend.name,
    methodId: tile.methodId,
    execute: isVerified
      ? (input) => whenOk(run(input), (result) => verifyProof(backend, tile, result))
      : run,
  };
}

/** The result with a proof that was checked; a tile that failed has none. */
function verifyProof(
  backend: Backend,
  tile: CompiledTile,
  result: TileResult,
): Awaitable<Result<TileResult, Failure>> {
  if (result.kind === "failed") return ok(result);
  const { proof } = result;
  const subject = tile.metadata.id;
  if (proof === null || proof.receipt === null) {
    const message = `the back end ${backend.name} gave no receipt for tile "${subject}"`;
    return err(failure("E_RECEIPT_INVALID", "prove", message, { subject }));
  }
  return whenOk(backend.verifyReceipt(tile, proof.receipt), (holds) => {
    if (holds) return ok({ ...result, proof: { ...proof, verified: true } });
    const message = `the receipt for tile "${subject}" does not prove a run of its artifact`;
    return err(failure("E_RECEIPT_INVALID", "prove", message, { subject }));
  });
}
