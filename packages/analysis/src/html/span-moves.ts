// Which spans begin and end with an event, for what shows spans with their times.

import type { TraceEvent } from "@lumen/core/trace";

/** What a span is of. */
export type TimedKind = "sequence" | "cell" | "tile" | "request" | "task";

/** A span that begins, or ends. */
export type SpanMove =
  | {
      readonly kind: "start";
      readonly span: number;
      readonly parent: number;
      readonly timestamp: number;
      readonly of: TimedKind;
      readonly name: string;
    }
  | {
      readonly kind: "end";
      readonly span: number;
      readonly timestamp: number;
      readonly failed: boolean;
    };

/** Takes the events of one run in order; a task ends by the number of its future. */
export class SpanMoves {
  readonly #spanOfFuture = new Map<number, number>();

  /** The move of the next event; null where no span begins or ends. */
  take(event: TraceEvent): SpanMove | null {
    switch (event.kind) {
      case "SequenceStart":
        return start(event, "sequence", event.name);
      case "CellStart":
        return start(event, "cell", event.cell);
      case "TileStart":
        return start(event, "tile", event.tileId);
      case "ToolCall":
        return start(event, "request", `tool:${event.tool}`);
      case "EffectPerform":
        return start(event, "request", `${event.effect}.${event.operation}`);
      case "FutureSpawn":
        this.#spanOfFuture.set(event.future, event.span);
        return start(event, "task", event.cell);
      case "FutureResolve": {
        const span = this.#spanOfFuture.get(event.future) ?? 0;
        return end({ span, timestamp: event.timestamp }, event.state !== "Ok");
      }
      case "TileFailure":
      case "SequenceFailure":
        return end(event, true);
      case "ToolResult":
      case "EffectResume":
        return end(event, !event.ok);
      case "TileEnd":
      case "SequenceEnd":
      case "CellEnd":
        return end(event, false);
      default:
        return null;
    }
  }
}

type Begun = { readonly span: number; readonly parent: number; readonly timestamp: number };

function start({ span, parent, timestamp }: Begun, of: TimedKind, name: string): SpanMove {
  return { kind: "start", span, parent, timestamp, of, name };
}

function end({ span, timestamp }: Omit<Begun, "parent">, failed: boolean): SpanMove {
  return { kind: "end", span, timestamp, failed };
}
