// What a trace recorded of a run: its records, its inputs, and the journal of what it asked and was
// told (formats 13.2, 15.4).

import type { RequestRecord, StepRecord } from "@lumen/core/commit";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { decodeValue, decodeWith, valueDigest, wire } from "@lumen/core/encoding";
import type { CellEntry } from "@lumen/core/program";
import { err, ok, type Result } from "@lumen/core/result";
import type { Payload, RunEndStatus, TraceEvent } from "@lumen/core/trace";
import type { Value } from "@lumen/core/value";
import {
  type Journal,
  type JournalAnswer,
  type RecordedRequest,
  TOOL_EFFECT,
  toolOperation,
} from "@lumen/runtime";

/** A run as its trace tells it. */
export interface RecordedRun {
  readonly records: readonly StepRecord[];
  /** Bytes of the Genesis input: the list of external inputs; null where only digests were kept. */
  readonly input: Uint8Array | null;
  readonly journal: Journal;
  /** Null: the trace has no end. */
  readonly status: RunEndStatus | null;
}

type AnswerEvent = TraceEvent & { readonly kind: "EffectResume" | "ToolResult" };
type DriftEvent = TraceEvent & { readonly kind: "SchemaDrift" };

/** An answer between its event and its record. */
interface OpenAnswer {
  readonly event: AnswerEvent;
  readonly drifts: readonly DriftEvent[];
}

/** Takes the events of a trace in their order. */
export class RunReader {
  readonly #records: StepRecord[] = [];
  readonly #requests: RecordedRequest[] = [];
  readonly #entered: Journal["answers"][number][] = [];
  /** Index of the request of a span. */
  readonly #asking = new Map<number, number>();
  readonly #answers = new Map<number, OpenAnswer>();
  readonly #drifts = new Map<number, DriftEvent[]>();
  #input: Uint8Array | null = null;
  #status: RunEndStatus | null = null;

  take(event: TraceEvent): void {
    if (event.kind === "EffectPerform" || event.kind === "ToolCall") {
      this.#asking.set(event.span, this.#requests.length);
      this.#requests.push(requestOf(event));
    } else if (event.kind === "SchemaDrift") {
      this.#drifts.set(event.span, [...(this.#drifts.get(event.span) ?? []), event]);
    } else if (event.kind === "EffectResume" || event.kind === "ToolResult") {
      this.#answers.set(event.span, { event, drifts: this.#drifts.get(event.span) ?? [] });
      this.#drifts.delete(event.span);
    } else if (event.kind === "RunEnd") this.#status = event.status;
    else if (event.kind === "TileStep") this.#takeStep(event);
  }

  /** After the last event. An answer whose record was cut off counts, where it is a value. */
  end(): RecordedRun {
    for (const [span, answer] of this.#answers) {
      if (answer.event.ok) this.#enter(span, null);
    }
    const journal = { requests: this.#requests, answers: this.#entered };
    return { records: this.#records, input: this.#input, journal, status: this.#status };
  }

  #takeStep({ span, record, input }: TraceEvent & { readonly kind: "TileStep" }): void {
    this.#records.push(record);
    if (record.kind === "Genesis") this.#input = input;
    if (record.kind === "Request") this.#enter(span, record);
  }

  #enter(span: number, record: RequestRecord | null): void {
    const request = this.#asking.get(span);
    const answer = this.#answers.get(span);
    if (request !== undefined && answer !== undefined)
      this.#entered.push({ request, answer: answerOf(record, answer) });
    this.#asking.delete(span);
    this.#answers.delete(span);
  }
}

function requestOf(event: TraceEvent & { kind: "EffectPerform" | "ToolCall" }): RecordedRequest {
  const { args } = event;
  const argsDigest = args.kind === "Inline" ? valueDigest(args.bytes) : args.digest;
  return event.kind === "ToolCall"
    ? {
        effect: TOOL_EFFECT,
        operation: toolOperation({ id: event.tool, version: event.version }),
        argsDigest,
      }
    : { effect: event.effect, operation: event.operation, argsDigest };
}

/** Null where only the digest was kept. */
function answerOf(
  record: RequestRecord | null,
  { event, drifts }: OpenAnswer,
): JournalAnswer | null {
  const bytes = bytesOf(event.result);
  if (bytes === null) return null;
  const details = {
    ...(event.kind === "ToolResult" ? { attempts: event.attempts } : {}),
    ...(drifts.length === 0
      ? {}
      : { drifts: drifts.map(({ at, expected, found }) => ({ at, expected, found })) }),
  };
  if (event.ok) return { ok: true, result: bytes, ...details };
  const code = record?.outcome.kind === "Err" ? record.outcome.code : "";
  return { ok: false, code, result: bytes, ...details };
}

function bytesOf(payload: Payload): Uint8Array | null {
  return payload.kind === "Inline" ? payload.bytes : null;
}

/** Inputs of a run, as values and as their wire bytes. */
export interface RecordedInputs {
  readonly values: readonly Value[];
  readonly slots: readonly Uint8Array[];
}

/** The wire bytes of the inputs, from the Genesis event; E_MISSING_VALUE, E_DECODE. */
export function recordedSlots(bytes: Uint8Array | null): Result<readonly Uint8Array[], Failure> {
  if (bytes !== null) return decodeWith(wire.list(wire.bytes), bytes);
  const message = "the trace holds digests only, so it cannot be replayed";
  return err(failure("E_MISSING_VALUE", "replay", message));
}

/** The inputs of a cell; E_MISSING_VALUE, E_DECODE. */
export function recordedInputs(
  entry: CellEntry,
  bytes: Uint8Array | null,
): Result<RecordedInputs, Failure> {
  const slots = recordedSlots(bytes);
  if (!slots.ok) return slots;
  const values: Value[] = [];
  for (const [i, param] of entry.params.entries()) {
    const value = decodeValue(param.type ?? "unit", slots.value[i] ?? new Uint8Array());
    if (!value.ok) return value;
    values.push(value.value);
  }
  return ok({ values, slots: slots.value });
}
