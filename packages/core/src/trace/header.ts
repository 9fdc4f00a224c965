// The header of a trace file (spec/formats.md 14.1): what run this is, before the first event.

import {
  type JsonForm,
  jsonBool,
  jsonChoice,
  jsonHex,
  jsonOption,
  jsonRecord,
  jsonString,
  jsonU64,
} from "../commit/json-form.ts";
import { type Failure, failure, unsupportedVersion } from "../diagnostic/failure.ts";
import { decodeWith, encodeWith, type WireCodec, wire } from "../encoding/index.ts";
import { crc32, equalBytes, taggedHash, utf8Encode } from "../hash/index.ts";
import { assert, err, ok, type Result } from "../result/result.ts";
import { wireChoice } from "./event-fields.ts";

/** Format versions of traces that this release reads, newest last (2.1). */
export const TRACE_VERSIONS: readonly string[] = ["1.0"];

/** A header larger than this is refused before it is read. */
export const TRACE_HEADER_BYTES_MAX: number = 1 << 20;

/** Magic, version and length: what must be read before the size of the header is known. */
export const TRACE_PREFIX_BYTES = 16;

const MAGIC = utf8Encode("RSTRACE\n");
const MAJOR = 1;
const MINOR = 0;
const CRC_BYTES = 4;
const MODES = ["Native", "Estimate", "Prove", "Preview", "Replay"] as const;
const IO_MODES = ["Digest", "Inline"] as const;

/** How the tiles of a run were executed. */
export type TraceMode = (typeof MODES)[number];

/** Whether the trace holds the bytes of values, or their digests only (15.2). */
export type TraceIo = (typeof IO_MODES)[number];

/** Header of a trace. `timestamp`: nanoseconds since the Unix epoch, 0 in deterministic mode. */
export interface TraceHeader {
  readonly runId: string;
  readonly timestamp: bigint;
  readonly project: string;
  readonly programId: Uint8Array | null;
  readonly schemaHash: Uint8Array | null;
  readonly entry: string;
  readonly mode: TraceMode;
  readonly io: TraceIo;
  readonly deterministic: boolean;
  readonly producer: string;
}

/** JSON form of the header fields (14.5). */
export const traceHeaderJson: JsonForm<TraceHeader> = jsonRecord<TraceHeader>({
  runId: jsonString,
  timestamp: jsonU64,
  project: jsonString,
  programId: jsonOption(jsonHex(32), { omit: false }),
  schemaHash: jsonOption(jsonHex(32), { omit: false }),
  entry: jsonString,
  mode: jsonChoice(MODES),
  io: jsonChoice(IO_MODES),
  deterministic: jsonBool,
  producer: jsonString,
});

/** Whether a text is a run id: `[A-Za-z0-9._-]{1,128}` (1.2). Run ids become file names. */
export function isRunId(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,128}$/.test(text) && text !== "." && text !== "..";
}

/** All header bytes of a trace file. */
export function encodeTraceHeader(header: TraceHeader): Uint8Array {
  assert(isRunId(header.runId), "the run id is well formed");
  const body = encodeWith(headerCodec, header);
  assert(body.length <= TRACE_HEADER_BYTES_MAX, "the header is within its limit");
  const bytes = new Uint8Array(TRACE_PREFIX_BYTES + body.length + CRC_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  view.setUint16(8, MAJOR, true);
  view.setUint16(10, MINOR, true);
  view.setUint32(12, body.length, true);
  bytes.set(body, TRACE_PREFIX_BYTES);
  view.setUint32(TRACE_PREFIX_BYTES + body.length, crc32(body), true);
  return bytes;
}

/** Start of the frame chain, c0 (14.3). */
export function chainStart(headerBytes: Uint8Array): Uint8Array {
  return taggedHash("raster.frame.v1", headerBytes);
}

/**
 * Number of header bytes, from the first 16 or more bytes of a file; with fewer, or another magic,
 * `E_TRACE_CORRUPT`; with another version `E_UNSUPPORTED_VERSION`.
 */
export function traceHeaderSize(bytes: Uint8Array, subject: string): Result<number, Failure> {
  const known = Math.min(bytes.length, MAGIC.length);
  if (!equalBytes(bytes.subarray(0, known), MAGIC.subarray(0, known))) {
    return err(corruptHeader(subject, 0, "this is not a trace file"));
  }
  if (bytes.length < 12) return err(corruptHeader(subject, bytes.length, ENDS_INSIDE));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [major, minor] = [view.getUint16(8, true), view.getUint16(10, true)];
  if (major !== MAJOR || minor > MINOR) {
    const found = `${major}.${minor}`;
    const supported = TRACE_VERSIONS;
    return err(unsupportedVersion({ format: "trace", found, supported, subject }));
  }
  if (bytes.length < TRACE_PREFIX_BYTES) {
    return err(corruptHeader(subject, bytes.length, ENDS_INSIDE));
  }
  const bodyBytes = view.getUint32(12, true);
  if (bodyBytes > TRACE_HEADER_BYTES_MAX) {
    return err(corruptHeader(subject, 12, "the header length is out of range"));
  }
  return ok(TRACE_PREFIX_BYTES + bodyBytes + CRC_BYTES);
}

/** Reads the header of a trace; `E_TRACE_CORRUPT` or `E_UNSUPPORTED_VERSION` (14.1). */
export function decodeTraceHeader(
  bytes: Uint8Array,
  subject: string,
): Result<{ readonly header: TraceHeader; readonly headerBytes: Uint8Array }, Failure> {
  const size = traceHeaderSize(bytes, subject);
  if (!size.ok) return size;
  if (bytes.length < size.value) return err(corruptHeader(subject, bytes.length, ENDS_INSIDE));
  const headerBytes = bytes.slice(0, size.value);
  const crcOffset = size.value - CRC_BYTES;
  const body = headerBytes.subarray(TRACE_PREFIX_BYTES, crcOffset);
  if (new DataView(headerBytes.buffer).getUint32(crcOffset, true) !== crc32(body)) {
    return err(corruptHeader(subject, crcOffset, "the header check does not match"));
  }
  const header = decodeWith(headerCodec, body, { subject });
  if (!header.ok) {
    const refusal = corruptHeader(subject, TRACE_PREFIX_BYTES, "the header does not decode");
    return err({ ...refusal, cause: header.error });
  }
  if (!isRunId(header.value.runId)) {
    return err(corruptHeader(subject, TRACE_PREFIX_BYTES, "the run id is not well formed"));
  }
  return ok({ header: header.value, headerBytes });
}

const ENDS_INSIDE = "the file ends inside the header";

function corruptHeader(subject: string, offset: number, what: string): Failure {
  return failure("E_TRACE_CORRUPT", "trace", what, { subject, offset });
}

const bigU64: WireCodec<bigint> = {
  minBytes: 1,
  encode: (writer, value) => writer.u64(value),
  decode: (reader) => BigInt(reader.u64()),
};

const headerCodec: WireCodec<TraceHeader> = wire.record<TraceHeader>({
  runId: wire.string,
  timestamp: bigU64,
  project: wire.string,
  programId: wire.option(wire.hash32),
  schemaHash: wire.option(wire.hash32),
  entry: wire.string,
  mode: wireChoice(MODES),
  io: wireChoice(IO_MODES),
  deterministic: wire.bool,
  producer: wire.string,
});
