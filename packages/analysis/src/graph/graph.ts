// The graph of a run: what ran inside of what, and what started which task. Made from the events of
// a trace alone, in one pass.

import { formatPath } from "@lumen/core/commit";
import type { TraceEvent } from "@lumen/core/trace";

/** What a node of a graph stands for. */
export type NodeKind = "run" | "cell" | "sequence" | "tile" | "tool" | "effect" | "task";

/** `open`: the trace ends before it does. */
export type NodeStatus = "ok" | "failed" | "cancelled" | "open";

/** One span of a run, or the run itself, which has span 0. */
export interface GraphNode {
  readonly span: number;
  readonly kind: NodeKind;
  readonly name: string;
  /** Where in a sequence: `0/2#3`; empty elsewhere. */
  readonly path: string;
  readonly children: readonly GraphNode[];
  readonly status: NodeStatus;
  /** Code of the error or the kind of a tool error; null without one. */
  readonly code: string | null;
  /** Null while the span is open, and in a deterministic run. */
  readonly durationNs: number | null;
  /** Of a tile, as its backend counted. */
  readonly cycles: number | null;
  /** How many alike this node stands for: 1 unless nodes were folded. */
  readonly count: number;
}

/** Spans that a graph has at most; those that start later are counted only. */
export const GRAPH_SPANS_MAX = 200_000;

/** Spans inside of each other; deeper ones are counted only. */
export const GRAPH_DEPTH_MAX = 256;

/** A graph, and how many spans were left out of it. */
export interface RunGraph {
  readonly root: GraphNode;
  readonly leftOut: number;
}

interface Span {
  readonly node: Omit<GraphNode, "children" | "status" | "code" | "durationNs" | "cycles">;
  readonly startedAt: number;
  readonly depth: number;
  readonly children: Span[];
  status: NodeStatus;
  code: string | null;
  durationNs: number | null;
  cycles: number | null;
}

/** Takes the events of one run in order. Linear; memory for the spans up to the limit. */
export class GraphBuilder {
  readonly #spansMax: number;
  readonly #isTimed: boolean;
  readonly #root: Span;
  readonly #spans = new Map<number, Span>();
  readonly #spanOfFuture = new Map<number, number>();
  #leftOut = 0;

  /** `entry` names the run; the timestamps of a deterministic one are no times. */
  constructor(
    entry: string,
    options: { readonly deterministic?: boolean; readonly spansMax?: number } = {},
  ) {
    this.#spansMax = options.spansMax ?? GRAPH_SPANS_MAX;
    this.#isTimed = options.deterministic !== true;
    this.#root = makeSpan({ span: 0, kind: "run", name: entry, path: "", count: 1 }, 0, 0);
    this.#spans.set(0, this.#root);
  }

  /** Takes the next event. */
  add(event: TraceEvent): void {
    switch (event.kind) {
      case "TileStart":
        return this.#start(event, "tile", event.tileId, formatPath(event.path));
      case "SequenceStart":
        return this.#start(event, "sequence", event.name, formatPath(event.path));
      case "CellStart":
        return this.#start(event, "cell", event.cell);
      case "ToolCall":
        return this.#start(event, "tool", event.alias);
      case "EffectPerform":
        return this.#start(event, "effect", `${event.effect}.${event.operation}`);
      case "FutureSpawn":
        this.#spanOfFuture.set(event.future, event.span);
        return this.#start(event, "task", event.cell);
      case "TileStep":
        return this.#step(event);
      case "RunEnd":
        return this.#end(0, event, event.status === "Ok" ? "ok" : "failed");
      default:
        return this.#ending(event);
    }
  }

  /** The graph of what was taken. */
  graph(): RunGraph {
    return { root: nodeOf(this.#root), leftOut: this.#leftOut };
  }

  #ending(event: TraceEvent): void {
    switch (event.kind) {
      case "TileEnd":
        return this.#end(event.span, event, "ok", event.cycles);
      case "SequenceEnd":
      case "CellEnd":
        return this.#end(event.span, event, "ok");
      case "TileFailure":
      case "SequenceFailure":
        this.#fail(event.span, event.error.code);
        return this.#end(event.span, event, "failed");
      case "ToolResult":
      case "EffectResume":
        return this.#end(event.span, event, event.ok ? "ok" : "failed");
      case "FutureResolve":
        return this.#end(this.#spanOfFuture.get(event.future) ?? -1, event, TASK_END[event.state]);
      default:
        return;
    }
  }

  #start(
    event: { readonly span: number; readonly parent: number; readonly timestamp: number },
    kind: NodeKind,
    name: string,
    path = "",
  ): void {
    const parent = this.#spans.get(event.parent);
    const isFull = this.#spans.size > this.#spansMax;
    if (parent === undefined || parent.depth >= GRAPH_DEPTH_MAX || isFull) {
      this.#leftOut += 1;
      return;
    }
    const { span, timestamp } = event;
    const started = makeSpan({ span, kind, name, path, count: 1 }, timestamp, parent.depth + 1);
    parent.children.push(started);
    this.#spans.set(span, started);
  }

  /** The record of an answer holds the code of its error. */
  #step({ span, record }: TraceEvent & { kind: "TileStep" }): void {
    if (record.kind !== "Request" && record.kind !== "Final") return;
    if (record.outcome.kind === "Err") this.#fail(span, record.outcome.code);
  }

  #fail(span: number, code: string): void {
    const failed = this.#spans.get(span);
    if (failed !== undefined) failed.code = code;
  }

  #end(
    span: number,
    event: { readonly timestamp: number; readonly durationNs?: number },
    status: NodeStatus,
    cycles: number | null = null,
  ): void {
    const ended = this.#spans.get(span);
    if (ended === undefined) return;
    ended.status = status;
    ended.cycles = cycles;
    const elapsed = event.durationNs ?? Math.max(0, event.timestamp - ended.startedAt);
    ended.durationNs = this.#isTimed ? elapsed : null;
  }
}

const TASK_END = { Ok: "ok", Err: "failed", Cancelled: "cancelled" } as const;

function makeSpan(node: Span["node"], startedAt: number, depth: number): Span {
  return {
    node,
    startedAt,
    depth,
    children: [],
    status: "open",
    code: null,
    durationNs: null,
    cycles: null,
  };
}

function nodeOf({ node, children, status, code, durationNs, cycles }: Span): GraphNode {
  return { ...node, children: children.map(nodeOf), status, code, durationNs, cycles };
}
