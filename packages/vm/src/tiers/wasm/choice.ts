// Whether a cell or loop is better off in WebAssembly (T2, T3) than in JavaScript (T1). What that
// saves grows with the work that is done inside, what it costs with what goes in and out: so the
// estimate compares how deep loops nest with how deep the lists do that cross the border. What was
// run then corrects it, by counts, so that equal runs choose alike.

import { type BlockGraph, blockGraph, blocksOfLoop } from "../../link/blocks.ts";
import type { LinkedCell } from "../../link/program.ts";
import type { CodePlace, FastCode, NumericPlan } from "../fast.ts";
import { codeOfGroup, type Effort, type Listeners } from "./code.ts";
import { wasmEngine } from "./engine.ts";
import { calledInside, type Group, writeGroup } from "./group.ts";
import { isListKind, kindOf, listDepth } from "./kinds.ts";
import type { Lowering } from "./lowering.ts";

/** Loops of a recursive cell, as far as the estimate goes: nobody knows how deep it goes. */
const RECURSION_DEPTH = 8;
/** Items that are copied before anybody judges. */
const ITEMS_FAIR = 2 ** 16;
/**
 * Cycles that pay for copying an item in or out: measured, remainders do from about 30 on, products
 * beyond 2^53 long before, what is as fast in JavaScript hardly ever.
 */
const CYCLES_PER_ITEM = 32;
/** Ways out before anybody judges. */
const EXITS_FAIR = 50;
/** Cycles that pay for an entry, some 200 ns: measured, between 200 and 1,000. */
const CYCLES_PER_ENTRY = 500;

const NO_ENGINE = "the host has no WebAssembly, or no memory for it";

/** What code asks for later. */
export interface Later {
  /** It does not pay, for a reason: other code is to take its place. */
  readonly replace: (reason: string) => void;
  /** The code of a loop of the same cell. */
  readonly codeAt: (head: number) => FastCode | null;
}

/** The code of a cell or loop in T3 or T2, or why T1 is to be used. */
export function numericCode(
  root: CodePlace,
  plan: NumericPlan,
  { replace, codeAt }: Later,
): FastCode | string {
  if (plan.numeric === "never") return "WebAssembly was not asked for";
  if (wasmEngine() === null && plan.native === undefined) return NO_ENGINE;
  const group = writeGroup(root);
  if (typeof group === "string") return group;
  const judged = { isOver: plan.numeric === "always" };
  if (!judged.isOver) {
    const poor = poorPlan(root, group);
    if (poor !== null) return poor;
  }
  const told = (effort: Effort): void => {
    if (judged.isOver) return;
    const poor = poorEffort(effort);
    if (poor === null) return;
    judged.isOver = true;
    replace(poor);
  };
  return codeByEngine(root, group, plan, { told, codeAt });
}

/** By the engine of the plan; else by WebAssembly, with the reason. */
function codeByEngine(
  root: CodePlace,
  group: Group,
  { native }: NumericPlan,
  listeners: Listeners,
): FastCode | string {
  const best = native === undefined ? null : codeOfGroup(root, group, native, listeners);
  if (best !== null && typeof best !== "string") return best;
  const wasm = wasmEngine();
  if (wasm === null) return best ?? NO_ENGINE;
  const code = codeOfGroup(root, group, wasm, listeners);
  return typeof code === "string" ? code : { ...code, reason: best };
}

/** Why it should not pay, before anything has run; null where it should. */
function poorPlan({ cell, head }: CodePlace, { functions, extent }: Group): string | null {
  const [entered] = functions;
  if (entered === undefined) return null;
  const work = loopDepthOf(functions, entered);
  if (work === 0) return "it has no loop: calling WebAssembly would cost more than it saves";
  const crossing = crossingDepth(entered);
  if (crossing === 0) return null;
  if (extent === "loop" && head !== null && isInsideLoop(cell, head))
    return "it would copy its lists at each turn of the loop around it";
  return work > crossing ? null : "it does too little with its lists to pay for copying them";
}

/** Why it did not pay; null where it did, or it is too early to say. */
function poorEffort({ entries, exits, cycles, items }: Effort): string | null {
  if (exits > EXITS_FAIR && cycles < CYCLES_PER_ENTRY * entries)
    return "its WebAssembly was left too often to pay";
  return items > ITEMS_FAIR && cycles < CYCLES_PER_ITEM * items
    ? "copying its lists took more than WebAssembly saved"
    : null;
}

/** How deep the lists nest that go in or out. */
function crossingDepth(x: Lowering): number {
  const registers = x.isWhole ? x.params() : x.entryRegisters();
  const kinds = registers.map((r) => x.kind(r));
  if (x.isWhole) kinds.push(kindOf(x.cell.module, x.cell.lir.result));
  return Math.max(0, ...kinds.map((kind) => (isListKind(kind) ? listDepth(kind) : 0)));
}

/** How deep loops nest, those of called cells included. */
function loopDepthOf(functions: readonly Lowering[], root: Lowering): number {
  const known = new Map<Lowering, number | "open">();
  const depthOf = (x: Lowering): number => {
    const before = known.get(x);
    if (before === "open") return RECURSION_DEPTH;
    if (before !== undefined) return before;
    known.set(x, "open");
    let deepest = 0;
    for (const [start, depth] of loopDepths(x.graph)) {
      const { end } = x.graph.blocks.get(start) ?? { end: start };
      const one = { ...x.graph, blocks: new Map([[start, { start, end, next: [] }]]) };
      const called = calledInside(x.cell, one).flatMap((cell) =>
        functions.filter((f) => f.isWhole && f.cell === cell),
      );
      deepest = Math.max(deepest, depth, ...called.map((f) => depth + depthOf(f)));
    }
    known.set(x, deepest);
    return deepest;
  };
  return Math.min(depthOf(root), RECURSION_DEPTH);
}

/** In how many loops each block is. */
function loopDepths(graph: BlockGraph): ReadonlyMap<number, number> {
  const depths = new Map([...graph.blocks.keys()].map((start): [number, number] => [start, 0]));
  for (const head of graph.loopHeads)
    for (const start of blocksOfLoop(graph, head)) depths.set(start, (depths.get(start) ?? 0) + 1);
  return depths;
}

/** Whether the loop is part of another one of its cell. */
function isInsideLoop(cell: LinkedCell, head: number): boolean {
  const graph = blockGraph(cell.lir.code, () => false);
  if (graph === null) return false;
  const others = [...graph.loopHeads].filter((other) => other !== head);
  return others.some((other) => blocksOfLoop(graph, other).has(head));
}
