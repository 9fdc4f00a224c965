// Digests that name a run or what ran: trace commitment, window id, code digest, method id
// (spec/formats.md 1.3, 8.3, 15.2, 16.1, 19.1).

import { encodeWith, wire } from "../encoding/index.ts";
import { sha256, taggedHash, toHex } from "../hash/index.ts";

/** Size and root of the tree over all leaves of a run, and the schema it ran by. */
export interface TraceTree {
  readonly size: number;
  readonly root: Uint8Array;
  readonly schemaHash: Uint8Array;
}

/** Trace commitment: `H("raster.trace.v1", pc((size, root, schema_hash)))` (16.1). */
export function traceCommitment(tree: TraceTree): Uint8Array {
  return taggedHash("raster.trace.v1", encodeWith(treeCodec, tree));
}

/** Short form of a digest, 32 hex digits: a lookup key, never trusted by itself (1.3). */
export function shortForm(digest: Uint8Array): string {
  return toHex(digest.subarray(0, 16));
}

/** A window of steps `start` to `end` (exclusive) of a run (19.1). */
export interface StepWindow {
  readonly root: Uint8Array;
  readonly size: number;
  readonly start: number;
  readonly end: number;
}

/** Window id: `H("raster.window.v1", pc((root, size, start, end)))` (19.1). */
export function windowId(window: StepWindow): Uint8Array {
  return taggedHash("raster.window.v1", encodeWith(windowCodec, window));
}

/** Code digest: `H("raster.code.v1", canonical code bytes)` (15.2). */
export function codeDigest(codeBytes: Uint8Array): Uint8Array {
  return taggedHash("raster.code.v1", codeBytes);
}

/** Method id of a guest file: `H("raster.method.v1", pc((backend, SHA-256(guest))))` (8.3). */
export function methodId(backend: string, guest: Uint8Array): Uint8Array {
  const payload = encodeWith(methodCodec, { backend, guestSha256: sha256(guest) });
  return taggedHash("raster.method.v1", payload);
}

const treeCodec = wire.record<TraceTree>({
  size: wire.safeU64,
  root: wire.hash32,
  schemaHash: wire.hash32,
});

const windowCodec = wire.record<StepWindow>({
  root: wire.hash32,
  size: wire.safeU64,
  start: wire.safeU64,
  end: wire.safeU64,
});

const methodCodec = wire.record<{ readonly backend: string; readonly guestSha256: Uint8Array }>({
  backend: wire.string,
  guestSha256: wire.hash32,
});
