// Role text over several lines moves with its first line (language 3, rule 6): its end depends on
// the column, and its value is dedented.

import type { RoleText, Token, TokenValue } from "../token.ts";

/** The token as written, its further lines indented to `indent` behind `prefix`. */
export function moveRole(code: string, token: Token, to: RolePlace): string {
  const raw = code.slice(token.start, token.end).trimEnd();
  const end = token.start + raw.length;
  const breaks = lineBreaks(code, { token, end });
  const shift = Math.min(...breaks.filter((b) => !b.isBlank).map((b) => b.blanks));
  // With four blanks before them marks of a fence close none.
  const isFenced = breaks.some(({ at }) => /^[ \t]*(```|~~~)/.test(code.slice(at + 1, end)));
  const indent = isFenced ? Math.max(to.indent, 4) : to.indent;
  const pieces: string[] = [];
  let from = token.start;
  for (const { at, blanks, isBlank } of breaks) {
    pieces.push(code.slice(from, at), "\n");
    const rest = Math.max(0, blanks - shift);
    const isEmpty = isBlank && rest === 0;
    pieces.push(isEmpty ? to.prefix.trimEnd() : to.prefix + " ".repeat(indent));
    from = at + 1 + Math.min(blanks, shift);
  }
  pieces.push(code.slice(from, end));
  return pieces.join("");
}

/** True for `role name: |`: what follows the text begins no deeper than the line of the role. */
export function isBlockRole({ value }: Token): boolean {
  return isRoleText(value) && value.isBlock;
}

/** True for `role name: |` without any text: nothing may follow it on its line. */
export function isEmptyRole({ value }: Token): boolean {
  return isRoleText(value) && value.isBlock && value.parts.length === 0;
}

/** Where the further lines of a role text go. */
export interface RolePlace {
  readonly prefix: string;
  readonly indent: number;
}

interface LineBreak {
  /** Offset of the newline. */
  readonly at: number;
  /** Blanks at the start of the next line. */
  readonly blanks: number;
  /** Nothing else stands on that line. */
  readonly isBlank: boolean;
}

/** The line ends of the text itself, not of the interpolations. */
function lineBreaks(
  code: string,
  range: { readonly token: Token; readonly end: number },
): readonly LineBreak[] {
  const { token, end } = range;
  const found: LineBreak[] = [];
  const skipped = interpolationsOf(token.value);
  let next = 0;
  for (let at = token.start; at < end; at += 1) {
    const skip = skipped[next];
    if (skip !== undefined && at >= skip.start) {
      at = skip.end - 1;
      next += 1;
    } else if (code.charAt(at) === "\n") {
      let after = at + 1;
      while (code.charAt(after) === " " || code.charAt(after) === "\t") after += 1;
      const isBlank = after >= end || code.charAt(after) === "\n";
      found.push({ at, blanks: after - at - 1, isBlank });
    }
  }
  return found;
}

function interpolationsOf(value: TokenValue): readonly { start: number; end: number }[] {
  if (!isRoleText(value)) return [];
  return value.parts.flatMap((part) => (part.kind === "expr" ? [part.span] : []));
}

function isRoleText(value: TokenValue): value is RoleText {
  return typeof value === "object" && value !== null && "nameSpan" in value;
}
