// An input of a session taken apart: declarations, which are kept as text, and statements, which
// are run.

import {
  type Diagnostic,
  hasErrors,
  makeSourceText,
  type SourceText,
} from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import { type Item, type Pattern, parseModule, type Statement } from "@lumen/syntax";

/** A declaration, import or directive. One of the same key takes its place. */
export interface Definition {
  readonly key: string;
  /** The name that it declares; empty where it has none. */
  readonly name: string;
  readonly source: SourceText;
  readonly at: number;
  readonly length: number;
  /** Directives and imports stand first. */
  readonly rank: number;
}

/** The text of a declaration. */
export function textOf({ source, at, length }: Definition): string {
  return source.text.slice(at, at + length);
}

/** The statements of an input: its text with the declarations blanked out. */
export interface Statements {
  readonly source: SourceText;
  /** Where the last statement begins, if it is an expression, whose value is shown. */
  readonly valueAt: number | null;
  /** There is nothing but that expression. */
  readonly isExpression: boolean;
  /** It is a loop. */
  readonly isLoop: boolean;
  /** Names that the statements bind. */
  readonly names: readonly string[];
}

/** An input. */
export interface ReplInput {
  readonly definitions: readonly Definition[];
  /** Null without any. */
  readonly statements: Statements | null;
}

/** Takes a text apart; its diagnostics where it does not parse. */
export function readInput(source: SourceText): Result<ReplInput, readonly Diagnostic[]> {
  const { file, module, diagnostics } = parseModule(source.path, source.text);
  if (hasErrors(diagnostics)) return err(diagnostics);
  // Code mode and documents alike: what is no code is blank, at the same offsets.
  const code = makeSourceText(source.path, file.code);
  const directives = module.directives.map((d): Definition => {
    const { start, end } = d.span;
    const head = { source: code, at: start, length: end - start, rank: 0, name: "" };
    return { ...head, key: `directive ${d.name.text}` };
  });
  const items = module.items.map((item) => definitionOf(item, code));
  const taken = [...directives, ...items];
  const statements = module.statements.filter((s) => s.kind !== "item");
  return ok({
    definitions: taken,
    statements: statements.length === 0 ? null : statementsOf(statements, blanked(code, taken)),
  });
}

function statementsOf(statements: readonly Statement[], source: SourceText): Statements {
  const last = statements.at(-1);
  const value = last?.kind === "expr" ? last : null;
  return {
    source,
    valueAt: value?.span.start ?? null,
    isExpression: value !== null && statements.length === 1,
    isLoop: value?.value.kind === "for",
    names: statements.flatMap((s) => (s.kind === "let" ? namesOf(s.pattern) : [])),
  };
}

function definitionOf(item: Item, source: SourceText): Definition {
  const { start, end } = item.span;
  // Attributes stand before the span of some items.
  const at = Math.min(start, ...item.attributes.map((a) => a.span.start));
  const name = nameOf(item);
  const text = source.text.slice(at, end);
  const rank = item.kind === "import" ? 1 : 2;
  // What has no name of its own is replaced by what says the same.
  const key = name === "" ? text : `${rank} ${name}`;
  return { key, name, source, at, length: end - at, rank };
}

function nameOf(item: Item): string {
  return "name" in item && typeof item.name === "object" && "text" in item.name
    ? item.name.text
    : "";
}

function blanked(source: SourceText, taken: readonly Definition[]): SourceText {
  let text = source.text;
  for (const { at, length } of taken) {
    const blank = text.slice(at, at + length).replace(/[^\n]/g, " ");
    text = text.slice(0, at) + blank + text.slice(at + length);
  }
  return makeSourceText(source.path, text);
}

/** Every name that a pattern binds. */
function namesOf(pattern: Pattern): readonly string[] {
  switch (pattern.kind) {
    case "name":
      return [pattern.name];
    case "typed":
      return [pattern.name.text];
    case "fields":
      return pattern.names.map((name) => name.text);
    case "tuple":
      return pattern.items.flatMap(namesOf);
    case "list": {
      const rest = pattern.rest?.name?.text;
      const around = [...pattern.before, ...pattern.after].flatMap(namesOf);
      return rest === undefined ? around : [...around, rest];
    }
    case "constructor":
      return (pattern.args ?? []).flatMap((arg) =>
        arg.pattern === null ? (arg.label === null ? [] : [arg.label.text]) : namesOf(arg.pattern),
      );
    case "wildcard":
    case "literal":
    case "range":
    case "error":
      return [];
  }
}
