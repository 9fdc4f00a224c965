// A report as JSON, with the keys of spec/formats.md 22, format version 1.0. Fields that 22 does
// not name are additive: `status`, `stray_events`, `cell_metrics`, `request_metrics`, `findings`.

import { type PlainDocument, stringifyDocument } from "@lumen/core/encoding";
import type {
  AnalysisReport,
  ComplianceVerdict,
  CriticalStep,
  RequestMetrics,
  SpanMetrics,
  Suggestion,
  TileMetrics,
  TileProofMetrics,
  ZkvmMetrics,
} from "./report.ts";

/** Version of the format that is written. */
export const REPORT_VERSION = "1.0";

type JsonObject = { readonly [key: string]: PlainDocument };

/** The report as plain data; what is not known is null, what a suggestion lacks is left out. */
export function reportToJson(report: AnalysisReport): JsonObject {
  return {
    format_version: REPORT_VERSION,
    run_id: report.runId,
    status: report.status,
    total_duration_ns: report.totalDurationNs,
    program_total_known: report.programTotalKnown,
    events: report.events,
    steps: report.steps,
    max_nesting_depth: report.maxNestingDepth,
    stray_events: report.strayEvents,
    total_tile_invocations: report.totalTileInvocations,
    total_tile_duration_ns: report.totalTileDurationNs,
    total_tile_user_duration_ns: report.totalTileUserDurationNs,
    total_tile_raster_overhead_ns: report.totalTileOverheadNs,
    total_sequence_invocations: report.totalSequenceInvocations,
    total_sequence_self_duration_ns: report.totalSequenceSelfDurationNs,
    tile_metrics: byId(report.tiles, tileJson),
    sequence_metrics: byId(report.sequences, spanJson),
    cell_metrics: byId(report.cells, spanJson),
    request_metrics: byId(report.requests, requestJson),
    hot_tiles: report.hotTiles.map((tile) => ({
      tile_id: tile.tileId,
      total_duration_ns: tile.totalNs,
      share: tile.share,
    })),
    critical_path: report.criticalPath.map(stepJson),
    schema_compliance: complianceJson(report.schemaCompliance),
    zkvm: zkvmJson(report.zkvm),
    suggestions: report.suggestions.map(suggestionJson),
    findings: report.findings.map(({ validator, severity, message }) => ({
      validator,
      severity,
      message,
    })),
  };
}

/** The text of an analysis report file. */
export function reportText(report: AnalysisReport): string {
  return stringifyDocument(reportToJson(report));
}

function tileJson(tile: TileMetrics): JsonObject {
  const { duration } = tile;
  return {
    invocations: tile.invocations,
    failures: tile.failures,
    total_duration_ns: duration.totalNs,
    avg_duration_ns: duration.avgNs,
    min_duration_ns: duration.minNs,
    p50_duration_ns: duration.p50Ns,
    p95_duration_ns: duration.p95Ns,
    max_duration_ns: duration.maxNs,
    total_user_duration_ns: tile.userTotalNs,
    avg_user_duration_ns: tile.userAvgNs,
    total_raster_overhead_ns: tile.overheadTotalNs,
    avg_raster_overhead_ns: tile.overheadAvgNs,
    input_bytes: tile.inputBytes,
    output_bytes: tile.outputBytes,
    iterations: tile.iterations,
    cycles_total: tile.cyclesTotal,
    cycles_avg: tile.cyclesAvg,
    proof_cycles_total: tile.proofCyclesTotal,
    estimated_cycles: tile.estimatedCycles,
  };
}

function spanJson(span: SpanMetrics): JsonObject {
  return {
    invocations: span.invocations,
    total_duration_ns: span.totalNs,
    avg_duration_ns: span.avgNs,
    total_self_duration_ns: span.selfTotalNs,
    avg_self_duration_ns: span.selfAvgNs,
    total_child_duration_ns: span.childTotalNs,
  };
}

function requestJson(request: RequestMetrics): JsonObject {
  const { duration } = request;
  return {
    count: request.count,
    failures: request.failures,
    unanswered: request.unanswered,
    cached: request.cached,
    retries: request.retries,
    total_duration_ns: duration.totalNs,
    avg_duration_ns: duration.avgNs,
    min_duration_ns: duration.minNs,
    p50_duration_ns: duration.p50Ns,
    p95_duration_ns: duration.p95Ns,
    max_duration_ns: duration.maxNs,
  };
}

function stepJson(step: CriticalStep): JsonObject {
  const { kind, name, path, durationNs, cycles } = step;
  return { kind, name, path, duration_ns: durationNs, cycles };
}

function complianceJson(compliance: ComplianceVerdict | null): JsonObject | null {
  if (compliance === null) return null;
  const { verdict, level, code, message, assumed } = compliance;
  return { verdict, level, code, message, assumed };
}

function zkvmJson(zkvm: ZkvmMetrics): JsonObject {
  return {
    model: zkvm.model,
    ...proofJson(zkvm),
    segment_log2: zkvm.segmentLog2,
    unknown_executions: zkvm.unknownExecutions,
    prover_memory_bytes: zkvm.proverMemoryBytes,
    prover_time_ns: zkvm.proverTimeNs,
    tiles: byId(zkvm.tiles, proofJson),
  };
}

function proofJson(proof: TileProofMetrics): JsonObject {
  return {
    cycles: proof.cycles,
    proof_cycles: proof.proofCycles,
    padded_cycles: proof.paddedCycles,
    padding_waste: proof.paddingWaste,
    segments: proof.segments,
  };
}

function suggestionJson(suggestion: Suggestion): JsonObject {
  const { kind, subjects, reason, savingCycles, savingNs } = suggestion;
  return {
    kind,
    subjects,
    reason,
    ...(savingCycles === null ? {} : { saving_cycles: savingCycles }),
    ...(savingNs === null ? {} : { saving_ns: savingNs }),
  };
}

function byId<T>(map: ReadonlyMap<string, T>, json: (value: T) => JsonObject): JsonObject {
  return Object.fromEntries([...map].map(([id, value]) => [id, json(value)]));
}
