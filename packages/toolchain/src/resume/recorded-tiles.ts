// Tiles of a run that goes on: one that ran already gives what it gave, without being executed. A
// tile is pure, so this is what it would give; `verify --level reexecute` is the check of that.

import { valueDigest } from "@lumen/core/encoding";
import { equalBytes } from "@lumen/core/hash";
import { ok } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";
import type { LoadedTile, TileResult } from "@lumen/raster";

interface Execution {
  readonly tileId: string;
  readonly inputDigest: Uint8Array;
  readonly result: TileResult;
}

/** The tiles, which answer from the events first, in their order; what is not there is executed. */
export function recordedTiles(
  tiles: ReadonlyMap<string, LoadedTile>,
  events: readonly TraceEvent[],
): ReadonlyMap<string, LoadedTile> {
  const recorded = executionsOf(events);
  let at = 0;
  const execute = (tile: LoadedTile, input: Uint8Array): ReturnType<LoadedTile["execute"]> => {
    const next = recorded[at];
    at += 1;
    const isThis = next?.tileId === tile.id && equalBytes(next.inputDigest, valueDigest(input));
    return isThis ? ok(next.result) : tile.execute(input);
  };
  return new Map(
    [...tiles].map(([id, tile]) => {
      const { code, backend, methodId } = tile;
      const again = (input: Uint8Array) => execute(tile, input);
      return [id, { id: tile.id, code, backend, methodId, execute: again }];
    }),
  );
}

/** One entry for each execution that has a record; null where its value is not at hand. */
function executionsOf(events: readonly TraceEvent[]): readonly (Execution | null)[] {
  const cycles = new Map<number, number | null>();
  for (const event of events) if (event.kind === "TileEnd") cycles.set(event.span, event.cycles);
  return events.flatMap((event): (Execution | null)[] => {
    if (event.kind !== "TileStep" || event.record.kind !== "Tile") return [];
    const { span, record, output } = event;
    const { tileId, inputDigest, outcome } = record;
    const isWhole =
      output !== null &&
      outcome.kind === "Ok" &&
      equalBytes(valueDigest(output), outcome.outputDigest) &&
      cycles.has(span);
    if (!isWhole) return [null];
    const { proofCycles, receipt, verified } = event;
    const proof =
      proofCycles === null || receipt === null ? null : { proofCycles, receipt, verified };
    const result: TileResult = {
      kind: "finished",
      output,
      cycles: cycles.get(span) ?? null,
      proof,
    };
    return [{ tileId, inputDigest, result }];
  });
}
