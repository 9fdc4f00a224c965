// A run that goes on from a snapshot that somebody names: another run, in a trace of its own, that
// begins with the events up to the snapshot (formats 14.4).

import { dirname, join } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import type { Tracer } from "@lumen/raster";
import { parseSnapshotId, snapshotFile, snapshotPath } from "../checkpoint-store.ts";
import { isFile } from "../files.ts";
import { newRunId } from "../recording.ts";
import { createLinesFile, createTraceFile } from "../trace-file.ts";
import { findTrace, tracesFolder } from "../trace-store.ts";
import type { OpenRun } from "./open-run.ts";

/** A snapshot and the trace that knows it. */
export interface NamedSnapshot {
  readonly path: string;
  readonly number: number;
}

/** The snapshot of an id, where there is one; null for a text that names something else. */
export function namedSnapshot(text: string, projectFolder: string): NamedSnapshot | null {
  const id = parseSnapshotId(text);
  if (id === null || isFile(text)) return null;
  const trace = findTrace(id.runId, projectFolder);
  const path = trace.ok ? trace.value : join(tracesFolder(projectFolder), id.runId);
  const file = snapshotPath(path, snapshotFile(id.runId, id.number));
  return trace.ok && file !== null && isFile(file) ? { path, number: id.number } : null;
}

/** The run up to the snapshot, under a new id. E_IO where its trace does not tell of that. */
export function forkRun(run: OpenRun, number: number): Result<OpenRun, Failure> {
  const file = snapshotFile(run.header.runId, number);
  const at = run.events.findIndex((e) => e.kind === "Checkpoint" && e.file === file);
  if (at < 0) {
    const message = `the trace does not tell of the snapshot ${file}`;
    return err(failure("E_IO", "load", message, { subject: run.path }));
  }
  const timestamp = BigInt(Date.now()) * 1_000_000n;
  const runId = newRunId(timestamp);
  const end = run.path.slice(run.path.lastIndexOf("."));
  return ok({
    path: join(dirname(run.path), runId + end),
    header: { ...run.header, runId, timestamp: run.header.deterministic ? 0n : timestamp },
    events: run.events.slice(0, at + 1),
    cutAt: 0,
    cutBytes: 0,
    ended: null,
  });
}

/** Makes the trace, with the events up to the snapshot. E_IO. */
export function writeFork(
  run: OpenRun,
  { durable, timestamp }: { readonly durable: boolean; readonly timestamp: number },
): Result<Tracer, Failure> {
  const { path, header } = run;
  const create = path.endsWith(".jsonl") ? createLinesFile : createTraceFile;
  const tracer = create(path, header, { durable, existing: "refuse" });
  if (!tracer.ok) return tracer;
  for (const event of [...run.events, { kind: "Recovered", timestamp, cutBytes: 0 } as const]) {
    const recorded = tracer.value.recordEvent(event);
    if (!recorded.ok) return recorded;
  }
  return tracer;
}
