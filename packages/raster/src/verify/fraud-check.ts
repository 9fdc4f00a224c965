// Checks a fraud proof: that a committed trace is wrong at one leaf (spec/formats.md 20.2). Nothing
// in the document is believed: what is opened is in the committed tree, the program is the one that
// Genesis names, and the reason is found anew by running one tile.

import { type Machine, resumeRun, type Schema, StepVerifier } from "@lumen/core/cfs";
import {
  decodeRecord,
  decodeState,
  type FraudProofDocument,
  type GenesisRecord,
  type Opening,
  type ReceivedFraudProof,
  type StepRecord,
  stateDigest,
} from "@lumen/core/commit";
import { type Failure, failure, type PlainJson } from "@lumen/core/diagnostic";
import { equalBytes, toHex, ZERO32 } from "@lumen/core/hash";
import { judgeCellStep } from "./cell-fraud.ts";
import { type Disproved, disproved } from "./evidence-checks.ts";
import { type DeclaredRun, judgeGenesis } from "./genesis-fraud.ts";
import { type Judgement, judgeStep, type WrongReason } from "./judge-step.ts";
import { type EvidenceMaterial, schemaOf, sourceOf, wrongValue } from "./material.ts";
import { checkClaim, checkOpening } from "./proof-check.ts";

/** What a fraud proof is checked with. */
export interface FraudMaterial extends EvidenceMaterial {
  /** Id of the program file whose schema and code these are. */
  readonly programId: Uint8Array;
  /** Cells that a run can enter. */
  readonly cells: ReadonlySet<string>;
  /** The commitment that the checker holds; null: the one that the proof states. */
  readonly commitment: Uint8Array | null;
  /** The run that was agreed on, for disputes about leaf 0; null where nobody says. */
  readonly declared: DeclaredRun | null;
}

/** The answer about a fraud proof (20.2). `executions` counts tiles that were run. */
export type FraudVerdict =
  | {
      readonly kind: "fraud";
      readonly leafIndex: number;
      readonly reason: WrongReason;
      readonly expected: PlainJson;
      readonly found: PlainJson;
      readonly executions: number;
    }
  | Disproved
  | { readonly kind: "undecided"; readonly failure: Failure };

/** Checks a fraud proof. Never throws for what is in it. */
export async function checkFraudProof(
  proof: ReceivedFraudProof,
  material: FraudMaterial,
): Promise<FraudVerdict> {
  if (!equalBytes(proof.contentId, proof.proofId))
    return disproved("fraud-id", `it is ${toHex(proof.contentId)}`);
  const included = checkInclusion(proof, material);
  if (included !== null) return included;
  const opened = openGenesis(proof, material);
  if (!("record" in opened)) return opened;
  const wrong = wrongValue(proof.values);
  if (wrong !== null) return disproved("fraud-values", `the value ${wrong} has another`);
  const judged = await judge(proof, opened.record, material);
  if ("check" in judged) return judged;
  if (judged.kind === "undecided") return { kind: "undecided", failure: judged.failure };
  if (judged.kind === "right") return disproved("fraud-correct", "the step is correct");
  const { reason, expected, found, executed } = judged;
  const executions = executed === null ? 0 : 1;
  return { kind: "fraud", leafIndex: proof.leafIndex, reason, expected, found, executions };
}

/** Claim, commitment, and that what is opened are leaves of the tree. */
function checkInclusion(
  { claim, leafIndex, step, pre, genesis }: FraudProofDocument,
  { commitment }: FraudMaterial,
): Disproved | null {
  const stated = checkClaim(claim);
  if (!stated.ok) return disproved("fraud-claim", stated.error.message);
  if (commitment !== null && !equalBytes(commitment, claim.traceCommitment))
    return disproved("fraud-commitment", `the proof is about ${toHex(claim.traceCommitment)}`);
  const at = (opening: Opening, leaf: number) => checkOpening(opening, { leaf, tree: claim });
  const included = at(step, leafIndex);
  if (!included.ok) return disproved("fraud-step", included.error.message);
  if (leafIndex === 0) return null;
  if (pre === null) return disproved("fraud-pre", `leaf ${leafIndex - 1} is not opened`);
  const before = at(pre, leafIndex - 1);
  if (!before.ok) return disproved("fraud-pre", before.error.message);
  if (leafIndex === 1) return null;
  if (genesis === null) return disproved("fraud-genesis", "it is not opened");
  const first = at(genesis, 0);
  return first.ok ? null : disproved("fraud-genesis", first.error.message);
}

type GenesisOpened =
  | { readonly record: GenesisRecord | null }
  | Exclude<FraudVerdict, { kind: "fraud" }>;

/**
 * Leaf 0, which says what ran; null where it is itself disputed and no Genesis record. The program
 * at hand must be the one that it names: else a right step could be called wrong.
 */
function openGenesis(proof: FraudProofDocument, material: FraudMaterial): GenesisOpened {
  const { leafIndex, genesis, pre, step, claim, program } = proof;
  const opening = leafIndex === 0 ? step : leafIndex === 1 ? pre : genesis;
  const decoded = decodeRecord(opening?.record ?? new Uint8Array(0));
  const record = decoded.ok && decoded.value.kind === "Genesis" ? decoded.value : null;
  if (leafIndex === 0) return { record };
  if (record === null) return disproved("fraud-genesis", "leaf 0 is no Genesis record");
  if (!equalBytes(record.schemaHash, claim.schemaHash))
    return disproved("fraud-genesis", `it names the schema ${toHex(record.schemaHash)}`);
  if (!equalBytes(record.programId, program.programId))
    return disproved("fraud-genesis", `it names the program ${toHex(record.programId)}`);
  if (equalBytes(record.programId, ZERO32))
    return undecided("E_ARTIFACT_MISSING", "the code is not bound: Genesis names no program");
  if (equalBytes(record.programId, material.programId)) return { record };
  const message = `the program at hand is ${toHex(material.programId)}, the trace names ${toHex(record.programId)}`;
  return undecided("E_ARTIFACT_CORRUPT", message);
}

function undecided(
  code: Failure["code"],
  message: string,
): { readonly kind: "undecided"; readonly failure: Failure } {
  return { kind: "undecided", failure: failure(code, "dispute", message) };
}

async function judge(
  proof: FraudProofDocument,
  genesis: GenesisRecord | null,
  material: FraudMaterial,
): Promise<Judgement | Disproved> {
  if (proof.leafIndex === 0 || genesis === null) return judgeGenesis(genesis, proof, material);
  const pre = decodeRecord(proof.pre?.record ?? new Uint8Array(0));
  if (!pre.ok)
    return disproved("fraud-pre", "it is no record: prove that leaf wrong instead of this one");
  if (pre.value.kind === "Final") return afterFinal(proof);
  const { entry } = genesis;
  const schema = schemaOf(material, { schemaHash: proof.claim.schemaHash, entry });
  if (schema.ok)
    return judgeSequenceStep(proof, { pre: pre.value, schema: schema.value }, material);
  if (material.cells.has(entry)) return judgeCellStep(proof, pre.value, material);
  return { kind: "undecided", failure: schema.error, executed: null };
}

/** Final is the last leaf, so anything behind it is wrong. */
function afterFinal({ step }: FraudProofDocument): Judgement {
  const record = decodeRecord(step.record);
  const found = record.ok ? `a ${record.value.kind} record` : "data that is no record";
  return { kind: "wrong", reason: "overrun", expected: "nothing", found, executed: null };
}

async function judgeSequenceStep(
  proof: FraudProofDocument,
  at: { readonly pre: StepRecord; readonly schema: Schema },
  material: FraudMaterial,
): Promise<Judgement | Disproved> {
  const machine = machineBefore(proof, at);
  if (!("next" in machine)) return machine;
  const codeOf = (tileId: string): Uint8Array | undefined => material.codes.get(tileId);
  return judgeStep(new StepVerifier(machine, { codeOf }), proof.step.record, material);
}

/** The machine in the state that the record before commits to. */
function machineBefore(
  { pre: opened, values, lists }: FraudProofDocument,
  { pre, schema }: { readonly pre: StepRecord; readonly schema: Schema },
): Machine | Disproved {
  if (pre.kind !== "Genesis" && pre.kind !== "Tile")
    return disproved("fraud-pre", `a ${pre.kind} record has no state`);
  const state = decodeState(opened?.state ?? new Uint8Array(0));
  if (!state.ok) return disproved("fraud-pre-state", state.error.message);
  const digest = stateDigest(state.value);
  if (!equalBytes(digest, pre.postState))
    return disproved("fraud-pre-state", `its digest is ${toHex(digest)}`);
  const machine = resumeRun(schema, state.value, {
    values: sourceOf(values),
    lists,
    phase: "dispute",
  });
  return machine.ok ? machine.value : disproved("fraud-pre-state", machine.error.message);
}
