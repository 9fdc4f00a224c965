// `lumen trace ls`, `export` and `show --graph`: listings name what is broken, every form of a
// trace gives every other one, loops of graphs are folded.

import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { flipped } from "../evidence/testing/forge.ts";
import { bytesOf, document, ledger, lumen, onlyTrace, project } from "./testing/lumen.ts";

const CODE = `
@tile(iter)
cell double(n: Int) -> Int = n * 2

cell work(n: Int) -> Int = n + 1

cell main(n: Int) -> Int
  print("begin")
  let f = spawn(work, n)
  let mut sum = 0
  for i in 0..12
    sum += double(i)
  end
  sum + await f
end
`;

function small(): string {
  const manifest = '[package]\nname = "small"\nversion = "1.0.0"\n';
  return project({ "lumen.toml": manifest, "main.lm.md": document(CODE) });
}

async function recorded(...words: readonly string[]): Promise<string> {
  const folder = small();
  const ran = await lumen(folder, "run", "--input", "3", ...words);
  expect(ran.stderr).toBe("");
  return folder;
}

describe("trace ls", () => {
  it("counts steps and requests, and says how a run ended", async () => {
    const folder = await recorded();
    const listed = await lumen(folder, "trace", "ls", "--format", "json");
    expect(JSON.parse(listed.stdout)).toMatchObject({
      entry: "main",
      status: "ok",
      steps: 13,
      requests: 1,
      problem: null,
      bytes: bytesOf(onlyTrace(folder)).length,
    });
    const table = await lumen(folder, "trace", "ls", folder);
    expect(table.stdout).toMatch(/run +date \(UTC\) +entry +status +steps +requests +bytes/);
    expect(table.stdout).toMatch(/main +ok +13 +1 /);
  });

  it("names a torn trace, one that is corrupt and one that is no trace", async () => {
    const folder = await recorded();
    const path = onlyTrace(folder);
    const whole = bytesOf(path);
    const traces = join(folder, "target/raster/traces");
    writeFileSync(join(traces, "b.rtrace"), flipped(whole, whole.length >> 1));
    writeFileSync(join(traces, "c.rtrace"), "no trace");
    truncateSync(path, whole.length - 3);
    const listed = await lumen(folder, "trace", "ls", "--format", "json");
    const rows = listed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const found = new Map(rows.map((r) => [r.path.endsWith("/c.rtrace"), r]));
    expect(found.get(true)).toMatchObject({ status: "corrupt", runId: null, date: null });
    expect(rows.map((r) => [r.status, r.problem.code]).sort()).toEqual([
      ["corrupt", "E_TRACE_CORRUPT"],
      ["corrupt", "E_TRACE_CORRUPT"],
      ["torn", "E_TRACE_TORN"],
    ]);
  });

  it("lists a folder of traces that is no project, and refuses one that is not there", async () => {
    const folder = await recorded();
    const there = await lumen(folder, "trace", "ls", "target/raster/traces");
    expect(there.stdout).toContain("main");
    const none = await lumen(folder, "trace", "ls", "elsewhere");
    expect(none).toMatchObject({ status: 1, stderr: expect.stringContaining("error[E_IO]") });
  });
});

describe("trace export", () => {
  let folders: readonly string[] = [];
  beforeAll(async () => {
    const sequence = ledger();
    await lumen(sequence, "run", "--input", "@input.json");
    folders = [
      await recorded(),
      await recorded("--trace-io", "digest"),
      await recorded("--deterministic"),
      sequence,
    ];
  });

  it("gives the same bytes back through every other form", async () => {
    for (const folder of folders) {
      const original = onlyTrace(folder);
      const [lines, document, back] = ["x.jsonl", "x.json", "x.rtrace"];
      const steps = [
        [original, "jsonl", lines],
        [lines, "json", document],
        [document, "binary", back],
      ] as const;
      for (const [from, to, out] of steps) {
        const ran = await lumen(folder, "trace", "export", from, "--to", to, "-o", out);
        expect(ran).toMatchObject({ status: 0, stderr: "" });
      }
      expect(bytesOf(join(folder, back))).toEqual(bytesOf(original));
      const again = await lumen(folder, "trace", "export", back, "--to", "jsonl");
      expect(again.stdout).toBe(readFileSync(join(folder, lines), "utf8"));
    }
  }, 60_000);

  it("gives what verify and show read", async () => {
    const [folder = ""] = folders;
    for (const to of ["json", "jsonl"]) {
      const text = (await lumen(folder, "trace", "export", "--to", to)).stdout;
      writeFileSync(join(folder, `y.${to}`), text);
      expect((await lumen(folder, "verify", `y.${to}`)).stdout).toMatch(/^accepted/);
      const shown = await lumen(folder, "trace", "show", `y.${to}`, "--format", "json");
      const first = await lumen(folder, "trace", "show", "--format", "json");
      expect(shown.stdout).toBe(first.stdout);
    }
  });

  it("exports a torn trace up to the cut and says so; a corrupt one it refuses", async () => {
    const folder = await recorded();
    const path = onlyTrace(folder);
    const whole = bytesOf(path);
    writeFileSync(join(folder, "bad.rtrace"), flipped(whole, whole.length >> 1));
    const bad = await lumen(folder, "trace", "export", "bad.rtrace", "--to", "jsonl");
    expect(bad).toMatchObject({ status: 1, stdout: "" });
    truncateSync(path, whole.length - 3);
    const torn = await lumen(folder, "trace", "export", "--to", "jsonl");
    expect(torn).toMatchObject({ status: 0, stderr: expect.stringMatching(/^torn/) });
    expect(torn.stdout).not.toContain("RunEnd");
  });

  it.each([
    [["export"], "export needs --to jsonl, json, binary"],
    [["export", "--to", "binary"], "--to binary needs --output FILE"],
    [["ls", "--to", "json"], "trace ls takes no --to"],
    [["export", "--to", "xml"], "--to: expected jsonl or json or binary, found 'xml'"],
    [["tidy"], "expected one of ls, show, step, export"],
  ])("is told how it is called: %j", async (words, message) => {
    const ran = await lumen(small(), "trace", ...words);
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(message) });
  });
});

describe("trace show --graph", () => {
  it("draws tasks, requests and tiles in the cell, loops folded", async () => {
    const folder = await recorded("--deterministic");
    const tree = await lumen(folder, "trace", "show", "--graph", "tree");
    expect(tree.stdout).toBe(
      [
        "run main  ok",
        "└─ cell main  span 1, ok",
        "   ├─ effect emit.print  span 2, ok",
        "   ├─ task work  span 3, ok",
        "   └─ tile double ×12  from span 4, ok, 60 cycles",
        "",
      ].join("\n"),
    );
    const all = await lumen(folder, "trace", "show", "--graph", "tree", "--all");
    expect(all.stdout.match(/tile double {2}span/g)).toHaveLength(12);
  });
});
