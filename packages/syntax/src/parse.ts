// Entry of the parser (language 3): wires the rules together. Never throws on any input: what
// cannot be parsed becomes a diagnostic and a node of kind `error`.

import type { Diagnostic, PhaseResult } from "@lumen/core/diagnostic";
import type { Module } from "./ast.ts";
import { extract } from "./extract.ts";
import type { LayoutNotes } from "./layout-notes.ts";
import { lex } from "./lexer.ts";
import { parseBlock } from "./parse-blocks.ts";
import { parseExpression } from "./parse-expressions.ts";
import { startsDeclaration } from "./parse-members.ts";
import { parseTopLevel } from "./parse-module.ts";
import { parseStatement } from "./parse-statements.ts";
import { Parser, type Rules } from "./parser.ts";
import type { SourceFile } from "./source-file.ts";
import type { Token } from "./token.ts";

const RULES: Rules = {
  expression: parseExpression,
  statement: parseStatement,
  block: parseBlock,
  startsDeclaration,
};

/**
 * Parses the tokens of {@link lex}. Diagnostics: E0010 to E0016 and, for a lone 2^63, E0004; at
 * most 10. Linear in the number of tokens. With `notes` it also writes down what the formatter
 * needs.
 */
export function parse(
  tokens: readonly Token[],
  file: SourceFile,
  notes: LayoutNotes | null = null,
): PhaseResult<Module> {
  const parser = new Parser(file, tokens, RULES, notes);
  const value = parseTopLevel(parser, file);
  return { value, diagnostics: parser.diagnostics };
}

/** What {@link parseModule} returns. */
export interface ParsedModule {
  readonly file: SourceFile;
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Extracts, lexes and parses one document. The tree is always there; lexical errors stop the
 * pipeline as language 20 says, so that syntax errors are reported only where there are none.
 */
export function parseModule(path: string, text: string): ParsedModule {
  const extracted = extract(path, text);
  const file = extracted.value;
  const lexed = lex(file);
  const parsed = parse(lexed.value, file);
  const before = [...extracted.diagnostics, ...lexed.diagnostics];
  const diagnostics = before.length > 0 ? before : parsed.diagnostics;
  return { file, module: parsed.value, diagnostics };
}
