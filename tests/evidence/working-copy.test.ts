// A trace outlives its document: it is checked with the program file that it names (formats 10.2).

import { copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import {
  bytesOf,
  document,
  lumen,
  onlyProgram,
  onlyTrace,
  project,
  temporaryFolder,
} from "../cli/testing/lumen.ts";
import { flipped } from "./testing/forge.ts";

const PROGRAM = document(`
@tile(iter)
cell double(n: Int) -> Int = n * 2

@sequence
cell main(n: Int) -> Int
  return double(double(n))
end
`);

let folder = "";
let trace = "";

beforeEach(async () => {
  folder = project({
    "main.lm.md": PROGRAM,
    "lumen.toml": '[package]\nname = "twice"\nversion = "1.0.0"\n',
  });
  expect(await lumen(folder, "run", "--input", "21")).toMatchObject({ status: 0, stdout: "84\n" });
  trace = onlyTrace(folder);
});

describe("after the document was edited", () => {
  it.each([
    ["with other arithmetic", PROGRAM.replace("n * 2", "n * 3")],
    ["into prose", `${PROGRAM}\nA remark.\n`],
    ["so that it does not compile", PROGRAM.replace("n * 2", "n * * 2")],
  ])("%s, the old trace holds and the change is said", async (_, text) => {
    writeFileSync(join(folder, "main.lm.md"), text);
    for (const [command, word] of [
      ["verify", "accepted"],
      ["replay", "identical"],
    ] as const) {
      const ran = await lumen(folder, command, trace);
      expect(ran.status).toBe(0);
      expect(ran.stdout).toContain(word);
      expect(ran.stdout).toContain("the working copy has changed since this run: main.lm.md");
      const json = await lumen(folder, command, trace, "--format", "json");
      expect(JSON.parse(json.stdout)).toMatchObject({
        workingCopy: { kind: "changed", files: ["main.lm.md"] },
      });
    }
  });

  it("a new run is another program, and both traces hold", async () => {
    writeFileSync(join(folder, "main.lm.md"), PROGRAM.replace("n * 2", "n * 3"));
    expect((await lumen(folder, "run", "--input", "21")).stdout).toBe("189\n");
    const listed = await lumen(folder, "trace", "ls", "--format", "json");
    const paths = listed.stdout
      .trim()
      .split("\n")
      .map((line): string => JSON.parse(line).path);
    expect(paths).toHaveLength(2);
    for (const path of paths) expect((await lumen(folder, "verify", path)).status).toBe(0);
  });
});

describe("the program file", () => {
  it.each(["verify", "replay"])("%s says which one is missing", async (command) => {
    const name = basename(onlyProgram(folder));
    rmSync(onlyProgram(folder));
    const ran = await lumen(folder, command, trace);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("error[E_ARTIFACT_MISSING]");
    expect(ran.stderr).toContain(name);
  });

  it.each(["verify", "replay"])("%s refuses one that was changed anywhere", async (command) => {
    const path = onlyProgram(folder);
    const bytes = bytesOf(path);
    const text = readFileSync(path, "latin1");
    const places = [text.indexOf("n * 2"), text.indexOf('"program_id"') + 20, 1];
    for (const at of places) {
      expect(at).toBeGreaterThan(0);
      writeFileSync(path, flipped(bytes, at));
      const ran = await lumen(folder, command, trace);
      expect(ran.status).toBe(1);
      expect(ran.stderr).toContain("error[E_ARTIFACT_CORRUPT]");
    }
    writeFileSync(path, bytes);
    expect((await lumen(folder, command, trace)).status).toBe(0);
  });

  it("may stand elsewhere, and must be the one that the trace names", async () => {
    const elsewhere = join(temporaryFolder(), "program.rbundle");
    renameSync(onlyProgram(folder), elsewhere);
    for (const command of ["verify", "replay", "analyze"]) {
      expect((await lumen(folder, command, trace, "--program", elsewhere)).status).toBe(0);
    }
    writeFileSync(join(folder, "main.lm.md"), PROGRAM.replace("n * 2", "n * 3"));
    await lumen(folder, "run", "--input", "1");
    copyFileSync(onlyProgram(folder), elsewhere);
    const other = await lumen(folder, "verify", trace, "--program", elsewhere);
    expect(other.status).toBe(1);
    expect(other.stderr).toContain("error[E_ARTIFACT_CORRUPT]");
  });
});
