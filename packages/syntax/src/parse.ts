// Entry of the parser (language 3): wires the rules together. Never throws on any input: what
// cannot be parsed becomes a diagnostic and a node of kind `error`.

import {
  type Diagnostic,
  type PhaseResult,
  positionOf,
  type SourceText,
} from "@lumen/core/diagnostic";
import type { Module } from "./ast.ts";
import { extract } from "./extract.ts";
import type { Landmark } from "./landmarks.ts";
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

/** A tree, and where it has something rare that no spelling tells. */
export interface Parsed extends PhaseResult<Module> {
  readonly landmarks: readonly Landmark[];
}

/**
 * Parses the tokens of {@link lex}. Diagnostics: E0010 to E0016 and, for a lone 2^63, E0004; at
 * most 10. Linear in the number of tokens. With `notes` it also writes down what the formatter
 * needs.
 */
export function parse(
  tokens: readonly Token[],
  file: SourceFile,
  notes: LayoutNotes | null = null,
): Parsed {
  const parser = new Parser(file, tokens, RULES, notes);
  const value = parseTopLevel(parser, file);
  return { value, diagnostics: parser.diagnostics, landmarks: parser.landmarks };
}

/** What {@link parseModule} returns. */
export interface ParsedModule {
  readonly file: SourceFile;
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
  /** Places of what few modules use, in no order. */
  readonly landmarks: readonly Landmark[];
}

/**
 * Extracts, lexes and parses one document. The tree is always there. Of syntax errors beside
 * lexical ones those are reported that cannot come from them (language 20).
 */
export function parseModule(path: string, text: string): ParsedModule {
  const extracted = extract(path, text);
  const file = extracted.value;
  const lexed = lex(file);
  const parsed = parse(lexed.value, file);
  const own = unblamed(file.source, lexed.diagnostics, parsed.diagnostics);
  const diagnostics = [...extracted.diagnostics, ...lexed.diagnostics, ...own];
  const landmarks = [...lexed.landmarks, ...parsed.landmarks];
  return { file, module: parsed.value, diagnostics: diagnostics.sort(byPlace), landmarks };
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  return a.span.start - b.span.start;
}

/**
 * The syntax errors that no lexical error brings about: those before it. Where all that is wrong
 * are characters, which are left out, those further away too, but for a missing `end`, whose block
 * may begin anywhere.
 */
function unblamed(
  source: SourceText,
  lexical: readonly Diagnostic[],
  syntactic: readonly Diagnostic[],
): readonly Diagnostic[] {
  const lines = lexical.map(({ span }) => positionOf(source, span.start).line);
  const first = Math.min(...lines);
  const isLocal = lexical.every(({ code }) => code === "E0001");
  return syntactic.filter(({ code, span }) => {
    const { line } = positionOf(source, span.start);
    if (positionOf(source, span.end).line < first) return true;
    return isLocal && code !== "E0013" && !lines.some((l) => line === l || line === l + 1);
  });
}
