// Tiles of a program bound to the native back end.

import type { Failure } from "@lumen/core/diagnostic";
import { type Program, type TileEntry, tileCode } from "@lumen/core/program";
import { ok, type Result } from "@lumen/core/result";
import { type Backend, ESTIMATE, type LoadedTile, loadTile, metadataOf } from "@lumen/raster";

/** Compiles every tile of a program for a back end. */
export async function loadTiles(
  program: Program,
  backend: Backend,
): Promise<Result<ReadonlyMap<string, LoadedTile>, Failure>> {
  const tiles = new Map<string, LoadedTile>();
  for (const entry of program.tiles) {
    const loaded = await loadOne(program, entry, backend);
    if (!loaded.ok) return loaded;
    tiles.set(entry.id, loaded.value);
  }
  return ok(tiles);
}

async function loadOne(
  program: Program,
  entry: TileEntry,
  backend: Backend,
): Promise<Result<LoadedTile, Failure>> {
  const code = tileCode(program.modules, entry);
  if (!code.ok) return code;
  const compiled = await backend.compileTile(metadataOf(entry), code.value);
  return compiled.ok ? ok(loadTile(backend, compiled.value, ESTIMATE)) : compiled;
}
