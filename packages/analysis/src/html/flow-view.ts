// The flow as a drawing: boxes in columns from what calls to what is called, what is handed on from
// above to below.

import { formatCount, formatDuration } from "../format.ts";
import { clip } from "../text-table.ts";
import type { Flow, FlowEdge, FlowNode } from "./flow.ts";
import { html, type Markup } from "./markup.ts";

const BOX_WIDTH = 190;
const BOX_HEIGHT = 40;
const COLUMN_GAP = 90;
const ROW_GAP = 18;
const MARGIN = 10;
const NAME_CHARACTERS = 26;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The drawing of a flow. */
export function flowView(flow: Flow): Markup {
  const places = layout(flow);
  const all = [...places.values()];
  const width = Math.max(...all.map(({ x }) => x + BOX_WIDTH), BOX_WIDTH) + MARGIN;
  const height = Math.max(...all.map(({ y }) => y + BOX_HEIGHT), BOX_HEIGHT) + MARGIN;
  const edges = flow.edges.map((edge) => edgeOf(edge, places));
  const boxes = flow.nodes.map((node) => boxOf(node, places.get(node.id) ?? { x: 0, y: 0 }));
  const note =
    flow.leftOut === 0
      ? []
      : [html`<p class="note">${flow.leftOut} or more further names are not drawn.</p>`];
  return html`<svg class="flow" viewBox="0 0 ${width} ${height}" width="${width}" role="img"
 aria-label="flow">${ARROWS}${edges}${boxes}</svg>${note}`;
}

const ARROWS = html`<defs><marker id="calls" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7"
 markerHeight="7" orient="auto"><path class="calls-head" d="M0 0L8 4L0 8z"/></marker><marker
 id="gives" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7"
 orient="auto"><path class="gives-head" d="M0 0L8 4L0 8z"/></marker></defs>`;

function boxOf(node: FlowNode, { x, y }: Place): Markup {
  const figures = [
    `${formatCount(node.count)}×`,
    ...(node.totalNs === 0 ? [] : [formatDuration(node.totalNs)]),
    ...(node.failures === 0 ? [] : [`${formatCount(node.failures)} failed`]),
  ].join(" · ");
  const state = node.failures > 0 ? " failed" : "";
  const name = clip(node.name, NAME_CHARACTERS);
  const title = `${node.kind} ${node.name}: ${figures}`;
  return html`<g><title>${title}</title><rect class="${node.kind}${state}" x="${x}" y="${y}"
 width="${BOX_WIDTH}" height="${BOX_HEIGHT}" rx="4"/><text class="name" x="${x + 8}"
 y="${y + 16}">${name}</text><text class="figures" x="${x + 8}"
 y="${y + 32}">${figures}</text></g>`;
}

function edgeOf(edge: FlowEdge, places: ReadonlyMap<string, Place>): Markup {
  const [from, to] = [places.get(edge.from), places.get(edge.to)];
  if (from === undefined || to === undefined) return html``;
  const title =
    edge.count === null ? `${edge.from} gives to ${edge.to}` : `${formatCount(edge.count)} calls`;
  return html`<path class="${edge.kind}" d="${curve(from, to)}"
 marker-end="url(#${edge.kind})"><title>${title}</title></path>`;
}

/** To the right from side to side; within a column, or back, around the left sides. */
function curve(from: Place, to: Place): string {
  const middle = BOX_HEIGHT / 2;
  if (to.x > from.x) {
    const [x1, x2] = [from.x + BOX_WIDTH, to.x];
    const bend = (x1 + x2) / 2;
    return `M${x1} ${from.y + middle}C${bend} ${from.y + middle} ${bend} ${to.y + middle} ${x2} ${to.y + middle}`;
  }
  const side = Math.min(from.x, to.x) - COLUMN_GAP / 3;
  return `M${from.x} ${from.y + middle + 6}C${side} ${from.y + middle + 6} ${side} ${to.y + middle - 6} ${to.x} ${to.y + middle - 6}`;
}

/** Columns by the longest way of calls from what nobody calls; rows in the order of appearance. */
function layout({ nodes, edges }: Flow): ReadonlyMap<string, Place> {
  const columns = columnsOf(nodes, edges);
  const rows = new Map<number, number>();
  const places = new Map<string, Place>();
  for (const { id } of nodes) {
    const column = columns.get(id) ?? 0;
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    const x = MARGIN + COLUMN_GAP / 3 + column * (BOX_WIDTH + COLUMN_GAP);
    places.set(id, { x, y: MARGIN + row * (BOX_HEIGHT + ROW_GAP) });
  }
  return places;
}

function columnsOf(
  nodes: readonly FlowNode[],
  edges: readonly FlowEdge[],
): ReadonlyMap<string, number> {
  const columns = new Map(nodes.map(({ id }) => [id, 0]));
  const calls = edges.filter(({ kind, from, to }) => kind === "calls" && from !== to);
  // Recursion would push its nodes on for ever: as many rounds as there are nodes are enough.
  for (let round = 0; round < nodes.length; round += 1) {
    let moved = false;
    for (const { from, to } of calls) {
      const wanted = (columns.get(from) ?? 0) + 1;
      if ((columns.get(to) ?? 0) >= wanted || wanted > nodes.length - 1) continue;
      columns.set(to, wanted);
      moved = true;
    }
    if (!moved) break;
  }
  return squeezed(columns);
}

/** No column is empty. */
function squeezed(columns: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const used = [...new Set(columns.values())].sort((a, b) => a - b);
  return new Map([...columns].map(([id, column]) => [id, used.indexOf(column)]));
}
