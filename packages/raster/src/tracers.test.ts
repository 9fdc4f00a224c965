// Tracers: what reaches their sinks, and what a failing one does.

import { auditFingerprint, layoutOfBits, layoutOfWindow } from "@lumen/core/commit";
import { failure } from "@lumen/core/diagnostic";
import { concatBytes, toHex } from "@lumen/core/hash";
import { err, ok } from "@lumen/core/result";
import { jsonLines } from "@lumen/core/trace";
import { describe, expect, it } from "vitest";
import { openTrace } from "./testing/forge.ts";
import { hex, unwrap, worked } from "./testing/worked-runs.ts";
import {
  binaryTracer,
  CommitmentTracer,
  FanOutTracer,
  FingerprintTracer,
  jsonLinesTracer,
  MemoryTracer,
  nullTracer,
  type Tracer,
} from "./tracers.ts";

const { header, events } = openTrace(hex(worked.trace_file.file));

type Write = (piece: Uint8Array | string) => ReturnType<Tracer["finalize"]>;

function feed(tracer: Tracer): void {
  for (const event of events) unwrap(tracer.recordEvent(event));
  unwrap(tracer.finalize());
}

describe("tracers", () => {
  it("writes JSON lines as the format does", () => {
    const lines: string[] = [];
    feed(
      jsonLinesTracer(header, (line) => {
        lines.push(line);
        return ok(null);
      }),
    );
    expect(lines).toEqual([...jsonLines(header, events)]);
  });

  it("writes binary traces byte for byte, the header first, then a frame at a time", () => {
    const written: Uint8Array[] = [];
    feed(
      binaryTracer(header, (bytes) => {
        written.push(bytes.slice());
        return ok(null);
      }),
    );
    expect(toHex(concatBytes(...written))).toBe(worked.trace_file.file);
    expect(written).toHaveLength(1 + events.length);
  });

  it("keeps events in memory, or none", () => {
    const memory = new MemoryTracer();
    feed(memory);
    expect(memory.events).toEqual(events);
    feed(nullTracer);
  });

  it.each([
    ["binary", (write: Write) => binaryTracer(header, write)],
    ["JSON lines", (write: Write) => jsonLinesTracer(header, write)],
  ])("a %s sink that fails stops it at once", (_, open) => {
    const full = failure("E_IO", "trace", "disk full");
    let writes = 0;
    const tracer = open(() => {
      writes += 1;
      return writes < 3 ? ok(null) : err(full);
    });
    const results = events.slice(0, 3).map((event) => tracer.recordEvent(event));
    expect(results[0]?.ok).toBe(true);
    expect(results.some((result) => !result.ok && result.error === full)).toBe(true);
  });

  it("may be anybody's: two functions are a tracer", () => {
    const counts = new Map<string, number>();
    const counting: Tracer = {
      recordEvent: ({ kind }) => {
        counts.set(kind, (counts.get(kind) ?? 0) + 1);
        return ok(null);
      },
      finalize: () => ok(null),
    };
    feed(new FanOutTracer([{ tracer: counting, optional: false }]));
    expect(Object.fromEntries(counts)).toMatchObject({ TileStart: 2, TileStep: 4, RunEnd: 1 });
  });

  it("commits to the records", () => {
    const tracer = new CommitmentTracer();
    expect(tracer.commitment()).toBeNull();
    feed(tracer);
    const commitment = tracer.commitment();
    expect(commitment?.size).toBe(4);
    expect(toHex(commitment?.commitment ?? hex(""))).toBe(worked.commitment.trace_commitment);
  });

  it("makes the fingerprint files of 23.4", () => {
    const files = [layoutOfBits(16), layoutOfWindow(32)].map((layout) => {
      const tracer = new FingerprintTracer(unwrap(layout));
      expect(tracer.fingerprint()).toBeNull();
      feed(tracer);
      return tracer.fingerprint();
    });
    expect(files.map((made) => toHex(made?.file ?? hex("")))).toEqual(
      worked.fingerprint.map(({ file }) => file),
    );
    const [wide] = files;
    if (wide === null || wide === undefined) throw new Error("a fingerprint was made");
    expect(auditFingerprint(wide.fingerprint, wide.fingerprint).kind).toBe("accepted");
  });

  it("fans out, and goes on without an optional tracer that fails", () => {
    const memory = new MemoryTracer();
    const full = failure("E_IO", "trace", "disk full");
    let asked = 0;
    const failing: Tracer = {
      recordEvent: () => {
        asked += 1;
        return err(full);
      },
      finalize: () => err(full),
    };
    const optional = new FanOutTracer([
      { tracer: failing, optional: true },
      { tracer: memory, optional: false },
      { tracer: nullTracer, optional: false },
    ]);
    feed(optional);
    expect(memory.events).toEqual(events);
    expect([asked, optional.dropped]).toEqual([1, [full]]);
    const strict = new FanOutTracer([{ tracer: failing, optional: false }]);
    const [first] = events;
    if (first === undefined) throw new Error("there are events");
    expect(strict.recordEvent(first)).toEqual(err(full));
    expect(strict.dropped).toEqual([]);
  });
});
