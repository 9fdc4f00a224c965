// What analysis reads off a control-flow schema: bounds of recursive tiles, and which tile takes
// only what the tile before it gave. Without a schema the records alone are looked at.

import type { Cfs, CfsItem } from "@lumen/core/cfs";
import { DEFAULT_BOUND } from "@lumen/core/commit";

/** The parts of a schema that are looked at. */
export type SchemaParts = Pick<Cfs, "tiles" | "sequences" | "tileById">;

/** Pairs of tile ids: first the one that gives, then those that take only its output. */
export type TilePairs = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Iterations that a call of each recur tile may make: the largest of its calls, where that of a
 * call is its own bound, else that of the tile, else the default (9.2).
 */
export function iterationBounds(cfs: SchemaParts): ReadonlyMap<string, number> {
  const bounds = new Map<string, number>();
  for (const item of allItems(cfs)) {
    if (item.kind !== "tile" || !item.recursive) continue;
    const tile = cfs.tileById.get(item.id);
    const bound = item.maxIterations ?? tile?.maxIterations ?? DEFAULT_BOUND;
    bounds.set(item.id, Math.max(bounds.get(item.id) ?? 0, bound));
  }
  // Tiles that no sequence calls may still be called by a cell.
  for (const tile of cfs.tiles) {
    if (tile.type !== "recur" || bounds.has(tile.id)) continue;
    bounds.set(tile.id, tile.maxIterations ?? DEFAULT_BOUND);
  }
  return bounds;
}

/** Tiles whose one argument, in some sequence, is the whole output of another tile. */
export function adjacentTiles(cfs: SchemaParts): TilePairs {
  const pairs = new Map<string, Set<string>>();
  for (const block of allBlocks(cfs)) {
    for (const item of block) {
      const from = onlySource(item, block);
      if (from === null || (cfs.tileById.get(from)?.outputs ?? 0) > 1) continue;
      const takers = pairs.get(from) ?? new Set<string>();
      takers.add(item.id);
      pairs.set(from, takers);
    }
  }
  return pairs;
}

/** The tile of the same block whose output is the only argument of `item`, else null. */
function onlySource(item: CfsItem, block: readonly CfsItem[]): string | null {
  const [only, ...others] = item.args;
  if (item.kind !== "tile" || only === undefined || others.length > 0) return null;
  if (only.source.kind !== "item_output" || only.source.up > 0) return null;
  const from = block[only.source.item];
  return from?.kind === "tile" ? from.id : null;
}

function allItems(cfs: SchemaParts): readonly CfsItem[] {
  return allBlocks(cfs).flat();
}

function allBlocks(cfs: SchemaParts): readonly (readonly CfsItem[])[] {
  return cfs.sequences.flatMap((sequence) => blocksOf(sequence.items));
}

function blocksOf(items: readonly CfsItem[]): readonly (readonly CfsItem[])[] {
  const inner = items.flatMap((item) => {
    if (item.kind === "branch") return item.arms.flatMap((arm) => blocksOf(arm.items));
    if (item.kind !== "loop") return [];
    return [...blocksOf(item.head?.items ?? []), ...blocksOf(item.body.items)];
  });
  return [items, ...inner];
}
