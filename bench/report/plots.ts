// Plots of figures as SVG: everything is in the page, and text stays text.

import { html, type Markup } from "@lumen/analysis";

/** A value of a series in a row. */
export interface Mark {
  readonly series: string;
  readonly value: number;
}

/** A line of a plot with its marks. */
export interface PlotRow {
  readonly label: string;
  readonly marks: readonly Mark[];
}

const LABEL_WIDTH = 150;
const PLOT_WIDTH = 620;
const ROW_HEIGHT = 24;
const TOP = 26;

/** Colours of series in their order; each has a shape of its own as well. */
const COLOURS = ["#b5121b", "#222222", "#1f6fb2", "#2a8a3e", "#b26b00", "#7a4fa3", "#5d6b75"];

/**
 * Marks of all rows on one logarithmic axis; `unit` stands behind its numbers. Values are above 0.
 */
export function dotPlot(rows: readonly PlotRow[], series: readonly string[], unit: string): Markup {
  const values = rows.flatMap((row) => row.marks.map((mark) => mark.value));
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.ceil(Math.log10(Math.max(...values)));
  const x = (value: number): number =>
    LABEL_WIDTH + ((Math.log10(value) - low) / Math.max(1, high - low)) * PLOT_WIDTH;
  const height = TOP + rows.length * ROW_HEIGHT;
  const ticks = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
  const grid = ticks.map(
    (
      tick,
    ) => html`<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="${TOP - 6}" y2="${height}"/>
<text class="tick" x="${x(tick)}" y="14">${String(tick)}${unit}</text>
`,
  );
  const lines = rows.map((row, i) => {
    const y = TOP + i * ROW_HEIGHT + ROW_HEIGHT / 2;
    const marks = row.marks.map(({ series: name, value }) => {
      const title = `${row.label}, ${name}: ${value.toPrecision(3)}${unit}`;
      return html`<g>${shape(series.indexOf(name), x(value), y)}<title>${title}</title></g>
`;
    });
    return html`<text class="label" x="${LABEL_WIDTH - 10}" y="${y + 4}">${row.label}</text>
<line class="row" x1="${LABEL_WIDTH}" x2="${LABEL_WIDTH + PLOT_WIDTH}" y1="${y}" y2="${y}"/>
${marks}`;
  });
  const width = LABEL_WIDTH + PLOT_WIDTH + 20;
  return html`${legend(series)}<svg viewBox="0 0 ${width} ${height}" role="img">
${grid}${lines}</svg>
`;
}

function legend(series: readonly string[]): Markup {
  const items = series.map(
    (name, i) => html`<li><svg viewBox="0 0 14 14">${shape(i, 7, 7)}</svg>${name}</li>
`,
  );
  return html`<ul class="legend">
${items}</ul>
`;
}

/** A disc, square or diamond, by the number of the series. */
function shape(index: number, x: number, y: number): Markup {
  const colour = COLOURS[index % COLOURS.length] ?? "#000000";
  if (index % 3 === 0) return html`<circle cx="${x}" cy="${y}" r="5" fill="${colour}"/>`;
  if (index % 3 === 1)
    return html`<rect x="${x - 4}" y="${y - 4}" width="8" height="8" fill="${colour}"/>`;
  const points = `${x},${y - 6} ${x + 6},${y} ${x},${y + 6} ${x - 6},${y}`;
  return html`<polygon points="${points}" fill="${colour}"/>`;
}
