// Runs a program over a text: all threads in step, in order of preference (leftmost-first). Time is
// at most program size times text length.

import { assertNever } from "@lumen/core/result";
import { runtimeTrap } from "../trap.ts";
import { REGEX_STEPS_MAX } from "./limits.ts";
import type { RegexProgram } from "./program.ts";
import type { Assertion } from "./syntax.ts";

/** Begin and end of each group in UTF-16 units, -1 for a group that took no part. */
export type Captures = readonly number[];

/** Threads in order of preference, at most one per instruction. */
interface Threads {
  readonly pcs: number[];
  readonly captures: Captures[];
  /** Marks `seen[pc] === step` for what is in the list. */
  readonly seen: Int32Array;
}

/** What a search may take, over all matches that it finds. */
export class Effort {
  #steps = 0;

  /** Counts steps; faults beyond {@link REGEX_STEPS_MAX}. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > REGEX_STEPS_MAX)
      throw runtimeTrap(`regular expression takes more than ${REGEX_STEPS_MAX} steps`);
  }
}

/** The leftmost match at or after a place; null when there is none. */
export function findMatch(
  program: RegexProgram,
  text: string,
  from: number,
  effort: Effort,
): Captures | null {
  const { code } = program;
  let current = newThreads(code.length);
  let following = newThreads(code.length);
  let found: Captures | null = null;
  const none: Captures = Array.from({ length: program.slots }, () => -1);
  for (let at = from, step = 1; ; step += 1) {
    if (found === null) addThread(program, text, current, { pc: program.start, at, step }, none);
    if (found !== null && current.pcs.length === 0) return found;
    effort.spend(current.pcs.length + 1);
    const point = text.codePointAt(at);
    const next = at + (point !== undefined && point > 0xffff ? 2 : 1);
    for (const [i, pc] of current.pcs.entries()) {
      const captures = current.captures[i] ?? none;
      const instruction = code[pc];
      if (instruction?.op === "match") {
        // Threads behind it are less preferred.
        found = captures;
        break;
      }
      if (instruction?.op === "set" && point !== undefined && instruction.set.has(point)) {
        const place = { pc: instruction.next, at: next, step: step + 1 };
        addThread(program, text, following, place, captures);
      }
    }
    if (point === undefined) return found;
    [current, following] = [following, current];
    following.pcs.length = 0;
    following.captures.length = 0;
    at = next;
  }
}

function newThreads(size: number): Threads {
  return { pcs: [], captures: [], seen: new Int32Array(size) };
}

interface Place {
  readonly pc: number;
  readonly at: number;
  readonly step: number;
}

/** Adds what is reached from an instruction without reading, the preferred way first. */
function addThread(
  program: RegexProgram,
  text: string,
  threads: Threads,
  { pc: start, at, step }: Place,
  initial: Captures,
): void {
  const pending: { readonly pc: number; readonly captures: Captures }[] = [
    { pc: start, captures: initial },
  ];
  for (let top = pending.pop(); top !== undefined; top = pending.pop()) {
    const { pc, captures } = top;
    const instruction = program.code[pc];
    if (instruction === undefined || threads.seen[pc] === step) continue;
    threads.seen[pc] = step;
    if (instruction.op === "fork") {
      pending.push({ pc: instruction.other, captures }, { pc: instruction.next, captures });
    } else if (instruction.op === "save") {
      pending.push({ pc: instruction.next, captures: captures.with(instruction.slot, at) });
    } else if (instruction.op === "assert") {
      if (holds(instruction.assertion, text, at)) pending.push({ pc: instruction.next, captures });
    } else {
      threads.pcs.push(pc);
      threads.captures.push(captures);
    }
  }
}

function holds(assertion: Assertion, text: string, at: number): boolean {
  switch (assertion) {
    case "text start":
      return at === 0;
    case "text end":
      return at >= text.length;
    case "line start":
      return at === 0 || text[at - 1] === "\n";
    case "line end":
      return at >= text.length || text[at] === "\n";
    case "word boundary":
      return isWord(text, at - 1) !== isWord(text, at);
    case "no word boundary":
      return isWord(text, at - 1) === isWord(text, at);
    default:
      return assertNever(assertion);
  }
}

/** ASCII word characters, as in RE2. */
function isWord(text: string, at: number): boolean {
  return /^[0-9A-Za-z_]$/.test(text.charAt(at));
}
