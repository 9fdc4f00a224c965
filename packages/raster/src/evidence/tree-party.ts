// A party of a dispute that has its trace at hand: answers from the tree with all its nodes, O(log
// n) for each (spec/formats.md 20.1).

import { encodeRecord, type MerkleTree, type StepRecord } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import type { DisputeParty } from "../verify/index.ts";

/** A trace as its tree, and a way to one of its records. */
export interface PartyTrace {
  readonly tree: MerkleTree;
  readonly schemaHash: Uint8Array;
  readonly record: (leaf: number) => Result<StepRecord, Failure>;
}

/** The party that has committed to this trace. */
export function treeParty({ tree, schemaHash, record }: PartyTrace): DisputeParty {
  const has = (leaf: number): boolean => leaf >= 0 && leaf < tree.size;
  return {
    claim: { size: tree.size, root: tree.root(), schemaHash },
    root: (size) =>
      has(size - 1)
        ? ok({ root: tree.root(size), proof: tree.consistencyProof(size) })
        : err(noLeaf(size - 1)),
    open: (leaf) => {
      if (!has(leaf)) return err(noLeaf(leaf));
      const found = record(leaf);
      if (!found.ok) return found;
      return ok({ record: encodeRecord(found.value), inclusion: tree.inclusionProof(leaf) });
    },
  };
}

function noLeaf(leaf: number): Failure {
  return failure("E_WINDOW_RANGE", "dispute", `the trace has no leaf ${leaf}`);
}
