// JSON lines and the single document: inverse to the binary form, torn and refused lines.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concatBytes, fromHex, toHex, utf8Encode } from "../hash/index.ts";
import { required } from "../result/result.ts";
import type { TraceEvent } from "./events.ts";
import { encodeFrame, startTrace } from "./frames.ts";
import type { TraceHeader } from "./header.ts";
import { parseTraceDocument, traceDocumentText } from "./json-document.ts";
import { JsonLinesScanner, jsonLines, LINE_BYTES_MAX, type LinesEnding } from "./json-lines.ts";
import { type PlacedEvent, readWholeTrace } from "./reader.ts";

const worked = JSON.parse(
  readFileSync(new URL("../../../../spec/vectors/raster-worked.json", import.meta.url), "utf8"),
);
const files: readonly string[] = [worked.trace_file.file, worked.cell_run.file];

interface Trace {
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
}

function binary(hex: string): Trace {
  const trace = readWholeTrace(required(fromHex(hex), "vectors are hex"), { subject: "t" });
  if (!trace.ok) throw new Error(trace.error.message);
  const { header, events } = trace.value;
  return { header, events: events.map((placed) => placed.event) };
}

function toBinary({ header, events }: Trace): string {
  let { bytes, chain } = startTrace(header);
  for (const event of events) {
    const frame = encodeFrame(chain, event);
    if (!frame.ok) throw new Error(frame.error.message);
    bytes = concatBytes(bytes, frame.value.bytes);
    chain = frame.value.chain;
  }
  return toHex(bytes);
}

interface Scanned {
  readonly header: TraceHeader | null;
  readonly events: readonly PlacedEvent[];
  readonly ending: LinesEnding;
}

function scan(content: Uint8Array, chunkBytes = content.length + 1): Scanned {
  const scanner = new JsonLinesScanner("t");
  const events: PlacedEvent[] = [];
  for (let at = 0; at < content.length; at += chunkBytes) {
    events.push(...scanner.push(content.slice(at, at + chunkBytes)));
  }
  const last = scanner.end();
  return { header: scanner.header, events: [...events, ...last.events], ending: last.ending };
}

const hello = binary(worked.trace_file.file);
const text = [...jsonLines(hello.header, hello.events)].join("");
const content = utf8Encode(text);
const lines = text.split("\n").slice(0, -1);

describe("JSON lines", () => {
  it.each(files)("are inverse to the binary form (%#)", (hex) => {
    const trace = binary(hex);
    const exported = utf8Encode([...jsonLines(trace.header, trace.events)].join(""));
    const { header, events, ending } = scan(exported);
    expect(ending).toMatchObject({ kind: "complete", tail: { finished: true } });
    const back = { header: required(header, "it is complete"), events: events.map((e) => e.event) };
    expect(toBinary(back)).toBe(hex);
  });

  it("begin with version and header", () => {
    expect(lines).toHaveLength(12);
    expect(lines[0]).toBe(
      '{"raster_trace":"1.0","run_id":"run-1","timestamp":0,"project":"hello-tiles",' +
        `"program_id":"${"0".repeat(64)}","schema_hash":"${worked.schema_hash[0].schema_hash}",` +
        '"entry":"main","mode":"Native","io":"Inline","deterministic":true,' +
        '"producer":"raster 0.1.0"}',
    );
  });

  it("write a timestamp beyond 2^53 as a string and read it exactly", () => {
    const timestamp = 1_767_225_600_123_456_789n;
    const header = { ...hello.header, timestamp };
    const exported = [...jsonLines(header, [])].join("");
    expect(exported).toContain('"timestamp":"1767225600123456789"');
    expect(scan(utf8Encode(exported)).header).toEqual(header);
    const again = readWholeTrace(startTrace(header).bytes, { subject: "t" });
    expect(again.ok && again.value.header.timestamp).toBe(timestamp);
  });

  it("give the same in chunks of any size", () => {
    const property = fc.property(fc.integer({ min: 1, max: 400 }), (chunkBytes) => {
      expect(scan(content, chunkBytes)).toEqual(scan(content));
    });
    fc.assert(property, { seed: 145, numRuns: 25 });
  });

  it("accept a last line without line feed", () => {
    const { events, ending } = scan(content.subarray(0, -1));
    expect([events.length, ending.kind]).toEqual([11, "complete"]);
  });

  it("cut anywhere keep the whole lines and name the cut", () => {
    const ends = lines.map((_, i) => lines.slice(0, i + 1).join("\n").length + 1);
    const first = required(ends[0], "there is a header");
    for (let length = 0; length < content.length; length += 7) {
      const { events, ending } = scan(content.subarray(0, length));
      if (length < first - 1) {
        expect(ending).toMatchObject({ kind: "refused", failure: { code: "E_TRACE_CORRUPT" } });
        continue;
      }
      const whole = ends.filter((end) => end <= length + 1);
      expect(events).toHaveLength(whole.length - 1);
      const isWhole = ends.includes(length) || ends.includes(length + 1);
      expect(ending.kind).toBe(isWhole ? "complete" : "torn");
      if (ending.kind !== "torn") continue;
      expect(ending.tail.offset).toBe(whole.at(-1));
      expect(ending.warning).toMatchObject({ code: "E_TRACE_TORN", offset: whole.at(-1) });
    }
  });

  it("name a broken line before the last by number and offset", () => {
    const broken = lines.map((line, i) => (i === 3 ? line.slice(1) : line)).join("\n");
    const { events, ending } = scan(utf8Encode(`${broken}\n`));
    expect(events).toHaveLength(2);
    const offset = lines.slice(0, 3).join("\n").length + 1;
    expect(ending).toMatchObject({
      kind: "corrupt",
      failure: { code: "E_TRACE_CORRUPT", subject: "t", offset, details: { line: 4 } },
    });
  });

  it.each([
    ["a blank line", `${text}\n`],
    ["an unknown event", `${text}{"type":"Unknown"}\n`],
    ["an unknown event without line feed", `${text}{"type":"Unknown"}`],
    ["a torn line with a line feed", `${text}{"type":\n`],
  ])("refuse %s", (_what, changed) => {
    const { events, ending } = scan(utf8Encode(changed));
    expect([events.length, ending.kind]).toEqual([11, "corrupt"]);
  });

  it("refuse bytes that are no UTF-8", () => {
    const changed = concatBytes(content, Uint8Array.of(0xff, 0x0a));
    expect(scan(changed).ending).toMatchObject({ kind: "corrupt" });
  });
});

describe("the limit of a line", () => {
  it("takes 64 MiB and not one byte more", () => {
    const room = (bytes: number): LinesEnding => {
      const scanner = new JsonLinesScanner("t");
      scanner.push(content);
      scanner.push(new Uint8Array(bytes).fill(0x20));
      return scanner.end().ending;
    };
    // Blanks are no event: at the limit the line is read, and torn; past it nothing is read.
    expect(room(LINE_BYTES_MAX).kind).toBe("torn");
    expect(room(LINE_BYTES_MAX + 1)).toMatchObject({
      kind: "corrupt",
      failure: { code: "E_TRACE_CORRUPT", details: { line: 13 } },
    });
  });
});

describe("the header line", () => {
  const headed = (more: object): LinesEnding => {
    const doc = { ...JSON.parse(required(lines[0], "there is a header")), ...more };
    return scan(utf8Encode(`${JSON.stringify(doc)}\n`)).ending;
  };

  it("decides by the version before anything else", () => {
    const unknown = headed({ raster_trace: "1.1", run_id: 5 });
    expect(unknown).toMatchObject({
      kind: "refused",
      failure: { code: "E_UNSUPPORTED_VERSION", found: "1.1", supported: ["1.0"] },
    });
    for (const found of ["1.00", " 1.0", "1"]) {
      expect(headed({ raster_trace: found })).toMatchObject({ failure: { found } });
    }
  });

  it.each([
    [{ raster_trace: undefined }, "/raster_trace"],
    [{ raster_trace: 1 }, "/raster_trace"],
    [{ run_id: "../up" }, "/run_id"],
    [{ run_id: ".." }, "/run_id"],
    [{ timestamp: -1 }, "/timestamp"],
    [{ timestamp: "18446744073709551616" }, "/timestamp"],
    [{ mode: "native" }, "/mode"],
    [{ io: null }, "/io"],
    [{ program_id: "00" }, "/program_id"],
  ])("refuses %j", (more, path) => {
    expect(headed(more)).toMatchObject({
      kind: "refused",
      failure: { code: "E_MALFORMED", path, format: "trace", subject: "t" },
    });
  });

  it("ignores fields that it does not know", () => {
    expect(headed({ later: [1.5] }).kind).toBe("complete");
  });
});

describe("the single document", () => {
  it.each([0, 1, 11])("is written and read with %i events", (count) => {
    const { header } = hello;
    const events = hello.events.slice(0, count);
    const doc = [...traceDocumentText(header, events)].join("");
    expect(JSON.stringify(JSON.parse(doc), null, 2).replace('"events": []', '"events": []')).toBe(
      doc.trimEnd(),
    );
    const back = parseTraceDocument(doc, "t");
    expect(back).toEqual({ ok: true, value: { header, events } });
  });

  it("gets from its events what a document without a header does not say", () => {
    const { runId, timestamp, programId, schemaHash, entry } = hello.header;
    const bare = [...traceDocumentText(hello.header, hello.events)]
      .join("")
      .replace(
        /^ {2}"(raster_trace|project|program_id|schema_hash|entry|mode|io|det|prod).*\n/gm,
        "",
      );
    const read = parseTraceDocument(bare, "t");
    expect(Object.keys(JSON.parse(bare))).toEqual(["run_id", "timestamp", "events"]);
    const known = { runId, timestamp, programId, schemaHash, entry, io: "Inline", producer: "" };
    expect(read).toMatchObject({ ok: true, value: { header: known, events: hello.events } });
  });

  it.each([
    ["{", undefined],
    ["[]", ""],
    ['{"run_id":"r","timestamp":0}', "/events"],
    ['{"run_id":"a/b","timestamp":0,"events":[]}', "/run_id"],
    ['{"run_id":"r","timestamp":0,"events":[{"type":"Log"}]}', "/events/0/span"],
  ])("refuses %s", (doc, path) => {
    const read = parseTraceDocument(doc, "t");
    expect(read).toMatchObject({ ok: false, error: { code: "E_MALFORMED", format: "trace" } });
    if (!read.ok) expect(read.error.path).toBe(path);
  });
});
