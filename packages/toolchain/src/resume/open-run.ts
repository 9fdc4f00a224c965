// The trace of a run that is to go on (formats 14.4): read, and cut back to where the run can take
// it up.

import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import {
  NestingChecker,
  type PlacedEvent,
  type RunEndStatus,
  type TraceEvent,
  type TraceHeader,
  TraceScanner,
} from "@lumen/core/trace";
import type { Tracer } from "@lumen/raster";
import { continueLinesFile, continueTraceFile, fileChunks } from "../trace-file.ts";
import { formOf, readEvents } from "../trace-read.ts";

/** What a trace holds that a run can go on from. */
export interface OpenRun {
  readonly path: string;
  readonly header: TraceHeader;
  /** Up to the cut. */
  readonly events: readonly TraceEvent[];
  /** Byte offset where writing goes on; of a last line without line feed, one past the end. */
  readonly cutAt: number;
  /** Bytes behind it, which are dropped. */
  readonly cutBytes: number;
  /** How the run ended; null where it did not, or the host stopped it. */
  readonly ended: Exclude<RunEndStatus, "Aborted"> | null;
}

/** Reads the trace. E_TRACE_CORRUPT, E_UNSUPPORTED_VERSION, E_IO; nothing is changed yet. */
export function openRun(path: string): Result<OpenRun, Failure> {
  const form = formOf(path);
  if (!form.ok) return form;
  if (form.value === "document") return err(notWritten(path));
  const placed: PlacedEvent[] = [];
  const read = readEvents(path, (event) => placed.push(event));
  if (!read.ok) return read;
  const nesting = new NestingChecker(path);
  for (const event of placed) {
    const broken = nesting.check(event);
    if (broken !== null) return err(broken);
  }
  const last = placed.at(-1)?.event;
  const status = last?.kind === "RunEnd" ? last.status : null;
  if (placed[0] === undefined) return err(nothingRecorded(path));
  const kept = keptCount(placed.map(({ event }) => event));
  const total = sizeOf(path);
  const cutAt = placed[kept]?.offset ?? read.value.end;
  return ok({
    path,
    header: read.value.header,
    events: placed.slice(0, kept).map(({ event }) => event),
    cutAt,
    cutBytes: Math.max(0, total - cutAt),
    ended: status === "Aborted" ? null : status,
  });
}

/**
 * Events to keep. Dropped from the end are the parts of an answer that is not whole: an error has
 * its code in the record behind it, and without an answer its drifts say nothing. Of a run that the
 * host stopped, what it wrote because it stopped is dropped, too.
 */
function keptCount(events: readonly TraceEvent[]): number {
  let count = events.length;
  const last = (): TraceEvent | undefined => events[count - 1];
  if (isAborted(last())) {
    count -= 1;
    while (isStop(last())) count -= 1;
  }
  if (isFailedAnswer(last())) count -= 1;
  while (last()?.kind === "SchemaDrift") count -= 1;
  return count;
}

function isAborted(event: TraceEvent | undefined): boolean {
  return event?.kind === "RunEnd" && event.status === "Aborted";
}

/** What a run writes because the host cannot go on. */
function isStop(event: TraceEvent | undefined): boolean {
  return (
    event?.kind === "CellEnd" || (event?.kind === "TileFailure" && event.error.domain === "Host")
  );
}

function isFailedAnswer(event: TraceEvent | undefined): boolean {
  return (event?.kind === "ToolResult" || event?.kind === "EffectResume") && !event.ok;
}

function sizeOf(path: string): number {
  let bytes = 0;
  for (const chunk of fileChunks(path)) bytes += chunk.length;
  return bytes;
}

function notWritten(path: string): Failure {
  const message = "a trace in one document was exported: runs do not write it, nor go on in it";
  const hint = "lumen trace export --to jsonl makes a trace of it that a run can go on in.";
  return failure("E_MALFORMED", "load", message, { subject: path, hint });
}

function nothingRecorded(path: string): Failure {
  const message = "the run was killed before it began: there is nothing to go on from";
  const hint = "Run the program again.";
  return failure("E_TRACE_TORN", "trace", message, { subject: path, hint });
}

/**
 * Cuts the file and writes behind the cut: first that the run was taken up, then what comes.
 * E_IO.
 */
export function continueWriting(
  run: OpenRun,
  { durable, timestamp }: { readonly durable: boolean; readonly timestamp: number },
): Result<Tracer, Failure> {
  const form = formOf(run.path);
  if (!form.ok) return form;
  const tracer =
    form.value === "lines"
      ? continueLinesFile(run.path, run.cutAt, { durable })
      : continueFrames(run, durable);
  if (!tracer.ok) return tracer;
  const { cutBytes } = run;
  const marked = tracer.value.recordEvent({ kind: "Recovered", timestamp, cutBytes });
  return marked.ok ? tracer : marked;
}

function continueFrames(run: OpenRun, durable: boolean): Result<Tracer, Failure> {
  const scanner = new TraceScanner(run.path);
  let left = run.cutAt;
  for (const chunk of fileChunks(run.path)) {
    scanner.push(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
    if (left === 0) break;
  }
  const ending = scanner.end();
  if (ending.kind !== "complete") {
    const message = "the trace changed while it was read";
    return err(failure("E_TRACE_CORRUPT", "trace", message, { subject: run.path }));
  }
  return continueTraceFile(run.path, ending.tail, { durable });
}
