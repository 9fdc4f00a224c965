// `lumen run --resume`: which runs go on, which do not, and what is said about it (formats 14.4).

import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { readWholeTrace } from "@lumen/core/trace";
import { describe, expect, it } from "vitest";
import {
  bytesOf,
  document,
  jsonLines,
  lumen,
  namesIn,
  onlyTrace,
  project,
  traceNames,
} from "../cli/testing/lumen.ts";

const MANIFEST = '[package]\nname = "go-on"\nversion = "0.1.0"\n';

const CELL = `
@tile(iter)
cell twice(n: Int) -> Int = 2 * n

cell main(n: Int) -> Int
  print("first", random_int(0, 9))
  let t = twice(n)
  print("second", t)
  return t + random_int(10, 19)
end
`;

const SEQUENCE = `
@tile(recur, max_iterations: 100)
cell count(n: Int, goal: Int) -> (Bool, Int, Int)
  return (n + 1 >= goal, n + 1, goal)
end

@tile(iter)
cell check(n: Int) -> Int
  assert n < 50, "too many"
  return n * 2
end

@sequence
cell main(goal: Int) -> Int
  let (_, n, _) = count!(0, goal)
  let m = check(n)
  return m
end
`;

interface Cut {
  readonly folder: string;
  readonly path: string;
  readonly whole: Uint8Array;
  /** Where frames begin, and the end of the last one. */
  readonly offsets: readonly number[];
}

/** A run that was recorded; `cutAt` writes the beginning of its trace only. */
async function recorded(code: string, ...words: readonly string[]): Promise<Cut> {
  const folder = project({ "main.lm.md": document(code), "lumen.toml": MANIFEST });
  await lumen(folder, "run", ...words);
  const path = onlyTrace(folder);
  const whole = bytesOf(path);
  const read = readWholeTrace(whole, { subject: path });
  if (!read.ok) throw new Error(read.error.message);
  return {
    folder,
    path,
    whole,
    offsets: [...read.value.events.map((e) => e.offset), whole.length],
  };
}

function cutAt(run: Cut, length: number): void {
  writeFileSync(run.path, run.whole.subarray(0, length));
}

const idOf = (run: Cut): string => traceNames(run.folder)[0]?.replace(".rtrace", "") ?? "";

describe("a run of a cell", () => {
  it("goes on with the program that ran, whatever became of its source", async () => {
    const run = await recorded(CELL, "--deterministic", "--input", "4");
    const verified = await lumen(run.folder, "verify");
    cutAt(run, (run.offsets[9] ?? 0) + 3);
    writeFileSync(join(run.folder, "main.lm.md"), document("cell main() -> Int = 0"));
    const resumed = await lumen(run.folder, "run", "--resume", idOf(run), "--verbose");
    expect(resumed).toMatchObject({ status: 0, stdout: "second 8\n18\n" });
    expect(resumed.stderr).toMatch(/resumed behind \d+ records; 0 open requests/);
    const commitment = /commitment +\S+/.exec(verified.stdout)?.[0] ?? "none";
    expect((await lumen(run.folder, "verify")).stdout).toContain(commitment);
    expect((await lumen(run.folder, "replay")).stdout).toContain("identical");
  });

  it("goes on wherever its trace was cut behind the first record", async () => {
    const run = await recorded(CELL, "--input", "4");
    for (const offset of run.offsets.slice(1, -1)) {
      for (const length of [offset, offset + 5]) {
        cutAt(run, length);
        const resumed = await lumen(run.folder, "run", "--resume", run.path);
        expect(resumed.status).toBe(0);
        expect((await lumen(run.folder, "verify", run.path)).status).toBe(0);
      }
    }
  });

  it("is found by how its id begins", async () => {
    const run = await recorded(CELL, "--deterministic", "--input", "4");
    await lumen(run.folder, "run", "--deterministic", "--input", "5");
    cutAt(run, run.offsets[5] ?? 0);
    const short = idOf(run).slice(0, 12);
    expect((await lumen(run.folder, "run", "--resume", short)).status).toBe(0);
    const many = await lumen(run.folder, "run", "--resume", "det-");
    expect(many).toMatchObject({ status: 1, stdout: "" });
    expect(many.stderr).toContain("2 runs begin with 'det-'");
  });

  it("is not taken up when it has finished, and ends as it ended", async () => {
    const run = await recorded(CELL, "--input", "4");
    const again = await lumen(run.folder, "run", "--resume", run.path);
    expect(again).toMatchObject({ status: 0, stdout: "" });
    expect(again.stderr).toContain("the run has finished (Ok)");
    expect(bytesOf(run.path)).toEqual(run.whole);
    const json = await lumen(run.folder, "run", "--resume", run.path, "--format", "json");
    expect(jsonLines(json.stdout)).toEqual([{ type: "finished", path: run.path, status: "Ok" }]);

    const failed = await recorded('cell main() -> Int = halt("no")');
    expect((await lumen(failed.folder, "run", "--resume", failed.path)).status).toBe(1);
  });

  it("cannot go on without values, or from before its first record", async () => {
    const run = await recorded(CELL, "--input", "4", "--trace-io", "digest");
    cutAt(run, run.offsets[7] ?? 0);
    const resumed = await lumen(run.folder, "run", "--resume", run.path);
    expect(resumed.status).toBe(1);
    expect(resumed.stderr).toContain("E_MISSING_VALUE");
    for (const length of [run.offsets[0] ?? 0, (run.offsets[0] ?? 0) + 8]) {
      cutAt(run, length);
      const early = await lumen(run.folder, "run", "--resume", run.path);
      expect(early.status).toBe(1);
      expect(early.stderr).toContain("killed before it began");
    }
  });

  it("is left alone when what is recorded does not come out", async () => {
    const folder = project({ "main.lm.md": document(CELL), "lumen.toml": MANIFEST });
    await lumen(folder, "run", "--deterministic", "--input", "4", "--trace-format", "json");
    const path = onlyTrace(folder);
    const lines = readFileSync(path, "utf8").split("\n").slice(0, 9);
    const forged = `${lines.join("\n").replace('"operation":"print"', '"operation":"eprint"')}\n`;
    writeFileSync(path, forged);
    const resumed = await lumen(folder, "run", "--resume", path);
    expect(resumed).toMatchObject({ status: 1, stdout: "" });
    expect(resumed.stderr).toContain("E_DIVERGENCE");
    expect(readFileSync(path, "utf8")).toBe(forged);
  });
});

describe("a run of a sequence", () => {
  it("goes on from its records, also to its failure", async () => {
    for (const [goal, status] of [
      ["30", 0],
      ["60", 1],
    ] as const) {
      const run = await recorded(SEQUENCE, "--deterministic", "--input", goal);
      const verified = await lumen(run.folder, "verify");
      const commitment = /commitment +\S+/.exec(verified.stdout)?.[0] ?? "none";
      const first = await lumen(run.folder, "run", "--deterministic", "--input", goal);
      for (const frame of [1, 2, 3, 5, 50, run.offsets.length - 5, run.offsets.length - 2]) {
        cutAt(run, (run.offsets[frame] ?? 0) + (frame % 2));
        const resumed = await lumen(run.folder, "run", "--resume", run.path);
        expect(resumed.status).toBe(status);
        expect(resumed.stdout).toBe(first.stdout);
        expect((await lumen(run.folder, "verify")).stdout).toContain(commitment);
      }
    }
  });
});

describe("one process at a time", () => {
  it("writes a trace; the lock of one that is gone does not count", async () => {
    const run = await recorded(CELL, "--input", "4");
    cutAt(run, run.offsets[5] ?? 0);
    const traces = join(run.folder, "target/raster/traces");
    const lock = `${run.path}.lock.1`;
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: process.pid, started: null }));
    const busy = await lumen(run.folder, "run", "--resume", run.path, "--format", "json");
    expect(busy.status).toBe(1);
    expect(jsonLines(busy.stdout)).toMatchObject([{ code: "E_RUN_BUSY" }]);
    writeFileSync(lock, JSON.stringify({ host: "elsewhere", pid: 1, started: null }));
    const foreign = await lumen(run.folder, "run", "--resume", run.path);
    expect(foreign.stderr).toContain(`remove '${lock}'`);
    // No process has this number.
    writeFileSync(lock, JSON.stringify({ host: hostname(), pid: 2 ** 30, started: null }));
    expect((await lumen(run.folder, "run", "--resume", run.path)).status).toBe(0);
    expect(namesIn(traces)).toEqual(traceNames(run.folder));
  });

  it("is refused the same run at once", async () => {
    const run = await recorded(CELL, "--input", "4");
    cutAt(run, run.offsets[5] ?? 0);
    const both = await Promise.all(
      [1, 2].map(() => lumen(run.folder, "run", "--resume", run.path)),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([0, 1]);
    expect(both.find(({ status }) => status === 1)?.stderr).toContain("E_RUN_BUSY");
  });
});

it("takes what belongs to the run from the run", async () => {
  const run = await recorded(CELL, "--input", "4");
  for (const words of [["--input", "4"], ["--deterministic"], ["main.lm.md"], ["--trace"]]) {
    const used = await lumen(run.folder, "run", "--resume", run.path, ...words);
    expect(used.status).toBe(2);
    expect(used.stderr).toContain("is that of the run: leave it out");
  }
  appendFileSync(run.path, "junk that is longer than any frame check could be");
  const corrupt = await lumen(run.folder, "run", "--resume", run.path);
  expect(corrupt.stderr).toContain("E_TRACE_CORRUPT");
});
