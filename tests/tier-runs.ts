// One program in all tiers: the interpreter (T0) says what is right, everything else is compiled
// at once, so that nothing depends on what is hot.

import type { Program, ProgramCell } from "@lumen/core/program";
import type { Result } from "@lumen/core/result";
import { debugValue } from "@lumen/core/value";
import { type LlvmEngine, openLlvmEngine } from "@lumen/runtime/llvm";
import {
  type CompileSetting,
  calledCells,
  compiledCount,
  createMachine,
  explainTiers,
  linkProgram,
  type Machine,
  type PureLimits,
  type Request,
  runPure,
} from "@lumen/vm";

/** Cycles of a run, so that every program ends. */
const FUEL = 3_000_000;
/** Bytes of a machine that measures what it holds often: more than compiled code keeps back. */
const LITTLE = 2 ** 17;
/** Requests of a run that are answered. */
const ANSWERS_MAX = 200;

const OBJECTS = new Map<string, Uint8Array>();

/** The engine of tier T3, or why there is none here. Equal modules are compiled once. */
export const NATIVE: Result<LlvmEngine, string> = openLlvmEngine({
  read: (key) => OBJECTS.get(key) ?? null,
  write: (key, object) => {
    OBJECTS.set(key, object);
  },
});

/** What a tier is called, and what makes everything that can be code of it. */
export interface TierSetting {
  readonly tier: "T1" | "T2" | "T3";
  readonly compile: CompileSetting;
}

/**
 * Everything to JavaScript; what can be to WebAssembly; loops alone, entered in the middle; by
 * LLVM, where it is installed.
 */
export const AT_ONCE: readonly TierSetting[] = [
  { tier: "T1", compile: { hotCalls: 0, hotTurns: 1, numeric: "never" } },
  { tier: "T2", compile: { hotCalls: 0, hotTurns: 1, numeric: "always" } },
  { tier: "T2", compile: { hotCalls: 2 ** 30, hotTurns: 1, numeric: "always" } },
  ...(NATIVE.ok ? [{ tier: "T3", compile: nativeSetting(NATIVE.value) } as const] : []),
];

/** Code of tier T3 wherever it can be. */
export function nativeSetting(native: LlvmEngine): CompileSetting {
  return { hotCalls: 0, hotTurns: 1, numeric: "always", native };
}

/** What somebody outside sees of a run. */
interface Seen {
  readonly asked: readonly string[];
  readonly end: string;
  readonly cycles: number;
  readonly allocatedBytes: number;
  /** Cells that were called, for the coverage of tests. */
  readonly called: readonly string[];
}

interface Setting {
  readonly compile: CompileSetting | null;
  readonly fuel?: number;
  readonly memoryBytes?: number;
}

interface Run extends Seen {
  /** Cells and loops that have compiled code. */
  readonly compiled: number;
  /** Cells that have code of T2, and of T3. */
  readonly numeric: number;
  readonly native: number;
}

/** How much was compiled, which proves that a tier ran, and where tiers differ. */
export interface Comparison {
  /** Cells and loops with compiled code, over all runs. */
  readonly all: number;
  /** Cells with code of T2, over all runs; and of T3. */
  readonly numeric: number;
  readonly native: number;
  /** Entry, setting and both sides of the first difference. */
  readonly difference: string | null;
}

/** Runs an entry without parameters; every request is answered with null. */
function run(program: Program, entry: ProgramCell, setting: Setting): Run {
  const linked = linkProgram(program.modules);
  if (!linked.ok) throw new Error(linked.error.message);
  const machine = createMachine(linked.value, {
    entry,
    args: [],
    tiles: "inline",
    door: true,
    memoryBytes: 2 ** 26,
    ...setting,
  });
  const asked: string[] = [];
  const end = endOf(machine, asked);
  const called = calledCells(linked.value).map(({ module, name: cell }) => `${module}#${cell}`);
  const reports = explainTiers(linked.value, setting.compile);
  const count = (name: string): number =>
    reports.filter(({ tier }) => tier.startsWith(name)).length;
  const compiled = compiledCount(linked.value);
  const { cycles, allocatedBytes } = machine;
  const [numeric, native] = [count("T2"), count("T3")];
  return { asked, end, cycles, allocatedBytes, called, compiled, numeric, native };
}

function endOf(machine: Machine, asked: string[]): string {
  for (;;) {
    const state = machine.run();
    if (state.kind === "finished") return debugValue(state.value);
    if (state.kind === "faulted") return JSON.stringify(state.fault);
    const [request] = state.requests;
    if (request === undefined || asked.length >= ANSWERS_MAX) return "suspended";
    asked.push(textOf(request));
    machine.answer(request.id, { ok: true, value: null });
  }
}

function textOf(request: Request): string {
  const values = request.kind === "tool" ? [request.input] : request.args;
  const { cell, span } = request.at;
  const what = request.kind === "door" ? `${request.effect}.${request.operation}` : request.kind;
  return `${request.id} ${what}(${values.map(debugValue).join(", ")}) ${cell} ${span?.start}`;
}

function isPure(program: Program, { module, name }: ProgramCell): boolean {
  const found = program.modules.find((m) => m.name === module);
  return found?.cells.find((cell) => cell.name === name)?.row.length === 0;
}

function outcome(program: Program, cell: ProgramCell, limits: PureLimits): string {
  const linked = linkProgram(program.modules);
  if (!linked.ok) throw new Error(linked.error.message);
  const { cycles, ...found } = runPure(linked.value, cell, [], limits);
  return `${cycles} ${found.ok ? debugValue(found.value) : JSON.stringify(found.fault)}`;
}

/** Runs all entries without parameters in all of the tiers, until one shows a difference. */
export function compareTiers(program: Program, settings = AT_ONCE): Comparison {
  let all = 0;
  let numeric = 0;
  let native = 0;
  for (const { cell, params } of program.cells) {
    if (params.length > 0) continue;
    const expected = run(program, cell, { compile: null, fuel: FUEL });
    for (const { tier, compile } of settings) {
      const limited = run(program, cell, { compile, fuel: FUEL });
      all += limited.compiled;
      numeric += limited.numeric;
      native += limited.native;
      const difference =
        differenceOf(expected, limited) ?? unlimitedDifference(program, cell, compile, expected);
      if (difference === null) continue;
      const where = `${cell.name} in ${tier} at ${compile.hotCalls}`;
      return { all, numeric, native, difference: `${where}\n${difference}` };
    }
  }
  return { all, numeric, native, difference: null };
}

/** Without a limit, as programs mostly run, and with little memory, used up at the same place. */
function unlimitedDifference(
  program: Program,
  cell: ProgramCell,
  compile: CompileSetting,
  expected: Run,
): string | null {
  // Those that come to their end.
  if (expected.end.includes("E_TRAP_FUEL")) return null;
  const fast = differenceOf(expected, run(program, cell, { compile }));
  if (fast !== null || !isPure(program, cell)) return fast;
  const little = { fuel: FUEL, memoryBytes: LITTLE };
  const interpreted = outcome(program, cell, { compile: null, ...little });
  const compiled = outcome(program, cell, { compile, ...little });
  return interpreted === compiled ? null : `little memory\n${interpreted}\n${compiled}`;
}

function differenceOf(expected: Run, found: Run): string | null {
  const [a, b] = [expected, found].map(({ asked, end, cycles, allocatedBytes, called }) =>
    JSON.stringify({ asked, end, cycles, allocatedBytes, called }),
  );
  return a === b ? null : `${a}\n${b}`;
}
