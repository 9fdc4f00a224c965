// Textual form of names, types, rows and patterns for fixtures: see dump-ast.ts.

import { assertNever } from "@lumen/core/result";
import type { DottedName, EffectRow, LiteralValue, Pattern, TypeExpr } from "./ast.ts";

/** The texts in parentheses, without empty ones. */
export function group(...texts: readonly (string | readonly string[])[]): string {
  return `(${texts
    .flat()
    .filter((text) => text !== "")
    .join(" ")})`;
}

/** `a.b` */
export function dumpDotted(name: DottedName): string {
  return name.parts.map((part) => part.text).join(".");
}

/** `/ {a b}`, or empty. */
export function dumpRow(row: EffectRow | null): string {
  return row === null ? "" : `/ {${row.effects.map((name) => name.text).join(" ")}}`;
}

/** A type. */
export function dumpType(type: TypeExpr): string {
  switch (type.kind) {
    case "name": {
      const { args, typestate } = type;
      const plain = dumpDotted(type.name);
      const name = args.length === 0 ? plain : `${plain}[${args.map(dumpType).join(" ")}]`;
      if (typestate === null) return name;
      const { from, to } = typestate;
      return `${name}@${from.text}${to === null ? "" : `->${to.text}`}`;
    }
    case "null":
      return "Null";
    case "option":
      return `${dumpType(type.inner)}?`;
    case "tuple":
      return group("tuple", type.items.map(dumpType));
    case "union":
      return group("|", type.members.map(dumpType));
    case "intersection":
      return group("&", type.members.map(dumpType));
    case "fn": {
      const params = group(type.params.map(dumpType));
      return group("fn", params, dumpType(type.result), dumpRow(type.row));
    }
    case "generator":
      return group("yield", dumpType(type.item));
    case "error":
      return "<error>";
    default:
      return assertNever(type);
  }
}

/** A Float, always with a point or exponent. */
export function dumpNumber(value: number): string {
  const text = String(value);
  return Number.isInteger(value) && !text.includes("e") ? `${text}.0` : text;
}

function dumpLiteral(value: LiteralValue): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "number" ? dumpNumber(value) : String(value);
}

/** A pattern. */
export function dumpPattern(pattern: Pattern): string {
  switch (pattern.kind) {
    case "wildcard":
      return "_";
    case "name":
      return pattern.name;
    case "literal":
      return dumpLiteral(pattern.value);
    case "range":
      return group(
        pattern.inclusive ? "..=" : "..",
        dumpLiteral(pattern.start),
        dumpLiteral(pattern.end),
      );
    case "constructor":
      return dumpConstructor(pattern);
    case "tuple":
      return group("tuple", pattern.items.map(dumpPattern));
    case "list": {
      const { rest } = pattern;
      const restText = rest === null ? "" : `...${rest.name?.text ?? ""}`;
      const { before, after } = pattern;
      return group("list", before.map(dumpPattern), restText, after.map(dumpPattern));
    }
    case "fields":
      return group(
        "fields",
        pattern.names.map((name) => name.text),
      );
    case "typed":
      return group(":", pattern.name.text, dumpType(pattern.type));
    case "error":
      return "<error>";
    default:
      return assertNever(pattern);
  }
}

function dumpConstructor(pattern: Extract<Pattern, { readonly kind: "constructor" }>): string {
  const name = dumpDotted(pattern.name);
  if (pattern.args === null) return name;
  const args = pattern.args.map(({ label, pattern: inner }) => {
    const text = inner === null ? "" : dumpPattern(inner);
    return label === null ? text : `${label.text}:${text}`;
  });
  return `${name}${group(args, pattern.rest ? ".." : "")}`;
}
