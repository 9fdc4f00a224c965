// Values of constraints in grants (language 11.2): literals, since the door has to know them before
// anything runs.

import type { Span } from "@lumen/core/diagnostic";
import { Float, intFromBigint, makeList, mapFromEntries, type Value } from "@lumen/core/value";
import type { Expr } from "@lumen/syntax";

/** A literal, or the part that is none. */
export type GrantLiteral =
  | { readonly kind: "value"; readonly value: Value }
  /** `isBroken`: it did not parse, which is reported already. */
  | { readonly kind: "other"; readonly span: Span; readonly isBroken: boolean };

/**
 * The value of a literal of the kinds of Json: names stand for their texts, so that `model small`
 * is `model "small"`. Of one key written twice in a map the last counts.
 */
export function grantLiteral(e: Expr): GrantLiteral {
  switch (e.kind) {
    case "null":
      return found(null);
    case "bool":
    case "string":
      return found(e.value);
    case "int":
      return intLiteral(e.value, e.span);
    case "float":
      return found(new Float(e.value));
    case "name":
      return found(e.name);
    case "unary":
      return e.op === "-" ? negative(e.operand, e.span) : other(e);
    case "list":
      return e.items.some((item) => item.spread)
        ? other(e)
        : listLiteral(e.items.map((item) => item.value));
    case "map":
      return mapLiteral(e);
    default:
      return other(e);
  }
}

function found(value: Value): GrantLiteral {
  return { kind: "value", value };
}

function other(e: Expr): GrantLiteral {
  return { kind: "other", span: e.span, isBroken: e.kind === "error" };
}

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;

/** 2^63 is a literal under a minus only. */
function intLiteral(value: bigint, span: Span): GrantLiteral {
  if (value < INT_MIN || value > INT_MAX) return { kind: "other", span, isBroken: false };
  return found(intFromBigint(value));
}

function negative(operand: Expr, span: Span): GrantLiteral {
  if (operand.kind === "int") return intLiteral(-operand.value, span);
  if (operand.kind === "float") return found(new Float(-operand.value));
  return { kind: "other", span, isBroken: operand.kind === "error" };
}

function listLiteral(items: readonly Expr[]): GrantLiteral {
  const values: Value[] = [];
  for (const item of items) {
    const literal = grantLiteral(item);
    if (literal.kind === "other") return literal;
    values.push(literal.value);
  }
  return found(makeList(values));
}

function mapLiteral(e: Expr & { kind: "map" }): GrantLiteral {
  const entries: { key: Value; value: Value }[] = [];
  for (const entry of e.entries) {
    if (entry.kind === "spread") return other(entry.value);
    const key = keyText(entry.key);
    if (key === null || entry.keyInParens) return other(entry.key);
    const literal = grantLiteral(entry.value);
    if (literal.kind === "other") return literal;
    entries.push({ key, value: literal.value });
  }
  return found(mapFromEntries(entries));
}

/** Keys of Json are texts. */
function keyText(e: Expr): string | null {
  if (e.kind === "string") return e.value;
  return e.kind === "name" ? e.name : null;
}
