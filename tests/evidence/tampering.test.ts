// A trace that somebody changed is never accepted, and the verdict says where (formats 14.3, 18).

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { valueDigest } from "@lumen/core/encoding";
import type { TraceEventOf } from "@lumen/core/trace";
import { beforeAll, describe, expect, it } from "vitest";
import { bytesOf, ledger, lumen, onlyTrace, type Ran } from "../cli/testing/lumen.ts";
import { close, editStep, flipped, forge, open, recommit } from "./testing/forge.ts";

let folder = "";
let trace: Uint8Array = new Uint8Array();

beforeAll(async () => {
  folder = ledger();
  // A part of the statement: every test below runs the whole verification.
  const input = JSON.parse(readFileSync(join(folder, "input.json"), "utf8"));
  const part = { ...input, statement: input.statement.slice(0, 70) };
  writeFileSync(join(folder, "input.json"), JSON.stringify(part));
  await lumen(folder, "run", "--input", "@input.json");
  trace = bytesOf(onlyTrace(folder));
});

async function on(command: string, bytes: Uint8Array, ...words: readonly string[]): Promise<Ran> {
  writeFileSync(join(folder, "forged.rtrace"), bytes);
  return lumen(folder, ...command.split(" "), "forged.rtrace", ...words);
}

/** The first step of a tile. */
function stepOf(tileId: string): number {
  for (const event of open(trace).events) {
    if (event.kind !== "TileStep" || event.record.kind !== "Tile") continue;
    if (event.record.tileId === tileId) return event.record.index;
  }
  throw new Error(`no step of ${tileId}`);
}

type Step = TraceEventOf<"TileStep">;

const otherBytes = (step: Step): Step => {
  const output = flipped(step.output ?? new Uint8Array(), 3);
  return { ...step, output };
};
const otherDigest = (step: Step): Step => {
  const { record, output } = step;
  if (record.kind !== "Tile") throw new Error("no tile");
  const outputDigest = valueDigest(flipped(output ?? new Uint8Array(), 3));
  return { ...step, record: { ...record, outcome: { kind: "Ok", outputDigest } } };
};
const both = (step: Step): Step => otherBytes(otherDigest(step));

describe("one output changed, with a frame chain that fits", () => {
  it.each([
    ["its bytes", "counterparties", otherBytes],
    ["its digest", "counterparties", otherDigest],
    ["its digest and its bytes", "counterparties", both],
    ["its digest and its bytes", "match_payments", both],
  ] as const)("%s of %s: the step and the tile are named", async (_, tileId, edit) => {
    const index = stepOf(tileId);
    const forged = editStep(trace, index, edit);
    for (const bytes of [forged, recommit(forged)]) {
      const ran = await on("verify", bytes);
      expect(ran.status).toBe(3);
      expect(ran.stdout).toContain("rejected");
      expect(ran.stdout).toMatch(new RegExp(`where +step ${index}, tile ${tileId}`));
    }
  });

  it("is found by replay as well, at the same record", async () => {
    const index = stepOf("counterparties");
    const ran = await on("replay", recommit(editStep(trace, index, both)));
    expect(ran.status).toBe(3);
    expect(ran.stdout).toContain("diverged");
    expect(ran.stdout).toContain(`record ${index + 1}`);
  });

  it("accepts the same trace put together unchanged", async () => {
    const { header, events } = open(trace);
    expect(close(header, events)).toEqual(trace);
    expect((await on("verify", trace)).status).toBe(0);
  });
});

describe("the program that ran", () => {
  it("cannot be another one than the records say", async () => {
    const index = stepOf("render");
    const forged = editStep(trace, index, (step) =>
      step.record.kind === "Tile"
        ? { ...step, record: { ...step.record, code: flipped(step.record.code, 0) } }
        : step,
    );
    const ran = await on("verify", recommit(forged));
    expect(ran.status).toBe(3);
    expect(ran.stdout).toContain("tile render");
  });

  it("cannot have had another input", async () => {
    const forged = forge(trace, (event) =>
      event.kind === "TileStep" && event.record.kind === "Genesis"
        ? { ...event, input: flipped(event.input ?? new Uint8Array(), 40) }
        : event,
    );
    expect((await on("verify", recommit(forged))).status).toBe(3);
  });
});

describe("a damaged file", () => {
  it.each([
    "verify",
    "replay",
    "trace show",
  ])("%s names the offset of the frame", async (command) => {
    const { offsets } = open(trace);
    const frame = offsets[20] ?? 0;
    const ran = await on(command, flipped(trace, frame + 9));
    expect(ran.status).toBe(command === "verify" ? 3 : 1);
    const said = ran.stdout + ran.stderr;
    expect(said).toContain("E_TRACE_CORRUPT");
    expect(said).toContain(String(frame));
    expect(said).not.toContain("accepted");
  });

  it("is refused when its header is damaged", async () => {
    const ran = await on("verify", flipped(trace, 30));
    expect(ran.status).not.toBe(0);
    expect(ran.stdout + ran.stderr).toContain("E_TRACE_CORRUPT");
  });

  it("is not finished when its records have no end", async () => {
    const { events, offsets } = open(trace);
    const last = events.findLastIndex((e) => e.kind === "TileStep");
    const cut = trace.subarray(0, (offsets[last] ?? 0) + 7);
    const ran = await on("verify", cut);
    expect(ran.status).toBe(3);
    expect(ran.stdout).toContain("the recorded run did not finish");
    const shown = await on("trace show", cut);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain("torn");
    expect(shown.stdout).toContain("the run did not finish");
  });

  it("may lack a whole RunEnd, since Final ends the records; the cut is said (18.3)", async () => {
    const ran = await on("verify", trace.subarray(0, trace.length - 5));
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain("note        E_TRACE_TORN");
  });
});

describe("an event that is missing", () => {
  const kinds = ["TileStart", "TileStep", "TileEnd", "SequenceStart", "SequenceEnd"];

  it.each(kinds)("one %s less is rejected", async (kind) => {
    const { header, events } = open(trace);
    const index = events.findLastIndex((e) => e.kind === kind);
    expect(index).toBeGreaterThanOrEqual(0);
    const ran = await on("verify", close(header, events.toSpliced(index, 1)));
    expect(ran.status).toBe(3);
  });

  it("two steps in the other order are rejected", async () => {
    const { header, events } = open(trace);
    const steps = events.flatMap((e, i) => (e.kind === "TileStep" ? [i] : []));
    const [a = 0, b = 0] = [steps[3], steps[4]];
    const [first, second] = [events[a], events[b]];
    if (first === undefined || second === undefined) throw new Error("too few steps");
    const swapped = events.with(a, second).with(b, first);
    expect((await on("verify", close(header, swapped))).status).toBe(3);
  });
});
