// Traces on disk (spec/formats.md 14): written frame by frame or line by line, read in chunks.

import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { utf8Encode } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import type { TraceEvent, TraceHeader } from "@lumen/core/trace";
import {
  binaryTracer,
  continuedBinaryTracer,
  continuedLinesTracer,
  jsonLinesTracer,
  type Recorded,
  type Tracer,
} from "@lumen/raster";
import { makeFolder } from "@lumen/runtime";

/** Events after which the default mode syncs: what came before them should survive a power cut. */
const SYNCED: readonly TraceEvent["kind"][] = [
  "RunEnd",
  "Checkpoint",
  "TileFailure",
  "SequenceFailure",
];

/**
 * Events that may wait for a few more, to be written with them: what a kill in between takes away
 * is what pure code gives again. All others are written at once, with everything before them.
 */
const WAITING: ReadonlySet<TraceEvent["kind"]> = new Set<TraceEvent["kind"]>([
  "TileStart",
  "TileStep",
  "TileEnd",
  "SequenceStart",
  "SequenceEnd",
  "LoopIteration",
]);

/** How long they wait at most while events come, and how many bytes of them. */
export const WAITING_MS_MAX = 5;
export const WAITING_BYTES_MAX: number = 1 << 16;

/** Bytes that are read at a time. */
const CHUNK_BYTES = 1 << 16;

/** A tracer that writes a file, and where the file is. `finalize` may be called again. */
export interface FileTracer extends Tracer {
  readonly path: string;
}

/**
 * Creates a trace file. Whole frames are appended, those of tiles several at a time, so a killed
 * process leaves at most a torn tail. `durable` writes and syncs every frame. `existing`: a new run
 * id has no file, so one that is there is E_IO (`refuse`); the run id of a deterministic run is a
 * function of the run, so that its file is written again (`replace`).
 */
export function createTraceFile(
  path: string,
  header: TraceHeader,
  options: NewTraceFile,
): Result<FileTracer, Failure> {
  return createFile(path, options, (sink) => binaryTracer(header, (bytes) => sink.take(bytes)));
}

/** The same as JSON lines (14.5): a killed process leaves at most a part of the last line. */
export function createLinesFile(
  path: string,
  header: TraceHeader,
  options: NewTraceFile,
): Result<FileTracer, Failure> {
  return createFile(path, options, (sink) =>
    jsonLinesTracer(header, (line) => sink.take(utf8Encode(line))),
  );
}

/** How a trace file is made. */
export interface NewTraceFile {
  readonly durable: boolean;
  readonly existing: "refuse" | "replace";
}

function createFile(
  path: string,
  { durable, existing }: NewTraceFile,
  tracerTo: (sink: FrameSink) => Tracer,
): Result<FileTracer, Failure> {
  const opened = attempt(path, () => {
    makeFolder(dirname(path));
    return openSync(path, existing === "replace" ? "w" : "wx");
  });
  if (!opened.ok) return opened;
  const sink = new FrameSink(path, opened.value);
  return ok(fileTracer(sink, tracerTo(sink), durable));
}

/**
 * Goes on with a trace file: cuts it to `tail.offset`, syncs, and continues its chain. Frames are
 * written as {@link createTraceFile} does.
 */
export function continueTraceFile(
  path: string,
  tail: { readonly offset: number; readonly chain: Uint8Array },
  { durable }: { readonly durable: boolean },
): Result<FileTracer, Failure> {
  const opened = cutFile(path, tail.offset);
  if (!opened.ok) return opened;
  const sink = new FrameSink(path, opened.value);
  const inner = continuedBinaryTracer(tail.chain, (bytes) => sink.take(bytes));
  return ok(fileTracer(sink, inner, durable));
}

/** Goes on with JSON lines behind their first `bytes` bytes, the end of a line or of the file. */
export function continueLinesFile(
  path: string,
  bytes: number,
  { durable }: { readonly durable: boolean },
): Result<FileTracer, Failure> {
  const size = attempt(path, () => statSync(path).size);
  if (!size.ok) return size;
  const opened = cutFile(path, Math.min(bytes, size.value));
  if (!opened.ok) return opened;
  const sink = new FrameSink(path, opened.value);
  // A last line may be whole without its line end.
  if (bytes > size.value) sink.take(LINE_END);
  const inner = continuedLinesTracer((line) => sink.take(utf8Encode(line)));
  return ok(fileTracer(sink, inner, durable));
}

const LINE_END = utf8Encode("\n");

/** Opens a file to append to it, without what stands behind `bytes`; its descriptor. */
export function cutFile(path: string, bytes: number): Result<number, Failure> {
  return attempt(path, () => {
    const fd = openSync(path, "r+");
    ftruncateSync(fd, bytes);
    fsyncSync(fd);
    closeSync(fd);
    return openSync(path, "a");
  });
}

/** Frames on their way to the file. */
class FrameSink {
  readonly path: string;
  readonly #fd: number;
  readonly #waiting = new Uint8Array(WAITING_BYTES_MAX);
  #count = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #isOpen = true;

  constructor(path: string, fd: number) {
    this.path = path;
    this.#fd = fd;
  }

  /** Puts a frame behind those that wait. */
  take(bytes: Uint8Array): Recorded {
    if (this.#count + bytes.length > WAITING_BYTES_MAX) {
      const written = this.flush();
      if (!written.ok) return written;
    }
    if (bytes.length > WAITING_BYTES_MAX) return this.#write(bytes);
    this.#waiting.set(bytes, this.#count);
    this.#count += bytes.length;
    return WRITTEN;
  }

  /** Whether what waits has waited long enough. */
  get isDue(): boolean {
    return performance.now() - this.#writtenAt >= WAITING_MS_MAX;
  }

  /** Writes what waits. */
  flush(): Recorded {
    if (this.#count === 0) return WRITTEN;
    const bytes = this.#waiting.subarray(0, this.#count);
    this.#count = 0;
    return this.#write(bytes);
  }

  sync(): Recorded {
    return attempt(this.path, () => syncFile(this.#fd));
  }

  /** Writes what waits and closes the file; again: nothing. */
  close(): Recorded {
    if (!this.#isOpen) return WRITTEN;
    this.#isOpen = false;
    const written = this.flush();
    const closed = attempt(this.path, () => closeFile(this.#fd));
    return written.ok ? closed : written;
  }

  #write(bytes: Uint8Array): Recorded {
    this.#writtenAt = performance.now();
    return attempt(this.path, () => writeAll(this.#fd, bytes));
  }
}

const WRITTEN: Recorded = ok(null);

function fileTracer(sink: FrameSink, inner: Tracer, durable: boolean): FileTracer {
  return {
    path: sink.path,
    recordEvent: (event) => {
      const recorded = inner.recordEvent(event);
      if (!recorded.ok) return recorded;
      const mayWait = !durable && WAITING.has(event.kind);
      if (mayWait && !sink.isDue) return recorded;
      const written = sink.flush();
      if (!written.ok) return written;
      return durable || SYNCED.includes(event.kind) ? sink.sync() : written;
    },
    finalize: () => {
      const finalized = inner.finalize();
      const closed = sink.close();
      return finalized.ok ? closed : finalized;
    },
  };
}

function writeAll(fd: number, bytes: Uint8Array): null {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at);
  return null;
}

function syncFile(fd: number): null {
  fdatasyncSync(fd);
  return null;
}

function closeFile(fd: number): null {
  closeSync(fd);
  return null;
}

function attempt<T>(path: string, action: () => T): Result<T, Failure> {
  try {
    return ok(action());
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return err(
      failure("E_IO", "trace", `cannot write the trace '${path}': ${error.message}`, {
        subject: path,
      }),
    );
  }
}

/** The bytes of a file, a chunk at a time; the same file can be read again. */
export function* fileChunks(path: string): Generator<Uint8Array> {
  const fd = openSync(path, "r");
  try {
    let left = fstatSync(fd).size;
    while (left > 0) {
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, left));
      const count = readSync(fd, chunk, 0, chunk.length, null);
      if (count === 0) return;
      left -= count;
      yield chunk.subarray(0, count);
    }
  } finally {
    closeSync(fd);
  }
}
