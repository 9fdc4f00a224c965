// `lumen trace ls`: the traces of a project or a folder, each read to its end (formats 14.4).

import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { ok } from "@lumen/core/result";
import type { TraceEvent, TraceHeader } from "@lumen/core/trace";
import { refuse, type UseCase } from "./refusal.ts";
import { readEvents, readHeader } from "./trace-read.ts";
import { listTraces, tracesFolder } from "./trace-store.ts";

/**
 * How a recorded run stands. `unfinished`: whole frames, no RunEnd; `torn`: the last frame is not
 * whole; `corrupt`: cannot be read, or only up to some frame.
 */
export type TraceStatus = "ok" | "failed" | "aborted" | "unfinished" | "torn" | "corrupt";

/** One line of a listing. Counts are of the events that can be read. */
export interface ListedTrace {
  readonly path: string;
  readonly bytes: number;
  /** Null where it cannot be read. */
  readonly header: TraceHeader | null;
  readonly status: TraceStatus;
  /** Tile and Request records. */
  readonly steps: number;
  readonly requests: number;
  /** What is torn or corrupt. */
  readonly problem: Failure | null;
}

/**
 * The traces of a project, else those that lie in the folder itself, oldest first. E_IO for a
 * folder that is not there; a project without runs has none.
 */
export function listedTraces(target: string): UseCase<readonly ListedTrace[]> {
  const folder = resolve(target);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    const message = `there is no folder '${target}'`;
    return refuse(failure("E_IO", "load", message, { subject: target }));
  }
  const recorded = listTraces(tracesFolder(folder));
  // A project may have other files that are called .jsonl.
  const paths = recorded.length > 0 ? recorded : listTraces(folder);
  return ok(paths.map(listedTrace));
}

function listedTrace(path: string): ListedTrace {
  const counts = { steps: 0, requests: 0 };
  let end: TraceStatus = "unfinished";
  const header = readHeader(path);
  const read = readEvents(path, ({ event }) => {
    if (event.kind === "RunEnd") end = statusOf(event);
    if (event.kind === "ToolCall" || event.kind === "EffectPerform") counts.requests += 1;
    if (event.kind !== "TileStep") return;
    if (event.record.kind === "Tile" || event.record.kind === "Request") counts.steps += 1;
  });
  const base = {
    path,
    bytes: statSync(path).size,
    header: header.ok ? header.value : null,
    ...counts,
  };
  if (!read.ok) return { ...base, status: "corrupt", problem: read.error };
  const { torn } = read.value;
  return torn === null
    ? { ...base, status: end, problem: null }
    : { ...base, status: "torn", problem: torn };
}

function statusOf({ status }: TraceEvent & { kind: "RunEnd" }): TraceStatus {
  switch (status) {
    case "Ok":
      return "ok";
    case "Failed":
      return "failed";
    case "Aborted":
      return "aborted";
  }
}
