// References to values that flow through a run: a digest, the bytes, or both (spec/formats.md
// 18.2). Whatever one of them follows from the other is computed when asked for, once.

import { valueDigest } from "../encoding/index.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";

/** A value by digest, bytes, or neither (unknown, at structure level only). */
export class ValueRef {
  #digest: Uint8Array | null;
  #bytes: Uint8Array | null;
  #parts: readonly ValueRef[] | null = null;
  #partType: TypeDescriptor | null = null;

  constructor(known: { readonly digest?: Uint8Array; readonly bytes?: Uint8Array }) {
    this.#digest = known.digest ?? null;
    this.#bytes = known.bytes ?? null;
  }

  /** The value digest; null if nothing is known about the value. */
  get digest(): Uint8Array | null {
    if (this.#digest === null && this.#bytes !== null) this.#digest = valueDigest(this.#bytes);
    return this.#digest;
  }

  /** The bytes as far as known here; others may know them by digest. */
  get bytes(): Uint8Array | null {
    return this.#bytes;
  }

  /** Adds bytes that were found to have this digest. */
  learn(bytes: Uint8Array): void {
    this.#bytes = bytes;
  }

  /** Parts remembered for this very tuple type. */
  partsOf(type: TypeDescriptor): readonly ValueRef[] | null {
    return this.#partType === type ? this.#parts : null;
  }

  /** Remembers parts, so that several uses of one value split it once. */
  keepParts(type: TypeDescriptor, parts: readonly ValueRef[]): void {
    this.#parts = parts;
    this.#partType = type;
  }
}

/** The value without bytes: unit, and the error of traps and limits. */
export const EMPTY_VALUE: ValueRef = new ValueRef({ bytes: new Uint8Array(0) });

/** A value of which nothing is known. */
export const UNKNOWN_VALUE: ValueRef = new ValueRef({});
