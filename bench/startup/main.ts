// `npm run bench:startup -- [--rounds 15] [--date 2026-11-21]`: what the command takes above what
// an empty program of Node takes, whole processes in turns.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { generateProject } from "../compiler/project.ts";
import { checkDate, median, writeResult } from "../results.ts";

const { values } = parseArgs({
  options: { date: { type: "string" }, rounds: { type: "string", default: "15" } },
});
const date = checkDate(values.date);
const folder = mkdtempSync(join(tmpdir(), "lumen-startup-"));
const lumen = ["dist/lumen.js"];
const cache = ["--cache-dir", join(folder, "cache")];
const hello = "examples/hello.lm.md";
const large = largeProject();

/** What is started, by name; the first is what the others are compared with. */
const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ["node -e 0", ["-e", "0"]],
  ["lumen --version", [...lumen, "--version"]],
  ["lumen run hello, cached", [...lumen, "run", hello, ...cache]],
  ["lumen run hello, compiled", [...lumen, "run", hello, "--no-cache"]],
  ["lumen run 10,000 lines, cached", [...lumen, "run", large, "--no-trace", ...cache]],
];

try {
  const times = new Map(COMMANDS.map(([name]): [string, number[]] => [name, []]));
  // The first round fills the caches of program and system.
  for (let round = 0; round <= Number(values.rounds); round += 1)
    for (const [name, args] of COMMANDS) {
      const ms = start(args);
      if (round > 0) times.get(name)?.push(ms);
    }
  const base = median(times.get("node -e 0") ?? []);
  for (const [name, samples] of times) {
    const ms = median(samples);
    console.log(`${name.padEnd(34)}${ms.toFixed(0)} ms (+${(ms - base).toFixed(0)})`);
  }
  writeResult("startup", date, { times: Object.fromEntries(times) });
} finally {
  rmSync(folder, { recursive: true });
}

/** Milliseconds of a process from start to end. */
function start(args: readonly string[]): number {
  const begin = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const ms = Number(process.hrtime.bigint() - begin) / 1e6;
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
  return ms;
}

/** A generated project whose entry does next to nothing. */
function largeProject(): string {
  const project = generateProject({ moduleCount: 10, linesPerModule: 1000 });
  for (const [name, { text }] of project.modules) writeFileSync(join(folder, `${name}.lm`), text);
  const start = project.root.text.replace(/^ {2}total = .*$/gm, "");
  writeFileSync(join(folder, "main.lm"), start);
  return join(folder, "main.lm");
}
