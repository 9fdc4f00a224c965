// Every kind of event in both forms, from generated fields.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PathElem, StepRecord } from "../commit/step-record.ts";
import { decodeWith, encodeWith, parseDocument } from "../encoding/index.ts";
import { required } from "../result/result.ts";
import {
  EVENT_TABLE,
  type EventName,
  type TraceEvent,
  traceEventCodec,
  traceEventJson,
} from "./events.ts";

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const text = fc.string({ unit: "grapheme", maxLength: 12 });
const safe = fc.maxSafeNat();
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const outcome = fc.oneof(
  fc.record({ kind: fc.constant("Ok" as const), outputDigest: digest }),
  fc.record({ kind: fc.constant("Err" as const), code: text, errorDigest: digest }),
);
const path = fc.array(
  fc.record({ kind: fc.constantFrom<PathElem["kind"]>("Item", "Arm", "Iter"), index: u32 }),
  { maxLength: 5 },
);
const record: fc.Arbitrary<StepRecord> = fc.oneof(
  fc.record({ kind: fc.constant("Final" as const), steps: safe, outcome }),
  fc.record({
    kind: fc.constant("Request" as const),
    index: safe,
    operation: text,
    requestDigest: digest,
    outcome,
  }),
  fc.record({
    kind: fc.constant("Genesis" as const),
    schemaHash: digest,
    programId: digest,
    entry: text,
    inputDigests: fc.array(digest, { maxLength: 3 }),
    defaultBound: safe,
    postState: digest,
  }),
  fc.record({
    kind: fc.constant("Tile" as const),
    index: safe,
    tileId: text,
    code: digest,
    path,
    iteration: fc.option(safe),
    inputDigest: digest,
    outcome,
    control: fc.option(fc.record({ done: fc.boolean(), nextDigest: digest })),
    postState: digest,
  }),
);

const BASE: { readonly [kind: string]: fc.Arbitrary<unknown> } = {
  u8: fc.integer({ min: 0, max: 255 }),
  u32,
  u64: safe,
  bool: fc.boolean(),
  string: text,
  bytes: fc.uint8Array({ maxLength: 40 }),
  id: fc.uint8Array({ maxLength: 40 }),
  hash32: digest,
  path,
  record,
  payload: fc.oneof(
    fc.record({ kind: fc.constant("Digest"), digest, length: safe }),
    fc.record({ kind: fc.constant("Inline"), bytes: fc.uint8Array({ maxLength: 40 }) }),
  ),
  error: fc.record({
    code: text,
    message: text,
    domain: fc.constantFrom("Host", "Verifiable"),
    details: fc.option(fc.uint8Array({ maxLength: 9 })),
  }),
  futureState: fc.constantFrom("Ok", "Err", "Cancelled"),
  runStatus: fc.constantFrom("Ok", "Failed", "Aborted"),
};

function fieldArbitrary(kind: string): fc.Arbitrary<unknown> {
  const base = required(BASE[kind.replace(/\?$|\|null$/, "")], `there are values of ${kind}`);
  return /\?$|\|null$/.test(kind) ? fc.option(base) : base;
}

function eventArbitrary(name: EventName): fc.Arbitrary<TraceEvent> {
  const fields = Object.entries<string>(EVENT_TABLE[name].fields);
  const model = Object.fromEntries(fields.map(([field, kind]) => [field, fieldArbitrary(kind)]));
  // The generated fields are those of the row of this name.
  return fc.record(model).map((data) => ({ kind: name, ...data }) as unknown as TraceEvent);
}

const NAMES = Object.keys(EVENT_TABLE) as EventName[];

describe("the event table", () => {
  it("has 22 rows with the tags of 13.1", () => {
    expect(NAMES).toEqual([
      ...["TileStart", "TileEnd", "SequenceStart", "SequenceEnd", "TileStep", "TileFailure"],
      ...["SequenceFailure", "LoopIteration", "ToolCall", "ToolResult", "EffectPerform"],
      ...["EffectResume", "FutureSpawn", "FutureResolve", "CellStart", "CellEnd"],
      ...["StateTransition", "Checkpoint", "SchemaDrift", "Log", "Recovered", "RunEnd"],
    ]);
    expect(NAMES.map((name) => EVENT_TABLE[name].tag)).toEqual(NAMES.map((_, index) => index));
  });
});

describe.each(NAMES)("%s", (name) => {
  it("survives its wire form and its JSON form as text", () => {
    const property = fc.property(eventArbitrary(name), (event) => {
      const wireBytes = encodeWith(traceEventCodec, event);
      expect(wireBytes[0]).toBe(EVENT_TABLE[name].tag);
      expect(decodeWith(traceEventCodec, wireBytes)).toEqual({ ok: true, value: event });
      const json = JSON.stringify(traceEventJson.write(event));
      const doc = parseDocument(json, { subject: "event" });
      const back = traceEventJson.read(required(doc.ok ? doc.value : null, "it is JSON"), "");
      expect(back).toEqual({ ok: true, value: event });
    });
    fc.assert(property, { seed: 13, numRuns: 25 });
  });

  it("refuses every cut of its wire form, and one more byte", () => {
    const [event] = fc.sample(eventArbitrary(name), { seed: 131, numRuns: 1 });
    const wireBytes = encodeWith(traceEventCodec, required(event, "one was asked for"));
    for (let cut = 0; cut < wireBytes.length; cut += 1) {
      expect(decodeWith(traceEventCodec, wireBytes.subarray(0, cut)).ok).toBe(false);
    }
    const longer = new Uint8Array(wireBytes.length + 1);
    longer.set(wireBytes);
    expect(decodeWith(traceEventCodec, longer)).toMatchObject({
      error: { details: { reason: "trailing-bytes" } },
    });
  });
});

describe("the JSON form", () => {
  const start: TraceEvent = {
    kind: "TileStart",
    span: 2,
    parent: 1,
    tileId: "greet",
    timestamp: 10,
    depth: 1,
    iteration: null,
    path: [
      { kind: "Item", index: 0 },
      { kind: "Iter", index: 3 },
    ],
  };

  it("writes basic fields first and leaves out what may be absent", () => {
    expect(JSON.stringify(traceEventJson.write(start))).toBe(
      '{"type":"TileStart","tile_id":"greet","timestamp":10,"depth":1,' +
        '"span":2,"parent":1,"path":"0#3"}',
    );
  });

  it("writes null where the field is always there", () => {
    const end: TraceEvent = {
      kind: "TileEnd",
      span: 2,
      tileId: "greet",
      timestamp: 110,
      durationNs: 100,
      cycles: null,
    };
    expect(JSON.stringify(traceEventJson.write(end))).toBe(
      '{"type":"TileEnd","tile_id":"greet","timestamp":110,"duration_ns":100,' +
        '"cycles":null,"span":2}',
    );
  });

  it("keeps the key kind of a state transition", () => {
    const zero = new Uint8Array(32);
    const moved: TraceEvent = {
      kind: "StateTransition",
      span: 0,
      process: "p",
      transition: "put",
      sequenceNo: 1,
      before: zero,
      after: zero,
      timestamp: 2,
    };
    const json = traceEventJson.write(moved);
    expect(json).toMatchObject({ type: "StateTransition", kind: "put", sequence_no: 1 });
    expect(traceEventJson.read(json, "")).toEqual({ ok: true, value: moved });
  });

  it.each([
    ["type", "TileBegin", "/type"],
    ["type", undefined, "/type"],
    ["timestamp", -1, "/timestamp"],
    ["timestamp", 2 ** 53, "/timestamp"],
    ["depth", 2 ** 32, "/depth"],
    ["path", "0#", "/path"],
    ["iteration", "x", "/iteration"],
    ["tile_id", null, "/tile_id"],
  ])("refuses %s = %j", (key, value, where) => {
    const doc = { ...Object(traceEventJson.write(start)), [key]: value };
    expect(traceEventJson.read(doc, "")).toMatchObject({
      error: { code: "E_MALFORMED", path: where },
    });
  });

  it.each([
    [{ Inline: { $hex: "0" } }, "/result/Inline"],
    [{ Digest: { digest: "00", length: 1 } }, "/result/Digest/digest"],
    [{}, "/result"],
    [{ Other: 1 }, "/result/Digest"],
    [null, "/result"],
  ])("refuses the payload %j", (result, where) => {
    const doc = { type: "EffectResume", span: 1, timestamp: 1, ok: true, result };
    expect(traceEventJson.read(doc, "")).toMatchObject({
      error: { code: "E_MALFORMED", path: where },
    });
  });
});
