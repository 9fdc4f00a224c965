// Directives in the prose of a Markdown document: lines that start with `@` (language 1, 18).

import type { SourceText } from "@lumen/core/diagnostic";
import type { Fence } from "./fences.ts";
import type { ProseDirective } from "./source-file.ts";

const DIRECTIVE = /^@([A-Za-z_]\w*)(?:[ \t]+(.*))?$/;

/** Directives of all lines outside fences, in order. */
export function proseDirectives(
  source: SourceText,
  fences: readonly Fence[],
): readonly ProseDirective[] {
  const found: ProseDirective[] = [];
  const { text } = source;
  let nextFence = 0;
  // Searching for the sign first keeps long prose without directives cheap.
  let lineEnd = 0;
  for (let at = text.indexOf("@"); at !== -1; at = text.indexOf("@", lineEnd)) {
    // Only the first sign of a line can start a directive.
    const newline = text.indexOf("\n", at);
    lineEnd = newline === -1 ? text.length : newline;
    while ((fences[nextFence]?.whole.end ?? Number.POSITIVE_INFINITY) <= at) nextFence += 1;
    if (at >= (fences[nextFence]?.whole.start ?? Number.POSITIVE_INFINITY)) continue;
    const lineStart = text.lastIndexOf("\n", at) + 1;
    if (text.slice(lineStart, at).trim() !== "") continue;
    const line = text.slice(at, lineEnd).trimEnd();
    const match = DIRECTIVE.exec(line);
    if (match === null) continue;
    const [, name = "", value] = match;
    const span = { start: at, end: at + line.length };
    found.push({ name, value: value === undefined ? null : unquote(value.trim()), span });
  }
  return found;
}

/** The text without one pair of surrounding double quotes. */
export function unquote(text: string): string {
  const isQuoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
  return isQuoted ? text.slice(1, -1) : text;
}
