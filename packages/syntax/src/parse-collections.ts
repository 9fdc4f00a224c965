// Lists, sets, maps and comprehensions (language 3, rules 1 and 2).

import type { Expr, ForClause, ListItem, MapItem, Pattern } from "./ast.ts";
import { packed } from "./packed.ts";
import { closeBracket, type OpenBracket, openBracket } from "./parse-brackets.ts";
import { parsePattern } from "./parse-patterns.ts";
import type { Parser } from "./parser.ts";
import { isWord } from "./token.ts";

/** `e` or `...e`. */
export function parseListItem(p: Parser): ListItem {
  if (p.at("...")) p.mark("prefix");
  const spread = p.accept("...");
  return { spread, value: p.rules.expression(p) };
}

/** `[a, b]` or `[e for x in xs]`. */
export function parseList(p: Parser): Expr {
  const { start } = p.tok;
  const open = openBracket(p);
  const items: ListItem[] = [];
  while (!p.at("]") && !p.isPanicking) {
    items.push(parseListItem(p));
    const [first] = items;
    if (p.at("for") && items.length === 1 && first !== undefined && !first.spread) {
      return parseComprehension(p, { start, open, shape: "list", value: first.value });
    }
    if (!p.acceptComma()) break;
  }
  p.notes?.lists.add(open.token.start);
  closeBracket(p, open, "]", items.length === 0 ? "an expression or " : "`,` or ");
  return { kind: "list", items: packed(items), span: p.spanFrom(start) };
}

interface ComprehensionHead {
  readonly start: number;
  readonly open: OpenBracket;
  readonly shape: "list" | "set" | "map";
  readonly value: Expr;
  readonly mapValue?: Expr;
}

function parseComprehension(p: Parser, head: ComprehensionHead): Expr {
  const clauses: ForClause[] = [];
  while (p.accept("for")) {
    const binder = parseBinder(p);
    p.expect("in", "`in` after the variable of `for`");
    clauses.push({ binder, iterable: p.rules.expression(p) });
  }
  const filter = p.accept("if") ? p.rules.expression(p) : null;
  const close = head.shape === "list" ? "]" : "}";
  closeBracket(p, head.open, close, filter === null ? "`for`, `if` or " : "");
  const { shape, value, mapValue = null } = head;
  const span = p.spanFrom(head.start);
  return { kind: "comprehension", shape, value, mapValue, clauses, filter, span };
}

/** A variable, or patterns in parentheses. */
export function parseBinder(p: Parser): Pattern {
  if (p.at("name") || p.at("(")) return parsePattern(p, false);
  p.unexpected("a variable or `(` after `for`");
  return { kind: "error", span: { start: p.prevEnd, end: p.prevEnd } };
}

/** An element of a map or set before it is known which of them the braces hold. */
type BraceItem =
  | { readonly kind: "spread"; readonly value: Expr }
  | { readonly kind: "element"; readonly value: Expr }
  | Extract<MapItem, { readonly kind: "entry" }>;

/** `{}`, a map, a set, or a comprehension of either. */
export function parseBraces(p: Parser): Expr {
  const { start } = p.tok;
  const open = openBracket(p);
  const items: BraceItem[] = [];
  let kind: BraceItem["kind"] = "spread";
  while (!p.at("}") && !p.isPanicking) {
    const item = parseBraceItem(p);
    items.push(item);
    if (p.at("for") && items.length === 1 && item.kind !== "spread") {
      return parseComprehension(p, braceComprehension(start, open, item));
    }
    kind = checkSameKind(p, item, kind);
    if (!p.acceptComma()) break;
  }
  p.notes?.lists.add(open.token.start);
  closeBracket(p, open, "}", items.length === 0 ? "an expression or " : "`,` or ");
  return collect(items, p.spanFrom(start));
}

function parseBraceItem(p: Parser): BraceItem {
  if (p.at("...")) p.mark("prefix");
  if (p.accept("...")) return { kind: "spread", value: p.rules.expression(p) };
  const { tok } = p;
  // Before a colon any keyword is an identifier (language 2.2).
  if (isWord(tok) && p.peek().kind === ":") {
    p.advance();
    p.advance();
    const span = { start: tok.start, end: tok.end };
    const key: Expr = { kind: "name", name: tok.text, span };
    return { kind: "entry", key, keyInParens: false, value: p.rules.expression(p) };
  }
  const key = p.rules.expression(p);
  if (!p.accept(":")) return { kind: "element", value: key };
  // Parentheses leave no node: the key starts after one exactly when it stood in parentheses.
  const keyInParens = tok.kind === "(" && key.span.start > tok.start;
  return { kind: "entry", key, keyInParens, value: p.rules.expression(p) };
}

/** `{k: v for …}` and `{(k, v) for …}` build maps, `{e for …}` a set. */
function braceComprehension(
  start: number,
  open: OpenBracket,
  item: Exclude<BraceItem, { readonly kind: "spread" }>,
): ComprehensionHead {
  if (item.kind === "entry") {
    return { start, open, shape: "map", value: item.key, mapValue: item.value };
  }
  const { value } = item;
  if (value.kind === "tuple" && value.items.length === 2) {
    const [key, mapValue] = value.items;
    if (key !== undefined && mapValue !== undefined) {
      return { start, open, shape: "map", value: key, mapValue };
    }
  }
  return { start, open, shape: "set", value };
}

/** The kind of what stands in these braces so far; a report when `item` is of the other one. */
function checkSameKind(p: Parser, item: BraceItem, kind: BraceItem["kind"]): BraceItem["kind"] {
  if (item.kind === "spread" || item.kind === kind) return kind;
  if (kind === "spread") return item.kind;
  const isMap = kind === "entry";
  p.fail({
    code: "E0010",
    span: item.value.span,
    message: isMap
      ? "expected an entry `key: value` as before it in this map, found an element"
      : "expected an element as before it in this set, found an entry `key: value`",
  });
  return kind;
}

function collect(items: readonly BraceItem[], span: Expr["span"]): Expr {
  const isSet = items.some((item) => item.kind === "element");
  if (isSet) {
    const elements = items.map((item) => ({ spread: item.kind === "spread", value: item.value }));
    return { kind: "set", items: elements, span };
  }
  const entries: MapItem[] = items.flatMap((item) => (item.kind === "element" ? [] : [item]));
  return { kind: "map", entries, span };
}
