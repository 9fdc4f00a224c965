// Types as written (language 3, `type`): unions, functions, tuples, options, named types and rows.

import type { DottedName, EffectRow, GenericParam, Name, TypeExpr } from "./ast.ts";
import { NESTING_DEPTH_MAX } from "./limits.ts";
import { NOTHING, packed } from "./packed.ts";
import { closeBracket, commaItems, commaList, openBracket } from "./parse-brackets.ts";
import type { Parser } from "./parser.ts";

/** Which operators may stand in a type outside brackets (language 3, `ptype`). */
interface TypeContext {
  readonly arrow: boolean;
  readonly union: boolean;
}

const FULL: TypeContext = { arrow: true, union: true };

/** A type with everything. */
export function parseType(p: Parser): TypeExpr {
  return parseTypeIn(p, FULL);
}

/** A type where the context restricts it. */
export function parseTypeIn(p: Parser, context: TypeContext): TypeExpr {
  const start = p.tok.start;
  let left = parsePostfixType(p, context);
  while (context.union && (p.at("|") || p.at("&"))) {
    const kind = p.at("|") ? "union" : "intersection";
    const mark = p.tok.kind;
    const members = [left];
    while (p.accept(mark)) members.push(parsePostfixType(p, context));
    left = { kind, members, span: p.spanFrom(start) };
  }
  return left;
}

/** A dotted name, `a.b.C`. */
export function parseDotted(p: Parser, expected: string): DottedName {
  const first = p.name(expected);
  return parseDottedRest(p, first);
}

/** The rest of a dotted name after its first part. */
export function parseDottedRest(p: Parser, first: Name): DottedName {
  const parts = [first];
  while (p.accept(".")) parts.push(p.name("a name after `.`", true));
  return { parts, span: p.spanFrom(first.span.start) };
}

/** `/ {a, b}` or `/ a`; null when there is none. */
export function parseRow(p: Parser): EffectRow | null {
  if (!p.at("/")) return null;
  const start = p.tok.start;
  p.advance();
  const effects = p.at("{")
    ? commaList(p, "}", effectName)
    : [p.name("the name of an effect or `{`", true)];
  return { effects, span: p.spanFrom(start) };
}

function effectName(p: Parser): Name {
  return p.name("the name of an effect", true);
}

/** `[T: Ord + Show, U]`; empty when there is none. */
export function parseGenerics(p: Parser): readonly GenericParam[] {
  if (!p.at("[") || !p.onSameLine()) return NOTHING;
  p.mark("postfix");
  return commaList(p, "]", parseGeneric);
}

function parseGeneric(p: Parser): GenericParam {
  const name = p.name("the name of a type parameter");
  if (!p.accept(":")) return { name, bounds: NOTHING };
  const bounds = [p.name("the name of a trait")];
  while (p.accept("+")) bounds.push(p.name("the name of a trait"));
  return { name, bounds: packed(bounds) };
}

function parsePostfixType(p: Parser, context: TypeContext): TypeExpr {
  const start = p.tok.start;
  let type = parseBaseType(p, context);
  let marks = 0;
  for (;;) {
    if (marks > NESTING_DEPTH_MAX) return failMarks(p, type);
    if (p.accept("?")) {
      marks += 1;
      type = { kind: "option", inner: type, span: p.spanFrom(start) };
    } else if (p.at("??") && p.touches()) {
      // Longest match makes one token of the two marks of `T??`.
      p.mark("postfix");
      p.advance();
      marks += 2;
      const inner: TypeExpr = { kind: "option", inner: type, span: p.spanFrom(start) };
      type = { kind: "option", inner, span: inner.span };
    } else {
      return type;
    }
  }
}

/** Later phases recurse over the options of a type. */
function failMarks(p: Parser, type: TypeExpr): TypeExpr {
  const message = `this type has more than ${NESTING_DEPTH_MAX} marks \`?\``;
  p.fail({ code: "E0016", span: type.span, message });
  return type;
}

function parseBaseType(p: Parser, context: TypeContext): TypeExpr {
  const { tok } = p;
  if (p.isPastLine()) return missingType(p);
  switch (tok.kind) {
    case "null":
      p.advance();
      return { kind: "null", span: p.spanFrom(tok.start) };
    case "(":
      return parseParenType(p, context);
    case "fn":
      return parseFnType(p, context);
    case "yield":
      return parseGeneratorType(p, context);
    case "name":
      return parseNamedType(p, context);
    default:
      return missingType(p);
  }
}

/** E0014 here; the node says that a type is missing. */
function missingType(p: Parser): TypeExpr {
  p.failHere("E0014", "a type");
  return { kind: "error", span: { start: p.prevEnd, end: p.prevEnd } };
}

/** Types that are none without arguments. */
const CONTAINERS: ReadonlySet<string> = new Set(["list", "set", "map", "result", "tuple"]);

function hasArguments({ name }: NamedType): boolean {
  return name.parts.length === 1 && CONTAINERS.has(name.parts[0]?.text ?? "");
}

type NamedType = Extract<TypeExpr, { readonly kind: "name" }>;

function parseNamedType(p: Parser, context: TypeContext): TypeExpr {
  const start = p.tok.start;
  const type = parseNameWithArgs(p, "a type");
  // Arguments that were not read to their end are no arguments too few.
  if (p.isPanicking && type.name.parts.length > 0) return { kind: "error", span: type.span };
  if (type.name.parts.length === 1 && type.name.parts[0]?.text === "Null") {
    return { kind: "null", span: p.spanFrom(start) };
  }
  if (p.at("<") && p.touches() && type.args.length === 0 && hasArguments(type)) {
    p.unexpected("type arguments in brackets");
    return { kind: "error", span: type.span };
  }
  if (!p.at("@") || !p.onSameLine()) return type;
  const typestate = parseTypestateMark(p, context);
  return { ...type, typestate, span: p.spanFrom(start) };
}

/** `a.b.C[T, U]` */
export function parseNameWithArgs(p: Parser, expected: string): NamedType {
  const start = p.tok.start;
  const name = parseDotted(p, expected);
  const hasArgs = p.at("[") && (p.onSameLine() || p.layout === "bracket");
  if (hasArgs) p.mark("postfix");
  const args = hasArgs ? commaList(p, "]", parseType) : NOTHING;
  return { kind: "name", name, args, typestate: null, span: p.spanFrom(start) };
}

/** `@Open` or `@Open -> Closed` behind the name of a type (language 19.6). */
function parseTypestateMark(p: Parser, context: TypeContext): NamedType["typestate"] {
  p.mark("tight");
  p.advance();
  const from = p.name("the name of a state after `@`");
  const to = context.arrow && p.accept("->") ? p.name("the name of a state after `->`") : null;
  return { from, to };
}

function parseGeneratorType(p: Parser, context: TypeContext): TypeExpr {
  const start = p.tok.start;
  p.enter();
  p.advance();
  const item = parsePostfixType(p, context);
  p.leave();
  return { kind: "generator", item, span: p.spanFrom(start) };
}

/** `(T)` is T, `(A, B)` a tuple, `(A, B) -> C` a function. */
function parseParenType(p: Parser, context: TypeContext): TypeExpr {
  const start = p.tok.start;
  const open = openBracket(p);
  const items = commaItems(p, ")", parseType);
  const hasTrailingComma = p.prevKind === ",";
  if (items.length !== 1 || hasTrailingComma) p.notes?.lists.add(start);
  closeBracket(p, open, ")", "`,` or ");
  if (context.arrow && p.at("->")) return parseFnResult(p, start, items, context);
  const [only] = items;
  if (only !== undefined && items.length === 1 && !hasTrailingComma) return only;
  return { kind: "tuple", items, span: p.spanFrom(start) };
}

function parseFnType(p: Parser, context: TypeContext): TypeExpr {
  const start = p.tok.start;
  p.advance();
  p.mark("postfix");
  const isOpen = p.at("(");
  if (!isOpen) p.unexpected("`(` after `fn`");
  const params = isOpen ? commaList(p, ")", parseType) : NOTHING;
  if (context.arrow && p.at("->")) return parseFnResult(p, start, params, context);
  const row = context.arrow ? parseRow(p) : null;
  return { kind: "fn", params, result: anyType(p), row, span: p.spanFrom(start) };
}

/** A function type without a result accepts any: the type Any, at an empty span. */
function anyType(p: Parser): TypeExpr {
  const span = { start: p.prevEnd, end: p.prevEnd };
  const name = { parts: [{ text: "Any", span }], span };
  return { kind: "name", name, args: [], typestate: null, span };
}

function parseFnResult(
  p: Parser,
  start: number,
  params: readonly TypeExpr[],
  context: TypeContext,
): TypeExpr {
  p.enter();
  p.advance();
  const result = parseTypeIn(p, context);
  p.leave();
  const row = parseRow(p);
  return { kind: "fn", params, result, row, span: p.spanFrom(start) };
}
