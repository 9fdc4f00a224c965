// `npm run bench:compiler -- --date 2026-11-21 [--modules 100] [--rounds 9]`: measures, prints a
// table, and writes the figures to bench/results/compiler-DATE.json.

import { parseArgs } from "node:util";
import { checkDate, median, writeResult } from "../results.ts";
import { type Figures, measureCompiler } from "./measure.ts";
import { generateProject } from "./project.ts";

const LINES_PER_MODULE = 1000;

const { values } = parseArgs({
  options: {
    date: { type: "string" },
    modules: { type: "string", default: "100" },
    rounds: { type: "string", default: "9" },
  },
});
const date = checkDate(values.date);

const moduleCount = Number(values.modules);
const project = generateProject({ moduleCount, linesPerModule: LINES_PER_MODULE });
const figures = measureCompiler(project, Number(values.rounds));
for (const [name, value] of rowsOf(figures)) console.log(`${name.padEnd(34)}${value}`);
writeResult("compiler", date, { moduleCount, ...figures });

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
