// Algebraic effects in expressions: `perform`, `handle`, `resume` (language 3, 10.3).

import type { Block, Expr, HandlerArm } from "./ast.ts";
import { opensBlock } from "./block-words.ts";
import { packed } from "./packed.ts";
import { parseArgs } from "./parse-args.ts";
import { parseMembers } from "./parse-members.ts";
import { parseParams } from "./parse-params.ts";
import type { Parser } from "./parser.ts";
import { NEW_LINE, SAME_LINE } from "./token.ts";

/** `perform Ask.ask(q)`; the current token is `perform`. */
export function parsePerform(p: Parser): Expr {
  const { start } = p.tok;
  p.advance();
  const effect = p.name("the name of an effect");
  p.expect(".", "`.` and the name of an operation");
  const operation = p.name("the name of an operation", true);
  const args = p.at("(") ? parseArgs(p) : [];
  if (p.prevKind !== ")") p.unexpected("`(` and the arguments of the operation");
  return { kind: "perform", effect, operation, args, span: p.spanFrom(start) };
}

/** `resume(e)` or `resume()`; the current token is `resume`, `(` follows. */
export function parseResume(p: Parser): Expr {
  const { start } = p.tok;
  p.advance();
  const args = parseArgs(p);
  const [first, second] = args;
  const isPlain = first === undefined || (first.name === null && !first.spread);
  if (!isPlain || second !== undefined) {
    const message = "expected one value to resume with, found other arguments";
    p.fail({ code: "E0010", span: p.spanFrom(start), message });
  }
  return { kind: "resume", value: first?.value ?? null, span: p.spanFrom(start) };
}

/** True where `handle` opens a block; an empty one when the line of its `with` follows. */
export function atHandle(p: Parser): boolean {
  const [next, afterNext] = [p.peek(), p.peek(2)];
  const isWith = next.text === "with" && next.line === NEW_LINE && afterNext.line !== SAME_LINE;
  return opensBlock(p) || (isWith && next.column === p.tok.column);
}

/** `handle … with … end`; the current token is `handle`. */
export function parseHandle(p: Parser): Expr {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const body = p.rules.block(p, { opener, until: "with", armColumn: null });
  if (!atWith(p)) {
    p.unexpected("`with` and the operations that are handled");
    return { kind: "error", span: p.spanFrom(opener.token.start) };
  }
  p.noteClose(opener.token);
  p.advance();
  const arms: HandlerArm[] = [];
  parseMembers(p, { opener }, () => arms.push(parseHandlerArm(p)));
  return { kind: "handle", body, arms: packed(arms), span: p.spanFrom(opener.token.start) };
}

/** True at a `with` that ends its line: inside a `handle` it ends the block. */
export function atWith(p: Parser): boolean {
  return p.atName("with") && (p.peek().line !== SAME_LINE || p.peek().kind === "eof");
}

/** `Ask.ask(q) => …`; its block ends at the dedent to its column, and has no `end`. */
function parseHandlerArm(p: Parser): HandlerArm {
  const first = p.tok;
  const { start, column } = first;
  const effect = p.name("an operation such as `Effect.operation(x)`, or `end`");
  p.expect(".", "`.` and the name of an operation");
  const operation = p.name("the name of an operation", true);
  const params = parseParams(p);
  const opener = { token: first, column };
  p.expect("=>", "`=>` and what the operation does");
  const empty: Block = { statements: [], span: p.spanFrom(start) };
  const body = p.isPanicking
    ? empty
    : p.rules.block(p, { opener, until: "end", armColumn: column });
  return { effect, operation, params, body, span: p.spanFrom(start) };
}
