// From a document to its code (language 1): mode, fences, directives of the prose.
// The code keeps the document's offsets: prose is blanked, newlines stay.

import { makeSourceText, type PhaseResult, type Span } from "@lumen/core/diagnostic";
import { type Fence, findFences } from "./fences.ts";
import { proseDirectives } from "./prose-directives.ts";
import type { CodeBlock, ExampleBlock, SourceFile } from "./source-file.ts";

/**
 * Extracts the code of a document. `text` may have CRLF line ends; all offsets of the result are in
 * the text after normalisation to LF. Never fails; E0007 is found by the lexer.
 */
export function extract(path: string, text: string): PhaseResult<SourceFile> {
  const normalised = normalise(text);
  const source = makeSourceText(path, normalised);
  const mode = modeOfPath(path);
  if (mode === "code") return { value: codeFile(source), diagnostics: [] };
  const fences = findFences(normalised);
  const hasLumen = fences.some((fence) => isLumen(fence));
  const isCode = !hasLumen && (mode === "unknown" || hasCodeLine(normalised, fences));
  const value = isCode ? codeFile(source) : markdownFile(source, fences);
  return { value, diagnostics: [] };
}

/** LF line ends; a byte order mark becomes a blank, so that offsets stay. */
function normalise(text: string): string {
  const unix = text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
  return unix.charCodeAt(0) === 0xfeff ? ` ${unix.slice(1)}` : unix;
}

/** Mode by extension (language 1); `unknown` for the REPL, the API and other extensions. */
function modeOfPath(path: string): "markdown" | "code" | "unknown" {
  if (path.endsWith(".lm.md") || path.endsWith(".lumen.md")) return "markdown";
  if (path.endsWith(".lm") || path.endsWith(".lumen")) return "code";
  return "unknown";
}

function codeFile(source: SourceFile["source"]): SourceFile {
  const span = { start: 0, end: source.text.length };
  const block: CodeBlock = { span, indent: 0, infoSpan: { start: 0, end: 0 } };
  const empty = { examples: [], directives: [] };
  return { source, mode: "code", code: source.text, blocks: [block], ...empty };
}

function markdownFile(source: SourceFile["source"], fences: readonly Fence[]): SourceFile {
  const blocks: CodeBlock[] = [];
  const examples: ExampleBlock[] = [];
  const lines: Span[] = [];
  for (const fence of fences) {
    const { content: span, indent, infoSpan, words } = fence;
    if (!isLumen(fence)) continue;
    if (words.length === 1) {
      blocks.push({ span, indent, infoSpan });
      for (const line of fence.lines) lines.push(line);
    } else {
      examples.push({ span, indent, words: words.slice(1) });
    }
  }
  const code = keepOnly(source.text, lines);
  const directives = proseDirectives(source, fences);
  return { source, mode: "markdown", code, blocks, examples, directives };
}

function isLumen(fence: Fence): boolean {
  const word = fence.words[0]?.toLowerCase();
  return word === "lumen" || word === "lm";
}

/** The text with every character outside `spans` blanked, but for newlines. */
function keepOnly(text: string, spans: readonly Span[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const span of spans) {
    pushBlanks(pieces, text, from, span.start);
    pieces.push(text.slice(span.start, span.end));
    from = span.end;
  }
  pushBlanks(pieces, text, from, text.length);
  return pieces.join("");
}

function pushBlanks(pieces: string[], text: string, start: number, end: number): void {
  let at = start;
  while (at < end) {
    const newline = text.indexOf("\n", at);
    const lineEnd = newline === -1 || newline >= end ? end : newline;
    pieces.push(" ".repeat(lineEnd - at));
    if (lineEnd < end) pieces.push("\n");
    at = lineEnd + 1;
  }
}

const HARD_STARTS =
  "async|break|cell|const|continue|defer|enum|for|halt|if|impl|import|let|loop|match|pub|record|" +
  "return|trait|when|while|yield";

/** A line that starts with a declaration or statement keyword, or with `@`. */
const CODE_LINE = new RegExp(
  `^(@|(${HARD_STARTS})\\b|type [A-Za-z_]\\w*\\s*[=[]|use tool\\b|extern cell\\b|emit\\b)`,
);

/** Language 1: decides what a Markdown file without a Lumen fence is. Fenced lines do not count. */
function hasCodeLine(text: string, fences: readonly Fence[]): boolean {
  let from = 0;
  for (const fence of [...fences, null]) {
    const prose = text.slice(from, fence === null ? text.length : fence.whole.start);
    if (prose.split("\n").some((line) => CODE_LINE.test(line))) return true;
    from = fence === null ? from : fence.whole.end;
  }
  return false;
}
