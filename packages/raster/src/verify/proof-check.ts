// Checks proof documents (spec/formats.md 16.4): that a record is a leaf of a committed trace, that
// a committed trace begins with an earlier one.

import {
  type CommittedClaim,
  type ConsistencyDocument,
  claimOf,
  decodeRecord,
  type InclusionDocument,
  leafOfBytes,
  type Opening,
  type ProofDocument,
  type StepRecord,
  verifyConsistency,
  verifyInclusion,
} from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { equalBytes, toHex } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";

/** What a proof shows. `record` is null for leaf data that is no record. */
export type Proven =
  | {
      readonly kind: "inclusion";
      readonly claim: CommittedClaim;
      readonly leafIndex: number;
      readonly record: StepRecord | null;
    }
  | {
      readonly kind: "consistency";
      readonly claim: CommittedClaim;
      readonly from: { readonly size: number; readonly root: Uint8Array };
    };

/**
 * Checks a proof document; `commitment` is the one that the reader holds, null for none: then the
 * document proves something about the commitment that it states. `E_PROOF_INVALID`, and
 * `E_COMMIT_MISMATCH` for another commitment.
 */
export function checkProof(
  proof: ProofDocument,
  commitment: Uint8Array | null,
): Result<Proven, Failure> {
  const claim = checkClaim(proof.claim);
  if (!claim.ok) return claim;
  const stated = proof.claim.traceCommitment;
  if (commitment !== null && !equalBytes(commitment, stated)) {
    const message = `the proof is about the commitment ${toHex(stated)}, not ${toHex(commitment)}`;
    return err(failure("E_COMMIT_MISMATCH", "verify", message, { domain: "verifiable" }));
  }
  return proof.kind === "inclusion" ? checkInclusion(proof) : checkConsistency(proof);
}

/** 16.1: the commitment is that of size, root and schema hash. */
export function checkClaim(claim: CommittedClaim): Result<null, Failure> {
  const found = claimOf(claim).traceCommitment;
  if (equalBytes(found, claim.traceCommitment)) return ok(null);
  const message = `size, root and schema hash have the commitment ${toHex(found)}, the claim says ${toHex(claim.traceCommitment)}`;
  return err(failure("E_PROOF_INVALID", "verify", message, { domain: "verifiable" }));
}

/** 16.2: the record is the leaf of this number. */
export function checkOpening(
  opening: Opening,
  at: {
    readonly leaf: number;
    readonly tree: { readonly size: number; readonly root: Uint8Array };
  },
): Result<null, Failure> {
  const { leaf, tree } = at;
  return verifyInclusion({
    index: BigInt(leaf),
    size: BigInt(tree.size),
    leaf: leafOfBytes(opening.record),
    root: tree.root,
    proof: opening.inclusion,
  });
}

function checkInclusion(proof: InclusionDocument): Result<Proven, Failure> {
  const { claim, leafIndex } = proof;
  const included = checkOpening(proof, { leaf: leafIndex, tree: claim });
  if (!included.ok) return included;
  const record = decodeRecord(proof.record);
  return ok({ kind: "inclusion", claim, leafIndex, record: record.ok ? record.value : null });
}

function checkConsistency({
  claim,
  from,
  consistency,
}: ConsistencyDocument): Result<Proven, Failure> {
  const consistent = verifyConsistency({
    size1: BigInt(from.size),
    size2: BigInt(claim.size),
    root1: from.root,
    root2: claim.root,
    proof: consistency,
  });
  return consistent.ok ? ok({ kind: "consistency", claim, from }) : consistent;
}
