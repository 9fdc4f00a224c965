// What a page shows beside its figures: drawings, of which anybody may add more.

import type { AnalysisReport } from "../report.ts";
import type { Flow } from "./flow.ts";
import { flowView } from "./flow-view.ts";
import type { Markup } from "./markup.ts";
import type { Timeline } from "./timeline.ts";
import { timelineView } from "./timeline-view.ts";

/** All that is known of a run when its page is made. */
export interface RunPicture {
  readonly report: AnalysisReport;
  readonly timeline: Timeline;
  readonly flow: Flow;
}

/** A section of a page. */
export interface Visualisation {
  /** Names the section in the page: `[a-z-]+`. */
  readonly name: string;
  readonly title: string;
  /** Null where it has nothing to show. Markup is made by `html` alone, so that text stays text. */
  readonly draw: (run: RunPicture) => Markup | null;
}

/** The drawings of every page. */
export const VISUALISATIONS: readonly Visualisation[] = [
  {
    name: "timeline",
    title: "Timeline",
    draw: ({ timeline }) => (timeline.spans.length === 0 ? null : timelineView(timeline)),
  },
  {
    name: "flow",
    title: "Flow",
    draw: ({ flow }) => (flow.nodes.length === 0 ? null : flowView(flow)),
  },
];
