// For tests: what a program file says about tiles that are JavaScript functions.

import { ok, required } from "@lumen/core/result";
import type { LoadedTile } from "../backend.ts";
import { machineOutcome } from "../tile-outcome.ts";
import type { ExecuteTile, ProgramFacts } from "../verify/run-check.ts";

/** A program id that is not zero. */
export const PROGRAM_ID: Uint8Array = new Uint8Array(32).fill(7);

/** The program file of these tiles. */
export function programOf(
  tiles: readonly LoadedTile[],
  cells: readonly string[] = [],
): ProgramFacts {
  const codes = new Map(tiles.map((tile) => [tile.id, tile.code]));
  return { programId: PROGRAM_ID, codes, cells: new Set(cells) };
}

/** Runs these tiles again. */
export function executeWith(tiles: readonly LoadedTile[]): ExecuteTile {
  return async ({ tileId, input }) => {
    const tile = required(
      tiles.find((candidate) => candidate.id === tileId),
      "the tile is known",
    );
    const result = await tile.execute(input);
    return result.ok ? ok(machineOutcome(result.value)) : result;
  };
}
