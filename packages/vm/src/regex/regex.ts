// Regular expressions of language 16.7: RE2 syntax, leftmost-first, linear time.

import { ok, type Result } from "@lumen/core/result";
import { REGEX_KEPT_MAX } from "./limits.ts";
import { parseRegex } from "./parse.ts";
import { compileRegex, type RegexProgram } from "./program.ts";
import { type Captures, Effort, findMatch } from "./simulate.ts";
import type { PatternProblem } from "./syntax.ts";

/** Compiled patterns by text. A memo of a pure function: what is dropped is compiled again. */
const kept = new Map<string, RegexProgram>();

/** The program of a pattern, or why it is none. */
export function regexOf(pattern: string): Result<RegexProgram, PatternProblem> {
  const known = kept.get(pattern);
  if (known !== undefined) return ok(known);
  const syntax = parseRegex(pattern);
  if (!syntax.ok) return syntax;
  const program = compileRegex(syntax.value);
  if (!program.ok) return program;
  const [oldest] = kept.keys();
  if (kept.size >= REGEX_KEPT_MAX && oldest !== undefined) kept.delete(oldest);
  kept.set(pattern, program.value);
  return program;
}

/**
 * All matches from left to right, none overlapping. An empty match right behind another match is
 * left out.
 */
export function* allMatches(program: RegexProgram, text: string): Generator<Captures> {
  const effort = new Effort();
  let from = 0;
  let last = -1;
  while (from <= text.length) {
    const found = findMatch(program, text, from, effort);
    if (found === null) return;
    const [begin = 0, end = 0] = found;
    if (end > begin || begin !== last) yield found;
    last = end;
    from = end > begin ? end : end + unitsAt(text, end);
  }
}

function unitsAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** The leftmost match; null when there is none. */
export function firstMatch(program: RegexProgram, text: string): Captures | null {
  return findMatch(program, text, 0, new Effort());
}

/** The text of a group; null when it took no part in the match, or does not exist. */
export function groupText(text: string, captures: Captures, group: number): string | null {
  const begin = captures[2 * group] ?? -1;
  const end = captures[2 * group + 1] ?? -1;
  return begin < 0 || end < 0 ? null : text.slice(begin, end);
}

/** Every match replaced: `$1`, `${1}` and `${name}` are groups, `$$` is `$`; other `$` stay. */
export function replaceMatches(program: RegexProgram, text: string, template: string): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const captures of allMatches(program, text)) {
    const [begin = 0, end = 0] = captures;
    parts.push(text.slice(at, begin), expand(program, text, captures, template));
    at = end;
  }
  return [...parts, text.slice(at)];
}

function expand(program: RegexProgram, text: string, captures: Captures, template: string): string {
  return template.replace(/\$(?:\$|(\d{1,9})|\{(\w+)\})/g, (whole, digits, name) => {
    if (whole === "$$") return "$";
    const key = String(digits ?? name);
    const group = /^\d+$/.test(key) ? Number(key) : program.names.get(key);
    return group === undefined ? "" : (groupText(text, captures, group) ?? "");
  });
}

export type { Captures, RegexProgram };
