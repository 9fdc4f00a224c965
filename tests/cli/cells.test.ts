// Programs whose entry is an ordinary cell: what they print, what is recorded of them, and what a
// verifier and a replay say (formats 15.4).

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { encodeValue, valueDigest } from "@lumen/core/encoding";
import { beforeAll, describe, expect, it } from "vitest";
import { forge, open, recommit } from "../evidence/testing/forge.ts";
import {
  bytesOf,
  document,
  lumen,
  lumenWith,
  namesIn,
  onlyTrace,
  project,
  ROOT,
  temporaryFolder,
  traceNames,
} from "./testing/lumen.ts";

const MANIFEST = '[package]\nname = "cells"\nversion = "0.1.0"\n';

const PROGRAM = document(`
@tile(iter)
cell double(n: Int) -> Int = n * 2

cell main(name: String) -> Int
  let line = read_line()
  print("hello {name}, {line}")
  let text = read_file("${join(ROOT, "LICENSE")}")
  let drawn = random_int(1, 6)
  let now = timestamp_ms()
  print(if drawn >= 1 and drawn <= 6 and now > 0 then "fair" else "odd")
  return double(length(split(text, "\\n")))
end
`);

const LINES = readFileSync(join(ROOT, "LICENSE"), "utf8").split("\n").length;

let folder = "";

beforeAll(async () => {
  folder = project({ "main.lm.md": PROGRAM, "lumen.toml": MANIFEST });
  const ran = await lumenWith(
    { stdin: () => "first\nsecond\n" },
    folder,
    "run",
    "--input",
    '"Ada"',
  );
  expect(ran).toEqual({ status: 0, stdout: `hello Ada, first\nfair\n${2 * LINES}\n`, stderr: "" });
});

describe("the record of a cell run", () => {
  it("has a request for every question and a step for every tile", () => {
    const { events } = open(bytesOf(onlyTrace(folder)));
    const asked = events.flatMap((e) =>
      e.kind === "EffectPerform" ? [`${e.effect}.${e.operation}`] : [],
    );
    const expected = [
      "io.read_line",
      "emit.print",
      "fs.read_file",
      "random.random_int",
      "time.timestamp_ms",
      "emit.print",
    ];
    expect(asked).toEqual(expected);
    const records = events.flatMap((e) => (e.kind === "TileStep" ? [e.record] : []));
    const kinds = [...expected.map(() => "Request"), "Tile"];
    expect(records.map((r) => r.kind)).toEqual(["Genesis", ...kinds, "Final"]);
    expect(events.filter((e) => e.kind === "EffectResume")).toHaveLength(6);
  });

  it("is accepted at the level of re-execution and replays to the same records", async () => {
    const verified = await lumen(folder, "verify", onlyTrace(folder));
    expect(verified.status).toBe(0);
    expect(verified.stdout).toContain("level       re-execution");
    const replayed = await lumen(folder, "replay", onlyTrace(folder));
    expect(replayed.status).toBe(0);
    expect(replayed.stdout).toContain("identical");
    expect(replayed.stdout).toContain("7 steps were run again");
    expect(replayed.stdout).not.toContain("hello");
  });

  it("with another answer of the same question does not hold", async () => {
    const other = encodeValue("string", "one line");
    if (!other.ok) throw new Error(other.error.message);
    let isAnswer = false;
    const forged = forge(bytesOf(onlyTrace(folder)), (event) => {
      if (event.kind === "EffectPerform") isAnswer = event.operation === "read_file";
      if (!isAnswer) return event;
      if (event.kind === "EffectResume")
        return { ...event, result: { kind: "Inline", bytes: other.value } };
      if (event.kind !== "TileStep" || event.record.kind !== "Request") return event;
      const outcome = { kind: "Ok", outputDigest: valueDigest(other.value) } as const;
      return { ...event, record: { ...event.record, outcome } };
    });
    const path = join(folder, "forged.rtrace");
    writeFileSync(path, recommit(forged));
    const verified = await lumen(folder, "verify", path);
    expect(verified.status).toBe(3);
    expect(verified.stdout).toContain("rejected");
    const replayed = await lumen(folder, "replay", path);
    expect(replayed.status).toBe(3);
    expect(replayed.stdout).toContain("diverged");
    expect(replayed.stdout).toContain("tile double");
  });

  it("with another question is a divergence that names both", async () => {
    const forged = forge(bytesOf(onlyTrace(folder)), (event) => {
      if (event.kind === "EffectPerform" && event.operation === "timestamp_ms")
        return { ...event, operation: "timestamp" };
      if (event.kind === "TileStep" && event.record.kind === "Request")
        if (event.record.operation === "time.timestamp_ms")
          return { ...event, record: { ...event.record, operation: "time.timestamp" } };
      return event;
    });
    const path = join(folder, "asked.rtrace");
    writeFileSync(path, recommit(forged));
    const ran = await lumen(folder, "replay", path);
    expect(ran.status).toBe(3);
    expect(ran.stdout).toMatch(/expected +EffectPerform operation "timestamp_ms"/);
    expect(ran.stdout).toMatch(/found +EffectPerform operation "timestamp"/);
    expect(ran.stdout).toMatch(/at main \(main\.lm\.md:\d+:\d+\)/);
    expect((await lumen(folder, "verify", path)).status).not.toBe(0);
  });
});

describe("capabilities", () => {
  it("without filesystem refuse read_file, and the failed run replays", async () => {
    const toml = `${MANIFEST}[capabilities]\nnetwork = true\n`;
    const text = document(
      'cell main() -> Int\n  print("start")\n  return length(read_file("x"))\nend',
    );
    const closed = project({ "main.lm.md": text, "lumen.toml": toml, x: "12345" });
    const ran = await lumen(closed, "run");
    expect(ran.status).toBe(1);
    expect(ran.stdout).toBe("start\n");
    expect(ran.stderr).toContain("policy violation for 'fs.read_file'");
    expect(ran.stderr).toContain("[capabilities] does not list filesystem");
    expect(ran.stderr).toContain("main.lm.md:6:");
    expect((await lumen(closed, "verify", onlyTrace(closed))).status).toBe(0);
    const replayed = await lumen(closed, "replay", onlyTrace(closed));
    expect(replayed).toMatchObject({ status: 0, stdout: expect.stringContaining("identical") });
  });
});

describe("@budget", () => {
  it("refuses what goes beyond it without a record of it, in a replay too", async () => {
    const text = document(
      '@budget fs 2\ncell main()\n  for i in 1..9\n    print(i, exists("x"))\n  end\nend',
    );
    const limited = project({ "main.lm.md": text, "lumen.toml": MANIFEST });
    const ran = await lumen(limited, "run");
    expect(ran).toMatchObject({ status: 1, stdout: "1 false\n2 false\n" });
    expect(ran.stderr).toContain("effect budget exceeded for 'fs': limit 2 reached");
    const asked = open(bytesOf(onlyTrace(limited))).events.flatMap((event) =>
      event.kind === "EffectPerform" ? [event.operation] : [],
    );
    expect(asked).toEqual(["exists", "print", "exists", "print"]);
    expect((await lumen(limited, "verify", onlyTrace(limited))).status).toBe(0);
    const replayed = await lumen(limited, "replay", onlyTrace(limited));
    expect(replayed).toMatchObject({ status: 0, stdout: expect.stringContaining("identical") });
  });
});

describe("--trace-io digest", () => {
  it("keeps no values: verified as structure, not to be replayed", async () => {
    const traces = temporaryFolder();
    const words = ["run", "--input", '"Ada"', "--trace-io", "digest", "--trace-dir", traces];
    expect((await lumen(folder, ...words)).status).toBe(0);
    const path = join(traces, namesIn(traces)[0] ?? "");
    expect(Buffer.from(bytesOf(path)).includes("hello Ada")).toBe(false);
    const verified = await lumen(folder, "verify", path);
    expect(verified.status).toBe(0);
    expect(verified.stdout).toContain("level       structure");
    expect((await lumen(folder, "verify", path, "--level", "reexecute")).status).toBe(1);
    const replayed = await lumen(folder, "replay", path);
    expect(replayed.status).toBe(1);
    expect(replayed.stderr).toContain("error[E_MISSING_VALUE]");
  });
});

describe("--deterministic", () => {
  it("gives the same clock, the same random numbers, the same trace", async () => {
    const text = document(
      'cell main()\n  print("{timestamp_ms()} {random_int(1, 1000)} {random()}")\nend',
    );
    const runs: string[] = [];
    const traces: Uint8Array[] = [];
    for (let i = 0; i < 2; i++) {
      const copy = project({ "main.lm.md": text, "lumen.toml": MANIFEST });
      runs.push((await lumen(copy, "run", "--deterministic")).stdout);
      expect(traceNames(copy)[0]).toMatch(/^det-[0-9a-f]{16}\.rtrace$/);
      traces.push(bytesOf(onlyTrace(copy)));
    }
    expect(runs[0]).toMatch(/^0 \d+ 0\.\d+\n$/);
    expect(runs[1]).toBe(runs[0]);
    expect(traces[1]).toEqual(traces[0]);
  });
});
