// Native builtins of language 16.7 with regular expressions.

import { displayNested, makeList, truthy, type Value } from "@lumen/core/value";
import type { RegexProgram } from "../regex/program.ts";
import { allMatches, firstMatch, groupText, regexOf, replaceMatches } from "../regex/regex.ts";
import { joinTexts } from "../text/text-size.ts";
import { runtimeTrap } from "../trap.ts";
import { arg, type Native, type Natives, textArg } from "./native.ts";

/** The compiled pattern argument, or `NAME: invalid pattern: …`. */
function patternArg(name: string, args: readonly Value[], at: number): RegexProgram {
  const pattern = textArg(name, args, at);
  const found = regexOf(pattern);
  if (found.ok) return found.value;
  const text = `${name}: invalid pattern: ${found.error.reason} in ${displayNested(pattern)}`;
  throw runtimeTrap(text);
}

const regexMatch: Native = (args) => {
  const program = patternArg("regex_match", args, 0);
  const text = textArg("regex_match", args, 1);
  const found = firstMatch(program, text);
  if (found === null) return makeList([]);
  const groups = Array.from({ length: program.slots / 2 }, (_, i) => groupText(text, found, i));
  return makeList(groups);
};

const regexFindAll: Native = (args) => {
  const program = patternArg("regex_find_all", args, 0);
  const text = textArg("regex_find_all", args, 1);
  const found: Value[] = [];
  for (const captures of allMatches(program, text)) found.push(groupText(text, captures, 0));
  return makeList(found);
};

const regexReplace: Native = (args) => {
  const program = patternArg("regex_replace", args, 0);
  const text = textArg("regex_replace", args, 1);
  return joinTexts(replaceMatches(program, text, textArg("regex_replace", args, 2)), "");
};

/** With one argument: a Bool is itself, a String true unless empty, anything else false. */
const matches: Native = (args) => {
  if (args.length > 1) {
    const program = patternArg("matches", args, 1);
    return firstMatch(program, textArg("matches", args, 0)) !== null;
  }
  const value = arg(args, 0);
  return (typeof value === "boolean" || typeof value === "string") && truthy(value);
};

/** Natives by name. */
export const REGEX_NATIVES: Natives<
  "regex_match" | "regex_find_all" | "regex_replace" | "matches"
> = {
  regex_match: regexMatch,
  regex_find_all: regexFindAll,
  regex_replace: regexReplace,
  matches,
};
