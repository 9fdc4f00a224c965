// Drives a machine with records (spec/formats.md 18.3): `init`, `apply` and `finish` of a verifier.
// Each check names its reason; the first that fails, in the order of 18.3, decides.

import { formatPath } from "../commit/path.ts";
import {
  type Control,
  DEFAULT_BOUND,
  type FinalRecord,
  type GenesisRecord,
  type Outcome,
  type StepRecord,
  type TileRecord,
} from "../commit/step-record.ts";
import { TRAPS } from "../diagnostic/codes.ts";
import { type Failure, failure, type PlainJson } from "../diagnostic/failure.ts";
import { valueDigest } from "../encoding/index.ts";
import { equalBytes, toHex } from "../hash/index.ts";
import { err, ok, type Result } from "../result/result.ts";
import { hintOf } from "./hints.ts";
import {
  type Advance,
  emptyRun,
  Machine,
  type MachineOptions,
  type NextTile,
  recursionOf,
  type TileOutcome,
} from "./machine.ts";
import type { Schema } from "./schema.ts";
import { EMPTY_VALUE, ValueRef } from "./value-ref.ts";

/** Why a record is wrong (18.3, 20.2), in order of precedence. */
export type MismatchReason =
  | "genesis"
  | "length"
  | "tile"
  | "path"
  | "iteration"
  | "artifact"
  | "input"
  | "output"
  | "control"
  | "state"
  | "final";

/** What a verifier knows about a step beside its record. */
export interface StepEvidence {
  /** The record that follows: where bytes are missing, decisions are read off it (18.1). */
  readonly next?: StepRecord | null;
  /** Input bytes as the trace has them. */
  readonly input?: Uint8Array;
  /** Output bytes as the trace has them. */
  readonly output?: Uint8Array;
  /** What running the tile again gave. */
  readonly executed?: TileOutcome;
  /** How the step ran, to compare with pinned method ids. */
  readonly ran?: { readonly backend: string; readonly methodId: Uint8Array };
}

/** What a verifier knows about a whole run beside its records. */
export interface VerifierOptions extends MachineOptions {
  /** Code digest of a tile in the program file, undefined where unknown. */
  readonly codeOf?: (tileId: string) => Uint8Array | undefined;
}

/** A rejected record: `E_STEP_MISMATCH` with leaf index, reason and both sides in `details`. */
export function stepMismatch(
  reason: MismatchReason,
  at: { readonly leaf: number; readonly expected: PlainJson; readonly found: PlainJson },
): Failure {
  const { leaf, expected, found } = at;
  const sides = `expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
  const message = `record at leaf ${leaf} is wrong (${reason}): ${sides}`;
  const details = { leaf, reason, expected, found };
  return failure("E_STEP_MISMATCH", "verify", message, { domain: "verifiable", details });
}

/** Checks the records of one run in order. After a failure it must not be used any more. */
export class StepVerifier {
  readonly machine: Machine;
  readonly #codeOf: (tileId: string) => Uint8Array | undefined;
  /** Code digest that the first record of each tile has. */
  readonly #codes = new Map<string, Uint8Array>();

  constructor(machine: Machine, options: VerifierOptions = {}) {
    this.machine = machine;
    this.#codeOf = options.codeOf ?? (() => undefined);
  }

  /** `apply` (18.3) of the next record, which must be a Tile record. */
  apply(record: StepRecord, evidence: StepEvidence = {}): Result<null, Failure> {
    const called = this.call(record, evidence);
    if (!called.ok) return called;
    if (called.value.next.inputDigest === null) this.machine.assume("inputs");
    const advance = this.#advance(called.value.record, evidence);
    if (!advance.ok) return advance;
    const moved = this.machine.advance(advance.value);
    return moved.ok ? this.#checkState(called.value.record) : moved;
  }

  /** The checks of `apply` that come before the outcome: that this call must run next. */
  call(
    record: StepRecord,
    evidence: StepEvidence = {},
  ): Result<{ readonly record: TileRecord; readonly next: NextTile }, Failure> {
    const next = this.machine.next();
    if (!next.ok) return next;
    const found = describe(record);
    // Stage by stage: the first difference in the order of 18.3 is the reason.
    if (next.value.kind !== "tile") {
      return this.#reject("length", `nothing, the run is ${next.value.kind}`, found);
    }
    const expected = next.value.tile.id;
    if (record.kind === "Genesis") return this.#reject("tile", expected, found);
    if (record.kind === "Final") return this.#reject("final", `a record of ${expected}`, found);
    if (record.index !== this.machine.steps) {
      return this.#reject("length", this.machine.steps, record.index);
    }
    if (record.kind === "Request") return this.#reject("tile", expected, found);
    const failed = this.#checkCall(record, next.value, evidence);
    return failed === null ? ok({ record, next: next.value }) : err(failed);
  }

  /** `finish` (18.3): the run is over, and the Final record says how. */
  finish(record: FinalRecord): Result<Outcome, Failure> {
    const expected = this.machine.finalRecord();
    const found = outcomeText(record);
    if (expected === null) return this.#reject("final", "a record of a tile", found);
    const same = expected.steps === record.steps && sameOutcome(expected.outcome, record.outcome);
    return same ? ok(record.outcome) : this.#reject("final", outcomeText(expected), found);
  }

  /** The trace ends without a Final record. */
  missingFinal(): Failure {
    const leaf = this.machine.steps + 1;
    return stepMismatch("length", { leaf, expected: "a further record", found: "nothing" });
  }

  #checkCall(record: TileRecord, next: NextTile, evidence: StepEvidence): Failure | null {
    const { tile, path, iteration } = next;
    if (record.tileId !== tile.id) return this.#mismatch("tile", tile.id, record.tileId);
    if (!samePath(path, record.path)) {
      return this.#mismatch("path", formatPath(path), formatPath(record.path));
    }
    if (record.iteration !== iteration) {
      return this.#mismatch("iteration", iteration, record.iteration);
    }
    return (
      this.#checkCode(record, next) ??
      this.#checkMethod(next, evidence) ??
      this.#checkInput(record, next, evidence)
    );
  }

  #checkCode(record: TileRecord, { tile }: NextTile): Failure | null {
    const first = this.#codes.get(tile.id);
    for (const known of [tile.code, this.#codeOf(tile.id), first]) {
      if (known === null || known === undefined || equalBytes(known, record.code)) continue;
      return this.#mismatch("artifact", toHex(known), toHex(record.code));
    }
    if (first === undefined) this.#codes.set(tile.id, record.code);
    return null;
  }

  #checkMethod({ tile }: NextTile, { ran }: StepEvidence): Failure | null {
    const pinned = ran === undefined ? undefined : tile.methodIds.get(ran.backend);
    if (ran === undefined || pinned === undefined || equalBytes(pinned, ran.methodId)) return null;
    return this.#mismatch("artifact", toHex(pinned), toHex(ran.methodId));
  }

  #checkInput(
    record: TileRecord,
    { inputDigest: expected, inputBytes }: NextTile,
    { input }: StepEvidence,
  ): Failure | null {
    if (expected !== null && !equalBytes(expected, record.inputDigest)) {
      return this.#mismatch("input", toHex(expected), toHex(record.inputDigest));
    }
    // Bytes that are those of the machine have its digest, which has just been compared.
    const isKnown = input === undefined || (inputBytes !== null && equalBytes(input, inputBytes));
    const digest = isKnown ? null : valueDigest(input);
    if (digest === null || equalBytes(digest, record.inputDigest)) return null;
    return this.#mismatch("input", toHex(digest), toHex(record.inputDigest));
  }

  /** The checks of outcome and control, and what they say about the step. */
  #advance(record: TileRecord, evidence: StepEvidence): Result<Advance, Failure> {
    const { outcome, control } = record;
    const { executed } = evidence;
    if (executed !== undefined && !sameOutcome(outcome, outcomeOf(executed))) {
      return this.#reject("output", outcomeJson(outcomeOf(executed)), outcomeJson(outcome));
    }
    const hint = hintOf(evidence.next ?? null);
    if (outcome.kind === "Err") {
      const code = checkErrorCode(outcome);
      if (code !== null) return this.#reject("output", code, outcomeJson(outcome));
      if (control !== null) return this.#reject("control", null, controlJson(control));
      return ok({ outcome, output: EMPTY_VALUE, recursion: null, hint });
    }
    const stored = evidence.output;
    const digest = stored === undefined ? outcome.outputDigest : valueDigest(stored);
    if (!equalBytes(digest, outcome.outputDigest)) {
      return this.#reject("output", toHex(digest), toHex(outcome.outputDigest));
    }
    const bytes = executed?.kind === "Ok" ? executed.output : stored;
    const output = new ValueRef(bytes === undefined ? { digest } : { digest, bytes });
    if (!this.machine.recursive) {
      if (control !== null) return this.#reject("control", null, controlJson(control));
      return ok({ outcome, output, recursion: null, hint });
    }
    const recursion = this.#recursion(output, control);
    return recursion.ok ? ok({ outcome, output, recursion: recursion.value, hint }) : recursion;
  }

  #recursion(
    output: ValueRef,
    control: Control | null,
  ): Result<{ readonly done: boolean; readonly next: ValueRef }, Failure> {
    const bytes = this.machine.bytesOf(output);
    if (!bytes.ok) return bytes;
    if (control === null) return this.#reject("control", "control of a recursive call", null);
    if (bytes.value === null) {
      this.machine.assume("controls");
      return ok({ done: control.done, next: new ValueRef({ digest: control.nextDigest }) });
    }
    const recursion = recursionOf(bytes.value);
    if (recursion === null) return this.#reject("control", "output with a bool first", "none");
    const nextDigest = recursion.next.digest ?? control.nextDigest;
    const expected = { done: recursion.done, nextDigest };
    const same = control.done === recursion.done && equalBytes(control.nextDigest, nextDigest);
    return same
      ? ok(recursion)
      : this.#reject("control", controlJson(expected), controlJson(control));
  }

  #checkState(record: TileRecord): Result<null, Failure> {
    const expected = this.machine.postState();
    if (expected === null) {
      this.machine.assume("states");
      return ok(null);
    }
    if (equalBytes(expected, record.postState)) return ok(null);
    const at = {
      leaf: record.index + 1,
      expected: toHex(expected),
      found: toHex(record.postState),
    };
    return err(stepMismatch("state", at));
  }

  #mismatch(reason: MismatchReason, expected: PlainJson, found: PlainJson): Failure {
    return stepMismatch(reason, { leaf: this.machine.steps + 1, expected, found });
  }

  #reject(
    reason: MismatchReason,
    expected: PlainJson,
    found: PlainJson,
  ): { readonly ok: false; readonly error: Failure } {
    return { ok: false, error: this.#mismatch(reason, expected, found) };
  }
}

/** What a verifier knows about the start of a run beside the Genesis record. */
export interface GenesisEvidence {
  /** Leaf 1. */
  readonly next?: StepRecord | null;
  /** Bytes of the external inputs as the trace has them. */
  readonly inputs?: readonly Uint8Array[];
}

/** `init` (18.3): the verifier of a run, if its Genesis record fits the schema. */
export function startFromGenesis(
  schema: Schema,
  genesis: GenesisRecord,
  evidence: GenesisEvidence = {},
  options: VerifierOptions = {},
): Result<StepVerifier, Failure> {
  const failed = checkGenesis(schema, genesis, evidence);
  if (failed !== null) return err(failed);
  const machine = new Machine(schema, emptyRun(), { phase: "verify", ...options });
  const values = genesis.inputDigests.map((digest, i) => {
    const bytes = evidence.inputs?.[i];
    return new ValueRef(bytes === undefined ? { digest } : { digest, bytes });
  });
  const entered = machine.enter(values, hintOf(evidence.next ?? null));
  if (!entered.ok) return entered;
  const state = machine.postState();
  if (state === null) machine.assume("states");
  if (state !== null && !equalBytes(state, genesis.postState)) {
    const found = toHex(genesis.postState);
    return err(stepMismatch("state", { leaf: 0, expected: toHex(state), found }));
  }
  return ok(new StepVerifier(machine, options));
}

function checkGenesis(
  schema: Schema,
  genesis: GenesisRecord,
  { inputs }: GenesisEvidence,
): Failure | null {
  const bad = (expected: PlainJson, found: PlainJson): Failure =>
    stepMismatch("genesis", { leaf: 0, expected, found });
  const { inputDigests } = genesis;
  if (!equalBytes(genesis.schemaHash, schema.schemaHash)) {
    return bad(`schema ${toHex(schema.schemaHash)}`, `schema ${toHex(genesis.schemaHash)}`);
  }
  if (genesis.entry !== schema.entry.id) return bad(schema.entry.id, genesis.entry);
  if (genesis.defaultBound !== DEFAULT_BOUND) {
    return bad(`default bound ${DEFAULT_BOUND}`, `default bound ${genesis.defaultBound}`);
  }
  if (inputDigests.length !== schema.inputs.length) {
    return bad(`${schema.inputs.length} inputs`, `${inputDigests.length} inputs`);
  }
  if (inputs !== undefined && inputs.length !== inputDigests.length) {
    return bad(`${inputDigests.length} inputs`, `${inputs.length} input values`);
  }
  for (const [i, digest] of inputDigests.entries()) {
    const bytes = inputs?.[i];
    const actual = bytes === undefined ? digest : valueDigest(bytes);
    if (equalBytes(actual, digest)) continue;
    return stepMismatch("input", { leaf: 0, expected: toHex(digest), found: toHex(actual) });
  }
  return null;
}

/** Outcome in a record of what running a tile gave (15.1). */
export function outcomeOf(executed: TileOutcome): Outcome {
  if (executed.kind === "Ok") return { kind: "Ok", outputDigest: valueDigest(executed.output) };
  return { kind: "Err", code: executed.code, errorDigest: valueDigest(executed.error) };
}

/** Null if a tile can end with this error (15.1), else what would be right. */
function checkErrorCode(outcome: Extract<Outcome, { kind: "Err" }>): string | null {
  if (outcome.code === "E_TILE_FAILED") return null;
  const known =
    Object.hasOwn(TRAPS, outcome.code) ||
    outcome.code === "E_DECODE" ||
    outcome.code === "E_ENCODE";
  if (!known) return "E_TILE_FAILED, a trap, E_DECODE or E_ENCODE";
  const empty = EMPTY_VALUE.digest ?? outcome.errorDigest;
  return equalBytes(outcome.errorDigest, empty) ? null : `${outcome.code} ${toHex(empty)}`;
}

function sameOutcome(a: Outcome, b: Outcome): boolean {
  if (a.kind === "Ok") return b.kind === "Ok" && equalBytes(a.outputDigest, b.outputDigest);
  return b.kind === "Err" && a.code === b.code && equalBytes(a.errorDigest, b.errorDigest);
}

function samePath(a: TileRecord["path"], b: TileRecord["path"]): boolean {
  if (a.length !== b.length) return false;
  return a.every((elem, i) => elem.kind === b[i]?.kind && elem.index === b[i]?.index);
}

function describe(record: StepRecord): string {
  switch (record.kind) {
    case "Tile":
      return `a record of ${record.tileId}`;
    case "Request":
      return `a request ${record.operation}`;
    default:
      return `a ${record.kind} record`;
  }
}

function outcomeText(final: FinalRecord): PlainJson {
  return { steps: final.steps, outcome: outcomeJson(final.outcome) };
}

function outcomeJson(outcome: Outcome): PlainJson {
  if (outcome.kind === "Ok") return { ok: toHex(outcome.outputDigest) };
  return { err: { code: outcome.code, error_digest: toHex(outcome.errorDigest) } };
}

function controlJson(control: Control): PlainJson {
  return { done: control.done, next_digest: toHex(control.nextDigest) };
}
