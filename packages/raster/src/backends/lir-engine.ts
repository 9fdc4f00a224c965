// Runs the LIR slices of Lumen tiles (spec/lir.md 9) on machines that have no door. Each execution
// has a machine of its own; what is shared is code.

import { type Failure, failure } from "@lumen/core/diagnostic";
import { abiInputType, decodeValue, encodeValue } from "@lumen/core/encoding";
import { decodeModule } from "@lumen/core/lir";
import { assert, err, ok, type Result } from "@lumen/core/result";
import {
  displayValue,
  RESULT_SHAPE,
  Tuple,
  type TypeDescriptor,
  type Value,
  VariantValue,
  variantPart,
} from "@lumen/core/value";
import {
  type InstructionPrices,
  type LinkedProgram,
  linkProgram,
  machinePrice,
  type PureLimits,
  runPure,
} from "@lumen/vm";
import type { TileErrorCode, TileMetadata, TileResult } from "../backend.ts";
import type { GuestEngine, GuestLimits, GuestRun, OpenGuest } from "./guest-engine.ts";

const NO_BYTES = new Uint8Array(0);

/** A linked slice and the name of its first cell, the tile, with the type of its input bytes. */
export interface LinkedSlice {
  readonly input: TypeDescriptor;
  readonly program: LinkedProgram;
  readonly entry: { readonly module: string; readonly name: string };
}

/** What changes no result: how fast tiles run, and who looks at it. */
export interface LirEngineOptions extends Pick<PureLimits, "compile"> {
  /** Told of each tile that is linked. */
  readonly linked?: (program: LinkedProgram, tileId: string) => void;
}

/** The engine of Lumen tiles. */
export function lirEngine(options: LirEngineOptions = {}): GuestEngine {
  return {
    kind: "lir",
    open: (metadata, code) => {
      const slice = linkSlice(metadata, code);
      if (slice.ok) options.linked?.(slice.value.program, metadata.id);
      return slice.ok ? ok(guestOf(slice.value, metadata, options)) : slice;
    },
  };
}

function guestOf(
  slice: LinkedSlice,
  metadata: TileMetadata,
  options: Pick<PureLimits, "compile">,
): OpenGuest {
  return {
    execute: (input, limits) => ok(runSlice(slice, metadata, input, { ...options, ...limits })),
  };
}

/**
 * Decodes canonical code bytes and links them, with the prices of lir.md unless others are given.
 * `E_LIR_INVALID`, `E_ARTIFACT_CORRUPT`.
 */
export function linkSlice(
  { id, inputs }: TileMetadata,
  code: Uint8Array,
  prices: InstructionPrices = machinePrice,
): Result<LinkedSlice, Failure> {
  const module = decodeModule(code, id);
  if (!module.ok) return module;
  const program = linkProgram([module.value], { prices });
  if (!program.ok) return program;
  const first = module.value.cells[0];
  if (first === undefined || first.paramCount !== inputs.length) {
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
  // One object for all executions: the codec of a type is kept by its identity.
  return ok({ program: program.value, entry, input: abiInputType(inputs) });
}

/** Runs a slice once on ABI input bytes. */
export function runSlice(
  slice: LinkedSlice,
  metadata: TileMetadata,
  input: Uint8Array,
  { cyclesMax, memoryBytesMax, compile }: GuestLimits & Pick<PureLimits, "compile">,
): GuestRun {
  const args = decodeArguments(metadata, slice.input, input);
  if (!args.ok) {
    const result = failed({ code: "E_DECODE", message: args.error.message, cycles: 0 });
    return { result, allocatedBytes: 0 };
  }
  const outcome = runPure(slice.program, slice.entry, args.value, {
    ...(cyclesMax === undefined ? {} : { fuel: cyclesMax }),
    ...(memoryBytesMax === undefined ? {} : { memoryBytes: memoryBytesMax }),
    ...(compile === undefined ? {} : { compile }),
  });
  const { cycles, allocatedBytes } = outcome;
  if (outcome.ok) {
    return { result: encodeResult(metadata, outcome.value, cycles), allocatedBytes };
  }
  const { code, message, stack } = outcome.fault;
  const failure = { code, error: NO_BYTES, message, stack };
  return { result: { kind: "failed", failure, cycles }, allocatedBytes };
}

/** The parameters in ABI input bytes (6). */
function decodeArguments(
  { inputs }: TileMetadata,
  type: TypeDescriptor,
  input: Uint8Array,
): Result<readonly Value[], Failure> {
  const value = decodeValue(type, input);
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
    value instanceof VariantValue && value.variant.shape === RESULT_SHAPE,
    "a tile with an error type returns a result",
  );
  const content = variantPart(value, 0);
  if (value.variant.tag === 0) return encodeOutput(metadata, content, cycles);
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
