// Reading a trace file of any form, event by event (formats 14): binary and JSON lines with memory
// for one chunk, a single document whole.

import { closeSync, openSync, readSync, statSync } from "node:fs";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { utf8Encode } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import {
  JsonLinesScanner,
  jsonLines,
  type PlacedEvent,
  parseTraceDocument,
  type TraceEvent,
  type TraceHeader,
  TraceScanner,
} from "@lumen/core/trace";
import { readText } from "./files.ts";
import { fileChunks } from "./trace-file.ts";

/** Largest single document that is read: it has to be in memory at once. */
export const TRACE_DOCUMENT_BYTES_MAX: number = 1 << 28;

/** How a trace ends (14.4). */
export interface TraceEnd {
  readonly header: TraceHeader;
  /** Whether the last event is RunEnd. */
  readonly finished: boolean;
  /** E_TRACE_TORN: what was dropped behind the last whole frame; null for a whole file. */
  readonly torn: Failure | null;
  /** Byte offset behind the last whole event. */
  readonly end: number;
}

/**
 * Hands every event to `take`. E_TRACE_CORRUPT with the offset (events before it were handed over
 * already: the caller must not use them), E_UNSUPPORTED_VERSION, E_IO.
 */
export function readEvents(
  path: string,
  take: (placed: PlacedEvent) => void,
): Result<TraceEnd, Failure> {
  const scanned = scan(path, take);
  if (!scanned.ok) return scanned;
  const { header, finished, torn, failure: corrupt, offset } = scanned.value;
  if (corrupt !== null) return err(corrupt);
  if (header === null) return err(noHeader(path));
  return ok({ header, finished, torn, end: offset });
}

/** What is whole at the beginning of a trace, whatever comes behind it (14.4). */
export interface Salvage {
  readonly header: TraceHeader;
  /** Bytes of the header and of the whole events. */
  readonly bytes: number;
  readonly finished: boolean;
  /** `E_TRACE_TORN` or `E_TRACE_CORRUPT`; null for a whole file. */
  readonly broken: Failure | null;
}

/** Hands over the whole events before the first that is not. E_UNSUPPORTED_VERSION, E_IO. */
export function salvageEvents(
  path: string,
  take: (placed: PlacedEvent) => void,
): Result<Salvage, Failure> {
  const scanned = scan(path, take);
  if (!scanned.ok) return scanned;
  const { header, finished, torn, failure: corrupt, offset } = scanned.value;
  if (header === null) return err(corrupt ?? noHeader(path));
  return ok({ header, bytes: offset, finished, broken: torn ?? corrupt });
}

type Scanned = Pick<ReturnType<Reader["end"]>, "torn" | "failure" | "offset"> & {
  readonly header: TraceHeader | null;
  readonly finished: boolean;
};

/** Reads a file of any form to its end, or to where it breaks. E_UNSUPPORTED_VERSION, E_IO. */
function scan(path: string, take: (placed: PlacedEvent) => void): Result<Scanned, Failure> {
  const opened = openChunks(path);
  if (!opened.ok) return opened;
  const { reader, chunks } = opened.value;
  let finished = false;
  const each = (placed: PlacedEvent): void => {
    finished = placed.event.kind === "RunEnd";
    take(placed);
  };
  for (const chunk of chunks) for (const placed of reader.push(chunk)) each(placed);
  const { events, ...end } = reader.end();
  for (const placed of events) each(placed);
  return ok({ ...end, header: reader.header(), finished });
}

function noHeader(subject: string): Failure {
  return failure("E_TRACE_CORRUPT", "load", "the trace has no header", { subject, offset: 0 });
}

/** The header alone. */
export function readHeader(path: string): Result<TraceHeader, Failure> {
  const opened = openChunks(path);
  if (!opened.ok) return opened;
  const { reader: scanner, chunks } = opened.value;
  for (const chunk of chunks) {
    scanner.push(chunk);
    const header = scanner.header();
    if (header !== null) return ok(header);
  }
  const end = scanner.end();
  const missing = failure("E_TRACE_CORRUPT", "load", "the trace ends inside its header", {
    subject: path,
    offset: 0,
  });
  return err(end.failure ?? missing);
}

/** What `pick` makes of the first event that it does not pass over; null without one. */
export function firstOf<T>(path: string, pick: (event: TraceEvent) => T | null): T | null {
  const opened = openChunks(path);
  if (!opened.ok) return null;
  const { reader, chunks } = opened.value;
  for (const chunk of chunks) {
    for (const { event } of reader.push(chunk)) {
      const picked = pick(event);
      if (picked !== null) return picked;
    }
  }
  return null;
}

/** Reads a trace that is pushed in chunks. */
export interface Reader {
  readonly push: (chunk: Uint8Array) => readonly PlacedEvent[];
  readonly end: () => {
    readonly events: readonly PlacedEvent[];
    readonly torn: Failure | null;
    readonly failure: Failure | null;
    readonly offset: number;
  };
  readonly header: () => TraceHeader | null;
}

/** A reader for a trace that may still grow. E_USAGE for a single document, which does not. */
export function growingReader(path: string): Result<Reader, Failure> {
  const form = formOf(path);
  if (!form.ok) return form;
  if (form.value === "binary") return ok(binaryReader(path));
  if (form.value === "lines") return ok(linesReader(path));
  const message = `'${path}' is a single document: only traces that are written can be followed`;
  return err(failure("E_USAGE", "analyze", message, { subject: path }));
}

function binaryReader(path: string): Reader {
  const scanner = new TraceScanner(path);
  return {
    push: (chunk) => scanner.push(chunk),
    header: () => scanner.header,
    end: () => ({ events: [], ...endOf(scanner.end()) }),
  };
}

function linesReader(path: string): Reader {
  const scanner = new JsonLinesScanner(path);
  return {
    push: (chunk) => scanner.push(chunk),
    header: () => scanner.header,
    end: () => {
      const { events, ending } = scanner.end();
      return { events, ...endOf(ending) };
    },
  };
}

type Ending = ReturnType<TraceScanner["end"]> | ReturnType<JsonLinesScanner["end"]>["ending"];

function endOf(ending: Ending): {
  readonly torn: Failure | null;
  readonly failure: Failure | null;
  readonly offset: number;
} {
  switch (ending.kind) {
    case "complete":
      return { torn: null, failure: null, offset: ending.tail.offset };
    case "torn":
      return { torn: ending.warning, failure: null, offset: ending.tail.offset };
    case "corrupt":
      return { torn: null, failure: ending.failure, offset: ending.tail.offset };
    default:
      return { torn: null, failure: ending.failure, offset: 0 };
  }
}

/** The chunks of a trace of any form; a single document as the lines that it stands for. */
export function traceChunks(path: string): Result<Iterable<Uint8Array>, Failure> {
  const form = formOf(path);
  if (!form.ok) return form;
  return form.value === "document" ? documentChunks(path) : ok(fileChunks(path));
}

interface Opened {
  readonly reader: Reader;
  readonly chunks: Iterable<Uint8Array>;
}

function openChunks(path: string): Result<Opened, Failure> {
  const form = formOf(path);
  if (!form.ok) return form;
  const reader = form.value === "binary" ? binaryReader(path) : linesReader(path);
  if (form.value !== "document") return ok({ reader, chunks: fileChunks(path) });
  const chunks = documentChunks(path);
  return chunks.ok ? ok({ reader, chunks: chunks.value }) : chunks;
}

function documentChunks(path: string): Result<Iterable<Uint8Array>, Failure> {
  if (statSync(path).size > TRACE_DOCUMENT_BYTES_MAX) {
    const message = `the document has more than ${TRACE_DOCUMENT_BYTES_MAX} bytes`;
    const hint = "Traces of any length are kept as binary files or as JSON lines.";
    return err(failure("E_MALFORMED", "load", message, { subject: path, hint }));
  }
  const text = readText(path, "load");
  if (!text.ok) return text;
  const trace = parseTraceDocument(text.value, path);
  return trace.ok ? ok(lineChunks(trace.value.header, trace.value.events)) : trace;
}

function* lineChunks(...trace: Parameters<typeof jsonLines>): Generator<Uint8Array, void> {
  for (const line of jsonLines(...trace)) yield utf8Encode(line);
}

const PEEK_BYTES = 1 << 16;

/**
 * A binary trace does not begin with a brace. The first line of JSON lines is an object without
 * events; a document has them in its first object, or goes on after the first line.
 */
export function formOf(path: string): Result<"binary" | "lines" | "document", Failure> {
  const peeked = peek(path);
  if (!peeked.ok) return peeked;
  if (!peeked.value.startsWith("{")) return ok("binary");
  const [line = ""] = peeked.value.split("\n", 1);
  const isDocument = line.trim() === "{" || /[^\\]"events"\s*:\s*\[/.test(line);
  return ok(isDocument ? "document" : "lines");
}

/** The first bytes, each as one character. */
function peek(path: string): Result<string, Failure> {
  try {
    const fd = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(PEEK_BYTES);
      return ok(bytes.toString("latin1", 0, readSync(fd, bytes, 0, PEEK_BYTES, 0)));
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return err(
      failure("E_IO", "load", `cannot read the trace '${path}': ${error.message}`, {
        subject: path,
      }),
    );
  }
}
