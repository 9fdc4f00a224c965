// Start and end events of tiles against the record between them (spec/formats.md 13.1, 13.2).

import { formatPath, type Outcome } from "@lumen/core/commit";
import { valueDigest } from "@lumen/core/encoding";
import { equalBytes, toHex } from "@lumen/core/hash";
import type { TraceEvent, TraceEventOf } from "@lumen/core/trace";
import { reject } from "./checks.ts";
import type { Finding, Place } from "./verdict.ts";

interface OpenTile {
  readonly path: string;
  readonly iteration: number | null;
  outcome: Outcome | null;
  leafIndex: number | null;
}

/** Keeps the open tiles only; nesting has been checked before. */
export class TileEvents {
  readonly #open = new Map<number, OpenTile>();

  /** Number of open tiles: what the memory depends on. */
  get size(): number {
    return this.#open.size;
  }

  /** Takes any event. */
  take(event: TraceEvent, place: Place): Finding {
    switch (event.kind) {
      case "TileStart":
        this.#open.set(event.span, {
          path: formatPath(event.path),
          iteration: event.iteration,
          outcome: null,
          leafIndex: null,
        });
        return null;
      case "TileStep":
        return this.#step(event, place);
      case "TileEnd":
      case "TileFailure":
        return this.#end(event, place);
      default:
        return null;
    }
  }

  #step(event: TraceEventOf<"TileStep">, place: Place): Finding {
    const { record } = event;
    const open = this.#open.get(event.span);
    if (record.kind !== "Tile" || open === undefined) return null;
    open.outcome = record.outcome;
    open.leafIndex = place.leafIndex;
    const path = formatPath(record.path);
    if (open.path !== path) {
      return reject("tile-start-path", place, { expected: path, found: open.path });
    }
    if (open.iteration === record.iteration) return null;
    const sides = { expected: record.iteration, found: open.iteration };
    return reject("tile-start-iteration", place, sides);
  }

  #end(event: TraceEventOf<"TileEnd"> | TraceEventOf<"TileFailure">, place: Place): Finding {
    const open = this.#open.get(event.span);
    this.#open.delete(event.span);
    const outcome = open?.outcome ?? null;
    // A tile that the host could not run has no record; nesting allows that for host failures only.
    if (open === undefined || outcome === null) return null;
    const expected = outcome.kind === "Ok" ? "TileEnd" : `TileFailure ${outcome.code}`;
    const found = event.kind === "TileEnd" ? "TileEnd" : `TileFailure ${event.error.code}`;
    const at = { ...place, leafIndex: open.leafIndex };
    const host = event.kind === "TileFailure" && event.error.domain === "Host";
    if (expected !== found || host) return reject("tile-end", at, { expected, found });
    const details = event.kind === "TileFailure" ? event.error.details : null;
    if (details === null || outcome.kind === "Ok") return null;
    const digest = valueDigest(details);
    if (equalBytes(digest, outcome.errorDigest)) return null;
    return reject("tile-end", at, { expected: toHex(outcome.errorDigest), found: toHex(digest) });
  }
}
