// `lumen trace show`: what is in a trace, up to the last whole frame (formats 14.4).

import type { Failure } from "@lumen/core/diagnostic";
import { ok } from "@lumen/core/result";
import type { PlacedEvent, TraceHeader } from "@lumen/core/trace";
import { refuse, type UseCase } from "./refusal.ts";
import { readEvents } from "./trace-read.ts";
import { findTrace } from "./trace-store.ts";

/** The events of a trace and how it ends. */
export interface ShownTrace {
  readonly path: string;
  readonly header: TraceHeader;
  readonly events: readonly PlacedEvent[];
  readonly finished: boolean;
  readonly torn: Failure | null;
}

/** Reads a trace whole. A corrupt one is refused with the offset. */
export function showTrace(trace: string | undefined, projectFolder: string): UseCase<ShownTrace> {
  const path = findTrace(trace, projectFolder);
  if (!path.ok) return refuse(path.error);
  const events: PlacedEvent[] = [];
  const end = readEvents(path.value, (placed) => {
    events.push(placed);
  });
  if (!end.ok) return refuse(end.error);
  return ok({ path: path.value, events, ...end.value });
}
