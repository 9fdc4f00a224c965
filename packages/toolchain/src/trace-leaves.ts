// The tree over the records of a trace file, and what its last event says about it (formats 16).

import {
  type GenesisRecord,
  leafOf,
  MerkleTree,
  type StepRecord,
  type TraceTree,
} from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { equalBytes, toHex } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import type { TraceEventOf, TraceHeader } from "@lumen/core/trace";
import { readEvents } from "./trace-read.ts";
import type { RecordPlaces } from "./trace-records.ts";

/** The records of a trace as leaves. */
export interface TraceLeaves extends TraceTree {
  readonly path: string;
  readonly header: TraceHeader;
  readonly genesis: GenesisRecord;
  readonly tree: MerkleTree;
  readonly places: RecordPlaces;
  /** Tile and Request records. */
  readonly steps: number;
  /** Whether the last record is Final. */
  readonly whole: boolean;
  /** `E_TRACE_TORN`: the tree ends with the last whole event. */
  readonly torn: Failure | null;
  /** `E_COMMIT_MISMATCH`: RunEnd states another tree. */
  readonly mismatch: Failure | null;
}

/**
 * Reads a trace into a tree: 64 bytes a record. `E_TRACE_CORRUPT`, `E_IO`, and `E_MALFORMED` for
 * one that does not begin with a Genesis record.
 */
export function readLeaves(
  path: string,
  take: (record: StepRecord, leaf: number) => void = () => undefined,
): Result<TraceLeaves, Failure> {
  const tree = new MerkleTree();
  const ends: TraceEventOf<"RunEnd">[] = [];
  let first: StepRecord | null = null;
  let last: StepRecord | null = null;
  let steps = 0;
  const offsets: number[] = [];
  const read = readEvents(path, ({ event, offset }) => {
    if (event.kind === "RunEnd") ends.push(event);
    if (event.kind !== "TileStep") return;
    const { record } = event;
    first ??= record;
    last = record;
    if (record.kind === "Tile" || record.kind === "Request") steps += 1;
    take(record, tree.size);
    offsets.push(offset);
    tree.push(leafOf(record));
  });
  if (!read.ok) return read;
  const { genesis, whole } = framing(first, last);
  if (genesis === null) {
    const message = "the trace does not begin with a Genesis record";
    return err(failure("E_MALFORMED", "trace", message, { subject: path }));
  }
  const facts = { steps, size: tree.size, root: tree.root() };
  return ok({
    path,
    header: read.value.header,
    genesis,
    tree,
    places: { path, offsets },
    ...facts,
    schemaHash: genesis.schemaHash,
    whole,
    torn: read.value.torn,
    mismatch: mismatchOf(ends.at(-1), facts, path),
  });
}

function framing(
  first: StepRecord | null,
  last: StepRecord | null,
): { readonly genesis: GenesisRecord | null; readonly whole: boolean } {
  return { genesis: first?.kind === "Genesis" ? first : null, whole: last?.kind === "Final" };
}

function mismatchOf(
  end: TraceEventOf<"RunEnd"> | undefined,
  found: { readonly steps: number; readonly size: number; readonly root: Uint8Array },
  subject: string,
): Failure | null {
  if (end === undefined) return null;
  const { steps, size, root } = end;
  if (steps === found.steps && size === found.size && equalBytes(root, found.root)) return null;
  const message = `RunEnd states ${size} leaves with root ${toHex(root)}; the records give ${found.size} with ${toHex(found.root)}`;
  return failure("E_COMMIT_MISMATCH", "trace", message, { subject, domain: "verifiable" });
}
