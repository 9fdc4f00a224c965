// The journal layer: every answer is recorded before the program sees it, or comes from a
// recording.

import { type Failure, type FaultFrame, failure } from "@lumen/core/diagnostic";
import { decodeValue, encodeValue, valueDigest } from "@lumen/core/encoding";
import { concatBytes, equalBytes } from "@lumen/core/hash";
import type { ToolEntry } from "@lumen/core/program";
import { ok, type Result } from "@lumen/core/result";
import type { TypeDescriptor, Value } from "@lumen/core/value";
import { type DoorAnswer, type DoorRequest, type Layer, operationName } from "./door.ts";
import { OPERATIONS } from "./operations.ts";

/** A request on the wire: its arguments as a tuple by their declared types, empty without any. */
export interface JournalRequest {
  readonly effect: string;
  readonly operation: string;
  readonly args: Uint8Array;
  /** The future whose task asks, 0 for the entry. */
  readonly task: number;
  /** Where the program asks. */
  readonly at?: FaultFrame;
  /** Of a call of a tool. */
  readonly tool?: ToolEntry;
}

/** An answer on the wire: the result by its declared type, or the error value as `json`. */
export type JournalAnswer =
  | (AnswerDetails & { readonly ok: true; readonly result: Uint8Array })
  | (AnswerDetails & {
      readonly ok: false;
      readonly code: string;
      readonly result: Uint8Array;
    });

/** What a trace tells about the answer of a tool, and a replay does not need. */
type AnswerDetails = Pick<DoorAnswer, "attempts" | "drifts">;

/** Where requests and answers are written. A failure stops the run. */
export interface JournalSink {
  /** The request leaves; what is returned is given back with its answer. */
  readonly open: (request: JournalRequest) => unknown;
  readonly close: (handle: unknown, answer: JournalAnswer) => Result<null, Failure>;
}

/** A recorded request. */
export interface RecordedRequest {
  readonly effect: string;
  readonly operation: string;
  readonly argsDigest: Uint8Array;
}

/** What a run asked and was answered. */
export interface Journal {
  /** In the order of asking. */
  readonly requests: readonly RecordedRequest[];
  /** In the order in which they entered; a request that was never answered has none. */
  readonly answers: readonly {
    /** Index into `requests`. */
    readonly request: number;
    /** Null: only the digest was kept. */
    readonly answer: JournalAnswer | null;
  }[];
}

/** Raised through the promise chain when a run cannot go on; only `runCell` catches it. */
export class HostStop extends Error {
  readonly failure: Failure;
  constructor(stop: Failure) {
    super(stop.message);
    this.failure = stop;
  }
}

/** Where a journal begins. */
export interface JournalStart {
  /** Begins the idempotency keys; null: there are none. */
  readonly runId?: string | null;
  /** Numbers of requests that are in the journal already and are asked first, in their order. */
  readonly open?: readonly number[];
  /** The number of the first request that is not. */
  readonly count?: number;
}

/**
 * Records each request when it leaves and each answer when it enters the machine, which is the
 * order in which a replay repeats them. With `runId`, the k-th request leaves with the idempotency
 * key `RUN:k`, the same when a resumed run asks it again.
 */
export function recordingLayer(
  sink: JournalSink,
  { runId = null, open = [], count = 0 }: JournalStart = {},
): Layer {
  const reopened = [...open];
  let fresh = count;
  return {
    name: "journal",
    handle: async (request, next) => {
      const encoded = encodeRequest(request);
      if (!encoded.ok) return encodeRefusal(encoded.error);
      const handle = sink.open(encoded.value);
      const number = reopened.shift() ?? fresh;
      if (number === fresh) fresh += 1;
      const idempotencyKey = runId === null ? null : `${runId}:${number}`;
      const answer = await next({ ...request, idempotencyKey });
      const recorded = encodeAnswer(request, answer);
      const enter = (): void => {
        answer.enter?.();
        const closed = sink.close(handle, recorded);
        if (!closed.ok) throw new HostStop(closed.error);
      };
      return { ...answer, enter };
    },
  };
}

/** Answers from a recording. */
export interface Replay {
  readonly layer: Layer;
  /**
   * To be called where the run waits for an answer: raises `HostStop` when the recording has none
   * for what was asked, so that the wait would never end.
   */
  readonly waiting: () => void;
}

interface Asked {
  readonly request: DoorRequest;
  readonly resolve: (answer: DoorAnswer) => void;
  readonly reject: (stop: HostStop) => void;
}

/**
 * The k-th request must be the k-th recorded one, another is a divergence with both sides; answers
 * come in the recorded order, each as soon as its request was asked.
 */
export function replayJournal(journal: Journal): Replay {
  const { answers } = journal;
  const asked = new Map<number, Asked>();
  let askedCount = 0;
  let enteredCount = 0;
  let isUnderWay = false;
  /** One answer is under way at a time, so that none overtakes another. */
  const release = (): void => {
    const next = answers[enteredCount];
    const waiting = next === undefined ? undefined : asked.get(next.request);
    if (isUnderWay || next === undefined || waiting === undefined) return;
    isUnderWay = true;
    asked.delete(next.request);
    answerAsked(waiting, next.answer, enter);
  };
  const enter = (): void => {
    isUnderWay = false;
    enteredCount += 1;
    release();
  };
  const handle = (request: DoorRequest): Promise<DoorAnswer> => {
    const encoded = encodeRequest(request);
    if (!encoded.ok) return Promise.resolve(encodeRefusal(encoded.error));
    const index = askedCount;
    askedCount += 1;
    const diverged = divergenceOf(journal, index, request, encoded.value.args);
    if (diverged !== null) return Promise.reject(diverged);
    return new Promise((resolve, reject) => {
      asked.set(index, { request, resolve, reject });
      release();
    });
  };
  const waiting = (): void => {
    // What is under way comes without waiting: here the recording leads nowhere.
    throw new HostStop(noAnswer(enteredCount));
  };
  return { layer: { name: "journal", handle }, waiting };
}

function isSame(recorded: RecordedRequest | null, asked: DoorRequest, args: Uint8Array): boolean {
  return (
    recorded !== null &&
    operationName(recorded) === operationName(asked) &&
    equalBytes(recorded.argsDigest, valueDigest(args))
  );
}

/** Refuses a request that is not the recorded one, or that the recording does not have. */
export function divergenceOf(
  journal: Journal,
  index: number,
  request: DoorRequest,
  args: Uint8Array,
): HostStop | null {
  const recorded = journal.requests[index] ?? null;
  return isSame(recorded, request, args)
    ? null
    : new HostStop(divergence(index, recorded, request));
}

/** The recorded answer of a request; raises `HostStop` where the recording does not hold it. */
export function recordedAnswer(request: DoorRequest, answer: JournalAnswer | null): DoorAnswer {
  if (answer === null) throw new HostStop(missingAnswer(request));
  const decoded = decodeAnswer(request, answer);
  if (decoded.ok) return decoded.value;
  throw new HostStop({ ...decoded.error, phase: "replay" });
}

function answerAsked(asked: Asked, answer: JournalAnswer | null, enter: () => void): void {
  const { request, resolve, reject } = asked;
  try {
    resolve({ ...recordedAnswer(request, answer), enter });
  } catch (error) {
    if (!(error instanceof HostStop)) throw error;
    reject(error);
  }
}

/** The program waits, and the recording has no answer for what it has asked. */
export function noAnswer(count: number): Failure {
  return failure(
    "E_DIVERGENCE",
    "replay",
    `the program waits for an answer, the trace has no more than ${count}`,
    {
      domain: "verifiable",
      details: { request: count, expected: "the end of the run", found: "a wait for an answer" },
    },
  );
}

function divergence(
  index: number,
  recorded: RecordedRequest | null,
  request: DoorRequest,
): Failure {
  const expected = recorded === null ? "no further request" : operationName(recorded);
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

/** The request on the wire; E_ENCODE for an argument without a wire form (formats 15.4). */
export function encodeRequest(request: DoorRequest): Result<JournalRequest, Failure> {
  const { effect, operation, args } = request;
  // What the table does not know, effects of the program and tools, is asked in `json` (15.4).
  const types = OPERATIONS[operationName(request)]?.args ?? args.map((): "json" => "json");
  const parts: Uint8Array[] = [];
  for (const [i, type] of types.entries()) {
    const encoded = encodeValue(type, args[i] ?? null);
    if (!encoded.ok) return encoded;
    parts.push(encoded.value);
  }
  const { task = 0, at, tool } = request;
  const base = { effect, operation, args: concatBytes(...parts), task };
  const more = { ...(at === undefined ? {} : { at }), ...(tool === undefined ? {} : { tool }) };
  return ok({ ...base, ...more });
}

/** What the program is told of such an argument. */
export function encodeRefusal(error: Failure): DoorAnswer {
  return { ok: false, code: "E_ENCODE", message: error.message };
}

function resultType(request: DoorRequest): TypeDescriptor {
  return request.tool?.result ?? OPERATIONS[operationName(request)]?.result ?? "json";
}

function encodeAnswer(request: DoorRequest, answer: DoorAnswer): JournalAnswer {
  const details = detailsOf(answer);
  if (!answer.ok)
    return { ok: false, code: answer.code, result: encodeJson(answer.message), ...details };
  const encoded = encodeValue(resultType(request), answer.value);
  if (encoded.ok) return { ok: true, result: encoded.value, ...details };
  throw new HostStop(
    failure(
      "E_ENCODE",
      "execute",
      `a provider answered ${operationName(request)} with a value of another type`,
      { cause: encoded.error },
    ),
  );
}

function detailsOf({ attempts, drifts }: AnswerDetails): AnswerDetails {
  return {
    ...(attempts === undefined ? {} : { attempts }),
    ...(drifts === undefined ? {} : { drifts }),
  };
}

function encodeJson(text: string): Uint8Array {
  const encoded = encodeValue("json", text);
  return encoded.ok ? encoded.value : new Uint8Array();
}

function decodeAnswer(request: DoorRequest, answer: JournalAnswer): Result<DoorAnswer, Failure> {
  const decoded: Result<Value, Failure> = decodeValue(
    answer.ok ? resultType(request) : "json",
    answer.result,
  );
  if (!decoded.ok) return decoded;
  const details = detailsOf(answer);
  if (answer.ok) return ok({ ok: true, value: decoded.value, ...details });
  return ok({ ok: false, code: answer.code, message: String(decoded.value), ...details });
}
