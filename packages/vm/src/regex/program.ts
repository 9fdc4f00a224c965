// Tree to program: instructions of a Pike machine (R. Cox, "Regular Expression Matching: the
// Virtual Machine Approach", 2009).

import { err, ok, type Result } from "@lumen/core/result";
import type { CharSet } from "./char-set.ts";
import { REGEX_PROGRAM_MAX } from "./limits.ts";
import {
  type Assertion,
  matchesEmpty,
  type PatternProblem,
  type RegexNode,
  type RegexSyntax,
} from "./syntax.ts";

/** One instruction. Targets are indices of instructions; of a fork the first is preferred. */
export type RegexInstruction =
  | { readonly op: "set"; readonly set: CharSet; next: number }
  | { readonly op: "assert"; readonly assertion: Assertion; next: number }
  | { readonly op: "save"; readonly slot: number; next: number }
  | { readonly op: "fork"; next: number; other: number }
  | { readonly op: "match" };

/** A compiled pattern. Slots 2g and 2g + 1 hold begin and end of group g; group 0 is the match. */
export interface RegexProgram {
  readonly code: readonly RegexInstruction[];
  readonly start: number;
  readonly slots: number;
  readonly names: ReadonlyMap<string, number>;
}

/** Compiles a tree; refuses one whose program would be too large. */
export function compileRegex(syntax: RegexSyntax): Result<RegexProgram, PatternProblem> {
  if (programSize(syntax.root) > REGEX_PROGRAM_MAX) return err({ reason: "expression too large" });
  const code: RegexInstruction[] = [];
  const add = (instruction: RegexInstruction): number => code.push(instruction) - 1;
  const matched = add({ op: "match" });
  const end = add({ op: "save", slot: 1, next: matched });
  const body = emit(syntax.root, end, add);
  const start = add({ op: "save", slot: 0, next: body });
  return ok({ code, start, slots: 2 * (syntax.groups + 1), names: syntax.names });
}

/** Instructions that a node becomes: copies are counted before they are made. */
function programSize(node: RegexNode): number {
  switch (node.kind) {
    case "empty":
      return 0;
    case "set":
    case "assertion":
      return 1;
    case "group":
      return 2 + programSize(node.body);
    case "sequence":
      return node.parts.reduce((sum, part) => sum + programSize(part), 0);
    case "choice":
      return node.options.reduce((sum, option) => sum + 1 + programSize(option), 0);
    case "repeat":
      return (2 + programSize(node.body)) * Math.max(1, node.min + 1, node.max ?? 0);
  }
}

type Add = (instruction: RegexInstruction) => number;

/** Emits a node that goes on at `next`; the result is where it begins. */
function emit(node: RegexNode, next: number, add: Add): number {
  switch (node.kind) {
    case "empty":
      return next;
    case "set":
      return add({ op: "set", set: node.set, next });
    case "assertion":
      return add({ op: "assert", assertion: node.assertion, next });
    case "group": {
      const end = add({ op: "save", slot: 2 * node.index + 1, next });
      const body = emit(node.body, end, add);
      return add({ op: "save", slot: 2 * node.index, next: body });
    }
    case "sequence":
      return node.parts.reduceRight((after, part) => emit(part, after, add), next);
    case "choice":
      return emitChoice(node.options, next, add);
    case "repeat":
      return emitRepeat(node, next, add);
  }
}

function emitChoice(options: readonly RegexNode[], next: number, add: Add): number {
  const starts = options.map((option) => emit(option, next, add));
  return starts.reduceRight((other, start) => add({ op: "fork", next: start, other }));
}

/** `min` copies, then a loop, or as many nested optional copies as may follow. */
function emitRepeat(node: RegexNode & { kind: "repeat" }, next: number, add: Add): number {
  const { body, min, max, greedy } = node;
  let rest = next;
  if (max === null) {
    // A body that can be empty goes once round before the loop may be left, so that its groups are
    // set as a backtracking machine would set them.
    const once = min > 0 || matchesEmpty(body);
    rest = emitLoop(body, next, { greedy, once }, add);
    if (min === 0 && once) rest = fork(rest, next, greedy, add);
    return emitCopies(body, Math.max(0, min - 1), rest, add);
  }
  for (let i = min; i < max; i += 1) rest = fork(emit(body, rest, add), next, greedy, add);
  return emitCopies(body, min, rest, add);
}

function emitCopies(body: RegexNode, count: number, next: number, add: Add): number {
  let start = next;
  for (let i = 0; i < count; i += 1) start = emit(body, start, add);
  return start;
}

/** `body*`, or `body+` when it goes round `once` at least. */
function emitLoop(
  body: RegexNode,
  next: number,
  how: { readonly greedy: boolean; readonly once: boolean },
  add: Add,
): number {
  const instruction: RegexInstruction = { op: "fork", next, other: next };
  const loop = add(instruction);
  const start = emit(body, loop, add);
  if (how.greedy) instruction.next = start;
  else instruction.other = start;
  return how.once ? start : loop;
}

/** Tries `body` first where the repetition is greedy, else `next`. */
function fork(body: number, next: number, greedy: boolean, add: Add): number {
  return add(greedy ? { op: "fork", next: body, other: next } : { op: "fork", next, other: body });
}
