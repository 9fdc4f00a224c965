// Takes the events of a trace one by one and keeps the numbers of a report (spec/formats.md 22).
// One pass; memory: the open spans, and one bounded profile per tile, sequence, cell and operation.

import { formatPath, type StepRecord, type TileRecord } from "@lumen/core/commit";
import { addCapped, type CostModel, RV32IM_1 } from "@lumen/core/cost";
import { toHex } from "@lumen/core/hash";
import { assertNever } from "@lumen/core/result";
import type {
  PlacedEvent,
  RunEndStatus,
  TraceEvent,
  TraceEventOf,
  TraceHeader,
} from "@lumen/core/trace";
import { buildReport, type Collected } from "./build-report.ts";
import { type Chain, criticalPath, Heaviest } from "./critical-path.ts";
import { RequestProfile, SpanProfile, TileProfile } from "./profiles.ts";
import type { AnalysisReport, ComplianceVerdict, CriticalStep } from "./report.ts";
import { adjacentTiles, iterationBounds, type SchemaParts } from "./schema-facts.ts";
import { findingsOf, type TraceValidator } from "./validator.ts";

/** What an analysis is told beside the events. Nothing but `header` is needed. */
export interface AnalysisOptions {
  readonly header: Pick<TraceHeader, "runId" | "deterministic">;
  /** Default `rv32im-1`. */
  readonly model?: CostModel;
  /** Schema of the run: bounds of recur tiles, and a check of what the records suggest to merge. */
  readonly cfs?: SchemaParts;
  /** Bounds by tile id; they win over those of `cfs`. */
  readonly iterationBounds?: ReadonlyMap<string, number>;
  /** Expected cycles of one execution by tile id (21.1). */
  readonly estimatedCycles?: ReadonlyMap<string, number>;
  /** Rules of your own, which see every event. */
  readonly validators?: readonly TraceValidator[];
  /** What a verifier found. Absent: nobody asked one. */
  readonly compliance?: ComplianceVerdict;
}

interface OpenSpan {
  readonly kind: CriticalStep["kind"];
  readonly name: string;
  readonly path: string | null;
  readonly parent: number;
  readonly startedAt: number;
  readonly heaviest: Heaviest;
  childNs: number;
  cycles: number;
  proofCycles: number | null;
}

/** The tile that ran last with success, for finding out what is handed on. */
interface LastTile {
  readonly tileId: string;
  readonly parent: number;
  readonly outputDigest: string;
}

type SpanStart = Pick<OpenSpan, "kind" | "name" | "path" | "parent" | "startedAt"> & {
  readonly span: number;
};

/** Collects the numbers of one run. `report` may be asked at any time, also while a run goes on. */
export class TraceAnalyzer {
  readonly #options: AnalysisOptions;
  readonly #model: CostModel;
  readonly #tiles = new Map<string, TileProfile>();
  readonly #sequences = new Map<string, SpanProfile>();
  readonly #cells = new Map<string, SpanProfile>();
  readonly #requests = new Map<string, RequestProfile>();
  readonly #handovers = new Map<string, Map<string, number>>();
  readonly #open = new Map<number, OpenSpan>();
  /** Futures are tasks, not work: their span stands for the span that spawned it. */
  readonly #spanOfFuture = new Map<number, number>();
  readonly #parentOfFuture = new Map<number, number>();
  readonly #outermost = new Heaviest();
  #last: LastTile | null = null;
  #events = 0;
  #steps = 0;
  #maxDepth = 0;
  #strays = 0;
  #lastTimestamp = 0;
  #end: { readonly durationNs: number; readonly status: RunEndStatus } | null = null;

  constructor(options: AnalysisOptions) {
    this.#options = options;
    this.#model = options.model ?? RV32IM_1;
  }

  /** Takes the next event. */
  add(item: PlacedEvent | TraceEvent): void {
    const event = "event" in item ? item.event : item;
    for (const validator of this.#options.validators ?? []) validator.take(event);
    this.#events += 1;
    if ("timestamp" in event) {
      this.#lastTimestamp = Math.max(this.#lastTimestamp, event.timestamp);
    }
    if ("depth" in event) this.#maxDepth = Math.max(this.#maxDepth, event.depth);
    this.#take(event);
  }

  /** The report on the events so far. */
  report(): AnalysisReport {
    const { header, compliance, estimatedCycles, cfs } = this.#options;
    const bounds = cfs === undefined ? new Map<string, number>() : iterationBounds(cfs);
    const collected: Collected = {
      runId: header.runId,
      status: this.#end?.status ?? null,
      totalDurationNs: this.#end?.durationNs ?? this.#elapsed(0, this.#lastTimestamp),
      programTotalKnown: this.#end !== null,
      events: this.#events,
      steps: this.#steps,
      maxNestingDepth: this.#maxDepth,
      strayEvents: this.#strays,
      tiles: this.#tiles,
      sequences: this.#sequences,
      cells: this.#cells,
      requests: this.#requests,
      handovers: this.#handovers,
      model: this.#model,
      criticalPath: this.#criticalPath(),
      compliance: compliance ?? null,
      findings: (this.#options.validators ?? []).flatMap(findingsOf),
      estimatedCycles: estimatedCycles ?? new Map(),
      iterationBounds: new Map([...bounds, ...(this.#options.iterationBounds ?? [])]),
      adjacent: cfs === undefined ? null : adjacentTiles(cfs),
    };
    return buildReport(collected);
  }

  #take(event: TraceEvent): void {
    switch (event.kind) {
      case "TileStart":
        return this.#startTile(event);
      case "TileStep":
        return this.#step(event);
      case "TileEnd":
      case "TileFailure":
        return this.#endTile(event);
      case "SequenceStart":
        profileOf(this.#sequences, event.name, () => new SpanProfile()).start();
        return this.#start({ ...started(event), kind: "sequence", path: formatPath(event.path) });
      case "CellStart":
        profileOf(this.#cells, event.cell, () => new SpanProfile()).start();
        return this.#start({ ...started(event), kind: "cell", name: event.cell });
      case "SequenceEnd":
      case "SequenceFailure":
        return this.#endSpan(event, "sequence");
      case "CellEnd":
        return this.#endSpan(event, "cell");
      case "ToolCall":
        return this.#startRequest({ ...started(event), name: `tool:${event.tool}` });
      case "EffectPerform":
        return this.#startRequest({
          ...started(event),
          name: `${event.effect}.${event.operation}`,
        });
      case "ToolResult":
      case "EffectResume":
        return this.#endRequest(event);
      case "FutureSpawn":
        this.#spanOfFuture.set(event.future, event.span);
        this.#parentOfFuture.set(event.span, event.parent);
        return;
      case "FutureResolve":
        return this.#resolve(event.future);
      case "RunEnd":
        this.#end = { durationNs: event.durationNs, status: event.status };
        return;
      case "LoopIteration":
      case "StateTransition":
      case "Checkpoint":
      case "SchemaDrift":
      case "Log":
      case "Recovered":
        return;
      default:
        return assertNever(event);
    }
  }

  #start(start: SpanStart): void {
    const { span, ...rest } = start;
    const heaviest = new Heaviest();
    this.#open.set(span, { ...rest, heaviest, childNs: 0, cycles: 0, proofCycles: null });
  }

  #startTile(event: TraceEventOf<"TileStart">): void {
    profileOf(this.#tiles, event.tileId, () => new TileProfile()).start();
    const path = formatPath(event.path);
    this.#start({ ...started(event), kind: "tile", name: event.tileId, path });
  }

  #startRequest(start: Omit<SpanStart, "kind">): void {
    profileOf(this.#requests, start.name, () => new RequestProfile()).start();
    this.#start({ ...start, kind: "request" });
  }

  #step(event: TraceEventOf<"TileStep">): void {
    const { record } = event;
    if (!countsAsStep(record)) return;
    this.#steps += 1;
    if (record.kind !== "Tile") return;
    const open = this.#open.get(event.span);
    const profile = this.#tiles.get(record.tileId);
    if (open?.kind !== "tile" || open.name !== record.tileId || profile === undefined) {
      this.#strays += 1;
      return;
    }
    open.proofCycles = event.proofCycles;
    profile.step(record, event.input, event.output);
    this.#noteHandover(record, open.parent);
  }

  /** Counts a tile whose input is what the tile before it, in the same span, gave. */
  #noteHandover(record: TileRecord, parent: number): void {
    const last = this.#last;
    const { tileId, outcome } = record;
    if (last?.parent === parent && last.outputDigest === toHex(record.inputDigest)) {
      const takers = profileOf(this.#handovers, last.tileId, () => new Map<string, number>());
      takers.set(tileId, (takers.get(tileId) ?? 0) + 1);
    }
    this.#last =
      outcome.kind === "Ok" ? { tileId, parent, outputDigest: toHex(outcome.outputDigest) } : null;
  }

  #endTile(event: TraceEventOf<"TileEnd"> | TraceEventOf<"TileFailure">): void {
    const open = this.#close(event.span, "tile");
    const profile = this.#tiles.get(event.tileId);
    if (open === null || open.name !== event.tileId || profile === undefined) {
      this.#strays += 1;
      return;
    }
    const failed = event.kind === "TileFailure";
    const durationNs = this.#tileDuration(event, open.startedAt);
    // Of a failed execution the trace does not tell how long the tile itself ran.
    const userNs = event.kind === "TileEnd" ? Math.min(event.durationNs, durationNs) : durationNs;
    const cycles = event.kind === "TileEnd" ? event.cycles : null;
    const recordedProofCycles = open.proofCycles;
    profile.end({ failed, durationNs, userNs, cycles, recordedProofCycles }, this.#model);
    this.#settle({ ...open, cycles: cycles ?? 0 }, durationNs);
  }

  #endSpan(
    event: TraceEventOf<"SequenceEnd"> | TraceEventOf<"SequenceFailure"> | TraceEventOf<"CellEnd">,
    kind: "sequence" | "cell",
  ): void {
    const open = this.#close(event.span, kind);
    if (open === null) {
      this.#strays += 1;
      return;
    }
    const durationNs =
      "durationNs" in event ? event.durationNs : this.#elapsed(open.startedAt, event.timestamp);
    const profiles = kind === "sequence" ? this.#sequences : this.#cells;
    profiles.get(open.name)?.end(durationNs, open.childNs);
    this.#settle(open, durationNs);
  }

  #endRequest(event: TraceEventOf<"ToolResult"> | TraceEventOf<"EffectResume">): void {
    const open = this.#close(event.span, "request");
    if (open === null) {
      this.#strays += 1;
      return;
    }
    const isTool = event.kind === "ToolResult";
    const durationNs = isTool ? event.durationNs : this.#elapsed(open.startedAt, event.timestamp);
    const attempts = isTool ? event.attempts : 1;
    const cached = isTool && event.cached;
    this.#requests.get(open.name)?.end({ ok: event.ok, durationNs, attempts, cached });
    this.#settle(open, durationNs);
  }

  #resolve(future: number): void {
    const span = this.#spanOfFuture.get(future);
    if (span === undefined) {
      this.#strays += 1;
      return;
    }
    this.#spanOfFuture.delete(future);
    this.#parentOfFuture.delete(span);
  }

  #close(span: number, kind: OpenSpan["kind"]): OpenSpan | null {
    const open = this.#open.get(span);
    if (open?.kind !== kind) return null;
    this.#open.delete(span);
    return open;
  }

  /** Adds an ended span to the one around it. */
  #settle(span: OpenSpan, durationNs: number): void {
    const chain: Chain = { step: stepOf(span, durationNs), inner: span.heaviest.chain };
    const owner = this.#open.get(this.#owner(span.parent));
    if (owner === undefined) {
      this.#outermost.offer(chain);
      return;
    }
    owner.heaviest.offer(chain);
    owner.cycles = addCapped(owner.cycles, span.cycles);
    // What another task does meanwhile is no time of this span.
    if (!this.#parentOfFuture.has(span.parent)) {
      owner.childNs = addCapped(owner.childNs, durationNs);
    }
  }

  /** The span that a parent number means, through futures. */
  #owner(parent: number): number {
    let at = parent;
    // A future is spawned by a span with a smaller number; anything else would not end.
    for (let up = this.#parentOfFuture.get(at); up !== undefined && up < at; ) {
      at = up;
      up = this.#parentOfFuture.get(at);
    }
    return at;
  }

  #criticalPath(): readonly CriticalStep[] {
    // Of a finished run only requests that were never answered are still open.
    const running = this.#end === null ? [...this.#open] : [];
    const open = running.map(([span, state]) => ({
      span,
      parent: this.#owner(state.parent),
      step: stepOf(state, this.#elapsed(state.startedAt, this.#lastTimestamp)),
      inner: state.heaviest.chain,
    }));
    return criticalPath(this.#outermost.chain, open);
  }

  /** From start to end; a logical clock measures nothing, so there what is recorded. */
  #tileDuration(
    event: TraceEventOf<"TileEnd"> | TraceEventOf<"TileFailure">,
    startedAt: number,
  ): number {
    const isRecorded = this.#options.header.deterministic && event.kind === "TileEnd";
    return isRecorded ? event.durationNs : this.#elapsed(startedAt, event.timestamp);
  }

  /** Logical clocks count events: no time passes in deterministic mode (13.1). */
  #elapsed(from: number, to: number): number {
    return this.#options.header.deterministic ? 0 : Math.max(0, to - from);
  }
}

/** The report on a whole trace: one pass over its events. */
export function analyzeTrace(
  events: Iterable<PlacedEvent | TraceEvent>,
  options: AnalysisOptions,
): AnalysisReport {
  const analyzer = new TraceAnalyzer(options);
  for (const event of events) analyzer.add(event);
  return analyzer.report();
}

function countsAsStep(record: StepRecord): boolean {
  return record.kind === "Tile" || record.kind === "Request";
}

function started(event: {
  readonly span: number;
  readonly parent: number;
  readonly timestamp: number;
  readonly name?: string;
}): Omit<SpanStart, "kind"> {
  const { span, parent, timestamp: startedAt, name = "" } = event;
  return { span, parent, startedAt, name, path: null };
}

function stepOf(span: OpenSpan, durationNs: number): CriticalStep {
  return { kind: span.kind, name: span.name, path: span.path, durationNs, cycles: span.cycles };
}

function profileOf<P>(profiles: Map<string, P>, id: string, make: () => P): P {
  const known = profiles.get(id);
  if (known !== undefined) return known;
  const fresh = make();
  profiles.set(id, fresh);
  return fresh;
}
