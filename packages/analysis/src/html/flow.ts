// What calls what, and what gives its output to what: nodes and edges over a whole run, counted.
// Calls are read from the events, outputs that are handed on from the schema where there is one.

import type { CfsItem } from "@lumen/core/cfs";
import type { TraceEvent } from "@lumen/core/trace";
import type { SchemaParts } from "../schema-facts.ts";
import { SpanMoves, type TimedKind } from "./span-moves.ts";

/** A sequence, cell, tile, operation or kind of task. */
export interface FlowNode {
  readonly id: string;
  readonly kind: TimedKind;
  readonly name: string;
  readonly count: number;
  readonly failures: number;
  /** Nanoseconds in all of them; 0 in a deterministic run. */
  readonly totalNs: number;
}

/** `calls` counts, `gives` is what the schema says. */
export interface FlowEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "calls" | "gives";
  readonly count: number | null;
}

/** The flow of a run, in the order of first appearance. */
export interface Flow {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  /** Nodes beyond the limit. */
  readonly leftOut: number;
}

/** Nodes that are kept; names in a forged trace may be without number. */
export const FLOW_NODES_MAX = 200;

interface Counted {
  readonly node: Omit<FlowNode, "count" | "failures" | "totalNs">;
  count: number;
  failures: number;
  totalNs: number;
}

/** Takes the events of one run in order. */
export class FlowBuilder {
  readonly #isTimed: boolean;
  readonly #nodesMax: number;
  readonly #nodes = new Map<string, Counted>();
  readonly #calls = new Map<
    string,
    { readonly from: string; readonly to: string; count: number }
  >();
  /** Open spans: their node, and when they began. */
  readonly #open = new Map<number, { readonly id: string; readonly start: number }>();
  readonly #moves = new SpanMoves();
  readonly #leftOut = new Set<string>();

  constructor(options: { readonly deterministic: boolean; readonly nodesMax?: number }) {
    this.#isTimed = !options.deterministic;
    this.#nodesMax = options.nodesMax ?? FLOW_NODES_MAX;
  }

  /** Takes the next event. */
  add(event: TraceEvent): void {
    const move = this.#moves.take(event);
    if (move?.kind === "start") this.#start(move, move.of, move.name);
    else if (move !== null) this.#end(move.span, move.timestamp, move.failed);
  }

  /** The flow of what was taken; `cfs` adds what is handed on. */
  flow(cfs: SchemaParts | null): Flow {
    const nodes = [...this.#nodes.values()].map(({ node, count, failures, totalNs }) => ({
      ...node,
      count,
      failures,
      totalNs,
    }));
    const calls = [...this.#calls.values()].map(
      ({ from, to, count }): FlowEdge => ({ from, to, kind: "calls", count }),
    );
    const gives = cfs === null ? [] : handedOn(cfs, new Set(this.#nodes.keys()));
    return { nodes, edges: [...calls, ...gives], leftOut: this.#leftOut.size };
  }

  #start(
    event: { readonly span: number; readonly parent: number; readonly timestamp: number },
    kind: TimedKind,
    name: string,
  ): void {
    const id = nodeId(kind, name);
    const counted = this.#nodes.get(id) ?? this.#add({ id, kind, name });
    if (counted === null) return;
    counted.count += 1;
    this.#open.set(event.span, { id, start: event.timestamp });
    const caller = this.#open.get(event.parent);
    if (caller === undefined) return;
    const key = JSON.stringify([caller.id, id]);
    const call = this.#calls.get(key) ?? { from: caller.id, to: id, count: 0 };
    call.count += 1;
    this.#calls.set(key, call);
  }

  #add(node: Counted["node"]): Counted | null {
    if (this.#nodes.size >= this.#nodesMax) {
      if (this.#leftOut.size < this.#nodesMax) this.#leftOut.add(node.id);
      return null;
    }
    const counted = { node, count: 0, failures: 0, totalNs: 0 };
    this.#nodes.set(node.id, counted);
    return counted;
  }

  #end(span: number, timestamp: number, failed: boolean): void {
    const open = this.#open.get(span);
    this.#open.delete(span);
    const counted = open === undefined ? undefined : this.#nodes.get(open.id);
    if (open === undefined || counted === undefined) return;
    if (failed) counted.failures += 1;
    if (this.#isTimed) counted.totalNs += Math.max(0, timestamp - open.start);
  }
}

function nodeId(kind: TimedKind, name: string): string {
  return `${kind} ${name}`;
}

/** Edges from what gives an output to what takes it, between nodes that ran. */
function handedOn(cfs: SchemaParts, ran: ReadonlySet<string>): readonly FlowEdge[] {
  const edges = new Map<string, FlowEdge>();
  const visit = (items: readonly CfsItem[], around: readonly (readonly CfsItem[])[]): void => {
    const blocks = [items, ...around];
    for (const item of items) {
      for (const { source } of item.args) {
        if (source.kind !== "item_output") continue;
        const giver = blocks[source.up]?.[source.item];
        const [from, to] = [giver && calleeId(giver), calleeId(item)];
        if (from === undefined || from === null || to === null) continue;
        if (!ran.has(from) || !ran.has(to)) continue;
        edges.set(JSON.stringify([from, to]), { from, to, kind: "gives", count: null });
      }
      for (const inner of innerBlocks(item)) visit(inner, blocks);
    }
  };
  for (const sequence of cfs.sequences) visit(sequence.items, []);
  return [...edges.values()];
}

function calleeId(item: CfsItem): string | null {
  return item.kind === "tile" || item.kind === "sequence" ? nodeId(item.kind, item.id) : null;
}

function innerBlocks(item: CfsItem): readonly (readonly CfsItem[])[] {
  if (item.kind === "branch") return item.arms.map((arm) => arm.items);
  if (item.kind !== "loop") return [];
  return [item.head?.items ?? [], item.body.items];
}
