// What the result of a tile means in records and events (spec/formats.md 13.1, 15.1).

import type { TileOutcome } from "@lumen/core/cfs";
import type { Outcome } from "@lumen/core/commit";
import { valueDigest } from "@lumen/core/encoding";
import type { ErrorInfo } from "@lumen/core/trace";
import type { TileFailure, TileResult } from "./backend.ts";

/** The outcome with bytes that drives the schema machine. */
export function machineOutcome(result: TileResult): TileOutcome {
  if (result.kind === "finished") return { kind: "Ok", output: result.output };
  const { code, error } = result.failure;
  return { kind: "Err", code, error };
}

/** The outcome of a record: digests only. */
export function tileOutcome(result: TileResult): Outcome {
  if (result.kind === "finished") {
    return { kind: "Ok", outputDigest: valueDigest(result.output) };
  }
  const { code, error } = result.failure;
  return { kind: "Err", code, errorDigest: valueDigest(error) };
}

/** The error of a failure event; the bytes of the error value only where values are stored. */
export function tileErrorInfo(failed: TileFailure, inline: boolean): ErrorInfo {
  const { code, message, error } = failed;
  const details = inline && code === "E_TILE_FAILED" ? error : null;
  return { code, message, domain: "Verifiable", details };
}
