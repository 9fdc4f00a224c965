// `npm run bench:latency -- [--rounds 9] [--slowest 5] [--date 2026-11-22]`: how long each cell of
// the set and the examples takes to become JavaScript (tier T1); prints a table, and writes the
// figures to bench/results/compile-DATE.json.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { LirModule } from "@lumen/core/lir";
import { installNodeHash, openProgram } from "@lumen/toolchain";
import { codeOf, linkProgram, tryCompile } from "@lumen/vm";
import { PROGRAMS } from "../programs/set.ts";
import { checkDate, median, quantile, writeResult } from "../results.ts";

const EXAMPLES = "examples";
/** Compiled like user code, and part of every program: once is enough. */
const PRELUDE = "std.prelude";

const { values } = parseArgs({
  options: {
    date: { type: "string" },
    rounds: { type: "string", default: "9" },
    slowest: { type: "string", default: "5" },
  },
});
const date = checkDate(values.date);

installNodeHash();
const programs: (readonly LirModule[])[] = [];
for (const path of documents()) {
  const opened = await openProgram(path);
  if (!opened.ok) throw new Error(`${path}: ${opened.error.failure.message}`);
  programs.push(opened.value.program.modules);
}

const firstRound = round();
const rounds = Array.from({ length: Number(values.rounds) }, round);
const names = [...firstRound.keys()];
const first = names.map((name) => firstRound.get(name) ?? Number.NaN);
const later = names.map((name) => median(rounds.map((times) => times.get(name) ?? Number.NaN)));
report("first round", first);
report("later rounds", later);
const slowest = names
  .map((name, i) => ({ name, ms: later[i] ?? 0 }))
  .sort((a, b) => b.ms - a.ms)
  .slice(0, Number(values.slowest));
for (const { name, ms } of slowest) console.log(`  ${(ms * 1000).toFixed(0)} us ${name}`);
writeResult("latency", date, { cells: names.length, first, later });

/** The documents of the set, and those that stand in the folder of examples themselves. */
function documents(): readonly string[] {
  const examples = readdirSync(EXAMPLES)
    .filter((name) => name.endsWith(".lm.md"))
    .sort();
  return [
    ...PROGRAMS.map(({ name }) => join("bench/programs", name, "main.lm.md")),
    ...examples.map((name) => join(EXAMPLES, name)),
  ];
}

/** Milliseconds of each cell that has code, in programs that were linked anew. */
function round(): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  programs.forEach((modules, i) => {
    const linked = linkProgram(modules);
    if (!linked.ok) throw new Error(linked.error.message);
    for (const [key, cell] of linked.value.cells) {
      if (cell.module.name === PRELUDE && i > 0) continue;
      // The interpreter has run what is hot.
      codeOf(cell);
      const start = process.hrtime.bigint();
      const isCompiled = tryCompile(cell, "fast");
      const ms = Number(process.hrtime.bigint() - start) / 1e6;
      if (isCompiled) times.set(`${i} ${key}`, ms);
    }
  });
  return times;
}

function report(name: string, samples: readonly number[]): void {
  const [half, most, all] = [0.5, 0.9, 1].map((share) => quantile(samples, share) * 1000);
  const text = `median ${half?.toFixed(0)} us, 90 % ${most?.toFixed(0)} us, most ${all?.toFixed(0)} us`;
  console.log(`${name.padEnd(14)}${samples.length} cells: ${text}`);
}
