// The replay corpus: every kind of event is recorded, the recordings replay, and a copy in which
// one event of a kind was changed, chained and committed to anew, is found out.

import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EVENT_TABLE, type EventName, type TraceEvent } from "@lumen/core/trace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bytesOf, lumen, type Ran } from "../cli/testing/lumen.ts";
import { close, flipped, forge, open, recommit } from "../evidence/testing/forge.ts";
import { PROGRAMS } from "./testing/programs.ts";
import { type CorpusTrace, record } from "./testing/record.ts";

const traces = new Map<string, CorpusTrace>();
const recorded: CorpusTrace[] = [];

beforeAll(async () => {
  for (const program of PROGRAMS) {
    const trace = await record(program, { deterministic: true });
    traces.set(program.name, trace);
    recorded.push(trace, await record(program, { deterministic: false }));
  }
}, 60_000);

afterAll(() => {
  for (const { folder } of recorded) rmSync(folder, { recursive: true, force: true });
});

function traceOf(name: string): CorpusTrace {
  const trace = traces.get(name);
  if (trace === undefined) throw new Error(`no program ${name}`);
  return trace;
}

async function on(trace: CorpusTrace, bytes: Uint8Array, command: string): Promise<Ran> {
  const path = join(trace.folder, "target/raster/traces/copy.rtrace");
  writeFileSync(path, bytes);
  return lumen(trace.folder, command, path);
}

/** The event of a kind, changed; null leaves it. */
type Edit = (event: TraceEvent) => TraceEvent | null;

/** A copy of a trace with one event changed. */
interface Change {
  readonly program: string;
  readonly edit: Edit;
  /** What finds it, and what it says of both sides. */
  readonly found:
    | {
        readonly by: "replay";
        readonly expected: RegExp;
        readonly found: RegExp;
        readonly at?: RegExp;
      }
    | { readonly by: "verify"; readonly says: RegExp };
}

/** One change a kind. `nobody`: this writer writes none, and a replay does not look at it. */
const CHANGES: { readonly [N in EventName]: Change | "nobody" } = {
  TileStart: {
    program: "sequence",
    edit: (e) => (e.kind === "TileStart" ? { ...e, path: [] } : null),
    found: { by: "verify", says: /tile-start-path/ },
  },
  TileEnd: {
    program: "cell",
    edit: (e) => (e.kind === "TileEnd" ? { ...e, cycles: (e.cycles ?? 0) + 1 } : null),
    found: { by: "replay", expected: /TileEnd cycles \d+/, found: /TileEnd cycles \d+/ },
  },
  SequenceStart: {
    program: "sequence",
    edit: (e) => (e.kind === "SequenceStart" ? { ...e, name: "other" } : null),
    found: { by: "verify", says: /E_TRACE_NESTING/ },
  },
  SequenceEnd: {
    program: "sequence",
    edit: (e) => (e.kind === "SequenceEnd" ? { ...e, name: "other" } : null),
    found: { by: "verify", says: /E_TRACE_NESTING/ },
  },
  TileStep: {
    program: "sequence",
    edit: (e) =>
      e.kind === "TileStep" && e.record.kind === "Tile" && e.record.outcome.kind === "Ok"
        ? {
            ...e,
            record: {
              ...e.record,
              outcome: {
                ...e.record.outcome,
                outputDigest: flipped(e.record.outcome.outputDigest, 0),
              },
            },
          }
        : null,
    found: { by: "replay", expected: /tile \w+ -> ok/, found: /tile \w+ -> ok/ },
  },
  TileFailure: {
    program: "failing",
    edit: (e) =>
      e.kind === "TileFailure" ? { ...e, error: { ...e.error, code: "E_TRAP_HALT" } } : null,
    found: { by: "verify", says: /tile-end/ },
  },
  SequenceFailure: {
    program: "failing",
    edit: (e) => (e.kind === "SequenceFailure" ? { ...e, name: "other" } : null),
    found: { by: "verify", says: /E_TRACE_NESTING/ },
  },
  LoopIteration: {
    program: "sequence",
    edit: (e) => (e.kind === "LoopIteration" ? { ...e, span: e.span + 1 } : null),
    found: { by: "verify", says: /E_TRACE_NESTING/ },
  },
  ToolCall: {
    program: "tools",
    edit: (e) => (e.kind === "ToolCall" ? { ...e, tool: "web.put" } : null),
    found: {
      by: "replay",
      expected: /ToolCall tool "web.get"/,
      found: /ToolCall tool "web.put"/,
      at: /at main \(main\.lm:10:\d+\)/,
    },
  },
  ToolResult: {
    program: "tools",
    edit: (e) => (e.kind === "ToolResult" ? { ...e, result: otherPayload(e.result) } : null),
    found: { by: "replay", expected: /request tool:web.get/, found: /request tool:web.get/ },
  },
  EffectPerform: {
    program: "cell",
    edit: (e) =>
      e.kind === "EffectPerform" && e.effect === "emit" ? { ...e, operation: "eprint" } : null,
    found: {
      by: "replay",
      expected: /EffectPerform operation "print"/,
      found: /EffectPerform operation "eprint"/,
      at: /at main \(main\.lm:\d+:\d+\)/,
    },
  },
  EffectResume: {
    program: "cell",
    edit: (e) =>
      e.kind === "EffectResume" && e.result.kind === "Inline" && e.result.bytes.length > 0
        ? { ...e, result: otherPayload(e.result) }
        : null,
    found: { by: "replay", expected: /request|EffectPerform/, found: /request|EffectPerform/ },
  },
  FutureSpawn: {
    program: "cell",
    edit: (e) => (e.kind === "FutureSpawn" ? { ...e, cell: "other" } : null),
    found: {
      by: "replay",
      expected: /FutureSpawn cell "work"/,
      found: /FutureSpawn cell "other"/,
      at: /at main \(main\.lm:\d+:\d+\)/,
    },
  },
  FutureResolve: {
    program: "cell",
    edit: (e) => (e.kind === "FutureResolve" && e.state === "Ok" ? { ...e, state: "Err" } : null),
    found: {
      by: "replay",
      expected: /FutureResolve state "Ok"/,
      found: /FutureResolve state "Err"/,
    },
  },
  CellStart: {
    program: "cell",
    edit: (e) => (e.kind === "CellStart" ? { ...e, cell: "other" } : null),
    found: { by: "replay", expected: /CellStart cell "main"/, found: /CellStart cell "other"/ },
  },
  CellEnd: {
    program: "cell",
    edit: (e) => (e.kind === "CellEnd" ? { ...e, span: e.span + 1 } : null),
    found: { by: "replay", expected: /CellEnd span 1/, found: /CellEnd span 2/ },
  },
  StateTransition: {
    program: "cell",
    edit: (e) => (e.kind === "StateTransition" ? { ...e, after: flipped(e.after, 3) } : null),
    found: {
      by: "replay",
      expected: /StateTransition after/,
      found: /StateTransition after/,
      at: /at main \(main\.lm:\d+:\d+\)/,
    },
  },
  Checkpoint: "nobody",
  // What a tool said beyond its type: the answer that the program got is the same without it.
  SchemaDrift: {
    program: "tools",
    edit: (e) => (e.kind === "SchemaDrift" ? { ...e, span: e.span + 5 } : null),
    found: { by: "verify", says: /E_TRACE_NESTING/ },
  },
  Log: "nobody",
  Recovered: "nobody",
  RunEnd: {
    program: "cell",
    edit: (e) => (e.kind === "RunEnd" ? { ...e, steps: e.steps + 1 } : null),
    found: { by: "replay", expected: /RunEnd steps \d+/, found: /RunEnd steps \d+/ },
  },
};

function otherPayload(
  payload: TraceEvent extends infer E ? (E extends { result: infer P } ? P : never) : never,
): typeof payload {
  if (payload.kind !== "Inline") return payload;
  return { kind: "Inline", bytes: flipped(payload.bytes, payload.bytes.length - 1) };
}

/** Changes the first event that the edit changes; the root fits to the records again. */
function changed(trace: CorpusTrace, edit: Edit): Uint8Array {
  let done = false;
  const bytes = forge(trace.bytes, (event) => {
    const other = done ? null : edit(event);
    done ||= other !== null;
    return other ?? event;
  });
  if (!done) throw new Error("nothing was changed");
  return recommit(bytes);
}

describe("the corpus", () => {
  it("holds every kind of event that a run writes", () => {
    const kinds = new Set(recorded.flatMap((t) => t.events.map((e) => e.kind)));
    const written = Object.entries(CHANGES).filter(([, change]) => change !== "nobody");
    expect([...kinds].sort()).toEqual(written.map(([kind]) => kind).sort());
    expect(Object.keys(CHANGES).sort()).toEqual(Object.keys(EVENT_TABLE).sort());
  });

  it("replays to the same events, whatever the clock", async () => {
    for (const trace of recorded) {
      const ran = await on(trace, trace.bytes, "replay");
      expect(ran.stdout, trace.name).toMatch(/^identical/);
      expect(ran.status).toBe(0);
    }
  });

  it("is verified", async () => {
    for (const trace of recorded) expect((await on(trace, trace.bytes, "verify")).status).toBe(0);
  });

  it("is written the same again by a run without a clock", async () => {
    for (const program of PROGRAMS) {
      const again = await record(program, { deterministic: true });
      recorded.push(again);
      expect(again.events).toEqual(traceOf(program.name).events);
    }
  });

  it("is the same bytes again after it was exported through every form", async () => {
    for (const { folder, path, bytes } of recorded) {
      for (const form of ["jsonl", "json"]) {
        const [text, back] = [join(folder, `x.${form}`), join(folder, "x.rtrace")];
        await lumen(folder, "trace", "export", path, "--to", form, "-o", text);
        await lumen(folder, "trace", "export", text, "--to", "binary", "-o", back);
        expect(bytesOf(back)).toEqual(bytes);
      }
    }
  });
});

describe("a changed copy", () => {
  const changes = Object.entries(CHANGES).flatMap(([kind, change]) =>
    change === "nobody" ? [] : [[kind, change] as const],
  );

  it.each(changes)("with another %s is found out", async (_, { program, edit, found }) => {
    const trace = traceOf(program);
    const bytes = changed(trace, edit);
    const ran = await on(trace, bytes, found.by);
    expect(ran.status).toBe(3);
    if (found.by === "verify") {
      expect(ran.stdout).toMatch(found.says);
      return;
    }
    expect(ran.stdout).toMatch(/^diverged/);
    const side = (label: string): string =>
      new RegExp(`^ +${label} +(.*)$`, "m").exec(ran.stdout)?.[1] ?? "";
    expect(side("expected")).toMatch(found.expected);
    expect(side("found")).toMatch(found.found);
    expect(side("expected")).not.toBe(side("found"));
    if (found.at !== undefined) expect(ran.stdout).toMatch(found.at);
  });

  it("with other times, durations and providers replays: they are no part of the run", async () => {
    for (const trace of traces.values()) {
      const bytes = forge(trace.bytes, (event) => ({
        ...event,
        ...("timestamp" in event ? { timestamp: event.timestamp + 7 } : {}),
        ...("durationNs" in event ? { durationNs: 11 } : {}),
        ...("attempts" in event ? { attempts: 3 } : {}),
        ...(event.kind === "ToolCall" ? { provider: "other" } : {}),
      }));
      expect((await on(trace, bytes, "replay")).stdout, trace.name).toMatch(/^identical/);
    }
  });

  it("replays where its writer had no log of processes, not with a part of the log", async () => {
    const trace = traceOf("cell");
    const { header, events } = open(trace.bytes);
    const without = events.filter((e) => e.kind !== "StateTransition");
    expect((await on(trace, close(header, without), "replay")).status).toBe(0);
    const last = events.findLastIndex((e) => e.kind === "StateTransition");
    const ran = await on(trace, close(header, events.toSpliced(last, 1)), "replay");
    expect(ran.status).toBe(3);
    expect(ran.stdout).toContain("StateTransition Notes#1 memory.store");
  });

  it("with a mark that no run of ours writes is read over where its span has begun", async () => {
    const trace = traceOf("cell");
    const { header, events } = open(trace.bytes);
    const log = (span: number): TraceEvent => {
      return { kind: "Log", span, level: 1, message: "m", timestamp: 1 };
    };
    const checkpoint: TraceEvent = {
      kind: "Checkpoint",
      timestamp: 1,
      steps: 0,
      state: new Uint8Array(32),
      file: "f",
    };
    const marks: readonly TraceEvent[] = [
      log(1),
      checkpoint,
      { kind: "Recovered", timestamp: 1, cutBytes: 3 },
    ];
    const marked = close(header, events.toSpliced(2, 0, ...marks));
    expect((await on(trace, marked, "replay")).status).toBe(0);
    expect((await on(trace, marked, "verify")).status).toBe(0);
    const ahead = await on(trace, close(header, events.toSpliced(2, 0, log(2))), "verify");
    expect(ahead.stdout).toContain("E_TRACE_NESTING");
  });
});
