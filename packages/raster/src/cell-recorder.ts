// Records of a run that is entered by an ordinary cell (spec/formats.md 15.4): tiles that the cell
// calls and requests that were answered. Events and spans are those of `recorder.ts`.

import {
  type Control,
  DEFAULT_BOUND,
  type GenesisRecord,
  type Outcome,
  type RequestRecord,
} from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { valueDigest } from "@lumen/core/encoding";
import { ZERO32 } from "@lumen/core/hash";
import { err, ok, type Result } from "@lumen/core/result";
import type { LoadedTile, TileResult } from "./backend.ts";
import type {
  FutureEnd,
  FutureStart,
  OpenRequest,
  RequestAnswer,
  RequestCall,
  RunRecorder,
  RunSummary,
  StateMove,
} from "./recorder.ts";
import { tileErrorInfo, tileOutcome } from "./tile-outcome.ts";

/** Who is run. `schemaHash` is that of the program's CFS. */
export interface CellRun {
  readonly entry: string;
  readonly programId: Uint8Array;
  readonly schemaHash: Uint8Array;
  /** Wire bytes, one per parameter. */
  readonly inputs: readonly Uint8Array[];
}

/** How a run ended: the result by its declared type, or the error that ended it. */
export type CellEnding =
  | { readonly kind: "Ok"; readonly output: Uint8Array }
  | { readonly kind: "Err"; readonly code: string; readonly error: Uint8Array };

/** An answer; `code` is the kind or code of the error where `ok` is false. */
export type CellAnswer =
  | (RequestAnswer & { readonly ok: true })
  | (RequestAnswer & { readonly ok: false; readonly code: string });

/** The Genesis record of a run entered by a cell. */
export function cellGenesis(run: CellRun): GenesisRecord {
  return {
    kind: "Genesis",
    schemaHash: run.schemaHash,
    programId: run.programId,
    entry: run.entry,
    inputDigests: run.inputs.map(valueDigest),
    defaultBound: DEFAULT_BOUND,
    postState: ZERO32,
  };
}

/** Name of an operation in Request records (15.4). */
export function operationOf(call: RequestCall): string {
  return call.kind === "tool" ? `tool:${call.tool}` : `${call.effect}.${call.operation}`;
}

/** Records one run of a cell. */
export class CellRecorder {
  readonly #recorder: RunRecorder;

  /** Writes the Genesis event; null for a recorder that was restored, behind it. */
  constructor(recorder: RunRecorder, run: CellRun | null) {
    this.#recorder = recorder;
    if (run !== null) recorder.begin(cellGenesis(run), run.inputs);
  }

  /** A snapshot was made. */
  noteCheckpoint(checkpoint: { readonly state: Uint8Array; readonly file: string }): void {
    this.#recorder.noteCheckpoint(checkpoint);
  }

  /** The failure of a tracer, if there was one: the run cannot go on. */
  get failure(): Failure | null {
    return this.#recorder.failure;
  }

  /** A cell is entered. */
  enterCell(name: string): void {
    this.#recorder.startCell(name);
  }

  /** The innermost cell is left, by a value or by an error. */
  leaveCell(): void {
    this.#recorder.endCell();
  }

  /**
   * Executes a tile that the cell calls and records it. `iteration` is null for a call without `!`.
   * A failure is one of the host or of a tracer; the run cannot go on.
   */
  async runTile(
    tile: LoadedTile,
    call: {
      readonly iteration: number | null;
      readonly input: Uint8Array;
      /** The future whose task calls; nothing for the entry. */
      readonly task?: number;
    },
  ): Promise<Result<TileResult, Failure>> {
    const { iteration, input, task = 0 } = call;
    this.#recorder.startTile({ tileId: tile.id, iteration, path: [], task });
    const result = await tile.execute(input);
    if (!result.ok) {
      const { code, message } = result.error;
      this.#recorder.failTile({ code, message, domain: "Host", details: null });
      return result;
    }
    const recorded = this.#recordTile(tile, call, result.value);
    return recorded.ok ? result : recorded;
  }

  /** A task begins. */
  startFuture(start: FutureStart): void {
    this.#recorder.startFuture(start);
  }

  /** A task ends; requests of it that are open stay so. */
  endFuture(end: FutureEnd): void {
    this.#recorder.endFuture(end);
  }

  /** The state of a process moved. */
  moveState(move: StateMove): void {
    this.#recorder.moveState(move);
  }

  /** A request leaves the machine; `task` is the future whose task asks, 0 for the entry. */
  openRequest(call: RequestCall, task = 0): OpenRequest {
    return this.#recorder.openRequest(call, task);
  }

  /** Its answer, to be recorded before the program sees it. */
  answerRequest(request: OpenRequest, answer: CellAnswer): Result<null, Failure> {
    const digest = valueDigest(answer.result);
    const outcome: Outcome = answer.ok
      ? { kind: "Ok", outputDigest: digest }
      : { kind: "Err", code: answer.code, errorDigest: digest };
    const record: RequestRecord = {
      kind: "Request",
      index: this.#recorder.steps,
      operation: operationOf(request.call),
      requestDigest: valueDigest(request.call.args),
      outcome,
    };
    this.#recorder.closeRequest(request, answer, record);
    return this.#recorded();
  }

  /** Final and RunEnd; every cell has been left. */
  finish(ending: CellEnding): Result<RunSummary, Failure> {
    if (ending.kind === "Ok") {
      const outputDigest = valueDigest(ending.output);
      return this.#recorder.finish({ kind: "Ok", outputDigest }, ending.output);
    }
    const errorDigest = valueDigest(ending.error);
    return this.#recorder.finish({ kind: "Err", code: ending.code, errorDigest }, null);
  }

  /** RunEnd of a run that the host stopped. */
  abort(): Result<RunSummary, Failure> {
    return this.#recorder.abort();
  }

  #recordTile(
    tile: LoadedTile,
    call: { readonly iteration: number | null; readonly input: Uint8Array },
    result: TileResult,
  ): Result<null, Failure> {
    const { iteration, input } = call;
    const output = result.kind === "finished" ? result.output : null;
    const control = iteration === null || output === null ? null : controlOf(output);
    if (control === "malformed") {
      const message = `the output of recur tile "${tile.id}" begins with no bool`;
      return err(failure("E_DECODE", "execute", message, { subject: tile.id }));
    }
    this.#recorder.recordTile({
      record: {
        kind: "Tile",
        index: this.#recorder.steps,
        tileId: tile.id,
        code: tile.code,
        path: [],
        iteration,
        inputDigest: valueDigest(input),
        outcome: tileOutcome(result),
        control,
        postState: ZERO32,
      },
      backend: tile.backend,
      methodId: tile.methodId,
      input,
      output,
      proof: result.kind === "finished" ? result.proof : null,
    });
    if (result.kind === "finished") this.#recorder.endTile(result.cycles);
    else this.#recorder.failTile(tileErrorInfo(result.failure, this.#recorder.inline));
    return this.#recorded();
  }

  #recorded(): Result<null, Failure> {
    const { failure: failed } = this.#recorder;
    return failed === null ? ok(null) : err(failed);
  }
}

/** Control of a recursive call: the `done` byte and the next state (7.2). */
function controlOf(output: Uint8Array): Control | "malformed" {
  const first = output[0];
  if (first !== 0 && first !== 1) return "malformed";
  return { done: first === 1, nextDigest: valueDigest(output.subarray(1)) };
}
