// JSON lines of a trace (spec/formats.md 14.5), read in one pass with constant memory. Lossless
// both ways with the binary form. The single document is in `json-document.ts`.

import { isJsonObject, malformed, ownField } from "../commit/json-form.ts";
import { type Failure, failure, unsupportedVersion } from "../diagnostic/failure.ts";
import { parseDocument } from "../encoding/index.ts";
import { utf8Decode } from "../hash/index.ts";
import { assert, err, ok, type Result } from "../result/result.ts";
import { type TraceEvent, traceEventJson } from "./events.ts";
import { isRunId, TRACE_VERSIONS, type TraceHeader, traceHeaderJson } from "./header.ts";
import type { PlacedEvent } from "./reader.ts";

/** Longest line: a frame of 16 MiB with its bytes in hex, and room for the keys. */
export const LINE_BYTES_MAX: number = 1 << 26;

const LINE_FEED = 0x0a;

/** First line of a trace as JSON lines, with its line feed. */
export function headerLine(header: TraceHeader): string {
  return `${JSON.stringify(headerFields(header))}\n`;
}

/** The fields of a header after its version, in the order in which they are written. */
export function headerFields(header: TraceHeader): { readonly [key: string]: unknown } {
  const fields = traceHeaderJson.write(header);
  assert(isJsonObject(fields), "a header is written as an object");
  return { raster_trace: TRACE_VERSIONS.at(-1), ...fields };
}

/** Line of an event, with its line feed. */
export function eventLine(event: TraceEvent): string {
  return `${JSON.stringify(traceEventJson.write(event))}\n`;
}

/** The lines of a trace. */
export function* jsonLines(
  header: TraceHeader,
  events: Iterable<TraceEvent>,
): Generator<string, void> {
  yield headerLine(header);
  for (const event of events) yield eventLine(event);
}

/** How far a JSON lines trace could be read: everything before `offset`. */
export interface LinesTail {
  readonly offset: number;
  readonly events: number;
  readonly finished: boolean;
}

/** How a JSON lines trace ends; as for the binary form. */
export type LinesEnding =
  | { readonly kind: "complete"; readonly tail: LinesTail }
  | { readonly kind: "torn"; readonly tail: LinesTail; readonly warning: Failure }
  | { readonly kind: "corrupt"; readonly tail: LinesTail; readonly failure: Failure }
  | { readonly kind: "refused"; readonly failure: Failure };

/** Reads JSON lines pushed in chunks of bytes. Offsets of events are those of their lines. */
export class JsonLinesScanner {
  readonly #subject: string;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #header: TraceHeader | null = null;
  /** The first line that cannot be accepted; nothing is read after it. */
  #failure: Failure | null = null;
  #tail: LinesTail = { offset: 0, events: 0, finished: false };

  /** `subject` names the trace in failures. */
  constructor(subject: string) {
    this.#subject = subject;
  }

  /** The header, once its line has been read. */
  get header(): TraceHeader | null {
    return this.#header;
  }

  /** Takes the next bytes of the file and returns the events whose lines they complete. */
  push(chunk: Uint8Array): readonly PlacedEvent[] {
    const events: PlacedEvent[] = [];
    let rest = chunk;
    while (this.#failure === null) {
      const end = rest.indexOf(LINE_FEED);
      if (end < 0) break;
      this.#keep(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      if (this.#failure === null) this.#line(this.#takePending(), events);
    }
    if (this.#failure === null) this.#keep(rest);
    return events;
  }

  /**
   * To be called after the last byte. A last line without line feed that is whole gives one more
   * event.
   */
  end(): { readonly events: readonly PlacedEvent[]; readonly ending: LinesEnding } {
    const events: PlacedEvent[] = [];
    let warning: Failure | null = null;
    if (this.#failure === null && this.#pendingBytes > 0) {
      const droppedBytes = this.#pendingBytes;
      const line = this.#takePending();
      if (this.#header !== null && !this.#parse(line).ok) warning = this.#torn(droppedBytes);
      else this.#line(line, events);
    }
    if (this.#header === null) {
      const refused = this.#failure ?? this.#corrupt("the file has no header line", null);
      return { events, ending: { kind: "refused", failure: refused } };
    }
    return { events, ending: this.#ending(warning) };
  }

  #ending(warning: Failure | null): LinesEnding {
    const tail = this.#tail;
    if (this.#failure !== null) return { kind: "corrupt", tail, failure: this.#failure };
    return warning === null ? { kind: "complete", tail } : { kind: "torn", tail, warning };
  }

  #keep(bytes: Uint8Array): void {
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes > LINE_BYTES_MAX) {
      this.#failure = this.#corrupt("a line is too long", null);
    } else if (bytes.length > 0) {
      this.#pending.push(bytes.slice());
    }
  }

  #takePending(): Uint8Array {
    const line = new Uint8Array(this.#pendingBytes);
    let at = 0;
    for (const part of this.#pending) {
      line.set(part, at);
      at += part.length;
    }
    this.#pending = [];
    this.#pendingBytes = 0;
    return line;
  }

  #parse(line: Uint8Array): Result<unknown, Failure> {
    const text = utf8Decode(line);
    if (text === null) return err(failure("E_MALFORMED", "load", "a line is not valid UTF-8"));
    return parseDocument(text, { subject: this.#subject });
  }

  #line(line: Uint8Array, events: PlacedEvent[]): void {
    const doc = this.#parse(line);
    const { offset, events: index } = this.#tail;
    const nextOffset = offset + line.length + 1;
    if (!doc.ok) {
      this.#failure = this.#corrupt("a line is not JSON", doc.error);
    } else if (this.#header === null) {
      const header = readHeaderFields(doc.value, this.#subject);
      if (header.ok) this.#header = header.value;
      else this.#failure = header.error;
      this.#tail = { ...this.#tail, offset: nextOffset };
    } else {
      const event = traceEventJson.read(doc.value, "");
      if (!event.ok) {
        this.#failure = this.#corrupt("a line is not an event", event.error);
        return;
      }
      events.push({ event: event.value, index, offset });
      const finished = event.value.kind === "RunEnd";
      this.#tail = { offset: nextOffset, events: index + 1, finished };
    }
  }

  #corrupt(what: string, cause: Failure | null): Failure {
    const { offset, events } = this.#tail;
    const line = this.#header === null ? 1 : events + 2;
    return failure("E_TRACE_CORRUPT", "trace", `${what} (line ${line})`, {
      subject: this.#subject,
      offset,
      details: { line },
      ...(cause === null ? {} : { cause }),
    });
  }

  #torn(droppedBytes: number): Failure {
    const { offset } = this.#tail;
    const message = `the trace is cut at byte ${offset}: ${droppedBytes} bytes are dropped`;
    return failure("E_TRACE_TORN", "trace", message, {
      subject: this.#subject,
      offset,
      details: { dropped_bytes: droppedBytes },
    });
  }
}

/** The header among the fields of a parsed object; E_MALFORMED, E_UNSUPPORTED_VERSION. */
export function readHeaderFields(doc: unknown, subject: string): Result<TraceHeader, Failure> {
  const more = { subject, format: "trace" };
  const found = isJsonObject(doc) ? ownField(doc, "raster_trace") : undefined;
  if (typeof found !== "string") {
    return err({ ...malformed("/raster_trace", "a version string", found), ...more });
  }
  const supported = TRACE_VERSIONS;
  if (!supported.includes(found)) {
    return err(unsupportedVersion({ ...more, found, supported, path: "/raster_trace" }));
  }
  const header = traceHeaderJson.read(doc, "");
  if (!header.ok) return err({ ...header.error, ...more });
  if (isRunId(header.value.runId)) return ok(header.value);
  return err({ ...malformed("/run_id", "a run id", header.value.runId), ...more });
}
