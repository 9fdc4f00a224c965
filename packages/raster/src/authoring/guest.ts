// What `@lumen/raster` is inside the guest of one tile: declarations without their notes, so that
// whatever the tile does not use falls away. The names are those of `index.ts`.

import { type Execution, runBody, type TileBody } from "./abi.ts";
import type { Fields } from "./named.ts";
import type { Type } from "./type.ts";
import * as t from "./types.ts";

export { err, ok } from "./containers.ts";

interface GuestOptions {
  readonly inputs: Fields;
  readonly output: Type<unknown>;
  readonly error?: Type<unknown>;
}

interface GuestTile {
  readonly run: TileBody["fn"];
  readonly execute: (bytes: Uint8Array) => Execution;
}

/* @__NO_SIDE_EFFECTS__ */
export function tile(options: GuestOptions, fn: TileBody["fn"]): GuestTile {
  const { output, error = null } = options;
  const body = { inputs: Object.entries(options.inputs), output, error, fn };
  const called = (): never => {
    throw new Error("a tile is called inside a tile: write .run(…) behind its name");
  };
  return Object.assign(called, { run: fn, execute: (bytes: Uint8Array) => runBody(body, bytes) });
}

/** Sequences do not run in guests. */
/* @__NO_SIDE_EFFECTS__ */
export function sequence(): object {
  return {};
}

/** Only sequences call these, and they do not run here. */
/* @__NO_SIDE_EFFECTS__ */
function nowhere(): never {
  throw new Error("branches, loops and `literal` belong in sequences; a tile computes");
}

export {
  nowhere as branch,
  nowhere as collect,
  nowhere as fold,
  nowhere as forEach,
  nowhere as literal,
  nowhere as match,
  nowhere as repeat,
  t,
};
