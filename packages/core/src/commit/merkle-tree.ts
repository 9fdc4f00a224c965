// The tree of RFC 6962 with all its nodes: prefix roots and proofs of any size in O(log n) hashes
// (spec/formats.md 16). For whoever has to answer many questions about one trace; who only needs
// the root keeps the frontier (merkle.ts).

import { assert, required } from "../result/result.ts";
import { EMPTY_ROOT, nodeHash } from "./merkle.ts";

const HASH_BYTES = 32;
const FIRST_CAPACITY = 64;

/** The full nodes of one height: number k stands over leaves k * 2^height to (k + 1) * 2^height. */
class Level {
  #bytes = new Uint8Array(FIRST_CAPACITY * HASH_BYTES);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  push(hash: Uint8Array): void {
    const at = this.#count * HASH_BYTES;
    if (at === this.#bytes.length) {
      const grown = new Uint8Array(2 * this.#bytes.length);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes.set(hash, at);
    this.#count += 1;
  }

  at(index: number): Uint8Array {
    assert(index >= 0 && index < this.#count, "the node is full");
    return this.#bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES);
  }
}

/** A growing tree that keeps its full nodes: 64 bytes per leaf. */
export class MerkleTree {
  readonly #levels: Level[] = [new Level()];

  /** Number of leaves. */
  get size(): number {
    return this.#level(0).count;
  }

  /** Appends a leaf hash of 32 bytes. Amortised O(1). */
  push(leaf: Uint8Array): void {
    assert(leaf.length === HASH_BYTES, "a leaf hash has 32 bytes");
    let hash = leaf;
    for (let height = 0; ; height += 1) {
      const level = this.#level(height);
      level.push(hash);
      if (level.count % 2 === 1) return;
      hash = nodeHash(level.at(level.count - 2), hash);
    }
  }

  /** A leaf hash. */
  leaf(index: number): Uint8Array {
    return this.#level(0).at(index);
  }

  /** Root of the first `size` leaves, of all by default (16.1). */
  root(size: number = this.size): Uint8Array {
    assert(size >= 0 && size <= this.size, "a prefix is not longer than the tree");
    return size === 0 ? EMPTY_ROOT : this.#rangeRoot({ from: 0, to: size });
  }

  /** Roots of the maximal full subtrees of the first `size` leaves, left to right (16.1). */
  frontier(size: number): readonly Uint8Array[] {
    assert(size >= 0 && size <= this.size, "a prefix is not longer than the tree");
    const roots: Uint8Array[] = [];
    for (let from = 0; from < size; ) {
      const count = largestPower(size - from);
      roots.push(this.#full(from, count));
      from += count;
    }
    return roots;
  }

  /** Inclusion proof of leaf `index` in the tree of all leaves, from the leaf up (16.2). */
  inclusionProof(index: number): readonly Uint8Array[] {
    assert(index >= 0 && index < this.size, "the leaf index is within the tree");
    return this.#path({ to: this.size, stop: 1, goesLeft: (left) => index < left }).path;
  }

  /**
   * Consistency proof from the first `size1` to the first `size2` leaves (16.3);
   * 1 <= size1 <= size2 <= size. Empty if the sizes are equal.
   */
  consistencyProof(size1: number, size2: number = this.size): readonly Uint8Array[] {
    const fits = size1 >= 1 && size1 <= size2 && size2 <= this.size;
    assert(fits, "1 <= size1 <= size2 <= size");
    const goesLeft = (left: number): boolean => size1 <= left;
    const { path, range } = this.#path({ to: size2, stop: size1, goesLeft });
    // The verifier knows the root of the first leaves, so a whole subtree at 0 is not repeated.
    return range.from === 0 ? path : [this.#rangeRoot(range), ...path];
  }

  /** Siblings on the way down to a range that ends at `stop` or has one leaf, from below. */
  #path(way: {
    readonly to: number;
    readonly stop: number;
    readonly goesLeft: (leftEnd: number) => boolean;
  }): { readonly path: readonly Uint8Array[]; readonly range: LeafRange } {
    const path: Uint8Array[] = [];
    let range: LeafRange = { from: 0, to: way.to };
    while (range.to - range.from > 1 && range.to !== way.stop) {
      const { left, right } = split(range);
      const goLeft = way.goesLeft(left.to);
      path.push(this.#rangeRoot(goLeft ? right : left));
      range = goLeft ? left : right;
    }
    return { path: path.reverse(), range };
  }

  /** Root of a subtree: only its right edge is not among the full nodes. */
  #rangeRoot(range: LeafRange): Uint8Array {
    const count = range.to - range.from;
    if (isPower(count)) return this.#full(range.from, count);
    const { left, right } = split(range);
    return nodeHash(this.#full(left.from, left.to - left.from), this.#rangeRoot(right));
  }

  #full(from: number, count: number): Uint8Array {
    return this.#level(Math.log2(count)).at(from / count);
  }

  #level(height: number): Level {
    if (height === this.#levels.length) this.#levels.push(new Level());
    return required(this.#levels[height], "levels grow one by one");
  }
}

/** A half-open range of leaves. */
interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The two subtrees of a range of at least two leaves: the left one is full (16.1). */
function split({ from, to }: LeafRange): { readonly left: LeafRange; readonly right: LeafRange } {
  const middle = from + largestPower(to - from - 1);
  return { left: { from, to: middle }, right: { from: middle, to } };
}

/** The largest power of two that is not above a positive count. */
function largestPower(count: number): number {
  let power = 1;
  while (power * 2 <= count) power *= 2;
  return power;
}

function isPower(count: number): boolean {
  return largestPower(count) === count;
}
