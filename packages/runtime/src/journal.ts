// The journal layer: every answer is recorded before the program sees it, or comes from a
// recording.

import { type Failure, failure } from "@lumen/core/diagnostic";
import { decodeValue, encodeValue, valueDigest } from "@lumen/core/encoding";
import { equalBytes } from "@lumen/core/hash";
import { ok, type Result } from "@lumen/core/result";
import type { TypeDescriptor, Value } from "@lumen/core/value";
import { type DoorAnswer, type DoorRequest, type Layer, operationName } from "./door.ts";
import { OPERATIONS } from "./operations.ts";

/** A request on the wire: its arguments as a tuple by their declared types, empty without any. */
export interface JournalRequest {
  readonly effect: string;
  readonly operation: string;
  readonly args: Uint8Array;
}

/** An answer on the wire: the result by its declared type, or the error value as `json`. */
export type JournalAnswer =
  | { readonly ok: true; readonly result: Uint8Array }
  | { readonly ok: false; readonly code: string; readonly result: Uint8Array };

/** Where requests and answers are written. A failure stops the run. */
export interface JournalSink {
  /** The request leaves; what is returned is given back with its answer. */
  readonly open: (request: JournalRequest) => unknown;
  readonly close: (handle: unknown, answer: JournalAnswer) => Result<null, Failure>;
}

/** A recorded request with its answer. */
export interface JournalEntry {
  readonly request: {
    readonly effect: string;
    readonly operation: string;
    readonly argsDigest: Uint8Array;
  };
  /** Null: only the digest was kept. */
  readonly answer: JournalAnswer | null;
}

/** Raised through the promise chain when a run cannot go on; only `runCell` catches it. */
export class HostStop extends Error {
  readonly failure: Failure;
  constructor(stop: Failure) {
    super(stop.message);
    this.failure = stop;
  }
}

/** Records each request when it leaves and each answer before it enters. */
export function recordingLayer(sink: JournalSink): Layer {
  return {
    name: "journal",
    handle: async (request, next) => {
      const encoded = encodeRequest(request);
      if (!encoded.ok) return encodeRefusal(encoded.error);
      const handle = sink.open(encoded.value);
      const answer = await next(request);
      const closed = sink.close(handle, encodeAnswer(request, answer));
      if (!closed.ok) throw new HostStop(closed.error);
      return answer;
    },
  };
}

/**
 * Answers the k-th request from the k-th entry; another request is a divergence with both sides.
 */
export function replayLayer(entries: Iterator<JournalEntry>): Layer {
  let index = 0;
  return {
    name: "journal",
    handle: async (request) => {
      const encoded = encodeRequest(request);
      if (!encoded.ok) return encodeRefusal(encoded.error);
      const next = entries.next();
      const recorded = next.done === true ? null : next.value;
      const same =
        recorded !== null &&
        operationName(recorded.request) === operationName(request) &&
        equalBytes(recorded.request.argsDigest, valueDigest(encoded.value.args));
      if (!same) throw new HostStop(divergence(index, recorded, request));
      index += 1;
      if (recorded.answer === null) throw new HostStop(missingAnswer(request));
      return decodeAnswer(request, recorded.answer);
    },
  };
}

function divergence(index: number, recorded: JournalEntry | null, request: DoorRequest): Failure {
  const expected = recorded === null ? "no further request" : operationName(recorded.request);
  const found = operationName(request);
  const what = expected === found ? `${found} with other arguments` : found;
  return failure(
    "E_DIVERGENCE",
    "replay",
    `request ${index} diverges: the trace has ${expected}, the program asks ${what}`,
    {
      domain: "verifiable",
      details: { request: index, expected, found: what },
    },
  );
}

function missingAnswer(request: DoorRequest): Failure {
  const hint =
    "The run was recorded with --trace-io digest, so it can be verified but not replayed.";
  return failure(
    "E_MISSING_VALUE",
    "replay",
    `the trace does not hold the answer of ${operationName(request)}`,
    { hint },
  );
}

function encodeRequest(request: DoorRequest): Result<JournalRequest, Failure> {
  const { effect, operation, args } = request;
  const types = OPERATIONS[operationName(request)]?.args ?? [];
  const parts: Uint8Array[] = [];
  for (const [i, type] of types.entries()) {
    const encoded = encodeValue(type, args[i] ?? null);
    if (!encoded.ok) return encoded;
    parts.push(encoded.value);
  }
  const size = parts.reduce((sum, p) => sum + p.length, 0);
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return ok({ effect, operation, args: bytes });
}

function encodeRefusal(error: Failure): DoorAnswer {
  return { ok: false, code: "E_ENCODE", message: error.message };
}

function resultType(request: DoorRequest): TypeDescriptor {
  return OPERATIONS[operationName(request)]?.result ?? "json";
}

function encodeAnswer(request: DoorRequest, answer: DoorAnswer): JournalAnswer {
  if (!answer.ok) return { ok: false, code: answer.code, result: encodeJson(answer.message) };
  const encoded = encodeValue(resultType(request), answer.value);
  if (encoded.ok) return { ok: true, result: encoded.value };
  throw new HostStop(
    failure(
      "E_ENCODE",
      "execute",
      `a provider answered ${operationName(request)} with a value of another type`,
      { cause: encoded.error },
    ),
  );
}

function encodeJson(text: string): Uint8Array {
  const encoded = encodeValue("json", text);
  return encoded.ok ? encoded.value : new Uint8Array();
}

function decodeAnswer(request: DoorRequest, answer: JournalAnswer): DoorAnswer {
  const decoded: Result<Value, Failure> = decodeValue(
    answer.ok ? resultType(request) : "json",
    answer.result,
  );
  if (!decoded.ok) throw new HostStop({ ...decoded.error, phase: "replay" });
  if (answer.ok) return { ok: true, value: decoded.value };
  return { ok: false, code: answer.code, message: String(decoded.value) };
}
