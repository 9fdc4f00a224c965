// State of a sequence run between two steps: what a verifier needs to know to check the next one
// (spec/formats.md 15.3). Types, wire form and digest; how a state changes is in `cfs`.

import type { Failure } from "../diagnostic/failure.ts";
import { decodeWith, type WireCodec, WireWriter, wire } from "../encoding/index.ts";
import { taggedHash } from "../hash/index.ts";
import type { Result } from "../result/result.ts";

/** Values collected so far: their number and the frontier of the tree over their digests (16.1). */
export interface Collected {
  readonly count: number;
  readonly frontier: readonly Uint8Array[];
}

/** Which block a frame runs. Wire: 0 Sequence, 1 Arm, 2 Loop. */
export type FrameKind =
  | { readonly kind: "Sequence"; readonly id: string }
  | { readonly kind: "Arm"; readonly arm: number }
  | {
      readonly kind: "Loop";
      readonly iteration: number;
      readonly inHead: boolean;
      readonly collected: Collected;
    };

/** One block in progress. Digests have 32 bytes. */
export interface Frame {
  readonly kind: FrameKind;
  /** Index of the next item of the block. */
  readonly item: number;
  /** Parameters, payload items or loop states; a `for_each` loop has its list before the states. */
  readonly inputs: readonly Uint8Array[];
  /** Whole output value of each finished item of the block. */
  readonly outputs: readonly Uint8Array[];
}

/** A recursive call between iterations: number and input of the next one. */
export interface Recur {
  readonly iteration: number;
  readonly inputDigest: Uint8Array;
}

/** How far the run is. Wire: 0 Running, 1 Done, 2 Failed. */
export type RunStatus =
  | { readonly kind: "Running" }
  | { readonly kind: "Done"; readonly outputDigest: Uint8Array }
  | { readonly kind: "Failed"; readonly code: string; readonly errorDigest: Uint8Array };

/** A normalised state: stack outermost first, empty unless Running. */
export interface State {
  readonly stack: readonly Frame[];
  readonly recur: Recur | null;
  readonly steps: number;
  readonly status: RunStatus;
}

const digests = wire.list(wire.hash32);

const frameKindCodec: WireCodec<FrameKind> = wire.tagged<FrameKind>({
  Sequence: wire.record({ id: wire.string }),
  Arm: wire.record({ arm: wire.u32 }),
  Loop: wire.record({
    iteration: wire.safeU64,
    inHead: wire.bool,
    collected: wire.record<Collected>({ count: wire.safeU64, frontier: digests }),
  }),
});

const frameCodec: WireCodec<Frame> = wire.record<Frame>({
  kind: frameKindCodec,
  item: wire.u32,
  inputs: digests,
  outputs: digests,
});

/** Wire form of a state (15.3). */
export const stateCodec: WireCodec<State> = wire.record<State>({
  stack: wire.list(frameCodec),
  recur: wire.option(wire.record<Recur>({ iteration: wire.safeU64, inputDigest: wire.hash32 })),
  steps: wire.safeU64,
  status: wire.tagged<RunStatus>({
    Running: wire.record<object>({}),
    Done: wire.record({ outputDigest: wire.hash32 }),
    Failed: wire.record({ code: wire.string, errorDigest: wire.hash32 }),
  }),
});

/** Canonical bytes of a state. */
export function encodeState(state: State): Uint8Array {
  // Most states fit at once: growing the buffer took an eighth of a step of the schema machine.
  const writer = new WireWriter(512);
  stateCodec.encode(writer, state);
  return writer.finish();
}

/** Reads a state; `E_DECODE` for anything but canonical bytes. */
export function decodeState(bytes: Uint8Array): Result<State, Failure> {
  return decodeWith(stateCodec, bytes, { subject: "state" });
}

/** `H("raster.state.v1", pc(state))`, 32 bytes: the `post_state` of records. */
export function stateDigest(state: State): Uint8Array {
  return taggedHash("raster.state.v1", encodeState(state));
}
