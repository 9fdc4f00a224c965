// For tests: changes a trace file and makes its frame chain fit again, as a forger would who knows
// the format.

import { leafOf, MerkleLog } from "@lumen/core/commit";
import { concatBytes } from "@lumen/core/hash";
import {
  encodeFrame,
  readWholeTrace,
  startTrace,
  type TraceEvent,
  type TraceEventOf,
  type TraceHeader,
} from "@lumen/core/trace";

/** Header and events of a trace file. */
export interface Opened {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
  /** Byte offset of every event's frame. */
  readonly offsets: readonly number[];
}

/** Takes a trace apart. */
export function open(bytes: Uint8Array): Opened {
  const read = readWholeTrace(bytes, { subject: "trace" });
  if (!read.ok) throw new Error(read.error.message);
  const { header, events } = read.value;
  return { header, events: events.map((e) => e.event), offsets: events.map((e) => e.offset) };
}

/** Puts events together with a chain that fits. */
export function close(header: TraceHeader, events: readonly TraceEvent[]): Uint8Array {
  const start = startTrace(header);
  const parts = [start.bytes];
  let { chain } = start;
  for (const event of events) {
    const frame = encodeFrame(chain, event);
    if (!frame.ok) throw new Error(frame.error.message);
    parts.push(frame.value.bytes);
    chain = frame.value.chain;
  }
  return concatBytes(...parts);
}

/** Changes every event that `edit` changes, nothing else. */
export function forge(bytes: Uint8Array, edit: (event: TraceEvent) => TraceEvent): Uint8Array {
  const { header, events } = open(bytes);
  return close(header, events.map(edit));
}

/** Makes the root in RunEnd fit to the records, so that only the records themselves are wrong. */
export function recommit(bytes: Uint8Array): Uint8Array {
  const log = new MerkleLog();
  for (const event of open(bytes).events)
    if (event.kind === "TileStep") log.push(leafOf(event.record));
  const root = log.root();
  return forge(bytes, (event) => (event.kind === "RunEnd" ? { ...event, root } : event));
}

/** Changes the only step of a tile that stands at this index. */
export function editStep(
  bytes: Uint8Array,
  index: number,
  edit: (event: TraceEventOf<"TileStep">) => TraceEventOf<"TileStep">,
): Uint8Array {
  return forge(bytes, (event) => {
    if (event.kind !== "TileStep" || event.record.kind !== "Tile") return event;
    return event.record.index === index ? edit(event) : event;
  });
}

/** The bytes with one bit of one byte changed. */
export function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
