// Runs that nest, and one violation of every rule of 13.2.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fromHex } from "../hash/index.ts";
import { required } from "../result/result.ts";
import type { TraceEvent } from "./events.ts";
import { NestingChecker } from "./nesting.ts";
import { readWholeTrace } from "./reader.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);

function eventsOf(hex: string): TraceEvent[] {
  const trace = readWholeTrace(required(fromHex(hex), "vectors are hex"), { subject: "t" });
  if (!trace.ok) throw new Error(trace.error.message);
  return trace.value.events.map((placed) => placed.event);
}

const hello = eventsOf(worked.trace_file.file);
const cellRun = eventsOf(worked.cell_run.file);
const genesis = required(cellRun[0], "a run has events");
const final = required(cellRun[12], "a run has events");
const runEnd = required(cellRun[13], "a run has events");

/** Index and message of the first violation, or null. */
function violation(events: readonly TraceEvent[]): readonly [number, string] | null {
  const checker = new NestingChecker("t");
  for (const [index, event] of events.entries()) {
    const failed = checker.check({ event, index, offset: 1000 + index });
    if (failed === null) continue;
    expect(failed).toMatchObject({
      code: "E_TRACE_NESTING",
      domain: "verifiable",
      subject: "t",
      offset: 1000 + index,
      details: { event: index, type: event.kind },
    });
    expect(checker.check({ event, index: index + 1, offset: 0 })).toBe(failed);
    return [index, failed.message];
  }
  return null;
}

function replaced(events: readonly TraceEvent[], at: number, more: object): TraceEvent[] {
  // Test data: fields of an event are overwritten by others of the same event.
  return events.map((event, index) =>
    index === at ? ({ ...event, ...more } as TraceEvent) : event,
  );
}

const without = (events: readonly TraceEvent[], ...at: readonly number[]): TraceEvent[] =>
  events.filter((_, index) => !at.includes(index));

const inserted = (
  events: readonly TraceEvent[],
  at: number,
  ...more: TraceEvent[]
): TraceEvent[] => [...events.slice(0, at), ...more, ...events.slice(at)];

const payload = { kind: "Inline", bytes: new Uint8Array(0) } as const;
const cell = (span: number, parent: number): TraceEvent => ({
  ...{ kind: "CellStart", span, parent, cell: "c", timestamp: 0, depth: 0 },
});
const cellEnd = (span: number): TraceEvent => ({
  ...{ kind: "CellEnd", span, timestamp: 0, durationNs: 0 },
});
const perform = (span: number, parent: number): TraceEvent => ({
  kind: "EffectPerform",
  ...{ span, parent, effect: "Ask", operation: "name", timestamp: 0, args: payload },
});
const resume = (span: number): TraceEvent => ({
  ...{ kind: "EffectResume", span, timestamp: 0, ok: true, result: payload },
});
const answered = (span: number): TraceEvent[] => {
  const record = required(cellRun[4], "a run has events");
  return [resume(span), { ...record, span } as TraceEvent];
};
const spawn = (span: number, parent: number, future: number): TraceEvent => ({
  ...{ kind: "FutureSpawn", span, parent, future, cell: "c", timestamp: 0 },
});
const resolve = (future: number): TraceEvent => ({
  ...{ kind: "FutureResolve", future, timestamp: 0, state: "Ok", result: payload },
});
const log = (span: number): TraceEvent => ({
  ...{ kind: "Log", span, level: 1, message: "m", timestamp: 0 },
});
const loop = (span: number, parent: number): TraceEvent => ({
  ...{ kind: "LoopIteration", span, parent, itemId: "l0", iteration: 0, timestamp: 0 },
});
const recovered: TraceEvent = { kind: "Recovered", timestamp: 0, cutBytes: 1 };

/** A run whose entry cell does what `inner` says; its span is 1. */
const runOf = (...inner: readonly TraceEvent[]): TraceEvent[] => [
  ...[genesis, cell(1, 0), ...inner, cellEnd(1), final, runEnd],
];

describe("runs that nest", () => {
  it.each([
    ["the worked sequence run", hello],
    ["the worked run entered by a cell", cellRun],
    ["cells inside cells", runOf(cell(2, 1), cell(3, 2), cellEnd(3), cellEnd(2))],
    ["a loop mark takes a number", runOf(loop(2, 1), cell(3, 1), cellEnd(3))],
    ["a mark at the top level", runOf(loop(2, 0))],
    ["a request that is never answered", runOf(perform(2, 1))],
    ["a cell after an abandoned request", runOf(perform(2, 1), cell(3, 1), cellEnd(3))],
    ["an unresolved future", runOf(spawn(2, 1, 7), cell(3, 2))],
    [
      "a future that ends after its spawner",
      [
        ...[genesis, cell(1, 0), spawn(2, 1, 7), cell(3, 2), cellEnd(1), cellEnd(3), resolve(7)],
        ...[final, runEnd],
      ],
    ],
    [
      "interleaved futures",
      runOf(
        ...[spawn(2, 1, 7), spawn(3, 1, 8), cell(4, 2), cell(5, 3), perform(6, 4), perform(7, 5)],
        ...[...answered(6), cellEnd(4), resolve(7), ...answered(7), cellEnd(5), resolve(8)],
      ),
    ],
    [
      "recovery before the record of an answer",
      runOf(...[perform(2, 1), resume(2), recovered, ...answered(2).slice(1)]),
    ],
    [
      "a log in the run and in a closed span",
      runOf(log(0), log(1), cell(2, 1), cellEnd(2), log(2)),
    ],
    ["an unfinished run", cellRun.slice(0, 6)],
  ])("%s", (_what, events) => {
    expect(violation(events)).toBeNull();
  });

  it("an aborted run may stop anywhere", () => {
    const stopped = { ...runEnd, status: "Aborted" } as TraceEvent;
    expect(violation([genesis, cell(1, 0), cell(2, 1), stopped])).toBeNull();
  });

  it("a tile that the host could not run has no record", () => {
    const error = { code: "E_IO", message: "m", domain: "Host", details: null } as const;
    const failed: TraceEvent = {
      kind: "TileFailure",
      span: 3,
      tileId: "greet",
      timestamp: 0,
      error,
    };
    const events = [...cellRun.slice(0, 6), failed];
    expect(violation(events)).toBeNull();
    const verifiable = { ...failed, error: { ...error, domain: "Verifiable" } } as TraceEvent;
    expect(violation([...cellRun.slice(0, 6), verifiable])).toEqual([
      ...[6, "span 3 ends without its Tile record"],
    ]);
  });
});

describe("violations", () => {
  it.each([
    ["no Genesis first", without(hello, 0), 0],
    ["a second Genesis", inserted(hello, 1, genesis), 1],
    ["Genesis in a span", replaced(hello, 0, { span: 1 }), 0],
    ["a span number left out", replaced(hello, 1, { span: 2 }), 1],
    ["a span number used twice", replaced(hello, 2, { span: 1 }), 2],
    ["a mark without its number", runOf(loop(1, 1)), 2],
    ["a mark in a span that is not open", runOf(loop(2, 9)), 2],
    ["a mark that is ended", runOf(loop(2, 1), cellEnd(2)), 3],
    ["a parent that is not open", replaced(hello, 2, { parent: 9 }), 2],
    ["a parent that is closed", runOf(cell(2, 1), cellEnd(2), cell(3, 2)), 4],
    ["a parent that is not the innermost", runOf(cell(2, 1), cell(3, 1)), 3],
    ["another depth of the entry", replaced(hello, 1, { depth: 1 }), 1],
    ["another depth of a tile", replaced(hello, 2, { depth: 0 }), 2],
    ["an end of another kind", [...hello.slice(0, 2), cellEnd(1)], 2],
    ["an end under another name", replaced(hello, 4, { tileId: "exclaim" }), 4],
    ["a sequence end under another name", replaced(hello, 8, { name: "other" }), 8],
    ["an end that crosses", runOf(cell(2, 1), cell(3, 2), cellEnd(2)), 4],
    ["two ends of one span", inserted(cellRun, 12, cellEnd(1)), 12],
    ["a tile without its record", without(hello, 3), 3],
    ["two records of one tile", inserted(hello, 4, required(hello[3], "there are 11")), 4],
    ["a record outside of its tile", [...without(hello, 3).slice(0, 2), ...hello.slice(3, 4)], 2],
    ["the record of another tile", replaced(hello, 3, { span: 1 }), 3],
    ["a record under another id", replaced(hello, 2, { tileId: "exclaim" }), 3],
    ["a Tile record without backend", replaced(hello, 3, { backend: "" }), 3],
    ["a Tile record without method id", replaced(hello, 3, { methodId: new Uint8Array(0) }), 3],
    ["a Final record with a backend", replaced(hello, 9, { backend: "native" }), 9],
    ["Final in a span", replaced(hello, 9, { span: 1 }), 9],
    ["something after Final", inserted(hello, 10, log(0)), 10],
    ["RunEnd without Final", without(hello, 9), 9],
    ["an event after RunEnd", [...hello, log(0)], 11],
    ["RunEnd with an open span", without(cellRun, 11), 12],
    ["an answer without record", without(cellRun, 4), 4],
    ["a record without answer", without(cellRun, 3), 3],
    ["the record of another answer", replaced(cellRun, 4, { span: 1 }), 4],
    ["an answer of the other kind", replaced(cellRun, 9, { kind: "EffectResume" }), 9],
    ["an answer to nothing", runOf(resume(1)), 2],
    ["an answer after its request was left", runOf(perform(2, 1), cell(3, 1), resume(2)), 4],
    ["a future spawned twice", runOf(spawn(2, 1, 7), spawn(3, 1, 7)), 3],
    ["a future resolved twice", runOf(spawn(2, 1, 7), resolve(7), resolve(7)), 4],
    ["a future that was not spawned", runOf(resolve(7)), 2],
    ["a future resolved with an open cell", runOf(spawn(2, 1, 7), cell(3, 2), resolve(7)), 4],
    ["a log in a span to come", runOf(log(2)), 2],
  ])("%s", (_what, events, index) => {
    expect(violation(events)?.[0]).toBe(index);
  });
});
