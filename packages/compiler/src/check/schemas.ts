// `e expect schema T` (language 7): a value that is no T yet is read as one, as JSON input is. One
// cell for each type met in T; what they share stands in the prelude.

import type { Span } from "@lumen/core/diagnostic";
import type { Expr, TypeExpr } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { CellRef, Type } from "../hir/type.ts";
import { constrainedAlias } from "../resolve/alias-constraints.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import { isCompatible } from "../types/relations.ts";
import { ANY, STRING, sameType } from "../types/simple-types.ts";
import { checkedBy } from "./alias-constraints.ts";
import { temporary } from "./build.ts";
import { type CellContext, typeContext } from "./context.ts";
import { conversion, convert } from "./convert.ts";
import { checkExpr } from "./recursion.ts";
import { readSchema } from "./schema-readers.ts";

/** The value as a T; a fault where it cannot be read as one, E0200 where none can. */
export function checkExpectSchema(
  c: CellContext,
  e: Expr & { readonly kind: "expectSchema" },
): HirExpr {
  const type = resolveType(e.type, typeContext(c));
  // The answer of a tool has the type that is asked of it.
  const value = checkExpr(c, e.value, e.value.kind === "call" ? type : null);
  const isDone = [value.type.kind, type.kind].includes("error") || sameType(value.type, type);
  const isRead = !isDone && mayBeRead(value.type, type);
  const read = isRead ? readAs(c, value, type, e.span) : convert(c, value, type, "schema check");
  return constrained(c, read, e.type);
}

/** Whether some value of `from` can be read as a `to`. */
function mayBeRead(from: Type, to: Type): boolean {
  if (isCompatible(from, to) || from.kind === "json") return true;
  if (from.kind === "union") return from.members.some((m) => mayBeRead(m, to));
  if (from.kind === "option") return mayBeRead(from.item, to);
  switch (to.kind) {
    case "option":
      return mayBeRead(from, to.item);
    case "list":
    case "set":
      return from.kind === "list" && mayBeRead(from.item, to.item);
    case "tuple":
      return from.kind === "list" && to.items.every((item) => mayBeRead(from.item, item));
    case "map":
      return from.kind === "list" || (from.kind === "map" && mayBeRead(from.value, to.value));
    case "enum":
      return from.kind === "string" || hasTexts(from);
    case "bytes":
      return from.kind === "string" || from.kind === "list" || hasTexts(from);
    case "int":
    case "float":
      return from.kind === "string";
    default:
      return (to.kind === "record" || to.kind === "result") && hasTexts(from);
  }
}

/** A map with texts as keys, as an object of JSON has. */
function hasTexts(type: Type): boolean {
  return type.kind === "map" && isCompatible(type.key, STRING);
}

/** True for the cells that read values by a schema, whose frames in a call stack say nothing. */
export function isSchemaReader({ module, name }: CellRef): boolean {
  return /\$schema\d+$/.test(name) || (module === "std.prelude" && name.startsWith("schema_"));
}

function readAs(c: CellContext, value: HirExpr, type: Type, span: Span): HirExpr {
  const kept = temporary(c, conversion(value, ANY));
  return kept.bind(readSchema(c, kept.read, type, span));
}

/** The constraint of an alias that is the schema itself; those inside hold where they stand. */
function constrained(c: CellContext, value: HirExpr, written: TypeExpr): HirExpr {
  const alias = constrainedAlias(written, c.scope);
  if (alias === null) return value;
  const { span, type } = value;
  const kept = temporary(c, value);
  const statements = [checkedBy(c, alias, kept.read, span)];
  return kept.bind({ kind: "block", statements, value: kept.read, type, span });
}
