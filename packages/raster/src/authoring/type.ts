// What a declared type is to the code around a tile: its descriptor and its codec. The types
// themselves stand in `scalars.ts`, `containers.ts` and `named.ts`, one function each, so that a
// guest holds only those that its tile uses.

import type { TypeDescriptor } from "@lumen/core/value";
import type { Input, Output } from "./bytes.ts";

/**
 * Value order (spec/formats.md 4.2): negative, zero or positive. Written as a method, so that types
 * of narrower values can stand where those of wider ones are expected, as with arrays.
 */
export type Order<T> = { of(a: T, b: T): number }["of"];

/** A type of the wire, whose values are T in TypeScript. */
export interface Type<T> {
  /** @internal */
  readonly descriptor: TypeDescriptor;
  /** No value has fewer bytes. */
  readonly bytesMin: number;
  /** Null where keys of maps and items of sets cannot have it (formats 3.1). */
  readonly order: Order<T> | null;
  /** Whether null or undefined is a value, so that an option of it must wrap its value. */
  readonly nullable: boolean;
  /** Throws `Undecodable`. */
  read(input: Input): T;
  /** Throws `Unencodable`. */
  write(output: Output, value: T): void;
}

/** The TypeScript type of the values of a declared type. */
export type Infer<D> = D extends Type<infer T> ? T : never;

/** Order of numbers, bigints and booleans. */
export function byValue<T extends number | bigint | boolean>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
