// `lumen analyze --follow`: the figures of a run while it goes on. Frames are read as they are
// appended, each once; what a verifier says comes when the run has ended.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { RunPicture } from "@lumen/analysis";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import {
  type AnalysisPass,
  type AnalyzeReport,
  type AnalyzeRequest,
  analyze,
  openAnalysis,
} from "./analyze.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { isBeingWritten } from "./trace-lock.ts";
import { growingReader, type Reader } from "./trace-read.ts";
import { findTrace } from "./trace-store.ts";

/** How often is looked for more. */
const POLL_MS = 200;

/** Bytes that are read at a time. */
const CHUNK_BYTES = 1 << 16;

/** What is followed. */
export interface FollowRequest extends AnalyzeRequest {
  /** Told of the run so far, whenever there was more of it. */
  readonly update: (picture: RunPicture) => void;
  /** Waits between two looks; a timer when absent. */
  readonly wait?: (ms: number) => Promise<void>;
}

/**
 * Follows a trace until its run has ended, or nobody writes it any more; then analyses it whole.
 * A trace that another command cuts (14.4) is read anew.
 */
export async function follow(request: FollowRequest): Promise<UseCase<AnalyzeReport>> {
  const path = findTrace(request.trace, request.projectFolder);
  if (!path.ok) return refuse(path.error);
  const wait = request.wait ?? ((ms) => new Promise((resolve) => setTimeout(resolve, ms)));
  const tail = Tail.open(path.value, request);
  if (!tail.ok) return refuse(tail.error);
  for (;;) {
    // Asked before reading: what was written before the writer left is read then.
    const isWritten = isBeingWritten(path.value);
    const more = tail.value.read();
    if (!more.ok) return refuse(more.error);
    const picture = more.value ? tail.value.picture() : null;
    if (picture !== null) request.update(picture);
    if (tail.value.isFinished || (!more.value && !isWritten)) break;
    await wait(POLL_MS);
  }
  return analyze({ ...request, trace: path.value });
}

/** A trace that grows, and the pass over it. */
class Tail {
  readonly #path: string;
  readonly #request: AnalyzeRequest;
  #reader: Reader;
  #pass: AnalysisPass | null = null;
  #offset = 0;
  isFinished = false;

  private constructor(path: string, request: AnalyzeRequest, reader: Reader) {
    this.#path = path;
    this.#request = request;
    this.#reader = reader;
  }

  static open(path: string, request: AnalyzeRequest): Result<Tail, Failure> {
    const reader = growingReader(path);
    return reader.ok ? ok(new Tail(path, request, reader.value)) : reader;
  }

  /** The run so far; null before its header is there. */
  picture(): RunPicture | null {
    return this.#pass?.picture() ?? null;
  }

  /** Reads what has come; whether there was any. */
  read(): Result<boolean, Failure> {
    try {
      const descriptor = openSync(this.#path, "r");
      try {
        return this.#readFrom(descriptor);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      const message = `cannot read the trace '${this.#path}': ${error.message}`;
      return err(failure("E_IO", "analyze", message, { subject: this.#path }));
    }
  }

  #readFrom(descriptor: number): Result<boolean, Failure> {
    const { size } = fstatSync(descriptor);
    if (size < this.#offset) {
      const reader = growingReader(this.#path);
      if (!reader.ok) return reader;
      this.#reader = reader.value;
      this.#pass = null;
      this.#offset = 0;
    }
    const before = this.#offset;
    while (this.#offset < size) {
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, size - this.#offset));
      const count = readSync(descriptor, chunk, 0, chunk.length, this.#offset);
      if (count === 0) break;
      this.#offset += count;
      const taken = this.#take(chunk.subarray(0, count));
      if (!taken.ok) return taken;
    }
    return ok(this.#offset > before);
  }

  #take(chunk: Uint8Array): Result<null, Failure> {
    const events = this.#reader.push(chunk);
    const header = this.#reader.header();
    if (header === null) return ok(null);
    if (this.#pass === null) {
      const opened = openAnalysis(header, this.#request, { program: null });
      if (!opened.ok) return err(opened.error.failure);
      this.#pass = opened.value;
    }
    for (const { event } of events) {
      this.#pass.add(event);
      this.isFinished = event.kind === "RunEnd";
    }
    return ok(null);
  }
}
