// `lumen init`: what it makes checks, is formatted, runs, passes its test and leaves a trace;
// nothing that is there is written over.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lumen, namesIn, temporaryFolder, traceNames } from "./testing/lumen.ts";

describe("lumen init", () => {
  it("makes a project that every other command takes", async () => {
    const folder = temporaryFolder();
    const made = await lumen(folder, "init", "first-steps");
    expect(made).toMatchObject({ status: 0, stderr: "" });
    expect(made.stdout).toContain("first-steps/main.lm.md\n");
    const project = join(folder, "first-steps");
    expect(namesIn(project)).toEqual([".gitignore", "lumen.toml", "main.lm.md"]);
    expect(await lumen(project, "check")).toMatchObject({ status: 0, stderr: "" });
    expect((await lumen(project, "fmt", "--check")).status).toBe(0);
    expect((await lumen(project, "run")).stdout).toBe("Hello, Ada!\nHello, Grace!\n");
    expect((await lumen(project, "test")).status).toBe(0);
    expect(traceNames(project)).toHaveLength(1);
    expect((await lumen(project, "verify")).stdout).toMatch(/^accepted/);
    expect((await lumen(project, "replay")).stdout).toMatch(/^identical/);
    expect((await lumen(project, "list")).stdout).toContain("greeting");
  });

  it("takes an empty folder, and says what it made as JSON", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "empty"));
    const made = await lumen(folder, "init", "empty", "--format", "json");
    expect(JSON.parse(made.stdout)).toEqual({
      folder: join(folder, "empty"),
      name: "empty",
      files: ["lumen.toml", "main.lm.md", ".gitignore"],
    });
  });

  it.each([
    ["Upper", "'Upper' is no name for a package"],
    ["9lives", "'9lives' is no name for a package"],
    ["full", "is not empty"],
    ["file", "is there and no folder"],
  ])("refuses %s", async (name, message) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "full"));
    writeFileSync(join(folder, "full/kept"), "");
    writeFileSync(join(folder, "file"), "");
    const made = await lumen(folder, "init", name);
    expect(made).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining(message) });
    expect(existsSync(join(folder, "full/lumen.toml"))).toBe(false);
  });

  it("needs a name", async () => {
    expect((await lumen(temporaryFolder(), "init")).status).toBe(2);
  });
});
