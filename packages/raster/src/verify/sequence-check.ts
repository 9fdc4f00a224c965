// Checks the records of a run entered by a sequence (spec/formats.md 18.3), at any level. Keeps the
// state of the machine and one record: where bytes are missing, decisions are read off the next
// one.

import {
  type Assumed,
  type NextTile,
  type Schema,
  type StepEvidence,
  type StepVerifier,
  startFromGenesis,
  type TileOutcome,
  type VerifierOptions,
} from "@lumen/core/cfs";
import type { FinalRecord, GenesisRecord, StepRecord, TileRecord } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { decodeValue, decodeWith, valueDigest, wire } from "@lumen/core/encoding";
import { equalBytes, toHex } from "@lumen/core/hash";
import { err, ok, type Result, required } from "@lumen/core/result";
import { type Awaitable, whenDone } from "./awaitable.ts";
import { checkOfMismatch, reject } from "./checks.ts";
import { confinedLimit, endsAtLimit } from "./judge-step.ts";
import type { Material, PlacedStep, RunCheck } from "./run-check.ts";
import { type Finding, undecided, type VerifyLevel } from "./verdict.ts";

/** A run of a sequence. */
export class SequenceCheck implements RunCheck {
  readonly #schema: Schema;
  readonly #material: Material;
  readonly #useBytes: boolean;
  /** The last record but Final, checked when the next one is known. */
  #pending: PlacedStep | null;
  #verifier: StepVerifier | null = null;
  #executed = 0;
  #finished = false;

  constructor(schema: Schema, material: Material, genesis: PlacedStep) {
    this.#schema = schema;
    this.#material = material;
    this.#useBytes = material.level !== "structure";
    this.#pending = genesis;
  }

  get finished(): boolean {
    return this.#finished;
  }

  get held(): number {
    const machine = this.#verifier?.machine;
    const lists = machine?.openLists().reduce((sum, list) => sum + (list?.length ?? 0), 0) ?? 0;
    return (machine?.liveValues().length ?? 0) + lists + (this.#pending === null ? 0 : 1);
  }

  event(): void {
    // Events without records are covered by nesting and tile-events.ts.
  }

  reached(): { readonly level: VerifyLevel; readonly assumed: Assumed } {
    const { machine } = required(this.#verifier, "a finished run has begun");
    const { assumed, steps } = machine;
    const missing = Object.values(assumed).some((count) => count > 0);
    if (missing || !this.#useBytes) return { level: "structure", assumed };
    return {
      level: this.#reexecutes && this.#executed === steps ? "reexecute" : "dataflow",
      assumed,
    };
  }

  record(step: PlacedStep): Awaitable<Finding> {
    const { record } = step.event;
    return whenDone(this.#applyPending(record), (found) => {
      if (found !== null) return found;
      if (record.kind === "Final") return this.#finish(record, step);
      this.#pending = step;
      return null;
    });
  }

  #applyPending(next: StepRecord): Awaitable<Finding> {
    const step = this.#pending;
    if (step === null) return null;
    this.#pending = null;
    const { record } = step.event;
    if (this.#verifier === null && record.kind === "Genesis")
      return this.#begin(record, step, next);
    return whenDone(this.#execute(record, step), (executed) =>
      executed.ok
        ? this.#apply(step, { next, executed: executed.value })
        : undecided(executed.error),
    );
  }

  #apply(
    step: PlacedStep,
    { next, executed }: { readonly next: StepRecord; readonly executed: TileOutcome | null },
  ): Finding {
    const { event } = step;
    const { record } = event;
    const ran = { backend: event.backend, methodId: event.methodId };
    const evidence: StepEvidence = {
      next,
      ran,
      ...(this.#useBytes && event.input !== null ? { input: event.input } : {}),
      ...(this.#useBytes && event.output !== null ? { output: event.output } : {}),
      ...(executed === null ? {} : { executed }),
    };
    const applied = required(this.#verifier, "Genesis comes first").apply(record, evidence);
    if (!applied.ok) return this.#finding(applied.error, step);
    const failed = record.kind === "Tile" && record.outcome.kind === "Err";
    if (!failed || event.output === null) return null;
    const sides = { expected: null, found: toHex(valueDigest(event.output)) };
    return reject("output-bytes", step.place, sides);
  }

  #begin(genesis: GenesisRecord, step: PlacedStep, next: StepRecord): Finding {
    const inputs = this.#inputs(step);
    if (inputs === "malformed") {
      const sides = { expected: "a list of input bytes", found: "other bytes" };
      return reject("inputs", step.place, sides);
    }
    const { level, program, values } = this.#material;
    const options: VerifierOptions = {
      missing: level === "dataflow" || level === "reexecute" ? "fail" : "assume",
      ...(this.#useBytes && values !== null ? { values } : {}),
      ...(program === null ? {} : { codeOf: (id: string) => program.codes.get(id) }),
    };
    const evidence = inputs === null ? { next } : { next, inputs };
    const started = startFromGenesis(this.#schema, genesis, evidence, options);
    if (!started.ok) return this.#finding(started.error, step);
    this.#verifier = started.value;
    return inputs === null ? null : this.#checkInputs(inputs, step);
  }

  #inputs({ event }: PlacedStep): readonly Uint8Array[] | "malformed" | null {
    if (!this.#useBytes || event.input === null) return null;
    const list = decodeWith(wire.list(wire.bytes), event.input);
    return list.ok ? list.value : "malformed";
  }

  /** 11.3: a runner refuses an input that is not canonical bytes of its type. */
  #checkInputs(inputs: readonly Uint8Array[], step: PlacedStep): Finding {
    for (const { position, type } of this.#schema.inputs) {
      const bytes = inputs[position];
      if (type === null || bytes === undefined) continue;
      const decoded = decodeValue(type, bytes);
      if (decoded.ok) continue;
      const sides = { expected: `canonical bytes of input ${position}`, found: toHex(bytes) };
      return reject("inputs", step.place, sides, decoded.error);
    }
    return null;
  }

  get #reexecutes(): boolean {
    const { level, program, execute } = this.#material;
    return (level === null || level === "reexecute") && program !== null && execute !== null;
  }

  /** What the tile that must run gives; null where another check decides, or bytes are missing. */
  #execute(record: StepRecord, step: PlacedStep): Awaitable<Result<TileOutcome | null, Failure>> {
    const { execute, program, level, isConfined } = this.#material;
    if (!this.#reexecutes || execute === null || record.kind !== "Tile") return ok(null);
    const verifier = required(this.#verifier, "Genesis comes first");
    const next = verifier.machine.next();
    // `apply` reports the failure, and a record of another tile.
    if (!next.ok || next.value.kind !== "tile" || next.value.tile.id !== record.tileId)
      return ok(null);
    const tileId = record.tileId;
    const code = program?.codes.get(tileId);
    if (code === undefined) {
      const message = `the program file has no tile "${tileId}"`;
      return err(failure("E_TILE_NOT_FOUND", "verify", message, { subject: tileId }));
    }
    const input = inputOf(next.value, record, step);
    if (input === null) return level === null ? ok(null) : err(missing(record));
    return whenDone(execute({ tileId, code, input }), (executed) => {
      if (!executed.ok) return err(hostFailure(executed.error));
      const isLimit = endsAtLimit(record.outcome, executed.value, { isShallow: true });
      if (isLimit && isConfined(tileId)) return err(confinedLimit(tileId, "verify"));
      this.#executed += 1;
      return executed;
    });
  }

  #finish(final: FinalRecord, step: PlacedStep): Finding {
    const verifier = required(this.#verifier, "Genesis comes first");
    const finished = verifier.finish(final);
    if (!finished.ok) return this.#finding(finished.error, step);
    this.#finished = true;
    return this.#useBytes ? checkFinalOutput(final, step) : null;
  }

  #finding(cause: Failure, step: PlacedStep): Finding {
    const { record } = step.event;
    const code = record.kind === "Tile" ? toHex(record.code) : null;
    const check = checkOfMismatch(cause, { code });
    if (check === null) return undecided(cause);
    const { expected = null, found = null } = cause.details ?? {};
    return reject(check, step.place, { expected, found }, cause);
  }
}

/** Stored bytes of the run's value have the digest of Final (15.1). */
export function checkFinalOutput(final: FinalRecord, { event, place }: PlacedStep): Finding {
  if (event.output === null) return null;
  const digest = valueDigest(event.output);
  const expected = final.outcome.kind === "Ok" ? final.outcome.outputDigest : null;
  if (expected !== null && equalBytes(digest, expected)) return null;
  const sides = { expected: expected === null ? null : toHex(expected), found: toHex(digest) };
  return reject("final-output", place, sides);
}

/** Bytes to run a tile on: the machine's, else stored ones that have the digest which it knows. */
function inputOf(next: NextTile, record: TileRecord, { event }: PlacedStep): Uint8Array | null {
  if (next.inputBytes !== null) return next.inputBytes;
  const expected = next.inputDigest ?? record.inputDigest;
  if (event.input === null || !equalBytes(valueDigest(event.input), expected)) return null;
  return event.input;
}

function missing(record: TileRecord): Failure {
  const digest = toHex(record.inputDigest);
  const message = `the input bytes ${digest} of "${record.tileId}" are missing`;
  return failure("E_MISSING_VALUE", "verify", message, { details: { digest } });
}

function hostFailure(cause: Failure): Failure {
  const message = `a tile could not be run again: ${cause.message}`;
  return failure("E_VERIFY_HOST", "verify", message, { cause });
}
