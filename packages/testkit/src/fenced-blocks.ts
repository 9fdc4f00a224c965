// Fenced blocks and headings of a Markdown text, as far as fixtures and documents of this project
// use them: fences of backticks at any indentation, headings with one or two `#`.

/** A fenced block. Lines are counted from 1. */
export interface FencedBlock {
  /** The info string, trimmed. */
  readonly info: string;
  readonly text: string;
  /** Line of the opening fence. */
  readonly line: number;
  /** Line of the closing fence. */
  readonly endLine: number;
  /** The last heading above, without `#`; empty before the first. */
  readonly heading: string;
}

interface OpenBlock {
  readonly fence: string;
  readonly indent: number;
  readonly info: string;
  readonly line: number;
  readonly lines: string[];
}

/** All closed fenced blocks of a text, in order. */
export function fencedBlocks(text: string): readonly FencedBlock[] {
  const blocks: FencedBlock[] = [];
  let heading = "";
  let open: OpenBlock | null = null;
  for (const [i, line] of text.split("\n").entries()) {
    if (open === null) {
      heading = /^##? (.*)$/.exec(line)?.[1]?.trim() ?? heading;
      const fence = /^(\s*)(`{3,})([^`]*)$/.exec(line);
      if (fence === null) continue;
      const [, blanks = "", ticks = "", info = ""] = fence;
      open = { fence: ticks, indent: blanks.length, info: info.trim(), line: i + 1, lines: [] };
    } else if (isClosing(line, open.fence)) {
      const { info, lines } = open;
      const body = lines.map((l) => `${l}\n`).join("");
      blocks.push({ info, text: body, line: open.line, endLine: i + 1, heading });
      open = null;
    } else {
      open.lines.push(line.startsWith(" ".repeat(open.indent)) ? line.slice(open.indent) : line);
    }
  }
  return blocks;
}

function isClosing(line: string, fence: string): boolean {
  const trimmed = line.trim();
  return /^`{3,}$/.test(trimmed) && trimmed.length >= fence.length;
}
