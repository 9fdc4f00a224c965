// Whether a text that somebody types is finished: the parser says so, by what it missed at the end.

import type { Diagnostic } from "@lumen/core/diagnostic";
import { parseModule } from "./parse.ts";

/** Codes of a construct that the end of the text cut off. */
const CUT_OFF: ReadonlySet<string> = new Set(["E0011", "E0012", "E0013", "E0014", "E0015"]);

/**
 * True where more text may finish what the text begins: an open block, bracket or expression, or a
 * string over several lines. False for what is whole, and for what no text could mend.
 */
export function asksForMore(text: string): boolean {
  const { diagnostics } = parseModule("input.lm", text);
  const end = text.trimEnd().length;
  return diagnostics.length > 0 && diagnostics.every((d) => isCutOff(d, text, end));
}

function isCutOff({ code, span, found, message }: Diagnostic, text: string, end: number): boolean {
  if (code === "E0002") return text.startsWith('"""', text.indexOf('"', span.start));
  // A bracket is reported where it opens.
  const isAtEnd = span.start >= end || `${found ?? ""} ${message}`.includes("the end of the input");
  return CUT_OFF.has(code) && isAtEnd;
}
