// Follows the records of a sequence run with the values that its trace holds, up to the place that
// a piece of evidence is about (spec/formats.md 19.2, 20.2).

import {
  type CollectedList,
  type ListSource,
  type Machine,
  type MachineOptions,
  resumeRun,
  type Schema,
  type StepVerifier,
  startFromGenesis,
  type ValueSource,
} from "@lumen/core/cfs";
import { encodeState, type GenesisRecord, type StepRecord } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { decodeWith, valueDigest, wire } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import { err, ok, type Result, required } from "@lumen/core/result";

/** A record with the bytes that the trace stores beside it; null where it stores none. */
export interface RecordedLeaf {
  readonly record: StepRecord;
  readonly input: Uint8Array | null;
  readonly output: Uint8Array | null;
}

/** Code digests by tile id, as far as they are known. */
export type CodeTable = ReadonlyMap<string, Uint8Array>;

/** A run between two steps, and everything that is known of it. */
export interface StandingRun {
  readonly state: Uint8Array;
  /** By digest in hex. */
  readonly values: ReadonlyMap<string, Uint8Array>;
}

/** Takes the records of a run in their order, Genesis first. */
export class RunFollower {
  readonly #schema: Schema;
  readonly #codes: CodeTable;
  readonly #lists: CollectedList[] = [];
  #verifier: StepVerifier | null = null;

  constructor(schema: Schema, codes: CodeTable) {
    this.#schema = schema;
    this.#codes = codes;
  }

  /**
   * Takes the next record. `E_STEP_MISMATCH`: it is wrong itself; `E_MISSING_VALUE`: the trace does
   * not hold the bytes that following it takes.
   */
  take({ record, input, output }: RecordedLeaf): Result<null, Failure> {
    if (record.kind === "Genesis") return this.#begin(record, input);
    const bytes = output === null ? {} : { output };
    return this.verifier.apply(record, bytes);
  }

  /** The verifier behind the last record. */
  get verifier(): StepVerifier {
    return required(this.#verifier, "Genesis comes first");
  }

  /** The lists that loops have built so far, as a source for a run that began later. */
  get lists(): readonly CollectedList[] {
    return this.#lists;
  }

  /** Where the run stands. `E_MISSING_VALUE` if a digest of the state is unknown. */
  standing(): Result<StandingRun, Failure> {
    const { machine } = this.verifier;
    const state = machine.state();
    if (state === null)
      return err(failure("E_MISSING_VALUE", "prove", "the state of the run is not known"));
    const values = machine.liveValues().map(({ digest, bytes }) => [toHex(digest), bytes] as const);
    return ok({ state: encodeState(state), values: new Map(values) });
  }

  #begin(genesis: GenesisRecord, input: Uint8Array | null): Result<null, Failure> {
    const inputs = input === null ? null : decodeWith(wire.list(wire.bytes), input);
    if (inputs !== null && !inputs.ok) return inputs;
    const options = {
      missing: "fail",
      codeOf: (tileId: string) => this.#codes.get(tileId),
      onList: (list: CollectedList) => this.#lists.push(list),
    } as const;
    const evidence = inputs === null ? {} : { inputs: inputs.value };
    const started = startFromGenesis(this.#schema, genesis, evidence, options);
    if (!started.ok) return started;
    this.#verifier = started.value;
    return ok(null);
  }
}

/** Values and lists that somebody has asked for: what a document must hold. */
export class Demand {
  readonly values: Map<string, Uint8Array> = new Map();
  readonly lists: Uint8Array[] = [];
  readonly #known: ReadonlyMap<string, Uint8Array>;
  readonly #built: readonly CollectedList[];

  constructor(known: ReadonlyMap<string, Uint8Array>, built: readonly CollectedList[]) {
    this.#known = known;
    this.#built = built;
  }

  /** For the machine of a run that begins in the middle. */
  options(phase: NonNullable<MachineOptions["phase"]>): MachineOptions {
    return { values: this.#valueSource(), lists: this.#listSource(), phase };
  }

  #valueSource(): ValueSource {
    return {
      bytesOf: (digest) => {
        const key = toHex(digest);
        const bytes = this.#known.get(key);
        if (bytes !== undefined) this.values.set(key, bytes);
        return bytes;
      },
    };
  }

  #listSource(): ListSource {
    return {
      listOf: (committed) => {
        const key = committedKey(committed);
        const list = this.#built.find((built) => committedKey(built.committed) === key);
        if (list === undefined) return undefined;
        this.lists.push(list.bytes);
        return list.bytes;
      },
    };
  }
}

function committedKey({ count, frontier }: CollectedList["committed"]): string {
  return `${count} ${frontier.map(toHex).join(" ")}`;
}

/** A machine in a state that the same schema has just given. */
export function standAgain(
  schema: Schema,
  state: Parameters<typeof resumeRun>[1],
  options: MachineOptions,
): Machine {
  const machine = resumeRun(schema, state, options);
  return required(machine.ok ? machine.value : null, "a state of the schema can be resumed");
}

/** A table of values by their digests. */
export function tableOf(values: readonly Uint8Array[]): Map<string, Uint8Array> {
  return new Map(values.map((bytes) => [toHex(valueDigest(bytes)), bytes]));
}
