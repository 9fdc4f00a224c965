// Which registers are still read, at each instruction of a cell: data flow over its blocks,
// backwards.

import { type Instruction, type OpcodeName, operandLetters } from "@lumen/core/lir";
import { blockStarts, jumpTargets } from "./blocks.ts";

/** A set of registers, a bit each. */
type Bits = Uint32Array;

/** Registers that may be read later than an instruction, before they are written. */
export interface LiveAfter {
  has(register: number): boolean;
  /** All of them, ascending. */
  registers(): readonly number[];
  /** Those before the instruction: without what it writes, with what it reads, ascending. */
  before(): readonly number[];
}

/** Registers that an instruction reads, each as often as it stands there. */
export function readRegisters({ op, operands }: Instruction): readonly number[] {
  const found: number[] = [];
  const letters = operandLetters(op);
  for (let i = 0; i < letters.length; i += 1) {
    const operand = operands[i];
    const letter = letters[i];
    if (letter === "r") found.push(Number(operand));
    else if (letter === "R" && typeof operand === "object") found.push(...operand);
    else if (letter === "p" && typeof operand === "object") found.push(...pathRegisters(operand));
  }
  return found;
}

function pathRegisters(path: readonly number[]): readonly number[] {
  return path.filter((_, k) => k % 2 === 1 && path[k - 1] === 0);
}

/** The register that an instruction writes, if any. */
export function target({ op, operands }: Instruction): number | null {
  return operandLetters(op)[0] === "w" ? Number(operands[0]) : null;
}

/** What is run at other places than where it stands. */
const HIDDEN_READERS: ReadonlySet<OpcodeName> = new Set<OpcodeName>(["handle", "defer"]);

/** Whether registers are read where liveness does not see it: any of them may be live anywhere. */
export function hasHiddenReaders(code: readonly Instruction[]): boolean {
  return code.some(({ op }) => HIDDEN_READERS.has(op));
}

/**
 * Visits every instruction with what is live behind it, blocks in any order, each from its end.
 * Deferred blocks, and arms of handlers while they are in force, read registers that this does not
 * see.
 */
export function visitLiveness(
  code: readonly Instruction[],
  registerCount: number,
  visit: (index: number, after: LiveAfter) => void,
): void {
  const blocks = blocksOf(code, (registerCount + 31) >> 5);
  const byStart = new Map(blocks.map((block) => [block.start, block]));
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = blocks.length - 1; i >= 0; i -= 1) {
      const block = blocks[i];
      if (block !== undefined && flow(block, byStart)) changed = true;
    }
  }
  for (const { start, end, next, after } of blocks) {
    const live = after.slice();
    for (const to of next) unite(live, byStart.get(to)?.before);
    let at = end;
    const view: LiveAfter = {
      has: (r) => hasBit(live, r),
      registers: () => bitsOf(live),
      before: () => {
        const before = live.slice();
        pass(before, code[at]);
        return bitsOf(before);
      },
    };
    for (let index = end - 1; index >= start; index -= 1) {
      at = index;
      visit(index, view);
      pass(live, code[index]);
    }
  }
}

interface LiveBlock {
  readonly start: number;
  readonly end: number;
  readonly next: readonly number[];
  /** Read in the block before they are written there. */
  readonly reads: Bits;
  readonly writes: Bits;
  readonly before: Bits;
  readonly after: Bits;
}

function blocksOf(code: readonly Instruction[], words: number): readonly LiveBlock[] {
  const starts = [...blockStarts(code)].filter((start) => start < code.length);
  starts.sort((a, b) => a - b);
  return starts.map((start, i) => {
    const end = starts[i + 1] ?? code.length;
    const reads = new Uint32Array(words);
    const writes = new Uint32Array(words);
    for (let index = end - 1; index >= start; index -= 1) {
      const instruction = code[index];
      pass(reads, instruction);
      const written = instruction === undefined ? null : target(instruction);
      if (written !== null) setBit(writes, written);
    }
    const next = successors(code[end - 1], end - 1);
    return {
      start,
      end,
      next,
      reads,
      writes,
      before: reads.slice(),
      after: new Uint32Array(words),
    };
  });
}

/** Sets only grow. True: what is live before the block has grown. */
function flow(block: LiveBlock, byStart: ReadonlyMap<number, LiveBlock>): boolean {
  const { next, writes, before, after } = block;
  for (const to of next) unite(after, byStart.get(to)?.before);
  let changed = false;
  for (let w = 0; w < before.length; w += 1) {
    const old = before[w] ?? 0;
    const grown = (old | ((after[w] ?? 0) & ~(writes[w] ?? 0))) >>> 0;
    changed ||= grown !== old;
    before[w] = grown;
  }
  return changed;
}

/** From what is live behind an instruction to what is live before it. */
function pass(live: Bits, instruction: Instruction | undefined): void {
  if (instruction === undefined) return;
  const written = target(instruction);
  if (written !== null) live[written >> 5] = (live[written >> 5] ?? 0) & ~(1 << (written & 31));
  for (const register of readRegisters(instruction)) setBit(live, register);
}

function successors(instruction: Instruction | undefined, at: number): readonly number[] {
  if (instruction === undefined) return [];
  const isLeft = LEAVES.has(instruction.op);
  return isLeft ? jumpTargets(instruction) : [at + 1, ...jumpTargets(instruction)];
}

const LEAVES: ReadonlySet<string> = new Set(["jump", "switch", "return", "tail_call", "fault"]);

function setBit(bits: Bits, register: number): void {
  bits[register >> 5] = (bits[register >> 5] ?? 0) | (1 << (register & 31));
}

function hasBit(bits: Bits, register: number): boolean {
  return ((bits[register >> 5] ?? 0) & (1 << (register & 31))) !== 0;
}

function unite(into: Bits, other: Bits | undefined): void {
  if (other === undefined) return;
  for (let w = 0; w < into.length; w += 1) into[w] = (into[w] ?? 0) | (other[w] ?? 0);
}

function bitsOf(bits: Bits): readonly number[] {
  const found: number[] = [];
  for (let w = 0; w < bits.length; w += 1)
    for (let rest = bits[w] ?? 0; rest !== 0; rest &= rest - 1)
      found.push(32 * w + 31 - Math.clz32(rest & -rest));
  return found;
}
