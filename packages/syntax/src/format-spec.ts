// The format spec of an interpolation, `{x:0>5}` (language 2.4): taken whole or not at all.

import type { FormatSpec } from "./ast.ts";

type Align = "<" | ">" | "^";
type FormatType = "d" | "x" | "X" | "o" | "b" | "f" | "e" | "E" | "s";

/**
 * Reads the format spec that fills `text` from `start` up to the closing `}` before `limit`. Null
 * when the text up to that brace is empty or no complete spec. A fill cannot be a brace, a quote or
 * a newline: the search for the closing brace would take it for something else.
 */
export function scanFormatSpec(text: string, start: number, limit: number): FormatSpec | null {
  let at = start;
  const filled = scanFill(text, at, limit);
  at = filled.at;
  const sign = signAt(text, at);
  if (sign !== null) at += 1;
  const alternate = text.charAt(at) === "#";
  if (alternate) at += 1;
  const zero = text.charAt(at) === "0";
  if (zero) at += 1;
  const width = scanDigits(text, at);
  at = width.at;
  let precision: number | null = null;
  if (text.charAt(at) === ".") {
    const digits = scanDigits(text, at + 1);
    if (digits.value === null) return null;
    precision = digits.value;
    at = digits.at;
  }
  const type = typeAt(text, at);
  if (type !== null) at += 1;
  if (at === start || at >= limit || text.charAt(at) !== "}") return null;
  return {
    text: text.slice(start, at),
    fill: filled.fill,
    align: filled.align,
    sign,
    alternate,
    zero,
    width: width.value,
    precision,
    type,
    span: { start, end: at },
  };
}

function scanFill(
  text: string,
  start: number,
  limit: number,
): { readonly fill: string; readonly align: Align | null; readonly at: number } {
  const fill = String.fromCodePoint(text.codePointAt(start) ?? 0x20);
  const second = alignAt(text, start + fill.length);
  if (second !== null && start + fill.length < limit && !"{}\"'\n".includes(fill)) {
    return { fill, align: second, at: start + fill.length + 1 };
  }
  const first = alignAt(text, start);
  return { fill: " ", align: first, at: first === null ? start : start + 1 };
}

function alignAt(text: string, at: number): Align | null {
  const char = text.charAt(at);
  return char === "<" || char === ">" || char === "^" ? char : null;
}

function signAt(text: string, at: number): "+" | "-" | null {
  const char = text.charAt(at);
  return char === "+" || char === "-" ? char : null;
}

function typeAt(text: string, at: number): FormatType | null {
  const char = text.charAt(at);
  switch (char) {
    case "d":
    case "x":
    case "X":
    case "o":
    case "b":
    case "f":
    case "e":
    case "E":
    case "s":
      return char;
    default:
      return null;
  }
}

/** Digits from `start`; saturates at the largest safe integer, which no consumer can reach. */
function scanDigits(
  text: string,
  start: number,
): { readonly value: number | null; readonly at: number } {
  let at = start;
  let value = 0;
  for (;;) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    value = Math.min(value * 10 + digit, Number.MAX_SAFE_INTEGER);
    at += 1;
  }
  return { value: at === start ? null : value, at };
}
