// `lumen trace recover`: what is whole of a trace that a crash or a disk broke (formats 14.4).

import { closeSync, statSync } from "node:fs";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { refuse, type UseCase } from "./refusal.ts";
import { toSink } from "./trace-export.ts";
import { cutFile, fileChunks } from "./trace-file.ts";
import { lockTrace } from "./trace-lock.ts";
import { formOf, type Salvage, salvageEvents } from "./trace-read.ts";
import { findTrace } from "./trace-store.ts";

/** The trace, and where its whole part goes. */
export interface RecoverRequest {
  /** Run id or file; undefined: the newest trace of the project. */
  readonly trace: string | undefined;
  readonly projectFolder: string;
  /** undefined: the trace itself is cut, which is possible where only its tail is torn. */
  readonly out: string | undefined;
}

/** What was found and kept. */
export interface RecoverReport extends Omit<Salvage, "header"> {
  readonly path: string;
  readonly runId: string;
  /** The file that holds the whole part; null where nothing had to be done. */
  readonly kept: string | null;
  readonly events: number;
  readonly steps: number;
  readonly droppedBytes: number;
}

/**
 * Keeps the whole events at the beginning of a trace. `E_TRACE_CORRUPT` for one that is damaged
 * before its end and has no other file to go to: what follows the damage would be lost.
 */
export function recoverTrace(request: RecoverRequest): UseCase<RecoverReport> {
  const found = findTrace(request.trace, request.projectFolder);
  if (!found.ok) return refuse(found.error);
  const path = found.value;
  const form = formOf(path);
  if (!form.ok) return refuse(form.error);
  if (form.value === "document") return refuse(noRun(path));
  let events = 0;
  let steps = 0;
  const read = salvageEvents(path, ({ event }) => {
    events += 1;
    const kind = event.kind === "TileStep" ? event.record.kind : null;
    if (kind === "Tile" || kind === "Request") steps += 1;
  });
  if (!read.ok) return refuse(read.error);
  const { header, ...salvage } = read.value;
  const kept = keep(path, salvage, request.out);
  if (!kept.ok) return refuse(kept.error);
  const droppedBytes = kept.value.size - salvage.bytes;
  const counts = { events, steps, droppedBytes: Math.max(0, droppedBytes) };
  return ok({ path, runId: header.runId, kept: kept.value.file, ...salvage, ...counts });
}

/** Writes or cuts; the size is that of the trace before. */
function keep(
  path: string,
  { broken, bytes }: Omit<Salvage, "header">,
  out: string | undefined,
): Result<{ readonly file: string | null; readonly size: number }, Failure> {
  const { size } = statSync(path);
  if (out !== undefined) {
    const copied = copyStart(path, bytes, out);
    return copied.ok ? ok({ file: out, size }) : copied;
  }
  if (broken === null) return ok({ file: null, size });
  if (broken.code !== "E_TRACE_TORN") {
    const hint = "lumen trace recover TRACE --output FILE writes the events before the damage.";
    return err({ ...broken, hint });
  }
  const lock = lockTrace(path);
  if (!lock.ok) return lock;
  const cut = cutFile(path, bytes);
  if (cut.ok) closeSync(cut.value);
  lock.value.release();
  return cut.ok ? ok({ file: path, size }) : cut;
}

/** The first bytes of a file as another file, which is there whole or not at all. */
function copyStart(path: string, bytes: number, out: string): Result<unknown, Failure> {
  return toSink(out, (write) => {
    let left = bytes;
    for (const chunk of fileChunks(path)) {
      const part = chunk.subarray(0, Math.min(left, chunk.length));
      left -= part.length;
      const written = write(part);
      if (!written.ok) return written;
      if (left === 0) break;
    }
    return ok(0);
  });
}

function noRun(path: string): Failure {
  const message = "a trace in one document was exported whole: there is nothing to recover";
  return failure("E_MALFORMED", "load", message, { subject: path });
}
