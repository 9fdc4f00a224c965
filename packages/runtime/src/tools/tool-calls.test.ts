// Attempts, waits and deadlines of calls of tools (language 11.4), by a logical clock.

import { mapFromEntries, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { type DoorAnswer, deterministicSources, makeHost, toolCallLayer } from "../index.ts";
import { TOOL_MESSAGE_MAX } from "./answers.ts";
import { toolNamed } from "./testing/tool-entry.ts";
import { BACKOFF_MS_MAX, RETRY_AFTER_MS_MAX } from "./tool-calls.ts";
import {
  TOOL_ERRORS,
  type ToolAnswer,
  type ToolCall,
  type ToolErrorKind,
} from "./tool-provider.ts";

interface Ran {
  readonly answer: DoorAnswer;
  /** Waits between attempts, in milliseconds. */
  readonly waits: readonly number[];
  readonly calls: readonly ToolCall[];
}

type Call = (call: ToolCall, count: number) => ToolAnswer | Promise<ToolAnswer>;

async function ask(
  provide: Call,
  {
    timeoutMs = null,
    retry = null,
    input = {},
    end = new AbortController(),
    seed = 1n,
    scrub = (text: string): string => text,
  }: {
    readonly timeoutMs?: number | null;
    readonly retry?: { readonly max: number; readonly baseMs: number } | null;
    readonly input?: { readonly [name: string]: Value };
    readonly end?: AbortController;
    readonly seed?: bigint;
    readonly scrub?: (text: string) => string;
  } = {},
): Promise<Ran> {
  const waits: number[] = [];
  const calls: ToolCall[] = [];
  const sources = deterministicSources(seed);
  const clock = {
    ...sources,
    sleepMs: (ms: number): Promise<void> => {
      waits.push(ms);
      return sources.sleepMs(ms);
    },
  };
  const provider = {
    name: "fake",
    call: async (call: ToolCall): Promise<ToolAnswer> => {
      calls.push(call);
      return provide(call, calls.length);
    },
    close: async () => undefined,
  };
  const tool = toolNamed("llm.chat", { timeoutMs }, { retry });
  const host = makeHost([toolCallLayer(() => provider, clock, end.signal, scrub)], {}, [tool]);
  const entries = Object.entries(input).map(([key, value]) => ({ key, value }));
  const args = [mapFromEntries(entries)];
  const answer = await host({ effect: "tool", operation: tool.ref, args });
  return { answer, waits, calls };
}

function failing(kind: ToolErrorKind, retryAfterMs?: number): ToolAnswer {
  const more = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { ok: false, kind, message: "why", ...more };
}

describe("an error", () => {
  it("is cut, but not before secrets are taken out of it", async () => {
    const message = `${"x".repeat(TOOL_MESSAGE_MAX - 8)} of 12345678 and so on and on`;
    const long = (): ToolAnswer => ({ ok: false, kind: "ExecutionFailed", message });
    const scrub = (text: string): string => text.replace("of 12345678 and", "[secret K]");
    const { answer } = await ask(long, { scrub });
    const told = message.replace("of 12345678 and", "[secret K]");
    const shown = `ExecutionFailed: ${told.slice(0, TOOL_MESSAGE_MAX)}…`;
    expect(answer).toMatchObject({ ok: false, message: shown });
    const { answer: uncovered } = await ask(() => ({ ...long(), message: `${message}!!!` }));
    expect(uncovered).toMatchObject({
      message: `ExecutionFailed: ${message.slice(0, TOOL_MESSAGE_MAX)}…`,
    });
  });

  it.each(
    Object.entries(TOOL_ERRORS),
  )("of kind %s is retried as the table says", async (kind, row) => {
    const { answer, calls } = await ask(
      (): ToolAnswer => ({
        ok: false,
        // The keys of the table are its kinds.
        kind: kind as ToolErrorKind,
        message: "why",
      }),
    );
    const attempts = row.isRetried ? 4 : 1;
    expect(calls).toHaveLength(attempts);
    expect(answer).toEqual({ ok: false, code: kind, message: `${kind}: why`, attempts });
  });

  it("may be followed by a success, which tells how often it was asked", async () => {
    const { answer, waits } = await ask((_, count) =>
      count < 3 ? failing("RateLimit") : { ok: true, value: "late" },
    );
    expect(answer).toEqual({ ok: true, value: "late", attempts: 3 });
    expect(waits).toHaveLength(2);
  });

  it("stops retries where it is of another kind", async () => {
    const { answer, calls } = await ask((_, count) =>
      failing(count === 1 ? "Timeout" : "InvalidArgs"),
    );
    expect(calls).toHaveLength(2);
    expect(answer).toMatchObject({ code: "InvalidArgs", attempts: 2 });
  });
});

describe("waits", () => {
  it("double, with half of them jitter, up to ten seconds", async () => {
    const { waits } = await ask(() => failing("RateLimit"), { retry: { max: 12, baseMs: 100 } });
    expect(waits).toHaveLength(12);
    for (const [i, wait] of waits.entries()) {
      const backoff = Math.min(100 * 2 ** i, BACKOFF_MS_MAX);
      expect(wait).toBeGreaterThanOrEqual(backoff / 2);
      expect(wait).toBeLessThanOrEqual(backoff);
    }
    expect(new Set(waits).size).toBeGreaterThan(8);
  });

  it("are the same for one seed", async () => {
    const run = async (seed: bigint): Promise<readonly number[]> =>
      (await ask(() => failing("RateLimit"), { seed })).waits;
    expect(await run(1n)).toEqual(await run(1n));
    expect(await run(1n)).not.toEqual(await run(2n));
  });

  it("are as long as the provider asks, but not longer than a minute", async () => {
    const patient = await ask(() => failing("RateLimit", RETRY_AFTER_MS_MAX));
    expect(patient.waits).toEqual(Array(3).fill(RETRY_AFTER_MS_MAX));
    const given = await ask(() => failing("RateLimit", RETRY_AFTER_MS_MAX + 1));
    expect(given).toMatchObject({ waits: [], answer: { code: "RateLimit", attempts: 1 } });
  });

  it("do not happen with @retry(max: 0)", async () => {
    const { calls } = await ask(() => failing("RateLimit"), { retry: { max: 0, baseMs: 100 } });
    expect(calls).toHaveLength(1);
  });
});

describe("a deadline", () => {
  it("ends a call of a provider that hangs, and tells it so", async () => {
    const hangs: Call = (call) =>
      new Promise((resolve) => {
        call.signal.addEventListener("abort", () => resolve(failing("ExecutionFailed")));
      });
    const { answer, calls } = await ask(hangs, { timeoutMs: 5 });
    const message = "Timeout: no answer within 5 ms";
    expect(answer).toEqual({ ok: false, code: "Timeout", message, attempts: 1 });
    expect(calls[0]?.signal.aborted).toBe(true);
  });

  it("is that of the call where it is shorter", async () => {
    const hangs: Call = () => new Promise(() => undefined);
    const { answer } = await ask(hangs, { timeoutMs: 60_000, input: { timeout_ms: 5 } });
    expect(answer).toMatchObject({ message: "Timeout: no answer within 5 ms" });
  });

  it("is over all attempts: no wait goes beyond it", async () => {
    const { answer, waits } = await ask(() => failing("RateLimit"), {
      timeoutMs: 320,
      retry: { max: 9, baseMs: 200 },
    });
    expect(waits.length).toBeGreaterThan(0);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(320);
    expect(answer).toMatchObject({ code: "RateLimit", attempts: waits.length + 1 });
  });

  it("leaves nothing behind", async () => {
    const { calls } = await ask(() => ({ ok: true, value: 1 }), { timeoutMs: 5 });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls[0]?.signal.aborted).toBe(false);
  });
});

describe("the end of the run", () => {
  it("gives up what is under way", async () => {
    const end = new AbortController();
    const running = ask(() => new Promise(() => undefined), { end });
    end.abort();
    expect((await running).answer).toMatchObject({ message: "Timeout: the run ended" });
  });
});
