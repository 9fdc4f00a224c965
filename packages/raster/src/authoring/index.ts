// Entry point `@lumen/raster/authoring`: what authors of TypeScript tiles import, there under the
// name `@lumen/raster`. Imports nothing but types from the rest of the system.
import * as t from "./types.ts";

export type { Execution } from "./abi.ts";
export { err, type Option, ok, type Result } from "./containers.ts";
export { sequence, tile } from "./declare.ts";
export { branch, collect, fold, forEach, literal, match, repeat } from "./flow.ts";
export type { Json } from "./named.ts";
export type { Operand, Ref } from "./reference.ts";
/** @internal Of whoever reads what sources declare. */
export { collectRegistrations, lookup, problemOf, type Registrations } from "./registry.ts";
export type { Sequence, SequenceOptions, Tile, TileOptions } from "./tile-types.ts";
export type { Infer, Type } from "./type.ts";
export { t };
