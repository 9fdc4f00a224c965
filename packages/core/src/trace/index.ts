// Entry point `@lumen/core/trace`.
export type { ErrorDomain, ErrorInfo, FutureState, Payload, RunEndStatus } from "./event-fields.ts";
export {
  EVENT_TABLE,
  type EventName,
  type TraceEvent,
  type TraceEventOf,
  traceEventCodec,
  traceEventJson,
} from "./events.ts";
export {
  type EncodedFrame,
  encodeFrame,
  FRAME_OVERHEAD_BYTES,
  FRAME_PAYLOAD_BYTES_MAX,
  startTrace,
} from "./frames.ts";
export {
  chainStart,
  decodeTraceHeader,
  encodeTraceHeader,
  isRunId,
  TRACE_HEADER_BYTES_MAX,
  TRACE_VERSIONS,
  type TraceHeader,
  type TraceIo,
  type TraceMode,
} from "./header.ts";
export { parseTraceDocument, type TraceDocument, traceDocumentText } from "./json-document.ts";
export {
  eventLine,
  headerLine,
  JsonLinesScanner,
  jsonLines,
  LINE_BYTES_MAX,
  type LinesEnding,
  type LinesTail,
} from "./json-lines.ts";
export { NestingChecker } from "./nesting.ts";
export {
  type ByteSource,
  chunksOf,
  type PlacedEvent,
  readTrace,
  readWholeTrace,
  type TraceEnding,
  TraceScanner,
  type TraceTail,
  type WholeTrace,
} from "./reader.ts";
export { stateLogNext, stateLogStart } from "./state-log.ts";
