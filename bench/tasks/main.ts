// `npm run bench:tasks -- [--tasks 100000] [--messages 1000000] [--rounds 3] [--date 2026-11-21]`:
// measures spawned tasks and messages through a channel, with the peak memory of the process.

import { parseArgs } from "node:util";
import { createMachine } from "@lumen/vm";
import { linkFile } from "../linked-file.ts";
import { checkDate, median, peakBytes, writeResult } from "../results.ts";

const { values } = parseArgs({
  options: {
    date: { type: "string" },
    tasks: { type: "string", default: "100000" },
    messages: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "3" },
  },
});
const date = checkDate(values.date);

const tasks = Number(values.tasks);
const messages = Number(values.messages);
const figures = {
  spawn: await measure("bench/tasks/spawn.lm.md", tasks, spawnSum(tasks)),
  channel: await measure("bench/tasks/channel.lm.md", messages, channelSum(messages)),
  peakBytes: peakBytes(),
};
const perItem = (ms: readonly number[], n: number): string =>
  `${median(ms).toFixed(0)} ms, ${((median(ms) / n) * 1e6).toFixed(0)} ns each`;
console.log(`${tasks} tasks: ${perItem(figures.spawn, tasks)}`);
console.log(`${messages} messages: ${perItem(figures.channel, messages)}`);
console.log(`peak memory: ${(figures.peakBytes / 1e6).toFixed(0)} MB`);
writeResult("tasks", date, { tasks, messages, figures });

/** Milliseconds of each round; throws where the result is another one. */
async function measure(file: string, n: number, expected: number): Promise<readonly number[]> {
  const program = await linkFile(file);
  const times: number[] = [];
  for (let i = 0; i < Number(values.rounds); i += 1) {
    const start = process.hrtime.bigint();
    const state = createMachine(program, {
      entry: { module: "main", name: "main" },
      args: [n],
      tiles: "inline",
      door: true,
    }).run();
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
    if (state.kind !== "finished" || state.value !== expected)
      throw new Error(`${file}: ${JSON.stringify(state)}, expected ${expected}`);
  }
  return times;
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
