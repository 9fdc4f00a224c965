// When a soft keyword such as `do`, `handle` or `nursery` opens a block, and when it is a name
// (language 2.2).

import { type Parser, startsExpression } from "./parser.ts";
import { isWord, NEW_LINE, SAME_LINE, type Token } from "./token.ts";

/** Soft keywords that are names or open a block by what follows on the next line. */
export const BLOCK_WORDS: ReadonlySet<string> = new Set([
  "comptime",
  "do",
  "handle",
  "nursery",
  "parallel",
  "race",
  "select",
  "vote",
]);

/**
 * The line ends after the current token, and the next line is indented deeper. At the end of a
 * block header that line belongs to the header's block.
 */
export function endsBeforeDeeperLine(p: Parser): boolean {
  const next = p.peek();
  if (["eof", "blockEnd", "end", ",", ")", "]", "}"].includes(next.kind)) return false;
  return p.layout !== "header" && next.line === NEW_LINE && next.column > p.tok.column;
}

/** `comptime`, `handle`: a deeper line follows, or what starts a statement on this one. */
export function opensBlock(p: Parser): boolean {
  const next = p.peek();
  if (next.line !== SAME_LINE) return endsBeforeDeeperLine(p);
  if (next.kind === "-") return false;
  if (next.kind === "(" || next.kind === "[") return next.start !== p.tok.end;
  return startsExpression(next) || canFollowBlockWord(next);
}

/** True for a token that can begin a block on the line of a soft keyword such as `do`. */
export function canFollowBlockWord(token: Token): boolean {
  if (!isWord(token)) return ["int", "float", "string", "interpolated"].includes(token.kind);
  switch (token.kind) {
    case "and":
    case "or":
    case "in":
    case "is":
    case "as":
    case "then":
    case "else":
    case "end":
    case "where":
      return false;
    default:
      return true;
  }
}

/** True when `expect schema` stands `distance` tokens ahead: the word before it is a name. */
export function isExpectAhead(p: Parser, distance: number): boolean {
  return p.peek(distance).text === "expect" && p.peek(distance + 1).text === "schema";
}

/** A word of the grammar that needs a name after it on its line. */
export function takesName(p: Parser): boolean {
  const next = p.peek();
  return next.kind === "name" && next.line === SAME_LINE && !isExpectAhead(p, 1);
}
