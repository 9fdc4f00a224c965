// Plain text in columns: clipping, wrapping, bars and tables. A column is one code point.

/** A column of a table. Longer cells are clipped. */
export interface Column {
  readonly title: string;
  readonly width: number;
  readonly align: "left" | "right";
}

const INDENT = "  ";
const GAP = " ";

/** Title line and one line per row, indented by two; trailing spaces are cut. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const titles = columns.map((column) => column.title);
  return [titles, ...rows].map((cells) => {
    const fields = columns.map((column, index) => field(cells[index] ?? "", column));
    return `${INDENT}${fields.join(GAP)}`.trimEnd();
  });
}

/** A bar for a share of 0 to 1; any share above 0 shows at least one block. */
export function bar(value: number, width: number): string {
  if (value <= 0) return "";
  return "█".repeat(Math.min(width, Math.max(1, Math.round(value * width))));
}

/** The text, or its beginning with an ellipsis, on one line of at most `width` columns. */
export function clip(text: string, width: number): string {
  const scalars = [...oneLine(text)];
  if (scalars.length <= width) return scalars.join("");
  return `${scalars.slice(0, width - 1).join("")}…`;
}

/** Lines of at most `width` columns, broken at spaces; all but the first start with `indent`. */
export function wrap(text: string, width: number, indent: string): readonly string[] {
  const lead = /^ */.exec(text)?.[0] ?? "";
  const lines: string[] = [];
  let line = lead;
  let isEmpty = true;
  for (const word of oneLine(text).trim().split(/ +/)) {
    const fits = columnsOf(line) + columnsOf(word) + 1 <= width;
    if (!isEmpty && !fits) {
      lines.push(line);
      line = indent;
      isEmpty = true;
    }
    line = isEmpty ? `${line}${word}` : `${line} ${word}`;
    isEmpty = false;
  }
  return [...lines, line].map((each) => clip(each, width));
}

function field(cell: string, column: Column): string {
  const text = clip(cell, column.width);
  const room = " ".repeat(Math.max(0, column.width - columnsOf(text)));
  return column.align === "left" ? text + room : room + text;
}

function columnsOf(text: string): number {
  return [...text].length;
}

/** Control characters of a forged name must not move the cursor of whoever reads the report. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, "\ufffd");
}
