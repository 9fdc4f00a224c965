// `npm run bench:tasks -- [--tasks 100000] [--messages 1000000] [--rounds 3] [--date 2026-11-21]`:
// measures spawned tasks and messages through a channel, with the peak memory of the process.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installNodeHash, openProgram } from "@lumen/toolchain";
import { createMachine, linkProgram } from "@lumen/vm";

const FOLDER = "bench/results";

const { values } = parseArgs({
  options: {
    date: { type: "string" },
    tasks: { type: "string", default: "100000" },
    messages: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "3" },
  },
});
const { date } = values;
if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date))
  throw new Error("--date is YYYY-MM-DD");

installNodeHash();
const tasks = Number(values.tasks);
const messages = Number(values.messages);
const figures = {
  spawn: measure("bench/tasks/spawn.lm.md", tasks, spawnSum(tasks)),
  channel: measure("bench/tasks/channel.lm.md", messages, channelSum(messages)),
  peakBytes: process.resourceUsage().maxRSS * 1024,
};
const perItem = (ms: readonly number[], n: number): string =>
  `${(ms[0] ?? Number.NaN).toFixed(0)} ms, ${(((ms[0] ?? 0) / n) * 1e6).toFixed(0)} ns each`;
console.log(`${tasks} tasks: ${perItem(figures.spawn, tasks)}`);
console.log(`${messages} messages: ${perItem(figures.channel, messages)}`);
console.log(`peak memory: ${(figures.peakBytes / 1e6).toFixed(0)} MB`);
if (date !== undefined) {
  mkdirSync(FOLDER, { recursive: true });
  const machine = { cpu: cpus()[0]?.model ?? "unknown", cores: cpus().length, load: loadavg()[0] };
  const result = { date, machine, versions: { node: process.version }, tasks, messages, figures };
  writeFileSync(join(FOLDER, `tasks-${date}.json`), `${JSON.stringify(result, null, 2)}\n`);
}

/** Milliseconds of each round, ascending; throws where the result is another one. */
function measure(file: string, n: number, expected: number): readonly number[] {
  const opened = openProgram(file);
  if (!opened.ok) throw new Error(opened.error.failure.message);
  const linked = linkProgram(opened.value.program.modules);
  if (!linked.ok) throw new Error(linked.error.message);
  const times: number[] = [];
  for (let i = 0; i < Number(values.rounds); i += 1) {
    const start = process.hrtime.bigint();
    const state = createMachine(linked.value, {
      entry: { module: "main", name: "main" },
      args: [n],
      tiles: "inline",
      door: true,
    }).run();
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
    if (state.kind !== "finished" || state.value !== expected)
      throw new Error(`${file}: ${JSON.stringify(state)}, expected ${expected}`);
  }
  return times.sort((a, b) => a - b);
}

function spawnSum(n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += (i * i) % 1000;
  return sum;
}

function channelSum(n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum = (sum + i) % 1000000007;
  return sum;
}
