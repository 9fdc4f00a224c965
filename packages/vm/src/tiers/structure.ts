// Structured code from a graph of blocks: loops, labelled blocks and conditions instead of jumps
// (Ramsey: Beyond Relooper, 2022). Every block is written once, under the block that dominates it.

import { required } from "@lumen/core/result";
import type { BlockGraph } from "../link/blocks.ts";

/** How a block ends. */
export type BlockEnd =
  /** Code that leaves the function. */
  | { readonly kind: "leave"; readonly text: string }
  /** `before` is code that is run on the way. */
  | { readonly kind: "jump"; readonly to: number; readonly before: string }
  | {
      readonly kind: "choose";
      readonly condition: string;
      readonly yes: number;
      readonly no: number;
    }
  | { readonly kind: "switch"; readonly value: string; readonly targets: readonly number[] };

/** A block as text: what it does, and how it ends. */
export interface BlockText {
  readonly body: string;
  readonly end: BlockEnd;
}

/** The code of the graph; `textOf` is asked once for each block. */
export function structured(graph: BlockGraph, textOf: (start: number) => BlockText): string {
  const { order, loopHeads, merges, dominated } = graph;
  const at = (start: number): number => required(order.get(start), "the block is reached");

  /** A block, and all that it dominates. */
  const tree = (start: number): string => {
    const inner = (dominated.get(start) ?? []).filter((child) => merges.has(child));
    // The last one in order is outermost, so that the others may jump to it.
    inner.sort((a, b) => at(b) - at(a));
    const body = within(start, inner);
    return loopHeads.has(start) ? `L${start}: for (;;) {\n${body}}\n` : body;
  };

  const within = (start: number, mergesLeft: readonly number[]): string => {
    const [merge, ...rest] = mergesLeft;
    if (merge !== undefined) return `B${merge}: {\n${within(start, rest)}}\n${tree(merge)}`;
    const { body, end } = textOf(start);
    return body + endText(start, end);
  };

  const endText = (start: number, end: BlockEnd): string => {
    switch (end.kind) {
      case "leave":
        return end.text;
      case "jump":
        return end.before + jump(start, end.to);
      case "choose":
        return `if (${end.condition}) {\n${jump(start, end.yes)}} else {\n${jump(start, end.no)}}\n`;
      case "switch":
        return `switch (${end.value}) {\n${cases(start, end.targets)}}\n`;
    }
  };

  /** The last target is the default; targets that occur more than once are merges. */
  const cases = (start: number, targets: readonly number[]): string =>
    targets
      .map((to, i) => {
        const label = i === targets.length - 1 ? "default" : `case ${i}`;
        return `${label}: {\n${jump(start, to)}}\n`;
      })
      .join("");

  const jump = (from: number, to: number): string => {
    if (at(to) <= at(from)) return `continue L${to};\n`;
    return merges.has(to) ? `break B${to};\n` : tree(to);
  };

  return tree(graph.entry);
}
