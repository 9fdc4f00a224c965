// Checks the records of a run entered by a cell (spec/formats.md 15.4) at the levels structure and
// dataflow. Re-execution of such a run is a replay of its cell, which is not done here.

import type { Assumed, Cfs } from "@lumen/core/cfs";
import {
  DEFAULT_BOUND,
  type FinalRecord,
  formatPath,
  type GenesisRecord,
  type Outcome,
  type RequestRecord,
  type TileRecord,
} from "@lumen/core/commit";
import { failure, TRAPS } from "@lumen/core/diagnostic";
import { decodeWith, valueDigest, wire } from "@lumen/core/encoding";
import { equalBytes, toHex, ZERO32 } from "@lumen/core/hash";
import type { Payload, TraceEvent } from "@lumen/core/trace";
import { reject, type Sides } from "./checks.ts";
import type { Material, PlacedStep, RunCheck } from "./run-check.ts";
import { checkFinalOutput } from "./sequence-check.ts";
import { type Finding, undecided, type VerifyLevel } from "./verdict.ts";

interface OpenRequest {
  readonly operation: string;
  readonly args: Payload;
  answer: { readonly ok: boolean; readonly result: Payload } | null;
}

/** A recursive call that is not done: what its next iteration must be. */
interface OpenRecursion {
  readonly tileId: string;
  readonly iteration: number;
  readonly nextDigest: Uint8Array;
}

const EMPTY_DIGEST = valueDigest(new Uint8Array(0));

/** A run of a cell. */
export class CellCheck implements RunCheck {
  readonly #cfs: Cfs;
  readonly #material: Material;
  readonly #useBytes: boolean;
  readonly #requests = new Map<number, OpenRequest>();
  readonly #codes = new Map<string, Uint8Array>();
  readonly #assumed: Assumed = { decisions: 0, inputs: 0, controls: 0, states: 0 };
  #steps = 0;
  #recursion: OpenRecursion | null = null;
  #missing: Uint8Array | null = null;
  #finished = false;

  constructor(cfs: Cfs, material: Material) {
    this.#cfs = cfs;
    this.#material = material;
    this.#useBytes = material.level !== "structure";
  }

  get finished(): boolean {
    return this.#finished;
  }

  get held(): number {
    return this.#requests.size + this.#codes.size;
  }

  reached(): { readonly level: VerifyLevel; readonly assumed: Assumed } {
    const complete = this.#useBytes && this.#missing === null;
    return { level: complete ? "dataflow" : "structure", assumed: this.#assumed };
  }

  /** Genesis, before any record. */
  begin(genesis: GenesisRecord, step: PlacedStep): Finding {
    const { entry, defaultBound, inputDigests } = genesis;
    const { cells } = this.#material.program ?? {};
    const taken = this.#cfs.tileById.has(entry) || this.#cfs.sequenceById.has(entry);
    if (taken || cells?.has(entry) === false) {
      return reject("cell-entry", step.place, { expected: "a cell", found: entry });
    }
    if (defaultBound !== DEFAULT_BOUND) {
      return reject("genesis", step.place, { expected: DEFAULT_BOUND, found: defaultBound });
    }
    const state = this.#zeroState(genesis.postState, step);
    if (state !== null || !this.#useBytes) return state;
    const stored = step.event.input;
    const list = stored === null ? null : decodeWith(wire.list(wire.bytes), stored);
    const inputs = list?.ok ? list.value : [];
    if (list !== null && inputs.length !== inputDigests.length) {
      const sides = { expected: inputDigests.length, found: list.ok ? inputs.length : "no list" };
      return reject("inputs", step.place, sides);
    }
    for (const [i, digest] of inputDigests.entries()) {
      const wrong = this.#bytes(inputs[i] ?? null, digest);
      if (wrong !== null) return reject("inputs", step.place, wrong);
    }
    return this.#undecidedIfMissing();
  }

  event(event: TraceEvent): void {
    if (event.kind === "EffectPerform") {
      const operation = `${event.effect}.${event.operation}`;
      this.#requests.set(event.span, { operation, args: event.args, answer: null });
    } else if (event.kind === "ToolCall") {
      const operation = `tool:${event.tool}`;
      this.#requests.set(event.span, { operation, args: event.args, answer: null });
    } else if (event.kind === "EffectResume" || event.kind === "ToolResult") {
      const request = this.#requests.get(event.span);
      if (request !== undefined) request.answer = { ok: event.ok, result: event.result };
    }
  }

  record(step: PlacedStep): Finding {
    const { record } = step.event;
    switch (record.kind) {
      case "Genesis":
        return reject("order", step.place, { expected: "a step", found: "Genesis" });
      case "Final":
        return this.#final(record, step) ?? this.#undecidedIfMissing();
      case "Request":
        return this.#step(record, step, () => this.#request(record, step));
      case "Tile":
        return this.#step(record, step, () => this.#tile(record, step));
    }
  }

  #step(record: TileRecord | RequestRecord, step: PlacedStep, check: () => Finding): Finding {
    if (record.index !== this.#steps) {
      return reject("order", step.place, { expected: this.#steps, found: record.index });
    }
    this.#steps += 1;
    return check() ?? this.#undecidedIfMissing();
  }

  #final(final: FinalRecord, step: PlacedStep): Finding {
    if (final.steps !== this.#steps) {
      return reject("final", step.place, { expected: this.#steps, found: final.steps });
    }
    // A call that never got done ended the run: by its bound, or because the run was stopped in it.
    if (this.#recursion !== null && final.outcome.kind === "Ok") {
      return reject("cell-recursion", step.place, this.#recursionSides("Final"));
    }
    this.#finished = true;
    if (!this.#useBytes) return null;
    const { outcome } = final;
    if (outcome.kind === "Ok") this.#bytes(step.event.output, outcome.outputDigest);
    return checkFinalOutput(final, step);
  }

  #request(record: RequestRecord, step: PlacedStep): Finding {
    const { place, event } = step;
    if (this.#recursion !== null) {
      return reject("cell-recursion", place, this.#recursionSides(record.operation));
    }
    const request = this.#requests.get(event.span);
    this.#requests.delete(event.span);
    const operation = request?.operation ?? null;
    if (request === undefined || operation !== record.operation) {
      return reject("request-operation", place, { expected: operation, found: record.operation });
    }
    const args = this.#payload(request.args, record.requestDigest);
    if (args !== null) return reject("request-arguments", place, args);
    const { answer } = request;
    const { outcome } = record;
    const expected = answer?.ok === true ? "Ok" : "Err";
    if (answer === null || outcome.kind !== expected) {
      return reject("request-outcome", place, { expected, found: outcome.kind });
    }
    const digest = outcome.kind === "Ok" ? outcome.outputDigest : outcome.errorDigest;
    const result = this.#payload(answer.result, digest);
    return result === null ? null : reject("request-outcome", place, result);
  }

  #tile(record: TileRecord, step: PlacedStep): Finding {
    return (
      this.#knownTile(record, step) ??
      this.#pathAndRecursion(record, step) ??
      this.#code(record, step) ??
      this.#values(record, step) ??
      this.#control(record, step) ??
      this.#zeroState(record.postState, step)
    );
  }

  #knownTile(record: TileRecord, { place }: PlacedStep): Finding {
    const { program } = this.#material;
    const known =
      program === null ? this.#cfs.tileById.has(record.tileId) : program.codes.has(record.tileId);
    if (known) return null;
    return reject("cell-tile", place, { expected: "a tile of the program", found: record.tileId });
  }

  #pathAndRecursion(record: TileRecord, { place }: PlacedStep): Finding {
    const { tileId, iteration } = record;
    if (record.path.length > 0) {
      return reject("cell-path", place, { expected: "", found: formatPath(record.path) });
    }
    const open = this.#recursion;
    const found = iteration === null ? tileId : `${tileId} #${iteration}`;
    if (open !== null && (open.tileId !== tileId || open.iteration !== iteration)) {
      return reject("cell-recursion", place, this.#recursionSides(found));
    }
    const iter = this.#cfs.tileById.get(tileId)?.type === "iter";
    if (open === null && iteration !== null && (iteration > 0 || iter)) {
      const expected = iter ? `${tileId} without iteration` : `${tileId} #0`;
      return reject("cell-recursion", place, { expected, found });
    }
    if (open === null || equalBytes(open.nextDigest, record.inputDigest)) return null;
    const sides = { expected: toHex(open.nextDigest), found: toHex(record.inputDigest) };
    return reject("cell-recursion-input", place, sides);
  }

  #code(record: TileRecord, { place, event }: PlacedStep): Finding {
    const tile = this.#cfs.tileById.get(record.tileId);
    const first = this.#codes.get(record.tileId);
    for (const known of [tile?.code, this.#material.program?.codes.get(record.tileId), first]) {
      if (known === undefined || known === null || equalBytes(known, record.code)) continue;
      return reject("code", place, { expected: toHex(known), found: toHex(record.code) });
    }
    if (first === undefined) this.#codes.set(record.tileId, record.code);
    const pinned = tile?.methodIds.get(event.backend);
    if (pinned === undefined || equalBytes(pinned, event.methodId)) return null;
    return reject("method", place, { expected: toHex(pinned), found: toHex(event.methodId) });
  }

  #values(record: TileRecord, { place, event }: PlacedStep): Finding {
    const { outcome } = record;
    if (outcome.kind === "Err") {
      const expected = errorRule(outcome);
      if (expected !== null) return reject("error-code", place, { expected, found: outcome.code });
    }
    if (!this.#useBytes) return null;
    const input = this.#bytes(event.input, record.inputDigest);
    if (input !== null) return reject("input", place, input);
    if (outcome.kind === "Ok") {
      const output = this.#bytes(event.output, outcome.outputDigest);
      return output === null ? null : reject("output-bytes", place, output);
    }
    if (event.output === null) return null;
    const sides = { expected: null, found: toHex(valueDigest(event.output)) };
    return reject("output-bytes", place, sides);
  }

  /** Control stands exactly with iterations that gave an output, and fits its bytes (7.2). */
  #control(record: TileRecord, { place, event }: PlacedStep): Finding {
    const { iteration, control, outcome, tileId } = record;
    const wanted = iteration !== null && outcome.kind === "Ok";
    if (wanted !== (control !== null)) {
      const sides = {
        expected: wanted ? "control" : null,
        found: control === null ? null : "control",
      };
      return reject("control", place, sides);
    }
    this.#recursion = null;
    if (control === null || iteration === null) return null;
    if (!control.done) {
      this.#recursion = { tileId, iteration: iteration + 1, nextDigest: control.nextDigest };
    }
    const output = this.#useBytes ? event.output : null;
    if (output === null) {
      this.#assumed.controls += 1;
      return null;
    }
    const found = `${control.done} ${toHex(control.nextDigest)}`;
    const expected = `${output[0] === 1} ${toHex(valueDigest(output.subarray(1)))}`;
    const bool = output[0] === 0 || output[0] === 1;
    if (!bool) return reject("control", place, { expected: "output with a bool first", found });
    return expected === found ? null : reject("control", place, { expected, found });
  }

  #zeroState(state: Uint8Array, { place }: PlacedStep): Finding {
    if (equalBytes(state, ZERO32)) return null;
    return reject("cell-state", place, { expected: toHex(ZERO32), found: toHex(state) });
  }

  #recursionSides(found: string): Sides {
    const open = this.#recursion;
    return { expected: open === null ? null : `${open.tileId} #${open.iteration}`, found };
  }

  /** Digest payloads are compared at every level, bytes from dataflow on. */
  #payload(payload: Payload, digest: Uint8Array): Sides | null {
    if (payload.kind === "Inline")
      return this.#useBytes ? this.#bytes(payload.bytes, digest) : null;
    if (!equalBytes(payload.digest, digest)) {
      return { expected: toHex(payload.digest), found: toHex(digest) };
    }
    return this.#useBytes ? this.#bytes(null, digest) : null;
  }

  /** Bytes have their digest; where there are none, they are looked up, else noted as missing. */
  #bytes(stored: Uint8Array | null, digest: Uint8Array): Sides | null {
    const bytes = stored ?? this.#material.values?.bytesOf(digest) ?? null;
    if (bytes === null) {
      this.#missing ??= digest;
      return null;
    }
    const actual = valueDigest(bytes);
    return equalBytes(actual, digest) ? null : { expected: toHex(actual), found: toHex(digest) };
  }

  #undecidedIfMissing(): Finding {
    if (this.#missing === null || this.#material.level === null) return null;
    const digest = toHex(this.#missing);
    const message = `the bytes of the value ${digest} are missing`;
    return undecided(failure("E_MISSING_VALUE", "verify", message, { details: { digest } }));
  }
}

/** What would be right instead of this error (15.1), null if a tile can end with it. */
function errorRule(outcome: Extract<Outcome, { kind: "Err" }>): string | null {
  const { code, errorDigest } = outcome;
  if (code === "E_TILE_FAILED") return null;
  if (!Object.hasOwn(TRAPS, code) && code !== "E_DECODE" && code !== "E_ENCODE") {
    return "E_TILE_FAILED, a trap, E_DECODE or E_ENCODE";
  }
  return equalBytes(errorDigest, EMPTY_DIGEST) ? null : `${code} with the empty digest`;
}
