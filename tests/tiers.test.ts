// Compiled code (tiers T1, T2) means what the interpreter does (T0): every program of the corpus
// gives the same value, or the same fault with the same stack, asks the same, and counts the same
// cycles. Everything is compiled at once, so that nothing depends on what is hot.

import type { Program, ProgramCell } from "@lumen/core/program";
import { debugValue } from "@lumen/core/value";
import { compileText } from "@lumen/testkit";
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
import { describe, expect, it } from "vitest";
import { documentBlocks, documentSources, fixtureSources } from "./corpus.ts";
import { randomOf } from "./fuzz/random.ts";

import { aliasingProgram } from "./property/aliasing.ts";
import { numericProgram } from "./property/numeric.ts";
import { wellTypedProgram } from "./property/well-typed.ts";

/** Cycles of a run, so that every program ends. */
const FUEL = 3_000_000;
/** Bytes of a machine that has to measure what it holds all the time. */
const LITTLE = 2 ** 14;
/** Generated programs. */
const GENERATED = 60;
/** Generated programs of numbers. */
const NUMERIC = 60;
/** Requests of a run that are answered. */
const ANSWERS_MAX = 200;

/** Everything to JavaScript; and what can be to WebAssembly. */
const AT_ONCE: readonly CompileSetting[] = [
  { hotCalls: 0, hotTurns: 1, numeric: "never" },
  { hotCalls: 0, hotTurns: 1, numeric: "always" },
];

/** What somebody outside sees of a run. */
interface Seen {
  readonly asked: readonly string[];
  readonly end: string;
  readonly cycles: number;
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
  /** Cells that have code of T2. */
  readonly numeric: number;
}

/** How much was compiled: proof that a tier ran. */
interface Compiled {
  readonly all: number;
  readonly numeric: number;
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
  const numeric = reports.filter(({ tier }) => tier.startsWith("T2")).length;
  const compiled = compiledCount(linked.value);
  return { asked, end, cycles: machine.cycles, called, compiled, numeric };
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

/** Compares the tiers on all entries without parameters; how much was compiled on the way. */
function compare(program: Program, name = ""): Compiled {
  let all = 0;
  let numeric = 0;
  for (const { cell, params } of program.cells) {
    if (params.length > 0) continue;
    const expected = run(program, cell, { compile: null, fuel: FUEL });
    expect(expected.compiled).toBe(0);
    for (const compile of AT_ONCE) {
      const limited = run(program, cell, { compile, fuel: FUEL });
      expect({ ...limited, compiled: 0, numeric: 0 }, `${name} ${cell.name}`).toEqual(expected);
      all += limited.compiled;
      numeric += limited.numeric;
      // Without a limit, as programs mostly run: those that come to their end.
      if (expected.end.includes("E_TRAP_FUEL")) continue;
      const fast = run(program, cell, { compile });
      expect({ ...fast, compiled: 0, numeric: 0 }, `${name} ${cell.name}`).toEqual(expected);
      // With little memory: it is used up at the same instruction.
      const little = { fuel: FUEL, memoryBytes: LITTLE };
      if (isPure(program, cell))
        expect(outcome(program, cell, { compile, ...little }), `${name} ${cell.name}`).toEqual(
          outcome(program, cell, { compile: null, ...little }),
        );
    }
  }
  return { all, numeric };
}

describe("compiled code does what the interpreter does", () => {
  const blocks = documentBlocks().map(({ name, text }) => ({
    name,
    compile: () => compileText({ text, extension: "lm" }),
  }));
  const programs = [...documentSources(), ...fixtureSources(), ...blocks].flatMap(
    ({ name, compile }): readonly { readonly name: string; readonly program: Program }[] => {
      const { program } = compile();
      return program === null ? [] : [{ name, program }];
    },
  );
  let compiled = 0;
  let numeric = 0;

  it.each(programs)("$name", ({ program }) => {
    const found = compare(program);
    compiled += found.all;
    numeric += found.numeric;
  });

  it("is compiled at all", () => {
    expect(compiled).toBeGreaterThan(programs.length / 2);
    expect(numeric).toBeGreaterThan(programs.length / 4);
  });

  it.each([
    ["generated programs", (seed: number) => wellTypedProgram(randomOf(2027, seed))],
    ["programs about who owns what", (seed: number) => aliasingProgram(randomOf(2028, seed)).text],
  ])("in %s", (_, textOf) => {
    let inGenerated = 0;
    for (let seed = 1; seed <= GENERATED; seed += 1) {
      const { program } = compileText({ text: textOf(seed), extension: "lm" });
      if (program === null) throw new Error(`seed ${seed} does not compile`);
      inGenerated += compare(program).all;
    }
    expect(inGenerated).toBeGreaterThan(0);
  });

  it("in generated programs of numbers, which T2 takes whole", () => {
    let inGenerated = 0;
    for (let seed = 1; seed <= NUMERIC; seed += 1) {
      const text = numericProgram(randomOf(2028, seed));
      const { program, diagnostics } = compileText({ text, extension: "lm" });
      if (program === null) throw new Error(`seed ${seed}: ${diagnostics[0]?.message}`);
      inGenerated += compare(program, `seed ${seed}`).numeric;
    }
    expect(inGenerated).toBeGreaterThan(NUMERIC);
  });
});
