// Why bytes were refused (formats 4.2). Readers raise an error, entry points return failures.

import { type Failure, failure } from "../diagnostic/failure.ts";

/** Every reason of a refusal with what it says to people. The names are stable. */
const DECODE_REASONS = {
  "end-of-input": "the bytes end inside the value",
  "bad-bool": "a bool is neither 00 nor 01",
  "bad-option": "an option tag is neither 00 nor 01",
  "bad-variant": "the discriminant names no variant",
  "bad-utf8": "the text is not valid UTF-8",
  "bad-char": "a char is not exactly one scalar value",
  "non-minimal-varint": "a varint is longer than needed",
  "varint-overflow": "a varint is too large for its type",
  "varint-too-long": "a varint has too many bytes for its type",
  "length-exceeds-input": "a length is above 2^31-1",
  "non-canonical-nan": "a NaN has not the canonical bits",
  "map-keys-not-ascending": "map keys are not ascending",
  "map-duplicate-key": "a map key occurs twice",
  "set-not-ascending": "set items are not ascending",
  "set-duplicate": "a set item occurs twice",
  "trailing-bytes": "bytes follow the value",
  "too-deep": "values nest deeper than 128",
  "too-large": "the value is larger than allowed",
} as const;

/** Stable word for a refusal, in `details.reason` of `E_DECODE`. */
export type DecodeReason = keyof typeof DECODE_REASONS;

/**
 * Raised by readers and codecs, caught by `decodeWith` and `decodeValue`; exported for authors of
 * codecs only. `offset` is the first byte of the refused item.
 */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  readonly reason: DecodeReason;
  readonly offset: number;
  constructor(reason: DecodeReason, offset: number) {
    super(`${DECODE_REASONS[reason]} (byte ${offset})`);
    this.reason = reason;
    this.offset = offset;
  }
}

/** The `E_DECODE` failure of an error (formats 2.4, 4.2). */
export function decodeFailure(error: DecodeError, subject: string | undefined): Failure {
  return failure("E_DECODE", "decode", `Failed to deserialize input: ${error.message}`, {
    offset: error.offset,
    details: { reason: error.reason },
    ...(subject === undefined ? {} : { subject }),
  });
}
