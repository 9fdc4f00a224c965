// A compact, stable textual form of the tree for fixtures (`## Ast`): S-expressions, one top-level
// directive, item or statement a line. Spans are left out.

import { assertNever } from "@lumen/core/result";
import type { Directive, Expr, Module, Place, Statement } from "./ast.ts";
import { dumpBlock, dumpExpr } from "./dump-expressions.ts";
import { dumpAttribute, dumpItem } from "./dump-items.ts";
import { dumpPattern, dumpType, group } from "./dump-types.ts";

/** The whole module: directives, then items, then statements, each kind in source order. */
export function dumpAst(module: Module): string {
  const lines = [
    ...module.directives.map(dumpDirective),
    ...module.items.map((item) => dumpItem(item, dumpStatement)),
    ...module.statements.map(dumpStatement),
  ];
  return lines.join("\n");
}

function dumpDirective(directive: Directive): string {
  const value = directive.value === null ? "" : JSON.stringify(directive.value);
  return group("directive", directive.name.text, value);
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

type StatementOf<K extends Statement["kind"]> = Extract<Statement, { readonly kind: K }>;

/** An expression, or nothing. */
function dumpOptional(expr: Expr | null): string {
  return expr === null ? "" : dumpExpr(expr, dumpStatement);
}

function dumpStatement(statement: Statement): string {
  switch (statement.kind) {
    case "let":
      return dumpLet(statement);
    case "assign": {
      const value = dumpOptional(statement.value);
      return group(`${statement.op ?? ""}=`, dumpPlace(statement.place), value);
    }
    case "expr":
      return dumpOptional(statement.value);
    case "return":
    case "halt":
    case "emit":
    case "yield":
      return group(statement.kind, dumpOptional(statement.value));
    case "break": {
      const label = statement.label === null ? "" : `@${statement.label.text}`;
      return group("break", label, dumpOptional(statement.value));
    }
    case "continue":
      return group("continue", statement.label === null ? "" : `@${statement.label.text}`);
    case "assert":
      return group("assert", dumpOptional(statement.condition), dumpOptional(statement.message));
    case "defer":
      return group("defer", dumpBlock(statement.block, dumpStatement));
    case "role":
      return group("prelude", dumpOptional(statement.value));
    case "addon": {
      const body = statement.body === null ? "" : dumpBlock(statement.body, dumpStatement);
      return group(statement.word, JSON.stringify(statement.text), body);
    }
    case "attributed": {
      const attributes = statement.attributes.map((a) => dumpAttribute(a, dumpStatement));
      const inner = statement.statement === null ? "" : dumpStatement(statement.statement);
      return group("attributed", attributes, inner);
    }
    case "item":
      return dumpItem(statement.item, dumpStatement);
    case "error":
      return "<error>";
    default:
      return assertNever(statement);
  }
}

function dumpLet(statement: StatementOf<"let">): string {
  return group(
    "let",
    statement.attributes.map((a) => dumpAttribute(a, dumpStatement)),
    statement.isMutable ? "mut" : "",
    dumpPattern(statement.pattern),
    statement.type === null ? "" : dumpType(statement.type),
    dumpOptional(statement.value),
  );
}
