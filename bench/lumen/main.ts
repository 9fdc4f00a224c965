// Runs a pure program in this process, as the peers of the set do: `FILE N ROUNDS [TIER]` prints
// the result, the milliseconds of each round, and what ran where.

import { type CompileSetting, createMachine, explainTiers, TIER_CHOICES } from "@lumen/vm";
import { linkFile } from "../linked-file.ts";
import { peakBytes } from "../results.ts";

const [file = "", n = "", rounds = "", tier = "auto"] = process.argv.slice(2);

const setting = await settingOf(tier);
const program = await linkFile(file);
const entry = { module: "main", name: "main" };

let result = "";
let cycles = 0;
const times: number[] = [];
for (let i = 0; i < Number(rounds); i += 1) {
  const start = process.hrtime.bigint();
  const machine = createMachine(program, {
    entry,
    args: [Number(n)],
    tiles: "inline",
    door: false,
    compile: setting,
  });
  const state = machine.run();
  times.push(Number(process.hrtime.bigint() - start) / 1e6);
  if (state.kind !== "finished") throw new Error(JSON.stringify(state));
  result = String(state.value);
  cycles += machine.cycles;
}
const peak = `# peak ${peakBytes()}`;
console.log([result, ...times.map((ms) => ms.toFixed(3)), peak, proof()].join("\n"));

/** Of `auto-t3`, LLVM does what WebAssembly does of `auto`. That engine has to be installed. */
async function settingOf(name: string): Promise<CompileSetting | null> {
  const choice = TIER_CHOICES.find((one) => one.name === name.replace("-t3", ""));
  if (choice === undefined) throw new Error(`there is no tier ${name}`);
  const { setting } = choice;
  if (setting === null || !name.endsWith("t3")) return setting;
  const { openLlvmEngine } = await import("@lumen/runtime/llvm");
  const engine = openLlvmEngine();
  if (!engine.ok) throw new Error(engine.error);
  return { ...setting, native: engine.value };
}

/** The shares of cycles that compiled code did, by the highest tier of the cell entered. */
function proof(): string {
  const reports = explainTiers(program, setting);
  const share = (tier: string): string => {
    const own = reports.filter((report) => report.tier.startsWith(tier));
    const sum = own.reduce((total, report) => total + report.cycles, 0);
    return `${tier} ${((100 * sum) / cycles).toFixed(2)} %`;
  };
  const cells = reports.filter((report) => report.tier !== "T0").length;
  return `# ${share("T3")}, ${share("T2")}, ${share("T1")} of cycles, ${cells} of ${reports.length} cells`;
}
