// Executes a sequence from its schema (spec/formats.md 11): the machine of core says which tile
// must run next, a back end runs it, the recorder writes down what happened.

import {
  type Cfs,
  compileSchema,
  type Machine,
  type NextStep,
  type NextTile,
  type Schema,
  startRun,
} from "@lumen/core/cfs";
import { formatPath, type GenesisRecord, type PathElem } from "@lumen/core/commit";
import { FAILURES, type Failure, type FaultFrame, failure } from "@lumen/core/diagnostic";
import { decodeValue, valueDigest } from "@lumen/core/encoding";
import { equalBytes, toHex } from "@lumen/core/hash";
import { assertNever, err, ok, type Result, required } from "@lumen/core/result";
import type { ErrorInfo } from "@lumen/core/trace";
import type { LoadedTile, TileResult } from "./backend.ts";
import { MoveLog } from "./moves.ts";
import type { RunRecorder, RunSummary } from "./recorder.ts";
import { machineOutcome, tileErrorInfo } from "./tile-outcome.ts";

/** What is to be run, and how. */
export interface SequenceRunOptions {
  readonly cfs: Cfs;
  /** The requested entry (11.1). */
  readonly entry?: string;
  /** Wire bytes of the external input vector (9.4). */
  readonly inputs: readonly Uint8Array[];
  /** 32 zero bytes: code not bound (10.2). */
  readonly programId: Uint8Array;
  /** The tile of an id, undefined where there is none for the back end. */
  readonly tiles: (tileId: string) => LoadedTile | undefined;
  /** Makes the recorder once the Genesis record is known: run ids and headers may depend on it. */
  readonly startRecorder: (genesis: GenesisRecord) => Result<RunRecorder, Failure>;
}

/** How a run ended. `tileId` and `path` are null for limits that the interpreter found. */
export type SequenceOutcome =
  | { readonly kind: "ok"; readonly output: Uint8Array }
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly message: string;
      readonly error: Uint8Array;
      readonly tileId: string | null;
      readonly path: string | null;
      readonly stack: readonly FaultFrame[];
    };

/** A finished run and the commitment to it. */
export interface SequenceRun extends RunSummary {
  readonly outcome: SequenceOutcome;
}

type Failed = Extract<SequenceOutcome, { kind: "failed" }>;

/**
 * Runs a sequence. A failure of the program is an outcome; an error of the result is a rejection of
 * 11.3, before anything is recorded, or a failure of host or tracer, after which the trace ends as
 * aborted. Memory does not depend on the number of steps.
 */
export async function runSequence(
  options: SequenceRunOptions,
): Promise<Result<SequenceRun, Failure>> {
  const schema = compileSchema(options.cfs, options.entry);
  if (!schema.ok) return schema;
  const tiles = bindTiles(schema.value, options.tiles);
  if (!tiles.ok) return tiles;
  const refused = checkInputs(schema.value, options.inputs);
  if (refused !== null) return err(refused);
  const moves = new MoveLog();
  const machine = startRun(schema.value, options.inputs, { onMove: moves.take });
  if (!machine.ok) return machine;
  moves.attach(machine.value);
  const digests = options.inputs.map(valueDigest);
  const genesis = machine.value.genesisRecord(options.programId, digests);
  const recorder = options.startRecorder(genesis);
  if (!recorder.ok) return recorder;
  recorder.value.begin(genesis, options.inputs);
  const run = new Run(machine.value, { moves, recorder: recorder.value, tiles: tiles.value });
  return run.drive();
}

interface RunParts {
  readonly moves: MoveLog;
  readonly recorder: RunRecorder;
  readonly tiles: ReadonlyMap<string, LoadedTile>;
}

class Run {
  readonly #machine: Machine;
  readonly #moves: MoveLog;
  readonly #recorder: RunRecorder;
  readonly #tiles: ReadonlyMap<string, LoadedTile>;
  #failed: Failed | null = null;

  constructor(machine: Machine, parts: RunParts) {
    this.#machine = machine;
    this.#moves = parts.moves;
    this.#recorder = parts.recorder;
    this.#tiles = parts.tiles;
  }

  async drive(): Promise<Result<SequenceRun, Failure>> {
    for (;;) {
      const next = this.#machine.next();
      if (!next.ok) return this.#abort(next.error);
      this.#flush();
      const step = next.value;
      if (step.kind !== "tile") return this.#finish(step);
      const failed = this.#recorder.failure ?? (await this.#runTile(step));
      if (failed !== null) return this.#abort(failed);
    }
  }

  /** One tile execution; the failure is not one of the tile. */
  async #runTile(next: NextTile): Promise<Failure | null> {
    const tile = required(this.#tiles.get(next.tile.id), "every tile of the schema is bound");
    const input = required(next.inputBytes, "a runner knows every input");
    const { path, iteration } = next;
    this.#recorder.startTile({ tileId: tile.id, iteration, path });
    const result = await tile.execute(input);
    if (!result.ok) return this.#tileAborted(result.error);
    const record = this.#machine.applyOutcome(machineOutcome(result.value), tile.code);
    if (!record.ok) return this.#tileAborted(record.error);
    const finished = result.value.kind === "finished" ? result.value : null;
    this.#recorder.recordTile({
      record: record.value,
      backend: tile.backend,
      methodId: tile.methodId,
      input,
      output: finished?.output ?? null,
      proof: finished?.proof ?? null,
    });
    this.#endTile(result.value, { tileId: tile.id, path });
    return this.#recorder.failure;
  }

  #endTile(
    result: TileResult,
    at: { readonly tileId: string; readonly path: readonly PathElem[] },
  ): void {
    if (result.kind === "finished") {
      this.#recorder.endTile(result.cycles);
      return;
    }
    const { code, message, error, stack } = result.failure;
    const path = formatPath(at.path);
    this.#failed = { kind: "failed", code, message, error, tileId: at.tileId, path, stack };
    this.#recorder.failTile(tileErrorInfo(result.failure, this.#recorder.inline));
  }

  #tileAborted(cause: Failure): Failure {
    this.#recorder.failTile(hostError(cause));
    return cause;
  }

  #flush(): void {
    const error = this.#failed ?? limitFailure(this.#machine);
    const inline = this.#recorder.inline && error.code === "E_TILE_FAILED";
    this.#moves.flush(this.#recorder, {
      code: error.code,
      message: error.message,
      domain: "Verifiable",
      details: inline ? error.error : null,
    });
  }

  #finish(end: Exclude<NextStep, NextTile>): Result<SequenceRun, Failure> {
    const final = required(this.#machine.finalRecord(), "the run is over");
    const output =
      end.kind === "done" ? required(end.outputBytes, "a runner knows its output") : null;
    const summary = this.#recorder.finish(final.outcome, output);
    if (!summary.ok) return summary;
    const outcome: SequenceOutcome =
      output === null ? (this.#failed ?? limitFailure(this.#machine)) : { kind: "ok", output };
    return ok({ ...summary.value, outcome });
  }

  /** Ends the trace of a run that cannot go on. */
  #abort(cause: Failure): Result<SequenceRun, Failure> {
    const ended = this.#recorder.abort();
    // The failure of a tracer is the reason itself, or comes after it.
    return err(ended.ok || ended.error === cause ? cause : { ...cause, cause: ended.error });
  }
}

function hostError(cause: Failure): ErrorInfo {
  return { code: cause.code, message: cause.message, domain: "Host", details: null };
}

/** The failure of a run that a bound ended; anything for a run that has not failed. */
function limitFailure(machine: Machine): Failed {
  const status = machine.finalRecord()?.outcome;
  const code = status?.kind === "Err" ? status.code : "E_LOOP_LIMIT";
  const known = code === "E_RECUR_LIMIT" || code === "E_LOOP_LIMIT" ? FAILURES[code].title : code;
  const error = new Uint8Array(0);
  return { kind: "failed", code, message: known, error, tileId: null, path: null, stack: [] };
}

type Block = Schema["entry"]["block"];

/** Every tile that the entry can reach, bound; `E_TILE_NOT_FOUND`, `E_ARTIFACT_CORRUPT`. */
function bindTiles(
  schema: Schema,
  tiles: SequenceRunOptions["tiles"],
): Result<ReadonlyMap<string, LoadedTile>, Failure> {
  const bound = new Map<string, LoadedTile>();
  const blocks: Block[] = [schema.entry.block];
  const seen = new Set<Block>(blocks);
  const visit = (block: Block): void => {
    if (!seen.has(block)) blocks.push(block);
    seen.add(block);
  };
  for (const block of blocks) {
    for (const step of block.steps) {
      switch (step.kind) {
        case "tile": {
          if (bound.has(step.tile.id)) break;
          const tile = bindTile(step.tile, tiles(step.tile.id));
          if (!tile.ok) return tile;
          bound.set(step.tile.id, tile.value);
          break;
        }
        case "sequence":
          visit(step.body.block);
          break;
        case "branch":
          for (const arm of step.arms) visit(arm.block);
          break;
        case "loop":
          visit(step.head);
          visit(step.body);
          break;
        default:
          assertNever(step);
      }
    }
  }
  return ok(bound);
}

/** Pins of the schema agree with the tile (11.3). */
function bindTile(
  pinned: NextTile["tile"],
  tile: LoadedTile | undefined,
): Result<LoadedTile, Failure> {
  const subject = pinned.id;
  if (tile === undefined) {
    const message = `there is no tile "${subject}" for the back end`;
    return err(failure("E_TILE_NOT_FOUND", "load", message, { subject }));
  }
  const method = pinned.methodIds.get(tile.backend);
  const checks = [
    { what: "code", expected: pinned.code, found: tile.code },
    { what: "method id", expected: method ?? null, found: tile.methodId },
  ];
  for (const { what, expected, found } of checks) {
    if (expected === null || equalBytes(expected, found)) continue;
    const message = `the schema pins ${what} ${toHex(expected)}, the artifact has ${toHex(found)}`;
    return err(failure("E_ARTIFACT_CORRUPT", "load", message, { subject }));
  }
  return ok(tile);
}

/** Inputs whose type is known are its canonical bytes; their number is checked by `startRun`. */
function checkInputs(schema: Schema, inputs: readonly Uint8Array[]): Failure | null {
  if (inputs.length !== schema.inputs.length) return null;
  for (const input of schema.inputs) {
    const bytes = inputs[input.position];
    if (input.type === null || bytes === undefined) continue;
    const subject = input.name ?? `input ${input.position}`;
    const decoded = decodeValue(input.type, bytes, { subject });
    if (!decoded.ok) return decoded.error;
  }
  return null;
}
