// Where a run stands that goes on from a snapshot (formats 14.4, 30): the machine is that of the
// snapshot, what is around it is what the events before the snapshot tell.

import { encodeValue } from "@lumen/core/encoding";
import { equalBytes, sha256 } from "@lumen/core/hash";
import { assert, err, ok, type Result } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";
import type { OpenRequest, RunRecorder } from "@lumen/raster";
import {
  type Journal,
  type JournalAnswer,
  type JournalRequest,
  TOOL_EFFECT,
  toolOperation,
} from "@lumen/runtime";
import {
  type LinkedProgram,
  type Machine,
  type MachineOptions,
  type Request,
  restoreMachine,
} from "@lumen/vm";
import { type CheckpointEvent, idOfFile, snapshotPath } from "../checkpoint-store.ts";
import { readBytes } from "../files.ts";
import { RunReader } from "../recorded-run.ts";

/** A run that begins in the middle. */
export interface SnapshotStart {
  /** Makes the machine of the snapshot. */
  readonly machine: (program: LinkedProgram, options: MachineOptions) => Machine;
  /** Requests that it waits for and that are in the journal, in the order of asking. */
  readonly open: readonly { readonly request: OpenRequest; readonly number: number }[];
  /** How many requests the journal has before it. */
  readonly count: number;
  /** Those of them that nobody waits for. */
  readonly before: readonly JournalRequest[];
}

/** A snapshot that can be used, and what comes after it. */
export interface UsableSnapshot {
  /** Position of its event. */
  readonly at: number;
  readonly event: CheckpointEvent;
  readonly bytes: Uint8Array;
  /** What the machine waits for. */
  readonly pending: readonly Request[];
}

/** The newest snapshot that can be used; `warn` is told about those that cannot. */
export function newestSnapshot(
  from: {
    readonly tracePath: string;
    readonly events: readonly TraceEvent[];
    readonly program: LinkedProgram;
    readonly programId: Uint8Array;
  },
  warn: (text: string) => void,
): UsableSnapshot | null {
  for (let at = from.events.length - 1; at >= 0; at -= 1) {
    const event = from.events[at];
    if (event?.kind !== "Checkpoint") continue;
    const usable = readSnapshot({ ...from, event });
    if (usable.ok) return { at, event, ...usable.value };
    warn(`the snapshot ${event.file} is not used: ${usable.error}`);
  }
  return null;
}

/** Reads the snapshot of an event; the error says why it cannot be used. */
export function readSnapshot(from: {
  readonly tracePath: string;
  readonly event: CheckpointEvent;
  readonly program: LinkedProgram;
  readonly programId: Uint8Array;
}): Result<Pick<UsableSnapshot, "bytes" | "pending">, string> {
  const { event, program, programId } = from;
  const path = snapshotPath(from.tracePath, event.file);
  if (path === null) return err("the trace names no file of a snapshot");
  const read = readBytes(path, "load");
  if (!read.ok) return err(read.error.message);
  const bytes = read.value;
  if (!equalBytes(sha256(bytes), event.state)) return err("the file is not the one that was made");
  const machine = restoreMachine(program, bytes, { programId });
  if (!machine.ok) return err(machine.error.message);
  const state = machine.value.run();
  if (state.kind !== "suspended") return err("its machine waits for nothing");
  return ok({ bytes, pending: state.requests });
}

/** An open request in the journal, with the task that asked it. */
interface OpenEntry {
  readonly number: number;
  readonly span: number;
  readonly task: number;
}

/**
 * Puts the recorder where the run stood at the snapshot, and finds in the journal what the machine
 * waits for.
 */
export function startAt(
  snapshot: UsableSnapshot,
  events: readonly TraceEvent[],
  { recorder, programId }: { readonly recorder: RunRecorder; readonly programId: Uint8Array },
): SnapshotStart {
  const before = events.slice(0, snapshot.at);
  const bySpan = new Map(recorder.restore(before).map((request) => [request.span, request]));
  const { entries, requests } = askedIn(before);
  const open = snapshot.pending.flatMap((request) => {
    const entry = entries.findLast((candidate) => candidate.task === request.task);
    const found = entry === undefined ? undefined : bySpan.get(entry.span);
    if (entry === undefined || found === undefined || !isCallOf(found, request)) return [];
    return [{ request: found, number: entry.number }];
  });
  const numbers = new Set(open.map(({ number }) => number));
  return {
    machine: (program, options) => {
      const machine = restoreMachine(program, snapshot.bytes, { ...options, programId });
      assert(machine.ok, "the snapshot was read before");
      return machine.value;
    },
    open,
    count: requests.length,
    before: requests.filter((_, number) => !numbers.has(number)),
  };
}

/** A task has one request at a time; one that the policy refuses is not in the journal. */
function isCallOf({ call }: OpenRequest, request: Request): boolean {
  if (request.kind === "tile") return false;
  if (request.kind === "tool") return call.kind === "tool";
  return (
    call.kind === "effect" && call.effect === request.effect && call.operation === request.operation
  );
}

/** All requests of the events, and those without an answer. */
function askedIn(events: readonly TraceEvent[]): {
  readonly entries: readonly OpenEntry[];
  readonly requests: readonly JournalRequest[];
} {
  const requests: JournalRequest[] = [];
  const open = new Map<number, OpenEntry>();
  /** Futures by the span of their beginning. */
  const tasks = new Map<number, number>();
  for (const event of events) {
    if (event.kind === "FutureSpawn") tasks.set(event.span, event.future);
    else if (event.kind === "ToolResult" || event.kind === "EffectResume") open.delete(event.span);
    else if (event.kind === "ToolCall" || event.kind === "EffectPerform") {
      const { span, parent } = event;
      const task = tasks.get(parent) ?? 0;
      open.set(span, { number: requests.length, span, task });
      const args = event.args.kind === "Inline" ? event.args.bytes : new Uint8Array();
      requests.push({ ...nameOf(event), args, task });
    }
  }
  return { entries: [...open.values()], requests };
}

function nameOf(
  event: TraceEvent & { readonly kind: "ToolCall" | "EffectPerform" },
): Pick<JournalRequest, "effect" | "operation"> {
  if (event.kind === "EffectPerform") return { effect: event.effect, operation: event.operation };
  const operation = toolOperation({ id: event.tool, version: event.version });
  return { effect: TOOL_EFFECT, operation };
}

/** The journal from a snapshot on: first what is open there, then what was asked later. */
export function journalFrom(
  start: SnapshotStart,
  { at, event }: Pick<UsableSnapshot, "at" | "event">,
  events: readonly TraceEvent[],
): Journal {
  const whole = journalOf(events);
  const entered = journalOf(events.slice(0, at)).answers.length;
  const numbers = [
    ...start.open.map(({ number }) => number),
    ...[...whole.requests.keys()].filter((number) => number >= start.count),
  ];
  const position = new Map(numbers.map((number, i) => [number, i]));
  const answers = whole.answers.slice(entered).map(({ request, answer }) => ({
    // What nobody asked since cannot be answered: the run diverges where it waits for it.
    request: position.get(request) ?? -1,
    answer,
  }));
  const answered = new Set(answers.map(({ request }) => request));
  // The snapshot was made for these: where it went on, they have its id.
  const made = start.open.flatMap(({ request: { call } }, request) => {
    const isMade = call.kind === "effect" && `${call.effect}.${call.operation}` === CHECKPOINT;
    return isMade && !answered.has(request) ? [{ request, answer: idAnswer(event) }] : [];
  });
  return {
    requests: numbers.flatMap((number) => whole.requests[number] ?? []),
    answers: [...answers, ...made],
  };
}

const CHECKPOINT = "state.checkpoint";

function idAnswer({ file }: CheckpointEvent): JournalAnswer {
  const id = encodeValue("json", idOfFile(file));
  return { ok: true, result: id.ok ? id.value : new Uint8Array() };
}

function journalOf(events: readonly TraceEvent[]): Journal {
  const reader = new RunReader();
  for (const event of events) reader.take(event);
  return reader.end().journal;
}
