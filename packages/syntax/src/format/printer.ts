// Prints the tokens of one code block: indentation by the constructs that hold each line, blanks by
// the marks, line breaks as they are or as the lists demand.

import { BLOCK_WORDS } from "../block-words.ts";
import type { LayoutNotes, RawText } from "../layout-notes.ts";
import type { SourceFile } from "../source-file.ts";
import { NEW_LINE, SAME_LINE, type Token } from "../token.ts";
import { type Bracket, type Draft, isOpener, spreadOut } from "./brackets.ts";
import { LineWriter } from "./line-writer.ts";
import { isBlockRole, moveRole } from "./role-text.ts";
import { isSpaced } from "./spacing.ts";
import { type Comment, type Gap, NO_GAP } from "./trivia.ts";

/** Columns of a line; what is longer is broken where a list allows it. */
const LINE_WIDTH = 100;
const STEP = 2;

/** What is open around a token. */
type Frame =
  | {
      readonly kind: "bracket";
      readonly bracket: Bracket;
      readonly indent: number;
      readonly isSpread: boolean;
    }
  | { readonly kind: "lines"; readonly opener: number; indent: number };

/** What a printer works on. */
export interface PrinterInput {
  readonly draft: Draft;
  readonly file: SourceFile;
  readonly notes: LayoutNotes;
  /** What stands before each line of the block. */
  readonly prefix: string;
  /** What stands behind the last token. */
  readonly rest: Gap;
}

/** The lines of a block. */
export function printBlock(input: PrinterInput): string {
  return new Printer(input).print();
}

class Printer {
  readonly #input: PrinterInput;
  readonly #tokens: readonly Token[];
  readonly #writer: LineWriter;
  readonly #raw: RawCursor;
  /** Indentation of the output line on which each token stands, by the token's offset. */
  readonly #indents = new Map<number, number>();
  readonly #frames: Frame[] = [];
  /** A blank stands before the token, if the two stand on one line. */
  readonly #isSpaced: readonly boolean[];
  /** Widths of the tokens and blanks before each index, as if all stood on one line. */
  readonly #widths: readonly number[];
  readonly #lineEnds: readonly number[];
  #indent = 0;
  /** The columns of the lines of metadata around the current one, and where they went. */
  #rawLevels: RawLevel[] = [];
  /** Brackets that are open in the metadata so far, as the lexer counts them. */
  #rawDepth = 0;

  constructor(input: PrinterInput) {
    this.#input = input;
    this.#tokens = input.draft.tokens;
    this.#writer = new LineWriter(input.prefix);
    this.#raw = new RawCursor(input.notes.raw);
    this.#isSpaced = this.#tokens.map((_, index) => this.#isSpacedBefore(index));
    this.#widths = this.#measure();
    this.#lineEnds = this.#findLineEnds();
  }

  print(): string {
    this.#tokens.forEach((token, index) => {
      this.#printToken(token, index);
    });
    const isAfterRole = this.#isBlockRoleAt(this.#tokens.length - 1);
    const place = { indent: 0, column: 0, inner: this.#contentIndent(), isAfterRole };
    this.#printGap(this.#input.rest, place, null);
    return this.#writer.finish();
  }

  #isBlockRoleAt(index: number): boolean {
    const token = this.#tokens[index];
    return token !== undefined && isBlockRole(token);
  }

  /** After a soft keyword that is a name; a deeper line would be its block (language 2.2). */
  #isAfterName(index: number): boolean {
    const [before, token] = [this.#tokens[index - 1], this.#tokens[index]];
    const isWord = before?.kind === "name" && BLOCK_WORDS.has(before.text);
    return isWord && token !== undefined && !this.#input.notes.lines.has(token.start);
  }

  #printToken(token: Token, index: number): void {
    const { draft } = this.#input;
    const inner = this.#contentIndent();
    const raw = this.#raw.at(token);
    const isFirst = draft.newlines[index] === true;
    const closed = raw === null ? this.#close(token, index) : null;
    const own = raw === null ? this.#lineIndent(index, closed) : this.#rawIndent(token, raw);
    const isAfterRole = index > 0 && this.#isBlockRoleAt(index - 1);
    // Deeper than the role it would be part of the text, unless a comment has ended that.
    const isBound = isAfterRole && draft.gaps[index]?.own.length === 0;
    const isShallow = isBound || (raw === null && this.#isAfterName(index));
    const indent = isShallow ? Math.min(own, this.#indent) : own;
    const gap = draft.gaps[index] ?? NO_GAP;
    // Before the end of a list a comment stands with the items.
    const column = closed === null ? token.column : -1;
    this.#printGap(gap, { indent, column, inner, isAfterRole }, raw);
    if (isFirst) {
      this.#writer.startLine(indent, gap.isApart && token.line !== SAME_LINE);
      this.#indent = indent;
    } else this.#writeBlank(index, gap, raw);
    this.#indents.set(token.start, this.#indent);
    this.#writeToken(token, raw !== null);
    this.#rawDepth = raw === null ? 0 : depthAfter(this.#rawDepth, token);
    if (raw === null) this.#open(token, index);
    if (draft.commas[index] === true) this.#writer.write(",");
  }

  /** Comments before a token, or at the end of the block. */
  #printGap(gap: Gap, place: GapPlace, raw: RawText | null): void {
    const isRaw = raw !== null && gap.trailing !== null && gap.trailing.start > raw.span.start;
    if (gap.trailing !== null) this.#printTrailing(gap.trailing, isRaw);
    for (const comment of gap.own) {
      const isInner = comment.column > place.column;
      const indent = isInner ? Math.max(place.inner, place.indent) : place.indent;
      // Deeper it would be the text of the role.
      const bound = place.isAfterRole ? this.#indent : indent;
      this.#writer.writeComment(comment, Math.min(indent, bound));
    }
  }

  /** Keeps the blanks before a comment where the line before it is as it was. */
  #printTrailing(comment: Comment, isRaw: boolean): void {
    const { code } = this.#input.file;
    const lineStart = code.lastIndexOf("\n", comment.start - 1) + 1;
    const before = code.slice(lineStart + this.#input.prefix.length, comment.start);
    const blanks = before.length - before.trimEnd().length;
    const isSame = before.trimEnd() === this.#writer.line && !before.includes("\t");
    const isKept = isRaw || (blanks > 0 && isSame);
    this.#writer.write(isKept ? before.slice(before.length - blanks) : "  ");
    this.#writer.writeLines(comment.text);
  }

  #writeBlank(index: number, gap: Gap, raw: RawText | null): void {
    const left = this.#tokens[index - 1];
    const right = this.#tokens[index];
    if (left === undefined || right === undefined) return;
    if (raw !== null) {
      const isStart = right.start === raw.span.start || left.start < raw.span.start;
      const blanks = this.#input.file.source.text.slice(left.end, right.start);
      const isTight = blanks === "" || this.#input.notes.marks.get(left.start) === "tight";
      if (isStart) this.#writer.write(isTight ? "" : " ");
      else this.#writer.writeLines(blanks);
    } else if (gap.isJoined) {
      this.#writer.write(" \\");
      this.#writer.startLine(this.#indent + STEP, false);
    } else if (this.#isSpaced[index] === true) {
      this.#writer.write(" ");
    }
  }

  #isSpacedBefore(index: number): boolean {
    const left = this.#tokens[index - 1];
    const right = this.#tokens[index];
    if (left === undefined || right === undefined) return false;
    const next = this.#tokens[index + 1] ?? null;
    return isSpaced({ left, right, next, notes: this.#input.notes });
  }

  #writeToken(token: Token, isRaw: boolean): void {
    const { file, prefix } = this.#input;
    const text = file.source.text.slice(token.start, token.end);
    if (token.kind !== "role") this.#writer.writeLines(text);
    else if (isRaw && !text.includes("\n")) this.#writer.write(text);
    else if (!text.trimEnd().includes("\n")) this.#writer.write(text.trimEnd());
    else {
      const indent = this.#indent + STEP;
      this.#writer.writeLines(moveRole(file.code, token, { prefix, indent }));
    }
  }

  /** Leaves what ends at or before the token. Gives the bracket that it closes. */
  #close(token: Token, index: number): Frame | null {
    if (isCloser(token)) {
      const closed = this.#frames.findLastIndex(
        (frame) => frame.kind === "bracket" && frame.bracket.close === index,
      );
      if (closed !== -1) return this.#frames.splice(closed)[0] ?? null;
    }
    const note = this.#input.notes.lines.get(token.start);
    if (note === undefined || note.kind === "same") return null;
    if (note.kind === "top") {
      this.#frames.length = 0;
      return null;
    }
    const { opener } = note;
    const at = this.#frames.findLastIndex((f) => f.kind === "lines" && f.opener === opener);
    if (at !== -1) this.#frames.length = note.kind === "close" ? at : at + 1;
    return null;
  }

  /** The indentation that the token has if it begins a line. Opens the lines that it begins. */
  #lineIndent(index: number, closed: Frame | null): number {
    const token = this.#tokens[index];
    const note = token === undefined ? undefined : this.#input.notes.lines.get(token.start);
    if (closed !== null) return closed.indent;
    if (note === undefined) return this.#continuedIndent(index);
    switch (note.kind) {
      case "top":
        this.#frames.push({ kind: "lines", opener: -1, indent: 0 });
        return 0;
      case "inside":
        return this.#enterLine(index, note.opener);
      default:
        return this.#indents.get(note.opener) ?? 0;
    }
  }

  /** A line of the lines of `opener`, one level deeper than that one. */
  #enterLine(index: number, opener: number): number {
    const indent = (this.#indents.get(opener) ?? 0) + STEP;
    const isFirst = this.#input.draft.newlines[index] === true;
    const own = isFirst ? indent : this.#indent;
    const top = this.#frames[this.#frames.length - 1];
    if (top?.kind === "lines" && top.opener === opener) top.indent = own;
    else this.#frames.push({ kind: "lines", opener, indent: own });
    return indent;
  }

  /** A line that goes on with what the line before it began. */
  #continuedIndent(index: number): number {
    const top = this.#frames[this.#frames.length - 1];
    if (top === undefined) return 0;
    if (top.kind === "lines") return top.indent + STEP;
    const before = this.#tokens[index - 1]?.start ?? -1;
    const isItem = index === top.bracket.open + 1 || this.#input.notes.commas.has(before);
    return top.indent + (top.isSpread && !isItem ? STEP * 2 : STEP);
  }

  #contentIndent(): number {
    const top = this.#frames[this.#frames.length - 1];
    if (top === undefined) return 0;
    return top.kind === "lines" ? top.indent : top.indent + STEP;
  }

  /**
   * Lines of metadata keep their distance to the line that they stand inside of, the first ones to
   * the line of their header. A line between two levels joins the deeper one (E0003). A line that
   * continues or begins inside brackets closes no level: its column is not checked (language 2.1).
   */
  #rawIndent(token: Token, raw: RawText): number {
    const { start, column } = raw.header;
    if (this.#rawLevels[0]?.header !== start) {
      this.#rawLevels = [{ header: start, column, indent: this.#indents.get(start) ?? 0 }];
    }
    const isDeeper = token.column > (this.#rawLevels.at(-1)?.column ?? 0);
    const isInside = this.#rawDepth > 0;
    const isUnchecked = isInside || (token.line !== NEW_LINE && !isDeeper);
    const levels = isUnchecked ? [...this.#rawLevels] : this.#rawLevels;
    let passed = null;
    while (levels.length > 1 && (levels[levels.length - 1]?.column ?? 0) > token.column) {
      passed = levels.pop() ?? null;
    }
    const around = levels[levels.length - 1];
    if (around === undefined || around.column >= token.column) return around?.indent ?? 0;
    const indent = passed?.indent ?? around.indent + token.column - around.column;
    levels.push({ header: start, column: token.column, indent });
    return indent;
  }

  #open(token: Token, index: number): void {
    const { draft } = this.#input;
    const bracket = isOpener(token) ? draft.brackets.get(index) : undefined;
    if (bracket === undefined) return;
    const { commas, close } = bracket;
    if (commas !== null && draft.newlines[close] !== true && this.#isTooLong(bracket)) {
      spreadOut(draft, bracket);
    }
    const isSpread = commas !== null && draft.newlines[close] === true;
    this.#frames.push({ kind: "bracket", bracket, indent: this.#indent, isSpread });
  }

  /** The line ends too far right, and this bracket is the one to break it at. */
  #isTooLong({ open, close }: Bracket): boolean {
    if (close === open + 1) return false;
    const last = Math.min(this.#lineEnds[open] ?? open, this.#itemEnd(open));
    const { column } = this.#writer;
    const columnAfter = (index: number): number => {
      const comma = this.#input.draft.commas[index] === true ? 1 : 0;
      return column + comma + (this.#widths[index + 1] ?? 0) - (this.#widths[open + 1] ?? 0);
    };
    // Breaking here does not help a line that is too long before the bracket.
    if (columnAfter(last) <= LINE_WIDTH || column > LINE_WIDTH) return false;
    if (close > last || columnAfter(close) > LINE_WIDTH) return true;
    return !this.#hasListBetween(close, last);
  }

  /** The last token of the item of a spread list that the current token belongs to. */
  #itemEnd(here: number): number {
    const frame = this.#frames.findLast((f) => f.kind === "bracket" && f.isSpread);
    if (frame?.kind !== "bracket") return this.#tokens.length;
    const { commas, close } = frame.bracket;
    return firstAfter(commas ?? [], here) ?? close - 1;
  }

  #hasListBetween(from: number, last: number): boolean {
    const { brackets } = this.#input.draft;
    for (let index = from + 1; index <= last; index += 1) {
      const bracket = brackets.get(index);
      if (bracket !== undefined && bracket.commas !== null && bracket.close > index + 1)
        return true;
      if ((this.#widths[index] ?? 0) - (this.#widths[from] ?? 0) > LINE_WIDTH) return false;
    }
    return false;
  }

  #measure(): readonly number[] {
    const { text } = this.#input.file.source;
    const widths = [0];
    this.#tokens.forEach(({ start, end }, index) => {
      const token = text.slice(start, end);
      const newline = token.indexOf("\n");
      const width = newline === -1 ? token.length : newline;
      const blank = this.#isSpaced[index] === true ? 1 : 0;
      widths.push((widths[index] ?? 0) + blank + width);
    });
    return widths;
  }

  /** For each token the last one of its line; text over several lines ends one. */
  #findLineEnds(): readonly number[] {
    const { draft, file } = this.#input;
    const ends: number[] = [];
    for (let index = this.#tokens.length - 1; index >= 0; index -= 1) {
      const token = this.#tokens[index];
      const isBroken = token !== undefined && isOverLines(file.source.text, token);
      const isLast =
        draft.newlines[index + 1] !== false || draft.gaps[index + 1]?.isJoined === true;
      ends[index] = isBroken || isLast ? index : (ends[index + 1] ?? index);
    }
    return ends;
  }
}

/** The first of ascending numbers above `bound`. */
function firstAfter(numbers: readonly number[], bound: number): number | undefined {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) > bound) high = middle;
    else low = middle + 1;
  }
  return numbers[low];
}

interface RawLevel {
  readonly header: number;
  readonly column: number;
  readonly indent: number;
}

interface GapPlace {
  /** Indentation and original column of the token behind the gap. */
  readonly indent: number;
  readonly column: number;
  /** Indentation of what stands before the gap. */
  readonly inner: number;
  /** The gap follows a role whose text is in the lines below it. */
  readonly isAfterRole: boolean;
}

function isCloser(token: Token): boolean {
  return token.kind === ")" || token.kind === "]" || token.kind === "}";
}

/** Open brackets behind a token; a closing one that closes nothing counts nothing. */
function depthAfter(depth: number, token: Token): number {
  if (["(", "[", "?[", "{"].includes(token.kind)) return depth + 1;
  return isCloser(token) ? Math.max(0, depth - 1) : depth;
}

function isOverLines(text: string, { start, end }: Token): boolean {
  return text.slice(start, end).includes("\n");
}

/** Finds the metadata that tokens belong to; they come in order. */
export class RawCursor {
  readonly #raw: readonly RawText[];
  #next = 0;

  constructor(raw: readonly RawText[]) {
    this.#raw = [...raw].sort((a, b) => a.span.start - b.span.start);
  }

  /** The metadata around the token, or null. */
  at(token: Token): RawText | null {
    while ((this.#raw[this.#next]?.span.end ?? Number.POSITIVE_INFINITY) <= token.start) {
      this.#next += 1;
    }
    const raw = this.#raw[this.#next];
    return raw !== undefined && raw.span.start <= token.start ? raw : null;
  }
}
