// Whatever the events are, and in whatever order: a report comes out, within its limits.
import { valueDigest } from "@lumen/core/encoding";
import { utf8Encode, ZERO32 } from "@lumen/core/hash";
import type { TraceEvent } from "@lumen/core/trace";
import fc from "fast-check";
import { expect, it } from "vitest";
import { REPORT_COLUMNS_MAX, renderReport } from "./render.ts";
import { reportToJson } from "./report-json.ts";
import { analyzeTrace } from "./trace-analyzer.ts";

const span = fc.integer({ min: 0, max: 6 });
const count = fc.oneof(fc.maxSafeNat(), fc.integer({ min: 0, max: 9 }));
const tileId = fc.constantFrom("a", "b", "__proto__");
const digest = fc.constantFrom("x", "y").map((text) => valueDigest(utf8Encode(text)));
const payload = fc.constant({ kind: "Inline", bytes: new Uint8Array(0) } as const);
const base = { span, parent: span, timestamp: count };

const record = fc.record({
  kind: fc.constant("Tile" as const),
  index: count,
  tileId,
  code: fc.constant(ZERO32),
  path: fc.constant([]),
  iteration: fc.option(count),
  inputDigest: digest,
  outcome: fc.record({ kind: fc.constant("Ok" as const), outputDigest: digest }),
  control: fc.constant(null),
  postState: fc.constant(ZERO32),
});

const event: fc.Arbitrary<TraceEvent> = fc.oneof(
  fc.record({
    kind: fc.constant("TileStart" as const),
    ...base,
    tileId,
    depth: count,
    iteration: fc.constant(null),
    path: fc.constant([]),
  }),
  fc.record({
    kind: fc.constant("TileStep" as const),
    span,
    record,
    backend: fc.constant("native"),
    methodId: fc.constant(ZERO32),
    input: fc.constant(null),
    output: fc.constant(null),
    proofCycles: fc.option(count),
    receipt: fc.constant(null),
    verified: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant("TileEnd" as const),
    span,
    tileId,
    timestamp: count,
    durationNs: count,
    cycles: fc.option(count),
  }),
  fc.record({
    kind: fc.constant("CellStart" as const),
    ...base,
    cell: tileId,
    depth: count,
  }),
  fc.record({ kind: fc.constant("CellEnd" as const), span, timestamp: count, durationNs: count }),
  fc.record({
    kind: fc.constant("EffectPerform" as const),
    ...base,
    effect: tileId,
    operation: tileId,
    args: payload,
  }),
  fc.record({
    kind: fc.constant("EffectResume" as const),
    span,
    timestamp: count,
    ok: fc.boolean(),
    result: payload,
  }),
  fc.record({ kind: fc.constant("FutureSpawn" as const), ...base, future: span, cell: tileId }),
  fc.record({
    kind: fc.constant("FutureResolve" as const),
    future: span,
    timestamp: count,
    state: fc.constant("Ok" as const),
    result: payload,
  }),
  fc.record({
    kind: fc.constant("RunEnd" as const),
    timestamp: count,
    durationNs: count,
    steps: count,
    size: count,
    root: fc.constant(ZERO32),
    status: fc.constant("Ok" as const),
  }),
);

it("forged events never break a report, and all its numbers are exact", () => {
  const numbers = (value: unknown): readonly number[] => {
    if (typeof value === "number") return [value];
    return value === null || typeof value !== "object" ? [] : Object.values(value).flatMap(numbers);
  };
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), fc.boolean(), (events, deterministic) => {
      const report = analyzeTrace(events, { header: { runId: "forged", deterministic } });
      expect(report.events).toBe(events.length);
      for (const number of numbers(reportToJson(report))) {
        expect(number).toBeGreaterThanOrEqual(0);
        expect(Number.isSafeInteger(number) || number < 1).toBe(true);
      }
      for (const line of renderReport(report).split("\n")) {
        expect([...line].length, line).toBeLessThanOrEqual(REPORT_COLUMNS_MAX);
      }
    }),
    { seed: 22, numRuns: 400 },
  );
});
