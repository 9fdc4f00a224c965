// What an analysis says (spec/formats.md 22), as data. `report-json.ts` writes it for machines,
// `render.ts` for people. Totals saturate at 2^53 - 1.

import type { RunEndStatus } from "@lumen/core/trace";

/** Figures of the durations of ended spans; all null where none has ended. */
export interface DurationFigures {
  readonly totalNs: number;
  readonly avgNs: number | null;
  readonly minNs: number | null;
  readonly p50Ns: number | null;
  readonly p95Ns: number | null;
  readonly maxNs: number | null;
}

/** One tile. */
export interface TileMetrics {
  /** Executions; every iteration of a recursive call is one. */
  readonly invocations: number;
  readonly failures: number;
  readonly duration: DurationFigures;
  /** The part spent executing, as far as the backend reported it apart from the rest. */
  readonly userTotalNs: number;
  readonly userAvgNs: number | null;
  /** Encode, decode, trace, store. */
  readonly overheadTotalNs: number;
  readonly overheadAvgNs: number | null;
  /** Null where the trace holds digests only. */
  readonly inputBytes: number | null;
  readonly outputBytes: number | null;
  /** Executions that were iterations of a recursive call. */
  readonly iterations: number;
  /** Null where no execution had a cycle count. */
  readonly cyclesTotal: number | null;
  readonly cyclesAvg: number | null;
  readonly proofCyclesTotal: number | null;
  /** What the author or an earlier run expected of one execution. */
  readonly estimatedCycles: number | null;
}

/** One sequence, or one cell of a run that is entered by a cell. */
export interface SpanMetrics {
  readonly invocations: number;
  readonly totalNs: number;
  readonly avgNs: number | null;
  readonly selfTotalNs: number;
  readonly selfAvgNs: number | null;
  readonly childTotalNs: number;
}

/** Requests of one operation: `tool:ID` or `EFFECT.OPERATION` (15.4). */
export interface RequestMetrics {
  readonly count: number;
  readonly failures: number;
  /** Asked but never answered. */
  readonly unanswered: number;
  /** Answered from a cache; tools only. */
  readonly cached: number;
  /** Attempts beyond the first; tools only. */
  readonly retries: number;
  readonly duration: DurationFigures;
}

/** A tile by its share of the time of all tiles. */
export interface HotTile {
  readonly tileId: string;
  readonly totalNs: number;
  readonly share: number;
}

/** A level of the critical path, outermost first. */
export interface CriticalStep {
  readonly kind: "sequence" | "tile" | "cell" | "request";
  readonly name: string;
  /** Path of the execution (18.4), null for cells and requests. */
  readonly path: string | null;
  readonly durationNs: number;
  /** Cycles of the tiles inside, 0 where none are known. */
  readonly cycles: number;
}

/** The verdict of a verifier, which the caller asks: analysis checks nothing itself. */
export interface ComplianceVerdict {
  readonly verdict: "accepted" | "rejected" | "undecided";
  /** Level of 18.1 that was reached. */
  readonly level: "structure" | "dataflow" | "reexecute" | null;
  /** Code and words of a rejection, or of why nothing could be decided. */
  readonly code: string | null;
  readonly message: string | null;
  /** Decisions that were taken over without bytes to check them. */
  readonly assumed: number;
}

/** Proof cost of one tile: sums over its executions, each proved on its own. */
export interface TileProofMetrics {
  readonly cycles: number;
  readonly proofCycles: number;
  readonly paddedCycles: number;
  readonly segments: number;
  readonly paddingWaste: number;
}

/** Proof cost of the run by one model (21.3). */
export interface ZkvmMetrics extends TileProofMetrics {
  readonly model: string;
  readonly segmentLog2: number;
  readonly tiles: ReadonlyMap<string, TileProofMetrics>;
  /** Executions without a cycle count: not in any number here. */
  readonly unknownExecutions: number;
  readonly proverMemoryBytes: number;
  readonly proverTimeNs: number;
}

/** Kinds of suggestion. */
export type SuggestionKind = "merge" | "split" | "batch" | "cache" | "bound";

/** One thing to try. */
export interface Suggestion {
  readonly kind: SuggestionKind;
  /** Tile ids; of `merge` in the order in which they run. */
  readonly subjects: readonly string[];
  readonly reason: string;
  readonly savingCycles: number | null;
  readonly savingNs: number | null;
}

/** What a validator noticed. */
export interface Finding {
  readonly validator: string;
  readonly severity: "error" | "warning" | "note";
  readonly message: string;
}

/** All of it. Maps ascend by id. */
export interface AnalysisReport {
  readonly runId: string;
  readonly status: RunEndStatus | null;
  readonly totalDurationNs: number;
  /** False without `RunEnd`: the run is going on or was cut off. */
  readonly programTotalKnown: boolean;
  readonly events: number;
  readonly steps: number;
  /** Largest `depth` of an event: the entry sequence has depth 0. */
  readonly maxNestingDepth: number;
  /** Events that belong to no open span; not counted anywhere. `verify` names the first. */
  readonly strayEvents: number;
  readonly totalTileInvocations: number;
  readonly totalTileDurationNs: number;
  readonly totalTileUserDurationNs: number;
  readonly totalTileOverheadNs: number;
  readonly totalSequenceInvocations: number;
  readonly totalSequenceSelfDurationNs: number;
  readonly tiles: ReadonlyMap<string, TileMetrics>;
  readonly sequences: ReadonlyMap<string, SpanMetrics>;
  readonly cells: ReadonlyMap<string, SpanMetrics>;
  readonly requests: ReadonlyMap<string, RequestMetrics>;
  readonly hotTiles: readonly HotTile[];
  readonly criticalPath: readonly CriticalStep[];
  readonly schemaCompliance: ComplianceVerdict | null;
  readonly zkvm: ZkvmMetrics;
  readonly suggestions: readonly Suggestion[];
  /** Of the validators that were asked, in their order. */
  readonly findings: readonly Finding[];
}
