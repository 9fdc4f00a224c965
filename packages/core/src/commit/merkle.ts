// The Merkle tree of RFC 6962 over SHA-256 (spec/formats.md 16): hashing, the O(log n) frontier a
// producer keeps, and proofs. What the leaves of a trace contain is said in step-record-codec.ts.

import { type Failure, failure } from "../diagnostic/failure.ts";
import { concatBytes, equalBytes, sha256 } from "../hash/index.ts";
import { assert, err, ok, type Result, required } from "../result/result.ts";

const LEAF_PREFIX = Uint8Array.of(0);
const HASH_BYTES = 32;
/** `01`, and room for two hashes; hashing keeps nothing of it. */
const NODE_INPUT = new Uint8Array(1 + 2 * HASH_BYTES);
const NODE_PREFIX = Uint8Array.of(1);
NODE_INPUT.set(NODE_PREFIX);
const SIZE_END = 1n << 64n;

/** Root of the tree without leaves: SHA-256 of the empty string (16.1). */
export const EMPTY_ROOT: Uint8Array = sha256(new Uint8Array(0));

/** Leaf hash of leaf data: `SHA-256(00 ‖ data)` (16.1). */
export function leafHash(data: Uint8Array): Uint8Array {
  return sha256(concatBytes(LEAF_PREFIX, data));
}

/** Hash of an inner node: `SHA-256(01 ‖ left ‖ right)` (16.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) {
    // No hashes of ours, but vectors have such nodes.
    return sha256(concatBytes(NODE_PREFIX, left, right));
  }
  NODE_INPUT.set(left, 1);
  NODE_INPUT.set(right, 1 + HASH_BYTES);
  return sha256(NODE_INPUT);
}

/**
 * The frontier after appending one leaf hash to a tree of `size` leaves (16.1). The frontier holds
 * the roots of the maximal full subtrees from left to right, one per set bit of the size. The
 * argument is not changed. O(log n).
 */
export function frontierAppend(
  frontier: readonly Uint8Array[],
  size: number,
  leaf: Uint8Array,
): Uint8Array[] {
  const next = [...frontier];
  appendInPlace(next, size, leaf);
  return next;
}

/** Root of the tree with this frontier; {@link EMPTY_ROOT} for the empty one (16.1). */
export function frontierRoot(frontier: readonly Uint8Array[]): Uint8Array {
  let root = frontier.at(-1);
  if (root === undefined) return EMPTY_ROOT;
  for (let i = frontier.length - 2; i >= 0; i -= 1) {
    root = nodeHash(required(frontier[i], "index is within the frontier"), root);
  }
  return root;
}

/** A growing tree of which only the frontier is kept: O(log n) memory, amortised O(1) per leaf. */
export class MerkleLog {
  #size = 0;
  readonly #frontier: Uint8Array[] = [];

  /** Number of leaves so far. */
  get size(): number {
    return this.#size;
  }

  /** A copy of the frontier. */
  get frontier(): Uint8Array[] {
    return [...this.#frontier];
  }

  /** Appends a leaf hash. */
  push(leaf: Uint8Array): void {
    appendInPlace(this.#frontier, this.#size, leaf);
    this.#size += 1;
  }

  /** Root of the leaves so far: the prefix root. O(log n). */
  root(): Uint8Array {
    return frontierRoot(this.#frontier);
  }
}

/** Root of the tree over leaf hashes. O(n). */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return rangeRoot(leaves, { from: 0, to: leaves.length });
}

/** Inclusion proof of leaf `index` in the tree over leaf hashes, from the leaf up (16.2). O(n). */
export function inclusionProof(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  assert(index >= 0 && index < leaves.length, "the leaf index is within the tree");
  const path: Uint8Array[] = [];
  let range = { from: 0, to: leaves.length };
  while (range.to - range.from > 1) {
    const { left, right } = split(range);
    const goLeft = index < left.to;
    path.push(rangeRoot(leaves, goLeft ? right : left));
    range = goLeft ? left : right;
  }
  return path.reverse();
}

/**
 * Consistency proof from the first `size1` to the first `size2` of leaf hashes (16.3, RFC 6962
 * 2.1.2); 1 <= size1 <= size2 <= leaves.length. Empty if the sizes are equal. O(n).
 */
export function consistencyProof(
  leaves: readonly Uint8Array[],
  size1: number,
  size2: number,
): Uint8Array[] {
  assert(size1 >= 1 && size1 <= size2 && size2 <= leaves.length, "1 <= size1 <= size2 <= leaves");
  const path: Uint8Array[] = [];
  let range = { from: 0, to: size2 };
  while (size1 < range.to) {
    const { left, right } = split(range);
    const goLeft = size1 <= left.to;
    path.push(rangeRoot(leaves, goLeft ? right : left));
    range = goLeft ? left : right;
  }
  // The verifier knows the root of the first size1 leaves, so a whole subtree at 0 is not repeated.
  if (range.from > 0) path.push(rangeRoot(leaves, range));
  return path.reverse();
}

/** Says that a leaf hash is leaf `index` of the tree of `size` leaves with this root. */
export interface InclusionClaim {
  readonly index: bigint;
  readonly size: bigint;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Checks an inclusion proof (16.2); a refusal is `E_PROOF_INVALID`. */
export function verifyInclusion(claim: InclusionClaim): Result<null, Failure> {
  const { index, size, leaf, root, proof } = claim;
  if (index < 0n || size >= SIZE_END) return refuse("index or size is not a u64");
  if (index >= size) return refuse("the leaf index is not below the tree size");
  if (!allHashes([leaf, root, ...proof])) return refuse("a hash does not have 32 bytes");
  const walk = { fn: index, sn: size - 1n };
  let acc = leaf;
  for (const sibling of proof) {
    if (walk.sn === 0n) return refuse("the proof has surplus elements");
    acc = siblingIsLeft(walk) ? nodeHash(sibling, acc) : nodeHash(acc, sibling);
    climb(walk);
  }
  if (walk.sn !== 0n) return refuse("the proof is too short");
  if (!equalBytes(acc, root)) return refuse("the proof leads to another root");
  return ok(null);
}

/** Says that the tree of `size1` leaves is a prefix of the tree of `size2` leaves. */
export interface ConsistencyClaim {
  readonly size1: bigint;
  readonly size2: bigint;
  readonly root1: Uint8Array;
  readonly root2: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** Checks a consistency proof (16.3); a refusal is `E_PROOF_INVALID`. */
export function verifyConsistency(claim: ConsistencyClaim): Result<null, Failure> {
  const { size1, size2, root1, root2, proof } = claim;
  if (size2 >= SIZE_END) return refuse("a size is not a u64");
  if (size1 <= 0n) return refuse("a proof from the empty tree says nothing");
  if (size1 > size2) return refuse("the first size is larger than the second");
  if (size1 === size2) {
    if (proof.length > 0) return refuse("the proof has surplus elements");
    return equalBytes(root1, root2) ? ok(null) : refuse("equal sizes have different roots");
  }
  if (!allHashes([root1, root2, ...proof])) return refuse("a hash does not have 32 bytes");
  if (proof.length === 0) return refuse("the proof is too short");
  return walkConsistency(claim);
}

function walkConsistency(claim: ConsistencyClaim): Result<null, Failure> {
  const { size1, size2, root1, root2 } = claim;
  const powerOfTwo = (size1 & (size1 - 1n)) === 0n;
  const [first, ...rest] = powerOfTwo ? [root1, ...claim.proof] : claim.proof;
  let oldRoot = required(first, "the proof is not empty");
  let newRoot = oldRoot;
  const walk = { fn: size1 - 1n, sn: size2 - 1n };
  while ((walk.fn & 1n) === 1n) shift(walk);
  for (const sibling of rest) {
    if (walk.sn === 0n) return refuse("the proof has surplus elements");
    if (siblingIsLeft(walk)) {
      oldRoot = nodeHash(sibling, oldRoot);
      newRoot = nodeHash(sibling, newRoot);
    } else {
      newRoot = nodeHash(newRoot, sibling);
    }
    climb(walk);
  }
  if (walk.sn !== 0n) return refuse("the proof is too short");
  if (!equalBytes(oldRoot, root1)) return refuse("the proof leads to another first root");
  if (!equalBytes(newRoot, root2)) return refuse("the proof leads to another second root");
  return ok(null);
}

/** Node numbers on the way up: `fn` of the path, `sn` of the last node of its level. */
interface Walk {
  fn: bigint;
  sn: bigint;
}

function siblingIsLeft(walk: Walk): boolean {
  return (walk.fn & 1n) === 1n || walk.fn === walk.sn;
}

/** One level up, and past the levels on which a last node has no sibling. */
function climb(walk: Walk): void {
  if (siblingIsLeft(walk)) {
    while ((walk.fn & 1n) === 0n && walk.fn !== 0n) shift(walk);
  }
  shift(walk);
}

function shift(walk: Walk): void {
  walk.fn >>= 1n;
  walk.sn >>= 1n;
}

function refuse(reason: string): Result<null, Failure> {
  return err(failure("E_PROOF_INVALID", "verify", reason, { domain: "verifiable" }));
}

function allHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.every((hash) => hash.length === HASH_BYTES);
}

function appendInPlace(frontier: Uint8Array[], size: number, leaf: Uint8Array): void {
  let acc = leaf;
  // One merge per trailing one bit of the size; division, because sizes may exceed 32 bits.
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) {
    acc = nodeHash(required(frontier.pop(), "the frontier has one entry per set bit"), acc);
  }
  frontier.push(acc);
}

/** A half-open range of leaves. */
interface LeafRange {
  readonly from: number;
  readonly to: number;
}

/** The two subtrees of a range of at least two leaves: the left one is full (16.1). */
function split(range: LeafRange): { readonly left: LeafRange; readonly right: LeafRange } {
  const count = range.to - range.from;
  let k = 1;
  while (k * 2 < count) k *= 2;
  const middle = range.from + k;
  return { left: { from: range.from, to: middle }, right: { from: middle, to: range.to } };
}

function rangeRoot(leaves: readonly Uint8Array[], range: LeafRange): Uint8Array {
  const log = new MerkleLog();
  for (let i = range.from; i < range.to; i += 1) {
    log.push(required(leaves[i], "the range is within the leaves"));
  }
  return log.root();
}
