// The disk cache of the command (formats 28): what it keeps, when it is asked, and that nothing
// that is wrong with it ever changes a result. The bundle runs: sources have no build id.

import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { namesIn, project, type Ran, ROOT, temporaryFolder } from "./testing/lumen.ts";

const BUNDLE = join(ROOT, "dist/lumen.js");

const MAIN = `import part: answer

cell main() -> Int
  print("ran")
  answer() + 1
end
`;
const PART = "cell answer() -> Int = 41\n";
const RAN = { status: 0, stdout: "ran\n42\n", stderr: "" };

/** Runs the bundle with just this environment. */
function bundle(
  environment: Readonly<Record<string, string>>,
  folder: string,
  ...words: readonly string[]
): Promise<Ran> {
  return new Promise((done, failed) => {
    const child = spawn(process.execPath, [BUNDLE, ...words], { cwd: folder, env: environment });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("error", failed);
    child.on("close", (status) => done({ status: status ?? -1, stdout, stderr }));
  });
}

const inCache = (cache: string, folder: string, ...words: readonly string[]): Promise<Ran> =>
  bundle({ LUMEN_CACHE_DIR: cache }, folder, ...words);

const twoFiles = (): string => project({ "main.lm": MAIN, "part.lm": PART });

beforeAll(() => {
  expect(readFileSync(BUNDLE, "utf8").startsWith("#!")).toBe(true);
});

describe("an entry", () => {
  it("is used again, and gives the same output", async () => {
    const [cache, folder] = [temporaryFolder(), twoFiles()];
    expect(await inCache(cache, folder, "run", "main.lm")).toEqual(RAN);
    const [name = ""] = namesIn(cache);
    const written = readFileSync(join(cache, name));
    expect(await inCache(cache, folder, "run", "main.lm")).toEqual(RAN);
    expect(readFileSync(join(cache, name))).toEqual(written);
    // An entry that says something else shows that it is what answers.
    expect(namesIn(cache)).toHaveLength(1);
  });

  it("is not used when a file that was read, or looked for, is another", async () => {
    const [cache, folder] = [temporaryFolder(), twoFiles()];
    await inCache(cache, folder, "run", "main.lm");
    writeFileSync(join(folder, "part.lm"), "cell answer() -> Int = 1\n");
    expect((await inCache(cache, folder, "run", "main.lm")).stdout).toBe("ran\n2\n");
    rmSync(join(folder, "part.lm"));
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src/part.lm"), "cell answer() -> Int = 2\n");
    expect((await inCache(cache, folder, "run", "main.lm")).stdout).toBe("ran\n3\n");
    // Found before src/part.lm, where nothing was before.
    writeFileSync(join(folder, "part.lumen"), "cell answer() -> Int = 3\n");
    expect((await inCache(cache, folder, "run", "main.lm")).stdout).toBe("ran\n4\n");
  });

  it("belongs to the options of its compilation", async () => {
    const cache = temporaryFolder();
    const folder = project({
      "main.lm": "effect Ask\n  cell ask() -> Int\nend\ncell main() = 1\n",
    });
    const allowed = await inCache(cache, folder, "check", "main.lm", "--allow-unstable");
    const denied = await inCache(cache, folder, "check", "main.lm", "--deny-unstable");
    expect([allowed.status, denied.status]).toEqual([0, 1]);
  });

  it("keeps warnings with their places", async () => {
    const cache = temporaryFolder();
    const source = '@deprecated("use g")\ncell f() -> Int = 1\ncell main() -> Int = f()\n';
    const folder = project({ "main.lm": source });
    const first = await inCache(cache, folder, "check", "main.lm");
    const second = await inCache(cache, folder, "check", "main.lm");
    expect(first.stderr).toContain("main.lm:3");
    expect(second).toEqual(first);
    expect(namesIn(cache)).toHaveLength(1);
  });

  it("is not made for a program with errors", async () => {
    const [cache, folder] = [temporaryFolder(), project({ "main.lm": "cell main() -> Int = x\n" })];
    expect((await inCache(cache, folder, "check", "main.lm")).status).toBe(1);
    expect(namesIn(cache)).toEqual([]);
  });
});

describe("many processes at once", () => {
  it("all give the right output, and leave whole entries only", async () => {
    const [cache, folder] = [temporaryFolder(), twoFiles()];
    const runs = await Promise.all(
      Array.from({ length: 6 }, () => inCache(cache, folder, "run", "main.lm")),
    );
    expect(runs).toEqual(runs.map(() => RAN));
    expect(namesIn(cache).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(await inCache(cache, folder, "run", "main.lm")).toEqual(RAN);
  });
});

describe("an entry that is", () => {
  it.each([
    ["cut off", (bytes: Buffer) => bytes.subarray(0, bytes.length - 5), "it is damaged"],
    ["changed", (bytes: Buffer) => changed(bytes), "it is damaged"],
    ["empty", () => Buffer.alloc(0), "it is no cache entry"],
    ["of another kind", () => Buffer.from("PK\u0003\u0004"), "it is no cache entry"],
    [
      "of a later version",
      () => Buffer.from("lumen-cache 9\nx\n{}"),
      "its version is 'lumen-cache 9'",
    ],
  ])("%s is reported in one line, left alone and replaced", async (_, damage, reason) => {
    const [cache, folder] = [temporaryFolder(), twoFiles()];
    await inCache(cache, folder, "run", "main.lm");
    const [name = ""] = namesIn(cache);
    const path = join(cache, name);
    writeFileSync(path, damage(readFileSync(path)));
    const ran = await inCache(cache, folder, "run", "main.lm");
    const line = `warning: the cache entry ${name.slice(0, 16)} is not used: ${reason}\n`;
    expect(ran).toEqual({ ...RAN, stderr: line });
    expect(await inCache(cache, folder, "run", "main.lm")).toEqual(RAN);
  });
});

function changed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 10] = (copy[copy.length - 10] ?? 0) ^ 1;
  return copy;
}

describe("a cache that cannot be used", () => {
  it("costs a warning where somebody named it", async () => {
    const folder = twoFiles();
    // A file in the way of the folder: root, who may write anywhere, cannot either.
    const inTheWay = join(folder, "main.lm", "cache");
    const ran = await inCache(inTheWay, folder, "run", "main.lm");
    expect(ran).toEqual({ ...RAN, stderr: `warning: cannot write to the cache '${inTheWay}'\n` });
  });

  const isRoot = process.getuid?.() === 0;
  if (isRoot) console.info("skipped: read-only folders of the cache (root may write to them)");

  it.skipIf(isRoot)("is a folder that is read-only", async () => {
    const [cache, folder] = [temporaryFolder(), twoFiles()];
    chmodSync(cache, 0o555);
    const ran = await inCache(cache, folder, "run", "main.lm");
    chmodSync(cache, 0o755);
    expect(ran.stdout).toBe(RAN.stdout);
    expect(ran.stderr).toBe(`warning: cannot write to the cache '${cache}'\n`);
  });

  it("is passed over in silence at home, and where there is no home", async () => {
    const folder = twoFiles();
    expect(await bundle({}, folder, "run", "main.lm")).toEqual(RAN);
    expect(await bundle({ HOME: "" }, folder, "run", "main.lm")).toEqual(RAN);
    const home = join(folder, "main.lm");
    expect(await bundle({ HOME: home }, folder, "run", "main.lm")).toEqual(RAN);
    expect(readdirSync(folder).sort()).toEqual(["main.lm", "part.lm"]);
  });
});

describe("where the cache is", () => {
  it("decide options, the environment, the manifest and home, in this order", async () => {
    const manifest = '[package]\nname = "p"\n\n[build]\ncache = "kept"\n';
    const folder = project({ "main.lm": MAIN, "part.lm": PART, "lumen.toml": manifest });
    const [home, named, given] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    const all = { HOME: home, LUMEN_CACHE_DIR: named };
    const counts = (): readonly number[] =>
      [join(home, ".lumen/cache"), join(folder, "kept"), named, given].map(
        (f) => namesIn(f).length,
      );
    await bundle(all, folder, "check", "--no-cache");
    expect(counts()).toEqual([0, 0, 0, 0]);
    await bundle(all, folder, "check", "--cache-dir", given);
    expect(counts()).toEqual([0, 0, 0, 1]);
    await bundle(all, folder, "check");
    expect(counts()).toEqual([0, 0, 1, 1]);
    await bundle({ HOME: home }, folder, "check");
    expect(counts()).toEqual([0, 1, 1, 1]);
    writeFileSync(join(folder, "lumen.toml"), "[build]\ncache = false\n");
    await bundle({ HOME: home }, folder, "check");
    expect(counts()).toEqual([0, 1, 1, 1]);
    writeFileSync(join(folder, "lumen.toml"), "[build]\n");
    await bundle({ HOME: home }, folder, "check");
    expect(counts()).toEqual([1, 1, 1, 1]);
  });

  it("has to be a folder or false in the manifest", async () => {
    const folder = project({ "main.lm": PART, "lumen.toml": "[build]\ncache = 1\n" });
    const ran = await bundle({}, folder, "check");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("[build] cache: expected a folder or false, found 1");
  });
});

describe("lumen cache", () => {
  it("means the cache that a compilation here would use", async () => {
    const [home, named] = [temporaryFolder(), temporaryFolder()];
    const files = { "main.lm": MAIN, "part.lm": PART };
    const folder = project({ ...files, "lumen.toml": '[build]\ncache = "kept"\n' });
    await bundle({ HOME: home }, folder, "check");
    await inCache(named, folder, "check");
    const listed = await bundle({ HOME: home }, folder, "cache", "ls");
    expect(listed.stdout).toContain(`1 entries`);
    expect(listed.stdout).toContain(join(folder, "kept"));
    const elsewhere = ["cache", "ls", "--project", folder] as const;
    expect(await bundle({ HOME: home }, temporaryFolder(), ...elsewhere)).toEqual(listed);
    await bundle({ HOME: home }, folder, "cache", "clear");
    expect([namesIn(join(folder, "kept")), namesIn(named)].map((n) => n.length)).toEqual([0, 1]);
    writeFileSync(join(folder, "lumen.toml"), "[build]\ncache = false\n");
    for (const action of ["ls", "clear"]) {
      const none = await bundle({ HOME: home }, folder, "cache", action);
      expect(none).toMatchObject({ status: 0, stderr: "" });
      expect(none.stdout).toBe("no cache: lumen.toml says [build] cache = false\n");
    }
    expect((await inCache(named, folder, "cache", "clear")).stdout).toContain("removed 1 entries");
    writeFileSync(join(folder, "lumen.toml"), "[build]\ncache = 1\n");
    const broken = await bundle({ HOME: home }, folder, "cache", "clear");
    expect(broken.status).toBe(1);
    expect(broken.stderr).toContain("[build] cache: expected a folder or false, found 1");
  });

  it("lists entries and removes them, and nothing else", async () => {
    const [cache, folder] = [temporaryFolder(), twoFiles()];
    await inCache(cache, folder, "run", "main.lm");
    writeFileSync(join(cache, "notes.txt"), "mine");
    const text = await inCache(cache, folder, "cache", "ls");
    expect(text.stdout).toContain(join(folder, "main.lm"));
    const listed = await inCache(cache, folder, "cache", "ls", "--format", "json");
    const [entry, end] = listed.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(entry).toMatchObject({ type: "entry", kind: "program", note: null });
    expect(end).toMatchObject({ type: "cache", folder: cache, count: 1, bytes: entry.bytes });
    const cleared = await inCache(cache, folder, "cache", "clear", "--format", "json");
    expect(JSON.parse(cleared.stdout)).toEqual({ folder: cache, count: 1, bytes: entry.bytes });
    expect(namesIn(cache)).toEqual(["notes.txt"]);
  });

  it("says what is wrong with its words", async () => {
    const folder = temporaryFolder();
    expect((await inCache(folder, folder, "cache")).status).toBe(2);
    expect((await inCache(folder, folder, "cache", "drop")).stderr).toContain("found 'drop'");
    expect((await bundle({}, folder, "cache", "ls")).stderr).toContain("--cache-dir");
  });
});
