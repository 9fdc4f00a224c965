// What tiles took when they last ran (spec/formats.md 21.1): the mean of the newest trace that has
// runs with the same method id.

import { toHex } from "@lumen/core/hash";
import type { TraceEvent } from "@lumen/core/trace";
import type { Backend, CompiledTile, ResourceEstimate } from "@lumen/raster";
import { readEvents } from "./trace-read.ts";
import { listTraces, tracesFolder } from "./trace-store.ts";

/** Traces that are looked at, the newest first. */
const TRACES_MAX = 8;

/** Mean cycles by method id, in hexadecimal. */
export type MeasuredCycles = ReadonlyMap<string, number>;

/** Reads the newest traces of a project until each of these method ids was met. */
export function measuredCycles(
  projectFolder: string,
  methodIds: Iterable<Uint8Array>,
): MeasuredCycles {
  const wanted = new Set([...methodIds].map(toHex));
  const means = new Map<string, number>();
  const newest = [...listTraces(tracesFolder(projectFolder))].reverse().slice(0, TRACES_MAX);
  for (const path of newest) {
    if (wanted.size === 0) break;
    const sums = new CycleSums(wanted);
    // Only whole traces count; what cannot be read was measured by nobody.
    if (!readEvents(path, ({ event }) => sums.take(event)).ok) continue;
    for (const [methodId, mean] of sums.means()) {
      means.set(methodId, mean);
      wanted.delete(methodId);
    }
  }
  return means;
}

/** The estimate of a tile: measured before all else. */
export function estimateTile(
  backend: Backend,
  tile: CompiledTile,
  measured: MeasuredCycles,
): ResourceEstimate {
  const estimate = backend.estimateResources(tile.metadata, tile);
  const cycles = measured.get(toHex(tile.methodId));
  return cycles === undefined
    ? estimate
    : { ...estimate, cycles, source: "measured", lowerBound: false };
}

/** Sums the cycles of executions by method id; a step stands inside the span of its tile. */
class CycleSums {
  readonly #wanted: ReadonlySet<string>;
  readonly #methodOfSpan = new Map<number, string>();
  readonly #sums = new Map<string, { count: number; cycles: number }>();

  constructor(wanted: ReadonlySet<string>) {
    this.#wanted = wanted;
  }

  take(event: TraceEvent): void {
    if (event.kind === "TileStep" && event.methodId.length > 0) {
      const methodId = toHex(event.methodId);
      if (this.#wanted.has(methodId)) this.#methodOfSpan.set(event.span, methodId);
    }
    if (event.kind !== "TileEnd") return;
    const methodId = this.#methodOfSpan.get(event.span);
    this.#methodOfSpan.delete(event.span);
    if (methodId === undefined || event.cycles === null) return;
    const sum = this.#sums.get(methodId) ?? { count: 0, cycles: 0 };
    this.#sums.set(methodId, { count: sum.count + 1, cycles: sum.cycles + event.cycles });
  }

  *means(): Generator<readonly [string, number], void> {
    for (const [methodId, { count, cycles }] of this.#sums)
      yield [methodId, Math.round(cycles / count)];
  }
}
