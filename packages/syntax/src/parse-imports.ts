// Imports with their `granting` clauses (language 3, 17.1, 17.3).

import type { Capability, Expr, Granting, ImportDecl, ImportName } from "./ast.ts";
import { closeBracket, commaItems, openBracket } from "./parse-brackets.ts";
import { type Head, itemHead } from "./parse-head.ts";
import { parseDotted } from "./parse-types.ts";
import type { Parser } from "./parser.ts";

/** `import a.b: X, y as z granting {…}`; the current token is `import`. */
export function parseImport(p: Parser, head: Head): ImportDecl {
  p.advance();
  const module = parseDotted(p, "the name of a module");
  const names = p.accept(":") ? parseImportNames(p) : null;
  const granting = p.atName("granting") && p.onSameLine() ? parseGranting(p) : null;
  return { kind: "import", module, names, granting, ...itemHead(p, head) };
}

function parseImportNames(p: Parser): readonly ImportName[] | "*" {
  if (p.accept("*")) return "*";
  const names: ImportName[] = [];
  do {
    const name = p.name("a name or `*`");
    const alias = p.accept("as") ? p.name("a name after `as`") : null;
    names.push({ name, alias });
  } while (p.accept(",") && !p.isPanicking);
  return names;
}

/** `granting {none}`, `{all}` or a list of capabilities. */
function parseGranting(p: Parser): Granting {
  const { start } = p.tok;
  p.advance();
  if (!p.at("{")) {
    p.unexpected("`{` after `granting`");
    return { kind: "none", span: p.spanFrom(start) };
  }
  const word = p.peek().text;
  const isWhole = (word === "none" || word === "all") && p.peek(2).kind === "}";
  const open = openBracket(p);
  if (isWhole) p.advance();
  const capabilities = isWhole ? [] : commaItems(p, "}", parseCapability);
  if (!isWhole && capabilities.length === 0) p.unexpected("`none`, `all` or a capability");
  closeBracket(p, open, "}", isWhole ? "" : "`,` or ");
  const span = p.spanFrom(start);
  if (isWhole) return { kind: word === "all" ? "all" : "none", span };
  return { kind: "list", capabilities, span };
}

function parseCapability(p: Parser): Capability {
  const name = p.name("the name of a capability");
  p.expect(":", "`:` and what is granted");
  return { name, value: parseGrantedValue(p) };
}

/** A name such as `read_only`, or a list. */
function parseGrantedValue(p: Parser): Expr {
  if (p.at("[")) return p.rules.expression(p);
  const { text, span } = p.name("a name such as `read_only`, or a list");
  return { kind: "name", name: text, span };
}
