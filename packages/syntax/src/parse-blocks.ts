// Blocks of statements up to their end, with recovery after each broken statement.

import type { Block, Statement } from "./ast.ts";
import { describeToken } from "./describe-token.ts";
import { BRACES, opensForeignBlock } from "./foreign.ts";
import { packed } from "./packed.ts";
import { atCloser } from "./parse-brackets.ts";
import { atWith } from "./parse-handlers.ts";
import { atElif } from "./parse-if.ts";
import { startsDeclaration } from "./parse-members.ts";
import type { BlockOptions, Parser } from "./parser.ts";
import { recoverStatement } from "./recovery.ts";
import { NEW_LINE, SAME_LINE, type Token } from "./token.ts";
import { unfinished } from "./unfinished.ts";

/**
 * The statements of a block. The token that ends it stays, so that the caller can tell `end` from
 * `else` and `with`. `first` is a statement that the caller has already parsed.
 */
export function parseBlock(p: Parser, options: BlockOptions, first?: Statement): Block {
  const { layout, statementColumn, blockColumn: outerColumn } = p;
  const start = first === undefined ? p.tok.start : first.span.start;
  const statements: Statement[] = first === undefined ? [] : [first];
  p.enter();
  p.layout = "lines";
  if (first !== undefined) {
    p.notes?.lines.set(start, { kind: "inside", opener: options.opener.token.start });
  }
  if (options.until === "else") p.openIfs += 1;
  if (options.until === "with") p.openHandles += 1;
  if (first !== undefined) checkSeparator(p, options);
  const blockColumn = options.armColumn ?? options.opener.column;
  p.blockColumn = blockColumn;
  const isBraced = first === undefined && takeForeignBrace(p, options);
  while (!p.isPanicking && !blockIsOver(p, options) && !(isBraced && p.at("}"))) {
    if (p.accept(";")) continue;
    p.noteInside(options.opener.token);
    statements.push(parseRecovering(p, blockColumn, options));
  }
  // In `} else {` the brace is passed over; any other stands for the `end`.
  if (isBraced && p.at("}") && (p.peek().kind === "else" || isWordElif(p.peek()))) p.advance();
  if (p.hasGivenUp) statements.push(restOfBlock(p));
  if (options.until === "else") p.openIfs -= 1;
  if (options.until === "with") p.openHandles -= 1;
  p.layout = layout;
  p.statementColumn = statementColumn;
  p.blockColumn = outerColumn;
  p.leave();
  return {
    statements: packed(statements),
    span: p.spanFrom(statements.length === 0 ? p.prevEnd : start),
  };
}

/** Reports the `{` of a block in another language, once for the block, whose `}` then ends it. */
function takeForeignBrace(p: Parser, { opener }: BlockOptions): boolean {
  if (p.isPanicking || !opensForeignBlock(p.tok, p.peek(), p.peek(2))) return false;
  const { start, end } = p.tok;
  const message = "expected the block on the next line, found `{`";
  p.report({ code: "E0010", span: { start, end }, message, help: BRACES });
  p.advance();
  p.bracedBlocks.add(opener.token.start);
  return true;
}

function isWordElif({ kind, text }: Token): boolean {
  return kind === "name" && text === "elif";
}

/** Stands for statements that were passed over. */
function restOfBlock(p: Parser): Statement {
  const span = { start: p.prevEnd, end: p.prevEnd };
  return { kind: "expr", value: { kind: "error", span }, span };
}

/** One statement and its separator; after an error the parser is at the next statement. */
export function parseRecovering(
  p: Parser,
  blockColumn: number,
  options: BlockOptions | null,
): Statement {
  const mark = { token: p.tok, index: p.index };
  const statement = p.rules.statement(p);
  checkSeparator(p, options);
  if (!p.isPanicking) return statement;
  recoverStatement(p, mark, blockColumn);
  return unfinished(statement);
}

/** Statements are separated by a line end or `;`, or end with their block (language 2.1). */
function checkSeparator(p: Parser, options: BlockOptions | null): void {
  if (p.isPanicking || p.accept(";") || p.atNewline() || p.atEnd()) return;
  if (options !== null && blockIsOver(p, options)) return;
  if (atCloser(p)) reportUnmatched(p);
  else p.unexpected("a new line or `;` after the statement");
}

/** E0012 for a closing bracket that closes nothing. */
export function reportUnmatched(p: Parser): void {
  const { tok } = p;
  const message = `${describeToken(tok)} closes no open bracket`;
  p.fail({ code: "E0012", span: { start: tok.start, end: tok.end }, message });
}

/** True where the block cannot go on, whether or not its `end` stands here. */
function blockIsOver(p: Parser, options: BlockOptions): boolean {
  const { tok } = p;
  if (p.atEnd() || tok.kind === "end") return true;
  if (tok.kind === "else" || (p.openIfs > 0 && atElif(p))) return p.openIfs > 0;
  if (p.openHandles > 0 && atWith(p)) return true;
  // A closing bracket or declaration in column 1 means that an `end` is missing.
  if (p.openBrackets > 0 && atCloser(p)) return true;
  if (tok.line === SAME_LINE) return false;
  if (options.armColumn !== null && tok.line === NEW_LINE && tok.column <= options.armColumn) {
    return true;
  }
  return tok.column === 0 && startsDeclaration(p);
}
