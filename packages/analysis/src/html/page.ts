// A report as one page that needs nothing else: no script, no font, no image from anywhere. Opens
// from a disk without a network; the policy in its head forbids everything but its own styles.

import { share } from "@lumen/core/cost";
import { formatBytes, formatCount, formatDuration, formatShare } from "../format.ts";
import type {
  AnalysisReport,
  ComplianceVerdict,
  CriticalStep,
  Finding,
  Suggestion,
} from "../report.ts";
import { html, type Markup } from "./markup.ts";
import { STYLE } from "./style.ts";
import { type RunPicture, VISUALISATIONS, type Visualisation } from "./visualisation.ts";

/** The page of a run. `visualisations` stand in their order, by default those of every page. */
export function renderPage(
  run: RunPicture,
  options: { readonly visualisations?: readonly Visualisation[] } = {},
): string {
  const { report } = run;
  const drawings = (options.visualisations ?? VISUALISATIONS).flatMap((visualisation) => {
    const drawn = visualisation.draw(run);
    return drawn === null ? [] : [section(visualisation.name, visualisation.title, drawn)];
  });
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Run ${report.runId}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>Run ${report.runId}</h1>${stateOf(report)}</header>
<main>
${[
  section("summary", "Summary", summary(report)),
  ...drawings,
  ...tileSection(report),
  ...spanSection(report),
  ...requestSection(report),
  ...pathSection(report.criticalPath),
  ...proofSection(report),
  ...findingSection(report.findings),
  ...suggestionSection(report.suggestions),
]}</main>
</body>
</html>
`;
  return page.markup;
}

function section(name: string, title: string, content: Markup): Markup {
  return html`<section id="${name}"><h2>${title}</h2>${content}</section>
`;
}

function stateOf(report: AnalysisReport): Markup {
  const status = report.status === null ? "not finished" : report.status.toLowerCase();
  const open = report.programTotalKnown
    ? []
    : [html`<p class="warning">There is no RunEnd: the run goes on or was cut off.</p>`];
  const compliance = report.schemaCompliance === null ? [] : [verdictOf(report.schemaCompliance)];
  return html`<p class="status ${status.replace(" ", "-")}">${status}</p>${open}${compliance}`;
}

function verdictOf({ verdict, level, code, message, assumed }: ComplianceVerdict): Markup {
  const at = level === null ? "" : ` at level ${level}`;
  const more = assumed === 0 ? "" : `, ${formatCount(assumed)} assumed`;
  const why = [code, message].filter((part) => part !== null).join(": ");
  const text = `Schema: ${verdict}${at}${more}${why === "" ? "" : ` (${why})`}`;
  return html`<p class="verdict ${verdict}">${text}</p>`;
}

function summary(report: AnalysisReport): Markup {
  const figures: readonly (readonly [string, string])[] = [
    ["duration", formatDuration(report.totalDurationNs)],
    ["steps", formatCount(report.steps)],
    ["events", formatCount(report.events)],
    ["tile executions", formatCount(report.totalTileInvocations)],
    ["time in tiles", formatDuration(report.totalTileDurationNs)],
    ["of it recording", formatDuration(report.totalTileOverheadNs)],
    ["nesting depth", formatCount(report.maxNestingDepth)],
    ["cycles", formatCount(report.zkvm.cycles)],
  ];
  const cards = figures.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`);
  return html`<dl class="cards">${cards}</dl>`;
}

interface Column {
  readonly title: string;
  readonly isNumber: boolean;
}

const column = (title: string, isNumber = true): Column => ({ title, isNumber });

function table(
  columns: readonly Column[],
  rows: readonly (readonly (string | Markup)[])[],
): Markup {
  const head = columns.map(({ title, isNumber }) => html`<th${side(isNumber)}>${title}</th>`);
  const body = rows.map((cells) => {
    const fields = cells.map((cell, i) => html`<td${side(columns[i]?.isNumber)}>${cell}</td>`);
    return html`<tr>${fields}</tr>`;
  });
  return html`<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

const NUMBER_SIDE = html` class="number"`;

function side(isNumber: boolean | undefined): readonly Markup[] {
  return isNumber === true ? [NUMBER_SIDE] : [];
}

function bar(value: number): Markup {
  const width = Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10;
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img"
 aria-label="${formatShare(value)}"><rect width="${width}" height="10"/></svg>`;
}

const known = (ns: number | null): string => (ns === null ? "-" : formatDuration(ns));

function tileSection(report: AnalysisReport): readonly Markup[] {
  if (report.tiles.size === 0) return [];
  const rows = [...report.tiles].map(([id, tile]) => [
    id,
    formatCount(tile.invocations),
    formatCount(tile.failures),
    formatDuration(tile.duration.totalNs),
    known(tile.duration.p50Ns),
    known(tile.duration.p95Ns),
    bar(share(tile.duration.totalNs, report.totalTileDurationNs)),
    tile.cyclesTotal === null ? "-" : formatCount(tile.cyclesTotal),
    bar(share(tile.cyclesTotal ?? 0, report.zkvm.cycles)),
  ]);
  const columns = [
    column("tile", false),
    ...["runs", "failed", "time", "median", "p95"].map((title) => column(title)),
    column("share", false),
    column("cycles"),
    column("share", false),
  ];
  return [section("tiles", "Tiles", table(columns, rows))];
}

function spanSection(report: AnalysisReport): readonly Markup[] {
  const spans = [...report.sequences, ...report.cells];
  if (spans.length === 0) return [];
  const rows = spans.map(([id, span]) => [
    id,
    formatCount(span.invocations),
    formatDuration(span.totalNs),
    formatDuration(span.selfTotalNs),
  ]);
  const columns = [
    column("name", false),
    ...["runs", "time", "own time"].map((title) => column(title)),
  ];
  return [section("spans", "Sequences and cells", table(columns, rows))];
}

function requestSection(report: AnalysisReport): readonly Markup[] {
  if (report.requests.size === 0) return [];
  const rows = [...report.requests].map(([operation, request]) => [
    operation,
    ...[request.count, request.failures, request.unanswered, request.retries].map(formatCount),
    formatDuration(request.duration.totalNs),
    known(request.duration.p95Ns),
  ]);
  const titles = ["asked", "failed", "open", "retries", "time", "p95"];
  const columns = [column("operation", false), ...titles.map((title) => column(title))];
  return [section("requests", "Requests", table(columns, rows))];
}

function pathSection(path: readonly CriticalStep[]): readonly Markup[] {
  if (path.length === 0) return [];
  const steps = path.map((step) => {
    const at = step.path === null || step.path === "" ? "" : ` at ${step.path}`;
    return html`<li>${step.kind} <b>${step.name}</b>${at}: ${formatDuration(step.durationNs)}</li>`;
  });
  const hint = "At each level the span that took longest.";
  const content = html`<p class="note">${hint}</p><ol>${steps}</ol>`;
  return [section("critical-path", "Critical path", content)];
}

function proofSection({ zkvm, totalTileInvocations }: AnalysisReport): readonly Markup[] {
  if (totalTileInvocations === 0) return [];
  const rows = [...zkvm.tiles].map(([id, tile]) => [
    id,
    ...[tile.cycles, tile.proofCycles, tile.paddedCycles, tile.segments].map(formatCount),
    formatShare(tile.paddingWaste),
  ]);
  const titles = ["cycles", "proof cycles", "padded", "segments", "padding"];
  const columns = [column("tile", false), ...titles.map((title) => column(title))];
  const prover = `${formatDuration(zkvm.proverTimeNs)}, ${formatBytes(zkvm.proverMemoryBytes)}`;
  const unknown =
    zkvm.unknownExecutions === 0
      ? []
      : [html` Without a cycle count: ${formatCount(zkvm.unknownExecutions)} executions.`];
  const model = html`<p class="note">Model ${zkvm.model}, segments of 2^${zkvm.segmentLog2} cycles;
 an estimate of the prover: ${prover}.${unknown}</p>`;
  return [section("proof", "zkVM", html`${model}${table(columns, rows)}`)];
}

function findingSection(findings: readonly Finding[]): readonly Markup[] {
  if (findings.length === 0) return [];
  const items = findings.map(
    ({ validator, severity, message }) =>
      html`<li class="${severity}">${validator}: ${message}</li>`,
  );
  return [section("findings", "Findings", html`<ul>${items}</ul>`)];
}

function suggestionSection(suggestions: readonly Suggestion[]): readonly Markup[] {
  if (suggestions.length === 0) return [];
  const items = suggestions.map(
    ({ kind, subjects, reason }) =>
      html`<li><b>${kind} ${subjects.join(" + ")}</b>: ${reason}</li>`,
  );
  return [section("suggestions", "Suggestions", html`<ul>${items}</ul>`)];
}
