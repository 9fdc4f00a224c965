// Binary traces on disk (spec/formats.md 14): written frame by frame, read in chunks.

import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import type { TraceEvent, TraceHeader } from "@lumen/core/trace";
import { binaryTracer, continuedBinaryTracer, type Tracer } from "@lumen/raster";
import { makeFolder } from "@lumen/runtime";

/** Events after which the default mode syncs: what came before them should survive a power cut. */
const SYNCED: readonly TraceEvent["kind"][] = [
  "RunEnd",
  "Checkpoint",
  "TileFailure",
  "SequenceFailure",
];

/** Bytes that are read at a time. */
const CHUNK_BYTES = 1 << 16;

/** A tracer that writes a file, and where the file is. */
export interface FileTracer extends Tracer {
  readonly path: string;
}

/**
 * Creates a trace file. Each frame is one write, so a killed process leaves at most a torn tail.
 * `durable` syncs every frame. `existing`: a new run id has no file, so one that is there is E_IO
 * (`refuse`); the run id of a deterministic run is a function of the run, so that its file is
 * written again (`replace`).
 */
export function createTraceFile(
  path: string,
  header: TraceHeader,
  options: { readonly durable: boolean; readonly existing: "refuse" | "replace" },
): Result<FileTracer, Failure> {
  const opened = attempt(path, () => {
    makeFolder(dirname(path));
    return openSync(path, options.existing === "replace" ? "w" : "wx");
  });
  if (!opened.ok) return opened;
  const fd = opened.value;
  const inner = binaryTracer(header, (bytes) => attempt(path, () => writeAll(fd, bytes)));
  return ok(fileTracer(path, fd, inner, options.durable));
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
  const fd = opened.value;
  const write = (bytes: Uint8Array) => attempt(path, () => writeAll(fd, bytes));
  return ok(fileTracer(path, fd, continuedBinaryTracer(tail.chain, write), durable));
}

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

function fileTracer(path: string, fd: number, inner: Tracer, durable: boolean): FileTracer {
  return {
    path,
    recordEvent: (event) => {
      const recorded = inner.recordEvent(event);
      if (!recorded.ok) return recorded;
      const sync = durable || SYNCED.includes(event.kind);
      return sync ? attempt(path, () => syncFile(fd)) : recorded;
    },
    finalize: () => {
      const finalized = inner.finalize();
      const closed = attempt(path, () => closeFile(fd));
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
