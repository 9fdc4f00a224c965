// The journal layer of a run that goes on after it was killed (formats 14.4): what the recording
// answered is answered from it, in its order; then the world is asked, first what was under way.

import { decodeValue } from "@lumen/core/encoding";
import { Tuple } from "@lumen/core/value";
import { type DoorAnswer, type DoorRequest, type Layer, type Next, operationName } from "./door.ts";
import {
  divergenceOf,
  encodeRefusal,
  encodeRequest,
  HostStop,
  type Journal,
  type JournalAnswer,
  type JournalRequest,
  noAnswer,
  recordedAnswer,
} from "./journal.ts";
import { OPERATIONS } from "./operations.ts";
import type { ProviderTable } from "./providers/provider.ts";

/** Stands behind the layer that records, which checks and completes what is recorded. */
export interface Resumption {
  readonly layer: Layer;
  /** To be called where the run waits: raises `HostStop` where the recording leads nowhere. */
  readonly waiting: () => void;
}

/** Operations whose provider counts, or keeps what it was told, for the run that asks it. */
const COUNTED: readonly string[] = ["trace.trace_ref", "env.set_env"];
/** Effects that are functions of what was asked before, where the run is deterministic. */
const SEEDED: readonly string[] = ["time", "random"];

interface Asked {
  readonly request: DoorRequest;
  readonly next: Next;
  readonly resolve: (answer: DoorAnswer | Promise<DoorAnswer>) => void;
  readonly reject: (stop: HostStop) => void;
}

/**
 * Goes on from a journal. The k-th request must be the k-th recorded one while there are any.
 * Answers enter in the recorded order; no other enters before the last of them. Then requests that
 * the recording left open are asked again, in their order, those apart that nobody waits for any
 * more. Providers that keep state of their own for the run are asked again at once, so that they
 * come to the state that they had; what they answer to a recorded request is dropped.
 */
export function resumeJournal(
  journal: Journal,
  { deterministic }: { readonly deterministic: boolean },
): Resumption {
  const resumption = new ResumedJournal(journal, deterministic);
  return {
    layer: { name: "resume", handle: (request, next) => resumption.handle(request, next) },
    waiting: () => resumption.waiting(),
  };
}

/** Whether a provider has to be asked again for what was answered before. */
function isAskedAgain(
  request: Pick<DoorRequest, "effect" | "operation">,
  seeded: boolean,
): boolean {
  return COUNTED.includes(operationName(request)) || (seeded && SEEDED.includes(request.effect));
}

/**
 * Brings providers that keep state for the run to where they stood after these requests, whose
 * answers are known. What they answer is dropped.
 */
export function bringForward(
  providers: ProviderTable,
  requests: readonly Pick<JournalRequest, "effect" | "operation" | "args">[],
  { deterministic }: { readonly deterministic: boolean },
): void {
  for (const request of requests) {
    const provider = providers[operationName(request)];
    if (provider === undefined || !isAskedAgain(request, deterministic)) continue;
    const tuple = OPERATIONS[operationName(request)]?.args ?? [];
    const decoded = tuple.length === 0 ? null : decodeValue({ tuple }, request.args);
    if (decoded !== null && !decoded.ok) throw new HostStop(decoded.error);
    const value = decoded?.value ?? null;
    provider(value instanceof Tuple ? value.items : []);
  }
}

class ResumedJournal {
  private readonly journal: Journal;
  private readonly deterministic: boolean;
  private readonly answered: ReadonlySet<number>;
  /** Requests with a recorded answer, by their index. */
  private readonly asked = new Map<number, Asked>();
  /** Requests without one, which wait until the recording is used up. */
  private held: Asked[] = [];
  private askedCount = 0;
  private enteredCount = 0;
  private isUnderWay = false;

  constructor(journal: Journal, deterministic: boolean) {
    this.journal = journal;
    this.deterministic = deterministic;
    this.answered = new Set(journal.answers.map(({ request }) => request));
  }

  handle(request: DoorRequest, next: Next): Promise<DoorAnswer> {
    const encoded = encodeRequest(request);
    if (!encoded.ok) return Promise.resolve(encodeRefusal(encoded.error));
    const index = this.askedCount;
    this.askedCount += 1;
    const { journal } = this;
    if (index < journal.requests.length) {
      const diverged = divergenceOf(journal, index, request, encoded.value.args);
      if (diverged !== null) return Promise.reject(diverged);
    }
    if (this.isLive && this.held.length === 0) return next(request);
    return new Promise((resolve, reject) => {
      const asked = { request, next: this.early(request, next), resolve, reject };
      if (this.answered.has(index)) this.asked.set(index, asked);
      else this.held.push(asked);
      this.release();
    });
  }

  waiting(): void {
    // A recorded answer comes without waiting.
    if (!this.isLive) throw new HostStop(noAnswer(this.enteredCount));
  }

  private get isLive(): boolean {
    return this.enteredCount >= this.journal.answers.length;
  }

  /** Asks a provider that keeps state at once; any other when it is its turn. */
  private early(request: DoorRequest, next: Next): Next {
    if (!isAskedAgain(request, this.deterministic)) return next;
    const answer = next(request);
    return () => answer;
  }

  /** One answer is under way at a time, so that none overtakes another. */
  private release(): void {
    const entry = this.journal.answers[this.enteredCount];
    const asked = entry === undefined ? undefined : this.asked.get(entry.request);
    if (this.isUnderWay || entry === undefined || asked === undefined) return;
    this.isUnderWay = true;
    this.asked.delete(entry.request);
    this.answer(asked, entry.answer);
  }

  private answer({ request, resolve, reject }: Asked, answer: JournalAnswer | null): void {
    try {
      resolve({ ...recordedAnswer(request, answer), enter: () => this.entered() });
    } catch (error) {
      if (!(error instanceof HostStop)) throw error;
      reject(error);
    }
  }

  private entered(): void {
    this.isUnderWay = false;
    this.enteredCount += 1;
    this.release();
    // The program runs on first: what it stops waiting for now is not asked again.
    if (this.isLive) queueMicrotask(() => this.askHeld());
  }

  private askHeld(): void {
    const held = this.held;
    this.held = [];
    for (const { request, next, resolve } of held) {
      if (request.isWanted?.() !== false) resolve(next(request));
    }
  }
}
