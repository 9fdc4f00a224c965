// What back ends without proofs answer (spec/formats.md 12).

import { type Failure, failure } from "@lumen/core/diagnostic";

/** `E_BACKEND_UNSUPPORTED` for a tile that is to be proved, or whose receipt is to be checked. */
export function noProofs(backend: string, tileId: string): Failure {
  const message = `the back end ${backend} makes and checks no proofs`;
  return failure("E_BACKEND_UNSUPPORTED", "prove", message, { subject: tileId });
}
