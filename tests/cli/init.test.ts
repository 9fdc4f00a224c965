// `lumen init`: what it makes checks, is formatted, runs, passes its test and leaves a trace;
// nothing that is there is written over.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lumen, namesIn, temporaryFolder, traceNames } from "./testing/lumen.ts";

/** Templates of tiles, with what they write first. */
const TILE_TEMPLATES = [
  ["tiles", ["lumen.toml", "main.lm.md", "order.json", ".gitignore"]],
  ["typescript", ["lumen.toml", "src/tiles.ts", "order.json", "tsconfig.json", ".gitignore"]],
] as const;

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

  it("makes tiles and a sequence, in either language", async () => {
    for (const [template, files] of TILE_TEMPLATES) {
      const folder = temporaryFolder();
      const made = await lumen(folder, "init", "shop", "--template", template);
      expect(made).toMatchObject({ status: 0, stderr: "" });
      expect(made.stdout).toMatch(/\ncd shop && lumen run --input @order\.json\n$/);
      const project = join(folder, "shop");
      expect(made.stdout.split("\n").slice(0, files.length)).toEqual(files.map((f) => `shop/${f}`));
      for (const file of files) expect(existsSync(join(project, file)), file).toBe(true);
      expect(await lumen(project, "check")).toMatchObject({ status: 0, stderr: "" });
      expect((await lumen(project, "build")).status).toBe(0);
      const ran = await lumen(project, "run", "--input", "@order.json");
      expect(ran).toMatchObject({ status: 0, stdout: "13860\n", stderr: "" });
      expect((await lumen(project, "verify")).stdout).toContain("re-execution");
      expect((await lumen(project, "replay")).stdout).toMatch(/^identical/);
      expect((await lumen(project, "analyze")).status).toBe(0);
      expect((await lumen(project, "run", "--input", "[]")).stdout).toBe("0\n");
    }
  });

  it("makes tiles of Lumen that are formatted and tested", async () => {
    const folder = temporaryFolder();
    await lumen(folder, "init", "shop", "--template", "tiles");
    expect((await lumen(join(folder, "shop"), "fmt", "--check")).status).toBe(0);
    expect((await lumen(join(folder, "shop"), "test")).status).toBe(0);
  });

  it("lists its templates, and takes no other", async () => {
    const help = await lumen(temporaryFolder(), "init", "--help");
    expect(help.stdout).toMatch(/--template T .*default: program/);
    for (const name of ["program", "tiles", "typescript"])
      expect(help.stdout).toMatch(new RegExp(`^ +${name} +\\S`, "m"));
    const refused = await lumen(temporaryFolder(), "init", "shop", "--template", "rust");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("expected program or tiles or typescript, found 'rust'");
  });

  it("takes an empty folder, and says what it made as JSON", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "empty"));
    const made = await lumen(folder, "init", "empty", "--format", "json");
    expect(JSON.parse(made.stdout)).toEqual({
      folder: join(folder, "empty"),
      name: "empty",
      files: ["lumen.toml", "main.lm.md", ".gitignore"],
      run: "run",
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
