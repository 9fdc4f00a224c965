// Where something stands in a source text. Line and column are derived, never stored.

/** Half-open interval of UTF-16 offsets in one source file (after CRLF normalisation). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A source text and its name, with an index of its lines. */
export interface SourceText {
  /** Path as shown to people: relative to the project root, `/`-separated. */
  readonly path: string;
  readonly text: string;
  /** Offset of the first character of every line, ascending; the first is 0. */
  readonly lineStarts: readonly number[];
}

/** Line and column, both counted from 1; the column counts UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Builds the line index of a text. CRLF must already be normalised to LF. */
export function makeSourceText(path: string, text: string): SourceText {
  const lineStarts = [0];
  for (let i = text.indexOf("\n"); i !== -1; i = text.indexOf("\n", i + 1)) lineStarts.push(i + 1);
  return { path, text, lineStarts };
}

/** Position of an offset; offsets past the end give the position of the end. O(log lines). */
export function positionOf(source: SourceText, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if ((source.lineStarts[mid] ?? 0) <= clamped) low = mid;
    else high = mid - 1;
  }
  return { line: low + 1, column: clamped - (source.lineStarts[low] ?? 0) + 1 };
}

/** Text of line `line` (from 1) without its newline; empty when there is no such line. */
export function lineText(source: SourceText, line: number): string {
  const start = source.lineStarts[line - 1];
  if (start === undefined) return "";
  const next = source.lineStarts[line];
  return source.text.slice(start, next === undefined ? source.text.length : next - 1);
}
