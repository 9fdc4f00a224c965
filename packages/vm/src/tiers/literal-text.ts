// Constants as literals of JavaScript.

import { Float } from "@lumen/core/value";

/** Longer constants are referred to by name. */
const LITERAL_UNITS_MAX = 64;

/** A constant as JavaScript, a Float as its number; null where it has no literal. */
export function literalText(value: unknown): string | null {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") return value < 0 ? `(${value})` : String(value);
  if (typeof value === "string")
    return value.length <= LITERAL_UNITS_MAX ? JSON.stringify(value) : null;
  if (!(value instanceof Float)) return null;
  if (Object.is(value.value, -0)) return "(-0)";
  return value.value < 0 ? `(${value.value})` : String(value.value);
}

/** The number of a literal that {@link literalText} made of one. */
export function numberOf(literal: string): number {
  return Number(literal.replace(/[()]/g, ""));
}
