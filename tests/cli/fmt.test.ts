// `lumen fmt`: writes what it changes, says what it would change, leaves broken documents alone.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, lumen, lumenWith, project } from "./testing/lumen.ts";

const UGLY = "# T\n\n```lumen\ncell main()->Int=1+2\n```\n";
const NEAT = "# T\n\n```lumen\ncell main() -> Int = 1 + 2\n```\n";
const BROKEN = "cell main( = 1\n";

function folderOf(more: { readonly [path: string]: string } = {}): string {
  return project({ "src/a.lm.md": UGLY, "b.lm": "x = 1\n", "notes.md": UGLY, ...more });
}

function read(folder: string, path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

describe("lumen fmt", () => {
  it("formats all documents of a folder, and nothing else", async () => {
    const folder = folderOf({ "target/c.lm": "x=1", "node_modules/d.lm": "x=1", ".e/f.lm": "x=1" });
    const ran = await lumen(folder, "fmt");
    expect(ran).toEqual({
      status: 0,
      stdout: "formatted  src/a.lm.md\nok  1 changed, 1 as they were\n",
      stderr: "",
    });
    expect(read(folder, "src/a.lm.md")).toBe(NEAT);
    expect(read(folder, "notes.md")).toBe(UGLY);
    expect(read(folder, "target/c.lm")).toBe("x=1");
    const again = await lumen(folder, "fmt", "--quiet");
    expect(again).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it("formats the documents that are named", async () => {
    const folder = folderOf({ "c.lm": "y=2\n" });
    const ran = await lumen(folder, "fmt", "c.lm", "b.lm", "c.lm");
    expect(ran.stdout).toBe("formatted  c.lm\nok  1 changed, 1 as they were\n");
    expect(read(folder, "src/a.lm.md")).toBe(UGLY);
  });

  it("writes nothing with --check, and says so with its status", async () => {
    const folder = folderOf();
    const ran = await lumen(folder, "fmt", "--check", ".");
    expect(ran).toMatchObject({ status: 1, stdout: "would format  src/a.lm.md\n" });
    expect(read(folder, "src/a.lm.md")).toBe(UGLY);
    await lumen(folder, "fmt");
    expect((await lumen(folder, "fmt", "--check")).status).toBe(0);
  });

  it("reports a document with mistakes, leaves it, and formats the others", async () => {
    const folder = folderOf({ "z.lm": BROKEN });
    const ran = await lumen(folder, "fmt");
    expect(ran.status).toBe(1);
    expect(ran.stdout).toBe("formatted  src/a.lm.md\n");
    expect(ran.stderr).toContain("error[E0010]");
    expect(ran.stderr).toContain("--> z.lm:1:12");
    expect(read(folder, "z.lm")).toBe(BROKEN);
    expect(read(folder, "src/a.lm.md")).toBe(NEAT);
  });

  it("gives one JSON line", async () => {
    const folder = folderOf({ "z.lm": BROKEN });
    const ran = await lumen(folder, "fmt", "--check", "--format", "json");
    expect(ran.status).toBe(1);
    expect(jsonLines(ran.stdout)).toMatchObject([
      { type: "diagnostic", code: "E0010", path: "z.lm" },
      { type: "fmt", written: false, documents: 3, changed: ["src/a.lm.md"], broken: ["z.lm"] },
    ]);
  });

  it("refuses what is no document, and paths that are not there", async () => {
    const folder = folderOf();
    expect((await lumen(folder, "fmt", "notes.md")).status).toBe(2);
    const missing = await lumen(folder, "fmt", "nowhere");
    expect(missing).toMatchObject({ status: 1, stdout: "" });
    expect(missing.stderr).toContain("there is no file or folder");
  });

  it("refuses bytes that are no text", async () => {
    const folder = folderOf();
    writeFileSync(join(folder, "b.lm"), new Uint8Array([0x78, 0xff, 0x0a]));
    const ran = await lumen(folder, "fmt", "b.lm");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("not valid UTF-8");
  });
});

describe("lumen fmt --stdin", () => {
  const stdin = (text: string, ...words: readonly string[]): ReturnType<typeof lumenWith> =>
    lumenWith({ stdin: () => text }, project({}), "fmt", "--stdin", ...words);

  it("formats standard input; the text or a name says how it is read", async () => {
    expect(await stdin("x=1")).toEqual({ status: 0, stdout: "x = 1\n", stderr: "" });
    expect((await stdin(UGLY)).stdout).toBe(NEAT);
    expect((await stdin(UGLY, "a.lm")).stdout).toBe(UGLY);
  });

  it("checks without output", async () => {
    expect(await stdin("x=1\n", "--check")).toEqual({ status: 1, stdout: "", stderr: "" });
    expect(await stdin("x = 1\n", "--check")).toEqual({ status: 0, stdout: "", stderr: "" });
  });

  it("gives JSON, and reports mistakes", async () => {
    const ran = await stdin("x=1", "--format", "json");
    expect(jsonLines(ran.stdout)).toEqual([{ type: "fmt", changed: true, text: "x = 1\n" }]);
    const broken = await stdin(BROKEN);
    expect(broken).toMatchObject({ status: 1, stdout: "" });
    expect(broken.stderr).toContain("standard input:1:12");
    expect((await stdin("x", "a.lm", "b.lm")).status).toBe(2);
  });
});
