// From what a guest answered to the outcome of a tile (spec/formats.md 6, 15.1). A guest is code of
// somebody else: what it answers is checked here, in the same way on every back end.

import { decodeValue, renderType, VALUE_BYTES_MAX } from "@lumen/core/encoding";
import { displayValue } from "@lumen/core/value";
import type { TileErrorCode, TileMetadata, TileResult } from "../../backend.ts";

/** What came out of an execution, before anything of it is believed. */
export type GuestAnswer =
  | { readonly kind: "output"; readonly bytes: Uint8Array }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly error: Uint8Array;
      readonly message: string;
    }
  /** `stack` as the engine writes it. */
  | {
      readonly kind: "trap";
      readonly code: TileErrorCode;
      readonly message: string;
      readonly stack?: string;
    };

const NO_BYTES = new Uint8Array(0);

/** The outcome of a tile. Cycles are null: no engine counts them in the same way. */
export function guestResult(metadata: TileMetadata, answer: GuestAnswer): TileResult {
  switch (answer.kind) {
    case "output":
      return outputResult(metadata, answer.bytes);
    case "failed":
      return failedResult(metadata, answer);
    case "trap":
      return failed(answer.code, `tile ${metadata.id}: ${answer.message}`);
  }
}

function outputResult(metadata: TileMetadata, bytes: Uint8Array): TileResult {
  if (bytes.length > VALUE_BYTES_MAX) return unencodable("the value has more than 256 MiB");
  const value = decodeValue(metadata.output, bytes);
  if (!value.ok) return unencodable(`no ${renderType(metadata.output)}: ${value.error.message}`);
  return { kind: "finished", output: bytes, cycles: null, proof: null };
}

function failedResult(
  metadata: TileMetadata,
  { code, error, message }: GuestAnswer & { kind: "failed" },
): TileResult {
  if (code === "E_DECODE" || code === "E_ENCODE") return failed(code, message);
  if (code !== "E_TILE_FAILED") return unencodable("the guest answers nothing");
  if (metadata.error === null) return unencodable("an error, and the tile declares none");
  const value = decodeValue(metadata.error, error);
  if (!value.ok) return unencodable(`no ${renderType(metadata.error)}: ${value.error.message}`);
  const shown = `tile ${metadata.id} failed: ${displayValue(value.value)}`;
  const failure = { code, error, message: shown, stack: [] } as const;
  return { kind: "failed", failure, cycles: null };
}

function unencodable(what: string): TileResult {
  return failed("E_ENCODE", `Failed to serialize output: ${what}`);
}

function failed(code: TileErrorCode, message: string): TileResult {
  return { kind: "failed", failure: { code, error: NO_BYTES, message, stack: [] }, cycles: null };
}
