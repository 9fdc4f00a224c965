// Every window of the worked runs can be replayed alone; a document with a change in it, or of a
// trace that lies, is told by the check that finds it.

import { encodeRecord, type WindowDocument } from "@lumen/core/commit";
import { toHex } from "@lumen/core/hash";
import { required } from "@lumen/core/result";
import { describe, expect, it } from "vitest";
import { checkRange, windowAt } from "../evidence/window-builder.ts";
import {
  type EvidenceRun,
  executing,
  materialOf,
  recordedRun,
  runOf,
  TYPED_CONTROL,
  windowOf,
} from "../testing/evidence-runs.ts";
import { WRONG } from "../testing/forgery-edits.ts";
import { RUNS } from "../testing/sequence-forgeries.ts";
import { hex, type RecordingOptions, unwrap } from "../testing/worked-runs.ts";
import { EVIDENCE_CHECKS, type EvidenceCheckName } from "./evidence-checks.ts";
import { replayWindow } from "./window-check.ts";

const CONTROL = TYPED_CONTROL;
const TYPED_RUNS = { ...RUNS, control: CONTROL };

function stepsOf({ leaves }: EvidenceRun): number {
  return leaves.filter(({ record }) => record.kind === "Tile").length;
}

describe("windows", () => {
  it.each(
    Object.entries<RecordingOptions>(TYPED_RUNS),
  )("of every size of %s match", async (_n, run) => {
    const recorded = await recordedRun(run);
    const steps = stepsOf(recorded);
    for (let start = 0; start < steps; start += 1) {
      for (let end = start + 1; end <= steps; end += 1) {
        const window = unwrap(windowOf(recorded, run, { start, end }));
        const replayed = await replayWindow(window, materialOf(run));
        expect(replayed).toMatchObject({ kind: "replayed", matched: true, firstMismatch: null });
        if (replayed.kind !== "replayed") continue;
        expect(replayed.steps.map(({ index }) => index)).toEqual(
          Array.from({ length: end - start }, (_, i) => start + i),
        );
      }
    }
  });

  it("gives the output of a run that ends within the window", async () => {
    const window = unwrap(windowOf(await recordedRun(CONTROL), CONTROL, { start: 6, end: 9 }));
    const replayed = await replayWindow(window, materialOf(CONTROL));
    expect(replayed).toMatchObject({ matched: true, finalOutput: hex("1a02161a") });
    const earlier = unwrap(windowOf(await recordedRun(CONTROL), CONTROL, { start: 6, end: 8 }));
    const open = await replayWindow(earlier, materialOf(CONTROL));
    expect(open).toMatchObject({ matched: true, finalOutput: null });
  });

  it("holds the list of a loop that began before it, and few values", async () => {
    const window = unwrap(windowOf(await recordedRun(CONTROL), CONTROL, { start: 8, end: 9 }));
    expect(window.lists.map(toHex)).toEqual(["02161a"]);
    const missing = await replayWindow({ ...window, lists: [] }, materialOf(CONTROL));
    expect(missing).toMatchObject({ kind: "undecided", failure: { code: "E_MISSING_VALUE" } });
    const bare = await replayWindow({ ...window, values: new Map() }, materialOf(CONTROL));
    expect(bare).toMatchObject({ kind: "undecided", failure: { code: "E_MISSING_VALUE" } });
  });

  it("stops at a step that lies, and runs nothing behind it", async () => {
    const run: RecordingOptions = RUNS.hello;
    const honest = await recordedRun(run);
    const lie = honest.leaves.map((leaf) =>
      leaf.record.kind === "Tile" && leaf.record.index === 0
        ? { ...leaf, record: { ...leaf.record, postState: WRONG } }
        : leaf,
    );
    const window = unwrap(windowOf(runOf(lie), run, { start: 0, end: 2 }));
    let count = 0;
    const execute = executing(run.tiles, () => {
      count += 1;
    });
    const replayed = await replayWindow(window, materialOf(run, { execute }));
    expect(replayed).toMatchObject({
      matched: false,
      steps: [],
      firstMismatch: { leafIndex: 1, reason: "state" },
    });
    expect(count).toBe(1);
  });

  it("is not decided with another schema, without the tile, or when it cannot run", async () => {
    const run: RecordingOptions = RUNS.hello;
    const window = unwrap(windowOf(await recordedRun(run), run, { start: 0, end: 2 }));
    const other = await replayWindow(window, materialOf(CONTROL));
    expect(other).toMatchObject({ kind: "undecided", failure: { code: "E_SCHEMA_HASH" } });
    const none = await replayWindow(window, materialOf(run, { codes: new Map() }));
    expect(none).toMatchObject({ kind: "undecided", failure: { code: "E_TILE_NOT_FOUND" } });
  });
});

describe("ranges of windows", () => {
  it("are those of 19.1", () => {
    const at = (size: number, step: number, context: boolean) =>
      windowAt(10, { size, at: step, context });
    expect(at(4, 9, false)).toMatchObject({ value: { start: 8, end: 10 } });
    expect(at(4, 5, true)).toMatchObject({ value: { start: 0, end: 8 } });
    expect(at(4, 2, true)).toMatchObject({ value: { start: 0, end: 4 } });
    expect(at(64, 0, true)).toMatchObject({ value: { start: 0, end: 10 } });
    for (const bad of [at(0, 1, false), at(4, 10, false), at(4, -1, false)])
      expect(bad).toMatchObject({ error: { code: "E_WINDOW_RANGE" } });
  });

  it.each([
    [0, 0],
    [3, 2],
    [-1, 2],
    [0, 11],
    [0, Number.NaN],
  ])("%s to %s is none", (start, end) => {
    expect(checkRange({ start, end }, 10)).toMatchObject({ error: { code: "E_WINDOW_RANGE" } });
  });
});

type Edit = (window: WindowDocument, run: EvidenceRun) => WindowDocument;

/** A change of a right document for each check. */
const FORGERIES: readonly { readonly check: EvidenceCheckName; readonly edit: Edit }[] = [
  { check: "window-range", edit: (w) => ({ ...w, end: w.end + 1 }) },
  { check: "window-range", edit: (w) => ({ ...w, records: [], end: w.start }) },
  {
    check: "window-range",
    edit: (w, { leaves }) => ({
      ...w,
      end: w.end + 1,
      records: [...w.records, encodeRecord(required(leaves.at(-1), "there is one").record)],
    }),
  },
  { check: "window-id", edit: (w) => ({ ...w, windowId: WRONG }) },
  { check: "window-frontier", edit: (w) => ({ ...w, frontier: [WRONG, ...w.frontier.slice(1)] }) },
  { check: "window-frontier", edit: (w) => ({ ...w, frontier: [w.prefixRoot] }) },
  { check: "window-prefix", edit: (w) => ({ ...w, prefixProof: [] }) },
  { check: "window-records", edit: (w) => ({ ...w, records: w.records.toReversed() }) },
  { check: "window-records", edit: (w) => ({ ...w, endProof: [WRONG] }) },
  { check: "window-pre-record", edit: (w) => ({ ...w, preRecordProof: [] }) },
  {
    check: "window-pre-record",
    edit: (w) => ({ ...w, preRecord: required(w.records[0], "there is one") }),
  },
  { check: "window-pre-state", edit: (w) => ({ ...w, preState: new Uint8Array(0) }) },
  { check: "window-pre-state", edit: (w) => ({ ...w, preState: hex("00000000") }) },
  { check: "window-values", edit: (w) => ({ ...w, values: new Map([[toHex(WRONG), WRONG]]) }) },
];

describe("forged windows", () => {
  it.each(FORGERIES)("$check", async ({ check, edit }) => {
    const run = await recordedRun(CONTROL);
    const window = unwrap(windowOf(run, CONTROL, { start: 6, end: 9 }));
    const found = await replayWindow(edit(window, run), materialOf(CONTROL));
    const { clause, code } = EVIDENCE_CHECKS[check];
    expect(found).toMatchObject({ kind: "invalid", check, clause, code });
  });

  it.each<[string, Partial<WindowDocument>]>([
    ["entry", { entry: "other" }],
    ["schema", { schemaHash: WRONG }],
    ["program", { programId: WRONG }],
    ["no program", { programId: null }],
  ])("window-genesis: another %s, wherever the window begins", async (_, lie) => {
    const run = await recordedRun(CONTROL);
    for (const start of [0, 6]) {
      const window = unwrap(windowOf(run, CONTROL, { start, end: 9 }));
      const found = await replayWindow({ ...window, ...lie }, materialOf(CONTROL));
      expect(found).toMatchObject({ kind: "invalid", check: "window-genesis" });
    }
  });

  it("window-genesis: leaf 0 is another leaf, or not opened", async () => {
    const run = await recordedRun(CONTROL);
    const window = unwrap(windowOf(run, CONTROL, { start: 6, end: 9 }));
    const { preRecord: record, preRecordProof: inclusion } = window;
    for (const genesis of [null, { record, inclusion }]) {
      const found = await replayWindow({ ...window, genesis }, materialOf(CONTROL));
      expect(found).toMatchObject({ kind: "invalid", check: "window-genesis" });
    }
  });

  it("every check of windows has one", () => {
    const forged = new Set<string>([...FORGERIES.map(({ check }) => check), "window-genesis"]);
    const checks = Object.keys(EVIDENCE_CHECKS).filter((name) => name.startsWith("window-"));
    expect(checks.filter((check) => !forged.has(check))).toEqual([]);
  });
});
