// Which sequence calls which: the order in which callees come first, and cycles (stage 14 of 9.3).
// No recursion: the length of a chain of calls is bounded by the document only.

import type { Cfs, CfsSequence } from "./model.ts";
import { walkSequence } from "./scope.ts";

type Graph = Pick<Cfs, "sequences" | "sequenceById">;

/** Sequences so that callees come before callers, and those that are on or between cycles. */
export interface CallOrder {
  readonly order: readonly CfsSequence[];
  readonly cyclic: ReadonlySet<string>;
}

/** Orders the call graph. Cyclic sequences come last in `order`, in document order. O(calls). */
export function callOrder(cfs: Graph): CallOrder {
  const callees = new Map<string, ReadonlySet<string>>();
  for (const sequence of cfs.sequenceById.values()) callees.set(sequence.id, calls(cfs, sequence));
  const order = peel(callees);
  const done = new Set(order);
  const left = new Set([...callees.keys()].filter((id) => !done.has(id)));
  const cyclic = withoutEntries(left, callees);
  const ids = [...order, ...left];
  const sequences = ids.flatMap((id) => cfs.sequenceById.get(id) ?? []);
  return { order: sequences, cyclic };
}

function calls(cfs: Graph, sequence: CfsSequence): Set<string> {
  const ids = new Set<string>();
  for (const visit of walkSequence(sequence)) {
    if (visit.kind !== "item" || visit.item.kind !== "sequence") continue;
    if (cfs.sequenceById.has(visit.item.id)) ids.add(visit.item.id);
  }
  return ids;
}

/** Repeatedly takes nodes all of whose targets are taken (Kahn); what is on a cycle stays. */
function peel(targets: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const sources = reversed(targets);
  const open = new Map([...targets].map(([id, to]) => [id, to.size]));
  const order = [...targets.keys()].filter((id) => open.get(id) === 0);
  for (let i = 0; i < order.length; i += 1) {
    for (const source of sources.get(order[i] ?? "") ?? []) {
      const left = (open.get(source) ?? 0) - 1;
      open.set(source, left);
      if (left === 0) order.push(source);
    }
  }
  return order;
}

/** Of the nodes that lead into a cycle, those that are also reached from one. */
function withoutEntries(
  left: ReadonlySet<string>,
  targets: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> {
  const inner = new Map<string, ReadonlySet<string>>();
  for (const id of left) {
    inner.set(id, new Set([...(targets.get(id) ?? [])].filter((to) => left.has(to))));
  }
  const entries = new Set(peel(reversed(inner)));
  return new Set([...left].filter((id) => !entries.has(id)));
}

function reversed(
  targets: ReadonlyMap<string, ReadonlySet<string>>,
): ReadonlyMap<string, ReadonlySet<string>> {
  const sources = new Map<string, Set<string>>();
  for (const id of targets.keys()) sources.set(id, new Set());
  for (const [from, to] of targets) for (const id of to) sources.get(id)?.add(from);
  return sources;
}
