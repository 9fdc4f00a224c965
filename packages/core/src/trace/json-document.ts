// The single-document form of a trace (spec/formats.md 14.5): one JSON object with the fields of
// the header and the list of events. For tools that read whole documents; JSON lines can be
// streamed.

import {
  isJsonObject,
  jsonList,
  jsonRecord,
  jsonString,
  jsonU64,
  malformed,
  ownField,
} from "../commit/json-form.ts";
import type { Failure } from "../diagnostic/failure.ts";
import { parseDocument } from "../encoding/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import { type TraceEvent, traceEventJson } from "./events.ts";
import { isRunId, type TraceHeader } from "./header.ts";
import { headerFields, readHeaderFields } from "./json-lines.ts";

/** A trace as one document. */
export interface TraceDocument {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
}

/** `Trace` of 13.1: all that a document needs to have. */
interface BareTrace {
  readonly runId: string;
  readonly timestamp: bigint;
  readonly events: readonly TraceEvent[];
}

const bareTraceJson = jsonRecord<BareTrace>({
  runId: jsonString,
  timestamp: jsonU64,
  events: jsonList(traceEventJson),
});

/** The text of the single-document form in pieces, one per event, so that it can be streamed. */
export function* traceDocumentText(
  header: TraceHeader,
  events: Iterable<TraceEvent>,
): Generator<string, void> {
  const fields = Object.entries(headerFields(header));
  yield `{\n${fields.map(([key, value]) => `  "${key}": ${JSON.stringify(value)},\n`).join("")}`;
  yield '  "events": [';
  let separator = "\n";
  for (const event of events) {
    const text = JSON.stringify(traceEventJson.write(event), null, 2).replaceAll("\n", "\n    ");
    yield `${separator}    ${text}`;
    separator = ",\n";
  }
  yield separator === "\n" ? "]\n}\n" : "\n  ]\n}\n";
}

/**
 * Reads the single-document form. A document that has only `run_id`, `timestamp` and `events` gets
 * the rest of its header from its events. `E_MALFORMED` with a JSON pointer,
 * `E_UNSUPPORTED_VERSION`.
 */
export function parseTraceDocument(text: string, subject: string): Result<TraceDocument, Failure> {
  const doc = parseDocument(text, { subject, format: "trace" });
  if (!doc.ok) return doc;
  const trace = bareTraceJson.read(doc.value, "");
  if (!trace.ok) return err({ ...trace.error, subject, format: "trace" });
  const { runId, events } = trace.value;
  if (!isRunId(runId)) {
    return err({ ...malformed("/run_id", "a run id", runId), subject, format: "trace" });
  }
  const hasHeader = isJsonObject(doc.value) && ownField(doc.value, "raster_trace") !== undefined;
  if (!hasHeader) return ok({ header: headerOf(trace.value), events });
  const header = readHeaderFields(doc.value, subject);
  return header.ok ? ok({ header: header.value, events }) : header;
}

/** What Genesis says; who wrote the trace, and of which project, is not known. */
function headerOf({ runId, timestamp, events }: BareTrace): TraceHeader {
  const [first] = events;
  const step = first?.kind === "TileStep" ? first : null;
  const genesis = step?.record.kind === "Genesis" ? step.record : null;
  return {
    runId,
    timestamp,
    project: "",
    programId: genesis?.programId ?? null,
    schemaHash: genesis?.schemaHash ?? null,
    entry: genesis?.entry ?? "",
    mode: "Native",
    io: step === null || step.input === null ? "Digest" : "Inline",
    deterministic: timestamp === 0n,
    producer: "",
  };
}
