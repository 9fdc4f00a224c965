// `lumen replay` of windows and `lumen dispute` from end to end: an honest run and one that lies,
// over real documents, with every exit status.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { valueDigest } from "@lumen/core/encoding";
import type { TraceEvent } from "@lumen/core/trace";
import { beforeAll, describe, expect, it } from "vitest";
import {
  bytesOf,
  document,
  lumen,
  onlyProgram,
  onlyTrace,
  project,
  type Ran,
} from "../cli/testing/lumen.ts";
import { forge, recommit } from "./testing/forge.ts";

const MANIFEST = '[package]\nname = "p"\nversion = "1.0.0"\n';

const SEQUENCE = `
@tile(iter)
cell twice(n: Int) -> Int = n * 2

@tile(iter)
cell plus(a: Int, b: Int) -> Int = a + b

@sequence
cell main(list: list[Int]) -> Int
  let doubled = for n in list
    twice(n)
  end
  reduce(doubled, fn(sum, n) => plus(sum, n), 0)
end
`;

const PLAIN = `
@tile(iter)
cell twice(n: Int) -> Int = n * 2

@tile(iter)
cell next(n: Int) -> Int = n + 1

@sequence
cell main(n: Int) -> Int
  let a = twice(n)
  let b = next(a)
  let c = twice(b)
  let d = next(c)
  twice(d)
end
`;

const CELL = `
@tile(iter)
cell twice(n: Int) -> Int = n * 2

cell main(n: Int) -> Int
  print("begin")
  let a = twice(n)
  let b = twice(a)
  b + 1
end
`;

interface Recorded {
  readonly folder: string;
  /** The trace that the run itself has left. */
  readonly trace: string;
}

async function recorded(code: string, input = "3"): Promise<Recorded> {
  const folder = project({ "lumen.toml": MANIFEST, "main.lm.md": document(code) });
  const ran = await lumen(folder, "run", "--input", input);
  expect(ran).toMatchObject({ status: 0, stderr: "" });
  return { folder, trace: onlyTrace(folder) };
}

/** A copy of the trace whose record of a leaf has another outcome; what follows stays as it was. */
function lie({ folder, trace: honest }: Recorded, leaf: number): string {
  const output = Uint8Array.of(0x7e);
  let at = -1;
  const forged = forge(bytesOf(honest), (event): TraceEvent => {
    if (event.kind !== "TileStep") return event;
    at += 1;
    if (at !== leaf || event.record.kind !== "Tile") return event;
    const outcome = { kind: "Ok", outputDigest: valueDigest(output) } as const;
    return { ...event, output, record: { ...event.record, outcome } };
  });
  const path = join(folder, "target/raster/traces/liar.rtrace");
  writeFileSync(path, recommit(forged));
  return path;
}

const json = (ran: Ran) => JSON.parse(ran.stdout);

describe("replay of windows", () => {
  let run: Recorded = { folder: "", trace: "" };
  let folder = "";
  let trace = "";
  beforeAll(async () => {
    run = await recorded(PLAIN);
    ({ folder, trace } = run);
  });

  it.each([
    [["--start", "1", "--end", "4"], 1, 4],
    [["--at", "2"], 0, 5],
    [["--at", "3", "--window-size", "2"], 2, 4],
    [["--at", "3", "--window-size", "2", "--context"], 0, 4],
    [["--at", "3", "--backend", "isolate"], 0, 5],
  ] as const)("%s", async (words, start, end) => {
    const ran = await lumen(folder, "replay", trace, ...words, "--format", "json");
    expect(ran.status).toBe(0);
    expect(json(ran)).toMatchObject({ matched: true, start, end });
    expect(json(ran).steps).toHaveLength(end - start);
    expect(json(ran).steps[0]).toMatchObject({ index: start, mode: "estimate" });
    expect(json(ran).steps[0].cycles).toBeGreaterThan(0);
  });

  it("writes a document that is replayed alone, with the program beside it or given", async () => {
    const out = join(folder, "window.json");
    await lumen(folder, "replay", trace, "--start", "3", "--end", "5", "--out", out);
    const alone = await lumen(folder, "replay", "window.json", "--format", "json");
    expect(alone.status).toBe(0);
    expect(json(alone)).toMatchObject({ matched: true, start: 3, end: 5, final_output: {} });
    const absolute = await lumen(folder, "replay", out);
    expect(absolute).toMatchObject({ status: 0, stdout: expect.stringContaining("matched") });
    const program = onlyProgram(folder);
    const elsewhere = project({ "w.json": readFileSync(out, "utf8") });
    expect(json(await lumen(elsewhere, "replay", "w.json", "--format", "json")).code).toBe(
      "E_ARTIFACT_MISSING",
    );
    const given = await lumen(elsewhere, "replay", "w.json", "--program", program);
    expect(given).toMatchObject({ status: 0, stdout: expect.stringContaining("matched") });
  });

  it("a lie within it is told, one before it is told as such", async () => {
    const liar = lie(run, 3);
    const within = await lumen(folder, "replay", liar, "--start", "1", "--end", "4");
    expect(within.status).toBe(3);
    expect(within.stdout).toContain("leaf 3 is wrong (output)");
    const behind = await lumen(folder, "replay", liar, "--start", "4", "--end", "5");
    expect(behind.status).toBe(1);
    expect(behind.stderr).toContain("E_STEP_MISMATCH");
  });

  it("a changed document is rejected by the check that finds it", async () => {
    const out = join(folder, "w2.json");
    await lumen(folder, "replay", trace, "--start", "1", "--end", "3", "--out", out);
    const window = JSON.parse(readFileSync(out, "utf8"));
    writeFileSync(out, JSON.stringify({ ...window, end: 4 }));
    const ran = await lumen(folder, "replay", "w2.json", "--format", "json");
    expect([ran.status, json(ran).code, json(ran).check]).toEqual([
      3,
      "E_WINDOW_RANGE",
      "window-range",
    ]);
    writeFileSync(out, JSON.stringify({ ...window, format_version: "9" }));
    const other = await lumen(folder, "replay", "w2.json", "--format", "json");
    expect([other.status, json(other).code]).toEqual([1, "E_UNSUPPORTED_VERSION"]);
  });

  it.each([
    [["--start", "1"], 2, "E_USAGE"],
    [["--start", "1", "--end", "2", "--at", "1"], 2, "E_USAGE"],
    [["--start", "1", "--end", "2", "--context"], 2, "E_USAGE"],
    [["--context"], 2, "E_USAGE"],
    [["--at", "x"], 2, "E_USAGE"],
    [["--start", "2", "--end", "2"], 1, "E_WINDOW_RANGE"],
    [["--start", "0", "--end", "6"], 1, "E_WINDOW_RANGE"],
    [["--at", "5"], 1, "E_WINDOW_RANGE"],
    [["--at", "1", "--window-size", "0"], 1, "E_WINDOW_RANGE"],
    [["--at", "1", "--backend", "nope"], 1, "E_BACKEND_UNSUPPORTED"],
  ] as const)("%s is refused", async (words, status, code) => {
    const ran = await lumen(folder, "replay", trace, ...words, "--format", "json");
    expect([ran.status, json(ran).code]).toEqual([status, code]);
  });

  it("a cell has no windows, a trace of digests no bytes", async () => {
    const { folder: cell } = await recorded(CELL);
    const none = await lumen(cell, "replay", "--at", "0", "--format", "json");
    expect([none.status, json(none).code]).toEqual([1, "E_NOT_EXPRESSIBLE"]);
    const digests = project({ "lumen.toml": MANIFEST, "main.lm.md": document(PLAIN) });
    await lumen(digests, "run", "--input", "3", "--trace-io", "digest");
    const missing = await lumen(digests, "replay", "--at", "4", "--format", "json");
    expect([missing.status, json(missing).code]).toEqual([1, "E_MISSING_VALUE"]);
  });

  it("works in loops that collect", async () => {
    const { folder: loops } = await recorded(SEQUENCE, "[1,2,3]");
    for (let start = 0; start < 6; start += 1) {
      const words = ["--start", String(start), "--end", "6", "--format", "json"];
      const ran = await lumen(loops, "replay", ...words);
      expect(json(ran)).toMatchObject({ matched: true });
    }
  });
});

describe("disputes", () => {
  it("a lie is bisected, proved and checked", async () => {
    const run = await recorded(PLAIN);
    const { folder } = run;
    const liar = lie(run, 3);
    const words = ["dispute", "bisect", run.trace, liar, "--out", "d.json"];
    const bisected = await lumen(folder, ...words, "--format", "json");
    expect(json(bisected)).toMatchObject({ verdict: "leaf", leaf: 3, loser: null, replays: null });
    expect((await lumen(folder, "dispute", "check", "d.json")).stdout).toContain("holds");
    const proved = await lumen(folder, "dispute", "prove", liar, "--leaf", "3", "--out", "f.json");
    expect(proved).toMatchObject({ status: 0, stdout: expect.stringContaining("(output)") });
    const checked = await lumen(folder, "dispute", "check", "f.json", "--format", "json");
    expect(checked.status).toBe(0);
    expect(json(checked)).toMatchObject({ fraud: true, leafIndex: 3, reason: "output" });
    expect(json(checked).executions).toBe(1);
    const { commitment } = json(await lumen(folder, "trace", "commit", liar, "--format", "json"));
    const held = ["dispute", "check", "f.json", "--commitment"];
    expect((await lumen(folder, ...held, commitment)).status).toBe(0);
    expect((await lumen(folder, ...held, "ab".repeat(32))).status).toBe(1);
  });

  it("an honest step is not proved wrong, nor one behind a lie", async () => {
    const run = await recorded(PLAIN);
    const { folder, trace: honest } = run;
    const liar = lie(run, 3);
    const prove = (trace: string, leaf: number): Promise<Ran> =>
      lumen(folder, "dispute", "prove", trace, "--leaf", String(leaf), "--format", "json");
    expect(json(await prove(honest, 3)).code).toBe("E_FRAUD_INVALID");
    const later = json(await prove(liar, 5));
    expect(later).toMatchObject({ code: "E_STEP_MISMATCH" });
    expect(later.hint).toContain("--leaf");
    expect(json(await prove(honest, 99)).code).toBe("E_WINDOW_RANGE");
  });

  it("check ends with 1 for what proves nothing and 2 for what cannot be decided", async () => {
    const run = await recorded(PLAIN);
    const { folder } = run;
    const liar = lie(run, 3);
    await lumen(folder, "dispute", "prove", liar, "--leaf", "3", "--out", "f.json");
    const proof = JSON.parse(readFileSync(join(folder, "f.json"), "utf8"));
    const check = async (edit: object): Promise<readonly unknown[]> => {
      writeFileSync(join(folder, "g.json"), JSON.stringify({ ...proof, ...edit }));
      const ran = await lumen(folder, "dispute", "check", "g.json", "--format", "json");
      return [ran.status, json(ran).code];
    };
    expect(await check({ leaf_index: 4 })).toEqual([1, "E_FRAUD_INVALID"]);
    expect(await check({ values: {} })).toEqual([1, "E_FRAUD_INVALID"]);
    expect(await check({ format_version: "2.0" })).toEqual([2, "E_UNSUPPORTED_VERSION"]);
    expect(await check({ format_version: 1 })).toEqual([2, "E_MALFORMED"]);
    expect(await check({ kind: "other" })).toEqual([2, "E_MALFORMED"]);
    expect(await check({ claim: null })).toEqual([2, "E_MALFORMED"]);
    writeFileSync(join(folder, "g.json"), "{");
    const broken = await lumen(folder, "dispute", "check", "g.json", "--format", "json");
    expect([broken.status, json(broken).code]).toEqual([2, "E_MALFORMED"]);
    const elsewhere = project({ "f.json": readFileSync(join(folder, "f.json"), "utf8") });
    const missing = await lumen(elsewhere, "dispute", "check", "f.json", "--format", "json");
    expect([missing.status, json(missing).code]).toEqual([2, "E_ARTIFACT_MISSING"]);
    expect((await lumen(folder, "dispute", "check", "nowhere.json")).status).toBe(2);
  });

  it("about the inputs is decided by the input that was agreed on", async () => {
    const { folder, trace } = await recorded(PLAIN);
    const prove = (...words: readonly string[]): Promise<Ran> =>
      lumen(folder, "dispute", "prove", trace, "--leaf", "0", "--out", "g.json", ...words);
    expect((await prove()).stderr).toContain("E_MISSING_VALUE");
    expect((await prove("--input", "3")).stderr).toContain("E_FRAUD_INVALID");
    expect(await prove("--input", "4")).toMatchObject({ status: 0 });
    expect((await lumen(folder, "dispute", "check", "g.json")).status).toBe(2);
    const given = await lumen(folder, "dispute", "check", "g.json", "--input", "4");
    expect(given).toMatchObject({ status: 0, stdout: expect.stringContaining("genesis") });
  });

  it("a tile of a cell is proved, and both records are opened", async () => {
    const run = await recorded(CELL);
    const { folder, trace: honest } = run;
    const liar = lie(run, 2);
    const words = ["dispute", "bisect", honest, liar, "--out", "d.json", "--format", "json"];
    expect(json(await lumen(folder, ...words))).toMatchObject({
      verdict: "leaf",
      leaf: 2,
      replays: { a: { kind: "right" }, b: { kind: "wrong" } },
    });
    const said = await lumen(folder, "dispute", "bisect", liar, honest);
    expect(said.stdout).toContain("replay of a does not give this record");
    await lumen(folder, "dispute", "prove", liar, "--leaf", "2", "--out", "f.json");
    const checked = await lumen(folder, "dispute", "check", "f.json", "--format", "json");
    expect(json(checked)).toMatchObject({ fraud: true, reason: "output", executions: 1 });
    const opened = JSON.parse(readFileSync(join(folder, "d.json"), "utf8")).opened;
    const replayed = await lumen(folder, "replay", liar);
    expect(replayed.status).toBe(3);
    expect(opened.a.record).not.toBe(opened.b.record);
    const asked = await lumen(folder, "dispute", "prove", honest, "--leaf", "1");
    expect(asked.stderr).toContain("E_NOT_EXPRESSIBLE");
  });

  it.each([
    [[], 2],
    [["burn"], 2],
    [["bisect", "a"], 2],
    [["prove"], 2],
    [["prove", "a"], 2],
    [["check"], 2],
    [["check", "a", "--leaf", "1"], 2],
    [["check", "a", "--commitment", "xy"], 2],
    [["bisect", "a", "b"], 1],
  ] as const)("dispute %s is refused with %i", async (words, status) => {
    const folder = project({ "lumen.toml": MANIFEST });
    expect((await lumen(folder, "dispute", ...words)).status).toBe(status);
  });
});
