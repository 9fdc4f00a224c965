// `npm run bench:compiler -- --date 2026-11-21 [--modules 100] [--rounds 9]`: measures, prints a
// table, and writes the figures to bench/results/compiler-DATE.json.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Figures, measureCompiler, median } from "./measure.ts";
import { generateProject } from "./project.ts";

const LINES_PER_MODULE = 1000;
const FOLDER = "bench/results";

const { values } = parseArgs({
  options: {
    date: { type: "string" },
    modules: { type: "string", default: "100" },
    rounds: { type: "string", default: "9" },
  },
});
const { date } = values;
if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date))
  throw new Error("--date is YYYY-MM-DD");

const moduleCount = Number(values.modules);
const project = generateProject({ moduleCount, linesPerModule: LINES_PER_MODULE });
const figures = measureCompiler(project, Number(values.rounds));
for (const [name, value] of rowsOf(figures)) console.log(`${name.padEnd(34)}${value}`);
if (date !== undefined) {
  mkdirSync(FOLDER, { recursive: true });
  const [cpu] = cpus();
  const machine = {
    cpu: cpu?.model ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
    // Processes that wanted a core in the last minute: above `cores`, figures are too high.
    load: loadavg()[0],
  };
  const result = { date, machine, versions: { node: process.version }, moduleCount, ...figures };
  writeFileSync(join(FOLDER, `compiler-${date}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

function rowsOf(f: Figures): readonly (readonly [string, string])[] {
  const perSecond = (ms: number): string => `${Math.round((f.lineCount / ms) * 1000)} lines/s`;
  const range = (samples: readonly number[]): string =>
    `${median(samples).toFixed(0)} ms (best ${(samples[0] ?? 0).toFixed(0)})`;
  return [
    ["lines", String(f.lineCount)],
    ["check, processor time", range(f.check)],
    ["check, median", perSecond(median(f.check))],
    ["check, best", perSecond(f.check[0] ?? Number.NaN)],
    ["check after an edit of one line", range(f.recheck)],
    ["peak memory", `${(f.peakBytes / 1e6).toFixed(0)} MB`],
  ];
}
