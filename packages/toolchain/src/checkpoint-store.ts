// Snapshots of runs on disk: `target/raster/checkpoints/RUN/N.lsnap`, found from the trace of the
// run (formats 8.1, 30).

import { dirname, join } from "node:path";
import type { Failure } from "@lumen/core/diagnostic";
import { sha256 } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";
import type { CellRecorder } from "@lumen/raster";
import type { CheckpointStore, Network, Scrub } from "@lumen/runtime";
import { writeFileDurably } from "./files.ts";

/** The event of a snapshot in a trace. */
export type CheckpointEvent = TraceEvent & { readonly kind: "Checkpoint" };

/** `RUN/N.lsnap`, as events name a file: no other path is ever opened. */
const FILE = /^([A-Za-z0-9][A-Za-z0-9_-]*)\/([1-9]\d{0,8})\.lsnap$/;

/** The id under which a run can go on with a snapshot. */
export function snapshotId(runId: string, number: number): string {
  return `${runId}.${number}`;
}

/** The id of the snapshot that an event names. */
export function idOfFile(file: string): string {
  const [, runId = "", number = ""] = FILE.exec(file) ?? [];
  return snapshotId(runId, Number(number));
}

/** Run and number of a snapshot id; null for what is none. */
export function parseSnapshotId(text: string): { runId: string; number: number } | null {
  const [, runId, number] = /^(.+)\.([1-9]\d{0,8})$/.exec(text) ?? [];
  return runId === undefined ? null : { runId, number: Number(number) };
}

/** The name of a snapshot in its event. */
export function snapshotFile(runId: string, number: number): string {
  return `${runId}/${number}.lsnap`;
}

/** Where the snapshot of an event is; null where the event names no snapshot. */
export function snapshotPath(tracePath: string, file: string): string | null {
  return FILE.test(file) ? join(dirname(tracePath), "..", "checkpoints", file) : null;
}

/** The number of the first snapshot that a run makes after these events. */
export function nextNumber(runId: string, events: readonly TraceEvent[]): number {
  let last = 0;
  for (const event of events) {
    const [, run, number] = event.kind === "Checkpoint" ? (FILE.exec(event.file) ?? []) : [];
    if (run === runId) last = Math.max(last, Number(number));
  }
  return last + 1;
}

/** Keeps the snapshots of a run that is recorded: first the file, then its event. */
export function checkpointStore(run: {
  readonly tracePath: string;
  readonly runId: string;
  readonly programId: Uint8Array;
  readonly recorder: CellRecorder;
  readonly network: Pick<Network, "isOpen">;
  /** Null where there are no secrets. */
  readonly scrub: Scrub | null;
  /** The number of the first snapshot. */
  readonly first: number;
}): CheckpointStore {
  const { tracePath, runId, programId, recorder, network, scrub } = run;
  let next = run.first;
  const save = (bytes: Uint8Array): Result<string, Failure> => {
    const number = next;
    const file = snapshotFile(runId, number);
    const path = join(dirname(tracePath), "..", "checkpoints", file);
    const written = writeFileDurably(path, bytes, "execute");
    if (!written.ok) return written;
    next += 1;
    recorder.noteCheckpoint({ state: sha256(bytes), file });
    return recorder.failure === null ? ok(snapshotId(runId, number)) : err(recorder.failure);
  };
  return {
    programId,
    save,
    obstacle: () => (network.isOpen() ? "open socket" : null),
    refusal: (bytes) => {
      const name = scrub?.heldBy(bytes) ?? null;
      return name === null ? null : `the program holds the value of the secret ${name}`;
    },
  };
}
