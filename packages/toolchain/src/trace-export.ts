// `lumen trace export`: a trace in another of its forms (formats 14.5). All of them hold the same,
// so that exporting an export gives the first file again, byte for byte.

import { closeSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { utf8Encode } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import {
  encodeFrame,
  eventLine,
  headerLine,
  startTrace,
  type TraceEvent,
  type TraceHeader,
  traceDocumentText,
} from "@lumen/core/trace";
import { makeFolder } from "@lumen/runtime";

import { refuse, type UseCase } from "./refusal.ts";
import { readEvents, readHeader } from "./trace-read.ts";
import { findTrace } from "./trace-store.ts";

/** The forms of a trace: JSON lines, a single JSON document, frames. */
export const TRACE_FORMS = ["jsonl", "json", "binary"] as const;

/** One of {@link TRACE_FORMS}. */
export type TraceForm = (typeof TRACE_FORMS)[number];

/** What is exported, and where to. */
export interface ExportRequest {
  /** Run id or file; undefined: the newest trace of the project. */
  readonly trace: string | undefined;
  readonly projectFolder: string;
  readonly to: TraceForm;
  /** A file, which is there whole or not at all; or who takes the bytes. */
  readonly out: string | ((bytes: Uint8Array) => void);
}

/** What was exported. */
export interface ExportReport {
  readonly path: string;
  readonly events: number;
  readonly bytes: number;
  /** What the trace lacks at its end, and so does the export. */
  readonly torn: Failure | null;
}

/** Exports a trace up to its last whole event. A corrupt one is refused, and nothing is written. */
export function exportTrace(request: ExportRequest): UseCase<ExportReport> {
  const found = findTrace(request.trace, request.projectFolder);
  if (!found.ok) return refuse(found.error);
  const path = found.value;
  const header = readHeader(path);
  if (!header.ok) return refuse(header.error);
  // Read to its end before the first byte goes out: what is corrupt further on must not be used.
  const whole = readEvents(path, () => {});
  if (!whole.ok) return refuse(whole.error);
  const written = toSink(request.out, (write) => writeForm(path, header.value, request.to, write));
  return written.ok
    ? ok({ path, ...written.value, torn: whole.value.torn })
    : refuse(written.error);
}

type Write = (bytes: Uint8Array) => Result<null, Failure>;

/** Returns the number of events. */
function writeForm(
  path: string,
  header: TraceHeader,
  form: TraceForm,
  write: Write,
): Result<number, Failure> {
  switch (form) {
    case "json":
      return writeDocument(path, header, write);
    case "jsonl": {
      const started = write(utf8Encode(headerLine(header)));
      if (!started.ok) return started;
      return writeEach(path, (event) => write(utf8Encode(eventLine(event))));
    }
    case "binary": {
      let { bytes, chain } = startTrace(header);
      const started = write(bytes);
      if (!started.ok) return started;
      return writeEach(path, (event) => {
        const frame = encodeFrame(chain, event);
        if (!frame.ok) return frame;
        ({ bytes, chain } = frame.value);
        return write(bytes);
      });
    }
  }
}

function writeEach(
  path: string,
  write: (event: TraceEvent) => Result<null, Failure>,
): Result<number, Failure> {
  let written: Result<null, Failure> = ok(null);
  let count = 0;
  const read = readEvents(path, ({ event }) => {
    if (!written.ok) return;
    written = write(event);
    count += 1;
  });
  if (!read.ok) return read;
  return written.ok ? ok(count) : written;
}

function writeDocument(path: string, header: TraceHeader, write: Write): Result<number, Failure> {
  const events: TraceEvent[] = [];
  const read = readEvents(path, ({ event }) => {
    events.push(event);
  });
  if (!read.ok) return read;
  for (const text of traceDocumentText(header, events)) {
    const written = write(utf8Encode(text));
    if (!written.ok) return written;
  }
  return ok(events.length);
}

interface Counts {
  readonly events: number;
  readonly bytes: number;
}

type Produce = (write: Write) => Result<number, Failure>;

/**
 * Gives the sink to `produce`, which returns the number of events. A file is written beside its
 * place and then renamed.
 */
export function toSink(out: ExportRequest["out"], produce: Produce): Result<Counts, Failure> {
  if (typeof out !== "string") return counted(out, produce);
  const temporary = `${out}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(out));
    const done = toFile(temporary, produce);
    if (done.ok) renameSync(temporary, out);
    return done;
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const message = `cannot write '${out}': ${error.message}`;
    return err(failure("E_IO", "trace", message, { subject: out }));
  } finally {
    rmSync(temporary, { force: true });
  }
}

function toFile(path: string, produce: Produce): Result<Counts, Failure> {
  const fd = openSync(path, "w");
  try {
    return counted((part) => {
      for (let at = 0; at < part.length; ) at += writeSync(fd, part, at, part.length - at);
    }, produce);
  } finally {
    closeSync(fd);
  }
}

function counted(write: (part: Uint8Array) => void, produce: Produce): Result<Counts, Failure> {
  let bytes = 0;
  const events = produce((part) => {
    bytes += part.length;
    write(part);
    return ok(null);
  });
  return events.ok ? ok({ events: events.value, bytes }) : events;
}
