// Tracers (spec/formats.md 13.3): where the events of a run go. Pure: bytes and lines are handed to
// injected sinks, files belong to the caller.

import {
  encodeFingerprint,
  type Fingerprint,
  FingerprintBuilder,
  type FingerprintLayout,
  leafOf,
  MerkleLog,
  traceCommitment,
} from "@lumen/core/commit";
import type { Failure } from "@lumen/core/diagnostic";
import { ok, type Result } from "@lumen/core/result";
import {
  encodeFrame,
  eventLine,
  headerLine,
  startTrace,
  type TraceEvent,
  type TraceHeader,
} from "@lumen/core/trace";

/** Nothing, or the failure that stops the run. */
export type Recorded = Result<null, Failure>;

/** Takes the events of one run in order, each fully before the next. */
export interface Tracer {
  recordEvent(event: TraceEvent): Recorded;
  /** Once, after the last event. */
  finalize(): Recorded;
}

const DONE: Recorded = ok(null);

/** Takes every event and keeps none. */
export const nullTracer: Tracer = { recordEvent: () => DONE, finalize: () => DONE };

/** Keeps all events. */
export class MemoryTracer implements Tracer {
  readonly events: TraceEvent[] = [];

  recordEvent(event: TraceEvent): Recorded {
    this.events.push(event);
    return DONE;
  }

  finalize(): Recorded {
    return DONE;
  }
}

/** Hands the lines of a JSON lines trace (14.5) to `write`, line feeds included. */
export function jsonLinesTracer(
  header: TraceHeader,
  write: (line: string) => Result<null, Failure>,
): Tracer {
  let first = true;
  return {
    recordEvent: (event) => {
      if (first) {
        first = false;
        const written = write(headerLine(header));
        if (!written.ok) return written;
      }
      return write(eventLine(event));
    },
    finalize: () => DONE,
  };
}

/** Goes on with the lines of a trace that has a header already. */
export function continuedLinesTracer(write: (line: string) => Result<null, Failure>): Tracer {
  return { recordEvent: (event) => write(eventLine(event)), finalize: () => DONE };
}

/**
 * Hands a binary trace (14.1-14.3) to `write`: the header, then one frame at a time, so that a sink
 * that appends each in a single write leaves at most a torn tail behind.
 */
export function binaryTracer(
  header: TraceHeader,
  write: (bytes: Uint8Array) => Result<null, Failure>,
): Tracer {
  let chain: Uint8Array | null = null;
  return {
    recordEvent: (event) => {
      if (chain === null) {
        const start = startTrace(header);
        chain = start.chain;
        const written = write(start.bytes);
        if (!written.ok) return written;
      }
      const frame = encodeFrame(chain, event);
      if (!frame.ok) return frame;
      chain = frame.value.chain;
      return write(frame.value.bytes);
    },
    finalize: () => DONE,
  };
}

/** Goes on with the frames of a trace behind the one that ended with this chain (14.4). */
export function continuedBinaryTracer(
  chain: Uint8Array,
  write: (bytes: Uint8Array) => Result<null, Failure>,
): Tracer {
  let last = chain;
  return {
    recordEvent: (event) => {
      const frame = encodeFrame(last, event);
      if (!frame.ok) return frame;
      last = frame.value.chain;
      return write(frame.value.bytes);
    },
    finalize: () => DONE,
  };
}

/** What the commitment to a run is made of. */
export interface Commitment {
  readonly size: number;
  readonly root: Uint8Array;
  readonly schemaHash: Uint8Array;
  readonly commitment: Uint8Array;
}

/** Commits to the records among the events (16). O(log n) memory. */
export class CommitmentTracer implements Tracer {
  readonly #log = new MerkleLog();
  #schemaHash: Uint8Array | null = null;

  recordEvent(event: TraceEvent): Recorded {
    if (event.kind !== "TileStep") return DONE;
    const { record } = event;
    if (record.kind === "Genesis") this.#schemaHash = record.schemaHash;
    this.#log.push(leafOf(record));
    return DONE;
  }

  finalize(): Recorded {
    return DONE;
  }

  /** The commitment to the records so far; null before Genesis. */
  commitment(): Commitment | null {
    const schemaHash = this.#schemaHash;
    if (schemaHash === null) return null;
    const tree = { size: this.#log.size, root: this.#log.root(), schemaHash };
    return { ...tree, commitment: traceCommitment(tree) };
  }
}

/** Makes the fingerprint of a run (17): what `--commit` writes and `--audit` compares. */
export class FingerprintTracer implements Tracer {
  readonly #log = new MerkleLog();
  readonly #builder: FingerprintBuilder;
  #schemaHash: Uint8Array | null = null;

  constructor(layout: FingerprintLayout) {
    this.#builder = new FingerprintBuilder(layout);
  }

  recordEvent(event: TraceEvent): Recorded {
    if (event.kind !== "TileStep") return DONE;
    const { record } = event;
    if (record.kind === "Genesis") this.#schemaHash = record.schemaHash;
    this.#log.push(leafOf(record));
    this.#builder.push(this.#log.root());
    return DONE;
  }

  finalize(): Recorded {
    return DONE;
  }

  /** The fingerprint of the records so far and its file; null before Genesis. */
  fingerprint(): { readonly fingerprint: Fingerprint; readonly file: Uint8Array } | null {
    if (this.#schemaHash === null) return null;
    const fingerprint = this.#builder.finish(this.#schemaHash, this.#log.root());
    return { fingerprint, file: encodeFingerprint(fingerprint) };
  }
}

/** One tracer of a fan-out. An optional one that fails is left out from then on. */
export interface FanOutMember {
  readonly tracer: Tracer;
  readonly optional: boolean;
}

/** Hands every event to several tracers, in their order. */
export class FanOutTracer implements Tracer {
  #members: readonly FanOutMember[];
  readonly #dropped: Failure[] = [];

  constructor(members: readonly FanOutMember[]) {
    this.#members = members;
  }

  /** Failures of optional tracers, to be reported to the user. */
  get dropped(): readonly Failure[] {
    return this.#dropped;
  }

  recordEvent(event: TraceEvent): Recorded {
    return this.#each((tracer) => tracer.recordEvent(event));
  }

  finalize(): Recorded {
    return this.#each((tracer) => tracer.finalize());
  }

  #each(action: (tracer: Tracer) => Recorded): Recorded {
    for (const member of this.#members) {
      const done = action(member.tracer);
      if (done.ok) continue;
      if (!member.optional) return done;
      this.#dropped.push(done.error);
      this.#members = this.#members.filter((other) => other !== member);
    }
    return DONE;
  }
}
