// A dispute about leaf 0: Genesis against the program and the inputs that were agreed on (20.1,
// 20.2).

import { type MachineOptions, startFromGenesis } from "@lumen/core/cfs";
import { decodeRecord, type FraudProofDocument, type GenesisRecord } from "@lumen/core/commit";
import { type Failure, failure, type PlainJson } from "@lumen/core/diagnostic";
import { valueDigest } from "@lumen/core/encoding";
import { equalBytes, toHex, ZERO32 } from "@lumen/core/hash";
import type { Judgement } from "./judge-step.ts";
import { type EvidenceMaterial, schemaOf, sourceOf } from "./material.ts";

/** A run that was agreed on before anybody ran it: entry, and bytes of the external inputs. */
export interface DeclaredRun {
  readonly entry: string;
  readonly inputs: readonly Uint8Array[];
}

/** What leaf 0 is judged against. */
export interface GenesisMaterial extends EvidenceMaterial {
  readonly programId: Uint8Array;
  readonly cells: ReadonlySet<string>;
  readonly declared: DeclaredRun | null;
}

/** Judges leaf 0; `genesis` is null where it is no Genesis record. */
export function judgeGenesis(
  genesis: GenesisRecord | null,
  proof: FraudProofDocument,
  material: GenesisMaterial,
): Judgement {
  if (genesis === null) return notGenesis(proof);
  const { claim } = proof;
  const { declared } = material;
  const sides = pairOf(toHex(claim.schemaHash), toHex(genesis.schemaHash));
  if (sides !== null) return wrongGenesis(sides);
  // Without the run that was agreed on there is no program that this one should have been.
  if (declared === null) return undecided("the run that was agreed on is not given");
  const named = pairOf(toHex(material.programId), toHex(genesis.programId));
  if (named !== null) return wrongGenesis(named);
  const entries = pairOf(declared.entry, genesis.entry);
  if (entries !== null) return wrongGenesis(entries);
  const inputs = pairOf(declared.inputs.map(digestText), genesis.inputDigests.map(toHex));
  if (inputs !== null) return wrongGenesis(inputs);
  return material.cells.has(genesis.entry)
    ? judgeCellGenesis(genesis)
    : judgeStart(genesis, proof, { ...material, declared });
}

/** The rest of `init` (18.3): bound, count of inputs, first state. */
function judgeStart(
  genesis: GenesisRecord,
  proof: FraudProofDocument,
  material: GenesisMaterial & { readonly declared: DeclaredRun },
): Judgement {
  const schema = schemaOf(material, { schemaHash: proof.claim.schemaHash, entry: genesis.entry });
  if (!schema.ok) return { kind: "undecided", failure: schema.error, executed: null };
  const { inputs } = material.declared;
  const options: MachineOptions = { values: sourceOf(proof.values), phase: "dispute" };
  const started = startFromGenesis(schema.value, genesis, { inputs }, options);
  if (started.ok) return { kind: "right", record: genesis, executed: null };
  const { expected = null, found = null, reason } = started.error.details ?? {};
  if (started.error.code !== "E_STEP_MISMATCH")
    return { kind: "undecided", failure: started.error, executed: null };
  if (reason !== "state") return wrongGenesis({ expected, found });
  return { kind: "wrong", reason: "state", expected, found, executed: null };
}

function judgeCellGenesis(genesis: GenesisRecord): Judgement {
  if (equalBytes(genesis.postState, ZERO32))
    return { kind: "right", record: genesis, executed: null };
  const state = { expected: toHex(ZERO32), found: toHex(genesis.postState) };
  return { kind: "wrong", reason: "state", ...state, executed: null };
}

function notGenesis({ step }: FraudProofDocument): Judgement {
  const record = decodeRecord(step.record);
  if (record.ok) return wrongGenesis({ expected: "Genesis", found: record.value.kind });
  const sides = { expected: "a step record", found: toHex(step.record) };
  return { kind: "wrong", reason: "malformed", ...sides, executed: null };
}

interface Sides {
  readonly expected: PlainJson;
  readonly found: PlainJson;
}

function wrongGenesis({ expected, found }: Sides): Judgement {
  return { kind: "wrong", reason: "genesis", expected, found, executed: null };
}

function undecided(message: string): Judgement {
  const cause: Failure = failure("E_MISSING_VALUE", "dispute", message, {
    hint: "Give the inputs that both were told to run with --input.",
  });
  return { kind: "undecided", failure: cause, executed: null };
}

function pairOf(expected: PlainJson, found: PlainJson): Sides | null {
  return JSON.stringify(expected) === JSON.stringify(found) ? null : { expected, found };
}

function digestText(bytes: Uint8Array): string {
  return toHex(valueDigest(bytes));
}
