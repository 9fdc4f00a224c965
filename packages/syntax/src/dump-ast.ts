// A compact, stable textual form of the tree for fixtures (`## Ast`): S-expressions, one top-level
// directive, item or statement a line. Spans are left out.

import { assertNever } from "@lumen/core/result";
import type {
  Attribute,
  CellDecl,
  Directive,
  EnumDecl,
  FieldDecl,
  GenericParam,
  ImportDecl,
  Item,
  Module,
  Place,
  RecordDecl,
  Statement,
  VariantDecl,
} from "./ast.ts";
import {
  dumpBlock,
  dumpBody,
  dumpDotted,
  dumpExpr,
  dumpParams,
  dumpPattern,
  dumpRow,
  dumpType,
  group,
} from "./dump-expressions.ts";

/** The whole module: directives, then items, then statements, each kind in source order. */
export function dumpAst(module: Module): string {
  const lines = [
    ...module.directives.map(dumpDirective),
    ...module.items.map(dumpItem),
    ...module.statements.map(dumpStatement),
  ];
  return lines.join("\n");
}

function dumpDirective(directive: Directive): string {
  const value = directive.value === null ? "" : JSON.stringify(directive.value);
  return group("directive", directive.name.text, value);
}

function dumpItem(item: Item): string {
  switch (item.kind) {
    case "record":
      return dumpRecord(item);
    case "enum":
      return dumpEnum(item);
    case "cell":
      return dumpCell(item);
    case "alias": {
      const where =
        item.constraint === null ? "" : group("where", dumpExpr(item.constraint, dumpStatement));
      const type = dumpType(item.type);
      return group(
        "type",
        ...prefix(item),
        item.name.text,
        dumpGenerics(item.generics),
        type,
        where,
      );
    }
    case "const": {
      const type = item.type === null ? "" : dumpType(item.type);
      return group(
        "const",
        ...prefix(item),
        item.name.text,
        type,
        dumpExpr(item.value, dumpStatement),
      );
    }
    case "import":
      return dumpImport(item);
    case "error":
      return "<error>";
    default:
      return item.kind;
  }
}

/** `pub`, attributes and docstring of an item. */
function prefix(item: Item): readonly string[] {
  const doc = item.doc === null ? "" : group("doc", JSON.stringify(item.doc));
  return [item.isPublic ? "pub" : "", ...item.attributes.map(dumpAttribute), doc];
}

function dumpAttribute(attribute: Attribute): string {
  const args = attribute.args.map((arg) => {
    const value = dumpExpr(arg.value, dumpStatement);
    return arg.name === null ? value : group(`${arg.name.text}:`, value);
  });
  const name = `@${attribute.name.text}`;
  return args.length === 0 ? name : group(name, ...args);
}

function dumpGenerics(generics: readonly GenericParam[]): string {
  if (generics.length === 0) return "";
  const params = generics.map(({ name, bounds }) => {
    return bounds.length === 0 ? name.text : `${name.text}:${bounds.map((b) => b.text).join("+")}`;
  });
  return `[${params.join(" ")}]`;
}

function dumpRecord(item: RecordDecl): string {
  const fields = item.fields.map(dumpField);
  return group("record", ...prefix(item), item.name.text, dumpGenerics(item.generics), ...fields);
}

function dumpField(field: FieldDecl): string {
  const { attributes, name, type } = field;
  const value = field.default === null ? "" : `= ${dumpExpr(field.default, dumpStatement)}`;
  const where =
    field.constraint === null ? "" : group("where", dumpExpr(field.constraint, dumpStatement));
  return group(...attributes.map(dumpAttribute), name.text, dumpType(type), value, where);
}

function dumpEnum(item: EnumDecl): string {
  const variants = item.variants.map(dumpVariant);
  const methods = item.methods.map(dumpCell);
  const generics = dumpGenerics(item.generics);
  return group("enum", ...prefix(item), item.name.text, generics, ...variants, ...methods);
}

function dumpVariant(variant: VariantDecl): string {
  const payload = variant.payload.map(({ label, type }) => {
    return label === null ? dumpType(type) : `${label.text}:${dumpType(type)}`;
  });
  const result = variant.result === null ? "" : `-> ${dumpType(variant.result)}`;
  if (payload.length === 0 && result === "") return variant.name.text;
  return group(variant.name.text, ...payload, result);
}

/** `(cell name (params) Result / {row} (where c) body)`; `_` stands for no result type. */
function dumpCell(item: CellDecl): string {
  const { precondition } = item;
  return group(
    item.isAsync ? "async-cell" : "cell",
    ...prefix(item),
    item.name.text,
    dumpGenerics(item.generics),
    dumpParams(item.params, dumpStatement),
    item.result === null ? "_" : dumpType(item.result),
    dumpRow(item.row),
    precondition === null ? "" : group("where", dumpExpr(precondition, dumpStatement)),
    dumpBody(item.body, dumpStatement),
  );
}

function dumpImport(item: ImportDecl): string {
  const module = dumpDotted(item.module);
  if (item.names === null) return group("import", ...prefix(item), module);
  if (item.names === "*") return group("import", ...prefix(item), module, "*");
  const names = item.names.map(({ name, alias }) => {
    return alias === null ? name.text : group(name.text, "as", alias.text);
  });
  return group("import", ...prefix(item), module, ...names);
}

function dumpPlace(place: Place): string {
  return place.path.reduce((text, step) => {
    switch (step.kind) {
      case "field":
        return `${text}.${step.name.text}`;
      case "component":
        return `${text}.${step.index}`;
      case "index":
        return `${text}[${dumpExpr(step.index, dumpStatement)}]`;
      default:
        return assertNever(step);
    }
  }, place.root.text);
}

function dumpStatement(statement: Statement): string {
  const dump = (expr: Parameters<typeof dumpExpr>[0]): string => dumpExpr(expr, dumpStatement);
  switch (statement.kind) {
    case "let": {
      const attributes = statement.attributes.map(dumpAttribute);
      const type = statement.type === null ? "" : dumpType(statement.type);
      const mut = statement.isMutable ? "mut" : "";
      return group(
        "let",
        ...attributes,
        mut,
        dumpPattern(statement.pattern),
        type,
        dump(statement.value),
      );
    }
    case "assign":
      return group(`${statement.op ?? ""}=`, dumpPlace(statement.place), dump(statement.value));
    case "expr":
      return dump(statement.value);
    case "return":
      return group("return", statement.value === null ? "" : dump(statement.value));
    case "break": {
      const value = statement.value === null ? "" : dump(statement.value);
      return group("break", statement.label === null ? "" : `@${statement.label.text}`, value);
    }
    case "continue":
      return group("continue", statement.label === null ? "" : `@${statement.label.text}`);
    case "halt":
    case "emit":
      return group(statement.kind, dump(statement.value));
    case "assert": {
      const message = statement.message === null ? "" : dump(statement.message);
      return group("assert", dump(statement.condition), message);
    }
    case "defer":
      return group("defer", dumpBlock(statement.block, dumpStatement));
    case "item":
      return dumpItem(statement.item);
    case "error":
      return "<error>";
    default:
      return statement.kind;
  }
}
