// The RFC 6962 vectors with all their probes, and the laws of frontiers and proofs.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../hash/index.ts";
import { required } from "../result/result.ts";
import {
  consistencyProof,
  EMPTY_ROOT,
  frontierAppend,
  frontierRoot,
  inclusionProof,
  leafHash,
  MerkleLog,
  merkleRoot,
  nodeHash,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.ts";

const vectors = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/merkle-rfc6962.json", import.meta.url), "utf8"),
);
const bytes = (hex: string): Uint8Array => required(fromHex(hex), "vectors are hex");
const all = (hexes: readonly string[]): Uint8Array[] => hexes.map(bytes);
const leaves = all(vectors.leaves).map(leafHash);

/** The definition of 16.1, recursive. */
function definedRoot(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return EMPTY_ROOT;
  if (hashes.length === 1) return required(hashes[0], "there is one");
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(definedRoot(hashes.slice(0, k)), definedRoot(hashes.slice(k)));
}

const manyLeaves = Array.from({ length: 33 }, (_, i) => leafHash(Uint8Array.of(i)));

describe("the RFC 6962 vectors", () => {
  it("has the hashes of leaves, nodes and the empty tree", () => {
    expect(vectors.hasher).toHaveLength(4);
    expect(toHex(EMPTY_ROOT)).toBe(vectors.hasher[0].hash);
    for (const row of vectors.hasher.slice(1)) {
      const hash =
        row.op === "leaf" ? leafHash(bytes(row.data)) : nodeHash(bytes(row.left), bytes(row.right));
      expect(toHex(hash)).toBe(row.hash);
    }
  });

  it("has the roots of all prefixes", () => {
    expect(vectors.roots_by_size).toHaveLength(9);
    vectors.roots_by_size.forEach((root: string, size: number) => {
      expect(toHex(merkleRoot(leaves.slice(0, size)))).toBe(root);
    });
  });

  it("has the nodes of every level", () => {
    let level: readonly Uint8Array[] = leaves;
    expect(vectors.nodes_by_level).toHaveLength(4);
    for (const expected of vectors.nodes_by_level) {
      expect(level.map(toHex)).toEqual(expected);
      const pairs = Array.from({ length: level.length / 2 }, (_, i) =>
        level.slice(2 * i, 2 * i + 2),
      );
      level = pairs.map(definedRoot);
    }
  });

  it("answers every inclusion probe", () => {
    expect(vectors.inclusion).toHaveLength(98);
    for (const probe of vectors.inclusion) {
      const verdict = verifyInclusion({
        index: BigInt(probe.leaf_index),
        size: BigInt(probe.tree_size),
        leaf: bytes(probe.leaf_hash),
        root: bytes(probe.root),
        proof: all(probe.proof),
      });
      expect([probe.id, verdict.ok]).toEqual([probe.id, probe.valid]);
    }
  });

  it("answers every consistency probe", () => {
    expect(vectors.consistency).toHaveLength(98);
    for (const probe of vectors.consistency) {
      const verdict = verifyConsistency({
        size1: BigInt(probe.size1),
        size2: BigInt(probe.size2),
        root1: bytes(probe.root1),
        root2: bytes(probe.root2),
        proof: all(probe.proof),
      });
      expect([probe.id, verdict.ok]).toEqual([probe.id, probe.valid]);
    }
  });
});

describe("the frontier", () => {
  it("gives the root that the definition gives, for every size", () => {
    const log = new MerkleLog();
    let frontier: Uint8Array[] = [];
    for (let size = 0; size <= manyLeaves.length; size += 1) {
      const expected = toHex(definedRoot(manyLeaves.slice(0, size)));
      expect([toHex(log.root()), toHex(frontierRoot(frontier))]).toEqual([expected, expected]);
      expect(log.size).toBe(size);
      expect(log.frontier).toEqual(frontier);
      const leaf = manyLeaves[size];
      if (leaf === undefined) break;
      log.push(leaf);
      const before = [...frontier];
      const next = frontierAppend(frontier, size, leaf);
      expect(frontier).toEqual(before);
      frontier = next;
    }
  });

  it("appends to a tree whose size has more than 32 bits", () => {
    const size = 2 ** 40 + 1;
    const [older, newer, leaf] = manyLeaves;
    const frontier = [older, newer].map((hash) => required(hash, "there are 33"));
    const next = frontierAppend(frontier, size, required(leaf, "there are 33"));
    expect(next).toHaveLength(2);
    expect(next[1]).toEqual(nodeHash(required(newer, "there"), required(leaf, "there")));
  });
});

describe("proofs", () => {
  it("proves every leaf of every tree", () => {
    for (let size = 1; size <= manyLeaves.length; size += 1) {
      const tree = manyLeaves.slice(0, size);
      tree.forEach((leaf, index) => {
        const proof = inclusionProof(tree, index);
        const claim = { index: BigInt(index), size: BigInt(size), leaf, root: merkleRoot(tree) };
        expect(verifyInclusion({ ...claim, proof }).ok).toBe(true);
        expect(verifyInclusion({ ...claim, proof: [...proof, leaf] }).ok).toBe(false);
        if (proof.length > 0) {
          expect(verifyInclusion({ ...claim, proof: proof.slice(1) }).ok).toBe(false);
        }
      });
    }
  });

  it("proves every prefix of every tree", () => {
    for (let size2 = 1; size2 <= manyLeaves.length; size2 += 1) {
      for (let size1 = 1; size1 <= size2; size1 += 1) {
        const proof = consistencyProof(manyLeaves, size1, size2);
        const claim = {
          size1: BigInt(size1),
          size2: BigInt(size2),
          root1: merkleRoot(manyLeaves.slice(0, size1)),
          root2: merkleRoot(manyLeaves.slice(0, size2)),
        };
        expect(verifyConsistency({ ...claim, proof }).ok).toBe(true);
        expect(verifyConsistency({ ...claim, proof: [...proof, EMPTY_ROOT] }).ok).toBe(false);
        const wrong = { ...claim, root1: EMPTY_ROOT, proof };
        expect(verifyConsistency(wrong).ok).toBe(false);
      }
    }
  });

  it("refuses any proof with one changed bit", () => {
    const size = manyLeaves.length;
    const root = merkleRoot(manyLeaves);
    const property = fc.property(fc.nat(size - 1), fc.nat(5), fc.nat(255), (index, at, bit) => {
      const proof = inclusionProof(manyLeaves, index).map((hash) => hash.slice());
      const hash = proof[at % proof.length];
      if (hash === undefined) return;
      hash[bit >> 3] = (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const leaf = required(manyLeaves[index], "within the tree");
      const claim = { index: BigInt(index), size: BigInt(size), leaf, root, proof };
      expect(verifyInclusion(claim).ok).toBe(false);
    });
    fc.assert(property, { seed: 6962, numRuns: 100 });
  });
});

describe("refusals that are no probe", () => {
  const [leaf] = manyLeaves;
  const root = required(leaf, "there are 33");

  it("names the reason and E_PROOF_INVALID", () => {
    const refused = verifyInclusion({ index: 1n, size: 1n, leaf: root, root, proof: [] });
    expect(refused).toMatchObject({
      ok: false,
      error: { code: "E_PROOF_INVALID", domain: "verifiable", phase: "verify" },
    });
  });

  it("refuses hashes that are not 32 bytes long", () => {
    const short = root.subarray(1);
    const pair = nodeHash(short, root);
    const claim = { index: 1n, size: 2n, leaf: root, root: pair };
    expect(verifyInclusion({ ...claim, proof: [short] }).ok).toBe(false);
    const shortLeaf = { index: 0n, size: 1n, leaf: short, root: short, proof: [] };
    expect(verifyInclusion(shortLeaf).ok).toBe(false);
    const sizes = { size1: 1n, size2: 2n, root1: short, root2: pair, proof: [root] };
    expect(verifyConsistency(sizes).ok).toBe(false);
  });

  it("compares equal sizes as byte strings of any length", () => {
    const odd = Uint8Array.of(1, 2, 3);
    const claim = { size1: 5n, size2: 5n, root1: odd, root2: odd.slice(), proof: [] };
    expect(verifyConsistency(claim).ok).toBe(true);
    expect(verifyConsistency({ ...claim, root2: Uint8Array.of(1, 2) }).ok).toBe(false);
  });

  it("refuses sizes that are no u64", () => {
    const huge = 1n << 64n;
    const inclusion = { index: 0n, size: huge, leaf: root, root, proof: [] };
    expect(verifyInclusion(inclusion).ok).toBe(false);
    expect(verifyInclusion({ ...inclusion, size: 1n, index: -1n }).ok).toBe(false);
    const consistency = { size1: huge, size2: huge, root1: root, root2: root, proof: [] };
    expect(verifyConsistency(consistency).ok).toBe(false);
    expect(verifyConsistency({ ...consistency, size1: -1n, size2: 1n }).ok).toBe(false);
  });
});
