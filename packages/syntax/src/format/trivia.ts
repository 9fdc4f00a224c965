// What stands between two tokens: line ends, blank lines, comments, markdown blocks, joined lines.

import { isBlank } from "../char-codes.ts";

/** A comment, or a markdown block of code mode, as written; without trailing blanks. */
export interface Comment {
  readonly text: string;
  readonly start: number;
  /** Blanks before it on its line; a tab counts 2. */
  readonly column: number;
  /** Characters before it on its line. */
  readonly indent: number;
  /** A blank line stands before it. */
  readonly isApart: boolean;
}

/** What stands before a token. */
export interface Gap {
  /** A comment on the line of the token before. */
  readonly trailing: Comment | null;
  /** Comments on lines of their own. */
  readonly own: readonly Comment[];
  /** The token stands first on its line. */
  readonly hasNewline: boolean;
  /** A backslash joins its line to the one before. */
  readonly isJoined: boolean;
  /** A blank line stands directly before the token. */
  readonly isApart: boolean;
}

/** A gap without anything in it. */
export const NO_GAP: Gap = {
  trailing: null,
  own: [],
  hasNewline: false,
  isJoined: false,
  isApart: false,
};

/** What stands from `start` to `end` of the code. */
export function readGap(code: string, span: GapSpan): Gap {
  const { end } = span;
  const own: Comment[] = [];
  let trailing: Comment | null = null;
  let at = span.start;
  let lineStart = span.atLineStart ? at : -1;
  let newlines = span.atLineStart ? 1 : 0;
  let isJoined = false;
  while (at < end) {
    const char = code.charAt(at);
    if (char === "#" || code.startsWith("```", at)) {
      const stop = Math.min(char === "#" ? lineEndOf(code, at) : blockEndOf(code, at), end);
      const text = code.slice(at, stop).trimEnd();
      const columns = lineStart === -1 ? 0 : columnsOf(code, lineStart, at);
      const column = Math.max(0, columns - span.blockIndent);
      const indent = lineStart === -1 ? 0 : at - lineStart;
      const comment = { text, start: at, column, indent, isApart: newlines > 1 };
      if (lineStart === -1) trailing = comment;
      else own.push(comment);
      newlines = 0;
      at = stop;
    } else if (char === "\\") {
      isJoined = true;
      at += 2;
    } else {
      at += 1;
      if (char !== "\n") continue;
      newlines += 1;
      lineStart = at;
    }
  }
  return { trailing, own, hasNewline: lineStart !== -1, isJoined, isApart: newlines > 1 };
}

/** Where a gap lies. */
export interface GapSpan {
  readonly start: number;
  readonly end: number;
  /** Nothing of the code stands before the gap on its line. */
  readonly atLineStart: boolean;
  /** Columns that the container of the fenced block takes from each line. */
  readonly blockIndent: number;
}

function lineEndOf(code: string, from: number): number {
  const newline = code.indexOf("\n", from);
  return newline === -1 ? code.length : newline;
}

/** A markdown block lasts to the end of the line of its closing marks (language 1). */
function blockEndOf(code: string, from: number): number {
  const close = code.indexOf("```", from + 3);
  return lineEndOf(code, close === -1 ? code.length : close);
}

function columnsOf(code: string, start: number, end: number): number {
  let columns = 0;
  for (let at = start; at < end; at += 1) {
    if (isBlank(code.charCodeAt(at))) columns += code.charAt(at) === "\t" ? 2 : 1;
  }
  return columns;
}
