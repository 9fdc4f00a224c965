// Files, streams and traces that are not as they should be end in a failure, never in a bug notice.

import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { close, open } from "../evidence/testing/forge.ts";
import {
  bytesOf,
  document,
  lumen,
  onlyProgram,
  onlyTrace,
  project,
  ROOT,
  traceNames,
} from "./testing/lumen.ts";

const MANIFEST = '[package]\nname = "p"\nversion = "0.1.0"\n';
const CELL = document('cell main()\n  print("one")\n  print("two")\nend');
const SEQUENCE = document(`
@tile(iter)
cell twice(n: Int) -> Int
  return n * 2
end

@sequence
cell main(n: Int) -> Int
  let a = twice(n)
  let b = twice(a)
  return b
end
`);
const NOT_UTF8 = Uint8Array.of(0x22, 0xff, 0x22);

function folderOf(text: string): string {
  return project({ "main.lm.md": text, "lumen.toml": MANIFEST });
}

it.each(["", ".", "..", "sub"])("entry = %j is no entry document", async (entry) => {
  const folder = project({ "lumen.toml": `${MANIFEST}entry = "${entry}"\n`, "sub/x": "" });
  const ran = await lumen(folder, "check");
  expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining("error[E_PROJECT]")]);
});

it("a lumen.toml that is a folder cannot be read", async () => {
  const ran = await lumen(project({ "lumen.toml/x": "", "main.lm.md": CELL }), "run");
  expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining("it is a folder")]);
});

it.each(["main.lm.md", "lumen.toml", "other.lm"])("%s in bytes that are no UTF-8", async (name) => {
  const folder = folderOf(document("import other: f\n\ncell main() -> Int\n  return f()\nend"));
  writeFileSync(join(folder, name), NOT_UTF8);
  const ran = await lumen(folder, "run");
  expect([ran.status, ran.stderr]).toEqual([
    1,
    expect.stringContaining(`${name}' is not valid UTF`),
  ]);
  expect(ran.stderr).toContain("error[E_IO]");
});

it("input in bytes that are no UTF-8", async () => {
  const folder = folderOf(SEQUENCE);
  writeFileSync(join(folder, "in.json"), NOT_UTF8);
  const ran = await lumen(folder, "run", "--input", "@in.json");
  expect([ran.status, ran.stderr]).toEqual([
    1,
    expect.stringContaining("in.json' is not valid UTF"),
  ]);
});

it("a program file with other bytes is written anew, a folder in its place refused", async () => {
  const folder = folderOf(CELL);
  await lumen(folder, "run");
  const path = onlyProgram(folder);
  const good = bytesOf(path);
  writeFileSync(path, good.subarray(0, 100));
  expect((await lumen(folder, "run")).status).toBe(0);
  expect(bytesOf(path)).toEqual(good);
  rmSync(path);
  mkdirSync(path);
  const ran = await lumen(folder, "run");
  expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining("error[E_IO]")]);
});

it("control characters of a trace do not reach the terminal", async () => {
  const folder = folderOf(SEQUENCE);
  await lumen(folder, "run", "--input", "1");
  const path = onlyTrace(folder);
  const { header, events } = open(bytesOf(path));
  const evil = "\u001b[2J\u009b1m\u007f\r\u202e\u2028";
  const named = events.map((e) => (e.kind === "SequenceStart" ? { ...e, name: evil } : e));
  writeFileSync(path, close({ ...header, project: evil, producer: evil }, named));
  for (const words of [["show"], ["show", "--step", "0"], ["ls"]]) {
    const { status, stdout } = await lumen(folder, "trace", ...words);
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/);
  }
  const shown = await lumen(folder, "trace", "show");
  expect(shown.stdout).toContain("project \\x1b[2J\\x9b1m\\x7f\\x0d\\u202e\\u2028,");
});

it.runIf(existsSync("/dev/full"))(
  "a full standard output is a failure of the host",
  () => {
    const folder = folderOf(CELL);
    const full = openSync("/dev/full", "w");
    const loader = pathToFileURL(join(ROOT, "node_modules/tsx/dist/loader.mjs")).href;
    const bin = join(ROOT, "packages/cli/src/bin.ts");
    const words = ["--conditions", "lumen-src", "--import", loader, bin, "run"];
    const ran = spawnSync(process.execPath, words, {
      cwd: folder,
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect(ran.stderr).toMatch(/^error\[E_IO\]: cannot write to standard output: ENOSPC.*\n$/);
    expect(ran.status).toBe(1);
  },
  30_000,
);

const DEEP = `
enum Nest
  Leaf
  Wrap(inner: Nest)
end

cell deep() -> Nest
  let mut n: Nest = Leaf
  for i in range(0, 20000)
    n = Wrap(n)
  end
  return n
end
`;

it.each([
  ["printed", "cell main()\n  print(deep())\nend"],
  ["returned", "cell main() -> Nest\n  return deep()\nend"],
])("a value that is nested too deeply and %s", async (_, main) => {
  const ran = await lumen(folderOf(document(`${DEEP}\n${main}`)), "run");
  expect(ran.stderr).toContain("error[E_TRAP_STACK]");
  expect(ran.stderr).toContain("value nested too deeply to display");
  expect(ran.status).toBe(1);
});

it.each([
  ["cell", CELL, "one"],
  ["sequence", SEQUENCE, "4"],
])("replay of an unfinished %s compares what is there", async (kind, text, output) => {
  const folder = folderOf(text);
  const input = kind === "sequence" ? ["--input", "1"] : [];
  expect((await lumen(folder, "run", ...input)).stdout).toContain(output);
  const path = onlyTrace(folder);
  const { header, events } = open(bytesOf(path));
  for (const steps of [0, 1, 2]) {
    const last = events.findIndex(
      (e) =>
        e.kind === "TileStep" &&
        (steps === 0
          ? e.record.kind === "Genesis"
          : "index" in e.record && e.record.index === steps - 1),
    );
    writeFileSync(path, close(header, events.slice(0, last + 1)));
    const ran = await lumen(folder, "replay");
    expect(ran.stdout).toContain(`${steps} steps were run again`);
    expect(ran.stdout).toContain("the recorded run did not finish");
    expect(ran.status).toBe(0);
  }
});

it("an unfinished recording of another run still diverges", async () => {
  const folder = folderOf(SEQUENCE);
  await lumen(folder, "run", "--input", "1");
  const path = onlyTrace(folder);
  const { header, events } = open(bytesOf(path));
  const wrong = events.slice(0, -2).map((event) => {
    if (event.kind !== "TileStep" || event.record.kind !== "Tile") return event;
    return { ...event, record: { ...event.record, inputDigest: new Uint8Array(32) } };
  });
  writeFileSync(path, close(header, wrong));
  expect((await lumen(folder, "replay")).status).toBe(3);
});

it("finds JSON-lines traces by run id, as the newest and in the list", async () => {
  const folder = folderOf(CELL);
  await lumen(folder, "run", "--trace-format", "json");
  const [name = ""] = traceNames(folder);
  expect(name).toMatch(/\.jsonl$/);
  const runId = name.slice(0, -".jsonl".length);
  expect((await lumen(folder, "trace", "ls")).stdout).toContain(runId);
  expect((await lumen(folder, "verify")).status).toBe(0);
  expect((await lumen(folder, "replay", runId)).stdout).toContain("identical");
});

const existsAll = (...paths: readonly string[]): boolean => paths.every((path) => existsSync(path));

it.runIf(existsSync("/dev/zero"))("an input without an end is refused", async () => {
  const folder = folderOf(document("cell main(n: Int) -> Int = n"));
  const ran = await lumen(folder, "run", "--input", "@/dev/zero");
  expect(ran.stderr).toContain("it has more than 67108864 bytes");
  expect([ran.status, ran.stdout]).toEqual([1, ""]);
});

it.runIf(existsAll("/proc/self"))("folders that cannot be made are reported", async () => {
  const folder = folderOf(document("cell main() -> Int = 5"));
  const ran = await lumen(folder, "run", "--trace-dir", "/proc/nope/below");
  expect([ran.status, ran.stderr]).toEqual([1, expect.stringContaining("error[E_IO]")]);
});

it("a document has up to 16 MiB", async () => {
  const code = document("cell main() -> Int = 5");
  const folder = folderOf(code.padEnd(2 ** 24, "x"));
  expect((await lumen(folder, "check")).status).toBe(0);
  writeFileSync(join(folder, "main.lm.md"), code.padEnd(2 ** 24 + 1, "x"));
  const ran = await lumen(folder, "check");
  expect(ran.stderr).toContain("has 16777217 bytes, a document at most 16777216");
  expect(ran.status).toBe(1);
});

it("the first hundred reports are shown, as JSON all", async () => {
  const lets = Array.from({ length: 101 }, (_, i) => `  let x${i} = unknown_${i}\n`).join("");
  const folder = folderOf(document(`cell main() -> Int\n${lets}  return 1\nend`));
  const text = await lumen(folder, "check");
  expect(text.stderr.match(/^error\[E0201\]/gm)).toHaveLength(100);
  expect(text.stderr).toContain("… and 1 more; --format json gives all\n101 errors\n");
  const json = await lumen(folder, "check", "--format", "json");
  expect(json.stdout.match(/"type":"diagnostic"/g)).toHaveLength(101);
});
