// Declarations: records, enums, cells, type aliases, constants, imports (language 3, 5, 17.1).

import type {
  Attribute,
  Body,
  CellDecl,
  ConstDecl,
  EnumDecl,
  FieldDecl,
  ImportDecl,
  ImportName,
  ItemHead,
  RecordDecl,
  TypeAliasDecl,
  VariantDecl,
  VariantField,
} from "./ast.ts";
import { parseAttributes } from "./parse-attributes.ts";
import { commaList } from "./parse-brackets.ts";
import { takeOptionalEnd } from "./parse-lambda.ts";
import { parseParams } from "./parse-params.ts";
import { parseDotted, parseGenerics, parseRow, parseType } from "./parse-types.ts";
import { reportUnsupported } from "./parse-unsupported.ts";
import type { Opener, Parser } from "./parser.ts";
import { recoverStatement } from "./recovery.ts";
import { isWord, NEW_LINE, SAME_LINE } from "./token.ts";

/** What was read before the keyword of a declaration. `start`: of its first token. */
export interface Head {
  readonly attributes: readonly Attribute[];
  readonly doc: string | null;
  readonly isPublic: boolean;
  readonly start: number;
}

/** The parts that every declaration node carries. */
export function itemHead(p: Parser, head: Head): ItemHead {
  const { attributes, doc, isPublic } = head;
  return { attributes, doc, isPublic, span: p.spanFrom(head.start) };
}

/** `record P(x: Int)` or `record P … end`. */
export function parseRecord(p: Parser, head: Head): RecordDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the record");
  const generics = parseGenerics(p);
  const fields: FieldDecl[] = [];
  if (p.at("(") && p.onSameLine()) {
    commaList(p, ")", () => fields.push(parseField(p)));
    takeOptionalEnd(p);
  } else {
    parseMembers(p, opener, () => {
      if (atMigrate(p)) skipMigrate(p);
      else fields.push(parseField(p));
    });
  }
  return { kind: "record", name, generics, fields, ...itemHead(p, head) };
}

/** Lines of a record or enum up to and with its `end`, with recovery line by line. */
function parseMembers(p: Parser, opener: Opener, member: () => void): void {
  const { layout, statementColumn } = p;
  p.enter();
  p.layout = "lines";
  while (!membersAreOver(p, opener)) {
    const first = { token: p.tok, index: p.index };
    p.beginStatement();
    member();
    checkMemberEnd(p, opener);
    if (p.isPanicking) recoverStatement(p, first, opener.column);
  }
  p.layout = layout;
  p.statementColumn = statementColumn;
  p.expectEnd(opener);
  p.leave();
}

function membersAreOver(p: Parser, opener: Opener): boolean {
  if (p.isPanicking || p.atEnd() || p.at("end")) return true;
  const { tok } = p;
  if (tok.line === SAME_LINE || tok.column > 0) return false;
  // Methods of an enum may stand in column 1 only if the enum itself is indented.
  return p.peek().kind !== ":" && opener.column === 0 && isDeclarationStart(p);
}

function isDeclarationStart(p: Parser): boolean {
  const { kind } = p.tok;
  return ["cell", "async", "record", "enum", "const", "trait", "impl", "import", "pub"].includes(
    kind,
  );
}

function checkMemberEnd(p: Parser, opener: Opener): void {
  if (p.isPanicking || p.accept(",") || p.atNewline() || membersAreOver(p, opener)) return;
  p.unexpected("a new line");
}

function parseField(p: Parser): FieldDecl {
  const { start } = p.tok;
  const attributes = p.at("@") ? parseAttributes(p) : [];
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

/** `migrate … end` is metadata: skipped to the `end` in its column. */
function skipMigrate(p: Parser): void {
  const { tok } = p;
  const opener = { token: tok, column: tok.column };
  p.advance();
  while (!p.atEnd() && !isEndOf(p, tok.column)) {
    if (p.tok.line === NEW_LINE && p.tok.column < tok.column) break;
    p.advance();
  }
  p.expectEnd(opener);
}

function isEndOf(p: Parser, column: number): boolean {
  return p.at("end") && (p.onSameLine() || p.tok.column <= column);
}

/** `enum Shape … end`. */
export function parseEnum(p: Parser, head: Head): EnumDecl {
  const opener = { token: p.tok, column: p.tok.column };
  p.advance();
  const name = p.name("the name of the enum");
  const generics = parseGenerics(p);
  const variants: VariantDecl[] = [];
  const methods: CellDecl[] = [];
  parseMembers(p, opener, () => {
    const { start } = p.tok;
    const doc = takeDoc(p);
    const attributes = p.at("@") ? parseAttributes(p) : [];
    const lateDoc = takeDoc(p) ?? doc;
    if (p.at("cell") || p.at("async")) {
      methods.push(parseCell(p, { attributes, doc: lateDoc, isPublic: false, start }));
    } else {
      variants.push(parseVariant(p));
    }
  });
  return { kind: "enum", name, generics, variants, methods, ...itemHead(p, head) };
}

/** The text of a docstring here, or null. */
export function takeDoc(p: Parser): string | null {
  if (!p.at("doc")) return null;
  const { value } = p.advance();
  return typeof value === "string" ? value : null;
}

function parseVariant(p: Parser): VariantDecl {
  const { start } = p.tok;
  const name = p.name("the name of a variant or `cell`");
  const payload: VariantField[] = [];
  if (p.at("(") && p.onSameLine()) commaList(p, ")", () => payload.push(parseVariantField(p)));
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

/** `cell f(x: Int) -> Int / {e} where c … end` or `= e`; the current token is `cell` or `async`. */
export function parseCell(p: Parser, head: Head): CellDecl {
  const isAsync = p.accept("async");
  const opener = { token: p.tok, column: p.tok.column };
  p.expect("cell", "`cell` after `async`");
  const name = p.name("the name of the cell", true);
  const generics = parseGenerics(p);
  const params = parseParams(p);
  const result = p.accept("->") ? parseType(p) : null;
  const row = parseRow(p);
  const precondition = p.accept("where") ? parseHeaderExpression(p) : null;
  const body = parseCellBody(p, opener);
  const parts = { isAsync, name, generics, params, result, row, precondition, body };
  return { kind: "cell", ...parts, ...itemHead(p, head) };
}

function parseHeaderExpression(p: Parser): CellDecl["precondition"] {
  const { layout } = p;
  p.layout = "header";
  const value = p.rules.expression(p);
  p.layout = layout;
  return value;
}

function parseCellBody(p: Parser, opener: Opener): Body {
  if (p.at("=") && !p.atNewline()) {
    p.advance();
    return { kind: "expr", value: p.rules.expression(p) };
  }
  const block = p.rules.block(p, { opener, endsAtElse: false, armColumn: null });
  p.expectEnd(opener);
  return { kind: "block", block };
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

/** `import a.b: X, y as z`. */
export function parseImport(p: Parser, head: Head): ImportDecl {
  p.advance();
  const module = parseDotted(p, "the name of a module");
  const names = p.accept(":") ? parseImportNames(p) : null;
  if (p.atName("granting") && p.onSameLine()) reportUnsupported(p, p.tok, "`granting` clauses are");
  return { kind: "import", module, names, granting: null, ...itemHead(p, head) };
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
