// Structured control for WebAssembly from a graph of blocks: loops, blocks and conditions instead
// of jumps (Ramsey: Beyond Relooper, 2022). Every block is written once, below the block that
// dominates it. The same method makes the text of T1 (`../structure.ts`).

import { required } from "@lumen/core/result";
import type { BlockGraph } from "../../link/blocks.ts";
import type { Assembler, Label } from "./assembler.ts";

/** How a block ends. */
export type FlowEnd =
  /** The code has left the function. */
  | { readonly kind: "leave" }
  | { readonly kind: "jump"; readonly to: number }
  /** `push` puts the i32 on the stack that decides. */
  | {
      readonly kind: "choose";
      readonly push: () => void;
      readonly yes: number;
      readonly no: number;
    }
  | { readonly kind: "switch"; readonly push: () => void; readonly targets: readonly number[] };

/** Writes the graph; `block` writes one block, is asked once for each, and says how it ends. */
export function writeFlow(
  graph: BlockGraph,
  asm: Assembler,
  block: (start: number) => FlowEnd,
): void {
  const { order, loopHeads, merges, dominated } = graph;
  const at = (start: number): number => required(order.get(start), "the block is reached");
  const heads = new Map<number, Label>();
  const ends = new Map<number, Label>();

  /** A block, and all that it dominates. Control never runs past it. */
  const tree = (start: number): void => {
    const inner = (dominated.get(start) ?? []).filter((child) => merges.has(child));
    // The last one in order is outermost, so that the others may jump to it.
    inner.sort((a, b) => at(b) - at(a));
    if (!loopHeads.has(start)) return within(start, inner);
    heads.set(start, asm.open("loop"));
    within(start, inner);
    asm.close();
  };

  const within = (start: number, mergesLeft: readonly number[]): void => {
    const [merge, ...rest] = mergesLeft;
    if (merge === undefined) return ending(start, block(start));
    ends.set(merge, asm.open("block"));
    within(start, rest);
    asm.close();
    tree(merge);
  };

  const ending = (start: number, end: FlowEnd): void => {
    switch (end.kind) {
      case "leave":
        return;
      case "jump":
        return jump(start, end.to);
      case "choose":
        end.push();
        asm.open("if");
        jump(start, end.yes);
        asm.otherwise();
        jump(start, end.no);
        asm.close();
        return;
      case "switch":
        return table(start, end);
    }
  };

  /** A block around the table for each target; the code of a target stands behind its block. */
  const table = (start: number, { push, targets }: FlowEnd & { kind: "switch" }): void => {
    const labels = targets.map(() => asm.open("block")).reverse();
    push();
    asm.brTable(labels);
    for (const to of targets) {
      asm.close();
      jump(start, to);
    }
  };

  const jump = (from: number, to: number): void => {
    if (at(to) <= at(from)) asm.br(required(heads.get(to), "the loop is open"));
    else if (merges.has(to)) asm.br(required(ends.get(to), "the block is open"));
    else tree(to);
  };

  tree(graph.entry);
}
