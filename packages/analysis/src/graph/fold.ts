// Folds what is alike in a graph: a loop of a thousand rounds is shown as one round, a thousand
// times.

import { required } from "@lumen/core/result";
import type { GraphNode } from "./graph.ts";

/** Nodes alike below one parent that stay apart. */
export const ALIKE_MAX = 4;

/**
 * The graph with one node for all nodes of one kind and name below one parent, where they are more
 * than `alikeMax`. Its count, duration and cycles are sums, its children those of all of them,
 * folded again. What failed or did not end is never folded. Order: where the first of them stood.
 */
export function foldGraph(node: GraphNode, alikeMax: number = ALIKE_MAX): GraphNode {
  const groups = new Map<string, GraphNode[]>();
  for (const child of node.children) {
    const key = child.status === "ok" ? `${child.kind} ${child.name}` : `span ${child.span}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [child]);
    else group.push(child);
  }
  const folded = new Set([...groups.values()].filter((group) => group.length > alikeMax));
  const children = node.children.flatMap((child) => {
    const group = groups.get(`${child.kind} ${child.name}`);
    if (child.status !== "ok" || group === undefined || !folded.has(group)) return [child];
    return group[0] === child ? [merged(group)] : [];
  });
  return { ...node, children: children.map((child) => foldGraph(child, alikeMax)) };
}

function merged(group: readonly GraphNode[]): GraphNode {
  const first = required(group[0], "a group has a node");
  return {
    ...first,
    path: "",
    children: group.flatMap((node) => node.children),
    durationNs: sum(group.map((node) => node.durationNs)),
    cycles: sum(group.map((node) => node.cycles)),
    count: group.reduce((count, node) => count + node.count, 0),
  };
}

/** Null where nothing is known. */
function sum(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((n) => n !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0);
}
