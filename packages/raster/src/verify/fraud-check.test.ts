// Fraud proofs: every way in which a record can be wrong is proved with its reason, a right step
// never is, and a document with a change in it proves nothing.

import {
  claimOf,
  encodeRecord,
  type FraudProofDocument,
  leafOfBytes,
  MerkleTree,
  type Opening,
  type ReceivedFraudProof,
  readFraudProof,
  type StepRecord,
  type TileRecord,
} from "@lumen/core/commit";
import { toHex, ZERO32 } from "@lumen/core/hash";
import { required } from "@lumen/core/result";
import { describe, expect, it } from "vitest";
import type { RecordedLeaf } from "../evidence/follow.ts";
import { cellCountProgram, recordCellCount } from "../testing/cell-runs.ts";
import {
  type EvidenceRun,
  fraudOf,
  leavesOf,
  materialOf,
  recordedRun,
  runOf,
  schemaOfRun,
  TYPED_CONTROL,
} from "../testing/evidence-runs.ts";
import { openTrace } from "../testing/forge.ts";
import { WRONG } from "../testing/forgery-edits.ts";
import { RUNS } from "../testing/sequence-forgeries.ts";
import { PROGRAM_ID } from "../testing/verify-runs.ts";
import {
  COUNT_CFS,
  COUNT_TILES,
  hex,
  type RecordingOptions,
  unwrap,
} from "../testing/worked-runs.ts";
import { EVIDENCE_CHECKS, type EvidenceCheckName } from "./evidence-checks.ts";
import { checkFraudProof, type FraudMaterial, type FraudVerdict } from "./fraud-check.ts";

const COUNT: RecordingOptions = RUNS.count;
const CONTROL = TYPED_CONTROL;

type Change = (record: StepRecord) => StepRecord;

/** The run with the record of a leaf changed; what stands behind it stays. */
function lying(run: EvidenceRun, leaf: number, change: Change): EvidenceRun {
  return runOf(
    run.leaves.map(
      (each, i): RecordedLeaf => (i === leaf ? { ...each, record: change(each.record) } : each),
    ),
  );
}

const tile =
  (change: (record: TileRecord) => Partial<TileRecord>): Change =>
  (record) => {
    if (record.kind !== "Tile") throw new Error(`the record is ${record.kind}`);
    return { ...record, ...change(record) };
  };

async function prove(
  options: RecordingOptions,
  run: EvidenceRun,
  leaf: number,
  more: Partial<FraudMaterial> = {},
): Promise<{ readonly proof: ReceivedFraudProof; readonly verdict: FraudVerdict }> {
  const material = materialOf(options, more);
  const { text } = unwrap(await fraudOf(run, { schema: schemaOfRun(options), leaf, material }));
  const proof = unwrap(readFraudProof(text, "proof"));
  return { proof, verdict: await checkFraudProof(proof, material) };
}

/** The proof about a trace of these leaves instead. */
function reopened(proof: ReceivedFraudProof, leaves: readonly Uint8Array[]): ReceivedFraudProof {
  const tree = new MerkleTree();
  for (const bytes of leaves) tree.push(leafOfBytes(bytes));
  const open = (leaf: number): Opening => ({
    record: required(leaves[leaf], "the leaf is there"),
    inclusion: tree.inclusionProof(leaf),
  });
  const { claim, leafIndex, pre } = proof;
  return {
    ...proof,
    claim: claimOf({ ...claim, size: tree.size, root: tree.root() }),
    genesis: open(0),
    pre: { ...required(pre, "it is opened"), ...open(leafIndex - 1) },
    step: open(leafIndex),
  };
}

const done = { done: true, nextDigest: WRONG };

/** count: leaf 0 Genesis, 1 to 4 the iterations, 5 Final. */
const LIES: readonly (readonly [string, number, Change, number])[] = [
  ["tile", 2, tile(() => ({ tileId: "other" })), 0],
  ["path", 2, tile(() => ({ path: [] })), 0],
  ["iteration", 2, tile(() => ({ iteration: 7 })), 0],
  ["length", 2, tile(() => ({ index: 7 })), 0],
  ["artifact", 2, tile(() => ({ code: WRONG })), 0],
  ["input", 2, tile(() => ({ inputDigest: WRONG })), 0],
  ["output", 2, tile(() => ({ outcome: { kind: "Ok", outputDigest: WRONG } })), 1],
  [
    "output",
    2,
    tile(() => ({ outcome: { kind: "Err", code: "E_TRAP_INDEX", errorDigest: WRONG } })),
    1,
  ],
  ["control", 2, tile(() => ({ control: done })), 1],
  ["control", 2, tile(() => ({ control: null })), 1],
  ["state", 2, tile(() => ({ postState: WRONG })), 1],
  ["tile", 2, () => ({ kind: "Request", index: 1, operation: "a.b", ...ANSWERED }), 0],
  ["premature-end", 2, () => ({ kind: "Final", steps: 1, outcome: ANSWERED.outcome }), 0],
  ["final", 5, () => ({ kind: "Final", steps: 9, outcome: ANSWERED.outcome }), 0],
  ["overrun", 5, () => ({ kind: "Request", index: 4, operation: "a.b", ...ANSWERED }), 0],
];

const ANSWERED = {
  requestDigest: WRONG,
  outcome: { kind: "Ok", outputDigest: WRONG },
} as const;

describe("a fraud proof", () => {
  it.each(LIES)("finds a wrong %s at leaf %i", async (reason, leaf, change, executions) => {
    const { verdict } = await prove(COUNT, lying(await recordedRun(COUNT), leaf, change), leaf);
    expect(verdict).toMatchObject({ kind: "fraud", reason, leafIndex: leaf, executions });
  });

  it("finds what stands behind Final", async () => {
    const whole = await recordedRun(COUNT);
    const overrun = runOf([...whole.leaves, ...whole.leaves.slice(1, 2)]);
    const { verdict } = await prove(COUNT, overrun, whole.leaves.length);
    expect(verdict).toMatchObject({ kind: "fraud", reason: "overrun", executions: 0 });
  });

  it("finds data that is no record", async () => {
    const run = await recordedRun(COUNT);
    const { proof } = await prove(
      COUNT,
      lying(
        run,
        2,
        tile(() => ({ index: 7 })),
      ),
      2,
    );
    const bytes = run.leaves.map(({ record }, i) => (i === 2 ? hex("09") : encodeRecord(record)));
    const verdict = await checkFraudProof(reopened(proof, bytes), materialOf(COUNT));
    expect(verdict).toMatchObject({ kind: "fraud", reason: "malformed", executions: 0 });
  });

  it("holds the lists of loops that the step ends", async () => {
    const run = await recordedRun(CONTROL);
    const lie = lying(
      run,
      9,
      tile(() => ({ postState: WRONG })),
    );
    const { proof, verdict } = await prove(CONTROL, lie, 9);
    expect(verdict).toMatchObject({ kind: "fraud", reason: "state", executions: 1 });
    expect(proof.lists.map(toHex)).toEqual(["02161a"]);
    const without = await checkFraudProof({ ...proof, lists: [] }, materialOf(CONTROL));
    expect(without).toMatchObject({ kind: "undecided", failure: { code: "E_MISSING_VALUE" } });
  });

  it("is not made of a right step, behind a wrong one, or of no leaf", async () => {
    const run = await recordedRun(CONTROL);
    const args = { schema: schemaOfRun(CONTROL), material: materialOf(CONTROL) };
    for (let leaf = 1; leaf < run.leaves.length; leaf += 1)
      expect(await fraudOf(run, { ...args, leaf })).toMatchObject({
        error: { code: "E_FRAUD_INVALID" },
      });
    const lie = lying(
      run,
      3,
      tile(() => ({ postState: WRONG })),
    );
    expect(await fraudOf(lie, { ...args, leaf: 6 })).toMatchObject({
      error: { code: "E_STEP_MISMATCH", details: { leaf: 3 } },
    });
    expect(await fraudOf(run, { ...args, leaf: 11 })).toMatchObject({
      error: { code: "E_WINDOW_RANGE" },
    });
  });

  it.each([
    ["E_TRAP_FUEL", false],
    ["E_TRAP_MEMORY", false],
    ["E_TRAP_STACK", true],
  ])("of %s is decided within limits that were agreed on only", async (code, shallow) => {
    const EMPTY = "0d57fdf374f2e84cc092c0b23f0de0dd34821d1ab5fbf2206ab8e46b95419f1b";
    const outcome = { kind: "Err", code, errorDigest: hex(EMPTY) } as const;
    const lie = lying(
      await recordedRun(COUNT),
      2,
      tile(() => ({ outcome, control: null })),
    );
    const args = { schema: schemaOfRun(COUNT), leaf: 2 };
    const isShallow = (): boolean => shallow;
    const open = await fraudOf(lie, { ...args, material: materialOf(COUNT, { isShallow }) });
    expect(open).toMatchObject({ error: { code: "E_VERIFY_HOST" } });
    const { proof, verdict } = await prove(COUNT, lie, 2, { limited: true });
    expect(verdict).toMatchObject({ kind: "fraud", reason: "output" });
    const unlimited = await checkFraudProof(proof, materialOf(COUNT, { isShallow }));
    expect(unlimited).toMatchObject({ kind: "undecided", failure: { code: "E_VERIFY_HOST" } });
    // Of a language that says how deep calls nest, it is as wrong as any other ending.
    const deep = await checkFraudProof(proof, materialOf(COUNT));
    expect(deep.kind).toBe(shallow ? "fraud" : "undecided");
  });

  it("is not decided without schema, code, values, or a machine to run it", async () => {
    const lie = lying(
      await recordedRun(COUNT),
      2,
      tile(() => ({ postState: WRONG })),
    );
    const { proof } = await prove(COUNT, lie, 2);
    const undecided = async (
      edit: Partial<FraudProofDocument>,
      more: Partial<FraudMaterial>,
      code: string,
    ) => {
      const found = await checkFraudProof({ ...proof, ...edit }, materialOf(COUNT, more));
      expect(found).toMatchObject({ kind: "undecided", failure: { code } });
    };
    await undecided({ values: new Map() }, {}, "E_MISSING_VALUE");
    await undecided({}, { codes: new Map() }, "E_TILE_NOT_FOUND");
    await undecided({}, { programId: WRONG }, "E_ARTIFACT_CORRUPT");
    await undecided({}, { schema: RUNS.hello.cfs }, "E_SCHEMA_HASH");
  });
});

type Edit = (proof: ReceivedFraudProof) => ReceivedFraudProof;

/** A change of a right document for each check; of a proof of leaf 3 of the control run. */
const FORGERIES: readonly { readonly check: EvidenceCheckName; readonly edit: Edit }[] = [
  { check: "fraud-id", edit: (p) => ({ ...p, proofId: WRONG }) },
  { check: "fraud-claim", edit: (p) => ({ ...p, claim: { ...p.claim, size: 12 } }) },
  { check: "fraud-step", edit: (p) => ({ ...p, step: { ...p.step, inclusion: [] } }) },
  { check: "fraud-step", edit: (p) => ({ ...p, leafIndex: 4 }) },
  { check: "fraud-pre", edit: (p) => ({ ...p, pre: null }) },
  {
    check: "fraud-pre",
    edit: (p) => ({ ...p, pre: { ...required(p.pre, "it is opened"), inclusion: [] } }),
  },
  { check: "fraud-genesis", edit: (p) => ({ ...p, genesis: null }) },
  { check: "fraud-genesis", edit: (p) => ({ ...p, genesis: p.step }) },
  {
    check: "fraud-genesis",
    edit: (p) => ({ ...p, program: { ...p.program, programId: WRONG } }),
  },
  { check: "fraud-values", edit: (p) => ({ ...p, values: new Map([[toHex(WRONG), WRONG]]) }) },
  {
    check: "fraud-pre-state",
    edit: (p) => ({ ...p, pre: { ...required(p.pre, "it is opened"), state: ZERO32 } }),
  },
  {
    check: "fraud-pre-state",
    edit: (p) => ({ ...p, pre: { ...required(p.pre, "it is opened"), state: hex("00000000") } }),
  },
];

describe("forged fraud proofs", () => {
  it.each(FORGERIES)("$check", async ({ check, edit }) => {
    const lie = lying(
      await recordedRun(CONTROL),
      3,
      tile(() => ({ postState: WRONG })),
    );
    const { proof } = await prove(CONTROL, lie, 3);
    const found = await checkFraudProof(edit(proof), materialOf(CONTROL));
    const { clause, code } = EVIDENCE_CHECKS[check];
    expect(found).toMatchObject({ kind: "invalid", check, clause, code });
  });

  it("fraud-commitment", async () => {
    const lie = lying(
      await recordedRun(CONTROL),
      3,
      tile(() => ({ postState: WRONG })),
    );
    const { proof } = await prove(CONTROL, lie, 3);
    const held = materialOf(CONTROL, { commitment: WRONG });
    expect(await checkFraudProof(proof, held)).toMatchObject({
      kind: "invalid",
      check: "fraud-commitment",
      code: "E_COMMIT_MISMATCH",
    });
  });

  it("fraud-correct", async () => {
    const lie = lying(
      await recordedRun(CONTROL),
      3,
      tile(() => ({ postState: WRONG })),
    );
    const { proof } = await prove(CONTROL, lie, 3);
    const honest = await recordedRun(CONTROL);
    const bytes = honest.leaves.map(({ record }) => encodeRecord(record));
    const found = await checkFraudProof(reopened(proof, bytes), materialOf(CONTROL));
    expect(found).toMatchObject({
      kind: "invalid",
      check: "fraud-correct",
      message: expect.stringContaining("the step is correct"),
    });
  });

  it("every check of fraud proofs has one", () => {
    const named = ["fraud-commitment", "fraud-correct"];
    const forged = new Set<string>([...FORGERIES.map(({ check }) => check), ...named]);
    const checks = Object.keys(EVIDENCE_CHECKS).filter((name) => name.startsWith("fraud-"));
    expect(checks.filter((check) => !forged.has(check))).toEqual([]);
  });
});

describe("a dispute about Genesis", () => {
  const declared = { entry: "main", inputs: COUNT.inputs };

  it.each([
    ["state", { postState: WRONG }],
    ["genesis", { programId: WRONG }],
    ["genesis", { entry: "other" }],
    ["genesis", { inputDigests: [WRONG] }],
    ["genesis", { defaultBound: 7 }],
  ] as const)("finds a wrong %s", async (reason, edit) => {
    const lie = lying(await recordedRun(COUNT), 0, (r) =>
      r.kind === "Genesis" ? { ...r, ...edit } : r,
    );
    const { verdict } = await prove(COUNT, lie, 0, { declared });
    expect(verdict).toMatchObject({ kind: "fraud", leafIndex: 0, reason, executions: 0 });
  });

  it("is decided against the run that was agreed on only", async () => {
    const args = { schema: schemaOfRun(COUNT), leaf: 0 };
    const run = await recordedRun(COUNT);
    const missing = await fraudOf(run, { ...args, material: materialOf(COUNT) });
    expect(missing).toMatchObject({ error: { code: "E_MISSING_VALUE" } });
    const right = await fraudOf(run, { ...args, material: materialOf(COUNT, { declared }) });
    expect(right).toMatchObject({ error: { code: "E_FRAUD_INVALID" } });
  });
});

describe("a run entered by a cell", () => {
  const options: RecordingOptions = { cfs: COUNT_CFS, tiles: COUNT_TILES, inputs: [] };
  const material = materialOf(options, { cells: cellCountProgram().cells, programId: PROGRAM_ID });
  const args = { schema: null, material };

  it.each([
    ["output", 2, tile(() => ({ outcome: { kind: "Ok", outputDigest: WRONG } })), 1],
    ["control", 2, tile(() => ({ control: null })), 1],
    ["state", 2, tile(() => ({ postState: WRONG })), 0],
    ["path", 2, tile(() => ({ path: [{ kind: "Item", index: 0 }] })), 0],
    ["artifact", 2, tile(() => ({ code: WRONG })), 0],
    ["tile", 2, tile(() => ({ tileId: "other" })), 0],
    ["iteration", 2, tile(() => ({ iteration: 5 })), 0],
    ["input", 2, tile(() => ({ inputDigest: WRONG })), 0],
    ["length", 2, tile(() => ({ index: 5 })), 0],
  ] as const)("a wrong %s of a tile is proved", async (reason, leaf, change, executions) => {
    const run = leavesOf(openTrace(await recordCellCount()));
    const { text } = unwrap(await fraudOf(lying(run, leaf, change), { ...args, leaf }));
    const verdict = await checkFraudProof(unwrap(readFraudProof(text, "p")), material);
    expect(verdict).toMatchObject({ kind: "fraud", reason, executions });
  });

  it("a right tile is not, and a Final is judged by a replay", async () => {
    const run = leavesOf(openTrace(await recordCellCount()));
    expect(await fraudOf(run, { ...args, leaf: 2 })).toMatchObject({
      error: { code: "E_FRAUD_INVALID" },
    });
    expect(await fraudOf(run, { ...args, leaf: 5 })).toMatchObject({
      error: { code: "E_NOT_EXPRESSIBLE" },
    });
  });
});
