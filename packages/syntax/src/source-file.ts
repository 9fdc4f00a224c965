// What Markdown extraction yields: the code of a document at its own offsets.

import type { SourceText, Span } from "@lumen/core/diagnostic";

/** One fenced code block. Its lines are `code` between `start` and `end`. */
export interface CodeBlock {
  /** Offsets of the content: after the opening fence's line, before the closing fence. */
  readonly span: Span;
  /** Columns that the container (list, quote, indented fence) takes from each line, from 0. */
  readonly indent: number;
  readonly infoSpan: Span;
}

/** A fence with further words after `lumen`: for readers and documentation tests (language 1). */
export interface ExampleBlock {
  readonly span: Span;
  readonly indent: number;
  /** The words after `lumen`, such as `fails=E0200` or `skip`. */
  readonly words: readonly string[];
}

/** `@name value` in the prose. */
export interface ProseDirective {
  readonly name: string;
  readonly value: string | null;
  readonly span: Span;
}

/**
 * A document ready for the lexer. `code` has exactly the length of the document's text; every
 * character that is not code is a space, newlines are kept, so offsets, lines and columns agree.
 * In code mode there is one block that spans everything.
 */
export interface SourceFile {
  readonly source: SourceText;
  readonly mode: "markdown" | "code";
  readonly code: string;
  readonly blocks: readonly CodeBlock[];
  readonly examples: readonly ExampleBlock[];
  readonly directives: readonly ProseDirective[];
}
