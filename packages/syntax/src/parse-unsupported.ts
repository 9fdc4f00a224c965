// Constructs of the language that this version has no tree for: one clear E0010 at the keyword.
// Panic mode then makes the statement or item around it be skipped as a whole.

import type { Parser } from "./parser.ts";
import { isWord, NEW_LINE, type Token } from "./token.ts";

/** Reports that a construct is not supported, and panics; `what` ends in "is" or "are". */
export function reportUnsupported(p: Parser, token: Token, what: string): void {
  p.fail({
    code: "E0010",
    span: { start: token.start, end: token.end },
    message: `${what} not supported by this version of Lumen`,
    help: "Remove it, or use a later version.",
  });
}

/** Item starters that need a name after them on the same line (language 2.2). */
const NAMED_ITEMS: ReadonlySet<string> = new Set([
  "agent",
  "effect",
  "handler",
  "pipeline",
  "orchestration",
  "machine",
  "memory",
  "guardrail",
  "eval",
  "pattern",
  "typestate",
  "session",
  "actor",
  "supervisor",
  "macro",
  "grant",
]);

/** Item starters that are followed by a certain word. */
const PAIRED_ITEMS: ReadonlyMap<string, string> = new Map([
  ["bind", "effect"],
  ["active", "pattern"],
  ["use", "tool"],
]);

/** The name of the unsupported item that starts here, or null. */
export function unsupportedItemAt(p: Parser): string | null {
  const { kind, text } = p.tok;
  if (kind === "trait" || kind === "impl") return kind;
  if (kind !== "name") return null;
  const next = p.peek();
  if (next.line !== 0) return null;
  const pair = PAIRED_ITEMS.get(text);
  if (pair !== undefined) return next.text === pair ? `${text} ${pair}` : null;
  if (text === "extern") return next.kind === "cell" || next.kind === "async" ? "extern" : null;
  if (!NAMED_ITEMS.has(text) || next.kind !== "name") return null;
  // `memory expect schema T` is an expression.
  return next.text === "expect" && p.peek(2).text === "schema" ? null : text;
}

/** Statement words that take an operand on their line, unless a `[` or `(` touches them. */
const ADDONS: ReadonlySet<string> = new Set(["approve", "escalate", "observe", "with"]);

/** The name of the unsupported statement that starts here, or null. */
export function unsupportedStatementAt(
  p: Parser,
  startsExpression: (token: Token) => boolean,
): string | null {
  const { kind, text } = p.tok;
  if (kind === "yield") return "`yield` statements are";
  if (kind === "role") return "roles are";
  if (kind !== "name") return null;
  const next = p.peek();
  if (ADDONS.has(text) && next.line === 0 && startsExpression(next)) {
    const touches = next.start === p.tok.end && (next.kind === "(" || next.kind === "[");
    return touches ? null : `\`${text}\` statements are`;
  }
  const isBare = next.line !== 0 || next.kind === "string" || next.kind === ";";
  if (text === "checkpoint" && isBare) return "`checkpoint` is";
  return null;
}

/** The name of the unsupported expression that starts here, or null (language 2.2, 3). */
export function unsupportedExpressionAt(p: Parser): string | null {
  const { kind, text } = p.tok;
  if (kind === "await") return "`await` is";
  if (kind === "role") return "roles are";
  if (kind !== "name") return null;
  const next = p.peek();
  const isAlone = next.line !== 0 || next.kind === "eof";
  switch (text) {
    case "perform":
      return !isAlone && next.kind === "name" ? "`perform` is" : null;
    case "resume":
    case "assert_matches":
      return next.kind === "(" && next.start === p.tok.end ? `\`${text}\` is` : null;
    case "nursery":
      return isBlockStart(p, isAlone) ? "`nursery` blocks are" : null;
    case "comptime":
      return isBlockStart(p, isAlone) ? "`comptime` is" : null;
    case "handle":
      return isBlockStart(p, isAlone) ? "`handle` is" : null;
    case "offer":
      return !isAlone && next.kind === "name" ? "`offer` is" : null;
    case "checkpoint":
      return !isAlone && next.kind === "string" ? "`checkpoint` is" : null;
    default:
      return null;
  }
}

/** A block follows: the line ends and goes on deeper, or a word or brace stands on it. */
function isBlockStart(p: Parser, isAlone: boolean): boolean {
  const next = p.peek();
  if (isAlone) return next.line === NEW_LINE && next.column > p.tok.column && next.kind !== "eof";
  return next.kind === "{" || canFollowBlockWord(next);
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
