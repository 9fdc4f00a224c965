// Turns what happens in a run into trace events, step records and the Merkle log over them
// (spec/formats.md 13, 16). Knows spans and time; what the records say is made by its callers:
// `runner.ts` for sequences, `cell-recorder.ts` for cells.

import {
  type GenesisRecord,
  leafOf,
  MerkleLog,
  type Outcome,
  type PathElem,
  type RequestRecord,
  type StepRecord,
  type TileRecord,
  traceCommitment,
} from "@lumen/core/commit";
import type { Failure } from "@lumen/core/diagnostic";
import { encodeWith, valueDigest, wire } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import { assert, err, ok, type Result, required } from "@lumen/core/result";
import {
  type ErrorInfo,
  type Payload,
  type RunEndStatus,
  stateLogNext,
  stateLogStart,
  type TraceEvent,
  type TraceIo,
} from "@lumen/core/trace";
import type { TileProof } from "./backend.ts";
import type { Tracer } from "./tracers.ts";

/**
 * Time of a run. `monotonic`: `now` gives whole nanoseconds since the run started and never goes
 * back. `logical` (deterministic mode): the timestamp of an event is its index, durations are 0.
 */
export type TraceClock =
  | { readonly kind: "monotonic"; readonly now: () => number }
  | { readonly kind: "logical" };

/** Where a run is recorded. */
export interface RecorderOptions {
  readonly tracer: Tracer;
  readonly io: TraceIo;
  readonly clock: TraceClock;
}

/** What a recorded run came to. `steps` counts Tile and Request records, `size` all records. */
export interface RunSummary {
  readonly steps: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly commitment: Uint8Array;
}

/** A tile that starts. */
export interface TileCall {
  readonly tileId: string;
  readonly iteration: number | null;
  readonly path: readonly PathElem[];
  /** The future whose task calls it; nothing for the entry. */
  readonly task?: number;
}

/** The record of a tile and how it ran. `output` is null for a failed one. */
export interface RecordedTile {
  readonly record: TileRecord;
  readonly backend: string;
  readonly methodId: Uint8Array;
  readonly input: Uint8Array;
  readonly output: Uint8Array | null;
  readonly proof: TileProof | null;
}

/** A task that begins. */
export interface FutureStart {
  /** From 1. */
  readonly future: number;
  readonly by: number;
  readonly cell: string;
}

/** A task that ends. */
export interface FutureEnd {
  readonly future: number;
  readonly state: "Ok" | "Err" | "Cancelled";
  readonly result: Uint8Array;
}

/** A move of a process. `given`: wire bytes of what it was done with. */
export interface StateMove {
  readonly process: string;
  readonly move: string;
  readonly given: Uint8Array;
  /** The future whose task did it, 0 for the entry. */
  readonly task: number;
}

/** A question that leaves the machine, `args` by the types of 15.4. */
export type RequestCall =
  | {
      readonly kind: "effect";
      readonly effect: string;
      readonly operation: string;
      readonly args: Uint8Array;
    }
  | {
      readonly kind: "tool";
      readonly tool: string;
      readonly version: string | null;
      readonly alias: string;
      readonly provider: string;
      readonly policy: string | null;
      readonly args: Uint8Array;
    };

/**
 * An answer: bytes of the result, or of the error value (15.4). The rest is kept for tools only.
 */
export interface RequestAnswer {
  readonly ok: boolean;
  readonly result: Uint8Array;
  readonly attempts?: number;
  readonly cached?: boolean;
  /** Differences from the declared type that did no harm (language 11.4). */
  readonly drifts?: readonly {
    readonly at: string;
    readonly expected: string;
    readonly found: string;
  }[];
}

/** A request that waits for its answer. */
export interface OpenRequest {
  readonly span: number;
  readonly call: RequestCall;
  readonly startedAt: number;
}

interface OpenSpan {
  readonly id: number;
  readonly kind: "tile" | "sequence" | "cell";
  readonly name: string;
  readonly startedAt: number;
}

type RunEventStep = Omit<Extract<TraceEvent, { kind: "TileStep" }>, "kind">;

const NO_BYTES = new Uint8Array(0);

/**
 * Records one run. A tracer that fails is remembered in `failure`: nothing is recorded
 * after it, and whoever drives the run stops it.
 */
export class RunRecorder {
  readonly #tracer: Tracer;
  readonly #io: TraceIo;
  readonly #clock: TraceClock;
  readonly #log = new MerkleLog();
  readonly #open: OpenSpan[] = [];
  #failure: Failure | null = null;
  #genesis: GenesisRecord | null = null;
  #events = 0;
  #lastSpan = 0;
  #steps = 0;
  #depth = 0;
  /** Spans of tasks that have not ended, by future. */
  readonly #futures = new Map<number, number>();
  /** How far the log of each process is. */
  readonly #logs = new Map<string, { readonly sequenceNo: number; readonly after: Uint8Array }>();
  /** Spans of requests that are not answered. */
  readonly #asking = new Set<number>();

  constructor(options: RecorderOptions) {
    this.#tracer = options.tracer;
    this.#io = options.io;
    this.#clock = options.clock;
  }

  /** The failure of a tracer, if there was one. */
  get failure(): Failure | null {
    return this.#failure;
  }

  /** Steps so far: the index of the next Tile or Request record. */
  get steps(): number {
    return this.#steps;
  }

  /** Number of open spans, requests apart: what the recorder's memory depends on. */
  get openSpans(): number {
    return this.#open.length;
  }

  /** Whether bytes of values are stored beside their digests (15.2). */
  get inline(): boolean {
    return this.#io === "Inline";
  }

  /** The first event: Genesis with the external inputs. */
  begin(genesis: GenesisRecord, inputs: readonly Uint8Array[]): void {
    assert(this.#genesis === null, "a run begins once");
    this.#genesis = genesis;
    const input = this.inline ? encodeWith(wire.list(wire.bytes), inputs) : null;
    this.#record({ record: genesis, input });
  }

  /**
   * Stands where a run stood after these events, its first ones; they are not recorded again. The
   * requests that are open then, in the order of asking.
   */
  restore(events: Iterable<TraceEvent>): readonly OpenRequest[] {
    assert(this.#genesis === null, "a run begins once");
    const asking = new Map<number, OpenRequest>();
    for (const event of events) {
      const request = openRequestOf(event, this.inline);
      if (request !== null) asking.set(request.span, request);
      if (event.kind === "ToolResult" || event.kind === "EffectResume") asking.delete(event.span);
      this.#retrace(event);
    }
    for (const span of asking.keys()) this.#asking.add(span);
    return [...asking.values()];
  }

  /** A snapshot was made; beside the events of the run, which it does not count among. */
  noteCheckpoint(checkpoint: { readonly state: Uint8Array; readonly file: string }): void {
    const event = { kind: "Checkpoint", timestamp: this.#time(), steps: this.#steps } as const;
    this.#emit({ ...event, ...checkpoint });
    this.#events -= 1;
  }

  /** A sequence starts inside the innermost open span. */
  startSequence(name: string, path: readonly PathElem[]): void {
    const depth = this.#depth;
    const { span, parent, timestamp } = this.#start("sequence", name);
    this.#emit({ kind: "SequenceStart", span, parent, name, timestamp, depth, path });
  }

  /** The innermost open span, a sequence, ends. */
  endSequence(): void {
    const { id: span, name, timestamp, durationNs } = this.#end("sequence");
    this.#emit({ kind: "SequenceEnd", span, name, timestamp, durationNs });
  }

  /** The innermost open span, a sequence, ends with a failure. */
  failSequence(error: ErrorInfo): void {
    const { id: span, name, timestamp } = this.#end("sequence");
    this.#emit({ kind: "SequenceFailure", span, name, timestamp, error });
  }

  /** An iteration of a loop begins. */
  markIteration(itemId: string, iteration: number): void {
    const parent = this.#open.at(-1)?.id ?? 0;
    const timestamp = this.#time();
    const span = this.#nextSpan();
    this.#emit({ kind: "LoopIteration", span, parent, itemId, iteration, timestamp });
  }

  /** A cell starts. */
  startCell(cell: string): void {
    const depth = this.#depth;
    const { span, parent, timestamp } = this.#start("cell", cell);
    this.#emit({ kind: "CellStart", span, parent, cell, timestamp, depth });
  }

  /** The innermost open span, a cell, ends, however it does. */
  endCell(): void {
    const { id: span, timestamp, durationNs } = this.#end("cell");
    this.#emit({ kind: "CellEnd", span, timestamp, durationNs });
  }

  /** A tile starts. */
  startTile({ tileId, iteration, path, task = 0 }: TileCall): void {
    const depth = this.#depth;
    const { span, parent, timestamp } = this.#start("tile", tileId, this.#inside(task));
    this.#emit({ kind: "TileStart", span, parent, tileId, timestamp, depth, iteration, path });
  }

  /** The record of the innermost open span, a tile; once, before that ends. */
  recordTile(tile: RecordedTile): void {
    const span = required(this.#open.at(-1), "a tile is open").id;
    const { record, backend, methodId, proof } = tile;
    this.#record({
      span,
      record,
      backend,
      methodId,
      input: this.inline ? tile.input : null,
      output: this.inline ? tile.output : null,
      proofCycles: proof?.proofCycles ?? null,
      receipt: proof?.receipt ?? null,
      verified: proof?.verified ?? null,
    });
  }

  /** The innermost open span, a tile, ends. */
  endTile(cycles: number | null): void {
    const { id: span, name: tileId, timestamp, durationNs } = this.#end("tile");
    this.#emit({ kind: "TileEnd", span, tileId, timestamp, durationNs, cycles });
  }

  /** The innermost open span, a tile, ends with a failure. */
  failTile(error: ErrorInfo): void {
    const { id: span, name: tileId, timestamp } = this.#end("tile");
    this.#emit({ kind: "TileFailure", span, tileId, timestamp, error });
  }

  /** A task begins; `by` is the task that spawned it, 0 for the entry. */
  startFuture({ future, by, cell }: FutureStart): void {
    const parent = this.#inside(by);
    const timestamp = this.#time();
    const span = this.#nextSpan();
    this.#futures.set(future, span);
    this.#emit({ kind: "FutureSpawn", span, parent, future, cell, timestamp });
  }

  /** A task ends. `result`: the message of its error as `json`, empty without one. */
  endFuture({ future, state, result }: FutureEnd): void {
    assert(this.#futures.delete(future), "a task that ends has begun");
    const timestamp = this.#time();
    this.#emit({ kind: "FutureResolve", future, timestamp, state, result: this.#payload(result) });
  }

  /** The state of a process moved; its log gets one more version (13.4). */
  moveState({ process, move: transition, given, task }: StateMove): void {
    const known = this.#logs.get(process);
    const before = known?.after ?? stateLogStart(process);
    const sequenceNo = (known?.sequenceNo ?? 0) + 1;
    const after = stateLogNext(before, { kind: transition, given });
    this.#logs.set(process, { sequenceNo, after });
    const span = this.#inside(task);
    const timestamp = this.#time();
    const event = { span, process, transition, sequenceNo, before, after, timestamp };
    this.#emit({ kind: "StateTransition", ...event });
  }

  /** A request leaves the machine. Each task has one at a time; one may never be answered. */
  openRequest(call: RequestCall, task = 0): OpenRequest {
    const parent = this.#inside(task);
    const startedAt = this.#time();
    const span = this.#nextSpan();
    this.#asking.add(span);
    const base = { span, parent, timestamp: startedAt, args: this.#payload(call.args) };
    if (call.kind === "effect") {
      const { effect, operation } = call;
      this.#emit({ kind: "EffectPerform", ...base, effect, operation });
    } else {
      const { tool, version, alias, provider, policy } = call;
      this.#emit({ kind: "ToolCall", ...base, tool, version, alias, provider, policy });
    }
    return { span, call, startedAt };
  }

  /** The answer of a request enters the machine, and its record directly after it (13.2). */
  closeRequest(request: OpenRequest, answer: RequestAnswer, record: RequestRecord): void {
    const { span, call, startedAt } = request;
    assert(this.#asking.delete(span), "an answer belongs to an open request");
    const timestamp = this.#time();
    const base = { span, timestamp, ok: answer.ok, result: this.#payload(answer.result) };
    if (call.kind === "effect") {
      this.#emit({ kind: "EffectResume", ...base });
    } else {
      for (const drift of answer.drifts ?? [])
        this.#emit({ kind: "SchemaDrift", span, tool: call.tool, ...drift, timestamp });
      const durationNs = this.#elapsed(startedAt, timestamp);
      const { attempts = 1, cached = false } = answer;
      this.#emit({ kind: "ToolResult", ...base, durationNs, attempts, cached });
    }
    this.#record({ span, record });
  }

  /** The end of a run: Final and RunEnd. `output`: bytes of the run's value if it has one. */
  finish(outcome: Outcome, output: Uint8Array | null): Result<RunSummary, Failure> {
    const stored = this.inline && outcome.kind === "Ok" ? output : null;
    this.#record({ record: { kind: "Final", steps: this.#steps, outcome }, output: stored });
    return this.#close(outcome.kind === "Ok" ? "Ok" : "Failed");
  }

  /** The end of a run that the host stopped: RunEnd without Final, which is not verifiable. */
  abort(): Result<RunSummary, Failure> {
    return this.#close("Aborted");
  }

  /** Bytes, or their digest and length (13.2). */
  #payload(bytes: Uint8Array): Payload {
    if (this.inline) return { kind: "Inline", bytes };
    return { kind: "Digest", digest: valueDigest(bytes), length: bytes.length };
  }

  #close(status: RunEndStatus): Result<RunSummary, Failure> {
    const { schemaHash } = required(this.#genesis, "a run that ends has begun");
    const timestamp = this.#time();
    const durationNs = this.#elapsed(0, timestamp);
    const { size } = this.#log;
    const root = this.#log.root();
    const steps = this.#steps;
    this.#emit({ kind: "RunEnd", timestamp, durationNs, steps, size, root, status });
    if (this.#failure !== null) return err(this.#failure);
    const finalized = this.#tracer.finalize();
    if (!finalized.ok) return finalized;
    return ok({ steps, size, root, commitment: traceCommitment({ size, root, schemaHash }) });
  }

  /** Where a span of a task starts: inside the innermost of the entry, or in the task. */
  #inside(task: number): number {
    if (task === 0) return this.#open.at(-1)?.id ?? 0;
    return required(this.#futures.get(task), "the task has begun and not ended");
  }

  #start(
    kind: OpenSpan["kind"],
    name: string,
    parent = this.#inside(0),
  ): { readonly span: number; readonly parent: number; readonly timestamp: number } {
    const timestamp = this.#time();
    const span = this.#nextSpan();
    this.#open.push({ id: span, kind, name, startedAt: timestamp });
    if (kind !== "cell") this.#depth += 1;
    return { span, parent, timestamp };
  }

  #end(kind: OpenSpan["kind"]): {
    readonly id: number;
    readonly name: string;
    readonly timestamp: number;
    readonly durationNs: number;
  } {
    const span = required(this.#open.pop(), "a span is open");
    assert(span.kind === kind, "spans end innermost first");
    if (kind !== "cell") this.#depth -= 1;
    const timestamp = this.#time();
    const { id, name, startedAt } = span;
    return { id, name, timestamp, durationNs: this.#elapsed(startedAt, timestamp) };
  }

  #record(step: Partial<RunEventStep> & { readonly record: StepRecord }): void {
    const { record } = step;
    if (record.kind === "Tile" || record.kind === "Request") this.#steps += 1;
    this.#log.push(leafOf(record));
    this.#emit({
      kind: "TileStep",
      span: 0,
      backend: "",
      methodId: NO_BYTES,
      input: null,
      output: null,
      proofCycles: null,
      receipt: null,
      verified: null,
      ...step,
    });
  }

  /** What an event of the run changed here. */
  #retrace(event: TraceEvent): void {
    if (event.kind === "Recovered" || event.kind === "Checkpoint") return;
    this.#events += 1;
    switch (event.kind) {
      case "TileStep":
        if (event.record.kind === "Genesis") this.#genesis = event.record;
        if (event.record.kind === "Tile" || event.record.kind === "Request") this.#steps += 1;
        this.#log.push(leafOf(event.record));
        return;
      case "TileStart":
        return this.#retraceStart("tile", event.tileId, event);
      case "SequenceStart":
        return this.#retraceStart("sequence", event.name, event);
      case "CellStart":
        return this.#retraceStart("cell", event.cell, event);
      case "TileEnd":
      case "TileFailure":
      case "SequenceEnd":
      case "SequenceFailure":
      case "CellEnd": {
        const ended = required(this.#open.pop(), "what ends has begun");
        if (ended.kind !== "cell") this.#depth -= 1;
        return;
      }
      case "FutureSpawn":
        this.#lastSpan = event.span;
        this.#futures.set(event.future, event.span);
        return;
      case "FutureResolve":
        this.#futures.delete(event.future);
        return;
      case "StateTransition": {
        const { process, sequenceNo, after } = event;
        this.#logs.set(process, { sequenceNo, after });
        return;
      }
      case "LoopIteration":
      case "ToolCall":
      case "EffectPerform":
        this.#lastSpan = event.span;
        return;
      default:
        return;
    }
  }

  #retraceStart(
    kind: OpenSpan["kind"],
    name: string,
    event: { readonly span: number; readonly timestamp: number },
  ): void {
    this.#lastSpan = event.span;
    this.#open.push({ id: event.span, kind, name, startedAt: event.timestamp });
    if (kind !== "cell") this.#depth += 1;
  }

  #emit(event: TraceEvent): void {
    this.#events += 1;
    if (this.#failure !== null) return;
    const recorded = this.#tracer.recordEvent(event);
    if (!recorded.ok) this.#failure = recorded.error;
  }

  #nextSpan(): number {
    this.#lastSpan += 1;
    return this.#lastSpan;
  }

  /** Timestamp of the event that comes next. */
  #time(): number {
    if (this.#clock.kind === "logical") return this.#events;
    const now = this.#clock.now();
    assert(Number.isSafeInteger(now) && now >= 0, "the clock gives whole nanoseconds");
    return now;
  }

  #elapsed(from: number, to: number): number {
    return this.#clock.kind === "logical" ? 0 : to - from;
  }
}

/** The request that an event opens; its arguments are known where bytes were kept. */
function openRequestOf(event: TraceEvent, inline: boolean): OpenRequest | null {
  if (event.kind !== "ToolCall" && event.kind !== "EffectPerform") return null;
  const { span, timestamp: startedAt } = event;
  const args = inline && event.args.kind === "Inline" ? event.args.bytes : NO_BYTES;
  if (event.kind === "EffectPerform") {
    const { effect, operation } = event;
    return { span, startedAt, call: { kind: "effect", effect, operation, args } };
  }
  const { tool, version, alias, provider, policy } = event;
  return { span, startedAt, call: { kind: "tool", tool, version, alias, provider, policy, args } };
}

/** The run id of deterministic mode: `det-` and 16 hex digits of the Genesis leaf (1.2). */
export function deterministicRunId(genesis: GenesisRecord): string {
  return `det-${toHex(leafOf(genesis)).slice(0, 16)}`;
}
