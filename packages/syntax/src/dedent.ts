// Dedenting of multi-line text (language 2.4): triple-quoted strings, docstrings, role texts.

/**
 * Removes from every line but the first the smallest indentation of the non-blank ones among them,
 * then newlines at both ends. `texts` are the raw stretches between interpolations, which count as
 * non-blank content and are otherwise opaque.
 */
export function dedent(texts: readonly string[]): readonly string[] {
  const indentation = smallestIndentation(texts);
  const shifted = texts.map((text) => removeIndentation(text, indentation));
  const last = shifted.length - 1;
  return shifted.map((text, index) => {
    let start = 0;
    let end = text.length;
    if (index === 0) while (text.charAt(start) === "\n") start += 1;
    if (index === last) while (end > start && text.charAt(end - 1) === "\n") end -= 1;
    return text.slice(start, end);
  });
}

function smallestIndentation(texts: readonly string[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  texts.forEach((text, index) => {
    for (
      let newline = text.indexOf("\n");
      newline !== -1;
      newline = text.indexOf("\n", newline + 1)
    ) {
      const content = skipBlanks(text, newline + 1);
      const isBlank = content < text.length ? text.charAt(content) === "\n" : isLast(texts, index);
      if (!isBlank) smallest = Math.min(smallest, content - newline - 1);
    }
  });
  return smallest;
}

function isLast(texts: readonly string[], index: number): boolean {
  return index === texts.length - 1;
}

function removeIndentation(text: string, indentation: number): string {
  if (indentation === 0) return text;
  const lines = text.split("\n");
  return lines
    .map((line, index) => (index === 0 ? line : line.slice(blankCount(line, indentation))))
    .join("\n");
}

function blankCount(line: string, max: number): number {
  return Math.min(skipBlanks(line, 0), max);
}

function skipBlanks(text: string, start: number): number {
  let at = start;
  while (text.charAt(at) === " " || text.charAt(at) === "\t") at += 1;
  return at;
}
