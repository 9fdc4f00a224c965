// Graphs of runs: what hangs below what, what is folded, and that DOT is DOT.

import type { TraceEvent } from "@lumen/core/trace";
import { describe, expect, it } from "vitest";
import { SyntheticTrace } from "../testing/synthetic-trace.ts";
import { foldGraph } from "./fold.ts";
import { GRAPH_DEPTH_MAX, GraphBuilder, type RunGraph } from "./graph.ts";
import { renderGraph } from "./render-graph.ts";

function graphOf(
  events: readonly TraceEvent[],
  options: ConstructorParameters<typeof GraphBuilder>[1] = {},
): RunGraph {
  const builder = new GraphBuilder("main", options);
  for (const event of events) builder.add(event);
  return builder.graph();
}

const NO_BYTES = { kind: "Inline", bytes: new Uint8Array() } as const;

function spawn(span: number, parent: number, cell: string): TraceEvent {
  return { kind: "FutureSpawn", span, parent, future: span, cell, timestamp: span * 10 };
}

function resolve(future: number, state: "Ok" | "Err" | "Cancelled"): TraceEvent {
  return { kind: "FutureResolve", future, timestamp: 500, state, result: NO_BYTES };
}

function perform(span: number, parent: number, effect: string): TraceEvent {
  return {
    kind: "EffectPerform",
    span,
    parent,
    effect,
    operation: "ask",
    timestamp: span * 10,
    args: NO_BYTES,
  };
}

function resume(span: number, ok: boolean): TraceEvent {
  return { kind: "EffectResume", span, timestamp: 400, ok, result: NO_BYTES };
}

describe("a graph", () => {
  it("hangs every span below its parent, with times and cycles", () => {
    const trace = new SyntheticTrace();
    trace.tile("first", { ns: 40, cycles: 7 });
    trace.tile("second", { ns: 60, cycles: null, fails: true });
    const { root } = graphOf(trace.events);
    expect(root.children.map((n) => [n.kind, n.name, n.status, n.durationNs, n.cycles])).toEqual([
      ["tile", "first", "ok", 40, 7],
      ["tile", "second", "failed", 60, null],
    ]);
  });

  it("tells tasks by how they end, and requests without an answer as open", () => {
    const { root } = graphOf([
      spawn(1, 0, "a"),
      spawn(2, 1, "b"),
      perform(3, 2, "net"),
      perform(4, 0, "io"),
      resume(4, false),
      resolve(2, "Cancelled"),
      resolve(1, "Err"),
    ]);
    const [a, io] = root.children;
    const [b] = a?.children ?? [];
    expect([a?.status, b?.status, io?.status]).toEqual(["failed", "cancelled", "failed"]);
    expect(b?.children[0]).toMatchObject({ name: "net.ask", status: "open", durationNs: null });
    expect(a?.durationNs).toBe(490);
  });

  it("has no times where the run has none", () => {
    const events = [spawn(1, 0, "a"), resolve(1, "Ok")];
    expect(graphOf(events, { deterministic: true }).root.children[0]?.durationNs).toBeNull();
  });

  it("takes as many spans, and as deep ones, as its limits say, and counts the rest", () => {
    const wide = [1, 2, 3].map((span) => spawn(span, 0, "w"));
    expect(graphOf(wide, { spansMax: 3 })).toMatchObject({ leftOut: 0 });
    expect(graphOf(wide, { spansMax: 2 })).toMatchObject({ leftOut: 1 });
    const chain = (length: number): readonly TraceEvent[] =>
      Array.from({ length }, (_, i) => spawn(i + 1, i, "d"));
    expect(graphOf(chain(GRAPH_DEPTH_MAX)).leftOut).toBe(0);
    const deep = graphOf(chain(GRAPH_DEPTH_MAX + 3));
    expect(deep.leftOut).toBe(3);
    expect(renderGraph(deep, "tree")).toMatch(/\n3 more spans are not shown\n$/);
  });
});

describe("folding", () => {
  const round = (i: number): readonly TraceEvent[] => [
    spawn(2 * i + 1, 0, "round"),
    perform(2 * i + 2, 2 * i + 1, "net"),
    resume(2 * i + 2, true),
    resolve(2 * i + 1, i === 3 ? "Err" : "Ok"),
  ];
  const rounds = [0, 1, 2, 3, 4, 5, 6].flatMap(round);

  it("makes one of those alike, their children folded again; a failed one stays", () => {
    const { root } = graphOf(rounds);
    const folded = foldGraph(root, 4);
    expect(folded.children.map((n) => [n.name, n.status, n.count])).toEqual([
      ["round", "ok", 6],
      ["round", "failed", 1],
    ]);
    const [net] = folded.children[0]?.children ?? [];
    expect(net).toMatchObject({ name: "net.ask", count: 6, durationNs: 6 * 400 - 480 });
  });

  it("leaves as many as the limit apart", () => {
    const { root } = graphOf(rounds);
    expect(foldGraph(root, 6).children).toHaveLength(7);
    expect(foldGraph(root, 5).children).toHaveLength(2);
  });
});

describe("DOT and Mermaid", () => {
  const odd = 'a "b\\ c\n] end ü → 😀';
  const graph = graphOf([spawn(1, 0, odd), perform(2, 1, "x"), resume(2, true), resolve(1, "Ok")]);

  it("DOT is a digraph whose edges join nodes that are there, names as they are", () => {
    const { nodes, edges } = readDot(renderGraph(graph, "dot"));
    expect([...nodes.keys()]).toEqual(["s0", "s1", "s2"]);
    expect(edges).toEqual([
      ["s0", "s1"],
      ["s1", "s2"],
    ]);
    expect(nodes.get("s1")).toContain(`task ${odd}`);
  });

  it("labels of Mermaid hold no character that ends or steers them", () => {
    const text = renderGraph(graph, "mermaid");
    const label = text.match(/^ {2}s1\["(.*)"\]$/m)?.[1] ?? "";
    expect(label).toMatch(/^(?:[A-Za-z0-9 .,_/:-]|#\d+;|<br\/>)+$/);
    expect(text).toContain("  s0 -.-> s1\n");
    expect(text).toContain("  s1 --> s2\n");
  });
});

interface Dot {
  /** Label by node. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly edges: readonly (readonly [string, string])[];
}

/** Reads the part of the DOT grammar that a list of statements is made of; anything else throws. */
function readDot(text: string): Dot {
  const tokens = [...text.matchAll(/\s+|\/\/.*|"(?:[^"\\]|\\.)*"|->|[{}[\];=,]|[A-Za-z_]\w*|(.)/gs)]
    .map((match) => {
      if (match[1] !== undefined) throw new Error(`no token of DOT: ${match[1]}`);
      return match[0];
    })
    .filter((token) => !/^(\s|\/\/)/.test(token));
  const take = (expected?: string): string => {
    const token = tokens.shift() ?? "the end";
    if (expected !== undefined && token !== expected) throw new Error(`${expected}: ${token}`);
    return token;
  };
  const next = (): string | undefined => tokens[0];
  const nodes = new Map<string, string>();
  const edges: [string, string][] = [];
  take("digraph");
  take();
  take("{");
  while (next() !== "}") {
    const id = take();
    if (next() === "=") tokens.splice(0, 2);
    else if (next() === "->") {
      take();
      edges.push([id, take()]);
      if (next() === "[") attributes(take);
    } else {
      const label = attributes(take).get("label");
      if (label !== undefined) nodes.set(id, label);
    }
    take(";");
  }
  for (const end of edges.flat()) if (!nodes.has(end)) throw new Error(`no node ${end}`);
  return { nodes, edges };
}

function attributes(take: (expected?: string) => string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  take("[");
  for (let next = take(); next !== "]"; next = take()) {
    const name = next === "," ? take() : next;
    take("=");
    const value = take();
    found.set(name, value.startsWith('"') ? unquoted(value) : value);
  }
  return found;
}

function unquoted(value: string): string {
  return value.slice(1, -1).replace(/\\(.)/gs, (_, c: string) => (c === "n" ? "\n" : c));
}
