// Puts a report together from what was collected of a run (spec/formats.md 22).

import type { CostModel } from "@lumen/core/cost";
import { addCapped, average, paddingWaste, proverCost, share } from "@lumen/core/cost";
import { compareStrings } from "@lumen/core/value";
import type { RequestProfile, SpanProfile, TileProfile } from "./profiles.ts";
import type {
  AnalysisReport,
  ComplianceVerdict,
  CriticalStep,
  Finding,
  HotTile,
  TileMetrics,
  ZkvmMetrics,
} from "./report.ts";
import type { TilePairs } from "./schema-facts.ts";
import { type Handover, suggest, type TileFacts } from "./suggestions.ts";

/** What the analyzer has collected, in the order of first appearance. */
export interface Collected
  extends Pick<
    AnalysisReport,
    | "runId"
    | "status"
    | "totalDurationNs"
    | "programTotalKnown"
    | "events"
    | "steps"
    | "maxNestingDepth"
    | "strayEvents"
  > {
  readonly tiles: ReadonlyMap<string, TileProfile>;
  readonly sequences: ReadonlyMap<string, SpanProfile>;
  readonly cells: ReadonlyMap<string, SpanProfile>;
  readonly requests: ReadonlyMap<string, RequestProfile>;
  readonly handovers: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly model: CostModel;
  readonly criticalPath: readonly CriticalStep[];
  readonly compliance: ComplianceVerdict | null;
  readonly findings: readonly Finding[];
  readonly estimatedCycles: ReadonlyMap<string, number>;
  readonly iterationBounds: ReadonlyMap<string, number>;
  /** Pairs that a schema confirms; null without a schema. */
  readonly adjacent: TilePairs | null;
}

/** The report on what was collected. */
export function buildReport(run: Collected): AnalysisReport {
  const tileProfiles = sorted(run.tiles);
  const tiles = mapValues(tileProfiles, (profile, id) =>
    profile.metrics(run.estimatedCycles.get(id) ?? null),
  );
  const sequences = mapValues(sorted(run.sequences), (profile) => profile.metrics());
  const tileNumbers = [...tiles.values()];
  const sequenceNumbers = [...sequences.values()];
  return {
    runId: run.runId,
    status: run.status,
    totalDurationNs: run.totalDurationNs,
    programTotalKnown: run.programTotalKnown,
    events: run.events,
    steps: run.steps,
    maxNestingDepth: run.maxNestingDepth,
    strayEvents: run.strayEvents,
    totalTileInvocations: sum(tileNumbers, (tile) => tile.invocations),
    totalTileDurationNs: sum(tileNumbers, (tile) => tile.duration.totalNs),
    totalTileUserDurationNs: sum(tileNumbers, (tile) => tile.userTotalNs),
    totalTileOverheadNs: sum(tileNumbers, (tile) => tile.overheadTotalNs),
    totalSequenceInvocations: sum(sequenceNumbers, (sequence) => sequence.invocations),
    totalSequenceSelfDurationNs: sum(sequenceNumbers, (sequence) => sequence.selfTotalNs),
    tiles,
    sequences,
    cells: mapValues(sorted(run.cells), (profile) => profile.metrics()),
    requests: mapValues(sorted(run.requests), (profile) => profile.metrics()),
    hotTiles: hotTiles(tiles),
    criticalPath: run.criticalPath,
    schemaCompliance: run.compliance,
    zkvm: zkvmMetrics(tileProfiles, run.model),
    suggestions: suggest({
      tiles: [...tileProfiles].map(([id, profile]) => tileFacts(id, profile, run)),
      handovers: handoversOf(run),
      model: run.model,
    }),
    findings: run.findings,
  };
}

/** By total duration, the longest first; ties by id (22). */
function hotTiles(tiles: ReadonlyMap<string, TileMetrics>): readonly HotTile[] {
  const total = sum([...tiles.values()], (tile) => tile.duration.totalNs);
  const hot = [...tiles].map(([tileId, { duration }]) => ({
    tileId,
    totalNs: duration.totalNs,
    share: share(duration.totalNs, total),
  }));
  return hot.sort((a, b) => b.totalNs - a.totalNs || compareStrings(a.tileId, b.tileId));
}

function zkvmMetrics(profiles: ReadonlyMap<string, TileProfile>, model: CostModel): ZkvmMetrics {
  const all = [...profiles.values()];
  const cycles = sum(all, (profile) => profile.proof.cycles);
  const paddedCycles = sum(all, (profile) => profile.proof.paddedCycles);
  const largestSegment = all.reduce(
    (largest, profile) => Math.max(largest, profile.proof.largestSegment),
    0,
  );
  const prover = proverCost({ paddedCycles, largestSegment }, model);
  return {
    model: model.name,
    segmentLog2: model.segmentLog2,
    cycles,
    proofCycles: sum(all, (profile) => profile.proof.proofCycles),
    paddedCycles,
    segments: sum(all, (profile) => profile.proof.segments),
    paddingWaste: paddingWaste(cycles, paddedCycles),
    tiles: mapValues(profiles, (profile) => profile.proofMetrics()),
    unknownExecutions: sum(all, (profile) => profile.invocations - profile.proof.executions),
    proverMemoryBytes: prover.memoryBytes,
    proverTimeNs: prover.timeNs,
  };
}

function tileFacts(tileId: string, profile: TileProfile, run: Collected): TileFacts {
  const { executions, cycles, cyclesMax, paddedCycles } = profile.proof;
  return {
    tileId,
    invocations: profile.invocations,
    avgNs: profile.metrics(null).duration.avgNs,
    avgCycles: average(cycles, executions),
    maxCycles: cyclesMax,
    cycles,
    paddedCycles,
    paddingWaste: paddingWaste(cycles, paddedCycles),
    repeatedInputs: profile.repeatedInputs,
    iterationsMax: profile.iterationsMax,
    iterationBound: run.iterationBounds.get(tileId) ?? null,
  };
}

function handoversOf(run: Collected): readonly Handover[] {
  return [...sorted(run.handovers)].flatMap(([from, takers]) =>
    [...sorted(takers)]
      .filter(([to]) => run.adjacent === null || run.adjacent.get(from)?.has(to) === true)
      .map(([to, count]) => ({ from, to, count })),
  );
}

function sum<T>(items: readonly T[], number: (item: T) => number): number {
  return items.reduce((total, item) => addCapped(total, number(item)), 0);
}

function sorted<T>(map: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...map].sort(([a], [b]) => compareStrings(a, b)));
}

function mapValues<T, U>(
  map: ReadonlyMap<string, T>,
  change: (value: T, id: string) => U,
): ReadonlyMap<string, U> {
  return new Map([...map].map(([id, value]) => [id, change(value, id)]));
}
