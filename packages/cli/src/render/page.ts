// A page of docs/errors/ for a terminal: fences become indented code, links their text.

import type { Paint } from "./paint.ts";

const FENCE = /^(`{3,})/;
const MARGIN = "    ";

/** The text of a page, ready to be printed. What stands in a fence is shown letter by letter. */
export function renderPage(page: string, paint: Paint): string {
  let fence: string | null = null;
  const lines: string[] = [];
  for (const line of page.trimEnd().split("\n")) {
    const ticks = FENCE.exec(line)?.[1];
    if (fence !== null) {
      if (line === fence) fence = null;
      else lines.push(line === "" ? "" : MARGIN + line);
    } else if (ticks !== undefined) fence = ticks;
    else lines.push(renderProse(line, paint));
  }
  return `${lines.join("\n")}\n`;
}

function renderProse(line: string, paint: Paint): string {
  const heading = /^#+ (.*)$/.exec(line)?.[1];
  if (heading !== undefined) return paint.bold(heading);
  return line.replace(/\[([^\]]*)\]\([^)\s]*\.md\)/g, "$1");
}
