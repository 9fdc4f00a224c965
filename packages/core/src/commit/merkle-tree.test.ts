// The tree with nodes against the plain functions of merkle.ts, for every size and every proof.

import { describe, expect, it } from "vitest";
import { sha256, toHex } from "../hash/index.ts";
import {
  consistencyProof,
  frontierRoot,
  inclusionProof,
  leafHash,
  MerkleLog,
  merkleRoot,
} from "./merkle.ts";
import { MerkleTree } from "./merkle-tree.ts";

const LEAVES = Array.from({ length: 70 }, (_, i) => leafHash(sha256(Uint8Array.of(i))));
const hexes = (hashes: readonly Uint8Array[]): readonly string[] => hashes.map(toHex);

function treeOf(size: number): MerkleTree {
  const tree = new MerkleTree();
  for (const leaf of LEAVES.slice(0, size)) tree.push(leaf);
  return tree;
}

describe("a tree with all its nodes", () => {
  it("has the roots and frontiers of the leaves", () => {
    const tree = treeOf(LEAVES.length);
    const log = new MerkleLog();
    for (let size = 0; size <= LEAVES.length; size += 1) {
      expect(toHex(tree.root(size))).toBe(toHex(merkleRoot(LEAVES.slice(0, size))));
      expect(hexes(tree.frontier(size))).toEqual(hexes(log.frontier));
      expect(toHex(frontierRoot(tree.frontier(size)))).toBe(toHex(tree.root(size)));
      const next = LEAVES[size];
      if (next !== undefined) log.push(next);
    }
    expect(tree.size).toBe(LEAVES.length);
    expect(toHex(tree.leaf(69))).toBe(toHex(LEAVES[69] ?? new Uint8Array()));
  });

  it("gives the inclusion proofs of merkle.ts", () => {
    for (const size of [1, 2, 3, 7, 8, 33, 70]) {
      const tree = treeOf(size);
      for (let index = 0; index < size; index += 1) {
        const expected = hexes(inclusionProof(LEAVES.slice(0, size), index));
        expect(hexes(tree.inclusionProof(index))).toEqual(expected);
      }
    }
  });

  it("gives the consistency proofs of merkle.ts", () => {
    const tree = treeOf(LEAVES.length);
    for (const size2 of [1, 2, 5, 8, 13, 64, 70]) {
      for (let size1 = 1; size1 <= size2; size1 += 1) {
        const expected = hexes(consistencyProof(LEAVES, size1, size2));
        expect(hexes(tree.consistencyProof(size1, size2))).toEqual(expected);
      }
    }
  });
});
