// Declarations of data: records, enums, type aliases, constants (language 3, 5).

import type {
  CellDecl,
  ConstDecl,
  EnumDecl,
  FieldDecl,
  RecordDecl,
  Section,
  TypeAliasDecl,
  VariantDecl,
  VariantField,
} from "./ast.ts";
import { NOTHING } from "./packed.ts";
import { parseAttributes } from "./parse-attributes.ts";
import { commaList } from "./parse-brackets.ts";
import { atCell, parseCell } from "./parse-cells.ts";
import { type Head, itemHead, parseMemberHead } from "./parse-head.ts";
import { takeOptionalEnd } from "./parse-lambda.ts";
import { parseMembers } from "./parse-members.ts";
import { parseMigrate } from "./parse-metadata.ts";
import { parseGenerics, parseType } from "./parse-types.ts";
import type { Parser } from "./parser.ts";
import { isWord } from "./token.ts";

/** `record P(x: Int)` or `record P … end`. */
export function parseRecord(p: Parser, head: Head): RecordDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the record");
  const generics = parseGenerics(p);
  const fields: FieldDecl[] = [];
  const migrations: Section[] = [];
  if (p.at("(") && p.onSameLine()) {
    p.mark("postfix");
    fields.push(...commaList(p, ")", parseField));
    takeOptionalEnd(p);
  } else {
    parseMembers(p, { opener }, () => {
      if (atMigrate(p)) migrations.push(parseMigrate(p));
      else fields.push(parseField(p));
    });
  }
  return { kind: "record", name, generics, fields, migrations, ...itemHead(p, head) };
}

function parseField(p: Parser): FieldDecl {
  const { start } = p.tok;
  const attributes = p.at("@") ? parseAttributes(p) : [];
  p.noteSame(start);
  const name = p.name("the name of a field", true);
  p.expect(":", "`:` and the type of the field");
  const type = parseType(p);
  const value = p.accept("=") ? p.rules.expression(p) : null;
  const constraint = p.accept("where") ? p.rules.expression(p) : null;
  return { attributes, name, type, default: value, constraint, span: p.spanFrom(start) };
}

function atMigrate(p: Parser): boolean {
  return p.atName("migrate") && p.peek().kind !== ":";
}

/** `enum Shape … end`. */
export function parseEnum(p: Parser, head: Head): EnumDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the enum");
  const generics = parseGenerics(p);
  const variants: VariantDecl[] = [];
  const methods: CellDecl[] = [];
  parseMembers(p, { opener, separator: "," }, (doc) => {
    const member = parseMemberHead(p, doc);
    if (atCell(p)) methods.push(parseCell(p, member));
    else variants.push(parseVariant(p));
  });
  return { kind: "enum", name, generics, variants, methods, ...itemHead(p, head) };
}

function parseVariant(p: Parser): VariantDecl {
  const { start } = p.tok;
  const name = p.name("the name of a variant or `cell`");
  const hasPayload = p.at("(") && p.onSameLine();
  if (hasPayload) p.mark("postfix");
  const payload = hasPayload ? commaList(p, ")", parseVariantField) : NOTHING;
  const result = p.accept("->") ? parseType(p) : null;
  return { name, payload, result, span: p.spanFrom(start) };
}

function parseVariantField(p: Parser): VariantField {
  if (isWord(p.tok) && p.peek().kind === ":") {
    const label = p.name("a label", true);
    p.advance();
    return { label, type: parseType(p) };
  }
  return { label: null, type: parseType(p) };
}

/** `type Age = Int where self >= 0`; the current token is the soft keyword `type`. */
export function parseTypeAlias(p: Parser, head: Head): TypeAliasDecl {
  p.advance();
  const name = p.name("the name of the type");
  const generics = parseGenerics(p);
  p.expect("=", "`=` and a type");
  const type = parseType(p);
  const constraint = p.accept("where") ? p.rules.expression(p) : null;
  return { kind: "alias", name, generics, type, constraint, ...itemHead(p, head) };
}

/** `const LIMIT: Int = 10`. */
export function parseConst(p: Parser, head: Head): ConstDecl {
  p.advance();
  const name = p.name("the name of the constant");
  const type = p.accept(":") ? parseType(p) : null;
  p.expect("=", "`=` and the value of the constant");
  const value = p.rules.expression(p);
  return { kind: "const", name, type, value, ...itemHead(p, head) };
}
