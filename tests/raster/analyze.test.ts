// `lumen analyze --html` and `--follow`: a page beside the report, and a run that is watched while
// it goes on, is cut, or is left by its writer.

import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { follow } from "@lumen/toolchain";
import { beforeAll, describe, expect, it } from "vitest";
import {
  bytesOf,
  document,
  jsonLines,
  lumen,
  lumenWith,
  namesIn,
  onlyProgram,
  onlyTrace,
  project,
  temporaryFolder,
} from "../cli/testing/lumen.ts";

const CODE = `
@tile(iter, estimated_cycles: 5)
cell double(n: Int) -> Int = n * 2

@tile(iter)
cell label(n: Int) -> String = "<b>{n}</b>"

@sequence
cell main(n: Int) -> String
  let twice = double(n)
  return label(twice)
end
`;

let folder = "";

beforeAll(async () => {
  folder = project({
    "main.lm.md": document(CODE),
    "lumen.toml": '[package]\nname = "page"\nversion = "0.1.0"\n',
  });
  expect(await lumen(folder, "run", "--input", "4")).toMatchObject({ status: 0 });
});

describe("--html", () => {
  it("writes a page and prints the report as ever", async () => {
    const ran = await lumen(folder, "analyze", "--html", "out/run.html");
    expect(ran).toMatchObject({ status: 0, stderr: "written to out/run.html\n" });
    expect(ran.stdout).toBe((await lumen(folder, "analyze")).stdout);
    const page = readFileSync(join(folder, "out/run.html"), "utf8");
    expect(page).toContain("Schema: accepted at level reexecute");
    expect(page).toContain("tile double gives to tile label");
    expect(page).not.toMatch(/<script|https?:/);
  });

  it("says where it cannot write", async () => {
    writeFileSync(join(folder, "file"), "");
    const ran = await lumen(folder, "analyze", "--html", "file/run.html");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("E_IO");
  });

  it("opens in a browser without a network", async (context) => {
    const browser = ["chromium", "chromium-browser", "google-chrome"].find(
      (name) => spawnSync(name, ["--version"]).status === 0,
    );
    if (browser === undefined) {
      console.warn("no chromium here: the page is not opened in a browser");
      context.skip();
      return;
    }
    await lumen(folder, "analyze", "--html", "run.html");
    const opened = spawnSync(browser, [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"],
      `file://${join(folder, "run.html")}`,
    ]);
    const dom = opened.stdout.toString();
    expect(dom).toContain('id="timeline"');
    expect(dom).toContain("</html>");
  });
});

describe("what the author declared", () => {
  it("stands beside what was met", async () => {
    const ran = await lumen(folder, "analyze", "--format", "json");
    const [report] = jsonLines(ran.stdout);
    expect(report).toMatchObject({ tile_metrics: { double: { estimated_cycles: 5 } } });
  });
});

/** A copy of the run's trace up to some byte, in a project of its own, and the rest. */
function cutTrace(at: number): { readonly path: string; readonly rest: Uint8Array } {
  const bytes = bytesOf(onlyTrace(folder));
  const place = temporaryFolder();
  const raster = join(place, "target/raster");
  mkdirSync(join(raster, "traces"), { recursive: true });
  mkdirSync(join(raster, "programs"), { recursive: true });
  const [program = ""] = namesIn(join(folder, "target/raster/programs"));
  writeFileSync(join(raster, "programs", program), bytesOf(onlyProgram(folder)));
  const path = join(raster, "traces", "run.rtrace");
  writeFileSync(path, bytes.subarray(0, at));
  return { path, rest: bytes.subarray(at) };
}

describe("--follow", () => {
  it("ends at once for a run that has ended", async () => {
    const ran = await lumen(folder, "analyze", "--follow");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    expect(ran.stdout).toBe((await lumen(folder, "analyze")).stdout);
  });

  it("gives a line for each look in JSON, and draws anew on a terminal", async () => {
    const json = await lumen(folder, "analyze", "--follow", "--format", "json");
    expect(jsonLines(json.stdout)).toHaveLength(2);
    const shown = await lumenWith({ interactive: true }, folder, "analyze", "--follow");
    expect(shown.stdout.split("\u001b[2J\u001b[H")).toHaveLength(3);
  });

  it("reads frames as they are appended, however they are cut", async () => {
    const { path, rest } = cutTrace(300);
    writeFileSync(`${path}.lock.1`, JSON.stringify(ownLock()));
    const steps: number[] = [];
    let at = 0;
    const followed = await follow({
      trace: path,
      projectFolder: folder,
      model: undefined,
      program: undefined,
      update: ({ report }) => steps.push(report.steps),
      wait: async () => {
        appendFileSync(path, rest.subarray(at, at + 97));
        at += 97;
      },
    });
    expect(followed).toMatchObject({ ok: true, value: { report: { steps: 2, status: "Ok" } } });
    expect(followed).toMatchObject({
      value: { report: { schemaCompliance: { verdict: "accepted" } } },
    });
    expect(steps.length).toBeGreaterThan(5);
    expect([...steps].sort()).toEqual(steps);
    expect(steps.at(-1)).toBe(2);
  });

  it("stops when nobody writes any more, and says that the run has not ended", async () => {
    const { path } = cutTrace(620);
    const followed = await follow({
      trace: path,
      projectFolder: folder,
      model: undefined,
      program: undefined,
      update: () => undefined,
      wait: async () => undefined,
    });
    expect(followed).toMatchObject({ value: { report: { programTotalKnown: false } } });
  });

  it("reads a trace anew that another command cut", async () => {
    const { path, rest } = cutTrace(900);
    writeFileSync(`${path}.lock.1`, JSON.stringify(ownLock()));
    const cut = 620;
    let looks = 0;
    const followed = await follow({
      trace: path,
      projectFolder: folder,
      model: undefined,
      program: undefined,
      update: () => undefined,
      wait: async () => {
        looks += 1;
        if (looks === 1) truncateSync(path, cut);
        if (looks === 2) appendFileSync(path, bytesOf(onlyTrace(folder)).subarray(cut));
      },
    });
    expect(rest.length).toBeGreaterThan(0);
    expect(followed).toMatchObject({ ok: true, value: { report: { steps: 2, status: "Ok" } } });
  });

  it("refuses what does not grow, and what is no trace", async () => {
    await lumen(folder, "trace", "export", "--to", "json", "-o", "whole.json");
    const ran = await lumen(folder, "analyze", "whole.json", "--follow");
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("single document");
    const none = await lumen(folder, "analyze", "nothing", "--follow");
    expect(none.status).toBe(1);
  });
});

/** A lock that says that this process writes; without its start, which only Linux tells. */
function ownLock(): object {
  return { host: hostname(), pid: process.pid, started: null };
}
