// Snapshots of machines (formats 30): a program whose machine is written down and read again at
// every suspension gives the same output, the same tasks, the same result after the same cycles.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equalBytes } from "@lumen/core/hash";
import type { Program } from "@lumen/core/program";
import { required } from "@lumen/core/result";
import { displayNested } from "@lumen/core/value";
import {
  clockProviders,
  consoleProviders,
  deterministicSources,
  fileProviders,
  makeHost,
  type ProviderTable,
  runCell,
  systemProviders,
  type TaskMove,
  traceProviders,
} from "@lumen/runtime";
import {
  type Answer,
  createMachine,
  type LinkedProgram,
  linkProgram,
  type Machine,
  type MachineOptions,
  type MachineState,
  restoreMachine,
} from "@lumen/vm";
import { afterAll, describe, expect, it } from "vitest";
import { fixtureSources } from "../corpus.ts";

const PROGRAM_ID = new Uint8Array(32).fill(7);
const FUEL = 20_000_000;

const folder = mkdtempSync(join(tmpdir(), "lumen-snapshots-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** How often machines were written down, and what they refused to be written down for. */
interface Tally {
  count: number;
  readonly refusals: Set<string>;
}

/** A machine that does not survive any suspension: another one goes on from its bytes. */
class Reborn implements Machine {
  private machine: Machine;
  private readonly program: LinkedProgram;
  private readonly options: MachineOptions;
  private readonly tally: Tally;

  constructor(program: LinkedProgram, options: MachineOptions, tally: Tally) {
    this.machine = createMachine(program, options);
    this.program = program;
    this.options = options;
    this.tally = tally;
  }

  get cycles(): number {
    return this.machine.cycles;
  }

  get wasMeasured(): boolean {
    return this.machine.wasMeasured;
  }

  get allocatedBytes(): number {
    return this.machine.allocatedBytes;
  }

  run(): MachineState {
    const state = this.machine.run();
    if (state.kind !== "suspended") return state;
    const bytes = this.machine.snapshot(PROGRAM_ID);
    if (!bytes.ok) {
      this.tally.refusals.add(bytes.error);
      return state;
    }
    this.tally.count += 1;
    const { observe = () => undefined } = this.options;
    const restored = restoreMachine(this.program, bytes.value, { programId: PROGRAM_ID, observe });
    if (!restored.ok) throw new Error(JSON.stringify(restored.error));
    this.machine = restored.value;
    const again = this.machine.snapshot(PROGRAM_ID);
    expect(again.ok && equalBytes(again.value, bytes.value)).toBe(true);
    return this.machine.run();
  }

  runSlice(cycles: number): ReturnType<Machine["runSlice"]> {
    return this.machine.runSlice(cycles);
  }

  inspect(): ReturnType<Machine["inspect"]> {
    return this.machine.inspect();
  }

  answer(id: number, answer: Answer): void {
    this.machine.answer(id, answer);
  }

  snapshot(programId: Uint8Array): ReturnType<Machine["snapshot"]> {
    return this.machine.snapshot(programId);
  }
}

/** All that a run shows. */
async function told(program: Program, tally: Tally | null): Promise<readonly string[]> {
  const lines: string[] = [];
  const linked = linkProgram(program.modules);
  if (!linked.ok) throw new Error(linked.error.message);
  const ended = await runCell({
    program: linked.value,
    entry: { module: required(program.modules[0], "a root").name, name: "main" },
    args: [],
    host: makeHost(
      [],
      providers((text) => lines.push(text)),
      program.policy.tools,
    ),
    runTile: null,
    fuel: FUEL,
    onTask: (move: TaskMove) => lines.push(moveText(move)),
    ...(tally === null ? {} : { machine: (of, options) => new Reborn(of, options, tally) }),
  });
  if (ended.kind === "finished") lines.push(`=> ${displayNested(ended.value)}`);
  else if (ended.kind === "faulted") lines.push(JSON.stringify(ended.fault));
  else lines.push(ended.kind);
  if (ended.kind !== "stopped") lines.push(`${ended.cycles} cycles`);
  return lines;
}

function moveText(move: TaskMove): string {
  if (move.kind !== "moved") return JSON.stringify(move);
  return [move.task, move.process, move.move, displayNested(move.given)].join(" ");
}

function providers(write: (text: string) => void): ProviderTable {
  const console = { stdout: write, stderr: write, readLine: () => "line", readRest: () => "rest" };
  return {
    ...consoleProviders(console),
    ...clockProviders(deterministicSources(0n)),
    ...fileProviders(folder),
    ...systemProviders({ workingDirectory: folder, environment: { HOME: "/" }, args: ["a"] }),
    ...traceProviders("run"),
  };
}

describe("a machine that is restored at every suspension", () => {
  const whole: Tally = { count: 0, refusals: new Set() };

  it.each(fixtureSources())("goes on as if it had not been: $name", async ({ compile }) => {
    const { program, failed } = compile();
    const main = program?.cells.find((cell) => cell.name === "main");
    if (program === null || failed || main === undefined || main.params.length > 0) return;
    const plain = await told(program, null);
    expect(await told(program, whole)).toEqual(plain);
  });

  it("is restored often, and refuses nothing but actors that live", () => {
    expect(whole.count).toBeGreaterThan(500);
    expect([...whole.refusals]).toEqual(["live actor"]);
  });
});
