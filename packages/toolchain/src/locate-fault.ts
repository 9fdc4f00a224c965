// Where in the source a tile failed. A tile's code carries no positions, so that prose can change
// without its digest; but a tile is pure, so running it again in the program that has them finds
// the place.

import type { FaultFrame } from "@lumen/core/diagnostic";
import { abiInputType, decodeValue } from "@lumen/core/encoding";
import type { Program, TileEntry } from "@lumen/core/program";
import { Tuple } from "@lumen/core/value";
import type { LoadedTile } from "@lumen/raster";
import { linkProgram, runPure } from "@lumen/vm";
import type { RunnableProject } from "./compile-project.ts";
import { locateException } from "./typescript/locate-exception.ts";

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
 * The call stack of a failed tile with source positions, outermost call first; empty where the
 * failure is not repeated.
 */
export async function locateFault(
  { program, project }: RunnableProject,
  failed: { readonly tileId: string; readonly input: Uint8Array; readonly code: string },
): Promise<readonly FaultFrame[]> {
  const entry = program.tiles.find((t) => t.id === failed.tileId);
  if (entry === undefined) return [];
  if (entry.guest.kind === "lir") return lirStack(program, entry, failed.input);
  if (entry.guest.kind !== "js" || failed.code !== "E_TRAP_OTHER") return [];
  return locateException(project, { entry, input: failed.input });
}

function lirStack(program: Program, entry: TileEntry, input: Uint8Array): readonly FaultFrame[] {
  const linked = linkProgram(program.modules);
  if (entry.guest.kind !== "lir" || !linked.ok) return [];
  const types = entry.params.map((p) => p.type);
  const decoded = decodeValue(abiInputType(types), input);
  if (!decoded.ok) return [];
  const { value } = decoded;
  const several = types.length > 1 && value instanceof Tuple;
  const args = types.length === 0 ? [] : several ? value.items : [value];
  const run = runPure(linked.value, entry.guest.cell, args);
  return run.ok ? [] : run.fault.stack;
}
