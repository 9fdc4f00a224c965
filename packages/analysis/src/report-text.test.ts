// The report as JSON, key by key as in section 22, and as text for people.
import { parseDocument } from "@lumen/core/encoding";
import { describe, expect, it } from "vitest";
import { REPORT_COLUMNS_MAX, renderReport } from "./render.ts";
import { reportText, reportToJson } from "./report-json.ts";
import { SyntheticTrace } from "./testing/synthetic-trace.ts";
import { analyzeTrace } from "./trace-analyzer.ts";

const header = { runId: "run-1", deterministic: false };

function busy(): SyntheticTrace {
  const trace = new SyntheticTrace();
  trace.sequence("main", (main) => {
    for (let i = 0; i < 120; i += 1) main.tile("small", { ns: 1500, cycles: 12, input: "same" });
    main.tile("large", { ns: 2_500_000, cycles: 3_000_000 }).tile("bad", { fails: true });
  });
  trace.cell("other", (cell) => cell.tool("mail.send", { ns: 12_000_000, ok: false }));
  return trace;
}

const report = analyzeTrace(busy().end(), { header });

describe("the JSON form", () => {
  const json = reportToJson(report);

  it("has the keys of section 22", () => {
    expect(Object.keys(json)).toEqual([
      "format_version",
      "run_id",
      "status",
      "total_duration_ns",
      "program_total_known",
      "events",
      "steps",
      "max_nesting_depth",
      "stray_events",
      "total_tile_invocations",
      "total_tile_duration_ns",
      "total_tile_user_duration_ns",
      "total_tile_raster_overhead_ns",
      "total_sequence_invocations",
      "total_sequence_self_duration_ns",
      "tile_metrics",
      "sequence_metrics",
      "cell_metrics",
      "request_metrics",
      "hot_tiles",
      "critical_path",
      "schema_compliance",
      "zkvm",
      "suggestions",
      "findings",
    ]);
    expect(json).toMatchObject({ format_version: "1.0", run_id: "run-1", status: "Ok" });
  });

  it("has the keys of a tile, a sequence and the proof cost", () => {
    expect(json).toMatchObject({
      tile_metrics: {
        large: {
          invocations: 1,
          failures: 0,
          total_duration_ns: 2_500_000,
          avg_duration_ns: 2_500_000,
          min_duration_ns: 2_500_000,
          p50_duration_ns: 2_500_000,
          p95_duration_ns: 2_500_000,
          max_duration_ns: 2_500_000,
          total_user_duration_ns: 2_500_000,
          avg_user_duration_ns: 2_500_000,
          total_raster_overhead_ns: 0,
          avg_raster_overhead_ns: 0,
          input_bytes: 9,
          output_bytes: 10,
          iterations: 0,
          cycles_total: 3_000_000,
          cycles_avg: 3_000_000,
          proof_cycles_total: 4_194_304,
          estimated_cycles: null,
        },
      },
      sequence_metrics: {
        main: { invocations: 1, total_self_duration_ns: 0, avg_self_duration_ns: 0 },
      },
      zkvm: {
        model: "rv32im-1",
        tiles: { large: { cycles: 3_000_000, padded_cycles: 3_145_728, segments: 3 } },
      },
    });
  });

  it("leaves out what a suggestion does not save", () => {
    const rows = report.suggestions.map((suggestion) => suggestion.kind);
    expect(rows).toEqual(["split", "batch", "cache"]);
    const { suggestions } = json;
    const keys = Array.isArray(suggestions) ? suggestions.map((row) => Object.keys(row)) : [];
    expect(keys[0]).toEqual(["kind", "subjects", "reason"]);
    expect(keys[1]).toEqual(["kind", "subjects", "reason", "saving_cycles"]);
  });

  it("is a JSON document that reads back", () => {
    expect(parseDocument(reportText(report), { subject: "report" })).toEqual({
      ok: true,
      value: json,
    });
  });
});

describe("the text form", () => {
  const text = renderReport(report);

  it("has its sections in order", () => {
    const heads = text.split("\n").filter((line) => /^[A-Za-z]/.test(line));
    expect(heads).toEqual([
      "Run run-1: ok",
      "Totals",
      "Tiles",
      "Sequences and cells",
      "Requests",
      "Hot tiles",
      "Critical path (at each level the span that took longest)",
      "zkVM (model rv32im-1, segments of 2^20 cycles)",
      "Suggestions",
    ]);
  });

  it("shows a tile with its bars", () => {
    const [row] = text.split("\n").filter((line) => line.startsWith("  large"));
    expect(row).toMatch(/^ {2}large +1 +2\.500 ms +2\.500 ms █{9} +3,000,000 █{10}$/);
    expect(text).toContain("  bad: 1 failed");
  });

  it("names the three hottest tiles", () => {
    expect(text).toContain("  1. large: 2.500 ms, 93.3 % of tile time");
    expect(text).toContain("  3. bad: 100 ns, 0.0 % of tile time");
  });

  it("stays within its width, whatever the names are", () => {
    const long = "n".repeat(128);
    const trace = new SyntheticTrace();
    trace.sequence(long, (main) => {
      main.sequence(`${long}2`, (inner) => {
        for (let i = 0; i < 400; i += 1) inner.tile(long, { input: "x", ns: 9e12, cycles: 9e12 });
        inner.tool(`${long} \u001b[2J`, { ns: 9e12 });
      });
    });
    const compliance = {
      verdict: "undecided",
      level: null,
      code: "E_MISSING_VALUE",
      message: `the bytes of ${"0123456789abcdef ".repeat(30)} are missing`,
      assumed: 12,
    } as const;
    const wide = renderReport(
      analyzeTrace(trace.end(), { header: { ...header, runId: long }, compliance }),
    );
    for (const line of wide.split("\n")) {
      expect([...line].length, line).toBeLessThanOrEqual(REPORT_COLUMNS_MAX);
    }
    expect(wide).not.toContain("\u001b");
  });

  it("says when a run has no end", () => {
    const trace = new SyntheticTrace().startSequence("main");
    const open = renderReport(analyzeTrace(trace.events, { header }));
    expect(open).toContain("Run run-1: not finished");
    expect(open).toContain("There is no RunEnd");
    expect(open).not.toContain("Suggestions");
  });

  it("says what a verifier found", () => {
    const compliance = {
      verdict: "accepted",
      level: "reexecute",
      code: null,
      message: null,
      assumed: 0,
    } as const;
    const text = renderReport(analyzeTrace(busy().end(), { header, compliance }));
    expect(text).toContain("\nSchema: accepted at level reexecute\n");
  });
});
