// Reads a trace file in one pass with constant memory and decides how it ends: complete, torn or
// corrupt (spec/formats.md 14.4). Where the bytes come from is the caller's business.

import { type Failure, failure } from "../diagnostic/failure.ts";
import { decodeWith } from "../encoding/index.ts";
import { assert, err, ok, type Result } from "../result/result.ts";
import { type TraceEvent, traceEventCodec } from "./events.ts";
import {
  checkFrame,
  FRAME_OVERHEAD_BYTES,
  FRAME_PAYLOAD_BYTES_MAX,
  framePayload,
} from "./frames.ts";
import {
  chainStart,
  decodeTraceHeader,
  TRACE_PREFIX_BYTES,
  type TraceHeader,
  traceHeaderSize,
} from "./header.ts";

/** An event with its position among the events and the byte offset of its frame. */
export interface PlacedEvent {
  readonly event: TraceEvent;
  readonly index: number;
  readonly offset: number;
}

/** What a writer needs to append to a trace: cut the file to `offset`, continue `chain`. */
export interface TraceTail {
  readonly offset: number;
  readonly chain: Uint8Array;
  /** Number of events before `offset`. */
  readonly events: number;
  /** Whether the last of them is RunEnd: the run finished. */
  readonly finished: boolean;
}

const LENGTH_BYTES = 4;
const CHUNK_BYTES = 65_536;
const NOTHING = new Uint8Array(0);

/**
 * How a trace ends (14.4). Of a torn one, the events before the cut count and `warning` is
 * `E_TRACE_TORN`; those of a corrupt one count only where recovery was asked for. `refused`: the
 * header cannot be read, there are no events.
 */
export type TraceEnding =
  | { readonly kind: "complete"; readonly tail: TraceTail }
  | {
      readonly kind: "torn";
      readonly tail: TraceTail;
      readonly droppedBytes: number;
      readonly warning: Failure;
    }
  | { readonly kind: "corrupt"; readonly tail: TraceTail; readonly failure: Failure }
  | { readonly kind: "refused"; readonly failure: Failure };

/** A frame that does not fit. `end`: where it would end, null when its length is out of range. */
interface BadFrame {
  readonly end: number | null;
  readonly what: string;
  readonly cause: Failure | null;
}

/**
 * Reads a trace pushed in chunks of any size. Memory: one chunk with its events, and one frame.
 * Linear: an unfinished frame is put together once, when its last byte is there.
 */
export class TraceScanner {
  readonly #subject: string;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Bytes that must be there before anything more can be read. */
  #neededBytes = TRACE_PREFIX_BYTES;
  #header: TraceHeader | null = null;
  #refusal: Failure | null = null;
  #bad: BadFrame | null = null;
  #tail: TraceTail = { offset: 0, chain: new Uint8Array(0), events: 0, finished: false };
  #totalBytes = 0;
  /** Whether every byte from the bad frame on is zero. */
  #restIsZero = true;

  /** `subject` names the trace in failures. */
  constructor(subject: string) {
    this.#subject = subject;
  }

  /** The header, once it has been read. */
  get header(): TraceHeader | null {
    return this.#header;
  }

  /** Takes the next bytes of the file and returns the events that they complete. */
  push(chunk: Uint8Array): readonly PlacedEvent[] {
    this.#totalBytes += chunk.length;
    if (this.#refusal !== null) return [];
    if (this.#bad !== null) {
      this.#restIsZero &&= isZero(chunk);
      return [];
    }
    if (this.#pendingBytes + chunk.length < this.#neededBytes) {
      this.#keep(chunk);
      return [];
    }
    let bytes = this.#pendingBytes === 0 ? chunk : join([...this.#pending, chunk]);
    this.#pending = [];
    this.#pendingBytes = 0;
    const events: PlacedEvent[] = [];
    if (this.#header === null) bytes = this.#takeHeader(bytes);
    if (this.#header !== null) bytes = this.#takeFrames(bytes, events);
    this.#keep(bytes);
    return events;
  }

  /** To be called after the last byte: how the trace ends. */
  end(): TraceEnding {
    if (this.#header === null) {
      const refused = this.#refusal ?? this.#headerRefusal();
      return { kind: "refused", failure: refused };
    }
    const tail = this.#tail;
    const droppedBytes = this.#totalBytes - tail.offset;
    if (droppedBytes === 0) return { kind: "complete", tail };
    const bad = this.#bad;
    const isTorn =
      bad === null ||
      droppedBytes < FRAME_OVERHEAD_BYTES ||
      this.#restIsZero ||
      bad.end === this.#totalBytes;
    if (!isTorn) return { kind: "corrupt", tail, failure: this.#corrupt(bad) };
    const message = `the trace is cut at byte ${tail.offset}: ${droppedBytes} bytes are dropped`;
    const warning = failure("E_TRACE_TORN", "trace", message, {
      subject: this.#subject,
      offset: tail.offset,
      details: { dropped_bytes: droppedBytes },
    });
    return { kind: "torn", tail, droppedBytes, warning };
  }

  #takeHeader(bytes: Uint8Array): Uint8Array {
    const size = traceHeaderSize(bytes, this.#subject);
    if (size.ok && bytes.length < size.value) {
      this.#neededBytes = size.value;
      return bytes;
    }
    const read = decodeTraceHeader(bytes, this.#subject);
    if (!read.ok) {
      this.#refusal = read.error;
      return NOTHING;
    }
    const { header, headerBytes } = read.value;
    this.#header = header;
    this.#tail = { ...this.#tail, offset: headerBytes.length, chain: chainStart(headerBytes) };
    return bytes.subarray(headerBytes.length);
  }

  /** The refusal of a file that ended before its header did. */
  #headerRefusal(): Failure {
    const read = decodeTraceHeader(join(this.#pending), this.#subject);
    assert(!read.ok, "a header that is whole has been taken");
    return read.error;
  }

  /** Reads the whole frames at the front of `bytes` into `events`; returns the rest. */
  #takeFrames(bytes: Uint8Array, events: PlacedEvent[]): Uint8Array {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (bytes.length - at >= LENGTH_BYTES) {
      const payloadBytes = view.getUint32(at, true);
      if (payloadBytes < 1 || payloadBytes > FRAME_PAYLOAD_BYTES_MAX) {
        const what = `a frame length of ${payloadBytes} bytes is out of range`;
        return this.#stop(bytes.subarray(at), { end: null, what, cause: null });
      }
      const frameBytes = payloadBytes + FRAME_OVERHEAD_BYTES;
      this.#neededBytes = frameBytes;
      if (bytes.length - at < frameBytes) return bytes.subarray(at);
      const placed = this.#takeFrame(bytes.subarray(at, at + frameBytes));
      if (!placed.ok) return this.#stop(bytes.subarray(at), placed.error);
      at += frameBytes;
      events.push(placed.value);
    }
    this.#neededBytes = LENGTH_BYTES;
    return bytes.subarray(at);
  }

  #takeFrame(frame: Uint8Array): Result<PlacedEvent, BadFrame> {
    const { offset, events: index } = this.#tail;
    const end = offset + frame.length;
    const chain = checkFrame(this.#tail.chain, frame);
    if (chain === null) return err({ end, what: "the check of a frame fails", cause: null });
    const event = decodeWith(traceEventCodec, framePayload(frame), { subject: this.#subject });
    if (!event.ok) return err({ end, what: "an event does not decode", cause: event.error });
    const finished = event.value.kind === "RunEnd";
    this.#tail = { offset: end, chain, events: index + 1, finished };
    return ok({ event: event.value, index, offset });
  }

  /** No frame is read after a bad one; what it means is known at the end of the file only. */
  #stop(rest: Uint8Array, bad: BadFrame): Uint8Array {
    this.#bad = bad;
    this.#restIsZero = isZero(rest);
    return NOTHING;
  }

  /** Keeps a copy, since the caller may use its buffer again. */
  #keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pending.push(bytes.slice());
    this.#pendingBytes += bytes.length;
  }

  #corrupt(bad: BadFrame): Failure {
    const { offset } = this.#tail;
    return failure("E_TRACE_CORRUPT", "trace", `${bad.what} at byte ${offset}`, {
      subject: this.#subject,
      offset,
      ...(bad.cause === null ? {} : { cause: bad.cause }),
    });
  }
}

/** Bytes at any position, such as an open file. `read` gives fewer bytes at the end only. */
export interface ByteSource {
  read(offset: number, length: number): Uint8Array;
}

/** The chunks of a byte source from its beginning, for {@link readTrace}. */
export function* chunksOf(
  source: ByteSource,
  chunkBytes: number = CHUNK_BYTES,
): Generator<Uint8Array, void> {
  for (let offset = 0; ; ) {
    const chunk = source.read(offset, chunkBytes);
    if (chunk.length === 0) return;
    yield chunk;
    offset += chunk.length;
  }
}

/**
 * Yields the events of a trace while it is read, and returns how it ends. Whoever does not recover
 * must discard them when the ending is `corrupt`.
 */
export function* readTrace(
  chunks: Iterable<Uint8Array>,
  scanner: TraceScanner,
): Generator<PlacedEvent, TraceEnding> {
  for (const chunk of chunks) yield* scanner.push(chunk);
  return scanner.end();
}

/** A whole trace in memory. */
export interface WholeTrace {
  readonly header: TraceHeader;
  readonly events: readonly PlacedEvent[];
  readonly ending: TraceEnding;
}

/**
 * Reads a trace that is in memory. A corrupt one is its `E_TRACE_CORRUPT`, unless `recover` is set;
 * a torn or unfinished one is not an error (14.4).
 */
export function readWholeTrace(
  bytes: Uint8Array,
  options: { readonly subject: string; readonly recover?: boolean },
): Result<WholeTrace, Failure> {
  const scanner = new TraceScanner(options.subject);
  const events = [...scanner.push(bytes)];
  const ending = scanner.end();
  if (ending.kind === "refused") return err(ending.failure);
  if (ending.kind === "corrupt" && options.recover !== true) return err(ending.failure);
  assert(scanner.header !== null, "a trace that is not refused has a header");
  return ok({ header: scanner.header, events, ending });
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}
