// Finds the first leaf on which two committed traces of one run differ (spec/formats.md 20.1). The
// parties may be far away: they answer with roots and proofs, and whoever gives no answer, or one
// that does not hold, loses. A transcript is checked by holding the dispute again with its answers.

import {
  claimOf,
  type DisputeDocument,
  type DisputeRound,
  decodeRecord,
  type Forfeit,
  type Opening,
  type Party,
  type TraceTree,
  verifyConsistency,
} from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { equalBytes } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import type { Awaitable } from "./awaitable.ts";
import { checkOpening } from "./proof-check.ts";

/** A prefix root and the proof that the whole trace continues it; empty for the whole itself. */
export interface PrefixRoot {
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/** A party of a dispute. An error as answer loses it. */
export interface DisputeParty {
  /** What it has committed to. */
  readonly claim: TraceTree;
  /** The root of its first `size` leaves. */
  root(size: number): Awaitable<Result<PrefixRoot, Failure>>;
  /** A leaf of its trace. */
  open(leaf: number): Awaitable<Result<Opening, Failure>>;
}

/** Both sides, and how long to wait for one answer. */
export interface Bisection {
  readonly a: DisputeParty;
  readonly b: DisputeParty;
  /** Ends when a party that has not answered yet is silent; without it nobody ever is. */
  readonly patience?: () => Promise<void>;
}

/** Holds a dispute. At most ⌈log2 of the smaller size⌉ rounds. */
export async function bisect(bisection: Bisection): Promise<DisputeDocument> {
  const dispute = new Dispute(bisection);
  const held = await dispute.run();
  return held.ok ? held.value : dispute.forfeited(held.error);
}

/** An answer that holds, or who has lost. */
type Answer<T> = Promise<Result<T, Forfeit>>;

const EMPTY: Omit<DisputeDocument, "a" | "b"> = {
  genesis: null,
  common: null,
  rounds: [],
  leaf: null,
  pre: null,
  opened: null,
  forfeit: null,
  verdict: "none",
  loser: null,
};

class Dispute {
  readonly #sides: Bisection;
  /** The transcript so far. */
  #held: DisputeDocument;

  constructor(sides: Bisection) {
    this.#sides = sides;
    this.#held = { ...EMPTY, a: claimOf(sides.a.claim), b: claimOf(sides.b.claim) };
  }

  async run(): Answer<DisputeDocument> {
    const genesis = await this.#both(0);
    if (!genesis.ok) return genesis;
    this.#held = { ...this.#held, genesis: genesis.value };
    const { a, b } = genesis.value;
    if (!equalBytes(a.record, b.record)) return ok(this.#ended("genesis", { leaf: 0 }));
    const common = await this.#round(Math.min(this.#held.a.size, this.#held.b.size));
    if (!common.ok) return common;
    this.#held = { ...this.#held, common: common.value };
    return common.value.equal ? this.#oneContinues() : this.#narrow();
  }

  /** The transcript of a dispute that a party has lost by its answer. */
  forfeited(forfeit: Forfeit): DisputeDocument {
    return this.#ended("forfeit", { forfeit, loser: forfeit.party });
  }

  #ended(
    verdict: DisputeDocument["verdict"],
    more: Partial<DisputeDocument> = {},
  ): DisputeDocument {
    return { ...this.#held, ...more, verdict };
  }

  /** One trace is the beginning of the other: the last common leaf says which is wrong. */
  async #oneContinues(): Answer<DisputeDocument> {
    const { a, b } = this.#held;
    if (a.size === b.size) return ok(this.#ended("none"));
    const longer: Party = a.size > b.size ? "a" : "b";
    const size = Math.min(a.size, b.size);
    const last = await this.#open("a", size - 1);
    if (!last.ok) return last;
    const record = decodeRecord(last.value.record);
    const ends = record.ok && record.value.kind === "Final";
    const more = { leaf: size, pre: last.value };
    // Behind Final there is nothing; without it the run had not ended.
    if (ends) return ok(this.#ended("overrun", { ...more, loser: longer }));
    return ok(this.#ended("cut", { ...more, loser: longer === "a" ? "b" : "a" }));
  }

  async #narrow(): Answer<DisputeDocument> {
    let low = 1;
    let high = Math.min(this.#held.a.size, this.#held.b.size);
    while (high - low > 1) {
      const middle = low + Math.floor((high - low) / 2);
      const round = await this.#round(middle);
      if (!round.ok) return round;
      this.#held = { ...this.#held, rounds: [...this.#held.rounds, round.value] };
      if (round.value.equal) low = middle;
      else high = middle;
    }
    const opened = await this.#both(low);
    if (!opened.ok) return opened;
    const pre = await this.#open("a", low - 1);
    if (!pre.ok) return pre;
    return ok(this.#ended("leaf", { leaf: low, opened: opened.value, pre: pre.value }));
  }

  /** Both roots of a prefix, each proved to belong to its trace. */
  async #round(size: number): Answer<DisputeRound> {
    const a = await this.#root("a", size);
    if (!a.ok) return a;
    const b = await this.#root("b", size);
    if (!b.ok) return b;
    const equal = equalBytes(a.value.root, b.value.root);
    const roots = { rootA: a.value.root, rootB: b.value.root };
    const proofs = { proofA: a.value.proof, proofB: b.value.proof };
    return ok({ mid: size, ...roots, ...proofs, equal });
  }

  async #root(party: Party, size: number): Answer<PrefixRoot> {
    const question = `root ${size}`;
    const answer = await this.#ask(party, question, (side) => side.root(size));
    if (!answer.ok) return answer;
    const claim = this.#held[party];
    const { root, proof } = answer.value;
    const holds = verifyConsistency({
      size1: BigInt(size),
      size2: BigInt(claim.size),
      root1: root,
      root2: claim.root,
      proof,
    });
    return holds.ok ? answer : err({ party, question, reason: holds.error.message });
  }

  async #both(leaf: number): Answer<{ readonly a: Opening; readonly b: Opening }> {
    const a = await this.#open("a", leaf);
    if (!a.ok) return a;
    const b = await this.#open("b", leaf);
    return b.ok ? ok({ a: a.value, b: b.value }) : b;
  }

  async #open(party: Party, leaf: number): Answer<Opening> {
    const question = `leaf ${leaf}`;
    const answer = await this.#ask(party, question, (side) => side.open(leaf));
    if (!answer.ok) return answer;
    const included = checkOpening(answer.value, { leaf, tree: this.#held[party] });
    return included.ok ? answer : err({ party, question, reason: included.error.message });
  }

  async #ask<T>(
    party: Party,
    question: string,
    ask: (side: DisputeParty) => Awaitable<Result<T, Failure>>,
  ): Answer<T> {
    const { patience } = this.#sides;
    const asked = ask(this.#sides[party]);
    const answer =
      patience === undefined
        ? await asked
        : await Promise.race([asked, patience().then(() => null)]);
    if (answer === null) return err({ party, question, reason: "no answer in time" });
    return answer.ok ? answer : err({ party, question, reason: answer.error.message });
  }
}

/**
 * Holds the dispute of a transcript again with the answers that are in it. `E_PROOF_INVALID` where
 * it does not come out as the transcript says. That a party was silent, nobody can see later: such
 * a transcript comes out as far as it goes.
 */
export async function checkTranscript(
  document: DisputeDocument,
): Promise<Result<DisputeDocument, Failure>> {
  for (const party of ["a", "b"] as const) {
    const { traceCommitment } = document[party];
    if (!equalBytes(claimOf(document[party]).traceCommitment, traceCommitment))
      return err(refusal(`the commitment of ${party} is not that of its size, root and schema`));
  }
  const sides = { a: transcriptParty(document, "a"), b: transcriptParty(document, "b") };
  const again = await bisect(sides);
  if (comesOut(document, again)) return ok(document);
  const { verdict, forfeit } = again;
  return err(refusal(`held again it ends in ${verdict}${forfeitText(forfeit)}`));
}

/** A question without an answer is where a forfeit stands, whoever owed it. */
function comesOut(document: DisputeDocument, again: DisputeDocument): boolean {
  const { forfeit } = document;
  const rounds = (held: DisputeDocument): string =>
    JSON.stringify([held.common, ...held.rounds].map((round) => [round?.mid, round?.equal]));
  if (rounds(again) !== rounds(document)) return false;
  if (forfeit === null)
    return (["verdict", "loser", "leaf"] as const).every((key) => again[key] === document[key]);
  const isBlamed = document.verdict === "forfeit" && document.loser === forfeit.party;
  return isBlamed && again.forfeit?.question === forfeit.question;
}

function forfeitText(forfeit: Forfeit | null): string {
  return forfeit === null ? "" : ` of ${forfeit.party} at ${forfeit.question}: ${forfeit.reason}`;
}

function refusal(why: string): Failure {
  const message = `the transcript does not hold: ${why}`;
  return failure("E_PROOF_INVALID", "dispute", message, { domain: "verifiable" });
}

const NO_ANSWER: Result<never, Failure> = err(
  failure("E_PROOF_INVALID", "dispute", "the transcript has no answer"),
);

function transcriptParty(document: DisputeDocument, party: Party): DisputeParty {
  const rounds = [...(document.common === null ? [] : [document.common]), ...document.rounds];
  return {
    claim: document[party],
    root: (size) => {
      const round = rounds.find(({ mid }) => mid === size);
      if (round === undefined) return NO_ANSWER;
      if (party === "a") return ok({ root: round.rootA, proof: round.proofA });
      return ok({ root: round.rootB, proof: round.proofB });
    },
    open: (leaf) => {
      const { genesis, opened, pre, leaf: disputed } = document;
      // The leaf before the disputed one may be leaf 0, which both have opened.
      if (leaf === 0 && genesis !== null) return ok(genesis[party]);
      if (leaf === disputed && opened !== null) return ok(opened[party]);
      return disputed !== null && leaf === disputed - 1 && pre !== null ? ok(pre) : NO_ANSWER;
    },
  };
}
