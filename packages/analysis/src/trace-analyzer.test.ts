// Every metric on made-up runs, and the worked traces of the spec.
import { readFileSync } from "node:fs";
import { readCfs } from "@lumen/core/cfs";
import { fromHex } from "@lumen/core/hash";
import { required } from "@lumen/core/result";
import { readWholeTrace, type TraceEvent } from "@lumen/core/trace";
import { describe, expect, it } from "vitest";
import { DISTINCT_INPUTS_MAX } from "./profiles.ts";
import type { AnalysisReport } from "./report.ts";
import { SyntheticTrace } from "./testing/synthetic-trace.ts";
import { type AnalysisOptions, analyzeTrace, TraceAnalyzer } from "./trace-analyzer.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);

const header = { runId: "run-1", deterministic: false };

function analyze(
  build: (trace: SyntheticTrace) => SyntheticTrace,
  options: Partial<AnalysisOptions> = {},
): AnalysisReport {
  return analyzeTrace(build(new SyntheticTrace()).end(), { header, ...options });
}

function vector(file: string): AnalysisReport {
  const bytes = required(fromHex(file), "vectors are hex");
  const trace = readWholeTrace(bytes, { subject: "worked" });
  if (!trace.ok) throw new Error(trace.error.message);
  return analyzeTrace(trace.value.events, { header: trace.value.header });
}

describe("the worked trace of 23.5", () => {
  const report = vector(worked.trace_file.file);

  it("has the totals of its events", () => {
    expect(report).toMatchObject({
      runId: "run-1",
      status: "Ok",
      programTotalKnown: true,
      totalDurationNs: 240,
      events: 11,
      steps: 2,
      maxNestingDepth: 1,
      strayEvents: 0,
      totalTileInvocations: 2,
      totalSequenceInvocations: 1,
    });
  });

  it("has a tile each for greet and exclaim", () => {
    expect([...report.tiles.keys()]).toEqual(["exclaim", "greet"]);
    expect(report.tiles.get("greet")).toMatchObject({
      invocations: 1,
      failures: 0,
      duration: { totalNs: 100, avgNs: 100, minNs: 100, p50Ns: 100, p95Ns: 100, maxNs: 100 },
      inputBytes: 7,
      outputBytes: 14,
      cyclesTotal: null,
      cyclesAvg: null,
      proofCyclesTotal: null,
    });
  });

  it("knows no proof cost without cycles", () => {
    expect(report.zkvm).toMatchObject({ cycles: 0, segments: 0, unknownExecutions: 2 });
  });
});

describe("the worked run of a cell, 23.9", () => {
  const report = vector(worked.cell_run.file);

  it("counts requests by operation", () => {
    expect([...report.requests.keys()]).toEqual(["Ask.name", "tool:mail.send"]);
    expect(report.requests.get("Ask.name")).toMatchObject({ count: 1, failures: 0 });
    expect(report.requests.get("tool:mail.send")).toMatchObject({ count: 1, failures: 1 });
    expect(report.cells.get("hello")).toMatchObject({ invocations: 1 });
    expect(report.steps).toBe(3);
  });

  it("has no durations, being deterministic", () => {
    expect(report.totalDurationNs).toBe(0);
    expect(report.tiles.get("greet")?.duration).toMatchObject({ totalNs: 0, maxNs: 0 });
    expect(report.requests.get("Ask.name")?.duration.totalNs).toBe(0);
  });
});

describe("tiles", () => {
  it("have durations, user time and overhead", () => {
    const report = analyze((trace) =>
      trace.tile("a", { ns: 100, userNs: 60 }).tile("a", { ns: 301, userNs: 301 }),
    );
    expect(report.tiles.get("a")).toMatchObject({
      invocations: 2,
      duration: { totalNs: 401, avgNs: 200, minNs: 100, p50Ns: 100, p95Ns: 301, maxNs: 301 },
      userTotalNs: 361,
      userAvgNs: 180,
      overheadTotalNs: 40,
      overheadAvgNs: 20,
    });
    expect(report.totalTileOverheadNs).toBe(40);
  });

  it("have cycles, proof cycles and an estimate", () => {
    const estimatedCycles = new Map([["a", 900]]);
    const report = analyze(
      (trace) =>
        trace
          .tile("a", { cycles: 70_000 })
          .tile("a", { cycles: 1001, proofCycles: 65_536 })
          .tile("a", { cycles: null }),
      { estimatedCycles },
    );
    expect(report.tiles.get("a")).toMatchObject({
      cyclesTotal: 71_001,
      cyclesAvg: 35_500,
      proofCyclesTotal: 131_072 + 65_536,
      estimatedCycles: 900,
    });
    expect(report.zkvm).toMatchObject({
      model: "rv32im-1",
      cycles: 71_001,
      paddedCycles: 131_072 + 8192,
      segments: 2,
      unknownExecutions: 1,
    });
  });

  it("take the proof cycles that a prover recorded", () => {
    const report = analyze((trace) => trace.tile("a", { cycles: 10, proofCycles: 262_144 }));
    expect(report.tiles.get("a")?.proofCyclesTotal).toBe(262_144);
  });

  it("count failures, without cycles", () => {
    const report = analyze((trace) => trace.tile("a").tile("a", { fails: true, ns: 40 }));
    expect(report.tiles.get("a")).toMatchObject({
      invocations: 2,
      failures: 1,
      cyclesTotal: 1000,
      duration: { totalNs: 140 },
    });
  });

  it("have no byte counts where the trace holds digests only", () => {
    const report = analyze((trace) => trace.tile("a", { digestOnly: true }).tile("b"));
    expect(report.tiles.get("a")).toMatchObject({ inputBytes: null, outputBytes: null });
    expect(report.tiles.get("b")).toMatchObject({ inputBytes: 7, outputBytes: 8 });
  });

  it("count the iterations of recursive calls", () => {
    const report = analyze((trace) =>
      trace.tile("r", { iteration: 0 }).tile("r", { iteration: 1 }).tile("a"),
    );
    expect(report.tiles.get("r")).toMatchObject({ invocations: 2, iterations: 2 });
    expect(report.tiles.get("a")?.iterations).toBe(0);
  });

  it("are hot by total duration, ties by id", () => {
    const report = analyze((trace) =>
      trace.tile("c", { ns: 50 }).tile("b", { ns: 50 }).tile("a", { ns: 300 }),
    );
    expect(report.hotTiles).toEqual([
      { tileId: "a", totalNs: 300, share: 0.75 },
      { tileId: "b", totalNs: 50, share: 0.125 },
      { tileId: "c", totalNs: 50, share: 0.125 },
    ]);
  });
});

describe("sequences", () => {
  const report = analyze((trace) =>
    trace.sequence("main", (main) => {
      main.wait(7).tile("a", { ns: 10 });
      main.sequence("inner", (inner) => inner.wait(5).tile("b", { ns: 30 })).wait(3);
    }),
  );

  it("split their time into their own and that of the spans directly inside", () => {
    expect(report.sequences.get("main")).toEqual({
      invocations: 1,
      totalNs: 55,
      avgNs: 55,
      selfTotalNs: 10,
      selfAvgNs: 10,
      childTotalNs: 45,
    });
    expect(report.sequences.get("inner")).toMatchObject({ selfTotalNs: 5, childTotalNs: 30 });
    expect(report.totalSequenceSelfDurationNs).toBe(15);
    expect(report.maxNestingDepth).toBe(2);
  });

  it("give the critical path: at each level what took longest", () => {
    expect(
      report.criticalPath.map(({ kind, name, durationNs }) => [kind, name, durationNs]),
    ).toEqual([
      ["sequence", "main", 55],
      ["sequence", "inner", 35],
      ["tile", "b", 30],
    ]);
    expect(report.criticalPath[0]?.cycles).toBe(2000);
    expect(report.criticalPath[2]?.path).toBe("0");
  });
});

it("without time the critical path goes by cycles", () => {
  const trace = new SyntheticTrace().sequence("main", (main) => {
    main.tile("light", { cycles: 10, userNs: 0 }).tile("heavy", { cycles: 99, userNs: 0 });
  });
  const report = analyzeTrace(trace.end(), { header: { runId: "d", deterministic: true } });
  expect(report.tiles.get("light")?.duration.totalNs).toBe(0);
  expect(report.criticalPath.at(-1)?.name).toBe("heavy");
});

describe("requests", () => {
  const report = analyze((trace) =>
    trace.cell("main", (main) => {
      main.tool("mail.send", { ns: 40, attempts: 3 }).tool("mail.send", { ns: 20, ok: false });
      main.effect("time", "now", 6).tool("mail.send", { cached: true, ns: 0 });
      main.silentTool("mail.send");
    }),
  );

  it("have counts, retries and durations", () => {
    expect(report.requests.get("tool:mail.send")).toEqual({
      count: 4,
      failures: 1,
      unanswered: 1,
      cached: 1,
      retries: 2,
      duration: { totalNs: 60, avgNs: 20, minNs: 0, p50Ns: 20, p95Ns: 40, maxNs: 40 },
    });
    expect(report.requests.get("time.now")).toMatchObject({ count: 1, duration: { totalNs: 6 } });
  });

  it("are time inside their cell, and steps", () => {
    expect(report.cells.get("main")).toMatchObject({ totalNs: 66, childTotalNs: 66 });
    expect(report.steps).toBe(4);
  });
});

describe("a run that is not finished", () => {
  const trace = new SyntheticTrace().startSequence("main").tile("a", { ns: 80 });
  const analyzer = new TraceAnalyzer({ header });
  for (const event of trace.events) analyzer.add(event);

  it("says so and ends at the last event", () => {
    expect(analyzer.report()).toMatchObject({
      programTotalKnown: false,
      status: null,
      totalDurationNs: 80,
      totalSequenceInvocations: 1,
    });
    expect(analyzer.report().sequences.get("main")).toMatchObject({ totalNs: 0, avgNs: null });
  });

  it("has a critical path through what is open", () => {
    const names = analyzer.report().criticalPath.map((step) => [step.name, step.durationNs]);
    expect(names).toEqual([
      ["main", 80],
      ["a", 80],
    ]);
    expect(analyzer.report().criticalPath[0]?.cycles).toBe(1000);
  });

  it("can be followed: later events change the next report", () => {
    const before = analyzer.report().events;
    analyzer.add({ kind: "Log", span: 0, level: 1, message: "m", timestamp: 200 });
    expect(analyzer.report()).toMatchObject({ events: before + 1, totalDurationNs: 200 });
  });
});

describe("futures", () => {
  it("are no time of the cell that spawned them", () => {
    const start: TraceEvent = {
      kind: "CellStart",
      span: 1,
      parent: 0,
      cell: "main",
      timestamp: 0,
      depth: 0,
    };
    const child: TraceEvent = { ...start, span: 3, parent: 2, cell: "work", timestamp: 1 };
    const state = "Ok";
    const result = { kind: "Inline", bytes: new Uint8Array(0) } as const;
    const report = analyzeTrace(
      [
        start,
        { kind: "FutureSpawn", span: 2, parent: 1, future: 1, cell: "work", timestamp: 1 },
        child,
        { kind: "CellEnd", span: 3, timestamp: 9, durationNs: 8 },
        { kind: "FutureResolve", future: 1, timestamp: 9, state, result },
        { kind: "CellEnd", span: 1, timestamp: 10, durationNs: 10 },
      ],
      { header },
    );
    expect(report.cells.get("main")).toMatchObject({ selfTotalNs: 10, childTotalNs: 0 });
    expect(report.criticalPath.map((step) => step.name)).toEqual(["main", "work"]);
    expect(report.strayEvents).toBe(0);
  });
});

it("events of no open span are counted apart, and nowhere else", () => {
  const stray: TraceEvent[] = [
    { kind: "TileEnd", span: 9, tileId: "a", timestamp: 5, durationNs: 5, cycles: 1 },
    { kind: "SequenceEnd", span: 8, name: "main", timestamp: 5, durationNs: 5 },
    { kind: "CellEnd", span: 8, timestamp: 5, durationNs: 5 },
  ];
  const report = analyzeTrace(stray, { header });
  expect(report).toMatchObject({ strayEvents: 3, totalTileInvocations: 0 });
  expect(report.tiles.size).toBe(0);
});

describe("suggestions from a trace", () => {
  it("merge what is handed on unchanged, every time", () => {
    const pair = (trace: SyntheticTrace, text: string): SyntheticTrace =>
      trace.tile("a", { output: text }).tile("b", { input: text });
    const always = analyze((trace) =>
      trace.sequence("main", (main) => {
        pair(main, "x");
        pair(main, "y");
      }),
    );
    expect(always.suggestions).toMatchObject([{ kind: "merge", subjects: ["a", "b"] }]);
    const once = analyze((trace) =>
      trace.sequence("main", (main) => {
        pair(main, "x").tile("a").tile("b");
      }),
    );
    expect(once.suggestions).toEqual([]);
  });

  it("leave tiles of different spans, and what a schema does not hand on directly", () => {
    const apart = analyze((trace) =>
      trace
        .sequence("one", (one) => one.tile("a", { output: "x" }))
        .sequence("two", (two) => two.tile("b", { input: "x" })),
    );
    expect(apart.suggestions).toEqual([]);
    const read = readCfs(worked.recur.cfs);
    if (!read.ok) throw new Error(read.error.message);
    const pair = (trace: SyntheticTrace): SyntheticTrace =>
      trace.tile("a", { output: "x" }).tile("b", { input: "x" });
    expect(analyze(pair).suggestions).toHaveLength(1);
    expect(analyze(pair, { cfs: read.value }).suggestions).toEqual([]);
  });

  it("cache what is asked again", () => {
    const report = analyze((trace) =>
      trace.tile("a", { input: "x" }).tile("a", { input: "x" }).tile("a", { input: "y" }),
    );
    expect(report.suggestions).toMatchObject([{ kind: "cache", savingCycles: 1000 }]);
  });

  it("notice repeats of as many inputs as are remembered", () => {
    const repeats = (distinct: number): boolean => {
      const report = analyze((trace) => {
        for (let i = 0; i < distinct; i += 1) trace.tile("a", { input: `${i}` });
        for (let i = 0; i < 2 * distinct; i += 1) trace.tile("a", { input: `${distinct - 1}` });
        return trace;
      });
      return report.suggestions.some((suggestion) => suggestion.kind === "cache");
    };
    expect(repeats(DISTINCT_INPUTS_MAX)).toBe(true);
    expect(repeats(DISTINCT_INPUTS_MAX + 1)).toBe(false);
  });

  it("take bounds from the schema, and others before them", () => {
    const read = readCfs(worked.recur.cfs);
    if (!read.ok) throw new Error(read.error.message);
    const id = "count_to";
    const steps = (trace: SyntheticTrace): SyntheticTrace =>
      trace.tile(id, { iteration: 0 }).tile(id, { iteration: 1 });
    expect(analyze(steps, { cfs: read.value }).suggestions).toEqual([]);
    const tight = { cfs: read.value, iterationBounds: new Map([[id, 3]]) };
    expect(analyze(steps, tight).suggestions).toMatchObject([{ kind: "bound", subjects: [id] }]);
  });
});

it("hands the verdict of a verifier through", () => {
  const compliance = {
    verdict: "rejected",
    level: "dataflow",
    code: "E_STEP_MISMATCH",
    message: "leaf 3 has another input",
    assumed: 0,
  } as const;
  expect(analyze((trace) => trace, { compliance }).schemaCompliance).toEqual(compliance);
  expect(analyze((trace) => trace).schemaCompliance).toBe(null);
});
