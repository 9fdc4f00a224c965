// The document before its line ends were normalised (language 1): what is not code keeps its bytes.

/** A text addressed by the offsets that it has after normalisation to LF. */
export class OriginalText {
  readonly #text: string;
  /** Offsets, in the original, of the CRs that normalisation removes; ascending. */
  readonly #removed: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const removed: number[] = [];
    for (let at = text.indexOf("\r\n"); at !== -1; at = text.indexOf("\r\n", at + 2)) {
      removed.push(at);
    }
    this.#removed = removed;
  }

  /** The original of what stands from `start` to `end` after normalisation. */
  slice(start: number, end: number): string {
    return this.#text.slice(this.#originalOf(start), this.#originalOf(end));
  }

  /** New lines with the line ends of the line before `offset`, or of the first line. */
  withLineEnds(lines: string, offset: number): string {
    const at = this.#originalOf(offset);
    const from = at === 0 ? this.#text.indexOf("\n") : at - 1;
    const isCrlf = from > 0 && this.#text.startsWith("\r\n", from - 1);
    const marked = at === 0 && this.#text.charCodeAt(0) === 0xfeff ? `\ufeff${lines}` : lines;
    return isCrlf ? marked.replaceAll("\n", "\r\n") : marked;
  }

  /** Removed CRs before a normalised offset shift it; found by bisection. */
  #originalOf(offset: number): number {
    let low = 0;
    let high = this.#removed.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#removed[middle] ?? 0) - middle < offset) low = middle + 1;
      else high = middle;
    }
    return offset + low;
  }
}
