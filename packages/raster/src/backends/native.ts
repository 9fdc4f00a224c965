// The native back end (spec/formats.md 12, lir.md 9): runs the LIR slice of a tile in this process,
// on a machine that has no door.

import { codeDigest, methodId } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { abiInputType, decodeValue, encodeValue } from "@lumen/core/encoding";
import { equalBytes, toHex } from "@lumen/core/hash";
import { decodeModule } from "@lumen/core/lir";
import { assert, err, ok, type Result } from "@lumen/core/result";
import { displayValue, RESULT_SHAPE, Tuple, type Value, VariantValue } from "@lumen/core/value";
import { type LinkedProgram, linkProgram, type PureLimits, runPure } from "@lumen/vm";
import type {
  Backend,
  CompiledTile,
  ExecutionMode,
  ResourceEstimate,
  TileErrorCode,
  TileMetadata,
  TileResult,
} from "../backend.ts";

/** Name of the back end and of its guest file. */
const NAME = "native";
const GUEST_FILE = "guest.lir";

const NO_BYTES = new Uint8Array(0);

/** A linked slice and the name of its first cell, the tile. */
interface LinkedSlice {
  readonly program: LinkedProgram;
  readonly entry: { readonly module: string; readonly name: string };
}

/**
 * Runs tiles in process. Fuel and memory are not limited unless `limits` says so; a tile that runs
 * out of them fails, so whoever executes again needs the same limits.
 */
export class NativeBackend implements Backend {
  readonly name: string = NAME;
  readonly #limits: PureLimits;
  /** Linked slices by code digest. */
  readonly #slices = new Map<string, LinkedSlice>();

  constructor(limits: PureLimits = {}) {
    this.#limits = limits;
  }

  compileTile(metadata: TileMetadata, code: Uint8Array): Result<CompiledTile, Failure> {
    const tile: CompiledTile = {
      metadata,
      backend: NAME,
      guest: { file: GUEST_FILE, bytes: code },
      methodId: methodId(NAME, code),
    };
    const slice = this.#slice(tile);
    return slice.ok ? ok(tile) : slice;
  }

  executeTile(
    tile: CompiledTile,
    input: Uint8Array,
    mode: ExecutionMode,
  ): Result<TileResult, Failure> {
    if (mode.kind === "prove") return err(unsupported(tile.metadata.id));
    const slice = this.#slice(tile);
    if (!slice.ok) return slice;
    return ok(this.#run(slice.value, tile.metadata, input));
  }

  estimateResources(metadata: TileMetadata): ResourceEstimate {
    const { estimatedCycles: cycles, maxMemory: memoryBytes } = metadata;
    const declared = cycles !== null || memoryBytes !== null;
    return { cycles, memoryBytes, source: declared ? "declared" : "none" };
  }

  verifyReceipt(tile: CompiledTile): Result<boolean, Failure> {
    return err(unsupported(tile.metadata.id));
  }

  #run(slice: LinkedSlice, metadata: TileMetadata, input: Uint8Array): TileResult {
    const args = decodeArguments(metadata, input);
    if (!args.ok) {
      return failed({ code: "E_DECODE", message: args.error.message, cycles: 0 });
    }
    const outcome = runPure(slice.program, slice.entry, args.value, this.#limits);
    const { cycles } = outcome;
    if (outcome.ok) return encodeResult(metadata, outcome.value, cycles);
    const { code, message, stack } = outcome.fault;
    const failure = { code, error: NO_BYTES, message, stack };
    return { kind: "failed", failure, cycles };
  }

  #slice(tile: CompiledTile): Result<LinkedSlice, Failure> {
    const { id, code } = tile.metadata;
    const key = toHex(code);
    const known = this.#slices.get(key);
    if (known !== undefined) return ok(known);
    const digest = codeDigest(tile.guest.bytes);
    if (!equalBytes(digest, code)) {
      const message = `the code of tile "${id}" is ${toHex(digest)}, expected ${key}`;
      return err(failure("E_ARTIFACT_CORRUPT", "load", message, { subject: id }));
    }
    const module = decodeModule(tile.guest.bytes, id);
    if (!module.ok) return module;
    const program = linkProgram([module.value]);
    if (!program.ok) return program;
    const first = module.value.cells[0];
    if (first === undefined || first.paramCount !== tile.metadata.inputs.length) {
      const message = `the code of tile "${id}" does not begin with a cell of its signature`;
      return err(failure("E_ARTIFACT_CORRUPT", "load", message, { subject: id }));
    }
    const named = module.value.cells.filter((cell) => cell.name === first.name);
    if (named.length > 1) {
      // Cells are entered by name; another cell of this name would run in its place (lir.md 8).
      const message = `the code of tile "${id}" has ${named.length} cells named "${first.name}"`;
      return err(failure("E_LIR_INVALID", "load", message, { subject: id }));
    }
    const entry = { module: module.value.name, name: first.name };
    const slice = { program: program.value, entry };
    this.#slices.set(key, slice);
    return ok(slice);
  }
}

/** The parameters in ABI input bytes (6). */
function decodeArguments(
  metadata: TileMetadata,
  input: Uint8Array,
): Result<readonly Value[], Failure> {
  const { inputs } = metadata;
  const value = decodeValue(abiInputType(inputs), input);
  if (!value.ok) return value;
  if (inputs.length === 0) return ok([]);
  if (inputs.length === 1) return ok([value.value]);
  assert(value.value instanceof Tuple, "several parameters are a tuple");
  return ok(value.value.items);
}

/** The output bytes, or the failure that a `result` carries (6). */
function encodeResult(metadata: TileMetadata, value: Value, cycles: number): TileResult {
  if (metadata.error === null) return encodeOutput(metadata, value, cycles);
  assert(
    value instanceof VariantValue && value.shape === RESULT_SHAPE,
    "a tile with an error type returns a result",
  );
  const content = value.payload[0] ?? null;
  if (value.tag === 0) return encodeOutput(metadata, content, cycles);
  const error = encodeValue(metadata.error, content);
  if (!error.ok) return unencodable(error.error, cycles);
  const message = `tile ${metadata.id} failed: ${displayValue(content)}`;
  return failed({ code: "E_TILE_FAILED", message, cycles, error: error.value });
}

function encodeOutput(metadata: TileMetadata, value: Value, cycles: number): TileResult {
  const output = encodeValue(metadata.output, value);
  if (!output.ok) return unencodable(output.error, cycles);
  return { kind: "finished", output: output.value, cycles, proof: null };
}

function unencodable(cause: Failure, cycles: number): TileResult {
  return failed({ code: "E_ENCODE", message: cause.message, cycles });
}

function failed(args: {
  readonly code: TileErrorCode;
  readonly message: string;
  readonly cycles: number;
  readonly error?: Uint8Array;
}): TileResult {
  const { code, message, cycles, error = NO_BYTES } = args;
  return { kind: "failed", failure: { code, error, message, stack: [] }, cycles };
}

function unsupported(subject: string): Failure {
  const message = "the back end native makes and checks no proofs";
  return failure("E_BACKEND_UNSUPPORTED", "prove", message, { subject });
}
