// Makes the fraud proof of a leaf of a trace that is wrong (spec/formats.md 20.2). Takes the
// records of the trace in their order; all before the disputed one must be right.

import { type Schema, StepVerifier } from "@lumen/core/cfs";
import {
  claimOf,
  encodeRecord,
  type FraudProofDocument,
  type MerkleTree,
  type Opening,
  type State,
  type StepRecord,
  type TraceTree,
} from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { ZERO32 } from "@lumen/core/hash";
import { err, ok, type Result, required } from "@lumen/core/result";
import {
  checkFraudProof,
  type ExecutedTile,
  type ExecuteStep,
  type FraudMaterial,
  type FraudVerdict,
  judgeStep,
} from "../verify/index.ts";
import { Demand, type RecordedLeaf, RunFollower, standAgain, tableOf } from "./follow.ts";

/** The proof and what checking it gave; it holds. */
export interface ProvenFraud {
  readonly proof: Omit<FraudProofDocument, "proofId">;
  readonly verdict: FraudVerdict & { readonly kind: "fraud" };
}

/** The trace that is said to be wrong. */
export interface DisputedTrace extends TraceTree {
  readonly tree: MerkleTree;
}

/** Proves one leaf wrong. `schema` is null for a run entered by a cell. */
export class FraudProver {
  readonly #schema: Schema | null;
  readonly #trace: DisputedTrace;
  readonly #leaf: number;
  readonly #material: FraudMaterial;
  readonly #follower: RunFollower | null;
  #at = 0;
  #genesis: StepRecord | null = null;
  #pre: StepRecord | null = null;
  #step: RecordedLeaf | null = null;

  constructor(
    schema: Schema | null,
    args: {
      readonly trace: DisputedTrace;
      readonly leaf: number;
      readonly material: FraudMaterial;
    },
  ) {
    this.#schema = schema;
    this.#trace = args.trace;
    this.#leaf = args.leaf;
    this.#material = args.material;
    this.#follower = schema === null ? null : new RunFollower(schema, args.material.codes);
  }

  /** Takes the next record. A wrong one before the disputed one is `E_STEP_MISMATCH`. */
  take(leaf: RecordedLeaf): Result<null, Failure> {
    const index = this.#at;
    this.#at += 1;
    const { record } = leaf;
    if (index === 0) this.#genesis = record;
    if (index === this.#leaf) this.#step = leaf;
    if (index === this.#leaf - 1) this.#pre = record;
    // Behind Final nothing is followed: any leaf there is wrong.
    if (index >= this.#leaf || record.kind === "Final" || this.#follower === null) return ok(null);
    return this.#follower.take(leaf);
  }

  /**
   * The proof, checked as its reader will. `E_FRAUD_INVALID`: the step is correct;
   * `E_WINDOW_RANGE`: there is no such leaf.
   */
  async finish(): Promise<Result<ProvenFraud, Failure>> {
    const { size } = this.#trace;
    if (this.#leaf >= size || this.#step === null) {
      const message = `the trace has ${size} leaves, so there is no leaf ${this.#leaf}`;
      return err(failure("E_WINDOW_RANGE", "dispute", message));
    }
    const needs = await this.#needs(this.#step);
    if (!needs.ok) return needs;
    const proof = this.#document(this.#step, needs.value);
    const material = { ...this.#material, execute: onceMore(this.#material.execute, needs.value) };
    // Ids are made when the document is written; nothing here depends on them.
    const checked = { ...proof, proofId: ZERO32, contentId: ZERO32 };
    const verdict = await checkFraudProof(checked, material);
    if (verdict.kind === "fraud")
      return ok({ proof: { ...proof, reason: verdict.reason }, verdict });
    if (verdict.kind === "undecided") return err(verdict.failure);
    return err(failure(verdict.code, "dispute", verdict.message, { domain: "verifiable" }));
  }

  /** What the step takes: values, lists, and what would have been right. */
  async #needs(step: RecordedLeaf): Promise<Result<Needs, Failure>> {
    const { input } = step;
    const stored = input === null ? [] : [input];
    const nothing = { state: null, lists: [], expected: null, executed: null };
    if (this.#leaf === 0) return ok({ ...nothing, values: new Map() });
    const follower = this.#follower;
    if (this.#schema === null || follower === null)
      return ok({ ...nothing, values: tableOf(stored) });
    if (this.#pre?.kind === "Final") return ok({ ...nothing, values: new Map() });
    const standing = follower.standing();
    if (!standing.ok) return standing;
    const { machine } = follower.verifier;
    const state = required(machine.state(), "the state has just been read");
    const right = await this.#rightStep(follower);
    if (!right.ok) return right;
    const demand = new Demand(standing.value.values, follower.lists);
    const { executed, expected } = right.value;
    const judged = await this.#judge(this.#schema, { state, demand, step, executed });
    if (!judged.ok) return judged;
    const { values, lists } = demand;
    return ok({ state: standing.value.state, values, lists, expected, executed });
  }

  /** Runs what must run next, and gives the record that it should have had. */
  async #rightStep(follower: RunFollower): Promise<Result<RightStep, Failure>> {
    const { machine } = follower.verifier;
    const next = machine.next();
    if (!next.ok) return next;
    if (next.value.kind !== "tile") return ok({ executed: null, expected: machine.finalRecord() });
    const { tile, inputBytes } = next.value;
    const code = this.#material.codes.get(tile.id);
    if (code === undefined || inputBytes === null) {
      const what = code === undefined ? "its code is not known" : "its input bytes are missing";
      const message = `"${tile.id}" cannot be run again: ${what}`;
      return err(failure("E_MISSING_VALUE", "dispute", message, { subject: tile.id }));
    }
    const ran = await this.#material.execute({ tileId: tile.id, code, input: inputBytes });
    if (!ran.ok) return ran;
    const record = machine.applyOutcome(ran.value.outcome, code);
    return record.ok ? ok({ executed: ran.value, expected: record.value }) : record;
  }

  /** Judges the step as its reader will, which tells what that takes. */
  async #judge(
    schema: Schema,
    at: {
      readonly state: State;
      readonly demand: Demand;
      readonly step: RecordedLeaf;
      readonly executed: ExecutedTile | null;
    },
  ): Promise<Result<null, Failure>> {
    const machine = standAgain(schema, at.state, at.demand.options("dispute"));
    const { codes } = this.#material;
    const verifier = new StepVerifier(machine, { codeOf: (tileId) => codes.get(tileId) });
    const execute = onceMore(this.#material.execute, at);
    const judged = await judgeStep(verifier, encodeRecord(at.step.record), {
      ...this.#material,
      execute,
    });
    return judged.kind === "undecided" ? err(judged.failure) : ok(null);
  }

  #document(step: RecordedLeaf, needs: Needs): Omit<FraudProofDocument, "proofId"> {
    const leafIndex = this.#leaf;
    const open = (record: StepRecord, leaf: number): Opening => ({
      record: encodeRecord(record),
      inclusion: this.#trace.tree.inclusionProof(leaf),
    });
    const genesis = required(this.#genesis, "Genesis comes first");
    const { state, expected } = needs;
    const pre =
      this.#pre === null
        ? null
        : { ...open(this.#pre, leafIndex - 1), state: state ?? new Uint8Array(0) };
    const tiles = step.record.kind === "Tile" ? [step.record.tileId] : [];
    const { codes, programId } = this.#material;
    return {
      claim: claimOf(this.#trace),
      leafIndex,
      genesis: leafIndex > 1 ? open(genesis, 0) : null,
      pre,
      step: open(step.record, leafIndex),
      program: {
        programId,
        tiles: tiles.flatMap((tileId) => {
          const code = codes.get(tileId);
          return code === undefined ? [] : [{ tileId, code }];
        }),
      },
      values: needs.values,
      lists: needs.lists,
      reason: "output",
      expected: expected === null ? null : { record: encodeRecord(expected) },
    };
  }
}

interface RightStep {
  readonly executed: ExecutedTile | null;
  readonly expected: StepRecord | null;
}

interface Needs extends RightStep {
  readonly state: Uint8Array | null;
  readonly values: ReadonlyMap<string, Uint8Array>;
  readonly lists: readonly Uint8Array[];
}

/** Answers with what the tile has given already: a proof is made with one execution. */
function onceMore(
  execute: ExecuteStep,
  { executed }: { readonly executed: ExecutedTile | null },
): ExecuteStep {
  return executed === null ? execute : () => ok(executed);
}
