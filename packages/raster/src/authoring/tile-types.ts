// Tiles and sequences as authors declare and use them: types only, common to what reads the
// registrations and to the guests.

import type { Execution } from "./abi.ts";
import type { Result } from "./containers.ts";
import type { Fields, Members } from "./named.ts";
import type { Operand, Operands, Ref } from "./reference.ts";
import type { Infer, Type } from "./type.ts";

/** What an author says about a tile; D is the type of its output. */
export interface TileOptions<I extends Fields, D extends Type<unknown>> {
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
  readonly output: D;
}

/** Options of a tile that can fail: its function returns `ok(value)` or `err(error)`. */
export interface FallibleOptions<I extends Fields, D extends Type<unknown>, X extends Type<unknown>>
  extends TileOptions<I, D> {
  readonly error: X;
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
export interface SequenceOptions<I extends Fields, D extends Type<unknown>> {
  readonly id?: string;
  readonly description?: string;
  readonly inputs: I;
  readonly output: D;
}

/** A sequence. Called inside another sequence, it becomes an item of the flow. */
export type Sequence<I extends Fields, O> = (args: Operands<I>) => Ref<O>;

/** What the function of a sequence returns: a value, or the items of a tuple; nothing for unit. */
export type SequenceValue<O> =
  | Operand<O>
  | ([O] extends [readonly unknown[]] ? { readonly [K in keyof O]: Operand<O[K]> } : never);

/** Declares a sequence. R is there to read literals as what the output expects. */
export type DeclareSequence = <
  I extends Fields,
  D extends Type<unknown>,
  const R extends SequenceValue<Infer<D>>,
>(
  options: SequenceOptions<I, D>,
  fn: (args: { readonly [K in keyof I]: Ref<Infer<I[K]>> }) => R,
) => Sequence<I, Infer<D>>;

/** The two ways to declare a tile. R is there to read literals as what the output expects. */
export interface DeclareTile {
  <I extends Fields, D extends Type<unknown>, const R extends Infer<D>>(
    options: TileOptions<I, D> & { readonly error?: never },
    fn: (args: Members<I>) => R,
  ): Tile<I, Infer<D>, Infer<D>>;
  <
    I extends Fields,
    D extends Type<unknown>,
    X extends Type<unknown>,
    const R extends Result<Infer<D>, Infer<X>>,
  >(
    options: FallibleOptions<I, D, X>,
    fn: (args: Members<I>) => R,
  ): Tile<I, Infer<D>, Result<Infer<D>, Infer<X>>>;
}
