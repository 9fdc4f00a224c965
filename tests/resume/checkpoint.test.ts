// `checkpoint`, `@durable` and going on from snapshots (language 14, formats 14.4, 30).

import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { displayValue } from "@lumen/core/value";
import { type FakeTools, fakeTools } from "@lumen/testkit";
import { replay, resumeRun, travel } from "@lumen/toolchain";
import { describe, expect, it } from "vitest";
import {
  document,
  jsonLines,
  lumen,
  onlyTrace,
  project,
  traceNames,
} from "../cli/testing/lumen.ts";
import { cutCopy, eventsBut, resumeAt, type WholeRun, wholeRun } from "./testing/cut-run.ts";

const MANIFEST = '[package]\nname = "check"\nversion = "0.1.0"\n';

/**
 * Work before, between and after two checkpoints, with a task that waits meanwhile. One request at
 * a time: of several, answers may come in another order when they are asked again.
 */
const PROGRAM = `use tool work.do as Work
grant Work
@feature "checkpoint"

cell slow(n: Int) -> Int / {external}
  let got: Int = Work(n: n)
  let more: Int = Work(n: n + 1)
  return got + more
end

cell expect_int(value: Any) -> Int
  match value
    n: Int -> n
    _ -> 0
  end
end

cell main() -> Int / {external, async, emit, random, time, state, approve, trace, env}
  let log = [trace_ref()]
  let total = slow(1)
  set_env("STAGE", "one")
  let (tx, rx) = channel[Int](1)
  let waiting = spawn(fn() => slow(expect_int(rx.recv())))
  let first = checkpoint "one"
  print("first", total, random_int(0, 1000))
  tx.send(10)
  total = total + await waiting
  let second = checkpoint
  print("second", total, timestamp_ms(), get_env("STAGE"))
  log = log + [trace_ref()]
  total = total + slow(20)
  print(length(log), log[0] == log[1])
  return total
end
`;

function workers(): FakeTools {
  return fakeTools({
    "work.do": ({ input }) => ({
      ok: true,
      value: 10 * Number(/\d+/.exec(displayValue(input))?.[0]),
    }),
  });
}

/** A copy of the run cut behind an event, with the snapshots that there were. */
function cutBehind(run: WholeRun, event: number): string {
  return cutCopy(run, run.offsets[event + 1] ?? 0);
}

const askedOf = (fake: FakeTools): number => fake.calls.length;

describe("a run with checkpoints", () => {
  it("goes on from the newest one, wherever it was killed", { timeout: 60_000 }, async () => {
    const whole = workers();
    const run = await wholeRun(PROGRAM, { providers: whole.kinds });
    expect(run.events.filter(({ kind }) => kind === "Checkpoint")).toHaveLength(2);
    for (let at = 0; at < run.events.length - 1; at += 1) {
      const path = cutBehind(run, at);
      const again = workers();
      const resumed = await resumeAt(path, again.kinds);
      expect(resumed.report).toMatchObject({ kind: "resumed", warnings: [] });
      expect([at, resumed.result, resumed.commitment]).toEqual([at, run.result, run.commitment]);
      const answered = run.events.slice(0, at + 1).filter(({ kind }) => kind === "ToolResult");
      expect(answered.length + askedOf(again)).toBe(askedOf(whole));
      expect(run.stdout.endsWith(resumed.stdout)).toBe(true);
      const marks = ["Checkpoint", "Recovered"];
      const work = eventsBut(path).filter(({ kind }) => !marks.includes(kind));
      expect(work).toEqual(run.events.filter(({ kind }) => !marks.includes(kind)));
    }
  });

  it("uses an older one, or none, where a file is damaged or gone", async () => {
    const run = await wholeRun(PROGRAM, { providers: workers().kinds });
    const path = cutBehind(run, run.events.length - 6);
    const folder = join(dirname(path), "..", "checkpoints");
    const [runFolder = ""] = readdirSync(folder);
    const file = (number: number): string => join(folder, runFolder, `${number}.lsnap`);
    const bytes = readFileSync(file(2));
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    writeFileSync(file(2), bytes);
    const resumed = await resumeAt(path, workers().kinds);
    expect(resumed.commitment).toBe(run.commitment);
    expect(resumed.report).toMatchObject({
      warnings: [expect.stringMatching(/2\.lsnap is not used: the file is not the one/)],
    });

    const bare = cutBehind(run, run.events.length - 6);
    rmSync(join(dirname(bare), "..", "checkpoints"), { recursive: true });
    const again = await resumeAt(bare, workers().kinds);
    expect(again.commitment).toBe(run.commitment);
    expect(again.report).toMatchObject({ warnings: [{}, {}].map(() => expect.any(String)) });
  });

  it("is replayed like any other", async () => {
    const run = await wholeRun(PROGRAM, { providers: workers().kinds });
    const again = await replay({ trace: run.path, projectFolder: run.folder, program: undefined });
    expect(again.ok && again.value.result.kind).toBe("identical");
  });

  it("is looked at from the nearest one", async () => {
    const run = await wholeRun(PROGRAM, { providers: workers().kinds });
    const request = { projectFolder: run.folder, program: undefined };
    const bare = cutCopy(run, run.bytes.length);
    rmSync(join(dirname(bare), "..", "checkpoints"), { recursive: true });
    const [near, far] = await Promise.all(
      [run.path, bare].map((trace) => travel({ ...request, trace })),
    );
    if (!near?.ok || !far?.ok) throw new Error("both can be travelled");
    const froms = new Set<number>();
    for (let k = 0; k <= near.value.steps; k += 1) {
      const [a, b] = [await near.value.stopAt(k), await far.value.stopAt(k)];
      if (!a.ok || !b.ok || a.value.kind !== "cell") throw new Error(`stop ${k}`);
      froms.add(a.value.from);
      expect(b.value).toEqual({ ...a.value, from: 0 });
    }
    expect(froms.size).toBe(3);
  });

  it("goes on from any of them as another run", async () => {
    const run = await wholeRun(PROGRAM, { providers: workers().kinds });
    const [id = ""] = run.path.split("/").at(-1)?.split(".") ?? [];
    const request = { projectFolder: run.folder, durable: false, args: [] };
    const quiet = { stdout: () => undefined, stderr: () => undefined };
    const console = { ...quiet, readLine: () => "", readRest: () => "" };
    const before = readFileSync(run.path);
    for (const number of [1, 2]) {
      const fake = workers();
      const forked = await resumeRun({
        ...request,
        run: `${id}.${number}`,
        console,
        providers: fake.kinds,
      });
      if (!forked.ok || forked.value.kind !== "resumed") throw new Error(JSON.stringify(forked));
      const { evidence } = forked.value.report;
      // Ids of snapshots and references are those of the run that makes them: no commitments.
      expect(JSON.stringify(forked.value.report.outcome)).toContain('"display":"650"');
      expect(evidence?.runId).not.toBe(id);
      expect(askedOf(fake)).toBe(number === 1 ? 4 : 2);
      const trace = evidence?.tracePath ?? "";
      const again = await replay({ trace, projectFolder: run.folder, program: undefined });
      expect(again.ok && again.value.result.kind).toBe("identical");
    }
    expect(readFileSync(run.path).equals(before)).toBe(true);
  });
});

describe("checkpoint", () => {
  it("gives the id, null without a store", async () => {
    const code = '@feature "checkpoint"\ncell main() -> String? = checkpoint "a"';
    const files = { "main.lm.md": document(code), "lumen.toml": MANIFEST };
    const folder = project(files);
    const ran = await lumen(folder, "run", "--allow-unstable");
    const id = ran.stdout.trim();
    expect(id).toMatch(/^\d+-\d+-[0-9a-f]{8}\.1$/);
    const [run = ""] = id.split(".");
    const file = join(folder, "target/raster/checkpoints", run, "1.lsnap");
    expect(existsSync(file)).toBe(true);
    const resumed = await lumen(folder, "run", "--resume", id);
    expect(resumed).toMatchObject({ status: 0, stdout: ran.stdout });
    expect(traceNames(folder)).toHaveLength(2);
    const none = await lumen(folder, "run", "--no-trace", "--allow-unstable");
    expect(none).toMatchObject({ status: 0, stdout: "" });
  });

  it("is refused while an actor lives or a socket is open", async () => {
    const actor = `@feature "checkpoint"
actor Counter(start: Int)
  state n: Int = start
  on Get() -> Int = n
end

cell main() -> Null
  let c = Counter(0)
  let n = await c.Get()
  let id = checkpoint
  return null
end
`;
    const socket = `@feature "checkpoint"
cell main() -> Null
  let s = udp_bind("127.0.0.1:0")
  let id = checkpoint
  return null
end
`;
    for (const [code, why] of [
      [actor, "cannot checkpoint: live actor"],
      [socket, "cannot checkpoint: open socket"],
    ] as const) {
      const folder = project({ "main.lm.md": document(code), "lumen.toml": MANIFEST });
      const ran = await lumen(folder, "run", "--allow-unstable");
      expect(ran.stderr).toContain(`runtime error: ${why}`);
      expect(ran.status).toBe(1);
    }
  });

  it("follows each call of a tool in a durable cell", async () => {
    const code = `use tool work.do as Work
grant Work

@durable
cell both() -> Int / {external, state, approve}
  let a: Int = Work(n: 1)
  let b: Int = Work(n: 2)
  return a + b
end

cell main() -> Int / {external, state, approve}
  let c: Int = Work(n: 3)
  return both() + c
end
`;
    const run = await wholeRun(code, { providers: workers().kinds });
    const kinds = run.events.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "Checkpoint")).toHaveLength(2);
    const last = kinds.lastIndexOf("Checkpoint");
    const fake = workers();
    const resumed = await resumeAt(cutBehind(run, last), fake.kinds);
    expect(resumed.commitment).toBe(run.commitment);
    expect(askedOf(fake)).toBe(0);
  });

  it("is told in the trace", async () => {
    const code = '@feature "checkpoint"\ncell main() -> String? = checkpoint "a"';
    const folder = project({ "main.lm.md": document(code), "lumen.toml": MANIFEST });
    await lumen(folder, "run", "--allow-unstable", "--trace-format", "json");
    const lines = jsonLines(readFileSync(onlyTrace(folder), "utf8"));
    expect(lines).toContainEqual(
      expect.objectContaining({ type: "Checkpoint", file: expect.stringMatching(/\/1\.lsnap$/) }),
    );
  });
});
