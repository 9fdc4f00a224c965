// What the lexer yields: tokens with their place, their line and their decoded value.
// Also the tables of spellings: keywords, punctuation, and what continues a line.

import type { Span } from "@lumen/core/diagnostic";
import type { FormatSpec } from "./ast.ts";

/** Hard keywords (language 2.2); each is a token kind of its own. */
export const KEYWORDS = [
  "and",
  "as",
  "async",
  "await",
  "break",
  "cell",
  "const",
  "continue",
  "defer",
  "else",
  "end",
  "enum",
  "false",
  "fn",
  "for",
  "halt",
  "if",
  "impl",
  "import",
  "in",
  "is",
  "let",
  "loop",
  "match",
  "mut",
  "not",
  "null",
  "or",
  "pub",
  "record",
  "return",
  "then",
  "trait",
  "true",
  "try",
  "when",
  "where",
  "while",
  "yield",
] as const;

/** A hard keyword. */
export type Keyword = (typeof KEYWORDS)[number];

/** Punctuation and compound assignments (language 2.5), longest first per first character. */
export const PUNCTUATION = [
  "+=",
  "++",
  "+",
  "-=",
  "->",
  "-",
  "**=",
  "**",
  "*=",
  "*",
  "//=",
  "//",
  "/=",
  "/",
  "%=",
  "%",
  "==",
  "=>",
  "=",
  "!=",
  "!",
  "<<=",
  "<=>",
  "<<",
  "<=",
  "<",
  ">>=",
  ">>",
  ">=",
  ">",
  "...",
  "..=",
  "..",
  ".",
  ",",
  ":",
  ";",
  "@",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  "|>",
  "|=",
  "|",
  "~>",
  "~",
  "&=",
  "&",
  "^=",
  "^",
  "??",
  "?.",
  "?[",
  "?",
] as const;

/** A punctuation mark. */
export type Punctuation = (typeof PUNCTUATION)[number];

/**
 * Kind of a token. `blockEnd` ends a fenced block, `eof` the module or an interpolation; `stop` is
 * never in a token list: the parser shows it to itself while it recovers from an error.
 */
export type TokenKind =
  | Keyword
  | Punctuation
  | "name"
  | "int"
  | "float"
  | "string"
  | "interpolated"
  | "bytes"
  | "role"
  | "doc"
  | "blockEnd"
  | "eof"
  | "stop";

/** Raw text of a string, decoded, or the tokens of one interpolated expression with its format. */
export type StringPart =
  | { readonly kind: "text"; readonly value: string }
  | {
      readonly kind: "expr";
      /** Ends with an `eof` token. */
      readonly tokens: readonly Token[];
      readonly format: FormatSpec | null;
      readonly span: Span;
    };

/** Text of a role with its name: `role system: text` (language 3, rule 6). */
export interface RoleText {
  readonly name: string;
  readonly nameSpan: Span;
  readonly parts: readonly StringPart[];
  /** A `|` stands in place of text on its line: the text is in the lines below it. */
  readonly isBlock: boolean;
}

/** Decoded literal, or null for a token without one. */
export type TokenValue =
  | null
  | bigint
  | number
  | string
  | Uint8Array
  | readonly StringPart[]
  | RoleText;

/** Whether the token stands first on its line, and whether that line continues the one before. */
export const SAME_LINE = 0;
/** First on its line; a NEWLINE stands before it unless a bracket is open (language 2.1 b). */
export const NEW_LINE = 1;
/** First on its line, but its spelling continues the expression (language 2.1 c). */
export const CONTINUED_LINE = 2;

/** Value of {@link Token.line}. */
export type LinePlace = typeof SAME_LINE | typeof NEW_LINE | typeof CONTINUED_LINE;

/** One token. All have the same shape, which keeps the parser's property reads monomorphic. */
export interface Token {
  readonly kind: TokenKind;
  /** Spelling of a name, keyword or mark; empty for literals. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Indentation of the token's line in its code block; a tab counts 2. */
  readonly column: number;
  readonly line: LinePlace;
  readonly value: TokenValue;
}

/** Spelling → keyword. */
export const KEYWORD_OF: ReadonlyMap<string, Keyword> = new Map(KEYWORDS.map((k) => [k, k]));

/** Kinds that continue the previous line when they stand first on theirs (language 2.1 c). */
export const CONTINUES_LINE: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "|>",
  "~>",
  ".",
  "?.",
  "??",
  "+",
  "*",
  "/",
  "//",
  "%",
  "**",
  "==",
  "!=",
  "<",
  "<=",
  ">",
  ">=",
  "<=>",
  "and",
  "or",
  "in",
  "is",
  "as",
  "|",
  "&",
  "^",
  "++",
  "<<",
  ">>",
]);

/** Those of {@link CONTINUES_LINE} that are names before a `:` (language 2.2). */
export const CONTINUING_WORDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "and",
  "or",
  "in",
  "is",
  "as",
]);

/** Kinds after which an operand is due, so that the next line belongs to them (language 2.1). */
export const NEEDS_OPERAND: ReadonlySet<TokenKind> = new Set<TokenKind>([
  ...[...CONTINUES_LINE].filter((kind) => kind !== "." && kind !== "?."),
  "-",
  "not",
  "~",
  "..",
  "..=",
  "=",
  "=>",
  ",",
  "+=",
  "-=",
  "*=",
  "/=",
  "//=",
  "%=",
  "**=",
  "&=",
  "|=",
  "^=",
  "<<=",
  ">>=",
]);

/** True for a token that is spelled like an identifier: a name or any keyword. */
export function isWord(token: Token): boolean {
  return token.kind === "name" || KEYWORD_OF.has(token.kind);
}
