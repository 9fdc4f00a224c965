// The lines of a declaration up to its `end`, with recovery line by line; and the keywords in
// column 1 that say that an `end` is missing (language 2.1, E0013).

import { takeDoc } from "./parse-head.ts";
import type { Opener, Parser } from "./parser.ts";
import { recoverStatement } from "./recovery.ts";
import { SAME_LINE } from "./token.ts";

/** Where the members of a declaration stand. */
export interface MembersOptions {
  readonly opener: Opener;
  /** What separates members besides a new line. */
  readonly separator?: "," | ";";
  /** A word besides `end` in front of which the members are over. */
  readonly stop?: string;
}

/**
 * Members up to and with the `end`; `member` parses one, given the docstring before it. A member
 * that ends in `end` needs no new line after it.
 */
export function parseMembers(
  p: Parser,
  options: MembersOptions,
  member: (doc: string | null) => void,
): void {
  parseMemberLines(p, options, member);
  p.expectEnd(options.opener);
}

/** Members up to where they are over; the `end` stays. */
export function parseMemberLines(
  p: Parser,
  options: MembersOptions,
  member: (doc: string | null) => void,
): void {
  const { layout, statementColumn, blockColumn } = p;
  p.enter();
  p.layout = "lines";
  p.blockColumn = options.opener.column;
  while (!membersAreOver(p, options)) {
    const first = { token: p.tok, index: p.index };
    p.beginStatement();
    p.noteInside(options.opener.token);
    const doc = takeDoc(p);
    if (doc !== null) p.beginStatement();
    if (doc === null || !membersAreOver(p, options)) member(doc);
    checkMemberEnd(p, options);
    if (p.isPanicking) recoverStatement(p, first, options.opener.column);
  }
  p.layout = layout;
  p.statementColumn = statementColumn;
  p.blockColumn = blockColumn;
  p.leave();
}

function membersAreOver(p: Parser, { opener, stop }: MembersOptions): boolean {
  if (p.isPanicking || p.atEnd()) return true;
  // Before a colon any keyword is the name of a field.
  if (p.peek().kind === ":") return false;
  if (p.at("end") || (stop !== undefined && p.atName(stop))) return true;
  const { tok } = p;
  if (tok.line === SAME_LINE || tok.column > 0) return false;
  // Members may stand in column 1 only if the declaration itself is indented.
  return opener.column === 0 && startsDeclaration(p);
}

function checkMemberEnd(p: Parser, options: MembersOptions): void {
  const { separator } = options;
  if (p.isPanicking || (separator !== undefined && p.accept(separator))) return;
  if (p.atNewline() || p.prevKind === "end" || membersAreOver(p, options)) return;
  p.unexpected("a new line");
}

/** A declaration that, in column 1, cannot stand inside the body of another one (language 2.1). */
export function startsDeclaration(p: Parser): boolean {
  switch (p.tok.kind) {
    case "const":
    case "trait":
    case "impl":
    case "import":
    case "pub":
      return true;
    case "record":
    case "enum":
    case "cell":
      return p.peek().kind === "name";
    case "async":
      return p.peek().kind === "cell";
    default:
      return false;
  }
}
