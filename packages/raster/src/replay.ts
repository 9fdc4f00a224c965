// Runs a recorded sequence again from its recorded inputs and compares record by record
// (spec/formats.md 19.3, for a whole run).

import {
  type Cfs,
  compileSchema,
  type Machine,
  type NextStep,
  startRun,
  type TileOutcome,
} from "@lumen/core/cfs";
import { encodeRecord, formatPath, type GenesisRecord, type StepRecord } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { decodeWith, valueDigest, wire } from "@lumen/core/encoding";
import { equalBytes, toHex } from "@lumen/core/hash";
import { err, ok, type Result, required } from "@lumen/core/result";
import type { TraceEvent } from "@lumen/core/trace";
import type { Awaitable } from "./verify/awaitable.ts";
import { confinedLimit, endsAtLimit } from "./verify/judge-step.ts";

/** Runs a tile of the program: its code digest, and what it gives for input bytes. */
export interface ReplayTile {
  readonly code: Uint8Array;
  execute(input: Uint8Array): Awaitable<Result<TileOutcome, Failure>>;
  /** `execute` has limits that the recorded run did not have. */
  readonly isConfined?: boolean;
}

/** A recorded run and the program to run it with. */
export interface ReplayOptions {
  /** The events of the trace in order; only those with records are looked at. */
  readonly events: Iterable<TraceEvent>;
  readonly cfs: Cfs;
  readonly tiles: (tileId: string) => ReplayTile | undefined;
  /** Bytes of inputs that the trace does not hold, by digest. */
  readonly inputOf?: (digest: Uint8Array) => Uint8Array | undefined;
}

/** How the two runs compare. A null record: that run had ended. */
export type ReplayVerdict =
  | { readonly kind: "identical"; readonly steps: number }
  | {
      readonly kind: "diverged";
      readonly leafIndex: number;
      readonly tileId: string | null;
      readonly path: string | null;
      readonly recorded: StepRecord | null;
      readonly replayed: StepRecord | null;
    };

/**
 * Replays a whole run. `E_MISSING_VALUE` where an input's bytes are not at hand; other failures are
 * those of the program or of the host. A trace without Final record diverges where it ends.
 */
export async function replaySequence(
  options: ReplayOptions,
): Promise<Result<ReplayVerdict, Failure>> {
  const records = recordsOf(options.events);
  const first = records.next();
  const step = first.done ? null : first.value;
  if (step?.record.kind !== "Genesis") {
    return err(failure("E_MALFORMED", "replay", "the trace does not begin with a Genesis record"));
  }
  const genesis = step.record;
  const schema = compileSchema(options.cfs, genesis.entry);
  if (!schema.ok) return schema;
  const inputs = inputsOf(genesis, step.input, options.inputOf);
  if (!inputs.ok) return inputs;
  const machine = startRun(schema.value, inputs.value, { phase: "replay" });
  if (!machine.ok) return machine;
  const again = machine.value.genesisRecord(genesis.programId, inputs.value.map(valueDigest));
  if (!sameRecord(genesis, again)) return ok(diverged(0, genesis, again));
  return new Replay(machine.value, options.tiles).compare(records);
}

interface RecordedStep {
  readonly record: StepRecord;
  readonly input: Uint8Array | null;
}

class Replay {
  readonly #machine: Machine;
  readonly #tiles: ReplayOptions["tiles"];

  constructor(machine: Machine, tiles: ReplayOptions["tiles"]) {
    this.#machine = machine;
    this.#tiles = tiles;
  }

  async compare(records: Iterator<RecordedStep>): Promise<Result<ReplayVerdict, Failure>> {
    for (let leaf = 1; ; leaf += 1) {
      const again = await this.#next();
      if (!again.ok) return again;
      const next = records.next();
      const recorded = next.done ? null : next.value.record;
      const replayed = again.value;
      if (recorded === null && replayed === null) {
        return ok({ kind: "identical", steps: this.#machine.steps });
      }
      if (recorded === null || replayed === null || !sameRecord(recorded, replayed)) {
        const limit = this.#limitOf(recorded, replayed);
        return limit === null ? ok(diverged(leaf, recorded, replayed)) : err(limit);
      }
    }
  }

  /** That one of two executions of a tile ended at a limit which the other did not have. */
  #limitOf(recorded: StepRecord | null, replayed: StepRecord | null): Failure | null {
    if (recorded?.kind !== "Tile" || replayed?.kind !== "Tile") return null;
    const { tileId, outcome } = replayed;
    if (recorded.tileId !== tileId || this.#tiles(tileId)?.isConfined !== true) return null;
    const isLimit = endsAtLimit(recorded.outcome, outcome, { isShallow: true });
    return isLimit ? confinedLimit(tileId, "replay") : null;
  }

  #over = false;

  /** The next record of the run made again, null after Final. */
  async #next(): Promise<Result<StepRecord | null, Failure>> {
    if (this.#over) return ok(null);
    const next = this.#machine.next();
    if (!next.ok) return next;
    if (next.value.kind === "tile") return this.#runTile(next.value);
    this.#over = true;
    return ok(required(this.#machine.finalRecord(), "the run is over"));
  }

  async #runTile(next: Extract<NextStep, { kind: "tile" }>): Promise<Result<StepRecord, Failure>> {
    const { id } = next.tile;
    const tile = this.#tiles(id);
    if (tile === undefined) {
      const message = `the program has no tile "${id}"`;
      return err(failure("E_TILE_NOT_FOUND", "replay", message, { subject: id }));
    }
    const outcome = await tile.execute(required(next.inputBytes, "a runner knows every input"));
    return outcome.ok ? this.#machine.applyOutcome(outcome.value, tile.code) : outcome;
  }
}

function* recordsOf(events: Iterable<TraceEvent>): Generator<RecordedStep, void> {
  for (const event of events) {
    if (event.kind === "TileStep") yield { record: event.record, input: event.input };
  }
}

/** Bytes of the external inputs; those that do not have the recorded digest count as missing. */
function inputsOf(
  genesis: GenesisRecord,
  stored: Uint8Array | null,
  inputOf: ReplayOptions["inputOf"],
): Result<readonly Uint8Array[], Failure> {
  const list = stored === null ? null : decodeWith(wire.list(wire.bytes), stored);
  if (list !== null && !list.ok) return list;
  const inputs: Uint8Array[] = [];
  for (const [i, digest] of genesis.inputDigests.entries()) {
    const bytes = list?.value[i] ?? inputOf?.(digest);
    if (bytes === undefined || !equalBytes(valueDigest(bytes), digest)) {
      const message = `the bytes of input ${i} (${toHex(digest)}) are missing`;
      return err(
        failure("E_MISSING_VALUE", "replay", message, { details: { digest: toHex(digest) } }),
      );
    }
    inputs.push(bytes);
  }
  return ok(inputs);
}

function sameRecord(a: StepRecord, b: StepRecord): boolean {
  return equalBytes(encodeRecord(a), encodeRecord(b));
}

function diverged(
  leafIndex: number,
  recorded: StepRecord | null,
  replayed: StepRecord | null,
): ReplayVerdict {
  const tile = recorded?.kind === "Tile" ? recorded : replayed?.kind === "Tile" ? replayed : null;
  const tileId = tile?.tileId ?? null;
  const path = tile === null ? null : formatPath(tile.path);
  return { kind: "diverged", leafIndex, tileId, path, recorded, replayed };
}
