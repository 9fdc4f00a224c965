// The parser's shared state: current token, layout of lines, depth, diagnostics and panic mode.
// It knows no construct; those are functions over it in the parse-*.ts files.

import type { Diagnostic, DiagnosticCode, Label, Span } from "@lumen/core/diagnostic";
import type { Attribute, Block, Expr, Name, Statement } from "./ast.ts";
import { describeToken } from "./describe-token.ts";
import { foreignHelp, missingEndHelp } from "./foreign.ts";
import type { Landmark } from "./landmarks.ts";
import type { Header, LayoutNotes, SpacingMark } from "./layout-notes.ts";
import { NESTING_DEPTH_MAX, SYNTAX_ERROR_COUNT_MAX } from "./limits.ts";
import { COMPOUND, INFIX } from "./operators.ts";
import type { SourceFile } from "./source-file.ts";
import { isWord, NEEDS_OPERAND, NEW_LINE, SAME_LINE, type Token, type TokenKind } from "./token.ts";

/**
 * What the innermost open construct makes of a line end (language 2.1): `lines` a NEWLINE, `header`
 * a NEWLINE that a leading `-` never continues, `bracket` nothing.
 */
export type Layout = "lines" | "header" | "bracket";

/** The token that opened a block, for the report of a missing `end`. */
export interface Opener {
  readonly token: Token;
  readonly column: number;
}

/** Where a block of statements may end besides `end`. */
export interface BlockOptions {
  readonly opener: Opener;
  /** `else`: also `else` and `elif`, of an `if`; `with`: only the `with` of a `handle`. */
  readonly until: "end" | "else" | "with";
  /** Column of an arm, whose body ends at the dedent to it; null for blocks that run to `end`. */
  readonly armColumn: number | null;
}

/** The mutually recursive rules, handed in so that the grammar's files form no import cycle. */
export interface Rules {
  readonly expression: (parser: Parser) => Expr;
  readonly statement: (parser: Parser) => Statement;
  readonly block: (parser: Parser, options: BlockOptions, first?: Statement) => Block;
  readonly startsDeclaration: (parser: Parser) => boolean;
}

/** What {@link Parser.report} takes. */
export interface SyntaxReport {
  readonly code: DiagnosticCode;
  readonly span: Span;
  readonly message: string;
  readonly help?: string;
  readonly labels?: readonly Label[];
}

/** An `end` that closed a block indented deeper: the likely place of a missing one. */
interface SuspectEnd {
  readonly opener: Opener;
  readonly end: Token;
}

/** State of one parser run. Nothing here throws; after an error all rules see a `stop` token. */
export class Parser {
  readonly rules: Rules;
  readonly file: SourceFile;
  /** Where to note the layout, for the formatter; null while compiling. */
  readonly notes: LayoutNotes | null;
  readonly diagnostics: Diagnostic[] = [];
  /** Constructs that are told by their place and not by a spelling. */
  readonly landmarks: Landmark[] = [];
  /** The current token; a `stop` token while {@link isPanicking}. */
  tok: Token;
  prevEnd = 0;
  prevKind: TokenKind = "eof";
  layout: Layout = "lines";
  /** Indentation of the line on which the current statement began. */
  statementColumn = 0;
  /** Column of the block or declaration around the current line; -1 at top level. */
  blockColumn = -1;
  /** Index of the token with which the current statement, arm or member began. */
  #statementStart = -1;
  /** Enclosing constructs that could take a stray `else`, `with` or closing bracket. */
  openIfs = 0;
  openHandles = 0;
  openBrackets = 0;
  /** Starts of the openers whose block stands in braces: reported, and ended by `}`. */
  readonly bracedBlocks: Set<number> = new Set();
  isPanicking = false;
  /** Set where a statement is a declaration. */
  hasLocalItems = false;
  errorCount = 0;
  /** Attributes of the statement that begins, for the loop that takes them. */
  attributes: readonly Attribute[] = [];

  #tokens: readonly Token[];
  #index = 0;
  #depth = 0;
  #missingEndAt = -1;
  /** The token where parsing goes on after E0016: what is due there says nothing new. */
  #gaveUpAt = -1;
  #suspectEnd: SuspectEnd | null = null;
  /** The last span that was made. */
  #span: Span = { start: -1, end: -1 };

  constructor(file: SourceFile, tokens: readonly Token[], rules: Rules, notes: LayoutNotes | null) {
    this.rules = rules;
    this.file = file;
    this.notes = notes;
    this.#tokens = tokens;
    this.tok = tokens[0] ?? endToken(file.code.length);
  }

  /** Index of the current token, to see whether anything was consumed. */
  get index(): number {
    return this.#index;
  }

  /** The token after the current one. */
  peek(distance = 1): Token {
    if (this.isPanicking) return this.tok;
    return this.#tokens[this.#index + distance] ?? this.tok;
  }

  /** True when the current token is of this kind. */
  at(kind: TokenKind): boolean {
    return this.tok.kind === kind;
  }

  /** True at the soft keyword `text`. */
  atName(text: string): boolean {
    return this.tok.kind === "name" && this.tok.text === text;
  }

  /** True at the end of the input, of a fenced block, or of an interpolation. */
  atEnd(): boolean {
    return this.tok.kind === "eof" || this.tok.kind === "blockEnd";
  }

  /** Takes the current token; ends are never passed, see {@link nextBlock}. */
  advance(): Token {
    const token = this.tok;
    if (this.isPanicking || this.atEnd()) return token;
    this.prevEnd = token.end;
    this.prevKind = token.kind;
    this.#index += 1;
    this.tok = this.#tokens[this.#index] ?? token;
    return token;
  }

  /** Moves over the end of a fenced block. */
  nextBlock(): void {
    if (!this.at("blockEnd")) return;
    this.#index += 1;
    this.tok = this.#tokens[this.#index] ?? this.tok;
  }

  /** Takes the current token if it is of this kind. */
  accept(kind: TokenKind): boolean {
    if (this.tok.kind !== kind) return false;
    this.advance();
    return true;
  }

  /** Takes the soft keyword `text` if it stands here. */
  acceptName(text: string): boolean {
    if (!this.atName(text)) return false;
    this.advance();
    return true;
  }

  /** Takes the comma behind an item of a bracketed list. */
  acceptComma(): boolean {
    if (this.at(",")) this.notes?.commas.add(this.tok.start);
    return this.accept(",");
  }

  /** Takes a token of this kind, or reports that it was expected. */
  expect(kind: TokenKind, expected: string): boolean {
    if (this.accept(kind)) return true;
    this.unexpected(expected);
    return false;
  }

  /** Notes the role of a token, by default of the current one. */
  mark(mark: SpacingMark, token: Token = this.tok): void {
    this.notes?.marks.set(token.start, mark);
  }

  /** Notes that a line that starts here stands in the first column. */
  noteTop(): void {
    this.notes?.lines.set(this.tok.start, { kind: "top" });
  }

  /** Notes that a line may start here, one level inside of `opener`. */
  noteInside(opener: Token): void {
    this.notes?.lines.set(this.tok.start, { kind: "inside", opener: opener.start });
  }

  /** Notes that the current token ends the lines of `opener`. */
  noteClose(opener: Token): void {
    this.notes?.lines.set(this.tok.start, { kind: "close", opener: opener.start });
  }

  /** Notes that a line that starts here stands in the column of the token at `start`. */
  noteSame(start: number): void {
    if (this.tok.start !== start)
      this.notes?.lines.set(this.tok.start, { kind: "same", opener: start });
  }

  /** The note of a token that is passed over holds for the current one. */
  carryNote(start: number): void {
    const note = this.notes?.lines.get(start);
    if (note !== undefined) this.notes?.lines.set(this.tok.start, note);
  }

  /** Notes that what stands from `start` up to here is kept as text. */
  noteRaw(start: number, header: Header): void {
    if (this.prevEnd <= start) return;
    this.notes?.raw.push({ span: { start, end: this.prevEnd }, header });
  }

  /** A name; with `anyWord` also a keyword (language 2.2). */
  name(expected: string, anyWord = false): Name {
    const { tok } = this;
    const isHere = tok.kind === "name" || (anyWord && isWord(tok));
    if (isHere && !this.isPastLine()) {
      this.advance();
      return { text: tok.text, span: this.spanFrom(tok.start) };
    }
    this.unexpected(expected);
    return { text: "", span: { start: this.prevEnd, end: this.prevEnd } };
  }

  /** Marks the current token as the first of a statement, arm or member. */
  beginStatement(): void {
    this.statementColumn = this.tok.column;
    this.#statementStart = this.#index;
  }

  /**
   * From `start` to the end of the last token taken. Nodes that are all of one another, such as a
   * name, the type that it is and the statement that this is, get the same span: they are many.
   */
  spanFrom(start: number): Span {
    const end = Math.max(start, this.prevEnd);
    if (this.#span.start !== start || this.#span.end !== end) this.#span = { start, end };
    return this.#span;
  }

  /** True when a NEWLINE stands before the current token (language 2.1). */
  atNewline(): boolean {
    const { tok, layout } = this;
    if (tok.line !== NEW_LINE || layout === "bracket") return false;
    return !(tok.kind === "-" && layout === "lines" && tok.column > this.statementColumn);
  }

  /**
   * True when what is due was due on the line before: the line has ended, and not after a token
   * that still needs an operand. Never at the start of a statement, arm or member.
   */
  isPastLine(): boolean {
    if (this.#statementStart === this.#index || !this.atNewline()) return false;
    return this.prevKind !== "doc" && !NEEDS_OPERAND.has(this.prevKind);
  }

  /** True when the current token stands on the line of the one before. */
  onSameLine(): boolean {
    return this.tok.line === SAME_LINE;
  }

  /** True when the current token directly follows the previous one. */
  touches(): boolean {
    return this.tok.start === this.prevEnd;
  }

  /** Opens one level of nesting; false, with E0016 reported, when it is one too many. */
  enter(): boolean {
    this.#depth += 1;
    if (this.#depth <= NESTING_DEPTH_MAX) return true;
    const span = { start: this.tok.start, end: this.tok.end };
    this.giveUp(span, `this nests deeper than ${NESTING_DEPTH_MAX} levels`);
    return false;
  }

  /** Closes a level that {@link enter} opened, whatever it returned. */
  leave(): void {
    this.#depth -= 1;
  }

  /** Parses `tokens`, which end with `eof`, in place of the current ones. */
  within<T>(tokens: readonly Token[], rule: () => T): T {
    const saved = { tokens: this.#tokens, index: this.#index, tok: this.tok };
    const { prevEnd, prevKind, layout } = this;
    const gaveUpAt = this.#gaveUpAt;
    this.#gaveUpAt = -1;
    this.#tokens = tokens;
    this.#index = 0;
    this.tok = tokens[0] ?? endToken(prevEnd);
    this.prevEnd = this.tok.start;
    this.prevKind = "{";
    this.layout = "bracket";
    const value = rule();
    this.#tokens = saved.tokens;
    this.#index = saved.index;
    this.#gaveUpAt = gaveUpAt;
    this.tok = this.isPanicking ? stopToken(saved.tok) : saved.tok;
    this.prevEnd = prevEnd;
    this.prevKind = prevKind;
    this.layout = layout;
    return value;
  }

  /** The tokens from `index` up to the current one, as {@link within} wants them. */
  tokensFrom(index: number): readonly Token[] {
    return [...this.#tokens.slice(index, this.#index), endToken(this.prevEnd)];
  }

  /** What a rule gives, or null, without any report, when it found a syntax error. */
  attempt<T>(rule: () => T): T | null {
    const { errorCount, diagnostics } = this;
    const count = diagnostics.length;
    const missingEndAt = this.#missingEndAt;
    const value = rule();
    // A number too large and a missing `end` are reported without panic; only the first parses.
    const isBroken = this.isPanicking || diagnostics.slice(count).some((d) => d.code !== "E0004");
    if (!isBroken) return value;
    diagnostics.length = count;
    this.errorCount = errorCount;
    this.#missingEndAt = missingEndAt;
    this.resume();
    return null;
  }

  /** Reports what was due here: E0011 at the end of the input, else E0010; then panics. */
  unexpected(expected: string, help?: string): void {
    // The end of an interpolation is a brace, not the end of the input.
    const isEndOfInput = this.atEnd() && this.tok.text === "";
    this.failHere(isEndOfInput ? "E0011" : "E0010", expected, help);
  }

  /** Reports `code` at the current token and panics. */
  failHere(code: DiagnosticCode, expected: string, help?: string): void {
    const { tok } = this;
    // What is due on this line is missing at the end of the line, not at the next one.
    const isInside = this.#statementStart !== this.#index && !this.atEnd();
    const isLineOver = isInside && this.atNewline() && code === "E0010";
    const found = isLineOver ? "the end of the line" : describeToken(tok);
    const span = isLineOver
      ? { start: this.prevEnd, end: this.prevEnd }
      : { start: tok.start, end: tok.end };
    const message = `expected ${expected}, found ${found}`;
    const more = help ?? foreignHelp(this.#tokens, this.#index, this.#statementStart);
    this.fail({ code, span, message, ...(more === null ? {} : { help: more }) });
  }

  /** Reports an error and panics: until {@link resume} every rule sees a `stop` token. */
  fail(error: SyntaxReport): void {
    if (this.isPanicking) return;
    if (!this.hasGivenUp) this.report(error);
    this.isPanicking = true;
    this.tok = stopToken(this.tok);
  }

  /**
   * Reports E0016 and panics. What nests too deep cannot be told apart from what stands around it:
   * parsing goes on at the next line in column 1 that starts a declaration, and all that is
   * unfinished there ends without a word.
   */
  giveUp(span: Span, message: string): void {
    if (this.isPanicking) return;
    this.report({ code: "E0016", span, message });
    this.advance();
    while (!this.atEnd() && !this.#startsAfresh()) this.advance();
    this.#gaveUpAt = this.#index;
    this.#missingEndAt = this.#index;
    this.isPanicking = true;
    this.tok = stopToken(this.tok);
  }

  /** True where parsing goes on after {@link giveUp}: what ends here is not all there was. */
  get hasGivenUp(): boolean {
    return this.#index === this.#gaveUpAt;
  }

  #startsAfresh(): boolean {
    const { line, column } = this.tok;
    return line === NEW_LINE && column === 0 && this.rules.startsDeclaration(this);
  }

  /** Reports an error that needs no recovery. */
  report(error: SyntaxReport): void {
    if (this.isPanicking) return;
    this.errorCount += 1;
    if (this.errorCount > SYNTAX_ERROR_COUNT_MAX) return;
    this.diagnostics.push({ severity: "error", source: this.file.source, ...error });
  }

  /** Ends the panic at the token where the error was found. */
  resume(): void {
    this.isPanicking = false;
    this.tok = this.#tokens[this.#index] ?? this.tok;
  }

  /** Goes back to a token that this rule has already seen. */
  restart(index: number): void {
    this.#index = index;
    this.#statementStart = index;
    this.tok = this.#tokens[index] ?? this.tok;
    const previous = this.#tokens[index - 1];
    this.prevEnd = previous?.end ?? 0;
    this.prevKind = previous?.kind ?? "eof";
  }

  /** Takes the `end` of a block, or reports E0013 once where it was due. */
  expectEnd(opener: Opener): void {
    const { tok } = this;
    if (tok.kind === "end") {
      const isShallower = tok.line !== SAME_LINE && tok.column < opener.column;
      if (isShallower && this.#suspectEnd === null) this.#suspectEnd = { opener, end: tok };
      this.noteClose(opener.token);
      this.advance();
      return;
    }
    if (tok.kind === "}" && this.bracedBlocks.has(opener.token.start)) {
      this.advance();
      return;
    }
    if (this.isPanicking || this.#missingEndAt === this.#index) return;
    this.#missingEndAt = this.#index;
    this.#reportMissingEnd(opener);
  }

  /** Forgets what a finished declaration says about its `end`s. */
  finishItem(): void {
    this.#suspectEnd = null;
  }

  #reportMissingEnd(opener: Opener): void {
    const suspect = this.#suspectEnd;
    // Only an `end` inside this block can have been taken from it.
    const isLikely = suspect !== null && suspect.opener.token.start > opener.token.start;
    const blamed = isLikely ? suspect.opener.token : opener.token;
    const { start, end } = isLikely ? suspect.end : this.#placeOfMissingEnd();
    const found = isLikely ? "an `end` in the column of an outer block" : describeToken(this.tok);
    // Searched for: only where it is told.
    const isTold = this.errorCount < SYNTAX_ERROR_COUNT_MAX;
    const help = isTold ? missingEndHelp(this.#tokens, blamed) : null;
    this.report({
      code: "E0013",
      ...(help === null ? {} : { help }),
      span: { start, end },
      message: `expected \`end\` for \`${blamed.text}\`, found ${found}`,
      labels: [{ span: { start: blamed.start, end: blamed.end }, text: "this block has no `end`" }],
    });
  }

  #placeOfMissingEnd(): Span {
    if (!this.atEnd()) return { start: this.tok.start, end: this.tok.end };
    return { start: this.prevEnd, end: this.prevEnd };
  }
}

/** True for tokens that can start an expression (language 2.2, 3). */
export function startsExpression(token: Token): boolean {
  return EXPRESSION_STARTS.has(token.kind);
}

const EXPRESSION_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "name",
  "int",
  "float",
  "string",
  "interpolated",
  "bytes",
  "role",
  "true",
  "false",
  "null",
  "(",
  "[",
  "{",
  "-",
  "not",
  "~",
  "await",
  "...",
  "try",
  "fn",
  "cell",
  "if",
  "for",
  "while",
  "loop",
  "match",
  "when",
  "halt",
]);

/** True for kinds after which a missing operand is E0015 (language 3, rule 9). */
export function demandsOperand(kind: TokenKind): boolean {
  if (kind === "=" || kind === "=>" || kind === "not" || kind === "~") return true;
  return INFIX.has(kind) || COMPOUND.has(kind);
}

function endToken(at: number): Token {
  return { kind: "eof", text: "", start: at, end: at, column: 0, line: NEW_LINE, value: null };
}

function stopToken(at: Token): Token {
  return { ...at, kind: "stop", text: "", end: at.start, line: SAME_LINE, value: null };
}
