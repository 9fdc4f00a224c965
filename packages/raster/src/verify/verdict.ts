// What a verifier says about a trace (spec/formats.md 18): accepted with the level reached,
// rejected with the check that failed and where, or undecided. Never a boolean, never an exception.

import type { Assumed } from "@lumen/core/cfs";
import type { Failure, FailureCode, PlainJson } from "@lumen/core/diagnostic";
import type { CheckName, CheckRow } from "./checks.ts";

/** How much was checked (18.1), weakest first. */
export type VerifyLevel = "structure" | "dataflow" | "reexecute";

/** The trace is what a run of this program leaves behind, as far as `level` says. */
export interface Accepted {
  readonly kind: "accepted";
  readonly level: VerifyLevel;
  readonly entry: string;
  readonly steps: number;
  readonly size: number;
  readonly root: Uint8Array;
  readonly commitment: Uint8Array;
  /** Null: code not bound (10.2). */
  readonly programId: Uint8Array | null;
  /** What was taken from the records because bytes are missing; all zero from dataflow on. */
  readonly assumed: Assumed;
  /** Such as `E_TRACE_TORN` behind the last record. */
  readonly warnings: readonly Failure[];
}

/** Where a trace is wrong. Null where the place has no such part. */
export interface Place {
  readonly leafIndex: number | null;
  readonly eventIndex: number | null;
  readonly offset: number | null;
  readonly tileId: string | null;
  /** Text form (13.1). */
  readonly path: string | null;
}

/** The trace is no record of a run of this program. */
export interface Rejected extends Place {
  readonly kind: "rejected";
  readonly code: CheckRow["code"];
  readonly check: CheckName;
  readonly clause: string;
  readonly reason: CheckRow["reason"];
  readonly expected: PlainJson;
  readonly found: PlainJson;
  readonly message: string;
  readonly warnings: readonly Failure[];
}

/** The check could not be carried out, which says nothing about the trace. */
export interface Undecided {
  readonly kind: "undecided";
  readonly code: FailureCode;
  readonly message: string;
  readonly cause: Failure | null;
}

/** The answer of a verifier. */
export type Verdict = Accepted | Rejected | Undecided;

/** What a part of the verifier found; null: nothing wrong so far. */
export type Finding = Rejected | Undecided | null;

/** A check that could not be carried out. */
export function undecided(cause: Failure): Undecided {
  return { kind: "undecided", code: cause.code, message: cause.message, cause };
}
