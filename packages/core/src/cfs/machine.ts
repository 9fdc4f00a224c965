// The one interpreter of schemas (spec/formats.md 18.3): says what must run next and moves on with
// what came out. A runner drives it with bytes, a verifier with records; they cannot disagree.
// Between two steps a run is a function of the schema, the State and the bytes of values.

import type { State } from "../commit/state.ts";
import { stateDigest } from "../commit/state.ts";
import type {
  Control,
  FinalRecord,
  GenesisRecord,
  Outcome,
  PathElem,
  TileRecord,
} from "../commit/step-record.ts";
import { DEFAULT_BOUND } from "../commit/step-record.ts";
import { type Failure, failure, type Phase } from "../diagnostic/failure.ts";
import { assert, err, ok, type Result, required } from "../result/result.ts";
import {
  type CollectedList,
  Flow,
  type FlowContext,
  type ListSource,
  type Move,
  type RunState,
} from "./flow.ts";
import { blockOf, pathOf, stateOf } from "./frames.ts";
import type { Hint } from "./hints.ts";
import type { CfsTile } from "./model.ts";
import type { Schema, TileStep } from "./schema.ts";
import { EMPTY_VALUE, UNKNOWN_VALUE, ValueRef } from "./value-ref.ts";
import { type Assumed, RunValues, type ValueSource } from "./values.ts";

/** How a run is driven. */
export interface MachineOptions {
  /** Bytes of values by digest, beside those that pass through the run. */
  readonly values?: ValueSource;
  /**
   * Whole bytes of collected lists whose values are not all known: who knows them, or they in the
   * order in which their loops end (15.3, 20.2).
   */
  readonly lists?: readonly Uint8Array[] | ListSource;
  /** Told of every list that a loop has built of known values. */
  readonly onList?: (list: CollectedList) => void;
  /** What missing bytes mean: `E_MISSING_VALUE` (default), or an assumption that is counted. */
  readonly missing?: "fail" | "assume";
  /** Phase of failures; default `execute`. */
  readonly phase?: Phase;
  /** Told when sequences are entered and left and when iterations of loops begin. */
  readonly onMove?: (move: Move) => void;
}

/** What must happen next. Null digests and bytes are unknown ones (18.1). */
export type NextStep =
  | {
      readonly kind: "tile";
      readonly tile: CfsTile;
      readonly path: readonly PathElem[];
      /** Number of the recursive iteration, null for other calls. */
      readonly iteration: number | null;
      readonly inputDigest: Uint8Array | null;
      readonly inputBytes: Uint8Array | null;
    }
  | {
      readonly kind: "done";
      readonly outputDigest: Uint8Array;
      readonly outputBytes: Uint8Array | null;
    }
  | { readonly kind: "failed"; readonly code: string; readonly errorDigest: Uint8Array };

/** The `tile` case of {@link NextStep}. */
export type NextTile = Extract<NextStep, { kind: "tile" }>;

/** How a tile ended: wire bytes of its output, or a code and wire bytes of the error (15.1). */
export type TileOutcome =
  | { readonly kind: "Ok"; readonly output: Uint8Array }
  | { readonly kind: "Err"; readonly code: string; readonly error: Uint8Array };

/** What a step did to the run, as far as somebody else says or somebody computed it. */
export interface Advance {
  readonly outcome: Outcome;
  /** Output of an Ok outcome. */
  readonly output: ValueRef;
  /** For recursive calls with an Ok outcome: whether it is done, and the next input. */
  readonly recursion: { readonly done: boolean; readonly next: ValueRef } | null;
  readonly hint: Hint;
}

/**
 * A run in progress. Made by `startRun`, `startFromGenesis` (verify.ts), `resumeRun` (resume.ts).
 */
export class Machine {
  readonly schema: Schema;
  readonly phase: Phase;
  readonly #run: RunState;
  readonly #values: RunValues;
  readonly #flow: Flow;
  #next: NextStep | null = null;
  #digest: Uint8Array | null = null;

  /** For the constructors named above. */
  constructor(schema: Schema, run: RunState, options: MachineOptions) {
    this.schema = schema;
    this.phase = options.phase ?? "execute";
    this.#run = run;
    this.#values = new RunValues({
      missing: options.missing ?? "fail",
      phase: this.phase,
      ...(options.values === undefined ? {} : { source: options.values }),
    });
    const context: FlowContext = {
      values: this.#values,
      phase: this.phase,
      lists: listSource(options.lists ?? []),
      onList: options.onList ?? null,
      onMove: options.onMove ?? null,
    };
    this.#flow = new Flow(run, context);
  }

  /** Steps done so far: the index of the next record. */
  get steps(): number {
    return this.#run.steps;
  }

  /** What was assumed so far (18.1); all zero where bytes are never missing. */
  get assumed(): Assumed {
    return { ...this.#values.assumed };
  }

  /** The normalised state (15.3); null while it holds a digest that is unknown. */
  state(): State | null {
    return stateOf(this.#run);
  }

  /** Digest of the state: the `post_state` of the last record; null where it is unknown. */
  postState(): Uint8Array | null {
    if (this.#digest === null) {
      const state = this.state();
      this.#digest = state === null ? null : stateDigest(state);
    }
    return this.#digest;
  }

  /** `next` (18.3). Fails where the input of the tile cannot be built. */
  next(): Result<NextStep, Failure> {
    if (this.#next !== null) return ok(this.#next);
    const { status } = this.#run;
    if (status.kind === "Done") {
      const outputBytes = this.#values.knownBytes(this.#run.output);
      this.#next = { kind: "done", outputDigest: status.outputDigest, outputBytes };
    } else if (status.kind === "Failed") {
      this.#next = { kind: "failed", code: status.code, errorDigest: status.errorDigest };
    } else {
      const tile = this.#nextTile();
      if (!tile.ok) return tile;
      this.#next = tile.value;
    }
    return ok(this.#next);
  }

  /** Bytes held for values of the current state: with the State they are what a resume needs. */
  liveValues(): readonly { readonly digest: Uint8Array; readonly bytes: Uint8Array }[] {
    const { stack, recur } = this.#run;
    const values = stack.flatMap((frame) => [...frame.inputs, ...frame.outputs]);
    if (recur !== null) values.push(recur.input);
    return values.flatMap((value) => {
      const bytes = this.#values.knownBytes(value);
      return bytes === null || value.digest === null ? [] : [{ digest: value.digest, bytes }];
    });
  }

  /** Values collected so far per open collecting loop, outermost first; null where unknown. */
  openLists(): readonly (readonly Uint8Array[] | null)[] {
    return this.#run.stack.flatMap((frame) =>
      frame.kind === "loop" && frame.collected !== null ? [frame.collected.items] : [],
    );
  }

  /**
   * `apply` for a runner: moves on with what the tile gave and makes the record of the step. The
   * bytes are kept and must not be changed afterwards.
   */
  applyOutcome(outcome: TileOutcome, code: Uint8Array): Result<TileRecord, Failure> {
    const next = this.next();
    if (!next.ok) return next;
    const tile = next.value;
    assert(tile.kind === "tile", "an outcome is applied where a tile must run");
    const advance = this.advanceOf(outcome);
    if (!advance.ok) return advance;
    const { index, inputDigest } = { index: this.steps, inputDigest: tile.inputDigest };
    const moved = this.advance(advance.value);
    if (!moved.ok) return moved;
    return ok({
      kind: "Tile",
      index,
      tileId: tile.tile.id,
      code,
      path: tile.path,
      iteration: tile.iteration,
      inputDigest: required(inputDigest, "a runner knows every input"),
      outcome: advance.value.outcome,
      control: controlOf(advance.value),
      postState: required(this.postState(), "a runner knows every digest"),
    });
  }

  /** What an outcome with bytes means for the step that must run next. */
  advanceOf(outcome: TileOutcome): Result<Advance, Failure> {
    const hint: Hint = { kind: "none" };
    if (outcome.kind === "Err") {
      const error = new ValueRef({ bytes: outcome.error });
      const errorDigest = required(error.digest, "bytes have a digest");
      const failed: Outcome = { kind: "Err", code: outcome.code, errorDigest };
      return ok({ outcome: failed, output: error, recursion: null, hint });
    }
    const output = new ValueRef({ bytes: outcome.output });
    const outputDigest = required(output.digest, "bytes have a digest");
    const done: Outcome = { kind: "Ok", outputDigest };
    if (!this.recursive) return ok({ outcome: done, output, recursion: null, hint });
    const recursion = recursionOf(outcome.output);
    if (recursion !== null) return ok({ outcome: done, output, recursion, hint });
    const message = "the output of a recur tile begins with no bool";
    return err(failure("E_DECODE", this.phase, message, { domain: "verifiable" }));
  }

  /** Whether the tile that must run next is called recursively. */
  get recursive(): boolean {
    return this.#tileStep()?.recursive ?? false;
  }

  /** The state change of `apply`; the caller has checked that a tile must run. */
  advance(step: Advance): Result<null, Failure> {
    const tile = required(this.#tileStep(), "a tile must run");
    const run = this.#run;
    this.#next = null;
    this.#digest = null;
    run.steps += 1;
    if (step.outcome.kind === "Err") {
      const error = new ValueRef({ digest: step.outcome.errorDigest });
      this.#flow.fail(step.outcome.code, error);
      return ok(null);
    }
    if (step.recursion !== null && !step.recursion.done) {
      const iteration = (run.recur?.iteration ?? 0) + 1;
      if (iteration === tile.bound) this.#flow.fail("E_RECUR_LIMIT", EMPTY_VALUE);
      else run.recur = { iteration, input: step.recursion.next };
      return ok(null);
    }
    run.recur = null;
    this.#flow.append(step.output);
    return this.#flow.normalise(step.hint);
  }

  /** Enters the entry sequence; once, by the functions that start runs. */
  enter(inputs: readonly ValueRef[], hint: Hint): Result<null, Failure> {
    const { entry } = this.schema;
    this.#flow.start({ kind: "sequence", body: entry, item: 0, inputs, outputs: [] });
    return this.#flow.normalise(hint);
  }

  /** The Genesis record of a run whose inputs are known; before the first step. */
  genesisRecord(programId: Uint8Array, inputDigests: readonly Uint8Array[]): GenesisRecord {
    assert(this.steps === 0, "Genesis comes before the first step");
    const { schemaHash, entry } = this.schema;
    return {
      kind: "Genesis",
      schemaHash,
      programId,
      entry: entry.id,
      inputDigests,
      defaultBound: DEFAULT_BOUND,
      postState: required(this.postState(), "a runner knows every digest"),
    };
  }

  /** The Final record of a finished run, null while a tile must run. */
  finalRecord(): FinalRecord | null {
    const { status, steps } = this.#run;
    switch (status.kind) {
      case "Running":
        return null;
      case "Done": {
        const { outputDigest } = status;
        return { kind: "Final", steps, outcome: { kind: "Ok", outputDigest } };
      }
      case "Failed": {
        const { code, errorDigest } = status;
        return { kind: "Final", steps, outcome: { kind: "Err", code, errorDigest } };
      }
    }
  }

  /** Bytes of a value; `E_MISSING_VALUE` or, where assumptions are allowed, null. */
  bytesOf(value: ValueRef): Result<Uint8Array | null, Failure> {
    return this.#values.bytes(value);
  }

  /** Counts something that was taken from a record. */
  assume(what: keyof Assumed): void {
    this.#values.assumed[what] += 1;
  }

  #tileStep(): TileStep | null {
    const frame = this.#run.stack.at(-1);
    if (frame === undefined || this.#run.status.kind !== "Running") return null;
    const step = blockOf(frame).steps[frame.item];
    return step?.kind === "tile" ? step : null;
  }

  #nextTile(): Result<NextTile, Failure> {
    const { stack, recur } = this.#run;
    const step = required(this.#tileStep(), "a normalised run stands before a tile");
    const input =
      recur === null ? this.#values.compose(step.args, stack, stack.length - 1) : ok(recur.input);
    if (!input.ok) return input;
    const path = pathOf(stack);
    const iteration = recur?.iteration ?? (step.recursive ? 0 : null);
    if (iteration !== null) path.push({ kind: "Iter", index: iteration });
    return ok({
      kind: "tile",
      tile: step.tile,
      path,
      iteration,
      inputDigest: input.value.digest,
      inputBytes: this.#values.knownBytes(input.value),
    });
  }
}

function listSource(lists: readonly Uint8Array[] | ListSource): ListSource {
  if ("listOf" in lists) return lists;
  const rest = [...lists];
  return { listOf: () => rest.shift() };
}

/**
 * Output bytes of a recursive call: the `done` byte, then the next state (7.2). Null if
 * malformed.
 */
export function recursionOf(
  output: Uint8Array,
): { readonly done: boolean; readonly next: ValueRef } | null {
  const first = output[0];
  if (first !== 0 && first !== 1) return null;
  return { done: first === 1, next: new ValueRef({ bytes: output.subarray(1) }) };
}

function controlOf(advance: Advance): Control | null {
  if (advance.recursion === null) return null;
  const { done, next } = advance.recursion;
  return { done, nextDigest: required(next.digest, "bytes have a digest") };
}

/**
 * Starts a run with the bytes of the external input vector (9.4), which the caller has checked to
 * be canonical. `E_ARITY` for a wrong number.
 */
export function startRun(
  schema: Schema,
  inputs: readonly Uint8Array[],
  options: MachineOptions = {},
): Result<Machine, Failure> {
  const expected = schema.inputs.length;
  if (inputs.length !== expected) {
    const message = `"${schema.entry.id}" takes ${expected} inputs, found ${inputs.length}`;
    const phase = options.phase ?? "execute";
    return err(failure("E_ARITY", phase, message, { subject: schema.entry.id }));
  }
  const machine = new Machine(schema, emptyRun(), options);
  const values = inputs.map((bytes) => new ValueRef({ bytes }));
  const entered = machine.enter(values, { kind: "none" });
  return entered.ok ? ok(machine) : entered;
}

/** A run before its entry. */
export function emptyRun(): RunState {
  return {
    stack: [],
    recur: null,
    steps: 0,
    status: { kind: "Running" },
    output: UNKNOWN_VALUE,
  };
}
