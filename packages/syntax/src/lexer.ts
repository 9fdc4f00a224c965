// The lexer (language 2): code of a source file → tokens, with its diagnostics E0001 to E0007.
// NEWLINE is not a token: each token says whether it starts a line (token.ts), because whether a
// line end counts depends on the innermost open construct, which only the parser knows.

import type { PhaseResult } from "@lumen/core/diagnostic";
import type { FormatSpec } from "./ast.ts";
import { CODE, isBlank, isDigit, isIdentifierStart } from "./char-codes.ts";
import { dedent } from "./dedent.ts";
import { scanFormatSpec } from "./format-spec.ts";
import { LANDMARKS, type Landmark } from "./landmarks.ts";
import { lexNumber } from "./lex-numbers.ts";
import { lexRole } from "./lex-role.ts";
import { lexBytes, lexQuoted, lexRaw, lexString } from "./lex-strings.ts";
import { LexerState } from "./lexer-state.ts";
import { NESTING_DEPTH_MAX } from "./limits.ts";
import type { SourceFile } from "./source-file.ts";
import { NEW_LINE, PUNCTUATION, type Punctuation, type StringPart, type Token } from "./token.ts";

/** The tokens of a document, and where among them something rare is spelled. */
export interface Lexed extends PhaseResult<readonly Token[]> {
  readonly landmarks: readonly Landmark[];
}

/**
 * Splits the code of a document into tokens. Each fenced block ends with a `blockEnd` token, the
 * list with `eof`. Linear in the length of the code.
 */
export function lex(file: SourceFile): Lexed {
  const lexer = new LexerState(file);
  for (const block of file.blocks) {
    lexer.enterBlock(block.span, block.indent);
    run(lexer, false);
    lexer.pos = block.span.end;
    if (file.mode === "markdown") pushEnd(lexer, "blockEnd");
  }
  lexer.pos = file.code.length;
  pushEnd(lexer, "eof");
  const { tokens: value, diagnostics, landmarks } = lexer;
  value.length = lexer.tokenCount;
  return { value, diagnostics, landmarks };
}

/** `text` is what stands there: nothing, or the brace that closes an interpolation. */
function pushEnd(lexer: LexerState, kind: "blockEnd" | "eof", text = ""): void {
  lexer.pendingDoc = null;
  const { pos: start } = lexer;
  const end = start + text.length;
  lexer.add({ kind, text, start, end, column: 0, line: NEW_LINE, value: null });
}

/** How a run over the code ended; a format spec stands before the closing brace. */
type RunEnd = { readonly isClosed: boolean; readonly format: FormatSpec | null };

const AT_LIMIT: RunEnd = { isClosed: false, format: null };
const CLOSED: RunEnd = { isClosed: true, format: null };

/** Lexes up to the limit or, in an interpolation, up to its `}`. The lexer's dispatch loop. */
function run(lexer: LexerState, inInterpolation: boolean): RunEnd {
  const text = lexer.code;
  while (lexer.pos < lexer.limit) {
    const code = text.charCodeAt(lexer.pos);
    if (code === CODE.space) {
      lexer.pos += 1;
    } else if (code === CODE.newline) {
      lexer.pos += 1;
      lexer.startLine();
    } else if (isIdentifierStart(code)) {
      lexWord(lexer);
    } else if (isDigit(code)) {
      lexNumber(lexer);
    } else if (code === CODE.quote) {
      lexString(lexer, interpolate);
    } else if (code === CODE.apostrophe) {
      lexQuoted(lexer);
    } else if (code === CODE.hash) {
      skipComment(lexer, inInterpolation);
    } else if (isBlank(code)) {
      lexer.pos += 1;
    } else if (inInterpolation && code === CODE.closeBrace && lexer.braceDepth === 0) {
      return CLOSED;
    } else if (inInterpolation && code === CODE.colon && lexer.bracketDepth === 0) {
      const format = scanFormatSpec(text, lexer.pos + 1, lexer.limit);
      if (format !== null) return { isClosed: true, format };
      lexMark(lexer, code);
    } else if (code === CODE.backslash && text.charCodeAt(lexer.pos + 1) === CODE.newline) {
      joinLines(lexer);
    } else if (code === CODE.backtick && isMarkdownBlock(lexer)) {
      skipMarkdownBlock(lexer);
    } else {
      lexMark(lexer, code);
    }
  }
  return AT_LIMIT;
}

function lexWord(lexer: LexerState): void {
  const start = lexer.pos;
  const word = lexer.words.read(lexer.code, start, lexer.limit);
  const { text } = word;
  const { end } = lexer.words;
  const isPrefix = end < lexer.limit && lexer.code.charCodeAt(end) === CODE.quote;
  if (isPrefix && text === "r") {
    lexRaw(lexer);
  } else if (isPrefix && text === "b") {
    lexBytes(lexer);
  } else if (text !== "role" || !lexRole(lexer, end, interpolate)) {
    lexer.pos = end;
    lexer.push(word.kind, text, start);
    if (word.isLandmark) lexer.landmarks.push({ text, start });
  }
}

function skipComment(lexer: LexerState, inInterpolation: boolean): void {
  const end = lexer.lineEnd(lexer.pos);
  // The brace that closes an interpolation is searched for without regard to comments.
  const brace = inInterpolation ? lexer.code.slice(lexer.pos, end).indexOf("}") : -1;
  lexer.pos = brace === -1 ? end : lexer.pos + brace;
  lexer.pendingDoc = null;
}

/** A backslash before a newline: the next line goes on as if it were this one. */
function joinLines(lexer: LexerState): void {
  lexer.pos = Math.min(lexer.pos + 2, lexer.limit);
}

interface Mark {
  readonly text: Punctuation;
  readonly isLandmark: boolean;
}

const MARKS_BY_CODE: readonly (readonly Mark[])[] = makeMarks();

function makeMarks(): readonly (readonly Mark[])[] {
  const byCode: Mark[][] = Array.from({ length: 128 }, () => []);
  for (const text of PUNCTUATION) {
    byCode[text.charCodeAt(0)]?.push({ text, isLandmark: LANDMARKS.has(text) });
  }
  return byCode;
}

const NO_MARKS: readonly Mark[] = [];

/** True when the mark stands at `start`; its first character is known to. */
function isMarkAt(lexer: LexerState, mark: Punctuation, start: number): boolean {
  const { code, limit } = lexer;
  if (start + mark.length > limit) return false;
  if (mark.length > 1 && code.charCodeAt(start + 1) !== mark.charCodeAt(1)) return false;
  return mark.length < 3 || code.charCodeAt(start + 2) === mark.charCodeAt(2);
}

function lexMark(lexer: LexerState, code: number): void {
  const start = lexer.pos;
  const marks = MARKS_BY_CODE[code] ?? NO_MARKS;
  for (let index = 0; index < marks.length; index += 1) {
    const mark = marks[index];
    if (mark === undefined || !isMarkAt(lexer, mark.text, start)) continue;
    const { text } = mark;
    lexer.pos = start + text.length;
    lexer.push(text, text, start);
    if (mark.isLandmark) lexer.landmarks.push({ text, start });
    countBracket(lexer, text);
    return;
  }
  lexUnknown(lexer);
}

function countBracket(lexer: LexerState, mark: Punctuation): void {
  switch (mark) {
    case "{":
      lexer.braceDepth += 1;
      lexer.bracketDepth += 1;
      break;
    case "(":
    case "[":
    case "?[":
      lexer.bracketDepth += 1;
      break;
    case "}":
      lexer.braceDepth = Math.max(0, lexer.braceDepth - 1);
      lexer.bracketDepth = Math.max(0, lexer.bracketDepth - 1);
      break;
    case ")":
    case "]":
      lexer.bracketDepth = Math.max(0, lexer.bracketDepth - 1);
      break;
    default:
  }
}

/** E0001 for a run of characters that start no token: one report however long the run is. */
function lexUnknown(lexer: LexerState): void {
  const start = lexer.pos;
  const first = String.fromCodePoint(lexer.code.codePointAt(start) ?? 0);
  lexer.pos += first.length;
  while (lexer.pos < lexer.limit && startsNothing(lexer.code.charCodeAt(lexer.pos))) {
    lexer.pos += 1;
  }
  const help = QUOTE_LOOKALIKES.has(first) ? "Use the plain quotes `\"` or `'`." : undefined;
  const shown = `${showCharacter(first)} cannot start a token`;
  lexer.report("E0001", { start, end: lexer.pos }, shown, help);
}

const QUOTE_LOOKALIKES: ReadonlySet<string> = new Set(["“", "”", "„", "‘", "’", "«", "»"]);

function showCharacter(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return code > 32 && code < 127 ? `the character \`${char}\`` : `the character ${name}`;
}

function startsNothing(code: number): boolean {
  if (code >= 128) return true;
  if (code <= 32) return code !== CODE.newline && !isBlank(code);
  return code === 36 || code === 127 || code === CODE.backtick;
}

function isMarkdownBlock(lexer: LexerState): boolean {
  const isCodeMode = lexer.file.mode === "code" && lexer.interpolationDepth === 0;
  return isCodeMode && lexer.code.startsWith("```", lexer.pos);
}

/** A markdown block of code mode: a comment, and the docstring of a declaration that follows. */
function skipMarkdownBlock(lexer: LexerState): void {
  const { code, limit } = lexer;
  const start = lexer.pos;
  const close = code.indexOf("```", start + 3);
  if (close === -1) {
    const message = "this markdown block has no end: expected three backticks";
    lexer.report("E0007", { start, end: start + 3 }, message);
    lexer.pos = limit;
    return;
  }
  const content = code.indexOf("\n", start) + 1;
  const text = content === 0 || content > close ? "" : code.slice(content, close);
  lexer.pos = lexer.lineEnd(close);
  // A newline in front makes every line count for dedenting.
  const [dedented] = dedent([`\n${text}`]);
  lexer.pendingDoc = { text: (dedented ?? "").trimEnd(), span: { start, end: close + 3 } };
}

/** Lexes one interpolation into a token list of its own (language 2.4). */
function interpolate(lexer: LexerState): StringPart | null {
  const open = lexer.pos;
  if (lexer.interpolationDepth >= NESTING_DEPTH_MAX) return skipDeepInterpolation(lexer);
  const { tokenCount, bracketDepth, braceDepth, column, atLineStart, pendingDoc } = lexer;
  lexer.pos = open + 1;
  lexer.bracketDepth = 0;
  lexer.braceDepth = 0;
  lexer.atLineStart = false;
  lexer.pendingDoc = null;
  lexer.interpolationDepth += 1;
  const end = run(lexer, true);
  pushEnd(lexer, "eof", end.isClosed ? lexer.code.charAt(lexer.pos) : "");
  const inner = lexer.takeFrom(tokenCount);
  lexer.interpolationDepth -= 1;
  lexer.bracketDepth = bracketDepth;
  lexer.braceDepth = braceDepth;
  lexer.column = column;
  lexer.atLineStart = atLineStart;
  lexer.pendingDoc = pendingDoc;
  if (!end.isClosed) return null;
  lexer.pos = (end.format?.span.end ?? lexer.pos) + 1;
  const span = { start: open, end: lexer.pos };
  return { kind: "expr", tokens: inner, format: end.format, span };
}

/** E0016 for an interpolation nested too deep; the rest of what may be read is given up. */
function skipDeepInterpolation(lexer: LexerState): null {
  const span = { start: lexer.pos, end: lexer.pos + 1 };
  const message = `interpolations nest deeper than ${NESTING_DEPTH_MAX} levels`;
  if (!lexer.isTooDeep) lexer.report("E0016", span, message);
  lexer.isTooDeep = true;
  lexer.pos = lexer.limit;
  return null;
}
