// Reading a trace file of either form, event by event, with memory for one chunk (formats 14).

import { closeSync, openSync, readSync } from "node:fs";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import {
  JsonLinesScanner,
  type PlacedEvent,
  type TraceHeader,
  TraceScanner,
} from "@lumen/core/trace";
import { fileChunks } from "./trace-file.ts";

/** How a trace ends (14.4). */
export interface TraceEnd {
  readonly header: TraceHeader;
  /** Whether the last event is RunEnd. */
  readonly finished: boolean;
  /** E_TRACE_TORN: what was dropped behind the last whole frame; null for a whole file. */
  readonly torn: Failure | null;
}

/**
 * Hands every event to `take`. E_TRACE_CORRUPT with the offset (events before it were handed over
 * already: the caller must not use them), E_UNSUPPORTED_VERSION, E_IO.
 */
export function readEvents(
  path: string,
  take: (placed: PlacedEvent) => void,
): Result<TraceEnd, Failure> {
  const form = formOf(path);
  if (!form.ok) return form;
  const scanner = form.value === "lines" ? linesReader(path) : binaryReader(path);
  let finished = false;
  const each = (placed: PlacedEvent): void => {
    finished = placed.event.kind === "RunEnd";
    take(placed);
  };
  for (const chunk of fileChunks(path)) for (const placed of scanner.push(chunk)) each(placed);
  const end = scanner.end();
  for (const placed of end.events) each(placed);
  if (end.failure !== null) return err(end.failure);
  const header = scanner.header();
  if (header === null)
    return err(
      failure("E_TRACE_CORRUPT", "load", "the trace has no header", { subject: path, offset: 0 }),
    );
  return ok({ header, finished, torn: end.torn });
}

/** The header alone. */
export function readHeader(path: string): Result<TraceHeader, Failure> {
  let header: TraceHeader | null = null;
  const form = formOf(path);
  if (!form.ok) return form;
  const scanner = form.value === "lines" ? linesReader(path) : binaryReader(path);
  for (const chunk of fileChunks(path)) {
    scanner.push(chunk);
    header = scanner.header();
    if (header !== null) return ok(header);
  }
  const end = scanner.end();
  const missing = failure("E_TRACE_CORRUPT", "load", "the trace ends inside its header", {
    subject: path,
    offset: 0,
  });
  return err(end.failure ?? missing);
}

interface Reader {
  readonly push: (chunk: Uint8Array) => readonly PlacedEvent[];
  readonly end: () => {
    readonly events: readonly PlacedEvent[];
    readonly torn: Failure | null;
    readonly failure: Failure | null;
  };
  readonly header: () => TraceHeader | null;
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
} {
  switch (ending.kind) {
    case "complete":
      return { torn: null, failure: null };
    case "torn":
      return { torn: ending.warning, failure: null };
    default:
      return { torn: null, failure: ending.failure };
  }
}

/** The two forms differ in their first byte. */
function formOf(path: string): Result<"binary" | "lines", Failure> {
  try {
    const fd = openSync(path, "r");
    const first = new Uint8Array(1);
    const count = readSync(fd, first, 0, 1, 0);
    closeSync(fd);
    return ok(count === 1 && first[0] === 0x7b ? "lines" : "binary");
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return err(
      failure("E_IO", "load", `cannot read the trace '${path}': ${error.message}`, {
        subject: path,
      }),
    );
  }
}
