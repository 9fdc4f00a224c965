// A report as text for people: at most 100 columns, no colour codes, every section only where the
// run has something for it.

import { share } from "@lumen/core/cost";
import { formatBytes, formatCount, formatDuration, formatShare } from "./format.ts";
import type {
  AnalysisReport,
  ComplianceVerdict,
  CriticalStep,
  Finding,
  Suggestion,
  TileMetrics,
} from "./report.ts";
import { bar, type Column, clip, table, wrap } from "./text-table.ts";

/** No line of a rendered report is wider. */
export const REPORT_COLUMNS_MAX = 100;

const HOT_TILES_SHOWN = 3;
const NAME_COLUMNS = 24;
const BAR_COLUMNS = 10;
const UNKNOWN = "-";

/** The report as lines joined by newlines, with one at the end. */
export function renderReport(report: AnalysisReport): string {
  const sections = [
    header(report),
    totals(report),
    tileSection(report),
    spanSection(report),
    requestSection(report),
    hotSection(report),
    pathSection(report.criticalPath),
    zkvmSection(report),
    findingSection(report.findings),
    suggestionSection(report.suggestions),
  ];
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${text.join("\n\n")}\n`;
}

function header(report: AnalysisReport): string[] {
  const status = report.status === null ? "not finished" : report.status.toLowerCase();
  const lines = [clip(`Run ${report.runId}: ${status}`, REPORT_COLUMNS_MAX)];
  if (!report.programTotalKnown) {
    lines.push("There is no RunEnd: the run goes on or was cut off. Times end at the last event.");
  }
  if (report.strayEvents > 0) {
    const count = formatCount(report.strayEvents);
    lines.push(`${count} events belong to no open span and are not counted; verify the trace.`);
  }
  if (report.schemaCompliance !== null) lines.push(...compliance(report.schemaCompliance));
  return lines;
}

function compliance(verdict: ComplianceVerdict): readonly string[] {
  const level = verdict.level === null ? "" : ` at level ${verdict.level}`;
  const assumed = verdict.assumed === 0 ? "" : `, ${formatCount(verdict.assumed)} assumed`;
  const code = verdict.code === null ? "" : ` (${verdict.code})`;
  const message = verdict.message === null ? "" : `: ${verdict.message}`;
  const text = `Schema: ${verdict.verdict}${level}${assumed}${code}${message}`;
  return wrap(text, REPORT_COLUMNS_MAX, "  ");
}

function totals(report: AnalysisReport): string[] {
  const rows: (readonly [string, string])[] = [
    ["duration", formatDuration(report.totalDurationNs)],
    ["events", formatCount(report.events)],
    ["steps", formatCount(report.steps)],
    ["nesting depth", formatCount(report.maxNestingDepth)],
  ];
  if (report.totalTileInvocations > 0) {
    const user = formatDuration(report.totalTileUserDurationNs);
    const overhead = formatDuration(report.totalTileOverheadNs);
    const all = formatDuration(report.totalTileDurationNs);
    rows.push(["tile executions", formatCount(report.totalTileInvocations)]);
    rows.push(["time in tiles", `${all} (user ${user}, overhead ${overhead})`]);
  }
  if (report.totalSequenceInvocations > 0) {
    rows.push(["sequence runs", formatCount(report.totalSequenceInvocations)]);
    rows.push([
      "time in sequences",
      `${formatDuration(report.totalSequenceSelfDurationNs)} of own`,
    ]);
  }
  return ["Totals", ...rows.map(([name, value]) => `  ${name.padEnd(18)} ${value}`)];
}

const TILE_COLUMNS: readonly Column[] = [
  { title: "tile", width: NAME_COLUMNS, align: "left" },
  { title: "runs", width: 9, align: "right" },
  { title: "time", width: 11, align: "right" },
  { title: "p95", width: 11, align: "right" },
  { title: "share", width: BAR_COLUMNS, align: "left" },
  { title: "cycles", width: 17, align: "right" },
  { title: "share", width: BAR_COLUMNS, align: "left" },
];

function tileSection(report: AnalysisReport): string[] {
  if (report.tiles.size === 0) return [];
  const cycles = report.zkvm.cycles;
  const rows = [...report.tiles].map(([id, tile]) => [
    id,
    runs(tile),
    formatDuration(tile.duration.totalNs),
    duration(tile.duration.p95Ns),
    bar(share(tile.duration.totalNs, report.totalTileDurationNs), BAR_COLUMNS),
    tile.cyclesTotal === null ? UNKNOWN : formatCount(tile.cyclesTotal),
    bar(share(tile.cyclesTotal ?? 0, cycles), BAR_COLUMNS),
  ]);
  return ["Tiles", ...table(TILE_COLUMNS, rows), ...tileNotes(report.tiles)];
}

/** What does not fit into the table: failures, and estimates that were far off. */
function tileNotes(tiles: ReadonlyMap<string, TileMetrics>): string[] {
  return [...tiles].flatMap(([id, tile]) => {
    const notes: string[] = [];
    const name = clip(id, NAME_COLUMNS);
    if (tile.failures > 0) notes.push(`  ${name}: ${formatCount(tile.failures)} failed`);
    const { estimatedCycles: estimate, cyclesAvg: met } = tile;
    if (estimate !== null && met !== null && estimate !== met) {
      const words = `${formatCount(met)} cycles on average, ${formatCount(estimate)} expected`;
      notes.push(`  ${name}: ${words}`);
    }
    return notes;
  });
}

function runs(tile: TileMetrics): string {
  return formatCount(tile.invocations);
}

function duration(ns: number | null): string {
  return ns === null ? UNKNOWN : formatDuration(ns);
}

const SPAN_COLUMNS: readonly Column[] = [
  { title: "sequence or cell", width: 40, align: "left" },
  { title: "runs", width: 9, align: "right" },
  { title: "time", width: 12, align: "right" },
  { title: "own time", width: 12, align: "right" },
  { title: "inside", width: 12, align: "right" },
];

function spanSection(report: AnalysisReport): string[] {
  const spans = [...report.sequences, ...report.cells];
  if (spans.length === 0) return [];
  const rows = spans.map(([id, span]) => [
    id,
    formatCount(span.invocations),
    formatDuration(span.totalNs),
    formatDuration(span.selfTotalNs),
    formatDuration(span.childTotalNs),
  ]);
  return ["Sequences and cells", ...table(SPAN_COLUMNS, rows)];
}

const REQUEST_COLUMNS: readonly Column[] = [
  { title: "operation", width: 36, align: "left" },
  { title: "asked", width: 8, align: "right" },
  { title: "failed", width: 7, align: "right" },
  { title: "open", width: 6, align: "right" },
  { title: "retries", width: 8, align: "right" },
  { title: "time", width: 12, align: "right" },
  { title: "p95", width: 12, align: "right" },
];

function requestSection(report: AnalysisReport): string[] {
  if (report.requests.size === 0) return [];
  const rows = [...report.requests].map(([operation, request]) => [
    operation,
    formatCount(request.count),
    formatCount(request.failures),
    formatCount(request.unanswered),
    formatCount(request.retries),
    formatDuration(request.duration.totalNs),
    duration(request.duration.p95Ns),
  ]);
  return ["Requests", ...table(REQUEST_COLUMNS, rows)];
}

function hotSection(report: AnalysisReport): string[] {
  const hot = report.hotTiles.filter((tile) => tile.totalNs > 0).slice(0, HOT_TILES_SHOWN);
  if (hot.length === 0) return [];
  const lines = hot.map((tile, index) => {
    const time = `${formatDuration(tile.totalNs)}, ${formatShare(tile.share)} of tile time`;
    return `  ${index + 1}. ${clip(tile.tileId, 50)}: ${time}`;
  });
  return ["Hot tiles", ...lines];
}

function pathSection(path: readonly CriticalStep[]): string[] {
  if (path.length === 0) return [];
  const lines = path.map((step, depth) => {
    const at = step.path === null || step.path === "" ? "" : ` at ${clip(step.path, 20)}`;
    const cycles = step.cycles === 0 ? "" : `, ${formatCount(step.cycles)} cycles`;
    const figures = `: ${formatDuration(step.durationNs)}${cycles}`;
    const indent = "  ".repeat(Math.min(depth, 6) + 1);
    return clip(`${indent}${step.kind} ${clip(step.name, 30)}${at}${figures}`, REPORT_COLUMNS_MAX);
  });
  return ["Critical path (at each level the span that took longest)", ...lines];
}

function zkvmSection(report: AnalysisReport): string[] {
  const { zkvm } = report;
  if (report.totalTileInvocations === 0) return [];
  const title = `zkVM (model ${zkvm.model}, segments of 2^${zkvm.segmentLog2} cycles)`;
  const lines = [clip(title, REPORT_COLUMNS_MAX)];
  if (zkvm.unknownExecutions > 0) {
    const count = formatCount(zkvm.unknownExecutions);
    lines.push(`  executions without a cycle count, in none of these numbers: ${count}`);
  }
  if (zkvm.segments === 0) return lines;
  const memory = formatBytes(zkvm.proverMemoryBytes);
  const rows: readonly (readonly [string, string])[] = [
    ["cycles", formatCount(zkvm.cycles)],
    ["proof cycles", formatCount(zkvm.proofCycles)],
    ["segments", `${formatCount(zkvm.segments)}, padded to ${formatCount(zkvm.paddedCycles)}`],
    ["padding waste", formatShare(zkvm.paddingWaste)],
    ["prover (estimate)", `${formatDuration(zkvm.proverTimeNs)}, ${memory}`],
  ];
  return [...lines, ...rows.map(([name, value]) => `  ${name.padEnd(18)} ${value}`)];
}

function findingSection(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings.flatMap(({ validator, severity, message }) =>
    wrap(`  ${severity} (${validator}): ${message}`, REPORT_COLUMNS_MAX, "    "),
  );
  return ["Findings", ...lines];
}

function suggestionSection(suggestions: readonly Suggestion[]): string[] {
  if (suggestions.length === 0) return [];
  const lines = suggestions.flatMap((suggestion) => {
    const saves = [
      ...(suggestion.savingCycles === null
        ? []
        : [`${formatCount(suggestion.savingCycles)} cycles`]),
      ...(suggestion.savingNs === null ? [] : [formatDuration(suggestion.savingNs)]),
    ];
    const saving = saves.length === 0 ? "" : ` (saves about ${saves.join(", ")})`;
    const subjects = suggestion.subjects.join(" + ");
    const text = `  ${suggestion.kind} ${subjects}: ${suggestion.reason}${saving}`;
    return wrap(text, REPORT_COLUMNS_MAX, "    ");
  });
  return ["Suggestions", ...lines];
}
