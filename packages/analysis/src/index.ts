// Public entry point of @lumen/analysis: named re-exports only.
export { formatBytes, formatCount, formatDuration, formatShare } from "./format.ts";
export { ALIKE_MAX, foldGraph } from "./graph/fold.ts";
export {
  GRAPH_DEPTH_MAX,
  GRAPH_SPANS_MAX,
  GraphBuilder,
  type GraphNode,
  type NodeKind,
  type NodeStatus,
  type RunGraph,
} from "./graph/graph.ts";
export { GRAPH_FORMS, type GraphForm, renderGraph } from "./graph/render-graph.ts";
export {
  FLOW_NODES_MAX,
  type Flow,
  FlowBuilder,
  type FlowEdge,
  type FlowNode,
} from "./html/flow.ts";
export { type Content, EMPTY, html, type Markup } from "./html/markup.ts";
export { renderPage } from "./html/page.ts";
export type { TimedKind } from "./html/span-moves.ts";
export {
  TIMELINE_SPANS_MAX,
  type TimedSpan,
  type Timeline,
  TimelineBuilder,
} from "./html/timeline.ts";
export { type RunPicture, VISUALISATIONS, type Visualisation } from "./html/visualisation.ts";
export { REPORT_COLUMNS_MAX, renderReport } from "./render.ts";
export type {
  AnalysisReport,
  ComplianceVerdict,
  CriticalStep,
  DurationFigures,
  Finding,
  HotTile,
  RequestMetrics,
  SpanMetrics,
  Suggestion,
  SuggestionKind,
  TileMetrics,
  TileProofMetrics,
  ZkvmMetrics,
} from "./report.ts";
export { REPORT_VERSION, reportText, reportToJson } from "./report-json.ts";
export {
  adjacentTiles,
  iterationBounds,
  type SchemaParts,
  type TilePairs,
} from "./schema-facts.ts";
export {
  type Handover,
  type RunFacts,
  SUGGESTION_RULES,
  type SuggestionRule,
  suggest,
  type TileFacts,
} from "./suggestions.ts";
export { type AnalysisOptions, analyzeTrace, TraceAnalyzer } from "./trace-analyzer.ts";
export type { TraceValidator } from "./validator.ts";
