// Digests of the log of a process (spec/formats.md 13.4): each covers all moves up to it, so that
// one digest stands for one version of the state, and costs no more than the move.

import { encodeWith, wire } from "../encoding/index.ts";
import { taggedHash, ZERO32 } from "../hash/index.ts";

/** Digest of version 0: nothing has moved. `process` as in StateTransition, `Door#1`. */
export function stateLogStart(process: string): Uint8Array {
  return stateLogNext(ZERO32, { kind: process, given: new Uint8Array() });
}

/** Digest of the version that a move makes. `given`: wire bytes of what the move was done with. */
export function stateLogNext(
  before: Uint8Array,
  move: { readonly kind: string; readonly given: Uint8Array },
): Uint8Array {
  return taggedHash("raster.process.v1", encodeWith(moveCodec, { before, ...move }));
}

const moveCodec = wire.record<{
  readonly before: Uint8Array;
  readonly kind: string;
  readonly given: Uint8Array;
}>({ before: wire.hash32, kind: wire.string, given: wire.bytes });
