// Basic blocks of a cell as a graph: dominators and loops, which structured code is made from.

import {
  BLOCK_ENDS,
  type Instruction,
  OPCODE_NAMES,
  type OpcodeName,
  operandLetters,
} from "@lumen/core/lir";
import { required } from "@lumen/core/result";

/** Instructions `start` … `end` − 1, one after the other. */
export interface Block {
  readonly start: number;
  readonly end: number;
  /** Starts of the blocks that control may go to, one for each way. */
  readonly next: readonly number[];
}

/** The blocks that can be reached from an entry, and how they hang together. */
export interface BlockGraph {
  readonly entry: number;
  readonly blocks: ReadonlyMap<number, Block>;
  /** Place in reverse postorder, by start: smaller comes first. */
  readonly order: ReadonlyMap<number, number>;
  /** Blocks that this one dominates directly, by start. */
  readonly dominated: ReadonlyMap<number, readonly number[]>;
  /** Targets of backward jumps. */
  readonly loopHeads: ReadonlySet<number>;
  /** Targets of several forward jumps. */
  readonly merges: ReadonlySet<number>;
}

/** Code does not change, and everybody asks for its blocks. */
const STARTS = new WeakMap<readonly Instruction[], ReadonlySet<number>>();

/** Instructions at which a block begins (lir.md 7), whatever reaches it. */
export function blockStarts(code: readonly Instruction[]): ReadonlySet<number> {
  const known = STARTS.get(code);
  if (known !== undefined) return known;
  const starts = startsIn(code);
  STARTS.set(code, starts);
  return starts;
}

function startsIn(code: readonly Instruction[]): ReadonlySet<number> {
  const starts = new Set<number>([0]);
  code.forEach((instruction, index) => {
    for (const target of jumpTargets(instruction)) starts.add(target);
    if (BLOCK_ENDS.has(instruction.op)) starts.add(index + 1);
  });
  return starts;
}

/** Where an instruction may jump to, without what follows it. */
export function jumpTargets({ op, operands }: Instruction): readonly number[] {
  const at = TARGETS_AT.get(op);
  const operand = at === undefined ? undefined : operands[at];
  if (operand === undefined) return NOWHERE;
  return typeof operand === "number" ? [operand] : operand;
}

/** Which operand of an opcode holds its targets; no opcode has two. */
const TARGETS_AT: ReadonlyMap<OpcodeName, number> = new Map(
  OPCODE_NAMES.flatMap((op): [OpcodeName, number][] => {
    const at = operandLetters(op).findIndex((letter) => letter === "j" || letter === "J");
    return at < 0 ? [] : [[op, at]];
  }),
);

const NOWHERE: readonly number[] = [];

/**
 * The graph of a whole cell. A tail call of the cell itself is a jump to its beginning. Null where
 * a loop has two entries, which no compiler of ours emits.
 */
export function blockGraph(
  code: readonly Instruction[],
  isSelfCall: (instruction: Instruction) => boolean,
): BlockGraph | null {
  const starts = blockStarts(code);
  return graphFrom(0, (start) => blockAt(code, start, starts, isSelfCall));
}

/**
 * The graph of one loop, from its head on. Blocks behind the loop have no instructions: `end` is
 * `start`. Null where a block does not begin a loop, or one in it has two entries.
 */
export function loopGraph(code: readonly Instruction[], head: number): BlockGraph | null {
  const starts = blockStarts(code);
  const open = (start: number): Block => blockAt(code, start, starts, () => false);
  const all = graphFrom(0, open);
  if (all === null || !all.loopHeads.has(head)) return null;
  const inside = blocksOfLoop(all, head);
  return graphFrom(head, (start) =>
    inside.has(start) ? open(start) : { start, end: start, next: [] },
  );
}

/**
 * The graph of all that can follow the head of a loop, in its cell. Null where a block does not
 * begin a loop, or one has two entries.
 */
export function restGraph(code: readonly Instruction[], head: number): BlockGraph | null {
  const starts = blockStarts(code);
  const rest = graphFrom(head, (start) => blockAt(code, start, starts, () => false));
  return rest?.loopHeads.has(head) === true ? rest : null;
}

/** The blocks from which control comes back to the head by a backward jump. */
export function blocksOfLoop({ blocks, order }: BlockGraph, head: number): ReadonlySet<number> {
  const at = (start: number): number => order.get(start) ?? 0;
  const before = new Map<number, number[]>();
  for (const { start, next } of blocks.values())
    for (const to of next) before.set(to, [...(before.get(to) ?? []), start]);
  const inside = new Set([head]);
  const pending = (before.get(head) ?? []).filter((start) => at(start) >= at(head));
  for (let start = pending.pop(); start !== undefined; start = pending.pop()) {
    if (inside.has(start)) continue;
    inside.add(start);
    pending.push(...(before.get(start) ?? []));
  }
  return inside;
}

function graphFrom(entry: number, read: (start: number) => Block): BlockGraph | null {
  const blocks = new Map<number, Block>();
  const postorder: number[] = [];
  const pending: { readonly start: number; next: number }[] = [];
  const open = (start: number): void => {
    blocks.set(start, read(start));
    pending.push({ start, next: 0 });
  };
  open(entry);
  for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
    const to = blocks.get(top.start)?.next[top.next];
    top.next += 1;
    if (to === undefined) {
      postorder.push(top.start);
      pending.pop();
    } else if (!blocks.has(to)) open(to);
  }
  const inOrder = postorder.reverse();
  const order = new Map(inOrder.map((start, i): [number, number] => [start, i]));
  return withLoops(entry, blocks, inOrder, order);
}

function blockAt(
  code: readonly Instruction[],
  start: number,
  starts: ReadonlySet<number>,
  isSelfCall: (instruction: Instruction) => boolean,
): Block {
  let end = start + 1;
  while (end < code.length && !starts.has(end)) end += 1;
  const last = required(code[end - 1], "a block has an instruction");
  const next = [...jumpTargets(last)];
  if (last.op === "tail_call" && isSelfCall(last)) next.push(0);
  const isLeft = ["jump", "switch", "return", "tail_call", "fault"].includes(last.op);
  if (!isLeft) next.push(end);
  return { start, end, next };
}

function withLoops(
  entry: number,
  blocks: ReadonlyMap<number, Block>,
  inOrder: readonly number[],
  order: ReadonlyMap<number, number>,
): BlockGraph | null {
  const at = (start: number): number => required(order.get(start), "the block is reached");
  const above = dominators(blocks, inOrder, at);
  const loopHeads = new Set<number>();
  const forward = new Map<number, number>();
  for (const { start, next } of blocks.values()) {
    for (const to of next) {
      if (at(to) > at(start)) forward.set(to, (forward.get(to) ?? 0) + 1);
      else if (dominates(above, at(to), at(start))) loopHeads.add(to);
      else return null;
    }
  }
  const dominated = new Map<number, number[]>(inOrder.map((start) => [start, []]));
  inOrder.forEach((start, i) => {
    const parent = inOrder[above[i] ?? 0];
    if (i > 0 && parent !== undefined) dominated.get(parent)?.push(start);
  });
  const merges = new Set([...forward].filter(([, count]) => count > 1).map(([to]) => to));
  return { entry, blocks, order, dominated, loopHeads, merges };
}

/**
 * The direct dominator of each block, both by place in reverse postorder (Cooper, Harvey, Kennedy:
 * A Simple, Fast Dominance Algorithm).
 */
function dominators(
  blocks: ReadonlyMap<number, Block>,
  inOrder: readonly number[],
  at: (start: number) => number,
): readonly number[] {
  const before: number[][] = inOrder.map(() => []);
  inOrder.forEach((start, i) => {
    for (const to of blocks.get(start)?.next ?? []) before[at(to)]?.push(i);
  });
  const above: number[] = inOrder.map((_, i) => (i === 0 ? 0 : -1));
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 1; i < inOrder.length; i += 1) {
      const known = (before[i] ?? []).filter((j) => above[j] !== -1);
      const found = known.reduce((a, b) => common(above, a, b));
      changed ||= above[i] !== found;
      above[i] = found;
    }
  }
  return above;
}

function common(above: readonly number[], left: number, right: number): number {
  let a = left;
  let b = right;
  while (a !== b) {
    while (a > b) a = above[a] ?? 0;
    while (b > a) b = above[b] ?? 0;
  }
  return a;
}

function dominates(above: readonly number[], a: number, b: number): boolean {
  let at = b;
  while (at > a) at = above[at] ?? 0;
  return at === a;
}
