// Statements that did not parse to their end (language 3, rule 10).

import type { Expr, Statement } from "./ast.ts";

/**
 * The statement without the expressions that were read before the error: they are a part of what
 * stands there, so nothing about their types is worth a report. What a `let` binds stays known.
 */
export function unfinished(statement: Statement): Statement {
  const { span } = statement;
  const value: Expr = { kind: "error", span };
  switch (statement.kind) {
    case "return":
    case "break":
    case "let":
    case "expr":
    case "halt":
    case "yield":
    case "emit":
      return { ...statement, value };
    case "assign":
    case "assert":
      return { kind: "expr", value, span };
    default:
      return statement;
  }
}
