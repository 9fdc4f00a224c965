// `lumen trace commit`, `trace prove` and `trace check`: what a trace commits to, proofs about it,
// and their check by somebody who holds the commitment only (formats 16).

import {
  claimOf,
  encodeRecord,
  type ProofDocument,
  readProof,
  type StepRecord,
  writeProof,
} from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { checkProof, type Proven } from "@lumen/raster/verify";
import { readEvidence, writeFileWhole } from "./files.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { readLeaves, type TraceLeaves } from "./trace-leaves.ts";
import { findTrace } from "./trace-store.ts";

/** A trace on a command line. */
export interface LeavesRequest {
  /** Run id or file; undefined: the newest trace of the project. */
  readonly trace: string | undefined;
  readonly projectFolder: string;
}

/** What the trace commits to. */
export function commitTrace(request: LeavesRequest): UseCase<TraceLeaves> {
  const path = findTrace(request.trace, request.projectFolder);
  if (!path.ok) return refuse(path.error);
  const leaves = readLeaves(path.value);
  return leaves.ok ? ok(leaves.value) : refuse(leaves.error);
}

/** What is to be proved: that a record is a leaf, or that the trace continues a shorter one. */
export interface ProveRequest extends LeavesRequest {
  readonly what:
    | { readonly kind: "leaf"; readonly leaf: number }
    | { readonly kind: "from"; readonly size: number };
  /** The file to write; undefined: only the text is wanted. */
  readonly out: string | undefined;
}

/** A proof, as document and as the text of its file. */
export interface ProveReport {
  readonly leaves: TraceLeaves;
  readonly proof: ProofDocument;
  readonly text: string;
}

/** Proves something about a trace. `E_WINDOW_RANGE` for a leaf or size that it does not have. */
export function proveTrace(request: ProveRequest): UseCase<ProveReport> {
  const path = findTrace(request.trace, request.projectFolder);
  if (!path.ok) return refuse(path.error);
  const { what, out } = request;
  let opened: StepRecord | null = null;
  const leaves = readLeaves(path.value, (record, leaf) => {
    if (what.kind === "leaf" && leaf === what.leaf) opened = record;
  });
  if (!leaves.ok) return refuse(leaves.error);
  const proof = proofOf(leaves.value, what, opened);
  if (!proof.ok) return refuse(proof.error);
  const text = writeProof(proof.value);
  const written = out === undefined ? ok(null) : writeFileWhole(out, text, "prove");
  return written.ok
    ? ok({ leaves: leaves.value, proof: proof.value, text })
    : refuse(written.error);
}

function proofOf(
  leaves: TraceLeaves,
  what: ProveRequest["what"],
  opened: StepRecord | null,
): Result<ProofDocument, Failure> {
  const { tree, size } = leaves;
  const claim = claimOf(leaves);
  if (what.kind === "leaf") {
    if (opened === null) return err(outside(leaves, `leaf ${what.leaf}`, `0 to ${size - 1}`));
    const inclusion = tree.inclusionProof(what.leaf);
    const record = encodeRecord(opened);
    return ok({ kind: "inclusion", claim, leafIndex: what.leaf, record, inclusion });
  }
  if (what.size < 1 || what.size > size)
    return err(outside(leaves, `a prefix of ${what.size} leaves`, `1 to ${size}`));
  const from = { size: what.size, root: tree.root(what.size) };
  return ok({ kind: "consistency", claim, from, consistency: tree.consistencyProof(what.size) });
}

function outside({ path, size }: TraceLeaves, what: string, range: string): Failure {
  const message = `the trace has ${size} leaves, so there is no ${what}: expected ${range}`;
  return failure("E_WINDOW_RANGE", "prove", message, { subject: path });
}

/** A proof document, and the commitment that the reader holds. */
export interface CheckProofRequest {
  readonly file: string;
  readonly commitment: Uint8Array | undefined;
}

/** Checks a proof document: what it proves, or why it proves nothing. */
export function checkProofFile(request: CheckProofRequest): UseCase<Result<Proven, Failure>> {
  const { file, commitment } = request;
  const text = readEvidence(file);
  if (!text.ok) return refuse(text.error);
  const proof = readProof(text.value, file);
  if (!proof.ok) return refuse(proof.error);
  const checked = checkProof(proof.value, commitment ?? null);
  return ok(checked.ok ? checked : err({ ...checked.error, subject: file }));
}
