// The formatter (docs/format.md): one layout for Lumen sources that keeps what they mean. Works on
// tokens; indentation and the roles of marks come from the parser's notes.

import type { Diagnostic } from "@lumen/core/diagnostic";
import { extract } from "../extract.ts";
import { LayoutNotes } from "../layout-notes.ts";
import { lex } from "../lexer.ts";
import { parse } from "../parse.ts";
import type { CodeBlock, SourceFile } from "../source-file.ts";
import type { Token } from "../token.ts";
import { draftOf } from "./brackets.ts";
import { OriginalText } from "./original-text.ts";
import { printBlock, RawCursor } from "./printer.ts";
import { readGap } from "./trivia.ts";

/** A formatted text, or the text as it was and the mistakes that keep it from being formatted. */
export interface Formatted {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Formats a document. In a Markdown document only the code changes, and all other bytes stay. The
 * result means the same, and formatting it again changes nothing.
 */
export function formatSource(path: string, text: string): Formatted {
  const file = extract(path, text).value;
  const lexed = lex(file);
  if (lexed.diagnostics.length > 0) return { text, diagnostics: lexed.diagnostics };
  const notes = new LayoutNotes();
  const parsed = parse(lexed.value, file, notes);
  if (parsed.diagnostics.length > 0) return { text, diagnostics: parsed.diagnostics };
  const original = new OriginalText(text);
  const pieces: string[] = [];
  let from = 0;
  for (const { block, tokens } of blocksOf(file, lexed.value)) {
    pieces.push(original.slice(from, block.span.start));
    const formatted = formatBlock(file, block, tokens, notes);
    pieces.push(original.withLineEnds(formatted, block.span.start));
    from = block.span.end;
  }
  pieces.push(original.slice(from, file.source.text.length));
  const formatted = pieces.join("");
  // Code in a file for documents: a docstring that moves to the margin could make it one.
  const isRead = file.mode !== "code" || extract(path, formatted).value.mode === "code";
  return { text: isRead ? formatted : text, diagnostics: [] };
}

interface BlockTokens {
  readonly block: CodeBlock;
  readonly tokens: readonly Token[];
}

/** The tokens of each block, without ends and docstrings. */
function blocksOf(file: SourceFile, tokens: readonly Token[]): readonly BlockTokens[] {
  let at = 0;
  return file.blocks.map((block) => {
    const own: Token[] = [];
    for (; at < tokens.length; at += 1) {
      const token = tokens[at];
      if (token === undefined || token.kind === "eof" || token.kind === "blockEnd") break;
      if (token.kind !== "doc") own.push(token);
    }
    at += 1;
    return { block, tokens: own };
  });
}

function formatBlock(
  file: SourceFile,
  block: CodeBlock,
  tokens: readonly Token[],
  notes: LayoutNotes,
): string {
  const { code } = file;
  const { span, indent: blockIndent } = block;
  let from = span.start;
  const gaps = tokens.map(({ start, end }, index) => {
    const gap = readGap(code, { start: from, end: start, atLineStart: index === 0, blockIndent });
    from = end;
    return gap;
  });
  const atLineStart = tokens.length === 0;
  const rest = readGap(code, { start: from, end: span.end, atLineStart, blockIndent });
  const cursor = new RawCursor(notes.raw);
  const raw = tokens.map((token) => cursor.at(token) !== null);
  const draft = draftOf(tokens, gaps, notes, (index) => raw[index] === true);
  const lines = printBlock({ draft, file, notes, prefix: prefixOf(file, block), rest });
  // A fence that nothing closes may end before the last line end of the document.
  const isCut = span.end < code.length && code.charAt(span.end - 1) !== "\n";
  return isCut ? lines.slice(0, -1) : lines;
}

/** What lists and quotes put before each line of a fenced block. */
function prefixOf({ source, mode }: SourceFile, block: CodeBlock): string {
  if (mode === "code") return "";
  const lineStart = source.text.lastIndexOf("\n", block.infoSpan.start - 1) + 1;
  const line = source.text.slice(lineStart, block.infoSpan.start);
  const marks = line.search(/`{3}|~{3}/);
  return line.slice(0, Math.max(0, marks)).replace(/[^>\s]/g, " ");
}
