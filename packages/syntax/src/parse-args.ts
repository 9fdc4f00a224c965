// Arguments of calls (language 3, `args`).

import type { Arg } from "./ast.ts";
import { commaList } from "./parse-brackets.ts";
import { parseRole } from "./parse-strings.ts";
import type { Parser } from "./parser.ts";
import { isWord } from "./token.ts";

/** `(a, k: b, ...c, role system: text)`; the current token is `(`. */
export function parseArgs(p: Parser): readonly Arg[] {
  p.mark("postfix");
  return commaList(p, ")", parseArg);
}

function parseArg(p: Parser): Arg {
  if (p.at("role")) {
    // The key is the name of the role (language 11.1).
    const value = parseRole(p);
    return { name: value.role, spread: false, value };
  }
  if (p.at("...")) p.mark("prefix");
  if (p.accept("...")) return { name: null, spread: true, value: p.rules.expression(p) };
  if (isWord(p.tok) && p.peek().kind === ":") {
    const name = p.name("the name of an argument", true);
    p.advance();
    return { name, spread: false, value: p.rules.expression(p) };
  }
  return { name: null, spread: false, value: p.rules.expression(p) };
}
