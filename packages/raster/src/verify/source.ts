// Events of a trace file in either form, binary or JSON lines (spec/formats.md 14), read in one
// pass.

import type { Failure } from "@lumen/core/diagnostic";
import {
  JsonLinesScanner,
  type PlacedEvent,
  type TraceHeader,
  TraceScanner,
} from "@lumen/core/trace";

/** How a file ends: `torn` counts as ended there, `failure` as not readable (14.4). */
export interface SourceEnd {
  readonly events: readonly PlacedEvent[];
  readonly torn: Failure | null;
  readonly failure: Failure | null;
}

const OPENING_BRACE = 0x7b;

/** Tells the two forms apart by their first byte. Memory: one chunk and one frame or line. */
export class EventSource {
  readonly #subject: string;
  #binary: TraceScanner | null = null;
  #lines: JsonLinesScanner | null = null;

  /** `subject` names the trace in failures. */
  constructor(subject: string) {
    this.#subject = subject;
  }

  /** The header, once it has been read. */
  get header(): TraceHeader | null {
    return this.#lines?.header ?? this.#binary?.header ?? null;
  }

  /** The events that a chunk completes. */
  push(chunk: Uint8Array): readonly PlacedEvent[] {
    if (chunk.length === 0) return [];
    if (this.#lines === null && this.#binary === null) {
      if (chunk[0] === OPENING_BRACE) this.#lines = new JsonLinesScanner(this.#subject);
      else this.#binary = new TraceScanner(this.#subject);
    }
    return this.#lines?.push(chunk) ?? this.#binary?.push(chunk) ?? [];
  }

  /** After the last chunk. */
  end(): SourceEnd {
    if (this.#lines !== null) {
      const { events, ending } = this.#lines.end();
      return { events, ...endOf(ending) };
    }
    const scanner = this.#binary ?? new TraceScanner(this.#subject);
    return { events: [], ...endOf(scanner.end()) };
  }
}

type Ending = ReturnType<TraceScanner["end"]> | ReturnType<JsonLinesScanner["end"]>["ending"];

function endOf(ending: Ending): Omit<SourceEnd, "events"> {
  switch (ending.kind) {
    case "complete":
      return { torn: null, failure: null };
    case "torn":
      return { torn: ending.warning, failure: null };
    case "corrupt":
    case "refused":
      return { torn: null, failure: ending.failure };
  }
}
