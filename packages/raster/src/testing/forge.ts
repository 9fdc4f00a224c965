// For tests: takes a trace apart, changes events, and puts it together again with a frame chain
// and, where asked for, a commitment that fit, so that only the change itself can be found.

import { leafOf, MerkleLog } from "@lumen/core/commit";
import { concatBytes } from "@lumen/core/hash";
import { ok } from "@lumen/core/result";
import {
  readWholeTrace,
  type TraceEvent,
  type TraceEventOf,
  type TraceHeader,
} from "@lumen/core/trace";
import { binaryTracer } from "../tracers.ts";
import { unwrap } from "./worked-runs.ts";

/** Header and events of a trace. */
export interface OpenedTrace {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
}

/** Takes a trace apart. */
export function openTrace(trace: Uint8Array): OpenedTrace {
  const { header, events } = unwrap(readWholeTrace(trace, { subject: "run" }));
  return { header, events: events.map((placed) => placed.event) };
}

/** Puts a trace together as it is. */
export function closeTrace({ header, events }: OpenedTrace): Uint8Array {
  const chunks: Uint8Array[] = [];
  const tracer = binaryTracer(header, (bytes) => {
    chunks.push(bytes);
    return ok(null);
  });
  for (const event of events) unwrap(tracer.recordEvent(event));
  return concatBytes(...chunks);
}

/** RunEnd with the size and root of the records; `steps` stay as they are. */
export function recommit({ header, events }: OpenedTrace): OpenedTrace {
  const log = new MerkleLog();
  for (const event of events) if (event.kind === "TileStep") log.push(leafOf(event.record));
  const { size } = log;
  const root = log.root();
  return {
    header,
    events: events.map((event) => (event.kind === "RunEnd" ? { ...event, size, root } : event)),
  };
}

/** Changes the event number `index`, from the end where negative, which must be of this kind. */
export function change<K extends TraceEvent["kind"]>(
  opened: OpenedTrace,
  at: { readonly index: number; readonly kind: K },
  edit: (event: TraceEventOf<K>) => TraceEvent,
): OpenedTrace {
  const { header, events } = opened;
  const position = at.index < 0 ? events.length + at.index : at.index;
  const event = events[position];
  if (event === undefined || !isKind(event, at.kind)) {
    throw new Error(`event ${at.index} is a ${event?.kind}`);
  }
  const edited = edit(event);
  return { header, events: events.map((other, i) => (i === position ? edited : other)) };
}

function isKind<K extends TraceEvent["kind"]>(event: object, kind: K): event is TraceEventOf<K> {
  return "kind" in event && event.kind === kind;
}
