// What all parts of the lexer share: the position, the tokens so far, the line and its indentation.

import type { Diagnostic, DiagnosticCode, Span } from "@lumen/core/diagnostic";
import { CODE, isBlank } from "./char-codes.ts";
import type { Landmark } from "./landmarks.ts";
import type { SourceFile } from "./source-file.ts";
import {
  CONTINUED_LINE,
  CONTINUES_LINE,
  CONTINUING_WORDS,
  type LinePlace,
  NEEDS_OPERAND,
  NEW_LINE,
  SAME_LINE,
  type Token,
  type TokenKind,
  type TokenValue,
} from "./token.ts";
import { WordTable } from "./word-table.ts";

/** A docstring that waits for the declaration it belongs to (language 1). */
interface PendingDoc {
  readonly text: string;
  readonly span: Span;
}

/** Where role text that spans lines begins and ends, and what its end depends on. */
interface RoleLines {
  readonly from: number;
  readonly end: number;
  readonly column: number | null;
  readonly limit: number;
}

/** Spellings that can start a declaration: a markdown block before one of them is its docstring. */
const DECLARATION_STARTS: ReadonlySet<string> = new Set(
  (
    "@ pub record enum cell async extern type const trait impl agent effect bind handler use " +
    "grant import macro active typestate session actor supervisor pipeline orchestration machine " +
    "memory guardrail eval pattern"
  ).split(" "),
);

/** What programs have on average and a little more: growing lists are copied again and again. */
const TOKENS_PER_CHARACTER = 0.4;

/** State of one lexer run. A class because position and output are the point (style 2.3). */
export class LexerState {
  readonly file: SourceFile;
  readonly code: string;
  readonly diagnostics: Diagnostic[] = [];
  readonly words: WordTable = new WordTable();
  /** In the order of their places. */
  readonly landmarks: Landmark[] = [];
  /** The tokens so far, with room for those to come: `tokenCount` of them are there. */
  readonly tokens: Token[];
  tokenCount = 0;
  pos = 0;
  /** End of what may be read: of the block, or of the line inside a single-line string. */
  limit = 0;
  /** Indentation of the current line, without what the block's container takes. */
  column = 0;
  /** Columns that the container of the fenced block takes from each line. */
  blockIndent = 0;
  atLineStart = true;
  /** Open brackets of all kinds, and braces among them; both count from the interpolation. */
  bracketDepth = 0;
  braceDepth = 0;
  interpolationDepth = 0;
  pendingDoc: PendingDoc | null = null;
  /** The lines of the last role text, for the next one in the same lines (lex-role.ts). */
  roleLines: RoleLines = { from: 0, end: -1, column: null, limit: -1 };
  /** Set once E0016 is reported: the strings around the place are cut off for that reason only. */
  isTooDeep = false;

  /** Columns opened so far in this block (language 2.1, E0003). */
  #columns: number[] = [0];
  #lineEndFrom = 0;
  #lineEndCached = -1;
  #textEndOf = -1;
  #textEndCached = -1;

  constructor(file: SourceFile) {
    this.file = file;
    this.code = file.code;
    const length = file.blocks.reduce((sum, { span }) => sum + span.end - span.start, 0);
    this.tokens = new Array<Token>(Math.ceil(length * TOKENS_PER_CHARACTER) + 1);
  }

  /** Appends a token. */
  add(token: Token): void {
    this.tokens[this.tokenCount] = token;
    this.tokenCount += 1;
  }

  /** The token before this place, if there is one. */
  get previous(): Token | undefined {
    return this.tokenCount === 0 ? undefined : this.tokens[this.tokenCount - 1];
  }

  /** Takes the tokens from `index` on out of the list. */
  takeFrom(index: number): readonly Token[] {
    const taken = this.tokens.slice(index, this.tokenCount);
    this.tokenCount = index;
    return taken;
  }

  /** Starts a fenced block: columns and brackets count afresh. */
  enterBlock(span: Span, indent: number): void {
    this.pos = span.start;
    this.limit = span.end;
    this.#columns = [];
    this.blockIndent = indent;
    this.bracketDepth = 0;
    this.braceDepth = 0;
    this.pendingDoc = null;
    this.startLine();
  }

  /** Reads the indentation of the line at `pos` and moves to its first other character. */
  startLine(): void {
    let columns = 0;
    for (; this.pos < this.limit; this.pos += 1) {
      const code = this.code.charCodeAt(this.pos);
      if (!isBlank(code)) break;
      columns += code === CODE.tab ? 2 : 1;
    }
    this.column = Math.max(0, columns - this.blockIndent);
    this.atLineStart = true;
  }

  /** Appends a token that ends at `pos`. */
  push(kind: TokenKind, text: string, start: number, value: TokenValue = null): void {
    let line: LinePlace = SAME_LINE;
    if (this.atLineStart) {
      if (this.pendingDoc !== null) this.#pushDoc(text);
      line = this.#linePlace(kind);
      if (line === NEW_LINE) this.#checkColumn(start);
      else this.#openColumn();
      this.atLineStart = false;
    }
    this.add({ kind, text, start, end: this.pos, column: this.column, line, value });
  }

  /** Collects a diagnostic. */
  report(code: DiagnosticCode, span: Span, message: string, help?: string): void {
    const source = this.file.source;
    const more = help === undefined ? {} : { help };
    this.diagnostics.push({ code, severity: "error", message, source, span, ...more });
  }

  /** Offset of the next newline from `from`, at most `limit`; cached: O(1) within one line. */
  lineEnd(from: number): number {
    if (from < this.#lineEndFrom || from > this.#lineEndCached) {
      const found = this.code.indexOf("\n", from);
      this.#lineEndFrom = from;
      this.#lineEndCached = found === -1 ? this.code.length : found;
    }
    return Math.min(this.#lineEndCached, this.limit);
  }

  /** End of the text before the line end at `lineEnd`, without trailing blanks; cached. */
  textEnd(lineEnd: number): number {
    if (this.#textEndOf !== lineEnd) {
      let end = lineEnd;
      while (end > 0 && isBlank(this.code.charCodeAt(end - 1))) end -= 1;
      this.#textEndOf = lineEnd;
      this.#textEndCached = end;
    }
    return this.#textEndCached;
  }

  #pushDoc(nextText: string): void {
    const doc = this.pendingDoc;
    this.pendingDoc = null;
    if (doc === null || this.bracketDepth > 0 || !DECLARATION_STARTS.has(nextText)) return;
    const { start, end } = doc.span;
    const column = this.column;
    this.add({
      kind: "doc",
      text: "",
      start,
      end,
      column,
      line: NEW_LINE,
      value: doc.text,
    });
  }

  #linePlace(kind: TokenKind): LinePlace {
    if (!CONTINUES_LINE.has(kind)) return NEW_LINE;
    // A line that is only `in` belongs to an addon, one that begins with `in:` to a record, and
    // neither continues (language 2.1 c).
    if (!CONTINUING_WORDS.has(kind)) return CONTINUED_LINE;
    const next = this.#nextOnLine();
    return next === CODE.colon || (kind === "in" && next === null) ? NEW_LINE : CONTINUED_LINE;
  }

  /** Code of the next character of this line that is no blank; null at its end. */
  #nextOnLine(): number | null {
    let at = this.pos;
    while (at < this.limit && isBlank(this.code.charCodeAt(at))) at += 1;
    const code = this.code.charCodeAt(at);
    return at >= this.limit || code === CODE.newline || code === CODE.hash ? null : code;
  }

  /** A continuing line is not checked, but a block in it may return to its column. */
  #openColumn(): void {
    if (this.bracketDepth > 0 || this.interpolationDepth > 0) return;
    const top = this.#columns[this.#columns.length - 1];
    if (top !== undefined && this.column > top) this.#columns.push(this.column);
  }

  /** E0003: a dedent to a column never opened; brackets and continuing lines do not count. */
  #checkColumn(start: number): void {
    if (this.bracketDepth > 0 || this.interpolationDepth > 0) return;
    const columns = this.#columns;
    let top = columns[columns.length - 1];
    if (top === undefined || this.column > top) {
      columns.push(this.column);
      return;
    }
    const { previous } = this;
    if (previous !== undefined && NEEDS_OPERAND.has(previous.kind)) return;
    while (top !== undefined && top > this.column) {
      columns.pop();
      top = columns[columns.length - 1];
    }
    if (top === this.column) return;
    columns.push(this.column);
    if (top === undefined) return;
    const span = { start: this.code.lastIndexOf("\n", start - 1) + 1, end: start };
    const message = `expected the indentation of an enclosing line, found ${this.column} columns`;
    this.report("E0003", span, `${message}, which no enclosing line has`);
  }
}
