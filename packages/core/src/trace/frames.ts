// Frames of a trace file: length, event, and a check chained to everything before it
// (spec/formats.md 14.2-14.3). Pure: bytes in, bytes out.

import { type Failure, failure } from "../diagnostic/failure.ts";
import { written } from "../encoding/index.ts";
import { sha256 } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import { type TraceEvent, traceEventCodec } from "./events.ts";
import { chainStart, encodeTraceHeader, type TraceHeader } from "./header.ts";

/** Largest payload of a frame (14.2). */
export const FRAME_PAYLOAD_BYTES_MAX = 16_777_216;

/** Bytes of a frame besides its payload: length and check. */
export const FRAME_OVERHEAD_BYTES = 12;

const CHAIN_BYTES = 32;
const LENGTH_BYTES = 4;
const CHECK_BYTES = 8;
const NO_LENGTH = new Uint8Array(LENGTH_BYTES);

/** Bytes to append, and the chain that the next frame continues. */
export interface EncodedFrame {
  readonly bytes: Uint8Array;
  readonly chain: Uint8Array;
}

/** The header of a new trace file and the start of its chain. */
export function startTrace(header: TraceHeader): EncodedFrame {
  const bytes = encodeTraceHeader(header);
  return { bytes, chain: chainStart(bytes) };
}

/**
 * The frame of an event after the frame that ended with `chain`; append it in one write (14.4).
 * An event over 16 MiB is `E_ENCODE`: record digests instead of inline bytes.
 */
export function encodeFrame(chain: Uint8Array, event: TraceEvent): Result<EncodedFrame, Failure> {
  let next = chain;
  let payloadBytes = 0;
  // One buffer holds the hash input and then the frame, so that large payloads are copied once.
  const buffer = written((writer) => {
    writer.raw(chain);
    writer.raw(NO_LENGTH);
    traceEventCodec.encode(writer, event);
    payloadBytes = writer.size - CHAIN_BYTES - LENGTH_BYTES;
    writer.patchU32(CHAIN_BYTES, payloadBytes);
    next = sha256(writer.view);
    writer.raw(next.subarray(0, CHECK_BYTES));
  });
  if (payloadBytes <= FRAME_PAYLOAD_BYTES_MAX)
    return ok({ bytes: buffer.subarray(CHAIN_BYTES), chain: next });
  const message = `a ${event.kind} event of ${payloadBytes} bytes does not fit into a frame`;
  const hint = "record digests instead of values (--trace-io digest)";
  return err(failure("E_ENCODE", "trace", message, { hint }));
}

/** The chain after a frame (length and payload bytes), or null if its check does not match. */
export function checkFrame(chain: Uint8Array, frame: Uint8Array): Uint8Array | null {
  const hashed = frame.length - CHECK_BYTES;
  const input = new Uint8Array(CHAIN_BYTES + hashed);
  input.set(chain);
  input.set(frame.subarray(0, hashed), CHAIN_BYTES);
  const next = sha256(input);
  for (let i = 0; i < CHECK_BYTES; i += 1) {
    if (next[i] !== frame[hashed + i]) return null;
  }
  return next;
}

/** Payload of a whole frame. */
export function framePayload(frame: Uint8Array): Uint8Array {
  return frame.subarray(LENGTH_BYTES, frame.length - CHECK_BYTES);
}
