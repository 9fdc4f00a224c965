// Disputes: an honest run and one that lies are bisected to the lie, whoever fails to answer loses,
// and a transcript can be held again by anybody.

import {
  type DisputeDocument,
  leafOf,
  type Party,
  readDispute,
  readFraudProof,
  writeDispute,
} from "@lumen/core/commit";
import { failure } from "@lumen/core/diagnostic";
import { err, ok } from "@lumen/core/result";
import { describe, expect, it } from "vitest";
import {
  type EvidenceRun,
  fraudOf,
  materialOf,
  partyOf,
  recordedRun,
  runOf,
  schemaOfRun,
} from "../testing/evidence-runs.ts";
import { WRONG } from "../testing/forgery-edits.ts";
import { countingLoop, executeLoop, leavesOfLoop } from "../testing/liars.ts";
import { RUNS } from "../testing/sequence-forgeries.ts";
import { unwrap } from "../testing/worked-runs.ts";
import { bisect, checkTranscript, type DisputeParty } from "./bisect.ts";
import { checkFraudProof } from "./fraud-check.ts";

const ROUNDS = 64;
const LOOP = countingLoop(ROUNDS);

function runAt(lieAt: number | null): EvidenceRun {
  return runOf([...leavesOfLoop(LOOP, lieAt)]);
}

async function held(a: EvidenceRun, b: EvidenceRun): Promise<DisputeDocument> {
  const text = writeDispute(await bisect({ a: partyOf(a), b: partyOf(b) }));
  return unwrap(readDispute(text, "transcript"));
}

describe("a dispute", () => {
  it("ends at the step that lies, wherever that is, and one tile decides it", async () => {
    const honest = runAt(null);
    const size = honest.tree.size;
    for (let step = 0; step < size - 2; step += 1) {
      const liar = runAt(step);
      const dispute = await held(honest, liar);
      expect(dispute).toMatchObject({ verdict: "leaf", leaf: step + 1, loser: null });
      const smaller = Math.min(size, liar.tree.size);
      expect(dispute.rounds.length).toBeLessThanOrEqual(Math.ceil(Math.log2(smaller)));
      expect((await checkTranscript(dispute)).ok).toBe(true);
      let executions = 0;
      const execute = executeLoop(LOOP, () => {
        executions += 1;
      });
      const material = materialOf(LOOP, { execute });
      const schema = schemaOfRun(LOOP);
      const { text } = unwrap(await fraudOf(liar, { schema, leaf: step + 1, material }));
      expect(text.length).toBeLessThan(8192);
      executions = 0;
      const proof = unwrap(readFraudProof(text, "proof"));
      const verdict = await checkFraudProof(proof, material);
      expect(verdict).toMatchObject({ kind: "fraud", leafIndex: step + 1, reason: "output" });
      expect(executions).toBe(1);
    }
  });

  it("of equal runs is none", async () => {
    const dispute = await held(runAt(null), runAt(null));
    expect(dispute).toMatchObject({ verdict: "none", leaf: null, loser: null, rounds: [] });
    expect((await checkTranscript(dispute)).ok).toBe(true);
  });

  it("of runs with other inputs is about Genesis", async () => {
    const run = await recordedRun(RUNS.hello);
    const other = await recordedRun({ ...RUNS.hello, inputs: [Uint8Array.of(0)] });
    expect(await held(run, other)).toMatchObject({ verdict: "genesis", leaf: 0 });
  });

  it("is lost by who goes on behind Final, and by who has no Final", async () => {
    const whole = await recordedRun(RUNS.hello);
    const overrun = runOf([...whole.leaves, ...whole.leaves.slice(1, 2)]);
    const cut = runOf(whole.leaves.slice(0, -1));
    expect(await held(whole, overrun)).toMatchObject({ verdict: "overrun", loser: "b", leaf: 4 });
    expect(await held(overrun, whole)).toMatchObject({ verdict: "overrun", loser: "a" });
    expect(await held(whole, cut)).toMatchObject({ verdict: "cut", loser: "b", leaf: 3 });
    expect(await held(cut, whole)).toMatchObject({ verdict: "cut", loser: "a" });
    for (const dispute of [await held(whole, overrun), await held(cut, whole)])
      expect((await checkTranscript(dispute)).ok).toBe(true);
  });
});

/** A party that answers otherwise to the question of this number. */
function spoilt(party: DisputeParty, how: Partial<DisputeParty>): DisputeParty {
  return { ...party, ...how };
}

describe("who does not answer", () => {
  const failed = err(failure("E_IO", "dispute", "the line is dead"));
  const ways: readonly (readonly [string, (party: DisputeParty) => Partial<DisputeParty>])[] = [
    ["fails to give a root", () => ({ root: () => failed })],
    ["fails to open a leaf", () => ({ open: () => failed })],
    [
      "gives a wrong root",
      (p) => ({ root: async (n) => ({ ...unwrapOk(await p.root(n), WRONG) }) }),
    ],
    ["gives no proof", (p) => ({ root: async (n) => dropProof(await p.root(n)) })],
    ["opens another leaf", (p) => ({ open: (leaf) => p.open(leaf + 1) })],
    ["is silent", () => ({ root: () => new Promise(() => undefined) })],
  ];

  it.each(ways)("%s loses", async (_what, how) => {
    for (const loser of ["a", "b"] as const satisfies readonly Party[]) {
      const parties = { a: partyOf(runAt(null)), b: partyOf(runAt(70)) };
      const sides = { ...parties, [loser]: spoilt(parties[loser], how(parties[loser])) };
      const patience = (): Promise<void> => new Promise((done) => setTimeout(done, 50));
      const dispute = await bisect({ ...sides, patience });
      expect(dispute).toMatchObject({ verdict: "forfeit", loser, forfeit: { party: loser } });
      const read = unwrap(readDispute(writeDispute(dispute), "transcript"));
      expect((await checkTranscript(read)).ok).toBe(true);
    }
  });
});

function unwrapOk(
  answer: Awaited<ReturnType<DisputeParty["root"]>>,
  root: Uint8Array,
): Awaited<ReturnType<DisputeParty["root"]>> {
  return answer.ok ? ok({ ...answer.value, root }) : answer;
}

function dropProof(
  answer: Awaited<ReturnType<DisputeParty["root"]>>,
): Awaited<ReturnType<DisputeParty["root"]>> {
  return answer.ok ? ok({ ...answer.value, proof: [WRONG] }) : answer;
}

describe("a transcript that was changed", () => {
  const changes: readonly (readonly [string, (d: DisputeDocument) => DisputeDocument])[] = [
    ["names another leaf", (d) => ({ ...d, leaf: 2 })],
    ["names a loser", (d) => ({ ...d, loser: "a" })],
    ["lacks a round", (d) => ({ ...d, rounds: d.rounds.slice(1) })],
    ["lacks an opening", (d) => ({ ...d, opened: null })],
    ["lacks the leaf before", (d) => ({ ...d, pre: null })],
    ["has another root", (d) => ({ ...d, rounds: d.rounds.map((r) => ({ ...r, rootA: WRONG })) })],
    ["has another claim", (d) => ({ ...d, a: { ...d.a, size: d.a.size + 1 } })],
    ["says that there was none", (d) => ({ ...d, verdict: "none" })],
    ["blames a party", (d) => ({ ...d, verdict: "forfeit", loser: "b" })],
  ];

  it.each(changes)("%s does not hold", async (_what, change) => {
    const dispute = await held(runAt(null), runAt(70));
    const checked = await checkTranscript(change(dispute));
    expect(checked).toMatchObject({ ok: false, error: { code: "E_PROOF_INVALID" } });
  });

  it("opens the leaves that differ", async () => {
    const [honest, liar] = [runAt(null), runAt(70)];
    const dispute = await held(honest, liar);
    const leaf = honest.leaves[71]?.record;
    expect(leaf === undefined ? null : leafOf(leaf)).toEqual(honest.tree.leaf(71));
    expect(dispute.opened?.a.record).not.toEqual(dispute.opened?.b.record);
  });
});
