// Where in the source a tile failed. A tile's code carries no positions, so that prose can change
// without its digest; but a tile is pure, so running it again in the program that has them finds
// the place.

import type { FaultFrame } from "@lumen/core/diagnostic";
import { abiInputType, decodeValue } from "@lumen/core/encoding";
import type { Program } from "@lumen/core/program";
import { Tuple } from "@lumen/core/value";
import type { LoadedTile } from "@lumen/raster";
import { linkProgram, runPure } from "@lumen/vm";

/** Tiles that remember the input of the last one that was run. */
export interface WatchedTiles {
  readonly tile: (tileId: string) => LoadedTile | undefined;
  readonly last: () => { readonly tileId: string; readonly input: Uint8Array } | null;
}

/** Watches which tile runs. */
export function watchTiles(tiles: ReadonlyMap<string, LoadedTile>): WatchedTiles {
  let last: { readonly tileId: string; readonly input: Uint8Array } | null = null;
  return {
    last: () => last,
    tile: (tileId) => {
      const tile = tiles.get(tileId);
      if (tile === undefined) return undefined;
      const { id, code, backend, methodId } = tile;
      const execute: LoadedTile["execute"] = (input) => {
        last = { tileId, input };
        return tile.execute(input);
      };
      return { id, code, backend, methodId, execute };
    },
  };
}

/**
 * The call stack of a failed tile with source positions; empty where the failure is not repeated.
 */
export function locateFault(
  program: Program,
  failed: { readonly tileId: string; readonly input: Uint8Array },
): readonly FaultFrame[] {
  const entry = program.tiles.find((t) => t.id === failed.tileId);
  const linked = linkProgram(program.modules);
  if (entry?.guest.kind !== "lir" || !linked.ok) return [];
  const types = entry.params.map((p) => p.type);
  const decoded = decodeValue(abiInputType(types), failed.input);
  if (!decoded.ok) return [];
  const { value } = decoded;
  const several = types.length > 1 && value instanceof Tuple;
  const args = types.length === 0 ? [] : several ? value.items : [value];
  const run = runPure(linked.value, entry.guest.cell, args);
  return run.ok ? [] : run.fault.stack;
}
