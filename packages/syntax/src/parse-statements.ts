// Statements (language 3, 6). Loops, `if`, `match` and `when` are expression statements.

import type { Attribute, Block, Expr, Place, PlaceStep, Statement } from "./ast.ts";
import { BINDING_HELP, BINDING_WORDS } from "./foreign.ts";
import { COMPOUND } from "./operators.ts";
import { NOTHING, packed } from "./packed.ts";
import { parseAttributes } from "./parse-attributes.ts";
import { parseCell } from "./parse-cells.ts";
import { takeDoc } from "./parse-head.ts";
import { parseEnum, parseRecord } from "./parse-items.ts";
import { parseLabel } from "./parse-loops.ts";
import { atTransition, parseTransition } from "./parse-machines.ts";
import { atAddonIn, takeAddonText, takePayload } from "./parse-metadata.ts";
import { parsePattern } from "./parse-patterns.ts";
import { parseRole } from "./parse-strings.ts";
import { parseType } from "./parse-types.ts";
import { type Opener, type Parser, startsExpression } from "./parser.ts";
import { SAME_LINE, type Token, type TokenKind } from "./token.ts";

/** A statement without its separator. */
export function parseStatement(p: Parser): Statement {
  p.beginStatement();
  const { start } = p.tok;
  const doc = takeDoc(p);
  const headStart = p.tok.start;
  const attributes = p.at("@") ? parseAttributes(p) : NOTHING;
  const lateDoc = takeDoc(p) ?? doc;
  p.noteSame(headStart);
  if (attributes.length > 0 && atStatementEnd(p)) {
    // An attribute that nothing follows is metadata (language 18).
    return { kind: "attributed", attributes, statement: null, span: p.spanFrom(start) };
  }
  const item = parseLocalItem(p, attributes, lateDoc);
  if (item !== null) {
    p.hasLocalItems = true;
    return item;
  }
  if (attributes.length === 0) return parsePlain(p, attributes);
  return parseAttributed(p, attributes, start);
}

/** `let` and loops have a place for attributes; any other statement is wrapped. */
function parseAttributed(p: Parser, attributes: readonly Attribute[], start: number): Statement {
  const isLoop = p.at("for") || p.at("while") || p.at("loop");
  const isTaken = isLoop || p.at("let");
  if (isLoop) p.attributes = attributes;
  const statement = parsePlain(p, attributes);
  if (isTaken) return statement;
  return { kind: "attributed", attributes, statement, span: p.spanFrom(start) };
}

function atStatementEnd(p: Parser): boolean {
  return p.at("end") || p.at("else") || p.atEnd();
}

/** Records, enums and cells may stand in a body (language 5). */
function parseLocalItem(
  p: Parser,
  attributes: readonly Attribute[],
  doc: string | null,
): Statement | null {
  const { start, kind } = p.tok;
  const mayBeItem = kind === "record" || kind === "enum" || kind === "cell" || kind === "async";
  if (!mayBeItem) return null;
  const head = { attributes, doc, isPublic: false, start };
  const isNamed = p.peek().kind === "name";
  if (kind === "record" && isNamed) {
    const item = parseRecord(p, head);
    return { kind: "item", item, span: p.spanFrom(start) };
  }
  if (kind === "enum" && isNamed) {
    const item = parseEnum(p, head);
    return { kind: "item", item, span: p.spanFrom(start) };
  }
  if ((kind === "cell" && isNamed) || kind === "async") {
    const item = parseCell(p, head);
    return { kind: "item", item, span: p.spanFrom(start) };
  }
  return null;
}

function parsePlain(p: Parser, attributes: readonly Attribute[]): Statement {
  const { tok } = p;
  switch (tok.kind) {
    case "let":
      return parseLet(p, attributes);
    case "const":
      return parseForeignLet(p, attributes);
    case "return": {
      p.advance();
      const value = parseOptionalOperand(p);
      return { kind: "return", value, span: p.spanFrom(tok.start) };
    }
    case "break": {
      p.advance();
      const label = parseLabel(p);
      const value = parseOptionalOperand(p);
      return { kind: "break", label, value, span: p.spanFrom(tok.start) };
    }
    case "continue": {
      p.advance();
      const label = parseLabel(p);
      return { kind: "continue", label, span: p.spanFrom(tok.start) };
    }
    case "halt": {
      p.advance();
      const value = p.rules.expression(p);
      return { kind: "halt", value, span: p.spanFrom(tok.start) };
    }
    case "defer":
      return parseDefer(p);
    case "yield": {
      p.advance();
      const value = p.rules.expression(p);
      return { kind: "yield", value, span: p.spanFrom(tok.start) };
    }
    case "role":
      return { kind: "role", value: parseRole(p), span: p.spanFrom(tok.start) };
    default:
      return parseSoft(p);
  }
}

/** Statements that start with a soft keyword, and expressions. */
function parseSoft(p: Parser): Statement {
  const { tok } = p;
  if (tok.kind !== "name" || !SOFT_STARTS.has(tok.text)) return parseExpressionStatement(p);
  if (isSoftStatement(p, "emit", ["["])) {
    p.advance();
    const value = p.rules.expression(p);
    return { kind: "emit", value, span: p.spanFrom(tok.start) };
  }
  if (isSoftStatement(p, "assert", ["[", "("])) {
    p.advance();
    const condition = p.rules.expression(p);
    const message = p.accept(",") ? p.rules.expression(p) : null;
    return { kind: "assert", condition, message, span: p.spanFrom(tok.start) };
  }
  if (atTransition(p)) return strayTransition(p);
  if (atForeignLet(p)) return parseForeignLet(p, NOTHING);
  const addon = addonWord(p);
  if (addon !== null) return parseAddon(p, addon);
  return p.atName("checkpoint") ? parseCheckpoint(p) : parseExpressionStatement(p);
}

/** `transition Open` inside a statement of a hook, or where there is no machine at all. */
function strayTransition(p: Parser): Statement {
  const { start, end } = p.tok;
  parseTransition(p);
  const message = "a transition stands directly in a state or in a hook of it";
  const help = "Write the condition behind it: `transition Open(x) if c`.";
  p.report({ code: "E0010", span: { start, end }, message, help });
  return { kind: "error", span: p.spanFrom(start) };
}

/**
 * True when `word` starts a statement: a token that can start an expression follows on the line,
 * unless it is one of `touching` right behind the word (language 2.2).
 */
function isSoftStatement(p: Parser, word: string, touching: readonly TokenKind[]): boolean {
  if (!p.atName(word)) return false;
  const next: Token = p.peek();
  if (next.line !== 0 || !startsExpression(next)) return false;
  return !(next.start === p.tok.end && touching.includes(next.kind));
}

type AddonWord = Extract<Statement, { readonly kind: "addon" }>["word"];

const ADDON_WORDS: readonly AddonWord[] = ["approve", "escalate", "observe", "with"];

/** Names with which a statement of a form of its own may start. */
const SOFT_STARTS: ReadonlySet<string> = new Set<string>([
  "emit",
  "assert",
  "transition",
  "checkpoint",
  ...ADDON_WORDS,
  ...BINDING_WORDS,
]);

/** The word of the addon that starts here, or null. */
function addonWord(p: Parser): AddonWord | null {
  return ADDON_WORDS.find((word) => isSoftStatement(p, word, ["[", "("])) ?? null;
}

/** `approve "Deploy?" …`, and with `in` the block that runs. */
function parseAddon(p: Parser, word: AddonWord): Statement {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const text = takeAddonText(p, { start: opener.token.start, column: opener.column });
  const body = atAddonIn(p) ? parseAddonBody(p, opener) : null;
  return { kind: "addon", word, text, body, span: p.spanFrom(opener.token.start) };
}

function parseAddonBody(p: Parser, opener: Opener): Block {
  p.noteClose(opener.token);
  p.advance();
  const block = p.rules.block(p, { opener, until: "end", armColumn: null });
  p.expectEnd(opener);
  return block;
}

/** As a statement `checkpoint` may have a payload. */
function parseCheckpoint(p: Parser): Statement {
  const { column } = p.tok;
  const statement = parseExpressionStatement(p);
  if (statement.kind !== "expr" || statement.value.kind !== "checkpoint") return statement;
  const payload = takePayload(p, { start: statement.span.start, column }, () => true);
  return { ...statement, value: { ...statement.value, payload } };
}

/** `var x = 1`: no expression goes on like that. */
function atForeignLet(p: Parser): boolean {
  if (p.tok.kind !== "name" || !BINDING_WORDS.has(p.tok.text)) return false;
  const [name, then] = [p.peek(), p.peek(2)];
  return (
    name.kind === "name" && name.line === SAME_LINE && (then.kind === "=" || then.kind === ":")
  );
}

/** Reported, and read as `let`, so that what it binds is known below. */
function parseForeignLet(p: Parser, attributes: readonly Attribute[]): Statement {
  const { start, end, text } = p.tok;
  const message = `expected a statement, found \`${text}\``;
  p.report({ code: "E0010", span: { start, end }, message, help: BINDING_HELP });
  return parseLet(p, attributes);
}

/** `let [mut] p [: T] = e`. */
function parseLet(p: Parser, attributes: readonly Attribute[]): Statement {
  const { start } = p.tok;
  p.advance();
  const isMutable = p.accept("mut");
  const pattern = parsePattern(p, false);
  const type = p.accept(":") ? parseType(p) : null;
  p.expect("=", type === null ? "`=` or `:` after the name of `let`" : "`=` after the type");
  const value = p.rules.expression(p);
  return { kind: "let", attributes, isMutable, pattern, type, value, span: p.spanFrom(start) };
}

/** An operand of `return` or `break` must begin on the same line (language 2.1). */
function parseOptionalOperand(p: Parser): Expr | null {
  return p.onSameLine() && startsExpression(p.tok) ? p.rules.expression(p) : null;
}

function parseDefer(p: Parser): Statement {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const block = p.rules.block(p, { opener, until: "end", armColumn: null });
  p.expectEnd(opener);
  return { kind: "defer", block, span: p.spanFrom(opener.token.start) };
}

/** An expression, or an assignment when `=` or a compound operator follows a place. */
function parseExpressionStatement(p: Parser): Statement {
  const { start } = p.tok;
  const value = p.rules.expression(p);
  const op = COMPOUND.get(p.tok.kind) ?? null;
  if ((op === null && !p.at("=")) || p.atNewline()) {
    return { kind: "expr", value, span: p.spanFrom(start) };
  }
  const place = toPlace(value);
  if (place === null) {
    p.unexpected(
      "a new line or `;` after the expression",
      "Only a variable, its fields, components and elements can be assigned.",
    );
    return { kind: "error", span: p.spanFrom(start) };
  }
  const opSpan = { start: p.tok.start, end: p.tok.end };
  p.advance();
  const assigned = p.rules.expression(p);
  return { kind: "assign", place, op, opSpan, value: assigned, span: p.spanFrom(start) };
}

/** The place that an expression names, or null when it is none. */
function toPlace(expr: Expr): Place | null {
  if (expr.kind === "name")
    return { root: { text: expr.name, span: expr.span }, path: NOTHING, span: expr.span };
  const path: PlaceStep[] = [];
  let at: Expr = expr;
  while (at.kind !== "name") {
    if (at.kind === "field" && !at.nullSafe) {
      path.push({ kind: "field", name: at.name });
    } else if (at.kind === "component") {
      path.push({ kind: "component", index: at.index, span: at.indexSpan });
    } else if (at.kind === "index" && !at.nullSafe && at.indices.length === 1) {
      const [index] = at.indices;
      if (index === undefined) return null;
      path.push({ kind: "index", index, span: index.span });
    } else {
      return null;
    }
    at = at.value;
  }
  path.reverse();
  return { root: { text: at.name, span: at.span }, path: packed(path), span: expr.span };
}
