// The worked trace file, byte for byte, and what becomes of it when it is cut or changed.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, fromHex, sha256, toHex } from "../hash/index.ts";
import { required } from "../result/result.ts";
import type { TraceEvent } from "./events.ts";
import { encodeFrame, FRAME_PAYLOAD_BYTES_MAX, startTrace } from "./frames.ts";
import { encodeTraceHeader } from "./header.ts";
import {
  chunksOf,
  readTrace,
  readWholeTrace,
  type TraceEnding,
  TraceScanner,
  type WholeTrace,
} from "./reader.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);
const bytes = (hex: string): Uint8Array => required(fromHex(hex), "vectors are hex");
const vector = worked.trace_file;
const file = bytes(vector.file);
const headerBytes = vector.header.length / 2;
const frames: readonly { readonly start: number; readonly end: number }[] = vector.frames.map(
  (row: { offset: number; frame: string }) => ({
    start: row.offset,
    end: row.offset + row.frame.length / 2,
  }),
);

function whole(content: Uint8Array): WholeTrace {
  const read = readWholeTrace(content, { subject: "t", recover: true });
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

const events = whole(file).events.map((placed) => placed.event);

function frameOf(chain: Uint8Array, event: TraceEvent): { bytes: Uint8Array; chain: Uint8Array } {
  const frame = encodeFrame(chain, event);
  if (!frame.ok) throw new Error(frame.error.message);
  return frame.value;
}

/** What 14.4 says about a file whose frame at `offset` is bad and says it ends at `end`. */
function verdictAt(offset: number, lengthBytes: number, total: number): "torn" | "corrupt" {
  if (total - offset < 12) return "torn";
  if (lengthBytes < 1 || lengthBytes > FRAME_PAYLOAD_BYTES_MAX) return "corrupt";
  return offset + lengthBytes + 12 >= total ? "torn" : "corrupt";
}

function placeOf(ending: TraceEnding): readonly [string, number] {
  return ending.kind === "refused" ? [ending.kind, 0] : [ending.kind, ending.tail.offset];
}

describe("the worked file", () => {
  it("is read whole", () => {
    const { ending, events: placed } = whole(file);
    expect(ending).toMatchObject({ kind: "complete", tail: { offset: 1028, events: 11 } });
    expect(ending.kind !== "refused" && ending.tail.finished).toBe(true);
    expect(placed.map((event) => event.offset)).toEqual(frames.map((frame) => frame.start));
    expect(placed.map((event) => event.index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(file.length).toBe(vector.file_length);
  });

  it("is written with the stated header, frames and chain", () => {
    expect(toHex(encodeTraceHeader(whole(file).header))).toBe(vector.header);
    const start = startTrace(whole(file).header);
    expect(toHex(start.bytes)).toBe(vector.header);
    expect(toHex(start.bytes).slice(32, -8)).toBe(vector.header_postcard);
    expect(toHex(start.chain)).toBe(vector.chain0);
    expect(vector.frames).toHaveLength(11);
    let chain = start.chain;
    events.forEach((event, index) => {
      const frame = frameOf(chain, event);
      expect(toHex(frame.bytes)).toBe(vector.frames[index].frame);
      expect(toHex(frame.chain)).toBe(vector.frames[index].chain);
      chain = frame.chain;
    });
  });

  it("has the events that the example names", () => {
    const names = events.map((event) =>
      event.kind === "TileStep"
        ? `TileStep ${event.record.kind === "Tile" ? event.record.tileId : event.record.kind}`
        : event.kind,
    );
    const stated = vector.frames.map((row: { event: string }) => row.event);
    names.forEach((name, index) => {
      expect(stated[index].startsWith(name)).toBe(true);
    });
    expect(events[3]).toMatchObject({ kind: "TileStep", backend: "native", span: 2 });
    expect(events[10]).toMatchObject({ steps: 2, size: 4, status: "Ok" });
  });

  it("gives the results of the torn examples", () => {
    expect(vector.torn_examples).toHaveLength(5);
    for (const row of vector.torn_examples) {
      const content = file.slice(0, row.keep_bytes);
      const { xor } = row;
      if (xor !== undefined) content[xor.offset] = (content[xor.offset] ?? 0) ^ xor.mask;
      const { ending, events: placed } = whole(content);
      if (ending.kind === "refused") throw new Error("the header is whole");
      const unfinished = ending.kind === "complete" && !ending.tail.finished;
      expect({
        result: unfinished ? "complete-unfinished" : ending.kind,
        cut_to: ending.tail.offset,
        whole_frames: ending.tail.events,
      }).toEqual({ result: row.result, cut_to: row.cut_to, whole_frames: row.whole_frames });
      expect(placed).toHaveLength(row.whole_frames);
    }
  });

  it("is the trace of the run entered by a cell, too", () => {
    const content = bytes(worked.cell_run.file);
    const trace = whole(content);
    expect(content.length).toBe(worked.cell_run.file_length);
    expect(trace.ending.kind).toBe("complete");
    expect(trace.events).toHaveLength(14);
    const start = startTrace(trace.header);
    let chain = start.chain;
    const written = [start.bytes];
    for (const { event } of trace.events) {
      const frame = frameOf(chain, event);
      written.push(frame.bytes);
      chain = frame.chain;
    }
    expect(toHex(concatBytes(...written))).toBe(worked.cell_run.file);
  });
});

describe("damage", () => {
  it("cut at any length keeps every whole frame and names the cut", () => {
    for (let length = 0; length < file.length; length += 1) {
      const read = readWholeTrace(file.subarray(0, length), { subject: "t" });
      if (length < headerBytes) {
        const offset = length < 12 ? length : Math.min(length, headerBytes);
        expect(read).toMatchObject({ ok: false, error: { code: "E_TRACE_CORRUPT", offset } });
        continue;
      }
      if (!read.ok) throw new Error(read.error.message);
      const kept = frames.filter((frame) => frame.end <= length);
      const end = kept.at(-1)?.end ?? headerBytes;
      const { ending } = read.value;
      expect(placeOf(ending)).toEqual([end === length ? "complete" : "torn", end]);
      expect(read.value.events).toHaveLength(kept.length);
      if (ending.kind !== "torn") continue;
      expect(ending.droppedBytes).toBe(length - end);
      expect(ending.warning).toMatchObject({
        code: "E_TRACE_TORN",
        subject: "t",
        offset: end,
        details: { dropped_bytes: length - end },
      });
    }
  });

  it("one flipped bit anywhere in the frames is torn or corrupt at its frame", () => {
    for (let offset = headerBytes; offset < file.length; offset += 1) {
      for (const mask of [0x01, 0x80]) {
        const content = file.slice();
        content[offset] = (content[offset] ?? 0) ^ mask;
        const frame = required(
          frames.find(({ end }) => offset < end),
          "the byte is in a frame",
        );
        const length = new DataView(content.buffer).getUint32(frame.start, true);
        const expected = verdictAt(frame.start, length, file.length);
        expect([offset, mask, ...placeOf(whole(content).ending)]).toEqual([
          offset,
          mask,
          expected,
          frame.start,
        ]);
        const strict = readWholeTrace(content, { subject: "t" });
        expect(strict.ok).toBe(expected === "torn");
        if (strict.ok) continue;
        expect(strict.error).toMatchObject({ code: "E_TRACE_CORRUPT", offset: frame.start });
      }
    }
  });

  it("one flipped bit anywhere in the header refuses the file", () => {
    for (let offset = 0; offset < headerBytes; offset += 1) {
      const content = file.slice();
      content[offset] = (content[offset] ?? 0) ^ 1;
      const read = readWholeTrace(content, { subject: "t", recover: true });
      const isVersion = offset >= 8 && offset < 12;
      const code = isVersion ? "E_UNSUPPORTED_VERSION" : "E_TRACE_CORRUPT";
      expect(read).toMatchObject({ ok: false, error: { code } });
    }
  });

  it("refuses another major and a larger minor, and names them", () => {
    const content = file.slice();
    content[10] = 7;
    expect(readWholeTrace(content, { subject: "t" })).toMatchObject({
      error: { code: "E_UNSUPPORTED_VERSION", format: "trace", found: "1.7", supported: ["1.0"] },
    });
  });

  it("refuses a header length out of range before reading on", () => {
    const content = file.slice();
    new DataView(content.buffer).setUint32(12, 0xffff_ffff, true);
    const scanner = new TraceScanner("t");
    scanner.push(content.subarray(0, 16));
    expect(scanner.end()).toMatchObject({
      kind: "refused",
      failure: { code: "E_TRACE_CORRUPT", offset: 12 },
    });
  });

  it("refuses a run id that could not be a file name", () => {
    const header = bytes(vector.header);
    const at = toHex(header).indexOf(toHex(new Uint8Array([0x72, 0x75, 0x6e, 0x2d]))) / 2;
    header[at] = 0x2f;
    expect(readWholeTrace(header, { subject: "t" }).ok).toBe(false);
  });

  it("zeros after the last frame are torn, however many", () => {
    for (const count of [1, 11, 12, 13, 5000]) {
      const { ending } = whole(concatBytes(file, new Uint8Array(count)));
      expect(placeOf(ending)).toEqual(["torn", file.length]);
    }
  });

  it("other bytes after the last frame are torn up to 11 and corrupt from 12 on", () => {
    const garbage = (count: number): Uint8Array => new Uint8Array(count).fill(0xee);
    expect(whole(concatBytes(file, garbage(11))).ending.kind).toBe("torn");
    expect(whole(concatBytes(file, garbage(12))).ending.kind).toBe("corrupt");
    const late = concatBytes(file, new Uint8Array(100), garbage(1));
    expect(whole(late).ending.kind).toBe("corrupt");
  });

  it("a frame whose check fits but whose event does not decode is bad", () => {
    const start = startTrace(whole(file).header);
    const [first] = events;
    const good = frameOf(start.chain, required(first, "there are events"));
    // The same bytes as an event of a tag that does not exist, with a check that fits.
    const payload = bytes("16");
    const length = bytes("01000000");
    const chain = sha256(concatBytes(good.chain, length, payload));
    const bad = concatBytes(length, payload, chain.subarray(0, 8));
    const torn = whole(concatBytes(start.bytes, good.bytes, bad));
    expect(placeOf(torn.ending)).toEqual(["torn", start.bytes.length + good.bytes.length]);
    const corrupt = whole(concatBytes(start.bytes, good.bytes, bad, good.bytes));
    expect(corrupt.ending).toMatchObject({
      kind: "corrupt",
      failure: { code: "E_TRACE_CORRUPT", cause: { code: "E_DECODE" } },
    });
  });

  it("dropped, doubled and swapped frames are corrupt", () => {
    const part = (index: number): Uint8Array => {
      const frame = required(frames[index], "there are 11");
      return file.subarray(frame.start, frame.end);
    };
    const order = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    const orders = [
      [order.filter((index) => index !== 3), 3],
      [order.flatMap((index) => (index === 3 ? [3, 3] : [index])), 4],
      [[0, 1, 2, 4, 3, 5, 6, 7, 8, 9, 10], 3],
    ] as const;
    for (const [changed, kept] of orders) {
      const { ending, events: placed } = whole(
        concatBytes(file.subarray(0, headerBytes), ...changed.map(part)),
      );
      expect([ending.kind, placed.length]).toEqual(["corrupt", kept]);
    }
  });
});

describe("recovery", () => {
  it("continues the chain before the cut", () => {
    const { ending } = whole(file.subarray(0, 574));
    if (ending.kind !== "torn") throw new Error("574 bytes are torn");
    const recovered: TraceEvent = { kind: "Recovered", timestamp: 300, cutBytes: 5 };
    const frame = frameOf(ending.tail.chain, recovered);
    const again = whole(concatBytes(file.subarray(0, ending.tail.offset), frame.bytes));
    expect(again.ending).toMatchObject({ kind: "complete", tail: { events: 5, finished: false } });
    expect(again.events.at(-1)?.event).toEqual(recovered);
  });
});

describe("chunks", () => {
  it("of any size give the same events and ending", () => {
    const damaged = file.slice();
    damaged[700] = (damaged[700] ?? 0) ^ 4;
    const zeros = concatBytes(file, new Uint8Array(200));
    const lateByte = concatBytes(zeros, Uint8Array.of(1));
    const contents = [file, file.subarray(0, 700), damaged, zeros, lateByte];
    const sizes = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 });
    const property = fc.property(fc.constantFrom(...contents), sizes, (content, steps) => {
      const scanner = new TraceScanner("t");
      const placed = [];
      for (let at = 0, i = 0; at < content.length; i += 1) {
        const size = required(steps[i % steps.length], "steps are not empty");
        const chunk = content.slice(at, at + size);
        placed.push(...scanner.push(chunk));
        chunk.fill(0xaa); // The scanner must not keep what the caller uses again.
        at += size;
      }
      const expected = whole(content);
      expect([placed, scanner.end()]).toEqual([expected.events, expected.ending]);
    });
    fc.assert(property, { seed: 144, numRuns: 60 });
  });

  it("come from a byte source one after the other", () => {
    const reads: number[] = [];
    const source = {
      read: (offset: number, length: number): Uint8Array => {
        reads.push(offset);
        return file.subarray(offset, offset + length);
      },
    };
    const scanner = new TraceScanner("t");
    const reader = readTrace(chunksOf(source, 300), scanner);
    const kinds: string[] = [];
    for (;;) {
      const next = reader.next();
      if (next.done === true) {
        expect(next.value.kind).toBe("complete");
        break;
      }
      kinds.push(next.value.event.kind);
    }
    expect(kinds).toEqual(events.map((event) => event.kind));
    expect(reads).toEqual([0, 300, 600, 900, 1028]);
  });
});

describe("limits", () => {
  it("a frame takes 16 MiB and not one byte more", () => {
    const log = (length: number): TraceEvent => ({
      kind: "Log",
      span: 0,
      level: 1,
      message: "x".repeat(length),
      timestamp: 0,
    });
    // Tag, span, level, 4 bytes of length, timestamp.
    const room = FRAME_PAYLOAD_BYTES_MAX - 8;
    const start = startTrace(whole(file).header);
    const frame = frameOf(start.chain, log(room));
    expect(frame.bytes.length).toBe(FRAME_PAYLOAD_BYTES_MAX + 12);
    const scanner = new TraceScanner("t");
    expect(scanner.push(start.bytes)).toEqual([]);
    let placed = 0;
    for (let at = 0; at < frame.bytes.length; at += 1 << 16) {
      placed += scanner.push(frame.bytes.subarray(at, at + (1 << 16))).length;
    }
    expect([placed, scanner.end().kind]).toEqual([1, "complete"]);
    expect(encodeFrame(start.chain, log(room + 1))).toMatchObject({
      ok: false,
      error: { code: "E_ENCODE" },
    });
  });
});
