// The list that a collecting loop builds: what the state commits to (number and Merkle frontier of
// the values' digests, spec/formats.md 15.3) and, where every value is known, its bytes.

import { frontierAppend, leafHash } from "../commit/merkle.ts";
import type { Collected } from "../commit/state.ts";
import { decodeValue, valueDigest, WireWriter } from "../encoding/index.ts";
import { equalBytes } from "../hash/index.ts";
import { assert } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import type { ValueRef } from "./value-ref.ts";
import { leadingVarint, skipValue } from "./wire-parts.ts";

/** Collects values one by one. */
export class ListBuilder {
  #committed: Collected | null = { count: 0, frontier: [] };
  #items: Uint8Array[] | null = [];

  /** Number and frontier; null once a value without a digest was collected. */
  get committed(): Collected | null {
    return this.#committed;
  }

  /** Bytes of the values so far, in order; null if some are not known. */
  get items(): readonly Uint8Array[] | null {
    return this.#items;
  }

  /** Appends a value. O(log n). */
  add(value: ValueRef, bytes: Uint8Array | null): void {
    const digest = value.digest;
    if (this.#committed !== null && digest !== null) {
      const { count, frontier } = this.#committed;
      // A new state shares nothing with the one before, so snapshots of it stay as they were.
      const next = frontierAppend(frontier, count, leafHash(digest));
      this.#committed = { count: count + 1, frontier: next };
    } else {
      this.#committed = null;
    }
    if (bytes === null) this.#items = null;
    else this.#items?.push(bytes);
  }

  /** Bytes of the whole list, null if some value is not known. */
  finish(): Uint8Array | null {
    if (this.#items === null) return null;
    let size = 10;
    for (const item of this.#items) size += item.length;
    const writer = new WireWriter(size);
    writer.varint(this.#items.length);
    for (const item of this.#items) writer.raw(item);
    return writer.finish();
  }

  /** Continues what a state commits to, without the values so far. */
  static resume(collected: Collected): ListBuilder {
    const builder = new ListBuilder();
    builder.#committed = collected;
    builder.#items = collected.count === 0 ? [] : null;
    return builder;
  }

  /** Supplies the values so far; false if they are not those that were committed to. */
  supply(items: readonly Uint8Array[]): boolean {
    const expected = this.#committed;
    if (expected === null || !fits(items, expected)) return false;
    this.#items = [...items];
    return true;
  }
}

/**
 * True if the bytes are the list that a state commits to: canonical, of this type, with as many
 * items and the same frontier (15.3).
 */
export function isCollectedList(
  bytes: Uint8Array,
  type: TypeDescriptor,
  collected: Collected,
): boolean {
  assert(typeof type === "object" && "list" in type, "a collected value is a list");
  if (!decodeValue(type, bytes).ok) return false;
  const head = leadingVarint(bytes);
  if (head === null || head.value !== collected.count) return false;
  const items: Uint8Array[] = [];
  let at = head.end;
  for (let i = 0; i < head.value; i += 1) {
    const end = skipValue(type.list, bytes, at);
    items.push(bytes.subarray(at, end));
    at = end;
  }
  return fits(items, collected);
}

function fits(items: readonly Uint8Array[], collected: Collected): boolean {
  if (items.length !== collected.count) return false;
  let frontier: readonly Uint8Array[] = [];
  for (const [size, item] of items.entries()) {
    frontier = frontierAppend(frontier, size, leafHash(valueDigest(item)));
  }
  return (
    frontier.length === collected.frontier.length &&
    frontier.every((hash, i) => equalBytes(hash, collected.frontier[i] ?? hash.subarray(1)))
  );
}
