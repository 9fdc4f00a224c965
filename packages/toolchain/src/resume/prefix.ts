// What a run that goes on does again before it does anything new: its events must be the recorded
// ones, at the recorded times, and are not written twice (formats 14.4).

import { encodeRecord } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { encodeWith } from "@lumen/core/encoding";
import { equalBytes } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import { type TraceEvent, traceEventCodec } from "@lumen/core/trace";
import type { TraceClock, Tracer } from "@lumen/raster";

const MARKS: readonly TraceEvent["kind"][] = ["Recovered", "Checkpoint"];

/** Recorded events, of which the first ones have been made again. */
export class Prefix {
  readonly #events: readonly TraceEvent[];
  #at = 0;

  /** Time of the last recorded event; 0 without any. */
  readonly lastTimestamp: number;

  /**
   * Those of `events` from the position `from` on. Marks of earlier resumptions and of snapshots
   * are passed over: they are no part of what a run does.
   */
  constructor(events: readonly TraceEvent[], from = 0) {
    this.#events = events.slice(from).filter(({ kind }) => !MARKS.includes(kind));
    this.lastTimestamp = events.reduce((last, e) => Math.max(last, timestampOf(e) ?? 0), 0);
  }

  /** Whether all of them have been made again. */
  get isOver(): boolean {
    return this.#at >= this.#events.length;
  }

  /** When the event that comes next was recorded; null for one that has no time, or none. */
  get nextTimestamp(): number | null {
    return timestampOf(this.#events[this.#at]);
  }

  /** Passes over the next event, which this one must be. E_DIVERGENCE. */
  pass(event: TraceEvent): Result<null, Failure> {
    const recorded = this.#events[this.#at];
    if (recorded !== undefined && isSame(recorded, event)) {
      this.#at += 1;
      return ok(null);
    }
    const [expected, found] = [recorded?.kind ?? "no event", event.kind];
    const what = expected === found ? `another ${found}` : found;
    const message = `event ${this.#at} diverges: the trace has ${expected}, the run made ${what}`;
    return err(
      failure("E_DIVERGENCE", "replay", message, {
        domain: "verifiable",
        details: { event: this.#at, expected, found: what },
        hint: "The trace was changed, or another version of Lumen wrote it.",
      }),
    );
  }
}

function timestampOf(event: TraceEvent | undefined): number | null {
  return event !== undefined && "timestamp" in event ? event.timestamp : null;
}

/** How a tile ran is no part of what it did. */
function isSame(recorded: TraceEvent, made: TraceEvent): boolean {
  if (recorded.kind === "TileStep" && made.kind === "TileStep") {
    const [a, b] = [encodeRecord(recorded.record), encodeRecord(made.record)];
    return recorded.span === made.span && equalBytes(a, b);
  }
  return equalBytes(encodeWith(traceEventCodec, recorded), encodeWith(traceEventCodec, made));
}

/** The recorded times, then those from the last of them on: nothing ran meanwhile. */
export function resumedClock(prefix: Prefix, deterministic: boolean): TraceClock {
  if (deterministic) return { kind: "logical" };
  const { lastTimestamp } = prefix;
  let started: bigint | null = null;
  const now = (): number => {
    const recorded = prefix.nextTimestamp;
    if (recorded !== null) return recorded;
    started ??= process.hrtime.bigint();
    return lastTimestamp + Number(process.hrtime.bigint() - started);
  };
  return { kind: "monotonic", now };
}

/** Compares while there are recorded events, then writes; the first new one calls `open`. */
export class ResumedTracer implements Tracer {
  readonly #prefix: Prefix;
  readonly #open: (timestamp: number) => Result<Tracer, Failure>;
  #live: Tracer | null = null;

  constructor(prefix: Prefix, open: (timestamp: number) => Result<Tracer, Failure>) {
    this.#prefix = prefix;
    this.#open = open;
  }

  recordEvent(event: TraceEvent): Result<null, Failure> {
    if (!this.#prefix.isOver) return this.#prefix.pass(event);
    if (this.#live === null) {
      const opened = this.#open(timestampOf(event) ?? this.#prefix.lastTimestamp);
      if (!opened.ok) return opened;
      this.#live = opened.value;
    }
    return this.#live.recordEvent(event);
  }

  finalize(): Result<null, Failure> {
    const live = this.#live;
    this.#live = null;
    return live?.finalize() ?? ok(null);
  }
}
