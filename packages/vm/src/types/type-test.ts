// `x is T`: the kind or the name of a value, type arguments not tested (language 4).

import type { LirType, TypeIndex } from "@lumen/core/lir";
import { assertNever } from "@lumen/core/result";
import {
  Closure,
  Float,
  isInt,
  isList,
  MapValue,
  Opaque,
  RESULT_SHAPE,
  RecordValue,
  SetValue,
  Some,
  Tuple,
  type Value,
  VariantValue,
} from "@lumen/core/value";
import { isRecordOf, isVariantOf, typeAt } from "./shapes.ts";

/** True when the value's kind or name is that of the type. */
export function testType(value: Value, types: readonly LirType[], index: TypeIndex): boolean {
  if (value instanceof Some) return testType(value.value, types, index);
  const type = typeAt(types, index);
  switch (type.kind) {
    case "any":
      return true;
    case "null":
      return value === null;
    case "bool":
      return typeof value === "boolean";
    case "int":
      return isInt(value);
    case "float":
      return value instanceof Float;
    case "string":
      return typeof value === "string";
    case "bytes":
      return value instanceof Uint8Array;
    case "json":
      return isJsonKind(value);
    case "option":
      return value === null || testType(value, types, type.item);
    case "union":
      return type.members.some((member) => testType(value, types, member));
    default:
      return testContainer(value, type);
  }
}

type ContainerType = Extract<
  LirType,
  { kind: "list" | "set" | "map" | "tuple" | "result" | "record" | "enum" | "fn" | "opaque" }
>;

function testContainer(value: Value, type: ContainerType): boolean {
  switch (type.kind) {
    case "list":
      return isList(value);
    case "set":
      return value instanceof SetValue;
    case "map":
      return value instanceof MapValue;
    case "tuple":
      return value instanceof Tuple && value.items.length === type.items.length;
    case "result":
      return value instanceof VariantValue && isResult(value);
    case "record":
      return value instanceof RecordValue && isRecordOf(value.shape, type);
    case "enum":
      return value instanceof VariantValue && isVariantOf(value.variant.shape, type);
    case "fn":
      return value instanceof Closure;
    case "opaque":
      return value instanceof Opaque && value.kind === type.name;
    default:
      return assertNever(type);
  }
}

/** True for `ok(v)` and `err(e)`. */
export function isResult(variant: VariantValue): boolean {
  return variant.variant.shape === RESULT_SHAPE || variant.variant.shape.name === RESULT_SHAPE.name;
}

/** True for the kinds that JSON has, whatever is inside. */
export function isJsonKind(value: Value): boolean {
  if (value === null || isInt(value) || isList(value)) return true;
  if (value instanceof Float || value instanceof MapValue) return true;
  return typeof value === "boolean" || typeof value === "string";
}
