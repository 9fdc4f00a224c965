// What the formatter needs to know of a parse besides the tree: the role of marks that are spelled
// alike, which lines a block holds, which brackets are lists, and what is kept as text. The parser
// writes it down only when it is asked to. Tokens are named by the offset of their first character.

import type { Span } from "@lumen/core/diagnostic";

/**
 * How a token stands to its neighbours: `prefix` before its operand, `postfix` behind what it
 * belongs to, `tight` between two parts of one name, bars around or between names, and the brace of
 * a block.
 */
export type SpacingMark =
  | "prefix"
  | "postfix"
  | "tight"
  | "barOpen"
  | "barMid"
  | "barClose"
  | "blockBrace";

/**
 * What a token at the start of a line is to the construct whose first token is at `opener`:
 * `inside` one level deeper, `close` in its column and the end of its lines, `same` in its column.
 * `top`: in the first column.
 */
export type LineNote =
  | { readonly kind: "top" }
  | { readonly kind: "inside" | "close" | "same"; readonly opener: number };

/** The first token of a line that others belong to. */
export interface Header {
  readonly start: number;
  readonly column: number;
}

/** Metadata: blanks inside its lines stay as they are; its lines move with the header's. */
export interface RawText {
  readonly span: Span;
  /** The first token of the construct, and the indentation of its line. */
  readonly header: Header;
}

/** Notes of one parse. Written by the parser, read by the formatter. */
export class LayoutNotes {
  readonly marks: Map<number, SpacingMark> = new Map();
  readonly lines: Map<number, LineNote> = new Map();
  /** Opening brackets of comma lists that may end in a comma. */
  readonly lists: Set<number> = new Set();
  /** Commas between the items of brackets. */
  readonly commas: Set<number> = new Set();
  /** Tokens that mean something else at the start of a line. */
  readonly pinned: Set<number> = new Set();
  readonly raw: RawText[] = [];
}
