// `lumen trace show` and `lumen trace ls`: what is in a trace, up to the last whole frame (formats
// 14.4).

import { statSync } from "node:fs";
import type { Failure } from "@lumen/core/diagnostic";
import { ok, type Result } from "@lumen/core/result";
import type { PlacedEvent, TraceHeader } from "@lumen/core/trace";
import { refuse, type UseCase } from "./refusal.ts";
import { readEvents, readHeader } from "./trace-read.ts";
import { findTrace, listTraces, tracesFolder } from "./trace-store.ts";

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

/** One line of a listing. `status`: the run's end; a failure where the events cannot be read. */
export interface ListedTrace {
  readonly path: string;
  readonly bytes: number;
  readonly header: Result<TraceHeader, Failure>;
  readonly status: Result<"ok" | "failed" | "not finished", Failure>;
}

/** The traces of a project, oldest first. */
export function listedTraces(projectFolder: string): readonly ListedTrace[] {
  return listTraces(tracesFolder(projectFolder)).map((path) => ({
    path,
    bytes: statSync(path).size,
    header: readHeader(path),
    status: statusOf(path),
  }));
}

/** A run that was aborted has a RunEnd too, but not finished. */
function statusOf(path: string): ListedTrace["status"] {
  let status: "ok" | "failed" | "not finished" = "not finished";
  const read = readEvents(path, ({ event }) => {
    if (event.kind !== "RunEnd" || event.status === "Aborted") return;
    status = event.status === "Ok" ? "ok" : "failed";
  });
  return read.ok ? ok(status) : read;
}
