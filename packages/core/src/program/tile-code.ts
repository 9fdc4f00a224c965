// The code bytes of a tile (spec/formats.md 15.2).

import type { Failure } from "../diagnostic/failure.ts";
import { codeBytesOf, type LirModule } from "../lir/index.ts";
import { ok, type Result } from "../result/result.ts";
import type { TileEntry } from "./program.ts";

/** Canonical code bytes of a tile of the program that has these modules. */
export function tileCode(
  modules: readonly LirModule[],
  tile: Pick<TileEntry, "guest">,
): Result<Uint8Array, Failure> {
  const { guest } = tile;
  return guest.kind === "js" ? ok(guest.source) : codeBytesOf(modules, guest.cell);
}
