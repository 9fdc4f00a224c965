// The checks of the verifier, one row each: clause of spec/formats.md and what a failure is called.
// The functions stand where the data is: trace-check.ts, sequence-check.ts, cell-check.ts and
// tile-events.ts.

import type { MismatchReason } from "@lumen/core/cfs";
import type { Failure, FailureCode, PlainJson } from "@lumen/core/diagnostic";
import type { Place, Rejected } from "./verdict.ts";

/** One check. `reason` is that of 18.3, null for codes that have none. */
export interface CheckRow {
  readonly clause: string;
  readonly code: Extract<
    FailureCode,
    | "E_STEP_MISMATCH"
    | "E_COMMIT_MISMATCH"
    | "E_TRACE_CORRUPT"
    | "E_TRACE_NESTING"
    | "E_ARTIFACT_CORRUPT"
    | "E_DECODE"
  >;
  readonly reason: MismatchReason | null;
  /** What must hold, as a sentence. */
  readonly rule: string;
}

/** The checks, roughly in the order in which a trace meets them. */
export const CHECKS = {
  frames: {
    clause: "14.4",
    code: "E_TRACE_CORRUPT",
    reason: null,
    rule: "the frames of the file follow each other unchanged",
  },
  nesting: {
    clause: "13.2",
    code: "E_TRACE_NESTING",
    reason: null,
    rule: "spans start and end properly, and each record stands in its place",
  },
  header: {
    clause: "14.1",
    code: "E_STEP_MISMATCH",
    reason: "genesis",
    rule: "entry, schema hash and program id of the header are those of Genesis",
  },
  program: {
    clause: "10.2",
    code: "E_ARTIFACT_CORRUPT",
    reason: null,
    rule: "the program file is the one that Genesis names",
  },
  schema: {
    clause: "9.3",
    code: "E_STEP_MISMATCH",
    reason: "genesis",
    rule: "the schema is the one that Genesis names, and one that a runner accepts",
  },
  entry: {
    clause: "11.1",
    code: "E_STEP_MISMATCH",
    reason: "genesis",
    rule: "the entry is the one asked for",
  },
  genesis: {
    clause: "18.3",
    code: "E_STEP_MISMATCH",
    reason: "genesis",
    rule: "Genesis fits the schema: number of inputs, default bound",
  },
  inputs: {
    clause: "15.1",
    code: "E_STEP_MISMATCH",
    reason: "input",
    rule: "stored external inputs have their digests and are canonical bytes of their types",
  },
  "initial-state": {
    clause: "15.3",
    code: "E_STEP_MISMATCH",
    reason: "state",
    rule: "the state before the first step follows from schema and inputs",
  },
  order: {
    clause: "15.1",
    code: "E_STEP_MISMATCH",
    reason: "length",
    rule: "indices count from 0, and no step follows the end of the run",
  },
  callee: {
    clause: "18.3",
    code: "E_STEP_MISMATCH",
    reason: "tile",
    rule: "the tile is the one that must run next",
  },
  path: {
    clause: "18.4",
    code: "E_STEP_MISMATCH",
    reason: "path",
    rule: "the path is that of the item that must run next",
  },
  iteration: {
    clause: "7.2",
    code: "E_STEP_MISMATCH",
    reason: "iteration",
    rule: "recursive iterations are numbered from 0",
  },
  code: {
    clause: "15.2",
    code: "E_STEP_MISMATCH",
    reason: "artifact",
    rule: "the code is that of the program file and of the schema, and the same in all records",
  },
  method: {
    clause: "8.3",
    code: "E_STEP_MISMATCH",
    reason: "artifact",
    rule: "the method id is the one pinned for the back end",
  },
  input: {
    clause: "18.2",
    code: "E_STEP_MISMATCH",
    reason: "input",
    rule: "the input is composed of earlier values, and stored input bytes have its digest",
  },
  "value-shape": {
    clause: "18.2",
    code: "E_DECODE",
    reason: null,
    rule: "a value that is split or tested is canonical bytes of its type",
  },
  "error-code": {
    clause: "15.1",
    code: "E_STEP_MISMATCH",
    reason: "output",
    rule: "an error has a code that a tile can end with, and the digest that belongs to it",
  },
  "output-bytes": {
    clause: "15.2",
    code: "E_STEP_MISMATCH",
    reason: "output",
    rule: "stored output bytes have the digest of the record",
  },
  "re-execution": {
    clause: "18.1",
    code: "E_STEP_MISMATCH",
    reason: "output",
    rule: "running the tile again gives the same outcome",
  },
  control: {
    clause: "7.2",
    code: "E_STEP_MISMATCH",
    reason: "control",
    rule: "control stands with recursive calls that succeed, and fits the output",
  },
  "post-state": {
    clause: "15.3",
    code: "E_STEP_MISMATCH",
    reason: "state",
    rule: "the state after a step follows from it",
  },
  "tile-start-path": {
    clause: "13.1",
    code: "E_STEP_MISMATCH",
    reason: "path",
    rule: "the start event of a tile has the path of its record",
  },
  "tile-start-iteration": {
    clause: "13.1",
    code: "E_STEP_MISMATCH",
    reason: "iteration",
    rule: "the start event of a tile has the iteration of its record",
  },
  "tile-end": {
    clause: "13.2",
    code: "E_STEP_MISMATCH",
    reason: "output",
    rule: "a tile ends with the event that its outcome says, a failure with code and error bytes",
  },
  final: {
    clause: "18.3",
    code: "E_STEP_MISMATCH",
    reason: "final",
    rule: "Final stands where the run is over, with its steps and its outcome",
  },
  "final-output": {
    clause: "15.1",
    code: "E_STEP_MISMATCH",
    reason: "output",
    rule: "stored output bytes of the run have the digest of Final",
  },
  complete: {
    clause: "18.3",
    code: "E_STEP_MISMATCH",
    reason: "length",
    rule: "the trace has a Final record",
  },
  "run-end": {
    clause: "18.3",
    code: "E_COMMIT_MISMATCH",
    reason: null,
    rule: "RunEnd has the steps, the size and the root of the records",
  },
  "run-status": {
    clause: "13.1",
    code: "E_STEP_MISMATCH",
    reason: "final",
    rule: "RunEnd says how Final says that the run ended",
  },
  "cell-entry": {
    clause: "15.4",
    code: "E_STEP_MISMATCH",
    reason: "genesis",
    rule: "the entry is a cell of the root module and neither tile nor sequence",
  },
  "cell-tile": {
    clause: "15.4",
    code: "E_STEP_MISMATCH",
    reason: "tile",
    rule: "a tile that a cell calls is one of the program",
  },
  "cell-path": {
    clause: "15.4",
    code: "E_STEP_MISMATCH",
    reason: "path",
    rule: "records of a run entered by a cell have no path",
  },
  "cell-state": {
    clause: "15.4",
    code: "E_STEP_MISMATCH",
    reason: "state",
    rule: "records of a run entered by a cell have a zero state",
  },
  "cell-recursion": {
    clause: "15.4",
    code: "E_STEP_MISMATCH",
    reason: "iteration",
    rule: "the iterations of a recursive call follow each other directly until it is done",
  },
  "cell-recursion-input": {
    clause: "7.2",
    code: "E_STEP_MISMATCH",
    reason: "input",
    rule: "an iteration gets what the one before it returned",
  },
  "request-operation": {
    clause: "15.4",
    code: "E_STEP_MISMATCH",
    reason: "tile",
    rule: "the operation of a Request record is that of its event",
  },
  "request-arguments": {
    clause: "15.4",
    code: "E_STEP_MISMATCH",
    reason: "input",
    rule: "the arguments of the event have the digest of the Request record",
  },
  "request-outcome": {
    clause: "15.4",
    code: "E_STEP_MISMATCH",
    reason: "output",
    rule: "the answer of the event has the outcome and the digest of the Request record",
  },
} as const;

/** Name of a check. */
export type CheckName = keyof typeof CHECKS;

const ROWS: { readonly [K in CheckName]: CheckRow } = CHECKS;

/** Both sides of a difference. */
export interface Sides {
  readonly expected: PlainJson;
  readonly found: PlainJson;
}

/** A rejection by a check. `cause` is the failure that says more, if there is one. */
export function reject(check: CheckName, place: Place, sides: Sides, cause?: Failure): Rejected {
  const { clause, code, reason, rule } = ROWS[check];
  const where = place.leafIndex === null ? "" : `leaf ${place.leafIndex}: `;
  const both = `expected ${JSON.stringify(sides.expected)}, found ${JSON.stringify(sides.found)}`;
  const message = `${where}${rule} (${clause}): ${cause?.message ?? both}`;
  return {
    kind: "rejected",
    check,
    clause,
    code,
    reason,
    ...place,
    ...sides,
    message,
    warnings: [],
  };
}

/** The check that a mismatch found by the schema machine belongs to, null for other failures. */
export function checkOfMismatch(
  failure: Failure,
  known: { readonly code: string | null },
): CheckName | null {
  if (failure.code === "E_DECODE") return "value-shape";
  if (failure.code !== "E_STEP_MISMATCH") return null;
  const { reason, leaf, expected, found } = failure.details ?? {};
  switch (reason) {
    case "genesis":
      return "genesis";
    case "length":
      return "order";
    case "tile":
      return "callee";
    case "path":
      return "path";
    case "iteration":
      return "iteration";
    case "artifact":
      // The record's own code stands on the found side of the one check, a method id of the other.
      return found === known.code ? "code" : "method";
    case "input":
      return leaf === 0 ? "inputs" : "input";
    case "output":
      if (typeof found === "string") return "output-bytes";
      return typeof expected === "string" ? "error-code" : "re-execution";
    case "control":
      return "control";
    case "state":
      return leaf === 0 ? "initial-state" : "post-state";
    case "final":
      return "final";
    default:
      return null;
  }
}
