// Going on after a syntax error (language 3, rule 10).

import { HANDLER_WORDS } from "./foreign.ts";
import type { Parser } from "./parser.ts";
import { CONTINUED_LINE, NEW_LINE, SAME_LINE, type Token } from "./token.ts";

/**
 * Ends the panic of a statement that began with `first`: goes to the next line indented no deeper.
 * An `end` in the statement's column is taken when the statement is indented deeper than the block
 * around it (`blockColumn`, or -1 outside blocks).
 */
export function recoverStatement(
  p: Parser,
  first: { readonly token: Token; readonly index: number },
  blockColumn: number,
): void {
  p.resume();
  const { column } = first.token;
  if (p.index === first.index && !p.atEnd()) p.advance();
  while (!p.atEnd()) {
    const { tok } = p;
    if (tok.line === NEW_LINE && tok.column <= column) {
      const isSame = tok.column === column;
      if (isSame && tok.kind === "end" && column > blockColumn) {
        p.advance();
        return;
      }
      if (!isSame || !continuesStatement(tok, first.token)) return;
    }
    if (isEndOfHeaderLine(p, first.token)) return;
    p.advance();
  }
}

/** Lines that belong to the broken statement although they are not indented deeper. */
function continuesStatement(token: Token, first: Token): boolean {
  if (token.kind === "else") return true;
  if (token.kind !== "name") return false;
  if (first.kind === "try") return HANDLER_WORDS.has(token.text);
  return token.text === "elif" || token.text === "with";
}

/** In `cell f() <error> end` on one line the `end` belongs to the cell. */
function isEndOfHeaderLine(p: Parser, first: Token): boolean {
  if (p.tok.kind !== "end" || first.line !== SAME_LINE) return false;
  const next = p.peek();
  return next.line !== SAME_LINE || next.kind === "eof" || next.kind === "blockEnd";
}

/** Goes to the next line in column 1 for which `startsItem` holds. */
export function recoverItem(
  p: Parser,
  firstIndex: number,
  startsItem: (p: Parser) => boolean,
): void {
  p.resume();
  if (p.index === firstIndex && !p.atEnd()) p.advance();
  while (!p.atEnd()) {
    const { tok } = p;
    if (tok.line !== SAME_LINE && tok.line !== CONTINUED_LINE && tok.column === 0) {
      if (startsItem(p)) return;
    }
    p.advance();
  }
}
