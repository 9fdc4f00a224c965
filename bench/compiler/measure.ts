// What is measured of the compiler, and that it was right: a check of the whole project again and
// again, and the check after an edit of one line in one module.

import { checkProgram } from "@lumen/compiler";
import { editModule, type GeneratedProject, hostOf } from "./project.ts";

/** Rounds that only warm up the engine. */
const WARM_UP_ROUNDS = 3;

/** Milliseconds of processor time (of the process, its helper threads too), ascending. */
export type Samples = readonly number[];

/** The figures of one run. Memory is the peak of the process in bytes, sampled after each part. */
export interface Figures {
  readonly lineCount: number;
  readonly check: Samples;
  readonly recheck: Samples;
  readonly peakBytes: number;
}

/** Measures a project that has no mistakes; throws where the compiler finds one. */
export function measureCompiler(project: GeneratedProject, rounds: number): Figures {
  const check = (edited: GeneratedProject): void => {
    const { diagnostics } = checkProgram(edited.root, hostOf(edited), { keepsTrees: false });
    const [first] = diagnostics;
    if (first === undefined) return;
    throw new Error(`the project is right, yet: ${first.code} ${first.message}`);
  };
  for (let i = 0; i < WARM_UP_ROUNDS; i++) check(project);
  const whole = sample(rounds, () => check(project));
  const middle = [...project.modules.keys()][Math.floor(project.modules.size / 2)] ?? "main";
  const recheck = sample(rounds, (i) => check(editModule(project, middle, 100 + i)));
  return {
    lineCount: project.lineCount,
    check: whole,
    recheck,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** The middle one; of an even number the lower. */
export function median(samples: Samples): number {
  return samples[(samples.length - 1) >> 1] ?? Number.NaN;
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
