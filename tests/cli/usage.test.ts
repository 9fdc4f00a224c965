// The command line itself: help, usage errors, formats, exit statuses, defects.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import {
  document,
  jsonLines,
  lumen,
  lumenWith,
  namesIn,
  onlyTrace,
  project,
} from "./testing/lumen.ts";

/** The options of every command (formats 25, as far as this version has them). */
const COMPILES = ["allow-unstable", "deny-unstable", "cache-dir", "no-cache"];
const INPUT = ["input", "input-bytes", "backend"];
const OPTIONS: { readonly [command: string]: readonly string[] } = {
  check: COMPILES,
  fmt: ["check", "stdin"],
  init: ["template"],
  repl: ["strict", "deterministic", "history", "allow-unstable", "deny-unstable"],
  explain: [],
  run: [
    "input",
    "input-bytes",
    ...COMPILES,
    "sequence",
    "cell",
    "backend",
    "trace",
    "no-trace",
    "trace-dir",
    "trace-format",
    "trace-io",
    "durable",
    "deterministic",
    "resume",
    "commit",
    "audit",
    "bits-per-item",
    "fraud-proof-window-size",
    "tier",
    "explain-tiers",
    "output-bytes",
  ],
  "run-tile": ["tile", ...INPUT, "prove", "verify", "output-bytes", ...COMPILES],
  "run-sequence": ["sequence", ...INPUT, "prove", "verify", "output-bytes", ...COMPILES],
  preview: ["sequence", ...INPUT, "model", ...COMPILES],
  test: ["filter", "update", "coverage", "junit", "jobs", "fuel", "timeout", ...COMPILES],
  build: [...COMPILES, "backend", "tile", "force", "aot"],
  list: COMPILES,
  cfs: [...COMPILES, "output", "check"],
  trace: [
    "step",
    "program",
    "graph",
    "all",
    "state",
    "at",
    "back",
    "to",
    "output",
    "leaf",
    "from",
    "commitment",
  ],
  replay: ["program", "backend", "start", "end", "at", "window-size", "context", "out"],
  analyze: ["model", "program", "html", "follow"],
  verify: ["level", "program", "cfs"],
  dispute: ["out", "leaf", "program", "backend", "commitment", "input", "input-bytes", "entry"],
  migrate: ["to", "out"],
  bundle: ["out", "backend", ...COMPILES],
  cache: ["cache-dir"],
};
const COMMANDS = Object.keys(OPTIONS);

let folder = "";
let trace = "";

beforeAll(async () => {
  const text =
    "@tile(iter)\ncell inc(n: Int) -> Int = n + 1\n\n@sequence\ncell main(n: Int) -> Int = inc(n)";
  folder = project({
    "main.lm.md": document(text),
    "lumen.toml": '[package]\nname = "usage"\nversion = "0.1.0"\n',
  });
  expect(await lumen(folder, "run", "--input", "1")).toMatchObject({ status: 0, stdout: "2\n" });
  trace = onlyTrace(folder);
});

describe("help", () => {
  it("lists exactly the commands", async () => {
    const ran = await lumen(folder, "--help");
    expect(ran.status).toBe(0);
    const named = [...ran.stdout.matchAll(/^ {2}([\w-]+) {2,}/gm)].map((m) => m[1]);
    expect(named.sort()).toEqual([...COMMANDS].sort());
  });

  it.each(COMMANDS)("of %s names every option", async (name) => {
    const ran = await lumen(folder, name, "--help");
    expect(ran.status).toBe(0);
    const own = OPTIONS[name] ?? [];
    const named = [...ran.stdout.matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map((m) => m[1]);
    expect(named).toEqual([...own, "format", "project", "quiet", "verbose", "help"]);
    expect(ran.stdout).toContain(`usage: lumen ${name}`);
  });

  it("of verify lists the levels", async () => {
    const ran = await lumen(folder, "verify", "--help");
    expect(ran.stdout).toContain("how far: structure, dataflow, reexecute;");
  });

  it("says the version", async () => {
    expect((await lumen(folder, "--version")).stdout).toMatch(/^lumen \d+\.\d+\.\d+\n$/);
  });
});

describe("usage errors", () => {
  it.each([
    ["no command", []],
    ["an unknown command", ["fly"]],
    ["an unknown option", ["run", "--nope"]],
    ["a value that is not offered", ["run", "--trace-io", "some"]],
    ["a missing value", ["run", "--input"]],
    ["an argument too many", ["check", "a", "b"]],
    ["trace without a verb", ["trace"]],
    ["trace with another verb", ["trace", "burn"]],
    ["a step that is no number", ["trace", "show", "--step", "x"]],
    ["a step that is not there", ["trace", "show", "--step", "1"]],
    ["a file that is no document", ["run", "lumen.toml"]],
    ["explain of an unknown code", ["explain", "E9999"]],
  ])("%s ends with 2", async (_, words) => {
    expect((await lumen(folder, ...words)).status).toBe(2);
  });

  it.each([
    [["verify"]],
    [["replay"]],
    [["trace", "show"]],
    [["trace", "show", "--step", "0"]],
  ])("%s without a trace takes the newest", async (words) => {
    expect((await lumen(folder, ...words)).status).toBe(0);
  });

  it("a step is shown with its values", async () => {
    const ran = await lumen(folder, "trace", "show", "--step", "0", "--format", "json");
    expect(jsonLines(ran.stdout)).toMatchObject([
      { name: "inc", path: "0", input: { n: 1 }, outcome: { kind: "ok", output: 2 } },
    ]);
  });

  it("an unknown cell names the nearest that can be run", async () => {
    const place = project({ "a.lm": "cell shown() = 1\n\ncell other() = 2\n" });
    const ran = await lumen(place, "run", "a.lm", "--cell", "shwon");
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain("there is no cell 'shwon' to run; did you mean 'shown'?");
    const far = await lumen(place, "run", "a.lm", "--cell", "nothing");
    expect(far.stderr).toContain("there is no cell 'nothing' to run\n");
  });

  it("an unknown command names the nearest, as JSON where that is asked for", async () => {
    const ran = await lumen(folder, "chekc", "--format", "json");
    expect(jsonLines(ran.stdout)).toMatchObject([{ hint: expect.stringContaining("'check'") }]);
  });

  it("says in one line that an option has no value", async () => {
    const ran = await lumen(folder, "run", "--commit", "--audit", "a.json");
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain("E_USAGE]: Option '--commit' argument is ambiguous\n");
  });

  it.each(
    COMMANDS,
  )("%s refuses an unknown option and says where options are listed", async (name) => {
    const ran = await lumen(folder, name, "--nope");
    expect(ran.status).toBe(2);
    expect(ran.stdout).toBe("");
    expect(ran.stderr).toContain("error[E_USAGE]: unknown option '--nope'");
    expect(ran.stderr).toContain(`lumen ${name} --help`);
    const json = await lumen(folder, name, "--nope", "--format", "json");
    expect(json.status).toBe(2);
    expect(jsonLines(json.stdout)).toMatchObject([{ type: "error", code: "E_USAGE" }]);
  });
});

describe("--format json", () => {
  const good: readonly (readonly [string, readonly string[]])[] = [
    ["check", []],
    ["run", ["--input", "1", "--no-trace"]],
    ["run-tile", ["--input", "1"]],
    ["run-sequence", ["--input", "1"]],
    ["preview", ["--input", "1"]],
    ["build", []],
    ["list", []],
    ["cfs", []],
    ["explain", ["E0200"]],
    ["trace", ["ls"]],
    ["trace", ["show", "@trace"]],
    ["verify", ["@trace"]],
    ["replay", ["@trace"]],
    ["analyze", ["@trace"]],
  ];

  it.each(good)("%s %s can be parsed", async (name, words) => {
    const given = words.map((w) => (w === "@trace" ? trace : w));
    const ran = await lumen(folder, name, ...given, "--format", "json");
    expect(ran).toMatchObject({ status: 0, stderr: "" });
    if (["cfs", "analyze"].includes(name)) expect(() => JSON.parse(ran.stdout)).not.toThrow();
    else if (name !== "check") expect(jsonLines(ran.stdout).length).toBeGreaterThan(0);
  });

  it.each([
    ["check", ["nothing.lm.md"], "E_IO"],
    ["run", ["nothing.lm.md"], "E_IO"],
    ["build", ["nothing.lm.md"], "E_IO"],
    ["list", ["nothing.lm.md"], "E_IO"],
    ["cfs", ["nothing.lm.md"], "E_IO"],
    ["trace", ["show", "nothing"], "E_IO"],
    ["verify", ["nothing"], "E_IO"],
    ["replay", ["nothing"], "E_IO"],
    ["analyze", ["nothing"], "E_IO"],
  ] as const)("a failure of %s is one line", async (name, words, code) => {
    const ran = await lumen(folder, name, ...words, "--format", "json");
    expect(ran).toMatchObject({ status: 1, stderr: "" });
    expect(jsonLines(ran.stdout)).toMatchObject([{ type: "error", code }]);
  });

  it("a fault of the program is one line with code and domain", async () => {
    const copy = project({ "a.lm.md": document("cell main(n: Int) -> Int = 10 / n") });
    const ran = await lumen(copy, "run", "a.lm.md", "--input", "0", "--format", "json");
    expect(ran.status).toBe(1);
    expect(jsonLines(ran.stdout)).toMatchObject([{ type: "error", domain: "verifiable" }]);
    expect(ran.stdout).toMatch(/"code":"E_TRAP_/);
  });
});

describe("traces as JSON lines", () => {
  it("verify and replay like binary ones", async () => {
    const traces = join(folder, "lines", "traces");
    const words = ["run", "--input", "1", "--trace-format", "json", "--trace-dir", traces];
    expect((await lumen(folder, ...words)).status).toBe(0);
    const path = join(traces, namesIn(traces)[0] ?? "");
    expect(path).toMatch(/\.jsonl$/);
    expect(jsonLines(readFileSync(path, "utf8"))[0]).toMatchObject({ raster_trace: "1.0" });
    expect((await lumen(folder, "trace", "show", path)).stdout).toContain("step 0  inc");
    for (const [command, word] of [
      ["verify", "accepted"],
      ["replay", "identical"],
    ] as const) {
      const ran = await lumen(folder, command, path);
      expect(ran.stderr + ran.stdout).toContain(word);
    }
  });
});

describe("output", () => {
  it("as wire bytes", async () => {
    const ran = await lumen(folder, "run", "--input", "1", "--no-trace", "--output-bytes");
    expect(ran.stdout).toBe("04\n");
    const bytes = await lumen(folder, "run", "--input-bytes", "02", "--no-trace");
    expect(bytes.stdout).toBe("2\n");
  });

  it("has colour only where it is wanted, and banners only for people", async () => {
    const words = ["verify", trace] as const;
    expect((await lumen(folder, ...words)).stdout).not.toContain("\u001b[");
    expect((await lumenWith({ color: true }, folder, ...words)).stdout).toContain("\u001b[");
    const run = ["run", "--input", "1", "--trace-dir", join(folder, "other/traces")] as const;
    expect((await lumen(folder, ...run)).stderr).toBe("");
    const shown = await lumenWith({ interactive: true }, folder, ...run);
    expect(shown).toMatchObject({ status: 0, stdout: "2\n" });
    expect(shown.stderr).toContain("1 step recorded in");
  });
});

describe("a defect of ours", () => {
  it("ends with 70 and says what to report", async () => {
    const broken = (): never => {
      throw new Error("the stream is broken");
    };
    const ran = await lumenWith({ stdout: broken }, folder, "list");
    expect(ran.status).toBe(70);
    expect(ran.stderr).toContain("bug in Lumen");
    expect(ran.stderr).toContain("the stream is broken");
    expect(ran.stderr).toContain("command: lumen list");
    expect(ran.stderr).toContain(process.version);
  });
});
