// File providers in a folder of their own: what they do, in which order they list, how they fail.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { displayNested, type Value } from "@lumen/core/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileProviders } from "../index.ts";
import { FILE_BYTES_MAX } from "./files.ts";

const folder = mkdtempSync(join(tmpdir(), "lumen-files-"));
const providers = fileProviders(folder);

beforeAll(() => {
  for (const path of ["tree/b/deep", "tree/.hidden", "tree/a"]) {
    mkdirSync(join(folder, path), { recursive: true });
  }
  for (const path of ["tree/b/x.txt", "tree/b/deep/y.txt", "tree/Z.md", "tree/.hidden/h.txt"]) {
    writeFileSync(join(folder, path), "");
  }
  symlinkSync(join(folder, "tree"), join(folder, "tree/a/loop"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The answer of an operation as text; of a failure its code and message. */
async function ask(name: string, ...args: readonly Value[]): Promise<string> {
  const found = await providers[`fs.${name}`]?.(args);
  if (found === undefined) throw new Error(`no provider for ${name}`);
  return found.ok ? displayNested(found.value) : `${found.code} ${found.message}`;
}

describe("fileProviders", () => {
  it("write, append and read", async () => {
    expect(await ask("write_file", "t.txt", "ä\r\nb\n")).toBe("null");
    expect(await ask("append_file", "t.txt", "c")).toBe("null");
    expect(await ask("append_file", "new.txt", "1")).toBe("null");
    expect(await ask("read_file", "t.txt")).toBe('"ä\r\nb\nc"');
    expect(await ask("read_lines", "t.txt")).toBe('["ä", "b", "c"]');
    expect(await ask("read_file", "new.txt")).toBe('"1"');
  });

  it("make, find and remove", async () => {
    expect(await ask("mkdir", "m/n/o")).toBe("null");
    expect(await ask("mkdir", "m/n/o")).toBe("null");
    expect(await ask("exists", "m/n")).toBe("true");
    expect(await ask("write_file", "m/f", "")).toBe("null");
    expect(await ask("remove_file", "m/f")).toBe("null");
    expect(await ask("exists", "m/f")).toBe("false");
  });

  it("make no folder in the place of a file, and none where the system has none", async () => {
    await ask("write_file", "m/file", "");
    expect(await ask("mkdir", "m/file")).toBe("E_IO runtime error: mkdir failed: m/file: EEXIST");
    expect(await ask("mkdir", "m/file/in/it")).toBe(
      "E_IO runtime error: mkdir failed: m/file/in/it: ENOTDIR",
    );
  });

  it.skipIf(process.platform !== "linux")("do not try for ever below /proc", async () => {
    expect(await ask("mkdir", "/proc/none/of/it")).toMatch(
      /^E_IO runtime error: mkdir failed: \/proc\/none/,
    );
  });

  it.skipIf(process.platform === "win32")("wait for no pipe and read no device", async () => {
    execFileSync("mkfifo", [join(folder, "pipe")]);
    const pipe = "pipe: it is no regular file";
    expect(await ask("read_file", "pipe")).toBe(`E_IO runtime error: read_file failed: ${pipe}`);
    expect(await ask("read_lines", "pipe")).toBe(`E_IO runtime error: read_lines failed: ${pipe}`);
    expect(await ask("write_file", "pipe", "x")).toBe(
      "E_IO runtime error: write_file failed: pipe: it is a pipe",
    );
    expect(await ask("append_file", "pipe", "")).toMatch("it is a pipe");
    expect(await ask("read_file", "/dev/zero")).toMatch("it is no regular file");
    expect(await ask("write_file", "/dev/null", "x")).toBe("null");
  });

  it("read files up to a bound", async () => {
    const path = join(folder, "large");
    writeFileSync(path, "");
    truncateSync(path, FILE_BYTES_MAX + 1);
    const why = `large: it has more than ${FILE_BYTES_MAX} bytes`;
    expect(await ask("read_file", "large")).toBe(`E_IO runtime error: read_file failed: ${why}`);
    truncateSync(path, FILE_BYTES_MAX);
    expect((await ask("read_file", "large")).length).toBeGreaterThan(FILE_BYTES_MAX);
    rmSync(path);
  });

  it("list names by scalar value, and paths depth first without following links", async () => {
    expect(await ask("read_dir", "tree")).toBe('[".hidden", "Z.md", "a", "b"]');
    expect(await ask("walk_dir", "tree/")).toBe(
      '["tree/.hidden", "tree/.hidden/h.txt", "tree/Z.md", "tree/a", "tree/a/loop", "tree/b", ' +
        '"tree/b/deep", "tree/b/deep/y.txt", "tree/b/x.txt"]',
    );
    expect(await ask("walk_dir", join(folder, "tree/b/deep"))).toContain("/tree/b/deep/y.txt");
  });

  it.each([
    ["tree/*", '["./tree/Z.md", "./tree/a", "./tree/b"]'],
    ["./tree/?.md", '["./tree/Z.md"]'],
    ["tree/**/*.txt", '["./tree/b/deep/y.txt", "./tree/b/x.txt"]'],
    ["**/deep/**", '["./tree/b/deep/y.txt"]'],
    ["tree/.*/*", '["./tree/.hidden/h.txt"]'],
    ["tree/b/x.txt", '["./tree/b/x.txt"]'],
    ["tree/**/*e*/*", '["./tree/b/deep/y.txt"]'],
    ["../*", "[]"],
    ["/etc/*", "[]"],
    ["nothing/*", "[]"],
    ["", "[]"],
  ])("glob %j", async (pattern, found) => {
    expect(await ask("glob", pattern)).toBe(found);
  });

  it.each([
    ["read_file", "gone", "gone: ENOENT"],
    ["read_lines", "tree", "tree: EISDIR"],
    ["read_dir", "gone", "gone: ENOENT"],
    ["walk_dir", "gone", "gone: ENOENT"],
    ["remove_file", "gone", "gone: ENOENT"],
    ["mkdir", "t.txt", "t.txt: EEXIST"],
    ["write_file", "gone/x", "gone/x: ENOENT"],
    ["append_file", "tree", "tree: EISDIR"],
    ["read_file", "a\0b", "a\0b: ERR_INVALID_ARG_VALUE"],
  ])("%s of %j fails with a reason", async (name, path, why) => {
    expect(await ask(name, path, "x")).toBe(`E_IO runtime error: ${name} failed: ${why}`);
  });
});
