// When what ran: the spans of a run with their times. Bounded: of a long run the longest spans are
// kept, those inside of nothing that is kept apart.

import type { TraceEvent } from "@lumen/core/trace";
import { SpanMoves, type TimedKind } from "./span-moves.ts";

/**
 * One span with its times in nanoseconds since the start; in a deterministic run, event numbers.
 */
export interface TimedSpan {
  readonly span: number;
  readonly parent: number;
  readonly kind: TimedKind;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly failed: boolean;
  /** The trace ends before it does. */
  readonly open: boolean;
}

/** The spans of a run by their start. */
export interface Timeline {
  readonly spans: readonly TimedSpan[];
  /** Shorter spans that were left out. */
  readonly leftOut: number;
  /** Time of the last event. */
  readonly end: number;
  /** Times are numbers of events. */
  readonly isLogical: boolean;
}

/** Spans that are kept. */
export const TIMELINE_SPANS_MAX = 2000;

type OpenSpan = Omit<TimedSpan, "end" | "failed" | "open">;

/** Takes the events of one run in order. */
export class TimelineBuilder {
  readonly #isLogical: boolean;
  readonly #spansMax: number;
  readonly #open = new Map<number, OpenSpan>();
  readonly #moves = new SpanMoves();
  #ended: TimedSpan[] = [];
  #leftOut = 0;
  #last = 0;

  constructor(options: { readonly deterministic: boolean; readonly spansMax?: number }) {
    this.#isLogical = options.deterministic;
    this.#spansMax = options.spansMax ?? TIMELINE_SPANS_MAX;
  }

  /** Takes the next event. */
  add(event: TraceEvent): void {
    if ("timestamp" in event) this.#last = Math.max(this.#last, event.timestamp);
    const move = this.#moves.take(event);
    if (move?.kind === "start") this.#start(move, move.of, move.name);
    else if (move !== null) this.#end(move.span, move.failed);
  }

  /** The timeline of what was taken. */
  timeline(): Timeline {
    const open = [...this.#open.values()].map(
      (span): TimedSpan => ({ ...span, end: this.#last, failed: false, open: true }),
    );
    const kept = longest([...this.#ended, ...open], this.#spansMax);
    const leftOut = this.#leftOut + this.#ended.length + open.length - kept.length;
    const spans = kept.sort((a, b) => a.start - b.start || a.span - b.span);
    return { spans, leftOut, end: this.#last, isLogical: this.#isLogical };
  }

  #start(
    event: { readonly span: number; readonly parent: number; readonly timestamp: number },
    kind: TimedKind,
    name: string,
  ): void {
    const { span, parent, timestamp: start } = event;
    this.#open.set(span, { span, parent, kind, name, start });
  }

  #end(span: number, failed: boolean): void {
    const open = this.#open.get(span);
    if (open === undefined) return;
    this.#open.delete(span);
    this.#ended.push({ ...open, end: this.#last, failed, open: false });
    if (this.#ended.length < 4 * this.#spansMax) return;
    const kept = longest(this.#ended, this.#spansMax);
    this.#leftOut += this.#ended.length - kept.length;
    this.#ended = kept;
  }
}

/** The longest spans; of equal ones the first, and all that failed before any that did not. */
function longest(spans: readonly TimedSpan[], count: number): TimedSpan[] {
  const rank = ({ failed }: TimedSpan): number => (failed ? 0 : 1);
  const byLength = [...spans].sort(
    (a, b) => rank(a) - rank(b) || b.end - b.start - (a.end - a.start) || a.span - b.span,
  );
  return byLength.slice(0, count);
}
