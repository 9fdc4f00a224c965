// Every step record of the worked examples: bytes, JSON form, leaf hashes and prefix roots.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument } from "../encoding/index.ts";
import { fromHex, toHex } from "../hash/index.ts";
import { required } from "../result/result.ts";
import { MerkleLog } from "./merkle.ts";
import { formatPath, parsePath } from "./path.ts";
import type { PathElem, StepRecord } from "./step-record.ts";
import {
  checkDefaultBound,
  decodeRecord,
  encodeRecord,
  leafOf,
  recordFromJson,
  recordToJson,
} from "./step-record-codec.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);
const bytes = (hex: string): Uint8Array => required(fromHex(hex), "vectors are hex");

interface Run {
  readonly name: string;
  readonly records: readonly string[];
  readonly leaves: readonly string[];
  readonly prefixRoots: readonly string[] | null;
  readonly root: string;
}

const runs: readonly Run[] = ["commitment", "recur", "control", "control_limit", "cell_run"].map(
  (name) => {
    const run = worked[name];
    const nested = typeof run.records[0] !== "string";
    return {
      name,
      records: nested ? run.records.map((r: { postcard: string }) => r.postcard) : run.records,
      leaves: nested ? run.records.map((r: { leaf_hash: string }) => r.leaf_hash) : run.leaf_hashes,
      prefixRoots: run.prefix_roots ?? null,
      root: run.root,
    };
  },
);

function decoded(hex: string): StepRecord {
  const record = decodeRecord(bytes(hex));
  if (!record.ok) throw new Error(record.error.message);
  return record.value;
}

describe("the worked records", () => {
  it("are all there", () => {
    expect(runs.map((run) => run.records.length)).toEqual([4, 6, 11, 23, 5]);
  });

  it.each(runs)("of $name have the stated bytes, leaves and roots", (run) => {
    const log = new MerkleLog();
    run.records.forEach((hex, index) => {
      const record = decoded(hex);
      expect(toHex(encodeRecord(record))).toBe(hex);
      const leaf = leafOf(record);
      expect(toHex(leaf)).toBe(run.leaves[index]);
      log.push(leaf);
      if (run.prefixRoots !== null) expect(toHex(log.root())).toBe(run.prefixRoots[index]);
    });
    expect(toHex(log.root())).toBe(run.root);
  });

  it.each(runs)("of $name survive their JSON form as text", (run) => {
    for (const hex of run.records) {
      const text = JSON.stringify(recordToJson(decoded(hex)));
      const doc = parseDocument(text, { subject: "record" });
      const back = recordFromJson(required(doc.ok ? doc.value : null, "it is JSON"));
      expect(back.ok && toHex(encodeRecord(back.value))).toBe(hex);
    }
  });

  it("have the kinds and the JSON keys of 15.1", () => {
    expect(worked.commitment.records.map((r: { kind: string }) => r.kind)).toEqual(
      worked.commitment.records.map((r: { postcard: string }) => decoded(r.postcard).kind),
    );
    const greet = recordToJson(decoded(worked.commitment.records[1].postcard));
    expect(JSON.stringify(greet)).toBe(
      `{"kind":"Tile","index":0,"tile_id":"greet","code":"${worked.code[0].code}","path":"0",` +
        `"iteration":null,"input_digest":"${worked.value_digest[1].digest}",` +
        `"outcome":{"ok":"${worked.value_digest[2].digest}"},"control":null,` +
        `"post_state":"${worked.commitment.states[1].digest}"}`,
    );
  });

  it("carry the paths of the steps", () => {
    for (const name of ["control", "control_limit"]) {
      const { steps, records } = worked[name];
      steps.forEach((step: { tile: string; path: string; index: number }) => {
        const record = decoded(records[step.index + 1]);
        if (record.kind !== "Tile") throw new Error("a step is a Tile record");
        expect([record.tileId, formatPath(record.path)]).toEqual([step.tile, step.path]);
      });
    }
  });
});

describe("paths", () => {
  const elem = fc.oneof(
    fc.record({
      kind: fc.constantFrom<PathElem["kind"]>("Item", "Arm"),
      index: fc.integer({ min: 0, max: 0xffff_ffff }),
    }),
    fc.record({ kind: fc.constant<PathElem["kind"]>("Iter"), index: fc.maxSafeNat() }),
  );

  it("are lossless as text", () => {
    const property = fc.property(fc.array(elem, { maxLength: 8 }), (path) => {
      expect(parsePath(formatPath(path))).toEqual({ ok: true, value: path });
    });
    fc.assert(property, { seed: 184, numRuns: 300 });
  });

  it("write the example of 13.1 and the empty path", () => {
    const path: readonly PathElem[] = [
      { kind: "Item", index: 0 },
      { kind: "Item", index: 2 },
      { kind: "Iter", index: 3 },
      { kind: "Arm", index: 1 },
      { kind: "Item", index: 0 },
    ];
    expect(formatPath(path)).toBe("0/2#3?1/0");
    expect(formatPath([])).toBe("");
  });

  it.each([
    "/0",
    "0/",
    "00",
    "0/01",
    "0//1",
    "x",
    "0 ",
    "-1",
    "4294967296",
    "0?4294967296",
    "0#",
    "0#9007199254740992",
  ])("refuse %j", (text) => {
    expect(parsePath(text)).toMatchObject({ ok: false, error: { code: "E_MALFORMED" } });
  });
});

describe("refusals", () => {
  const tile = worked.commitment.records[1].postcard as string;

  it("refuses bytes after a record, a cut record, and every other discriminant", () => {
    expect(decodeRecord(bytes(`${tile}00`))).toMatchObject({
      error: { code: "E_DECODE", details: { reason: "trailing-bytes" } },
    });
    for (let cut = 0; cut < tile.length / 2; cut += 1) {
      expect(decodeRecord(bytes(tile).subarray(0, cut)).ok).toBe(false);
    }
    expect(decodeRecord(bytes(`04${tile.slice(2)}`))).toMatchObject({
      error: { code: "E_DECODE", details: { reason: "bad-variant" } },
    });
  });

  it("refuses another default bound", () => {
    const genesis = decoded(worked.commitment.records[0].postcard);
    if (genesis.kind !== "Genesis") throw new Error("the first record is Genesis");
    expect(checkDefaultBound(genesis).ok).toBe(true);
    const other = checkDefaultBound({ ...genesis, defaultBound: 999_999 });
    expect(other).toMatchObject({ error: { code: "E_STEP_MISMATCH" } });
  });

  it.each([
    ["kind", "Tiles", "/kind"],
    ["index", -1, "/index"],
    ["index", 1.5, "/index"],
    ["tile_id", 3, "/tile_id"],
    ["tile_id", "\ud800", "/tile_id"],
    ["code", "00", "/code"],
    ["path", "00", "/path"],
    ["outcome", { ok: "00", err: {} }, "/outcome"],
    ["outcome", { ok: "00" }, "/outcome/ok"],
    ["outcome", { err: { code: "E" } }, "/outcome/err/error_digest"],
    ["control", { done: 1 }, "/control/done"],
    ["post_state", undefined, "/post_state"],
  ])("refuses %s = %j in JSON", (key, value, path) => {
    const doc = { ...Object(recordToJson(decoded(tile))), [key]: value };
    expect(recordFromJson(doc)).toMatchObject({ error: { code: "E_MALFORMED", path } });
  });

  it("reads integers as decimal strings", () => {
    const doc = { ...Object(recordToJson(decoded(tile))), index: "7" };
    expect(recordFromJson(doc)).toMatchObject({ ok: true, value: { index: 7 } });
  });
});
