// The timeline as a drawing: one bar per span, spans inside of others below them.

import { formatDuration } from "../format.ts";
import { clip } from "../text-table.ts";
import { html, type Markup } from "./markup.ts";
import type { TimedSpan, Timeline } from "./timeline.ts";

const WIDTH = 1160;
const LANE_HEIGHT = 18;
const AXIS_HEIGHT = 22;
const LANES_MAX = 40;
const TICKS = 8;
/** Narrower bars have no room for a name. */
const NAMED_WIDTH = 40;
const CHARACTER_WIDTH = 6.4;
const BAR_WIDTH_MIN = 1;

/** The drawing of a timeline. */
export function timelineView(timeline: Timeline): Markup {
  const end = Math.max(1, timeline.end);
  const placed = lanesOf(timeline.spans);
  const lanes = Math.min(LANES_MAX, Math.max(1, ...placed.map(({ lane }) => lane + 1)));
  const height = AXIS_HEIGHT + lanes * LANE_HEIGHT + 2;
  const shown = placed.filter(({ lane }) => lane < LANES_MAX);
  const left = timeline.leftOut + placed.length - shown.length;
  return html`<svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img"
 aria-label="timeline">${ticks(end, height, timeline.isLogical)}${shown.map((place) =>
   barOf(place, end, timeline.isLogical),
 )}</svg>${left === 0 ? [] : [note(left)]}`;
}

function note(left: number): Markup {
  return html`<p class="note">${left} shorter spans are not drawn.</p>`;
}

function ticks(end: number, height: number, isLogical: boolean): readonly Markup[] {
  return Array.from({ length: TICKS + 1 }, (_, i) => {
    const x = round((WIDTH * i) / TICKS);
    const anchor = i === 0 ? "start" : i === TICKS ? "end" : "middle";
    const at = timeText(Math.round((end * i) / TICKS), isLogical);
    return html`<line class="tick" x1="${x}" y1="${AXIS_HEIGHT - 6}" x2="${x}" y2="${height}"/><text
 class="axis" x="${x}" y="12" text-anchor="${anchor}">${at}</text>`;
  });
}

function barOf({ span, lane }: PlacedSpan, end: number, isLogical: boolean): Markup {
  const x = round((WIDTH * span.start) / end);
  const width = Math.max(BAR_WIDTH_MIN, round((WIDTH * (span.end - span.start)) / end));
  const y = AXIS_HEIGHT + lane * LANE_HEIGHT;
  const state = span.failed ? " failed" : span.open ? " open" : "";
  const room = Math.floor((width - 6) / CHARACTER_WIDTH);
  const label =
    width < NAMED_WIDTH
      ? []
      : [html`<text class="name" x="${x + 3}" y="${y + 12}">${clip(span.name, room)}</text>`];
  return html`<g><title>${titleOf(span, isLogical)}</title><rect class="${span.kind}${state}"
 x="${x}" y="${y}" width="${width}" height="${LANE_HEIGHT - 2}" rx="2"/>${label}</g>`;
}

function titleOf(span: TimedSpan, isLogical: boolean): string {
  const state = span.failed ? ", failed" : span.open ? ", not ended" : "";
  const length = timeText(span.end - span.start, isLogical);
  return `${span.kind} ${span.name}: ${length} from ${timeText(span.start, isLogical)}${state}`;
}

function timeText(time: number, isLogical: boolean): string {
  return isLogical ? `event ${time}` : formatDuration(time);
}

interface PlacedSpan {
  readonly span: TimedSpan;
  readonly lane: number;
}

/** Below its parent, in the first lane that is free: tasks overlap. */
function lanesOf(spans: readonly TimedSpan[]): readonly PlacedSpan[] {
  const laneOf = new Map<number, number>();
  const busyUntil: number[] = [];
  return spans.map((span) => {
    let lane = (laneOf.get(span.parent) ?? -1) + 1;
    while ((busyUntil[lane] ?? -1) > span.start) lane += 1;
    busyUntil[lane] = span.end;
    laneOf.set(span.span, lane);
    return { span, lane };
  });
}

/** A tenth of a unit is finer than any screen, and keeps pages small and equal. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
