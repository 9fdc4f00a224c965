// Tiles and sequences as authors declare and use them: types only, common to what reads the
// registrations and to the guests.

import type { Execution } from "./abi.ts";
import type { Result } from "./containers.ts";
import type { Fields, Members } from "./named.ts";
import type { Operands, Ref } from "./reference.ts";
import type { Type } from "./type.ts";

/** What an author says about a tile. */
export interface TileOptions<I extends Fields, O> {
  /** By default the name under which the tile is exported. */
  readonly id?: string;
  /** `recur`: the output is the tuple of a bool, done, and the inputs for the next step. */
  readonly kind: "iter" | "recur";
  readonly description?: string;
  readonly estimatedCycles?: number;
  /** Bytes. */
  readonly maxMemory?: number;
  /** Bound of a recursive call; only of a recur tile. */
  readonly maxIterations?: number;
  /** Parameters by name, in their order. */
  readonly inputs: I;
  readonly output: Type<O>;
}

/** Options of a tile that can fail: its function returns `ok(value)` or `err(error)`. */
export interface FallibleOptions<I extends Fields, O, E> extends TileOptions<I, O> {
  readonly error: Type<E>;
}

/**
 * A tile. Called inside a sequence, it becomes an item of the flow and gives a reference to its
 * output.
 */
export interface Tile<I extends Fields, O, R> {
  (args: Operands<I>): Ref<O>;
  /** A recursive call of a recur tile: until it is done. Gives the whole last output. */
  recur(args: Operands<I>, options?: { readonly maxIterations?: number }): Ref<O>;
  /** Runs the function of the tile here and now: for tests, and for tiles that use others. */
  run(args: Members<I>): R;
  /** Runs the tile on the bytes of its inputs, as every host does. */
  execute(bytes: Uint8Array): Execution;
}

/** What an author says about a sequence. */
export interface SequenceOptions<I extends Fields, O> {
  readonly id?: string;
  readonly description?: string;
  readonly inputs: I;
  readonly output: Type<O>;
}

/** A sequence. Called inside another sequence, it becomes an item of the flow. */
export type Sequence<I extends Fields, O> = (args: Operands<I>) => Ref<O>;

/** The two ways to declare a tile. */
export interface DeclareTile {
  <I extends Fields, O, E>(
    options: FallibleOptions<I, O, E>,
    fn: (args: Members<I>) => Result<O, E>,
  ): Tile<I, O, Result<O, E>>;
  <I extends Fields, O>(
    options: TileOptions<I, O> & { readonly error?: never },
    fn: (args: Members<I>) => O,
  ): Tile<I, O, O>;
}
