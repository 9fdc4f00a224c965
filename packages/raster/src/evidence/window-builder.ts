// Cuts a window out of a trace: a document from which the steps can be replayed alone
// (spec/formats.md 19.1, 19.2). Takes the records of the whole run in their order.

import { type Schema, StepVerifier } from "@lumen/core/cfs";
import {
  encodeRecord,
  type GenesisRecord,
  type MerkleTree,
  type State,
  type WindowDocument,
  windowId,
} from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { equalBytes, ZERO32 } from "@lumen/core/hash";
import { err, ok, type Result, required } from "@lumen/core/result";
import {
  type CodeTable,
  Demand,
  type RecordedLeaf,
  RunFollower,
  type StandingRun,
  standAgain,
} from "./follow.ts";

/** Steps of a run; `end` is not part of it. */
export interface StepRange {
  readonly start: number;
  readonly end: number;
}

/** Steps of a window when nothing else is asked for (19.1). */
export const DEFAULT_WINDOW_SIZE = 64;

/** `E_WINDOW_RANGE` unless 0 <= start < end <= steps (19.3). */
export function checkRange({ start, end }: StepRange, steps: number): Result<StepRange, Failure> {
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (whole && start >= 0 && start < end && end <= steps) return ok({ start, end });
  const message = `the run has ${steps} steps: a window from ${start} to ${end} is not within them`;
  return err(failure("E_WINDOW_RANGE", "replay", message));
}

/** The window of `size` steps with step `at`, with the one before it where `context` (19.1). */
export function windowAt(
  steps: number,
  wanted: { readonly size: number; readonly at: number; readonly context: boolean },
): Result<StepRange, Failure> {
  const { size, at, context } = wanted;
  if (!Number.isSafeInteger(size) || size < 1)
    return err(failure("E_WINDOW_RANGE", "replay", "a window has at least one step"));
  if (at < 0 || at >= steps) {
    const message = `the run has ${steps} steps, so there is no step ${at}`;
    return err(failure("E_WINDOW_RANGE", "replay", message));
  }
  const start = Math.floor(at / size) * size;
  const end = Math.min(start + size, steps);
  return ok({ start: context && start > 0 ? start - size : start, end });
}

interface Before {
  readonly leaf: RecordedLeaf;
  readonly state: State;
  readonly standing: StandingRun;
}

/** Makes the document of one window. */
export class WindowBuilder {
  readonly #schema: Schema;
  readonly #tree: MerkleTree;
  readonly #range: StepRange;
  readonly #codes: CodeTable;
  readonly #follower: RunFollower;
  readonly #leaves: RecordedLeaf[] = [];
  #genesis: GenesisRecord | null = null;
  #leaf = 0;
  #before: Before | null = null;
  /** The window holds a wrong record: the values behind it are not those of the run. */
  #parted = false;

  /** `tree` is that of the whole trace, `range` within its steps. */
  constructor(
    schema: Schema,
    args: {
      readonly tree: MerkleTree;
      readonly range: StepRange;
      readonly codes: CodeTable;
    },
  ) {
    this.#schema = schema;
    this.#tree = args.tree;
    this.#range = args.range;
    this.#codes = args.codes;
    this.#follower = new RunFollower(schema, args.codes);
  }

  /** Takes the next record; those behind the window are passed over. */
  take(leaf: RecordedLeaf): Result<null, Failure> {
    const index = this.#leaf;
    const { start, end } = this.#range;
    this.#leaf += 1;
    if (leaf.record.kind === "Genesis") this.#genesis = leaf.record;
    if (index > end) return ok(null);
    if (index > start) {
      this.#leaves.push(leaf);
      if (!this.#parted) this.#parted = !this.#follower.take(leaf).ok;
      return ok(null);
    }
    const taken = this.#follower.take(leaf);
    if (!taken.ok) return taken;
    return index === start ? this.#stand(leaf) : taken;
  }

  /** The document; after the last record. */
  finish(): Result<WindowDocument, Failure> {
    const before = required(this.#before, "the window is within the steps");
    const demand = new Demand(before.standing.values, this.#follower.lists);
    const demanded = this.#demand(before, demand);
    if (!demanded.ok) return demanded;
    const { start, end } = this.#range;
    const tree = this.#tree;
    const genesis = required(this.#genesis, "Genesis comes first");
    const { schemaHash, programId, entry } = genesis;
    const trace = { size: tree.size, root: tree.root() };
    return ok({
      windowId: windowId({ ...trace, start, end }),
      schemaHash,
      programId: equalBytes(programId, ZERO32) ? null : programId,
      entry,
      trace,
      start,
      end,
      frontier: tree.frontier(start + 1),
      prefixRoot: tree.root(start + 1),
      prefixProof: tree.consistencyProof(start + 1),
      records: this.#leaves.map(({ record }) => encodeRecord(record)),
      endProof: tree.consistencyProof(end + 1),
      preState: before.standing.state,
      preRecord: encodeRecord(before.leaf.record),
      preRecordProof: tree.inclusionProof(start),
      genesis:
        start === 0 ? null : { record: encodeRecord(genesis), inclusion: tree.inclusionProof(0) },
      lists: demand.lists,
      values: demand.values,
    });
  }

  #stand(leaf: RecordedLeaf): Result<null, Failure> {
    const standing = this.#follower.standing();
    if (!standing.ok) return standing;
    const state = required(this.#follower.verifier.machine.state(), "the state has just been read");
    this.#before = { leaf, state, standing: standing.value };
    return ok(null);
  }

  /** Runs through the window as who replays it will, and notes what that takes. */
  #demand({ state }: Before, demand: Demand): Result<null, Failure> {
    const machine = standAgain(this.#schema, state, demand.options("replay"));
    const codeOf = (tileId: string): Uint8Array | undefined => this.#codes.get(tileId);
    const verifier = new StepVerifier(machine, { codeOf });
    for (const { record, output } of this.#leaves) {
      const next = machine.next();
      if (!next.ok) return next;
      const applied = verifier.apply(record, output === null ? {} : { output });
      if (applied.ok) continue;
      return applied.error.code === "E_STEP_MISMATCH" ? ok(null) : applied;
    }
    return ok(null);
  }
}
