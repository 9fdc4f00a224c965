// Recording of runs entered by a cell: the worked example of spec/formats.md 23.9, failures, and
// requests whose answers come in another order.

import { schemaHash } from "@lumen/core/cfs";
import { failure } from "@lumen/core/diagnostic";
import { toHex } from "@lumen/core/hash";
import { err } from "@lumen/core/result";
import { describe, expect, it } from "vitest";
import type { OpenRequest } from "./recorder.ts";
import { recordCellCount, recordCellHello, startCellRun } from "./testing/cell-runs.ts";
import { openTrace } from "./testing/forge.ts";
import { PROGRAM_ID } from "./testing/verify-runs.ts";
import { failedWith, functionTile, HELLO_CFS, hex, unwrap, worked } from "./testing/worked-runs.ts";
import { verifyTrace } from "./verify/verify-trace.ts";

const RUN = {
  entry: "hello",
  programId: PROGRAM_ID,
  schemaHash: schemaHash(HELLO_CFS),
  inputs: [hex("02")],
};

describe("cell runs", () => {
  it("writes the trace file of 23.9 byte for byte", async () => {
    expect(toHex(await recordCellHello())).toBe(worked.cell_run.file);
  });

  it("gives the same records where values are not stored", async () => {
    const trace = await recordCellHello("Digest");
    const options = { subject: "run", schema: HELLO_CFS, program: null };
    const verdict = await verifyTrace({ ...options, chunks: [trace], level: null });
    expect(verdict).toMatchObject({ kind: "accepted", level: "structure" });
    if (verdict.kind === "accepted") expect(toHex(verdict.root)).toBe(worked.cell_run.root);
    expect(await verifyTrace({ ...options, chunks: [trace], level: "dataflow" })).toMatchObject({
      kind: "undecided",
      code: "E_MISSING_VALUE",
    });
    expect(await verifyTrace({ ...options, chunks: [trace], level: "reexecute" })).toMatchObject({
      kind: "undecided",
      code: "E_ARTIFACT_MISSING",
    });
  });

  it("numbers the iterations of a recursive call", async () => {
    const { events } = openTrace(await recordCellCount());
    const controls = events.flatMap((event) =>
      event.kind === "TileStep" && event.record.kind === "Tile"
        ? [[event.record.iteration, event.record.control?.done]]
        : [],
    );
    expect(controls).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [3, true],
    ]);
  });

  it("goes on after a failed tile and ends with an error", async () => {
    const { cell, bytes } = startCellRun(RUN);
    cell.enterCell("hello");
    const bad = functionTile("greet", new Uint8Array(32).fill(1), () =>
      failedWith("E_TILE_FAILED", hex("0178")),
    );
    const result = unwrap(await cell.runTile(bad, { iteration: null, input: hex("0178") }));
    expect(result.kind).toBe("failed");
    cell.leaveCell();
    const error = hex("0178");
    const summary = unwrap(cell.finish({ kind: "Err", code: "E_TRAP_UNWRAP", error }));
    expect(summary).toMatchObject({ steps: 1, size: 3 });
    const options = { subject: "run", schema: HELLO_CFS, program: null, level: null };
    expect(await verifyTrace({ ...options, chunks: [bytes()] })).toMatchObject({
      kind: "accepted",
      level: "dataflow",
      entry: "hello",
    });
  });

  it("records answers in the order in which they enter, and requests that have none", async () => {
    const { cell, bytes } = startCellRun(RUN);
    cell.enterCell("hello");
    const ask = (operation: string, task: number): OpenRequest =>
      cell.openRequest({ kind: "effect", effect: "Ask", operation, args: hex("") }, task);
    cell.startFuture({ future: 1, by: 0, cell: "task" });
    const first = ask("first", 0);
    cell.startFuture({ future: 2, by: 1, cell: "task" });
    const second = ask("second", 1);
    ask("third", 2);
    cell.endFuture({ future: 2, state: "Cancelled", result: hex("0178") });
    unwrap(cell.answerRequest(second, { ok: true, result: hex("0178") }));
    unwrap(cell.answerRequest(first, { ok: true, result: hex("0179") }));
    cell.leaveCell();
    const summary = unwrap(cell.finish({ kind: "Ok", output: hex("00") }));
    expect(summary).toMatchObject({ steps: 2 });
    const { events } = openTrace(bytes());
    const operations = events.flatMap((event) =>
      event.kind === "TileStep" && event.record.kind === "Request" ? [event.record.operation] : [],
    );
    expect(operations).toEqual(["Ask.second", "Ask.first"]);
    const options = { subject: "run", schema: HELLO_CFS, program: null, level: null };
    expect(await verifyTrace({ ...options, chunks: [bytes()] })).toMatchObject({
      kind: "accepted",
    });
  });

  it("aborts when a tile cannot be run", async () => {
    const { cell, bytes } = startCellRun(RUN);
    cell.enterCell("hello");
    const broken = {
      ...functionTile("greet", new Uint8Array(32), (x) => x),
      execute: () => err(failure("E_VERIFY_HOST", "execute", "no worker")),
    };
    const result = await cell.runTile(broken, { iteration: null, input: hex("0178") });
    expect(result).toMatchObject({ ok: false, error: { code: "E_VERIFY_HOST" } });
    unwrap(cell.abort());
    const options = { subject: "run", schema: HELLO_CFS, program: null, level: null };
    expect(await verifyTrace({ ...options, chunks: [bytes()] })).toMatchObject({
      kind: "rejected",
      check: "complete",
    });
  });
});
