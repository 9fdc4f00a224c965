// Definite assignment (lir.md 8, clause 6): a register whose type does not include null is written
// on every path before it is read. A must-analysis forwards over basic blocks with bit sets.

import { NO_FALL_THROUGH } from "./block-ends.ts";
import { operandLetters } from "./canonical.ts";
import type { Cell, Instruction } from "./module.ts";

/** Registers that an instruction reads, in the order of its operands. */
export function registersRead({ op, operands }: Instruction): readonly number[] {
  return operandLetters(op).flatMap((letter, i) => {
    const operand = operands[i];
    if (letter === "r" && typeof operand === "number") return [operand];
    if (typeof operand === "number" || operand === undefined) return [];
    if (letter === "R") return operand;
    if (letter !== "p") return [];
    return operand.filter((_, at) => at % 2 === 1 && operand[at - 1] === 0);
  });
}

/** The register that an instruction writes, or null. */
export function registerWritten({ op, operands }: Instruction): number | null {
  const operand = operands[0];
  return operandLetters(op)[0] === "w" && typeof operand === "number" ? operand : null;
}

/** Where control may go from an instruction by a jump. */
export function jumpTargets({ op, operands }: Instruction): readonly number[] {
  return operandLetters(op).flatMap((letter, i) => {
    const operand = operands[i];
    if (letter === "j" && typeof operand === "number") return [operand];
    return letter === "J" && typeof operand !== "number" ? (operand ?? []) : [];
  });
}

/** True when control may go on with the next instruction. */
export function fallsThrough({ op }: Instruction): boolean {
  return !NO_FALL_THROUGH.has(op);
}

interface Block {
  readonly start: number;
  readonly end: number;
  /** Blocks that may follow, and whether the last instruction has written its register then. */
  readonly next: readonly { readonly start: number; readonly withLastWrite: boolean }[];
}

/** The first read of a register that may not have been written; indices must be in range. */
export function checkAssignment(
  cell: Cell,
  includesNull: (register: number) => boolean,
): { readonly instruction: number; readonly register: number } | null {
  const given = cell.paramCount + cell.captureCount;
  const words = Math.ceil(cell.registers.length / 32);
  const entry = new Uint32Array(words);
  cell.registers.forEach((_, r) => {
    if (r < given || includesNull(r)) setBit(entry, r);
  });
  const blocks = blocksOf(cell.code);
  const states = solve(cell, blocks, entry);
  for (const block of blocks.values()) {
    const state = states.get(block.start)?.slice();
    if (state === undefined) continue;
    for (let i = block.start; i < block.end; i++) {
      const at = cell.code[i];
      if (at === undefined) continue;
      const register = registersRead(at).find((r) => !hasBit(state, r));
      if (register !== undefined) return { instruction: i, register };
      const written = registerWritten(at);
      if (written !== null) setBit(state, written);
    }
  }
  return null;
}

/** State at the entry of every block that control reaches. */
function solve(
  cell: Cell,
  blocks: ReadonlyMap<number, Block>,
  entry: Uint32Array,
): ReadonlyMap<number, Uint32Array> {
  const states = new Map<number, Uint32Array>([[0, entry]]);
  const work = [0];
  for (let start = work.pop(); start !== undefined; start = work.pop()) {
    const block = blocks.get(start);
    const before = states.get(start);
    if (block === undefined || before === undefined) continue;
    const state = before.slice();
    for (let i = block.start; i < block.end - 1; i++) applyWrite(cell.code[i], state);
    const jumped = state.slice();
    applyWrite(cell.code[block.end - 1], state);
    for (const next of block.next) {
      const known = states.get(next.start);
      const after = next.withLastWrite ? state : jumped;
      if (known === undefined) states.set(next.start, after.slice());
      if (known === undefined || intersect(known, after)) work.push(next.start);
    }
  }
  return states;
}

function applyWrite(at: Instruction | undefined, state: Uint32Array): void {
  const written = at === undefined ? null : registerWritten(at);
  if (written !== null) setBit(state, written);
}

function blocksOf(code: readonly Instruction[]): ReadonlyMap<number, Block> {
  const starts = new Set([0]);
  code.forEach((at, i) => {
    const targets = jumpTargets(at);
    for (const target of targets) starts.add(target);
    if (targets.length > 0 || !fallsThrough(at)) starts.add(i + 1);
  });
  starts.delete(code.length);
  const ordered = [...starts].sort((a, b) => a - b);
  return new Map(
    ordered.map((start, i): [number, Block] => {
      const end = ordered[i + 1] ?? code.length;
      return [start, { start, end, next: nextOf(code, end - 1) }];
    }),
  );
}

function nextOf(code: readonly Instruction[], last: number): Block["next"] {
  const at = code[last];
  if (at === undefined) return [];
  const targets = jumpTargets(at);
  const jumps = targets.map((start, i) => ({
    start,
    withLastWrite: writesOnWay(at.op, i, targets),
  }));
  if (!fallsThrough(at)) return jumps;
  return [...jumps, { start: last + 1, withLastWrite: at.op !== "handle" }];
}

/**
 * An instruction that may jump writes its register on the way to target i: `iter_next` has none
 * when it jumps, `handle` has its value only at the place after.
 */
function writesOnWay(op: Instruction["op"], i: number, targets: readonly number[]): boolean {
  return op === "handle" ? i === targets.length - 1 : op !== "iter_next";
}

function hasBit(set: Uint32Array, bit: number): boolean {
  return (((set[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
}

function setBit(set: Uint32Array, bit: number): void {
  const word = bit >>> 5;
  set[word] = (set[word] ?? 0) | (1 << (bit & 31));
}

/** Removes from `into` what `other` does not have; true when something was removed. */
function intersect(into: Uint32Array, other: Uint32Array): boolean {
  let changed = false;
  for (let i = 0; i < into.length; i++) {
    const before = into[i] ?? 0;
    const after = before & (other[i] ?? 0);
    if (after >>> 0 !== before) changed = true;
    into[i] = after;
  }
  return changed;
}
