// What the constraint of a record's field or of an alias may say (language 5).

import type { Expr } from "@lumen/syntax";
import { didYouMean } from "../resolve/scope.ts";
import { type CellContext, complain } from "./context.ts";

/** Functions that a constraint may call, also as methods. */
const CONSTRAINT_FUNCTIONS = [
  "length",
  "len",
  "count",
  "matches",
  "contains",
  "starts_with",
  "ends_with",
  "is_empty",
  "is_valid_email",
];

/**
 * True when the constraint is made of literals, fields, operators and the constraint functions;
 * the first other part is reported (E0300).
 */
export function isConstraint(c: CellContext, e: Expr): boolean {
  const parts = partsOf(c, e);
  return parts?.every((part) => isConstraint(c, part)) ?? false;
}

/** The operands of an expression that a constraint may use; null for others, with a report. */
function partsOf(c: CellContext, e: Expr): readonly Expr[] | null {
  switch (e.kind) {
    case "unary":
      return [e.operand];
    case "binary":
      return [e.left, e.right];
    case "chain":
      return e.operands;
    case "range":
      return [e.start, e.end, ...(e.step === null ? [] : [e.step])];
    case "is":
    case "as":
    case "field":
    case "component":
    case "unwrap":
      return [e.value];
    case "index":
      return [e.value, ...e.indices];
    case "list":
    case "set":
      return e.items.map((item) => item.value);
    case "tuple":
      return e.items;
    case "call":
      return callParts(c, e);
    case "name":
    case "int":
    case "float":
    case "string":
    case "bytes":
    case "bool":
    case "null":
    case "error":
      return [];
    default:
      complain(c, "E0300", e.span, "a constraint cannot contain this expression", {
        expected: "literals, fields, operators and the constraint functions",
        help: "Check it where the value is made, or write it with operators.",
      });
      return null;
  }
}

function callParts(c: CellContext, e: Expr & { kind: "call" }): readonly Expr[] | null {
  const { callee } = e;
  const isMethod = callee.kind === "field";
  const name = callee.kind === "name" ? callee.name : isMethod ? callee.name.text : "expression";
  if (CONSTRAINT_FUNCTIONS.includes(name))
    return [...(isMethod ? [callee.value] : []), ...e.args.map((a) => a.value)];
  const near = didYouMean(name, CONSTRAINT_FUNCTIONS);
  complain(c, "E0300", callee.span, `unknown constraint function '${name}'${near}`, {
    expected: CONSTRAINT_FUNCTIONS.join(", "),
    found: name,
  });
  return null;
}
