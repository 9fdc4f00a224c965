// `lumen dispute`: two traces are bisected to the step on which they part, a wrong step is proved
// wrong, and transcripts and proofs are checked (formats 20).

import { compileSchema, readCfs, type Schema } from "@lumen/core/cfs";
import {
  type DisputeDocument,
  type FraudProofDocument,
  readDispute,
  readFraudProof,
  writeDispute,
  writeFraudProof,
} from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { parseDocument } from "@lumen/core/encoding";
import { equalBytes, ZERO32 } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import { FraudProver, treeParty } from "@lumen/raster";
import {
  bisect,
  checkFraudProof,
  checkTranscript,
  type DeclaredRun,
  type FraudVerdict,
} from "@lumen/raster/verify";
import {
  type EvidenceFile,
  materialOf,
  materialOfFile,
  type ProgramMaterial,
} from "./evidence-material.ts";
import { readEvidence, writeFileWhole } from "./files.ts";
import { type InputSource, readInput } from "./input.ts";
import { openTrace, openTraceAt, type TraceRequest } from "./program-of-trace.ts";
import { programRules } from "./program-rules.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { replayCellTrace } from "./replay-cell.ts";
import { eachLeaf } from "./replay-window.ts";
import { readLeaves, type TraceLeaves } from "./trace-leaves.ts";
import { recordAt } from "./trace-records.ts";
import { findTrace } from "./trace-store.ts";

/** Two traces, each a run id or a file. */
export interface BisectRequest {
  readonly a: string;
  readonly b: string;
  readonly projectFolder: string;
  /** `--program FILE`: only runs entered by a cell need it. */
  readonly program: string | undefined;
  readonly out: string | undefined;
}

/** How the dispute went. */
export interface BisectReport {
  readonly paths: { readonly a: string; readonly b: string };
  readonly dispute: DisputeDocument;
  /** Of runs entered by a cell: what replaying each says. Null where nobody has to be replayed. */
  readonly replays: { readonly a: ReplayedLeaf; readonly b: ReplayedLeaf } | null;
  readonly out: string | undefined;
}

/** Whether the program gives the disputed record of a party; `unknown` where it cannot be run. */
export type ReplayedLeaf =
  | { readonly kind: "right" | "wrong" }
  | { readonly kind: "unknown"; readonly failure: Failure };

/** Bisects two traces. What is read of them are their records. */
export async function bisectTraces(request: BisectRequest): Promise<UseCase<BisectReport>> {
  const a = leavesOf(request.a, request.projectFolder);
  if (!a.ok) return refuse(a.error);
  const b = leavesOf(request.b, request.projectFolder);
  if (!b.ok) return refuse(b.error);
  const dispute = await bisect({ a: partyOf(a.value), b: partyOf(b.value) });
  const { out } = request;
  const written =
    out === undefined ? ok(null) : writeFileWhole(out, writeDispute(dispute), "dispute");
  if (!written.ok) return refuse(written.error);
  const paths = { a: a.value.path, b: b.value.path };
  // Runs entered by a cell have no states (15.4).
  const isCell = equalBytes(a.value.genesis.postState, ZERO32);
  const replays = isCell ? await replayBoth(request, paths, dispute) : null;
  return ok({ paths, dispute, replays, out });
}

/** The record that a replay gives is right (19.3). */
async function replayBoth(
  request: BisectRequest,
  paths: BisectReport["paths"],
  { verdict, leaf }: DisputeDocument,
): Promise<BisectReport["replays"]> {
  if (verdict !== "leaf" || leaf === null) return null;
  const a = await replayLeaf(request, paths.a, leaf);
  return { a, b: await replayLeaf(request, paths.b, leaf) };
}

async function replayLeaf(
  { projectFolder, program }: BisectRequest,
  trace: string,
  leaf: number,
): Promise<ReplayedLeaf> {
  const opened = await openTrace({ trace, projectFolder, program });
  if (!opened.ok) return { kind: "unknown", failure: opened.error };
  const replayed = await replayCellTrace(opened.value);
  if (!replayed.ok) return { kind: "unknown", failure: replayed.error };
  const { value } = replayed;
  return { kind: value.kind === "identical" || value.leafIndex > leaf ? "right" : "wrong" };
}

function leavesOf(trace: string, projectFolder: string): Result<TraceLeaves, Failure> {
  const path = findTrace(trace, projectFolder);
  return path.ok ? readLeaves(path.value) : path;
}

function partyOf({ tree, schemaHash, places }: TraceLeaves): ReturnType<typeof treeParty> {
  return treeParty({ tree, schemaHash, record: (leaf) => recordAt(places, leaf) });
}

/** The run that both were told to make; only disputes about leaf 0 need it. */
export interface DeclaredInput {
  /** undefined: the entry of the program. */
  readonly entry: string | undefined;
  readonly input: InputSource;
}

/** A leaf of a trace that is said to be wrong. */
export interface ProveFraudRequest extends TraceRequest {
  readonly leaf: number;
  readonly out: string | undefined;
  readonly declared: DeclaredInput | null;
}

/** A proof that holds. */
export interface ProveFraudReport {
  readonly path: string;
  readonly text: string;
  readonly proof: Omit<FraudProofDocument, "proofId">;
  readonly verdict: FraudVerdict & { readonly kind: "fraud" };
  readonly out: string | undefined;
}

/**
 * Proves a leaf wrong. `E_FRAUD_INVALID`: it is correct; `E_STEP_MISMATCH`: an earlier one is
 * wrong;
 * `E_MISSING_VALUE`: the trace does not hold what that takes.
 */
export async function proveFraud(request: ProveFraudRequest): Promise<UseCase<ProveFraudReport>> {
  const path = findTrace(request.trace, request.projectFolder);
  if (!path.ok) return refuse(path.error);
  const opened = await openTraceAt(path.value, request);
  if (!opened.ok) return refuse(opened.error);
  const { program, tiles } = opened.value;
  if (program === null) return refuse(notBound(path.value));
  const material = materialOf(program, tiles, request.backend);
  if (!material.ok) return refuse(material.error);
  const leaves = readLeaves(path.value);
  if (!leaves.ok) return refuse(leaves.error);
  const proven = await proveLeaf(leaves.value, material.value, request);
  if (!proven.ok) return refuse(atLeaf(proven.error));
  const text = writeFraudProof(proven.value.proof);
  const { out } = request;
  const written = out === undefined ? ok(null) : writeFileWhole(out, text, "dispute");
  return written.ok ? ok({ path: path.value, text, ...proven.value, out }) : refuse(written.error);
}

async function proveLeaf(
  leaves: TraceLeaves,
  material: ProgramMaterial,
  { leaf, declared: given }: ProveFraudRequest,
): ReturnType<FraudProver["finish"]> {
  const declared = declaredRun(material, given);
  if (!declared.ok) return declared;
  const schema = sequenceOf(material, leaves.genesis.entry);
  if (!schema.ok) return schema;
  const prover = new FraudProver(schema.value, {
    trace: leaves,
    leaf,
    material: { ...material, commitment: null, declared: declared.value },
  });
  const followed = eachLeaf(leaves.path, (each) => prover.take(each));
  return followed.ok ? prover.finish() : followed;
}

/** The schema of a run, null for one that a cell entered. */
function sequenceOf(material: ProgramMaterial, entry: string): Result<Schema | null, Failure> {
  const cfs = readCfs(material.schema);
  if (!cfs.ok) return cfs;
  return cfs.value.sequenceById.has(entry) ? compileSchema(cfs.value, entry) : ok(null);
}

/** The failure of a trace that is wrong earlier says where to look. */
function atLeaf(cause: Failure): Failure {
  const leaf = cause.details?.leaf;
  if (cause.code !== "E_STEP_MISMATCH" || typeof leaf !== "number") return cause;
  const hint = `Leaf ${leaf} is wrong already: lumen dispute prove TRACE --leaf ${leaf}`;
  return { ...cause, hint };
}

function declaredRun(
  { program }: ProgramMaterial,
  given: DeclaredInput | null,
): Result<DeclaredRun | null, Failure> {
  if (given === null) return ok(null);
  const entry = given.entry ?? program.bundle.index.entry ?? "main";
  const { sequences, cells } = program.program;
  const found =
    sequences.find(({ id }) => id === entry) ?? cells.find(({ name }) => name === entry);
  if (found === undefined) {
    const message = `the program has neither a sequence nor a cell '${entry}'`;
    return err(failure("E_NO_ENTRY", "dispute", message, { subject: entry }));
  }
  const rules = programRules(program.program);
  if (!rules.ok) return rules;
  const params = found.params.map(({ name, type }) => ({ name, type: type ?? "unit" }));
  const input = readInput(params, given.input, rules.value);
  return input.ok ? ok({ entry, inputs: input.value.slots }) : input;
}

/** A document of a dispute, with what its check may use. */
export interface CheckDisputeRequest extends EvidenceFile {
  readonly commitment: Uint8Array | undefined;
  readonly declared: DeclaredInput | null;
}

/** What the check of a document gave. */
export type CheckDisputeReport =
  | {
      readonly kind: "fraud-proof";
      readonly proof: FraudProofDocument;
      readonly verdict: FraudVerdict;
    }
  | { readonly kind: "dispute"; readonly checked: Result<DisputeDocument, Failure> };

/** Checks a fraud proof or a transcript. A failure: it cannot be decided. */
export async function checkDispute(
  request: CheckDisputeRequest,
): Promise<Result<CheckDisputeReport, Failure>> {
  const text = readEvidence(request.file);
  if (!text.ok) return text;
  const kind = kindOf(text.value, request.file);
  if (!kind.ok) return kind;
  if (kind.value === "dispute") {
    const dispute = readDispute(text.value, request.file);
    if (!dispute.ok) return dispute;
    return ok({ kind: "dispute", checked: await checkTranscript(dispute.value) });
  }
  const proof = readFraudProof(text.value, request.file);
  if (!proof.ok) return proof;
  const material = await materialOfFile(request, proof.value.program.programId);
  if (!material.ok) return material;
  const declared = declaredRun(material.value, request.declared);
  if (!declared.ok) return declared;
  const verdict = await checkFraudProof(proof.value, {
    ...material.value,
    commitment: request.commitment ?? null,
    declared: declared.value,
  });
  return ok({ kind: "fraud-proof", proof: proof.value, verdict });
}

/** The kind that a document says it has; what else is wrong its reader says. */
function kindOf(text: string, subject: string): Result<unknown, Failure> {
  const document = parseDocument(text, { subject });
  if (!document.ok) return document;
  const { value } = document;
  const isObject = typeof value === "object" && value !== null;
  return ok(isObject && Object.hasOwn(value, "kind") ? Reflect.get(value, "kind") : null);
}

function notBound(subject: string): Failure {
  const message = "the trace does not bind its code, so no step can be run again";
  return failure("E_ARTIFACT_MISSING", "dispute", message, { subject });
}
