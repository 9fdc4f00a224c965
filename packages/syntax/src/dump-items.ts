// Textual form of declarations of data and cells, and the door to the others: see dump-ast.ts.

import type {
  Attribute,
  CellDecl,
  CellSignature,
  EnumDecl,
  FieldDecl,
  GenericParam,
  Granting,
  ImportDecl,
  Item,
  ItemHead,
  RecordDecl,
  Section,
  VariantDecl,
} from "./ast.ts";
import { dumpDeclaration } from "./dump-declarations.ts";
import { type DumpStatement, dumpBody, dumpExpr, dumpParams } from "./dump-expressions.ts";
import { dumpDotted, dumpRow, dumpType, group } from "./dump-types.ts";

/** A declaration. */
export function dumpItem(item: Item, statement: DumpStatement): string {
  switch (item.kind) {
    case "record":
      return dumpRecord(item, statement);
    case "enum":
      return dumpEnum(item, statement);
    case "cell":
      return dumpCell(item, statement);
    case "alias": {
      const where = dumpWhere(item.constraint, statement);
      const generics = dumpGenerics(item.generics);
      const head = dumpHead(item, statement);
      return group("type", head, item.name.text, generics, dumpType(item.type), where);
    }
    case "const": {
      const type = item.type === null ? "" : dumpType(item.type);
      const value = dumpExpr(item.value, statement);
      return group("const", dumpHead(item, statement), item.name.text, type, value);
    }
    case "import":
      return dumpImport(item, statement);
    case "error":
      return "<error>";
    default:
      return dumpDeclaration(item, {
        statement,
        head: (head) => dumpHead(head, statement),
        cell: (cell) => dumpCell(cell, statement),
        signature: (signature) => dumpSignature(signature, statement),
        attribute: (attribute) => dumpAttribute(attribute, statement),
        item: (inner) => dumpItem(inner, statement),
        generics: dumpGenerics,
        section: dumpSection,
      });
  }
}

/** `pub`, attributes and docstring of an item. */
function dumpHead(item: ItemHead, statement: DumpStatement): readonly string[] {
  const doc = item.doc === null ? "" : group("doc", JSON.stringify(item.doc));
  const attributes = item.attributes.map((attribute) => dumpAttribute(attribute, statement));
  return [item.isPublic ? "pub" : "", ...attributes, doc];
}

/** `@name`, or a group with its arguments and payload. */
export function dumpAttribute(attribute: Attribute, statement: DumpStatement): string {
  const args = attribute.args.map((arg) => {
    const value = dumpExpr(arg.value, statement);
    return arg.name === null ? value : group(`${arg.name.text}:`, value);
  });
  const { payload } = attribute;
  const name = `@${attribute.name.text}`;
  if (args.length === 0 && payload === "") return name;
  return group(name, args, payload === "" ? "" : group("payload", JSON.stringify(payload)));
}

function dumpGenerics(generics: readonly GenericParam[]): string {
  if (generics.length === 0) return "";
  const params = generics.map(({ name, bounds }) => {
    return bounds.length === 0 ? name.text : `${name.text}:${bounds.map((b) => b.text).join("+")}`;
  });
  return `[${params.join(" ")}]`;
}

function dumpWhere(constraint: FieldDecl["constraint"], statement: DumpStatement): string {
  return constraint === null ? "" : group("where", dumpExpr(constraint, statement));
}

/** `(section name "text")` */
function dumpSection({ name, text }: Section): string {
  return group("section", name, text === "" ? "" : JSON.stringify(text));
}

function dumpRecord(item: RecordDecl, statement: DumpStatement): string {
  const fields = item.fields.map((field) => dumpField(field, statement));
  const head = dumpHead(item, statement);
  const migrations = item.migrations.map(dumpSection);
  const generics = dumpGenerics(item.generics);
  return group("record", head, item.name.text, generics, fields, migrations);
}

function dumpField(field: FieldDecl, statement: DumpStatement): string {
  const { attributes, name, type } = field;
  const value = field.default === null ? "" : `= ${dumpExpr(field.default, statement)}`;
  const where = dumpWhere(field.constraint, statement);
  const marks = attributes.map((attribute) => dumpAttribute(attribute, statement));
  return group(marks, name.text, dumpType(type), value, where);
}

function dumpEnum(item: EnumDecl, statement: DumpStatement): string {
  const variants = item.variants.map(dumpVariant);
  const methods = item.methods.map((method) => dumpCell(method, statement));
  const generics = dumpGenerics(item.generics);
  const head = dumpHead(item, statement);
  return group("enum", head, item.name.text, generics, variants, methods);
}

function dumpVariant(variant: VariantDecl): string {
  const payload = variant.payload.map(({ label, type }) => {
    return label === null ? dumpType(type) : `${label.text}:${dumpType(type)}`;
  });
  const result = variant.result === null ? "" : `-> ${dumpType(variant.result)}`;
  if (payload.length === 0 && result === "") return variant.name.text;
  return group(variant.name.text, payload, result);
}

/** `(cell name (params) Result / {row} (where c) body)`; `_` stands for no result type. */
function dumpCell(item: CellDecl, statement: DumpStatement): string {
  return group(
    item.isAsync ? "async-cell" : "cell",
    dumpInterface(item, statement),
    dumpWhere(item.precondition, statement),
    dumpBody(item.body, statement),
  );
}

function dumpSignature(item: CellSignature, statement: DumpStatement): string {
  return group(item.isAsync ? "async-signature" : "signature", dumpInterface(item, statement));
}

function dumpInterface(
  item: CellDecl | CellSignature,
  statement: DumpStatement,
): readonly string[] {
  return [
    ...dumpHead(item, statement),
    item.name.text,
    dumpGenerics(item.generics),
    dumpParams(item.params, statement),
    item.result === null ? "_" : dumpType(item.result),
    dumpRow(item.row),
  ];
}

function dumpImport(item: ImportDecl, statement: DumpStatement): string {
  const head = [...dumpHead(item, statement), dumpDotted(item.module)];
  const granting = item.granting === null ? "" : dumpGranting(item.granting, statement);
  if (item.names === null) return group("import", head, granting);
  if (item.names === "*") return group("import", head, "*", granting);
  const names = item.names.map(({ name, alias }) => {
    return alias === null ? name.text : group(name.text, "as", alias.text);
  });
  return group("import", head, names, granting);
}

function dumpGranting(granting: Granting, statement: DumpStatement): string {
  if (granting.kind !== "list") return group("granting", granting.kind);
  const capabilities = granting.capabilities.map(({ name, value }) =>
    group(name.text, dumpExpr(value, statement)),
  );
  return group("granting", capabilities);
}
