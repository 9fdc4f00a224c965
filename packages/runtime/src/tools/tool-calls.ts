// Calls of providers: attempts, waits between them, the deadline over all (language 11.4).

import type { ToolEntry, ToolRetry } from "@lumen/core/program";
import { isInt, type Value } from "@lumen/core/value";
import type { DoorAnswer, Layer } from "../door.ts";
import type { Sources } from "../providers/clock.ts";
import { shortMessage } from "./answers.ts";
import { argumentOf, inputOf, TIMEOUT_ARGUMENT } from "./tool-policy.ts";
import { TOOL_ERRORS, type ToolAnswer, type ToolProvider } from "./tool-provider.ts";

/** Retries of a call where its cell has no `@retry`. */
export const RETRY_DEFAULT: ToolRetry = { max: 3, baseMs: 100 };

/** The longest wait that doubling leads to. */
export const BACKOFF_MS_MAX = 10_000;

/** A longer wait, asked for by `Retry-After`, is not worth it: the error surfaces at once. */
export const RETRY_AFTER_MS_MAX = 60_000;

/** Timers hold 31 bits. */
const TIMER_MS_MAX = 2 ** 31 - 1;

/** The provider of a tool; null where none has it. */
export type FindProvider = (tool: ToolEntry) => ToolProvider | null;

/** The clock of waits: that of the host, so that a logical one does not wait. */
export type RetryClock = Pick<Sources, "steadyNs" | "sleepMs" | "random53">;

/**
 * The innermost layer: asks the provider, again where its error allows it. Calls without a provider
 * go on. `end` is aborted when the run ends.
 */
export function toolCallLayer(
  find: FindProvider,
  clock: RetryClock,
  end: AbortSignal,
  scrub: (text: string) => string = (text) => text,
): Layer {
  return {
    name: "tool calls",
    handle: async (request, next): Promise<DoorAnswer> => {
      const { tool, args, idempotencyKey = null } = request;
      const provider = tool === undefined ? null : find(tool);
      if (tool === undefined || provider === null) return next(request);
      const named = inputOf(request);
      const asked = named === null ? undefined : argumentOf(named, TIMEOUT_ARGUMENT);
      const deadline = new Deadline(clock, deadlineMs(tool, asked), end);
      try {
        const input = args[0] ?? null;
        return await attempts({ tool, provider, input, idempotencyKey, clock, deadline, scrub });
      } finally {
        deadline.release();
      }
    },
  };
}

/** The granted time, or less where the call says so; null without a grant. */
function deadlineMs({ grant }: ToolEntry, asked: Value | undefined): number | null {
  if (grant.timeoutMs === null) return null;
  const own = asked === undefined || !isInt(asked) ? grant.timeoutMs : Number(asked);
  return Math.max(0, Math.min(own, grant.timeoutMs));
}

interface Attempts {
  readonly tool: ToolEntry;
  readonly provider: ToolProvider;
  readonly input: Value;
  readonly idempotencyKey: string | null;
  readonly clock: RetryClock;
  readonly deadline: Deadline;
  readonly scrub: (text: string) => string;
}

async function attempts({
  tool,
  provider,
  clock,
  deadline,
  scrub,
  ...asked
}: Attempts): Promise<DoorAnswer> {
  const { id, version } = tool;
  const retry = tool.retry ?? RETRY_DEFAULT;
  for (let count = 1; ; count += 1) {
    const call = { id, version, ...asked, signal: deadline.signal };
    const found = deadline.isOver ? null : await deadline.race(provider.call(call));
    if (found === null) return timedOut(deadline, count);
    if (found.ok) return { ok: true, value: found.value, attempts: count };
    const waitMs = waitBefore(found, count, retry, clock);
    if (waitMs === null || !deadline.allows(waitMs)) return failed(found, count, scrub);
    if ((await deadline.race(clock.sleepMs(waitMs).then(() => true))) === null)
      return timedOut(deadline, count);
  }
}

/** Secrets are taken out first: a value that is cut is hard to tell. */
function failed(
  found: ToolAnswer & { readonly ok: false },
  count: number,
  scrub: (text: string) => string,
): DoorAnswer {
  const message = `${found.kind}: ${shortMessage(scrub(found.message))}`;
  return { ok: false, code: found.kind, message, attempts: count };
}

function timedOut({ limitMs }: Deadline, count: number): DoorAnswer {
  const why = limitMs === null ? "the run ended" : `no answer within ${limitMs} ms`;
  return { ok: false, code: "Timeout", message: `Timeout: ${why}`, attempts: count };
}

/**
 * Milliseconds to wait after the attempt number `count`; null where there is no further one. Half
 * of the backoff is jitter, so that callers that failed together do not come back together.
 */
function waitBefore(
  found: ToolAnswer & { readonly ok: false },
  count: number,
  retry: ToolRetry,
  clock: RetryClock,
): number | null {
  if (!TOOL_ERRORS[found.kind].isRetried || count > retry.max) return null;
  const { retryAfterMs = 0 } = found;
  if (retryAfterMs > RETRY_AFTER_MS_MAX) return null;
  const backoff = Math.min(retry.baseMs * 2 ** (count - 1), BACKOFF_MS_MAX);
  const jittered = (backoff / 2) * (1 + clock.random53() / 2 ** 53);
  return Math.max(Math.round(jittered), retryAfterMs);
}

/**
 * The time that all attempts of a call have. A provider that hangs is given up in real time,
 * whatever the clock of waits; waits count by that clock.
 */
class Deadline {
  readonly limitMs: number | null;
  private readonly clock: RetryClock;
  private readonly startNs: bigint;
  private readonly controller = new AbortController();
  private readonly over: Promise<null>;
  /** Ends the timer; called once, when the call is over. */
  readonly release: () => void;

  constructor(clock: RetryClock, limitMs: number | null, end: AbortSignal) {
    this.limitMs = limitMs;
    this.clock = clock;
    this.startNs = clock.steadyNs();
    const abort = (): void => this.controller.abort();
    const { signal } = this.controller;
    this.over = new Promise((resolve) => {
      signal.addEventListener("abort", () => resolve(null), { once: true });
    });
    const timer = limitMs === null ? null : setTimeout(abort, Math.min(limitMs, TIMER_MS_MAX));
    end.addEventListener("abort", abort, { once: true });
    if (end.aborted) abort();
    this.release = (): void => {
      if (timer !== null) clearTimeout(timer);
      end.removeEventListener("abort", abort);
    };
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get isOver(): boolean {
    return this.controller.signal.aborted;
  }

  /** What comes in time; else null. */
  race<T>(work: Promise<T>): Promise<T | null> {
    return Promise.race([work, this.over]);
  }

  /** Whether there is time left after a wait. */
  allows(waitMs: number): boolean {
    if (this.limitMs === null) return true;
    const usedMs = Number((this.clock.steadyNs() - this.startNs) / 1_000_000n);
    return usedMs + waitMs < this.limitMs;
  }
}
