// `lumen trace show --step K`: one step of a trace with its values, read by the types of the
// program file.

import { formatPath, type RequestRecord, type TileRecord } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { abiInputType, decodeValue, valueToJsonText } from "@lumen/core/encoding";
import { toHex } from "@lumen/core/hash";
import type { TileEntry } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import type { ErrorInfo, TraceEvent } from "@lumen/core/trace";
import { Tuple, type TypeDescriptor, type Value } from "@lumen/core/value";
import { openTrace, type TraceRequest } from "./program-of-trace.ts";
import { refuse, type UseCase } from "./refusal.ts";
import { readEvents } from "./trace-read.ts";

/** Which step of which trace. */
export interface StepRequest extends TraceRequest {
  /** Number of the step, from 0, as `trace show` lists it. */
  readonly step: number;
}

/** A step for showing. Values are JSON texts (formats 5), null where the trace has no bytes. */
export interface ShownStep {
  readonly index: number;
  /** The tile's id, or the operation of a request. */
  readonly name: string;
  readonly kind: "tile" | "request";
  readonly path: string;
  readonly iteration: number | null;
  /** Digests in hexadecimal; `code` null for a request. */
  readonly code: string | null;
  readonly inputDigest: string;
  readonly outcome:
    | { readonly kind: "ok"; readonly digest: string; readonly output: string | null }
    | {
        readonly kind: "failed";
        readonly digest: string;
        readonly code: string;
        readonly message: string | null;
        readonly error: string | null;
      };
  /** By parameter, in order; null where the bytes or the types are not there. */
  readonly input: readonly { readonly name: string; readonly value: string }[] | null;
  readonly cycles: number | null;
}

/** Finds the step. E_USAGE names the range where there is none; E_DECODE for bytes of no value. */
export async function showStep(request: StepRequest): Promise<UseCase<ShownStep>> {
  const opened = await openTrace(request);
  if (!opened.ok) return refuse(opened.error);
  const { path, program } = opened.value;
  const found = findStep(path, request.step);
  if (!found.ok) return refuse(found.error);
  const { record, event } = found.value;
  if (record.kind === "Request") return ok(requestStep(record));
  const entry = program?.program.tiles.find((t) => t.id === record.tileId);
  const input = tileInput(entry, event.input, path);
  if (!input.ok) return refuse(input.error);
  const outcome = tileOutcome(entry, record, found.value, path);
  if (!outcome.ok) return refuse(outcome.error);
  return ok({
    index: record.index,
    name: record.tileId,
    kind: "tile",
    path: formatPath(record.path),
    iteration: record.iteration,
    code: toHex(record.code),
    inputDigest: toHex(record.inputDigest),
    outcome: outcome.value,
    input: input.value,
    cycles: found.value.cycles,
  });
}

interface FoundStep {
  readonly record: TileRecord | RequestRecord;
  readonly event: TraceEvent & { kind: "TileStep" };
  readonly cycles: number | null;
  readonly failed: ErrorInfo | null;
}

/** The record and what the events of its span say beside it. */
function findStep(path: string, step: number): Result<FoundStep, Failure> {
  const found: Pick<FoundStep, "record" | "event">[] = [];
  let count = 0;
  const read = readEvents(path, ({ event }) => {
    if (event.kind !== "TileStep") return;
    const { record } = event;
    if (record.kind !== "Tile" && record.kind !== "Request") return;
    count += 1;
    if (record.index === step) found.push({ record, event });
  });
  if (!read.ok) return read;
  const [first] = found;
  if (first === undefined) {
    const range = count === 0 ? "it has none" : `its steps are 0 to ${count - 1}`;
    const message = `the trace has no step ${step}: ${range}`;
    return err(failure("E_USAGE", "load", message, { subject: path }));
  }
  const beside: { cycles: FoundStep["cycles"]; failed: ErrorInfo | null } = {
    cycles: null,
    failed: null,
  };
  // A second reading, since the failure of a tile may stand before its record.
  const again = readEvents(path, ({ event }) => {
    if (event.kind === "TileEnd" && event.span === first.event.span) beside.cycles = event.cycles;
    if (event.kind === "TileFailure" && event.span === first.event.span)
      beside.failed = event.error;
  });
  return again.ok ? ok({ ...first, ...beside }) : again;
}

function requestStep(record: RequestRecord): ShownStep {
  const { outcome } = record;
  return {
    index: record.index,
    name: record.operation,
    kind: "request",
    path: "",
    iteration: null,
    code: null,
    inputDigest: toHex(record.requestDigest),
    outcome:
      outcome.kind === "Ok"
        ? { kind: "ok", digest: toHex(outcome.outputDigest), output: null }
        : failedOutcome(outcome, null, null),
    input: null,
    cycles: null,
  };
}

function failedOutcome(
  outcome: TileRecord["outcome"] & { kind: "Err" },
  message: string | null,
  error: string | null,
): ShownStep["outcome"] {
  const { code, errorDigest } = outcome;
  return { kind: "failed", digest: toHex(errorDigest), code, message, error };
}

function tileOutcome(
  entry: TileEntry | undefined,
  { outcome }: TileRecord,
  { event, failed }: FoundStep,
  path: string,
): Result<ShownStep["outcome"], Failure> {
  if (outcome.kind === "Ok") {
    const output = jsonOf(entry?.output ?? null, event.output, path);
    if (!output.ok) return output;
    return ok({ kind: "ok", digest: toHex(outcome.outputDigest), output: output.value });
  }
  const error = jsonOf(entry?.error ?? null, failed?.details ?? null, path);
  return error.ok ? ok(failedOutcome(outcome, failed?.message ?? null, error.value)) : error;
}

/** The JSON text of bytes; null where the type or the bytes are not at hand. */
function jsonOf(
  type: TypeDescriptor | null,
  bytes: Uint8Array | null,
  subject: string,
): Result<string | null, Failure> {
  if (type === null || bytes === null) return ok(null);
  const value = decodeValue(type, bytes, { subject });
  return value.ok ? valueToJsonText(type, value.value) : value;
}

/** The arguments by name; the input of several parameters is the tuple of them (formats 6). */
function tileInput(
  entry: TileEntry | undefined,
  bytes: Uint8Array | null,
  subject: string,
): Result<ShownStep["input"], Failure> {
  if (entry === undefined || bytes === null) return ok(null);
  const type = abiInputType(entry.params.map((p) => p.type));
  const decoded = decodeValue(type, bytes, { subject });
  if (!decoded.ok) return decoded;
  const { value } = decoded;
  const values: readonly Value[] =
    entry.params.length > 1 && value instanceof Tuple ? value.items : [value];
  const input: { readonly name: string; readonly value: string }[] = [];
  for (const [i, param] of entry.params.entries()) {
    const text = valueToJsonText(param.type, values[i] ?? null);
    if (!text.ok) return text;
    input.push({ name: param.name, value: text.value });
  }
  return ok(input);
}
