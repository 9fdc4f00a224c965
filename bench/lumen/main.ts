// Runs a pure program in this process, as the peers of the set do: `FILE N ROUNDS` prints the
// result, then the milliseconds of each round.

import { createMachine } from "@lumen/vm";
import { linkFile } from "../linked-file.ts";

const [file = "", n = "", rounds = ""] = process.argv.slice(2);

const program = linkFile(file);
const entry = { module: "main", name: "main" };

let result = "";
const times: number[] = [];
for (let i = 0; i < Number(rounds); i += 1) {
  const start = process.hrtime.bigint();
  const machine = createMachine(program, {
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
