// A graph of a run as text: a tree for people, DOT for Graphviz, Mermaid for Markdown documents.

import { formatCount, formatDuration } from "../format.ts";
import type { GraphNode, RunGraph } from "./graph.ts";

/** The forms in which a graph is written. */
export const GRAPH_FORMS = ["tree", "dot", "mermaid"] as const;

/** One of {@link GRAPH_FORMS}. */
export type GraphForm = (typeof GRAPH_FORMS)[number];

/** The text of a graph, ended by a line feed. */
export function renderGraph(graph: RunGraph, form: GraphForm): string {
  const lines = RENDERERS[form](graph);
  return `${lines.join("\n")}\n`;
}

const RENDERERS: { readonly [F in GraphForm]: (graph: RunGraph) => readonly string[] } = {
  tree: treeLines,
  dot: dotLines,
  mermaid: mermaidLines,
};

function treeLines({ root, leftOut }: RunGraph): readonly string[] {
  const lines = [`${nameOf(root)}  ${factsOf(root)}`];
  const below = (node: GraphNode, indent: string): void => {
    for (const [i, child] of node.children.entries()) {
      const isLast = i === node.children.length - 1;
      lines.push(`${indent}${isLast ? "└─ " : "├─ "}${nameOf(child)}  ${factsOf(child)}`);
      below(child, `${indent}${isLast ? "   " : "│  "}`);
    }
  };
  below(root, "");
  if (leftOut > 0) lines.push(`${formatCount(leftOut)} more spans are not shown`);
  return lines;
}

function dotLines({ root, leftOut }: RunGraph): readonly string[] {
  const lines = ["digraph run {", "  rankdir=LR;", '  node [fontname="sans-serif"];'];
  walk(root, (node) => {
    const label = quoted(`${nameOf(node)}\n${factsOf(node)}`);
    const color = node.status === "ok" ? "" : `, color=${DOT_COLORS[node.status]}`;
    lines.push(`  s${node.span} [shape=${DOT_SHAPES[node.kind]}, label=${label}${color}];`);
  });
  walk(root, (node) => {
    for (const child of node.children) {
      const style = child.kind === "task" ? " [style=dashed]" : "";
      lines.push(`  s${node.span} -> s${child.span}${style};`);
    }
  });
  if (leftOut > 0) lines.push(`  // ${formatCount(leftOut)} more spans are not shown`);
  return [...lines, "}"];
}

const DOT_SHAPES: { readonly [K in GraphNode["kind"]]: string } = {
  run: "doublecircle",
  cell: "box",
  sequence: "folder",
  tile: "component",
  tool: "cds",
  effect: "ellipse",
  task: "parallelogram",
};

const DOT_COLORS: { readonly [S in Exclude<GraphNode["status"], "ok">]: string } = {
  failed: "red",
  cancelled: "gray",
  open: "orange",
};

function mermaidLines({ root, leftOut }: RunGraph): readonly string[] {
  const lines = ["flowchart LR"];
  walk(root, (node) => {
    lines.push(`  s${node.span}["${entities(`${nameOf(node)}\n${factsOf(node)}`)}"]`);
    if (node.status !== "ok") lines.push(`  class s${node.span} ${node.status}`);
  });
  walk(root, (node) => {
    for (const child of node.children) {
      const arrow = child.kind === "task" ? "-.->" : "-->";
      lines.push(`  s${node.span} ${arrow} s${child.span}`);
    }
  });
  lines.push("  classDef failed stroke:#c00", "  classDef open stroke:#d80");
  lines.push("  classDef cancelled stroke:#888");
  if (leftOut > 0) lines.push(`  %% ${formatCount(leftOut)} more spans are not shown`);
  return lines;
}

function walk(node: GraphNode, visit: (node: GraphNode) => void): void {
  visit(node);
  for (const child of node.children) walk(child, visit);
}

function nameOf({ kind, name, path, count }: GraphNode): string {
  const at = path === "" ? "" : ` at ${path}`;
  const times = count === 1 ? "" : ` ×${formatCount(count)}`;
  return `${kind} ${name}${at}${times}`;
}

/** `span 3, ok, 1.2 ms, 40 cycles` */
function factsOf({ span, status, code, durationNs, cycles, count }: GraphNode): string {
  const facts = [
    ...(span === 0 ? [] : [`${count === 1 ? "span" : "from span"} ${span}`]),
    code === null ? status : `${status} ${code}`,
    ...(durationNs === null ? [] : [formatDuration(durationNs)]),
    ...(cycles === null ? [] : [`${formatCount(cycles)} cycles`]),
  ];
  return facts.join(", ");
}

/** A quoted string of DOT; a line feed is `\n` there. */
function quoted(text: string): string {
  return `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n")}"`;
}

/** Text of a Mermaid label: what could end or steer it stands as a number. */
function entities(text: string): string {
  return text
    .replace(/[^A-Za-z0-9 .,_/:\n-]/gu, (c) => `#${c.codePointAt(0)};`)
    .replace(/\n/g, "<br/>");
}
