// A run of 200 requests that is killed: after frames of its trace and inside of frames. Taken up
// again it gives the same result and the same commitment, and nothing that was
// answered is asked a second time (formats 14.4, language 14).

import type { TraceEvent } from "@lumen/core/trace";
import { displayValue } from "@lumen/core/value";
import { type FakeTools, fakeTools } from "@lumen/testkit";
import { replay } from "@lumen/toolchain";
import { describe, expect, it } from "vitest";
import { bytesOf } from "../cli/testing/lumen.ts";
import {
  cutCopy,
  eventsBut,
  type Resumed,
  resumeAt,
  resumeCut,
  type WholeRun,
  wholeRun,
} from "./testing/cut-run.ts";

/** Calls one after the other, other requests between them. */
const PROGRAM = `use tool work.do as Work
grant Work

cell one(n: Int) -> Int / {external, random}
  let got: Int = Work(n: n)
  return got + random_int(0, 9)
end

cell main() -> Int / {external, random, time, emit}
  let total = 0
  for i in range(0, 20)
    total = total + one(i) + one(500 + i)
    print("at", i, total, timestamp_ms())
    total = total + one(1000 + i) + one(2000 + i)
  end
  return total
end
`;

/** Calls at the same time: in which order their answers come is not for the program to say. */
const PARALLEL = `use tool work.do as Work
grant Work

cell one(n: Int) -> Int / {external}
  let got: Int = Work(n: n)
  let more: Int = Work(n: 10000 + n)
  return got + more
end

cell main() -> Int / {external, async}
  let total = 0
  for i in range(0, 10)
    let tasks = [spawn(fn() => one(10 * i + k)) for k in range(0, 5)]
    total = total + sum(await tasks)
  end
  return total
end
`;

/** Of 200 requests at the door. */
const CALLS = 80;
const POINTS = 200;

/** Answers ten times the number: every third call later, every seventh at its second attempt. */
function workers(): FakeTools {
  const seen = new Set<string>();
  return fakeTools({
    "work.do": async ({ input }) => {
      const text = displayValue(input);
      const n = Number(/\d+/.exec(text)?.[0]);
      if (n % 7 === 0 && !seen.has(text)) {
        seen.add(text);
        return { ok: false, kind: "RateLimit", message: "later" };
      }
      if (n % 3 === 0) await new Promise((wake) => setImmediate(wake));
      return { ok: true, value: 10 * n };
    },
  });
}

const inputsOf = (fake: FakeTools): readonly string[] =>
  fake.calls.map(({ input }) => displayValue(input));

/** Inputs of calls whose answer is in the first `length` bytes of the trace. */
function answeredBefore(run: WholeRun, length: number): number {
  const isWhole = (at: number): boolean => (run.offsets[at + 1] ?? Infinity) <= length;
  return run.events.filter((event, at) => event.kind === "ToolResult" && isWhole(at)).length;
}

/**
 * Points of a file of frames: the first and last ends of frames; between them ends, and places
 * inside of frames, in turn. Genesis is what a run goes on from, so it is whole.
 */
function cutPoints({ offsets }: WholeRun, count: number): readonly number[] {
  const ends = offsets.slice(1);
  const edges = [...ends.slice(0, 4), ...ends.slice(-5, -1)];
  const between = Array.from({ length: count - edges.length }, (_, i) => {
    const frame = 1 + Math.floor((i * (ends.length - 2)) / (count - edges.length));
    const [start = 0, end = 0] = [ends[frame - 1], ends[frame]];
    return i % 2 === 0 ? end : start + 1 + ((i * 7919) % (end - start - 1));
  });
  return [...edges, ...between];
}

function expectSame(run: WholeRun, resumed: Resumed): void {
  expect(resumed.result).toBe(run.result);
  expect(resumed.commitment).toBe(run.commitment);
  expect(run.stdout.endsWith(resumed.stdout)).toBe(true);
}

describe("a run that is cut off", () => {
  it("goes on at any of 200 points as if nothing had been", { timeout: 60_000 }, async () => {
    const whole = workers();
    const run = await wholeRun(PROGRAM, { providers: whole.kinds });
    expect(new Set(inputsOf(whole)).size).toBe(CALLS);
    const kinds = new Set<TraceEvent["kind"]>();
    for (const point of cutPoints(run, POINTS)) {
      const frame = run.offsets.findIndex((offset) => offset >= point);
      const last = run.events[frame - 1];
      if (last !== undefined) kinds.add(last.kind);
      const again = workers();
      expectSame(run, await resumeCut(run, point, again.kinds));
      const answered = answeredBefore(run, point);
      const asked = new Set(inputsOf(again));
      // Every call is either answered in the record or asked now, and none is both.
      expect(asked.size + answered).toBe(CALLS);
    }
    expect([...kinds].sort()).toEqual(
      [...new Set(run.events.slice(0, -1).map(({ kind }) => kind))].sort(),
    );
  });

  it("writes the events that it would have written, and marks where it went on", async () => {
    const run = await wholeRun(PROGRAM, { providers: workers().kinds });
    for (const point of cutPoints(run, 16)) {
      const path = cutCopy(run, point);
      await resumeAt(path, workers().kinds);
      expect(eventsBut(path)).toEqual(run.events);
    }
  });

  it("goes on again and again", async () => {
    const run = await wholeRun(PROGRAM, { providers: workers().kinds });
    let path = cutCopy(run, (run.offsets[50] ?? 0) + 3);
    for (const frame of [150, 300, 500]) {
      await resumeAt(path, workers().kinds);
      // The frames of marks shift the others a little.
      path = cutCopy({ ...run, bytes: bytesOf(path) }, (run.offsets[frame] ?? 0) + 5);
    }
    expectSame(run, await resumeAt(path, workers().kinds));
    expect(eventsBut(path)).toEqual(run.events);
  });

  it("asks calls that were under way at the same time again, and no other", async () => {
    const run = await wholeRun(PARALLEL, { providers: workers().kinds });
    for (const point of cutPoints(run, 20)) {
      const again = workers();
      const path = cutCopy(run, point);
      const resumed = await resumeAt(path, again.kinds);
      expect(resumed.result).toBe(run.result);
      expect(new Set(inputsOf(again)).size + answeredBefore(run, point)).toBe(100);
      const checked = await replay({ trace: path, projectFolder: run.folder, program: undefined });
      expect(checked.ok && checked.value.result.kind).toBe("identical");
    }
  });

  it("is the same for a trace of JSON lines", async () => {
    const how = { providers: workers().kinds, traceFormat: "json" } as const;
    const run = await wholeRun(PROGRAM, how);
    const lines = Buffer.from(run.bytes).toString("utf8").split("\n");
    const ends = lines.map((_, i) => Buffer.byteLength(lines.slice(0, i + 1).join("\n")));
    for (const line of [1, 2, 50, 51, 200, 401, 600]) {
      for (const shift of [-9, 0, 1]) {
        const point = (ends[line] ?? 0) + (line === 1 ? Math.max(0, shift) : shift);
        expectSame(run, await resumeCut(run, point, workers().kinds));
      }
    }
  });
});
