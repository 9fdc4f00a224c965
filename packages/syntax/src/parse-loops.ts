// Loops: `for`, `while`, `loop`, with labels and filters (language 3, 6).

import type { Attribute, Block, Expr, Name } from "./ast.ts";
import { parseCondition } from "./parse-if.ts";
import { parsePattern } from "./parse-patterns.ts";
import type { Opener, Parser } from "./parser.ts";

/** A loop; the current token is `for`, `while` or `loop`. Takes the statement's attributes. */
export function parseLoop(p: Parser): Expr {
  const { attributes } = p;
  p.attributes = [];
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const label = parseLabel(p);
  switch (opener.token.kind) {
    case "for":
      return parseFor(p, opener, attributes, label);
    case "while": {
      const condition = parseCondition(p);
      const body = parseBody(p, opener);
      const span = p.spanFrom(opener.token.start);
      return { kind: "while", attributes, label, condition, body, span };
    }
    default: {
      const body = parseBody(p, opener);
      const span = p.spanFrom(opener.token.start);
      return { kind: "loop", attributes, label, body, span };
    }
  }
}

/** `@name` on the same line, or null. */
export function parseLabel(p: Parser): Name | null {
  if (!p.at("@") || !p.onSameLine()) return null;
  p.advance();
  return p.name("the name of a label after `@`");
}

function parseFor(
  p: Parser,
  opener: Opener,
  attributes: readonly Attribute[],
  label: Name | null,
): Expr {
  const { layout } = p;
  p.enter();
  p.layout = "header";
  const binder = parsePattern(p);
  p.expect("in", "`in` after the variable of `for`");
  const iterable = p.rules.expression(p);
  const filter = p.at("if") && p.onSameLine() ? parseFilter(p) : null;
  p.layout = layout;
  p.leave();
  const body = parseBody(p, opener);
  const span = p.spanFrom(opener.token.start);
  return { kind: "for", attributes, label, binder, iterable, filter, body, span };
}

function parseFilter(p: Parser): Expr {
  p.landmarks.push({ text: "if", start: p.tok.start });
  p.advance();
  return p.rules.expression(p);
}

function parseBody(p: Parser, opener: Opener): Block {
  const block = p.rules.block(p, { opener, until: "end", armColumn: null });
  p.expectEnd(opener);
  return block;
}
