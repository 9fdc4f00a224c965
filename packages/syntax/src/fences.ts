// Fenced blocks of a Markdown document, found by the CommonMark parser (language 1).

import { parser } from "@lezer/markdown";
import type { Span } from "@lumen/core/diagnostic";

/** One fenced block of any language, in or outside lists and quotes. */
export interface Fence {
  /** From the opening marks to the closing ones. */
  readonly whole: Span;
  /** After the opening line, before the closing one. */
  readonly content: Span;
  /** The content without what containers put before each line; in order, gaps between them. */
  readonly lines: readonly Span[];
  /** Column of the opening marks. */
  readonly indent: number;
  readonly infoSpan: Span;
  /** Words of the info string. */
  readonly words: readonly string[];
}

// Inline markup cannot hold a fence; leaving it out halves the time.
const BLOCK_PARSER = parser.configure({
  remove: ["Escape", "Entity", "InlineCode", "HTMLTag", "Emphasis", "HardBreak", "Link", "Image"],
});

/** Columns behind which a line does not open a block any more (docs/limits.md). */
export const FENCE_INDENT_MAX = 512;

const DEEP_INDENT = new RegExp(`^[ \\t>]{${FENCE_INDENT_MAX}}[ \\t]+`, "gm");

/**
 * The text with other characters for blanks beyond the bound: what the parser does for a line grows
 * with the square of the lists that it stands in. Lines inside of a fence stay lines of it.
 */
function withoutDeepIndents(text: string): string {
  return text.replace(
    DEEP_INDENT,
    (indent) => indent.slice(0, FENCE_INDENT_MAX) + "x".repeat(indent.length - FENCE_INDENT_MAX),
  );
}

/** All fenced blocks, in order. */
export function findFences(text: string): readonly Fence[] {
  if (!text.includes("```") && !text.includes("~~~")) return [];
  const drafts: Draft[] = [];
  BLOCK_PARSER.parse(withoutDeepIndents(text)).iterate({
    enter: (node) => {
      const { name, from: start, to: end } = node;
      if (name === "FencedCode") {
        drafts.push({ whole: { start, end }, marks: [], lines: [], info: null });
        return;
      }
      const draft = drafts[drafts.length - 1];
      if (draft === undefined || start < draft.whole.start || end > draft.whole.end) return;
      if (name === "CodeMark") draft.marks.push({ start, end });
      else if (name === "CodeInfo") draft.info = { start, end };
      else if (name === "CodeText") draft.lines.push({ start, end });
    },
  });
  return drafts.map((draft) => finish(text, draft));
}

interface Draft {
  readonly whole: Span;
  readonly marks: Span[];
  readonly lines: Span[];
  info: Span | null;
}

function finish(text: string, draft: Draft): Fence {
  const { whole, lines } = draft;
  const afterMarks = draft.marks[0]?.end ?? whole.start;
  const infoSpan = draft.info ?? { start: afterMarks, end: afterMarks };
  const words = text.slice(infoSpan.start, infoSpan.end).split(/\s+/);
  const newline = text.indexOf("\n", infoSpan.end);
  const start = newline === -1 ? text.length : newline + 1;
  const close = draft.marks[1];
  const end = close === undefined ? whole.end : text.lastIndexOf("\n", close.start) + 1;
  const indent = whole.start - (text.lastIndexOf("\n", whole.start - 1) + 1);
  const content = { start, end: Math.max(start, end) };
  const wordsFound = words.filter((word) => word !== "");
  return { whole, content, lines, indent, infoSpan, words: wordsFound };
}
