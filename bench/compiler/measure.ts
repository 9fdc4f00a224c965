// What is measured of the compiler, and that it was right: a check of the whole project again and
// again, and the check after an edit of one line in one module.

import { type Checker, checkProgram, createChecker } from "@lumen/compiler";
import { peakBytes } from "../results.ts";
import { editModule, type GeneratedProject, hostOf } from "./project.ts";

/** Rounds that only warm up the engine. */
const WARM_UP_ROUNDS = 3;

/** The same for checks after an edit: they are a twentieth of the work of a whole check. */
const RECHECK_WARM_UP_ROUNDS = 20;

/** Milliseconds of processor time (of the process, its helper threads too), ascending. */
export type Samples = readonly number[];

/** The figures of one run. Memory is the peak of the process in bytes. */
export interface Figures {
  readonly lineCount: number;
  readonly check: Samples;
  /** After an edit of one line, by a checker that remembers. */
  readonly recheck: Samples;
  readonly peakBytes: number;
}

/**
 * Measures a project that has no mistakes; throws where the compiler finds one, and where the memo
 * does more, or says something else, than it should.
 */
export function measureCompiler(project: GeneratedProject, rounds: number): Figures {
  for (let i = 0; i < WARM_UP_ROUNDS; i++) checkAll(project);
  const check = sample(rounds, () => checkAll(project));
  const recheck = measureRecheck(project, rounds);
  return { lineCount: project.lineCount, check, recheck, peakBytes: peakBytes() };
}

function checkAll(project: GeneratedProject): void {
  const { diagnostics } = checkProgram(project.root, hostOf(project), { keepsTrees: false });
  const [first] = diagnostics;
  if (first === undefined) return;
  throw new Error(`the project is right, yet: ${first.code} ${first.message}`);
}

function measureRecheck(project: GeneratedProject, rounds: number): Samples {
  const names = [...project.modules.keys()];
  const edited = names[names.length >> 1] ?? "main";
  const checker = createChecker();
  const recheck = (round: number): void => {
    const next = editModule(project, edited, 100 + round);
    const { diagnostics, checked } = checker.check(next.root, hostOf(next));
    if (diagnostics.length > 0) throw new Error("the edit makes no mistake");
    if (round > 0 && checked.join() !== edited) throw new Error(`checked: ${checked.join()}`);
  };
  for (let i = 0; i <= RECHECK_WARM_UP_ROUNDS; i++) recheck(i);
  const samples = sample(rounds, (i) => recheck(RECHECK_WARM_UP_ROUNDS + 1 + i));
  refuseMistake(checker, project, edited);
  return samples;
}

/** The memo says what a fresh check says about an edit that makes a mistake. */
function refuseMistake(checker: Checker, project: GeneratedProject, edited: string): void {
  const wrong = editModule(project, edited, '"text"');
  const { diagnostics } = checker.check(wrong.root, hostOf(wrong));
  const fresh = checkProgram(wrong.root, hostOf(wrong), { keepsTrees: false }).diagnostics;
  const told = (list: typeof diagnostics): string => list.map((d) => d.message).join("; ");
  if (fresh.length === 0 || told(fresh) !== told(diagnostics))
    throw new Error(`expected: ${told(fresh)}, found: ${told(diagnostics)}`);
}

function sample(rounds: number, action: (round: number) => void): Samples {
  const found: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const before = process.cpuUsage();
    action(i);
    const { user, system } = process.cpuUsage(before);
    found.push((user + system) / 1000);
  }
  return found.sort((a, b) => a - b);
}
