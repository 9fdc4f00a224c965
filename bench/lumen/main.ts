// Runs a pure program in this process, as the peers of the set do: `FILE N ROUNDS` prints the
// result, then the milliseconds of each round.

import { installNodeHash, openProgram } from "@lumen/toolchain";
import { createMachine, linkProgram } from "@lumen/vm";

const [file = "", n = "", rounds = ""] = process.argv.slice(2);

installNodeHash();
const opened = openProgram(file);
if (!opened.ok) throw new Error(opened.error.failure.message);
const linked = linkProgram(opened.value.program.modules);
if (!linked.ok) throw new Error(linked.error.message);
const entry = { module: "main", name: "main" };

let result = "";
const times: number[] = [];
for (let i = 0; i < Number(rounds); i += 1) {
  const start = process.hrtime.bigint();
  const machine = createMachine(linked.value, {
    entry,
    args: [Number(n)],
    tiles: "inline",
    door: false,
  });
  const state = machine.run();
  times.push(Number(process.hrtime.bigint() - start) / 1e6);
  if (state.kind !== "finished") throw new Error(JSON.stringify(state));
  result = String(state.value);
}
console.log([result, ...times.map((ms) => ms.toFixed(3))].join("\n"));
