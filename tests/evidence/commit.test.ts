// `run --commit` and `--audit`, `trace commit`, `prove`, `check` and `recover` (formats 14.4, 16,
// 17): equal runs agree, a run that differs is told where it parts, bad input is refused by its
// code.

import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  bytesOf,
  document,
  lumen,
  namesIn,
  onlyTrace,
  project,
  type Ran,
  traceNames,
} from "../cli/testing/lumen.ts";
import { flipped } from "./testing/forge.ts";

const MANIFEST = '[package]\nname = "p"\nversion = "1.0.0"\n';

const sequence = (body: string): string => `
@tile(iter)
cell twice(n: Int) -> Int = ${body}

@tile(iter)
cell next(n: Int) -> Int = n + 1

@sequence
cell main(n: Int) -> Int
  let a = next(n)
  let b = twice(a)
  next(b)
end
`;

const CELL = `
@tile(iter)
cell next(n: Int) -> Int = n + 1

cell main(n: Int) -> Int
  print("begin")
  let mut sum = 0
  for i in 0..n
    sum += next(i)
  end
  sum
end
`;

function folderOf(code: string): string {
  return project({ "lumen.toml": MANIFEST, "main.lm.md": document(code) });
}

function run(folder: string, ...words: readonly string[]): Promise<Ran> {
  return lumen(folder, "run", "--input", "3", ...words);
}

describe("run --commit and --audit", () => {
  it.each([
    ["a sequence", sequence("n * 2"), 5],
    ["a cell", CELL, 6],
  ])("agree on two runs of %s", async (_what, code, size) => {
    const folder = folderOf(code);
    const made = await run(folder, "--commit", "run.fpr");
    expect(made).toMatchObject({ status: 0, stderr: expect.stringContaining(`${size} leaves`) });
    const audited = await run(folder, "--audit", "run.fpr");
    expect(audited).toMatchObject({ status: 0, stdout: made.stdout });
    expect(audited.stderr).toContain("agrees");
    const quiet = await run(folder, "--audit", "run.fpr", "--no-trace", "--quiet");
    expect(quiet).toMatchObject({ status: 0, stderr: "" });
    expect(traceNames(folder)).toHaveLength(2);
  });

  it("agree on runs of other back ends", async () => {
    for (const code of [sequence("n * 2"), CELL]) {
      const folder = folderOf(code);
      await run(folder, "--commit", "run.fpr", "--bits-per-item", "64");
      for (const backend of ["isolate", "zkvm-sim"])
        expect((await run(folder, "--backend", backend, "--audit", "run.fpr")).status).toBe(0);
    }
  });

  it("writes the bits that are asked for", async () => {
    const folder = folderOf(sequence("n * 2"));
    await run(folder, "--commit", "a.fpr", "--bits-per-item", "64");
    await run(folder, "--commit", "b.fpr", "--fraud-proof-window-size", "32");
    expect(bytesOf(join(folder, "a.fpr"))[8]).toBe(64);
    expect(bytesOf(join(folder, "b.fpr"))[8]).toBe(4);
    const json = await run(folder, "--audit", "b.fpr", "--format", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({ output: 9, audit: { agrees: true } });
  });

  it("names the record at which another document parts, and ends with 3", async () => {
    const folder = folderOf(sequence("n * 2"));
    await run(folder, "--commit", "run.fpr", "--bits-per-item", "64");
    writeFileSync(join(folder, "main.lm.md"), `${document(sequence("n * 2"))}\nOther words.\n`);
    const differs = await run(folder, "--audit", "run.fpr");
    expect(differs.status).toBe(3);
    expect(differs.stdout).toBe("9\n");
    // The sources are part of the program, which Genesis names.
    expect(differs.stderr).toContain("error[E_AUDIT_MISMATCH]");
    expect(differs.stderr).toContain("leaf 0, Genesis");
    const json = await run(folder, "--audit", "run.fpr", "--format", "json");
    const { audit } = JSON.parse(json.stdout);
    expect(audit).toMatchObject({
      agrees: false,
      code: "E_AUDIT_MISMATCH",
      reason: "item",
      leaf: 0,
    });
    expect(audit.local.record.kind).toBe("Genesis");
  });

  it("names another schema, and still says how the program failed", async () => {
    const folder = folderOf(sequence("n * 2"));
    await run(folder, "--commit", "run.fpr");
    writeFileSync(join(folder, "main.lm.md"), document(sequence("n / 0").replace("next(b)", "b")));
    const differs = await run(folder, "--audit", "run.fpr");
    expect(differs.status).toBe(3);
    expect(differs.stderr).toContain("E_TRAP_DIV_ZERO");
    expect(differs.stderr).toContain("their schemas differ");
  });

  it("commits to a run that fails", async () => {
    const folder = folderOf(sequence("n / 0"));
    expect(await run(folder, "--commit", "run.fpr")).toMatchObject({ status: 1 });
    expect(namesIn(folder)).toContain("run.fpr");
    expect(await run(folder, "--audit", "run.fpr")).toMatchObject({ status: 1 });
  });

  it.each([
    [["--commit", "a", "--audit", "b"], 2],
    [["--bits-per-item", "8"], 2],
    [["--commit", "a", "--bits-per-item", "8", "--fraud-proof-window-size", "4"], 2],
    [["--commit", "a", "--bits-per-item", "65"], 2],
    [["--commit", "a", "--bits-per-item", "x"], 2],
    [["--commit", "a", "--fraud-proof-window-size", "3"], 2],
    [["--resume", "r", "--commit", "a"], 2],
    [["--audit", "nowhere"], 1],
  ] as const)("refuses %s before anything runs", async (words, status) => {
    const folder = folderOf(sequence("n * 2"));
    const input = words[0] === "--resume" ? [] : ["--input", "3"];
    const ran = await lumen(folder, "run", ...input, ...words, "--format", "json");
    expect(ran.status).toBe(status);
    expect(JSON.parse(ran.stdout)).toMatchObject({ code: status === 2 ? "E_USAGE" : "E_IO" });
    expect(traceNames(folder)).toEqual([]);
  });

  it("refuses a damaged fingerprint and one of another version", async () => {
    const folder = folderOf(sequence("n * 2"));
    await run(folder, "--commit", "run.fpr");
    const whole = bytesOf(join(folder, "run.fpr"));
    writeFileSync(join(folder, "bad.fpr"), flipped(whole, 60));
    writeFileSync(
      join(folder, "new.fpr"),
      whole.map((byte, i) => (i === 7 ? 0x32 : byte)),
    );
    expect((await run(folder, "--audit", "bad.fpr")).stderr).toContain("error[E_MALFORMED]");
    expect((await run(folder, "--audit", "new.fpr")).stderr).toContain("E_UNSUPPORTED_VERSION");
  });
});

describe("trace commit, prove and check", () => {
  let folders: readonly string[] = [];
  beforeAll(async () => {
    folders = [folderOf(sequence("n * 2")), folderOf(CELL)];
    for (const folder of folders) await run(folder);
  });

  it("every leaf and every prefix is proved, for sequences and cells", async () => {
    for (const folder of folders) {
      const shown = await lumen(folder, "trace", "commit", "--format", "json");
      const { size, commitment, whole } = JSON.parse(shown.stdout);
      expect(whole).toBe(true);
      for (let k = 0; k < size; k += 1) {
        await lumen(folder, "trace", "prove", "--leaf", String(k), "-o", "leaf.json");
        await lumen(folder, "trace", "prove", "--from", String(k + 1), "-o", "from.json");
        for (const file of ["leaf.json", "from.json"]) {
          const ran = await lumen(folder, "trace", "check", file, "--commitment", commitment);
          expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining("proven") });
        }
      }
    }
  });

  it("a changed proof, and one of another commitment, is rejected", async () => {
    const folder = folders[0] ?? "";
    const { stdout } = await lumen(folder, "trace", "prove", "--leaf", "2");
    const proof = JSON.parse(stdout);
    const check = async (edit: object, ...words: readonly string[]): Promise<Ran> => {
      writeFileSync(join(folder, "p.json"), JSON.stringify({ ...proof, ...edit }));
      return lumen(folder, "trace", "check", "p.json", "--format", "json", ...words);
    };
    const codeOf = (ran: Ran): unknown => [ran.status, JSON.parse(ran.stdout).code];
    expect((await check({})).status).toBe(0);
    const invalid = [3, "E_PROOF_INVALID"];
    expect(codeOf(await check({ leaf_index: 3 }))).toEqual(invalid);
    expect(codeOf(await check({ record: "00" }))).toEqual(invalid);
    expect(codeOf(await check({ inclusion: proof.inclusion.slice(1) }))).toEqual(invalid);
    const claim = { ...proof.claim, size: proof.claim.size + 1 };
    expect(codeOf(await check({ claim }))).toEqual(invalid);
    const other = "ab".repeat(32);
    expect(codeOf(await check({}, "--commitment", other))).toEqual([3, "E_COMMIT_MISMATCH"]);
    expect(codeOf(await check({ format_version: "2.0" }))).toEqual([1, "E_UNSUPPORTED_VERSION"]);
    expect(codeOf(await check({ kind: "window" }))).toEqual([1, "E_MALFORMED"]);
    expect(codeOf(await check({ record: 7 }))).toEqual([1, "E_MALFORMED"]);
    expect(codeOf(await check({ further: 1.5 }))).toEqual([1, "E_MALFORMED"]);
    expect(codeOf(await check({}, "--commitment", "ab"))).toEqual([2, "E_USAGE"]);
  });

  it.each([
    [["prove"], 2, "E_USAGE"],
    [["prove", "--leaf", "1", "--from", "1"], 2, "E_USAGE"],
    [["prove", "--leaf", "-1"], 2, "E_USAGE"],
    [["prove", "--leaf", "5"], 1, "E_WINDOW_RANGE"],
    [["prove", "--from", "0"], 1, "E_WINDOW_RANGE"],
    [["prove", "--from", "6"], 1, "E_WINDOW_RANGE"],
    [["commit", "nothing"], 1, "E_IO"],
    [["check"], 2, "E_USAGE"],
    [["check", "nowhere.json"], 1, "E_IO"],
  ] as const)("trace %s is refused", async (words, status, code) => {
    const ran = await lumen(folders[0] ?? "", "trace", ...words, "--format", "json");
    expect(ran.status).toBe(status);
    expect(JSON.parse(ran.stdout).code).toBe(code);
  });
});

describe("trace recover", () => {
  async function recorded(): Promise<string> {
    const folder = folderOf(CELL);
    await run(folder);
    return folder;
  }

  it("leaves a whole trace as it is", async () => {
    const folder = await recorded();
    const before = bytesOf(onlyTrace(folder));
    expect((await lumen(folder, "trace", "recover")).stdout).toContain("whole");
    expect(bytesOf(onlyTrace(folder))).toEqual(before);
  });

  it("cuts a torn trace, which a run then goes on in", async () => {
    const folder = await recorded();
    const path = onlyTrace(folder);
    truncateSync(path, bytesOf(path).length - 100);
    const ran = await lumen(folder, "trace", "recover", "--format", "json");
    const { bytes, droppedBytes, broken } = JSON.parse(ran.stdout);
    expect(broken.code).toBe("E_TRACE_TORN");
    expect(bytesOf(path)).toHaveLength(bytes);
    expect(droppedBytes).toBeGreaterThan(0);
    expect((await lumen(folder, "run", "--resume", path)).stdout).toBe("6\n");
    expect((await lumen(folder, "verify")).status).toBe(0);
  });

  it("copies what stands before damage, and refuses to cut there", async () => {
    const folder = await recorded();
    const path = onlyTrace(folder);
    const whole = bytesOf(path);
    writeFileSync(path, flipped(whole, whole.length >> 1));
    const refused = await lumen(folder, "trace", "recover");
    expect(refused).toMatchObject({ status: 1 });
    expect(refused.stderr).toContain("E_TRACE_CORRUPT");
    expect(bytesOf(path)).toHaveLength(whole.length);
    expect((await lumen(folder, "trace", "recover", "-o", "start.rtrace")).status).toBe(0);
    const start = bytesOf(join(folder, "start.rtrace"));
    expect(start).toEqual(whole.slice(0, start.length));
    expect((await lumen(folder, "trace", "show", "start.rtrace")).status).toBe(0);
  });

  it("recovers JSON lines, and refuses what has no header", async () => {
    const folder = await recorded();
    await lumen(folder, "trace", "export", "--to", "jsonl", "-o", "t.jsonl");
    const text = readFileSync(join(folder, "t.jsonl"), "utf8");
    writeFileSync(join(folder, "t.jsonl"), text.slice(0, -30));
    expect((await lumen(folder, "trace", "recover", "t.jsonl")).status).toBe(0);
    expect(text.startsWith(readFileSync(join(folder, "t.jsonl"), "utf8"))).toBe(true);
    writeFileSync(join(folder, "x.rtrace"), "no trace");
    const none = await lumen(folder, "trace", "recover", "x.rtrace", "--format", "json");
    expect([none.status, JSON.parse(none.stdout).code]).toEqual([1, "E_TRACE_CORRUPT"]);
  });
});
