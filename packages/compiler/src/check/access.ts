// Field, component and index access, ranges, `is` and `as` (language 4, 7, 15.2).

import { builtinByName } from "@lumen/core/builtins";
import type { Span } from "@lumen/core/diagnostic";
import type { Expr, Name } from "@lumen/syntax";
import type { HirExpr } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { resolveType } from "../resolve/resolve-type.ts";
import { didYouMean, plainName } from "../resolve/scope.ts";
import { bindParams, joinTypes, substitute } from "../types/relations.ts";
import { renderType } from "../types/render-type.ts";
import {
  ANY,
  BOOL,
  FLOAT,
  INT,
  JSON_TYPE,
  listOf,
  optionOf,
  STRING,
  withoutNull,
} from "../types/simple-types.ts";
import { errorExpr, temporary } from "./build.ts";
import { notInModule } from "./calls.ts";
import { constructVariant } from "./construct.ts";
import { type CellContext, complain, typeContext } from "./context.ts";
import { conversion } from "./convert.ts";
import { childOf } from "./processes.ts";
import { moduleNamed, qualified } from "./qualified.ts";
import { checkExpect, checkExpr } from "./recursion.ts";
import { missingImport } from "./standard-names.ts";
import { typeTest } from "./type-tests.ts";

/** `a.f`, `a?.f`, and `Enum.Variant`. */
export function checkField(c: CellContext, e: Expr & { kind: "field" }): HirExpr {
  const missing = missingImport(c, e);
  if (missing !== null) return missing;
  const named = qualified(c, e);
  if (named !== e) return checkExpr(c, named, null);
  if (e.value.kind === "name") {
    const variant = variantNamed(c, e.value.name, e.name.text, e.span);
    if (variant !== null) return variant;
    const module = moduleNamed(c, e.value.name);
    if (module !== null) return notInModule(c, module, e.value.name, e.name);
  }
  const value = checkExpr(c, e.value, null);
  // The parser found no name and said so.
  if (e.name.text === "") return errorExpr(e.span);
  if (e.nullSafe)
    return nullSafe(c, value, e.span, (present) =>
      fieldOf(c, present, e.name.text, e.name.span, e.span),
    );
  return fieldOf(c, value, e.name.text, e.name.span, e.span);
}

/** A variant of a named enum. */
function variantNamed(c: CellContext, owner: string, name: string, span: Span): HirExpr | null {
  const type = c.scope.types.get(owner);
  if (type?.kind === "enum") {
    const variant = constructVariant(c, name, null, span, null, type.symbol);
    if (variant !== null) return variant;
    const names = type.symbol.variants.map((v) => v.name);
    complain(
      c,
      "E0204",
      span,
      `enum '${plainName(owner)}' has no variant '${name}'${didYouMean(name, names)}`,
    );
    return errorExpr(span);
  }
  return null;
}

/** Null where the receiver is null, else what `access` makes of it. */
export function nullSafe(
  c: CellContext,
  value: HirExpr,
  span: Span,
  access: (present: HirExpr) => HirExpr,
): HirExpr {
  const temp = temporary(c, value);
  if (value.type.kind === "null") return temp.bind(temp.read);
  const present = conversion(temp.read, withoutNull(value.type));
  const result = access(present);
  const type = optionOf(result.type);
  return temp.bind({
    kind: "if",
    condition: { kind: "expr", value: { kind: "isNull", value: temp.read, type: BOOL, span } },
    consequent: conversion(
      { kind: "const", value: { kind: "null" }, type: { kind: "null" }, span },
      type,
    ),
    otherwise: conversion(result, type),
    type,
    span,
  });
}

function fieldOf(
  c: CellContext,
  value: HirExpr,
  name: string,
  nameSpan: Span,
  span: Span,
): HirExpr {
  const type = value.type;
  switch (type.kind) {
    case "record": {
      const index = type.decl.fields.findIndex((f) => f.name === name);
      const field = type.decl.fields[index];
      if (field === undefined) {
        if (type.decl.isBroken) return errorExpr(span);
        const names = type.decl.fields.map((f) => f.name);
        complain(
          c,
          "E0204",
          nameSpan,
          `record '${type.decl.name}' has no field '${name}'${didYouMean(name, names)}`,
          {
            expected: names.join(", "),
            found: name,
          },
        );
        return errorExpr(span);
      }
      return {
        kind: "field",
        value,
        index,
        type: substitute(field.type, bindParams(type.decl.generics, type.args)),
        span,
      };
    }
    case "map":
      return { kind: "fieldNamed", value, name, type: optionOf(type.value), span };
    case "json":
      return { kind: "fieldNamed", value, name, type: JSON_TYPE, span };
    case "any":
    case "union":
    case "param":
      return { kind: "fieldNamed", value: conversion(value, ANY), name, type: ANY, span };
    case "shape":
      return shapeField(c, value, type, { text: name, span: nameSpan }, span);
    case "process":
      return processField(c, value, type, { text: name, span: nameSpan }, span);
    case "enum":
      return payloadNamed(c, value, type, name, nameSpan, span);
    case "never":
      // Nothing is taken out of what never arrives.
      return value;
    case "error":
      return errorExpr(span);
    default: {
      const found = renderType(type);
      const help =
        type.kind === "option"
          ? "Test for null first, or use `?.`."
          : builtinByName(name) === undefined
            ? "Only records, maps and Json have fields."
            : `It is a function: \`${name}(x)\` or \`x.${name}()\`.`;
      complain(c, "E0204", nameSpan, `${found} has no field '${name}'`, { found, help });
      return errorExpr(span);
    }
  }
}

/** A field of a record of which only the shape is known is read by its name. */
function shapeField(
  c: CellContext,
  value: HirExpr,
  type: Type & { kind: "shape" },
  name: Name,
  span: Span,
): HirExpr {
  const field = type.fields.find((f) => f.name === name.text);
  if (field === undefined) {
    const names = type.fields.map((f) => f.name);
    const near = didYouMean(name.text, names);
    complain(c, "E0204", name.span, `${renderType(type)} has no field '${name.text}'${near}`);
    return errorExpr(span);
  }
  const any = conversion(value, ANY);
  const read: HirExpr = { kind: "fieldNamed", value: any, name: name.text, type: ANY, span };
  return conversion(read, field.type);
}

/** The children of a supervisor; other processes have no fields. */
function processField(
  c: CellContext,
  value: HirExpr,
  type: Type & { kind: "process" },
  name: Name,
  span: Span,
): HirExpr {
  const child = childOf(c, value, name.text, span);
  if (child !== null) return child;
  const { decl } = type.decl;
  const children = decl.kind === "supervisor" ? decl.children.map((x) => x.name.text) : null;
  const [what, help] =
    children === null
      ? ["field", "Call a method: a process keeps its state to itself."]
      : ["child", `Its children are ${children.join(", ") || "none"}.`];
  const near = didYouMean(name.text, children ?? []);
  const message = `'${type.decl.name}' has no ${what} '${name.text}'${near}`;
  complain(c, "E0204", name.span, message, { help });
  return errorExpr(span);
}

function payloadNamed(
  c: CellContext,
  value: HirExpr,
  type: Type & { kind: "enum" },
  name: string,
  nameSpan: Span,
  span: Span,
): HirExpr {
  const types: Type[] = [];
  for (const variant of type.decl.variants) {
    variant.payload.forEach((p, i) => {
      if (p.label === name || String(i) === name) types.push(p.type);
    });
  }
  if (types.length === 0) {
    complain(c, "E0204", nameSpan, `no variant of '${type.decl.name}' has a payload '${name}'`);
    return errorExpr(span);
  }
  const payload = substitute(joinTypes(types), bindParams(type.decl.generics, type.args));
  return { kind: "payloadNamed", value, name, type: optionOf(payload), span };
}

/** `t.0` */
export function checkComponent(c: CellContext, e: Expr & { kind: "component" }): HirExpr {
  const value = checkExpr(c, e.value, null);
  const type = value.type;
  if (type.kind === "tuple") {
    const item = type.items[e.index];
    if (item !== undefined)
      return { kind: "component", value, index: e.index, type: item, span: e.span };
    complain(
      c,
      "E0204",
      e.indexSpan,
      `a tuple of ${type.items.length} has no component ${e.index}`,
      {
        expected: `0 to ${type.items.length - 1}`,
        found: String(e.index),
      },
    );
    return errorExpr(e.span);
  }
  if (type.kind === "enum")
    return payloadNamed(c, value, type, String(e.index), e.indexSpan, e.span);
  if (type.kind === "never") return value;
  if (type.kind === "error") return errorExpr(e.span);
  if (
    type.kind === "any" ||
    type.kind === "union" ||
    type.kind === "param" ||
    type.kind === "json"
  ) {
    const index: HirExpr = {
      kind: "const",
      value: { kind: "int", value: BigInt(e.index) },
      type: INT,
      span: e.indexSpan,
    };
    return {
      kind: "index",
      how: "any",
      value: conversion(value, ANY),
      index: conversion(index, ANY),
      type: ANY,
      span: e.span,
    };
  }
  complain(c, "E0204", e.indexSpan, `${renderType(type)} has no components`, {
    found: renderType(type),
  });
  return errorExpr(e.span);
}

/** `a[i]`, `a[x..y]`, `a?[i]`. */
export function checkIndex(c: CellContext, e: Expr & { kind: "index" }): HirExpr {
  const [index, second] = e.indices;
  const value = checkExpr(c, e.value, null);
  if (index === undefined || second !== undefined) {
    complain(
      c,
      "E0202",
      e.span,
      "several indices are type arguments, and this is not a generic call",
    );
    return errorExpr(e.span);
  }
  const access = (receiver: HirExpr): HirExpr =>
    index.kind === "range" && index.step === null
      ? sliceOf(c, receiver, index, e.span)
      : indexOf(c, receiver, index, e.span);
  return e.nullSafe ? nullSafe(c, value, e.span, access) : access(value);
}

function indexOf(c: CellContext, value: HirExpr, index: Expr, span: Span): HirExpr {
  const type = value.type;
  const any = (result: Type): HirExpr => ({
    kind: "index",
    how: "any",
    value: conversion(value, ANY),
    index: conversion(checkExpr(c, index, null), ANY),
    type: result,
    span,
  });
  switch (type.kind) {
    case "list":
      return {
        kind: "index",
        how: "list",
        value,
        index: checkExpect(c, index, INT, "list index"),
        type: type.item,
        span,
      };
    case "map":
      return {
        kind: "index",
        how: "map",
        value,
        index: checkExpect(c, index, type.key, "map key"),
        type: optionOf(type.value),
        span,
      };
    case "string":
      return { ...any(STRING), type: STRING };
    case "bytes":
      return any(INT);
    case "set":
      return any(type.item);
    case "tuple":
      return tupleIndex(value, type, index, span) ?? any(ANY);
    case "json":
      return any(JSON_TYPE);
    case "option":
      return any(ANY);
    case "any":
    case "union":
    case "param":
    case "record":
      return any(ANY);
    case "never":
      // Nothing is taken out of what never arrives.
      return value;
    case "error":
      return errorExpr(span);
    default: {
      const found = renderType(type);
      complain(
        c,
        "E0200",
        value.span,
        `type mismatch in an index: expected list, map, String, Bytes, set or tuple, got ${found}`,
        {
          expected: "list, map, String, Bytes, set or tuple",
          found,
        },
      );
      return errorExpr(span);
    }
  }
}

/** A literal index into a tuple is a component. */
function tupleIndex(
  value: HirExpr,
  type: Type & { kind: "tuple" },
  index: Expr,
  span: Span,
): HirExpr | null {
  if (index.kind !== "int") return null;
  const item = type.items[Number(index.value)];
  return item === undefined
    ? null
    : { kind: "component", value, index: Number(index.value), type: item, span };
}

function sliceOf(
  c: CellContext,
  value: HirExpr,
  range: Expr & { kind: "range" },
  span: Span,
): HirExpr {
  const start = checkExpect(c, range.start, INT, "slice start");
  const bound = checkExpect(c, range.end, INT, "slice end");
  const one: HirExpr = {
    kind: "const",
    value: { kind: "int", value: 1n },
    type: INT,
    span: range.end.span,
  };
  const end: HirExpr = range.inclusive
    ? {
        kind: "arith",
        op: "+",
        operands: "int",
        left: bound,
        right: one,
        type: INT,
        span: range.end.span,
      }
    : bound;
  if (value.type.kind === "never") return value;
  const kinds = ["list", "string", "bytes", "any", "json", "union", "param", "error"];
  if (!kinds.includes(value.type.kind)) {
    const found = renderType(value.type);
    complain(
      c,
      "E0200",
      value.span,
      `type mismatch in a slice: expected list, String or Bytes, got ${found}`,
      {
        expected: "list, String or Bytes",
        found,
      },
    );
  }
  return { kind: "slice", value, start, end, type: value.type, span };
}

/** `a..b step n`, a list of Int. */
export function checkRange(c: CellContext, e: Expr & { kind: "range" }): HirExpr {
  return {
    kind: "range",
    start: checkExpect(c, e.start, INT, "range start"),
    end: checkExpect(c, e.end, INT, "range end"),
    inclusive: e.inclusive,
    step: e.step === null ? null : checkExpect(c, e.step, INT, "range step"),
    type: listOf(INT),
    span: e.span,
  };
}

/** `x is T` */
export function checkIs(c: CellContext, e: Expr & { kind: "is" }): HirExpr {
  const value = checkExpr(c, e.value, null);
  return { kind: "is", value, test: typeTest(c, e.type), type: BOOL, span: e.span };
}

/** `x as T`: conversions to scalars, else a change of the static type, checked at run time. */
export function checkAs(c: CellContext, e: Expr & { kind: "as" }): HirExpr {
  const value = checkExpr(c, e.value, null);
  const target = resolveType(e.type, typeContext(c));
  const { span } = e;
  switch (target.kind) {
    case "int":
      return {
        kind: "callBuiltin",
        builtin: "to_int",
        args: [value],
        type:
          value.type.kind === "int" || value.type.kind === "bool" || value.type.kind === "float"
            ? INT
            : optionOf(INT),
        span,
      };
    case "float":
      return {
        kind: "callBuiltin",
        builtin: "to_float",
        args: [value],
        type: value.type.kind === "int" || value.type.kind === "float" ? FLOAT : optionOf(FLOAT),
        span,
      };
    case "string":
      return { kind: "display", value, type: STRING, span };
    case "bool":
      return { kind: "truthy", value, type: BOOL, span };
    default:
      return conversion({ ...value, span }, target);
  }
}
