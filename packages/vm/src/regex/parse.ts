// Pattern to tree: RE2's syntax (github.com/google/re2/wiki/Syntax), and its reasons for refusal.

import { err, ok, type Result } from "@lumen/core/result";
import { CharSet } from "./char-set.ts";
import { REGEX_DEPTH_MAX, REGEX_GROUPS_MAX, REGEX_REPEAT_MAX } from "./limits.ts";
import { parseBracket, parseClassEscape, parseScalar } from "./parse-escape.ts";
import { PatternCursor, PatternError } from "./pattern-cursor.ts";
import type { Assertion, PatternProblem, RegexNode, RegexSyntax } from "./syntax.ts";

/** `(?imsU)`: ignore case, `^ $` at lines, `.` matches a newline, lazy by default. */
interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
  readonly U: boolean;
}

interface Parser {
  readonly cursor: PatternCursor;
  readonly names: Map<string, number>;
  groups: number;
  depth: number;
  /** Those in force; a group restores them at its end. */
  flags: Flags;
}

const EMPTY: RegexNode = { kind: "empty" };
const LAST_SCALAR = 0x10ffff;
const NEWLINE = 10;

/** Reads a pattern; the first problem ends it. */
export function parseRegex(pattern: string): Result<RegexSyntax, PatternProblem> {
  const parser: Parser = {
    cursor: new PatternCursor(pattern),
    names: new Map(),
    groups: 0,
    depth: 0,
    flags: { i: false, m: false, s: false, U: false },
  };
  try {
    const root = parseChoice(parser);
    if (!parser.cursor.atEnd()) parser.cursor.fail("unexpected )", parser.cursor.at);
    return ok({ root, groups: parser.groups, names: parser.names });
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return err({ reason: error.message });
  }
}

function parseChoice(parser: Parser): RegexNode {
  const options = [parseSequence(parser)];
  while (parser.cursor.take("|")) options.push(parseSequence(parser));
  const [only = EMPTY, second] = options;
  return second === undefined ? only : { kind: "choice", options };
}

function parseSequence(parser: Parser): RegexNode {
  const { cursor } = parser;
  const parts: RegexNode[] = [];
  while (!cursor.atEnd() && cursor.peek() !== "|" && cursor.peek() !== ")") {
    const nodes = cursor.take("\\Q") ? parseQuoted(parser) : parseTerm(parser);
    for (const node of nodes) parts.push(node);
  }
  const [only = EMPTY, second] = parts;
  return second === undefined ? only : { kind: "sequence", parts };
}

/** `\Q…\E`: every scalar stands for itself. A repetition applies to the last of them. */
function parseQuoted(parser: Parser): RegexNode[] {
  const { cursor } = parser;
  const nodes: RegexNode[] = [];
  while (!cursor.atEnd() && !cursor.take("\\E")) {
    nodes.push(literal(cursor.next().codePointAt(0) ?? 0, parser.flags));
  }
  const last = nodes.pop();
  return last === undefined ? [] : [...nodes, parseRepeats(parser, last, cursor.at)];
}

/** An atom with its repetitions; nothing for `(?i)`, which only sets flags. */
function parseTerm(parser: Parser): RegexNode[] {
  const start = parser.cursor.at;
  const atom = parseAtom(parser);
  return atom === null ? [] : [parseRepeats(parser, atom, start)];
}

function parseRepeats(parser: Parser, atom: RegexNode, start: number): RegexNode {
  const { cursor, flags } = parser;
  const operator = cursor.at;
  const bounds = takeBounds(cursor);
  if (bounds === null) return atom;
  const lazy = cursor.take("?");
  const again = cursor.at;
  if (takeBounds(cursor) !== null) {
    cursor.at = Math.max(cursor.at, again + 1);
    return cursor.fail("invalid nested repetition operator", operator);
  }
  const repeat: RegexNode = { kind: "repeat", body: atom, ...bounds, greedy: lazy === flags.U };
  if (repeatSize(repeat) > REGEX_REPEAT_MAX) return cursor.fail("invalid repeat count", start);
  return repeat;
}

/** `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`; a brace that begins none of these is a literal. */
function takeBounds(
  cursor: PatternCursor,
): { readonly min: number; readonly max: number | null } | null {
  if (cursor.take("*")) return { min: 0, max: null };
  if (cursor.take("+")) return { min: 1, max: null };
  if (cursor.take("?")) return { min: 0, max: 1 };
  const start = cursor.at;
  const text = cursor.take("{") ? cursor.until("}") : null;
  const counts = text === null ? null : /^(\d{1,9})(,?)(\d{0,9})$/.exec(text);
  if (counts === null || (counts[2] === "" && counts[3] !== "")) {
    cursor.at = start;
    return null;
  }
  const min = Number(counts[1]);
  const max = counts[2] === "" ? min : counts[3] === "" ? null : Number(counts[3]);
  if (max !== null && max < min) return cursor.fail("invalid repeat count", start);
  return { min, max };
}

/** How often the body of the innermost repetition may be copied. */
function repeatSize(node: RegexNode): number {
  switch (node.kind) {
    case "repeat":
      return Math.max(1, node.min, node.max ?? 0) * repeatSize(node.body);
    case "group":
      return repeatSize(node.body);
    case "sequence":
      return node.parts.reduce((most, part) => Math.max(most, repeatSize(part)), 1);
    case "choice":
      return node.options.reduce((most, option) => Math.max(most, repeatSize(option)), 1);
    default:
      return 1;
  }
}

const ASSERTION_ESCAPES: { readonly [letter: string]: Assertion } = {
  A: "text start",
  z: "text end",
  b: "word boundary",
  B: "no word boundary",
};

/** One atom; null for a group that only sets flags. */
function parseAtom(parser: Parser): RegexNode | null {
  const { cursor, flags } = parser;
  const start = cursor.at;
  switch (cursor.peek()) {
    case "(":
      return parseGroup(parser);
    case "[":
      return { kind: "set", set: parseBracket(cursor, flags.i) };
    case ".":
      cursor.next();
      return { kind: "set", set: anyScalar(flags) };
    case "^":
      cursor.next();
      return { kind: "assertion", assertion: flags.m ? "line start" : "text start" };
    case "$":
      cursor.next();
      return { kind: "assertion", assertion: flags.m ? "line end" : "text end" };
    case "\\":
      return parseEscape(parser);
    default:
      if (takeBounds(cursor) !== null) {
        return cursor.fail("missing argument to repetition operator", start);
      }
      return literal(parseScalar(cursor), flags);
  }
}

function parseEscape({ cursor, flags }: Parser): RegexNode {
  const assertion = ASSERTION_ESCAPES[cursor.peek(1)];
  if (assertion !== undefined) {
    cursor.at += 2;
    return { kind: "assertion", assertion };
  }
  const set = parseClassEscape(cursor, flags.i);
  return set === null ? literal(parseScalar(cursor), flags) : { kind: "set", set };
}

function literal(point: number, flags: Flags): RegexNode {
  const set = new CharSet({
    ranges: [[point, point]],
    properties: [],
    negated: false,
    fold: flags.i,
  });
  return { kind: "set", set };
}

function anyScalar(flags: Flags): CharSet {
  const excluded: readonly [number, number] = [NEWLINE, NEWLINE];
  return flags.s
    ? new CharSet({ ranges: [[0, LAST_SCALAR]], properties: [], negated: false, fold: false })
    : new CharSet({ ranges: [excluded], properties: [], negated: true, fold: false });
}

/** A group at its parenthesis: capturing, named, with flags; null for flags alone. */
function parseGroup(parser: Parser): RegexNode | null {
  const { cursor } = parser;
  const start = cursor.at;
  const outer = parser.flags;
  cursor.next();
  const index = cursor.take("?") ? parseGroupHead(parser, start) : nextGroup(parser);
  if (index === "flags only") return null;
  parser.depth += 1;
  if (parser.depth > REGEX_DEPTH_MAX) return cursor.fail("expression nests too deeply", cursor.at);
  const body = parseChoice(parser);
  parser.depth -= 1;
  if (!cursor.take(")")) return cursor.fail("missing closing )", start);
  parser.flags = outer;
  // What `(?:…)` yields may be repeated as a whole, which a bare sequence would be too.
  return index === null ? body : { kind: "group", index, body };
}

function nextGroup(parser: Parser): number {
  parser.groups += 1;
  if (parser.groups > REGEX_GROUPS_MAX)
    return parser.cursor.fail("too many groups", parser.cursor.at);
  return parser.groups;
}

/** What follows `(?`: number of the group, null for none, or flags alone with their parenthesis. */
function parseGroupHead(parser: Parser, start: number): number | null | "flags only" {
  const { cursor } = parser;
  const named = cursor.take("P<") || (!/^<[=!]/.test(twoAhead(cursor)) && cursor.take("<"));
  if (!named) return parseFlags(parser, start);
  const name = cursor.until(">");
  if (name === null || !/^[A-Za-z0-9_]+$/.test(name)) {
    return cursor.fail("invalid named capture", start);
  }
  if (parser.names.has(name)) return cursor.fail("duplicate capture group name", start);
  const index = nextGroup(parser);
  parser.names.set(name, index);
  return index;
}

function twoAhead(cursor: PatternCursor): string {
  return cursor.peek() + cursor.peek(1);
}

/** `i-s:` or `i-s)`, behind the question mark. */
function parseFlags(parser: Parser, start: number): null | "flags only" {
  const { cursor } = parser;
  const flags: { -readonly [F in keyof Flags]: boolean } = { ...parser.flags };
  let value = true;
  let count = 0;
  for (;;) {
    const letter = cursor.next();
    const last = letter === ":" || letter === ")";
    if (last && (value || count > 0)) {
      parser.flags = flags;
      return letter === ":" ? null : "flags only";
    }
    if (letter === "-" && value) {
      value = false;
      count = 0;
    } else if (letter === "i" || letter === "m" || letter === "s" || letter === "U") {
      flags[letter] = value;
      count += 1;
    } else return cursor.fail("invalid or unsupported Perl syntax", start);
  }
}
