// What the two kinds of runs have in common for a verifier: the material at hand, and the interface
// of the part that checks the records.

import type { Assumed, TileOutcome, ValueSource } from "@lumen/core/cfs";
import type { Failure } from "@lumen/core/diagnostic";
import type { Result } from "@lumen/core/result";
import type { TraceEvent, TraceEventOf } from "@lumen/core/trace";
import type { Awaitable } from "./awaitable.ts";
import type { Finding, Place, VerifyLevel } from "./verdict.ts";

/** Runs a tile of the program file again. An error means that it could not be run. */
export type ExecuteTile = (call: {
  readonly tileId: string;
  readonly code: Uint8Array;
  readonly input: Uint8Array;
}) => Awaitable<Result<TileOutcome, Failure>>;

/** What the program file says (10.2), its integrity already checked. */
export interface ProgramFacts {
  readonly programId: Uint8Array;
  /** Code digests by tile id. */
  readonly codes: ReadonlyMap<string, Uint8Array>;
  /** Names of the cells of the root module that a run can enter. */
  readonly cells: ReadonlySet<string>;
}

/** What the checks of records may use. */
export interface Material {
  /** Null: the highest level that the material allows. */
  readonly level: VerifyLevel | null;
  /** Null where there is none, and where Genesis does not name one (code not bound). */
  readonly program: ProgramFacts | null;
  readonly values: ValueSource | null;
  readonly execute: ExecuteTile | null;
  readonly isConfined: IsConfined;
}

/** Whether a tile is run again within limits that the recorded run did not have. */
export type IsConfined = (tileId: string) => boolean;

/** A record with the event that carries it. */
export interface PlacedStep {
  readonly event: TraceEventOf<"TileStep">;
  readonly place: Place;
}

/** Checks the records of one run after Genesis. */
export interface RunCheck {
  /** Takes a record. */
  record(step: PlacedStep): Awaitable<Finding>;
  /** Takes any other event. */
  event(event: TraceEvent): void;
  /** Whether Final has been accepted. */
  readonly finished: boolean;
  /** How much was checked of a finished run. */
  reached(): { readonly level: VerifyLevel; readonly assumed: Assumed };
  /** Number of things kept: what the memory depends on. */
  readonly held: number;
}
