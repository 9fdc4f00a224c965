// Bracketed lists and the reports of brackets that do not match (language 3, rule 9).

import { describeToken } from "./describe-token.ts";
import { NOTHING, packed } from "./packed.ts";
import type { Layout, Parser } from "./parser.ts";
import { SAME_LINE, type Token, type TokenKind } from "./token.ts";

/** A closing bracket. */
type CloseMark = ")" | "]" | "}";

/** What {@link closeBracket} restores. */
export interface OpenBracket {
  readonly token: Token;
  readonly layout: Layout;
}

/** Takes an opening bracket, inside which line ends do not count. Counts one level of nesting. */
export function openBracket(p: Parser): OpenBracket {
  const open = { token: p.tok, layout: p.layout };
  p.enter();
  p.advance();
  p.layout = "bracket";
  p.openBrackets += 1;
  return open;
}

/** Takes the closing bracket; `expected` says what could also have followed. */
export function closeBracket(p: Parser, open: OpenBracket, close: CloseMark, or = ""): void {
  if (p.at(close)) {
    p.layout = open.layout;
    p.advance();
  } else {
    reportUnclosed(p, open.token, `${or}\`${close}\``);
    p.layout = open.layout;
  }
  p.openBrackets -= 1;
  p.leave();
}

/** `item { "," item } [ "," ]` up to and with the closing bracket. */
export function commaList<T>(p: Parser, close: CloseMark, item: (p: Parser) => T): readonly T[] {
  const open = openBracket(p);
  p.notes?.lists.add(open.token.start);
  const items = commaItems(p, close, item);
  closeBracket(p, open, close, "`,` or ");
  return items;
}

/** The items of a list up to its closing bracket, which stays. */
export function commaItems<T>(p: Parser, close: CloseMark, item: (p: Parser) => T): readonly T[] {
  if (p.at(close) || p.isPanicking) return NOTHING;
  const items = [item(p)];
  while (p.acceptComma() && !p.at(close) && !p.isPanicking) items.push(item(p));
  // A list of one began with it and never grew.
  return items.length === 1 ? items : packed(items);
}

const CLOSERS: ReadonlySet<TokenKind> = new Set<TokenKind>([")", "]", "}"]);

/** True at any closing bracket. */
export function atCloser(p: Parser): boolean {
  return CLOSERS.has(p.tok.kind);
}

function reportUnclosed(p: Parser, open: Token, expected: string): void {
  const { tok } = p;
  if (!looksUnclosed(p)) {
    p.unexpected(expected);
    return;
  }
  const here = { start: tok.start, end: tok.end };
  const there = { start: open.start, end: open.end };
  const found = describeToken(tok);
  // A wrong closing bracket is at fault itself; otherwise the opening one is left alone.
  const isMismatch = CLOSERS.has(tok.kind);
  p.fail({
    code: "E0012",
    span: isMismatch ? here : there,
    message: `expected ${expected} to close \`${open.text}\`, found ${found}`,
    labels: [
      isMismatch
        ? { span: there, text: "this bracket is open" }
        : { span: here, text: "it was due before this" },
    ],
  });
}

/** True when the list is over, so that the bracket and not the item before is at fault. */
function looksUnclosed(p: Parser): boolean {
  const { tok } = p;
  if (p.atEnd() || CLOSERS.has(tok.kind) || tok.kind === "end") return true;
  return tok.line !== SAME_LINE && tok.column <= p.statementColumn;
}
