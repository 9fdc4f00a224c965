// Format specs of interpolation, `{x:>8.2f}` (language 2.4).

import {
  displayFloat,
  displayValue,
  Float,
  isInt,
  scalarCount,
  scalarSlice,
  typeName,
  type Value,
} from "@lumen/core/value";
import { typeTrap } from "../trap.ts";
import { fixedDigits, scientificDigits } from "./exact-decimal.ts";
import { checkText } from "./text-size.ts";

/** A spec taken apart. `align` null: right for numbers, left otherwise. */
export interface FormatSpec {
  readonly fill: string;
  readonly align: "<" | ">" | "^" | null;
  readonly plus: boolean;
  readonly prefix: boolean;
  readonly zeros: boolean;
  readonly width: number;
  readonly precision: number | null;
  readonly type: string | null;
}

const SPEC = new RegExp(
  [
    "^(?:(?<fill>[^])?(?<align>[<>^]))?(?<sign>[+-])?(?<prefix>#)?(?<zeros>0)?",
    "(?<width>\\d+)?(?:\\.(?<precision>\\d+))?(?<type>[dxXobfeEs])?$",
  ].join(""),
  "u",
);

/** Precisions above print nothing but zeros: a double has at most 1074 digits after the point. */
const PRECISION_MAX = 10_000;

/** Reads a spec; null when it is none. */
export function parseFormatSpec(text: string): FormatSpec | null {
  const groups = SPEC.exec(text)?.groups;
  if (groups === undefined) return null;
  const { fill, align, sign, prefix, zeros, width, precision, type } = groups;
  const known = align === "<" || align === ">" || align === "^" ? align : null;
  return {
    fill: fill ?? " ",
    align: known,
    plus: sign === "+",
    prefix: prefix !== undefined,
    zeros: zeros !== undefined,
    width: Number(width ?? 0),
    precision: precision === undefined ? null : Math.min(Number(precision), PRECISION_MAX),
    type: type ?? null,
  };
}

/** The value by a spec. A type character that does not fit the value is a type error. */
export function formatValue(value: Value, spec: FormatSpec): string {
  const { sign, prefix, body, isNumber } = partsOf(value, spec);
  const size = sign.length + prefix.length + scalarCount(body);
  const missing = Math.max(0, spec.width - size);
  checkText(size + missing);
  if (spec.align === null && spec.zeros && isNumber) {
    return `${sign}${prefix}${"0".repeat(missing)}${body}`;
  }
  const align = spec.align ?? (isNumber ? ">" : "<");
  const left = align === "<" ? 0 : align === ">" ? missing : Math.floor(missing / 2);
  const text = `${sign}${prefix}${body}`;
  return `${spec.fill.repeat(left)}${text}${spec.fill.repeat(missing - left)}`;
}

interface Parts {
  readonly sign: string;
  readonly prefix: string;
  readonly body: string;
  readonly isNumber: boolean;
}

function partsOf(value: Value, spec: FormatSpec): Parts {
  switch (spec.type) {
    case "d":
      return wholeParts(value, spec, 10, "");
    case "x":
      return wholeParts(value, spec, 16, "0x");
    case "X":
      return wholeParts(value, spec, 16, "0x");
    case "o":
      return wholeParts(value, spec, 8, "0o");
    case "b":
      return wholeParts(value, spec, 2, "0b");
    case "f":
    case "e":
    case "E":
      return floatParts(value, spec, spec.type);
    case "s":
      return textParts(value, spec);
    default:
      if (!isInt(value) && !(value instanceof Float)) return textParts(value, spec);
      if (spec.precision !== null) return floatParts(value, spec, "f");
      return numberParts(displayValue(value), spec);
  }
}

function textParts(value: Value, spec: FormatSpec): Parts {
  const whole = displayValue(value);
  const body = spec.precision === null ? whole : scalarSlice(whole, 0, spec.precision);
  return { sign: "", prefix: "", body, isNumber: false };
}

function wholeParts(value: Value, spec: FormatSpec, radix: number, prefix: string): Parts {
  if (!isInt(value)) throw wrongType(value, spec, "Int");
  const digits = value.toString(radix);
  const parts = numberParts(spec.type === "X" ? digits.toUpperCase() : digits, spec);
  return { ...parts, prefix: spec.prefix ? prefix : "" };
}

function floatParts(value: Value, spec: FormatSpec, type: "f" | "e" | "E"): Parts {
  const number = value instanceof Float ? value.value : isInt(value) ? Number(value) : null;
  if (number === null) throw wrongType(value, spec, "Int or Float");
  if (!Number.isFinite(number)) return numberParts(displayFloat(number), spec);
  const sign = number < 0 || Object.is(number, -0) ? "-" : "";
  const places = spec.precision ?? 6;
  if (type === "f") return numberParts(sign + fixedDigits(number, places), spec);
  const { digits, exponent } = scientificDigits(number, places);
  return numberParts(`${sign}${digits}${type}${exponent}`, spec);
}

/** Splits the sign off the text of a number. */
function numberParts(text: string, spec: FormatSpec): Parts {
  const negative = text.startsWith("-");
  const sign = negative ? "-" : spec.plus && text !== "NaN" ? "+" : "";
  return { sign, prefix: "", body: negative ? text.slice(1) : text, isNumber: true };
}

function wrongType(value: Value, spec: FormatSpec, expected: string): Error {
  return typeTrap(`format '${spec.type}': expected ${expected}, got ${typeName(value)}`);
}
