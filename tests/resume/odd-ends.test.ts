// Runs that were killed in odd places: requests that nobody waits for any more, answers that are
// errors, runs that the host stopped (formats 14.4).

import { appendFileSync } from "node:fs";
import { ok } from "@lumen/core/result";
import { FRAME_PAYLOAD_BYTES_MAX, readWholeTrace } from "@lumen/core/trace";
import { displayValue } from "@lumen/core/value";
import { continuedBinaryTracer } from "@lumen/raster";
import { type FakeTools, fakeTools } from "@lumen/testkit";
import { describe, expect, it } from "vitest";
import { bytesOf } from "../cli/testing/lumen.ts";
import {
  cutCopy,
  eventsBut,
  resumeAt,
  resumeCut,
  stoppedRun,
  wholeRun,
} from "./testing/cut-run.ts";

/** `work.do` never answers 1, fails for 2, and answers ten times any other number. */
function workers(): FakeTools {
  return fakeTools({
    "work.do": ({ input }) => {
      const n = Number(/\d+/.exec(displayValue(input))?.[0]);
      if (n === 1) return new Promise(() => undefined);
      if (n === 2) return { ok: false, kind: "ExecutionFailed", message: "there is no two" };
      return { ok: true, value: 10 * n };
    },
  });
}

const inputsOf = (fake: FakeTools): readonly string[] =>
  fake.calls.map(({ input }) => displayValue(input));

const HEAD = `use tool work.do as Work
grant Work

cell one(n: Int) -> Int / {external}
  let got: Int = Work(n: n)
  return got
end
`;

describe("a request that nobody waits for any more", () => {
  const program = `${HEAD}
cell main() -> Int / {external, async, time}
  let late = timeout(spawn(fn() => one(1)), 5)
  return one(4) + one(5) + (late ?? 0)
end
`;

  it("is asked again only where it was waited for", async () => {
    const run = await wholeRun(program, { providers: workers().kinds });
    const stopped = run.events.findIndex(({ kind }) => kind === "FutureResolve");
    expect(stopped).toBeGreaterThan(0);
    for (let at = 1; at < run.events.length - 1; at += 1) {
      const fake = workers();
      const resumed = await resumeCut(run, run.offsets[at + 1] ?? 0, fake.kinds);
      expect([at, resumed.result]).toEqual([at, run.result]);
      if (at > stopped) expect(inputsOf(fake)).not.toContain('{"n": 1}');
    }
  });
});

describe("an answer that is an error", () => {
  const program = `${HEAD}
cell main() -> Int / {external, async}
  let failed = spawn(fn() => one(2))
  let first = one(3)
  return first + await race(failed, spawn(fn() => one(4)))
end
`;

  it("is asked again only where its record was cut off", async () => {
    const run = await wholeRun(program, { providers: workers().kinds });
    const failure = run.events.findIndex((e) => e.kind === "ToolResult" && !e.ok);
    for (let at = failure - 1; at < failure + 4; at += 1) {
      const fake = workers();
      const resumed = await resumeCut(run, run.offsets[at + 1] ?? 0, fake.kinds);
      expect([at, resumed.result]).toEqual([at, run.result]);
      expect([at, inputsOf(fake).includes('{"n": 2}')]).toEqual([at, at <= failure]);
    }
  });
});

describe("a run that the host stopped", () => {
  const program = `${HEAD}
cell main() -> Any / {external}
  let three = Work(n: 3)
  let four = Work(n: 4)
  return [three, four, Work(n: 5)]
end
`;

  it("goes on from before it was stopped", async () => {
    const whole = await wholeRun(program, { providers: workers().kinds });
    // An answer that no frame holds.
    const broken = fakeTools({
      "work.do": ({ input }) => ({
        ok: true,
        value: displayValue(input) === '{"n": 4}' ? "x".repeat(FRAME_PAYLOAD_BYTES_MAX) : 30,
      }),
    });
    const path = await stoppedRun(program, { providers: broken.kinds });
    const fake = workers();
    const resumed = await resumeAt(path, fake.kinds);
    expect(resumed.commitment).toBe(whole.commitment);
    expect(inputsOf(fake)).toEqual(['{"n": 4}', '{"n": 5}']);
    expect(eventsBut(path)).toEqual(whole.events);
  });

  it("goes on where its trace says that it was stopped", async () => {
    const whole = await wholeRun(program, { providers: workers().kinds });
    const at = whole.events.findLastIndex(({ kind }) => kind === "ToolCall");
    const path = cutCopy(whole, whole.offsets[at + 1] ?? 0);
    const read = readWholeTrace(bytesOf(path), { subject: path });
    if (!read.ok || read.value.ending.kind !== "complete") throw new Error("a whole trace");
    const { chain } = read.value.ending.tail;
    const tracer = continuedBinaryTracer(chain, (bytes) => {
      appendFileSync(path, bytes);
      return ok(null);
    });
    const timestamp = at + 1;
    const root = new Uint8Array(32);
    const end = { kind: "RunEnd", durationNs: 0, steps: 2, size: 3, root } as const;
    tracer.recordEvent({ kind: "CellEnd", span: 1, timestamp, durationNs: 0 });
    tracer.recordEvent({ ...end, timestamp: timestamp + 1, status: "Aborted" });
    const fake = workers();
    const resumed = await resumeAt(path, fake.kinds);
    expect(resumed.commitment).toBe(whole.commitment);
    expect(inputsOf(fake)).toEqual(['{"n": 5}']);
    expect(eventsBut(path)).toEqual(whole.events);
  });
});
