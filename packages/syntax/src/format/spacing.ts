// Blanks between two tokens of one line: none or one, by their kinds and their marks in the parse.

import type { LayoutNotes } from "../layout-notes.ts";
import { KEYWORD_OF, PUNCTUATION, type Token, type TokenKind } from "../token.ts";

/** Two neighbours and what is known of them. */
export interface Neighbours {
  readonly left: Token;
  readonly right: Token;
  /** The token after `right`, if there is one. */
  readonly next: Token | null;
  readonly notes: LayoutNotes;
}

/** True when a blank stands between the two. */
export function isSpaced(pair: Neighbours): boolean {
  const { left, right } = pair;
  if (isSensitive(pair)) return left.end !== right.start;
  return wantsSpace(pair) || !canTouch(left, right);
}

/** Words before which `(` or `[` means something else with a blank in between (language 2.2). */
const SENSITIVE_WORDS: ReadonlySet<string> = new Set(
  "set emit assert approve escalate observe with comptime handle halt".split(" "),
);

/** Places where a blank means something, so that it stays as it is. */
function isSensitive({ left, right, next, notes }: Neighbours): boolean {
  const isBracket = right.kind === "(" || right.kind === "[";
  // `set[T]()`, `name! (x)`, `assert (x)`.
  if (isBracket && (left.kind === "!" || SENSITIVE_WORDS.has(left.text))) return true;
  if (right.kind === "(" && left.kind === "]") return notes.marks.get(right.start) === "postfix";
  // `name !(x)` is a call of what `name!` gives, `name!(x)` a macro call.
  if (right.kind === "!") return next !== null && next.kind === "(" && next.start === right.end;
  // `1. 1` is an access, `1.1` a number.
  if (left.kind === "." && right.kind === "int") return true;
  return right.kind === "." && (left.kind === "int" || left.kind === "float");
}

function wantsSpace({ left, right, notes }: Neighbours): boolean {
  const leftMark = notes.marks.get(left.start);
  const rightMark = notes.marks.get(right.start);
  if (leftMark === "blockBrace" && left.kind === "{") return true;
  if (rightMark === "blockBrace" && right.kind === "}") return true;
  if (leftMark === "tight" || rightMark === "tight") return false;
  if (leftMark === "prefix") return left.kind === "not" || left.kind === "await";
  if (leftMark === "barOpen" || leftMark === "barMid") return false;
  if (rightMark === "barMid" || rightMark === "barClose") return false;
  if (rightMark === "postfix") return false;
  if (TIGHT_AFTER.has(left.kind) || TIGHT_BEFORE.has(right.kind)) return false;
  if (left.kind === ".." || left.kind === "..=") return false;
  return !((right.kind === ".." || right.kind === "..=") && rightMark !== "prefix");
}

const TIGHT_AFTER: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "(",
  "[",
  "{",
  "?[",
  ".",
  "?.",
  "@",
  "...",
]);

const TIGHT_BEFORE: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ")",
  "]",
  "}",
  ",",
  ";",
  ":",
  ".",
  "?.",
  "?[",
  "?",
  "!",
]);

/** False when the two would be read as something else without a blank in between. */
function canTouch(left: Token, right: Token): boolean {
  if (isWordLike(left) && (isWordLike(right) || isQuoted(right))) return false;
  const isMark = PUNCTUATION_STARTS.has(left.text.charAt(0));
  if (!isMark || !PUNCTUATION_STARTS.has(right.text.charAt(0))) return true;
  const joined = left.text + right.text;
  return !PUNCTUATION.some((mark) => mark.length > left.text.length && joined.startsWith(mark));
}

const PUNCTUATION_STARTS: ReadonlySet<string> = new Set(PUNCTUATION.map((mark) => mark.charAt(0)));

function isWordLike(token: Token): boolean {
  const { kind } = token;
  return kind === "name" || kind === "int" || kind === "float" || KEYWORD_OF.has(kind);
}

function isQuoted({ kind }: Token): boolean {
  return kind === "string" || kind === "interpolated" || kind === "bytes" || kind === "role";
}
