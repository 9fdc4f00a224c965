// `cast`: checks a value against a type, deep, an Int becoming a Float where the type asks for one
// (lir.md 4). Functions are checked by arity only: their calls check arguments and result. Records
// and variants from outside the machine get the program's own shape objects, which have labels.

import type { LirType, TypeIndex } from "@lumen/core/lir";
import {
  Closure,
  Float,
  isInt,
  isList,
  listItems,
  MapValue,
  makeList,
  makeRecord,
  makeVariant,
  mapEntries,
  mapFromEntries,
  RESULT_SHAPE,
  RecordValue,
  recordFields,
  SetValue,
  Some,
  setFromItems,
  setItems,
  share,
  Tuple,
  typeName,
  type Value,
  VariantValue,
  variantParts,
} from "@lumen/core/value";
import { typeTrap } from "../trap.ts";
import { lirTypeText } from "./lir-type-text.ts";
import { isRecordOf, isVariantOf, type ModuleShapes, typeAt } from "./shapes.ts";
import { isResult, testType } from "./type-test.ts";

/** Arity of the cell behind a closure; the machine that made it knows. */
export type ArityOf = (closure: Closure) => number;

/** How to look at a type table while casting. */
export interface CastContext {
  readonly types: readonly LirType[];
  readonly shapes: ModuleShapes;
  readonly arityOf: ArityOf;
}

/** The value at the type: the same object or a converted copy. A value of another type faults. */
export function castValue(value: Value, context: CastContext, type: TypeIndex): Value {
  const cast = castOrMiss(value, context, type);
  if (cast === undefined) {
    throw typeTrap(`expected ${lirTypeText(context.types, type)}, got ${typeName(value)}`);
  }
  return cast;
}

/** True when {@link castValue} would take the value. O(size of the value). */
export function conformsTo(value: Value, context: CastContext, type: TypeIndex): boolean {
  return castOrMiss(value, context, type) !== undefined;
}

/** The value at the type, or undefined where it is not of the type. O(size of the value). */
function castOrMiss(value: Value, context: CastContext, index: TypeIndex): Value | undefined {
  const type = typeAt(context.types, index);
  switch (type.kind) {
    case "any":
      return value;
    case "float":
      if (isInt(value)) return new Float(Number(value));
      return value instanceof Float ? value : undefined;
    case "null":
    case "bool":
    case "int":
    case "string":
    case "bytes":
    case "opaque":
      return testType(value, context.types, index) ? value : undefined;
    case "json":
      return isJson(value) ? value : undefined;
    case "option":
      return castOption(value, context, type.item);
    case "union":
      return castUnion(value, context, type.members);
    case "fn":
      if (!(value instanceof Closure)) return undefined;
      return context.arityOf(value) === type.params.length ? value : undefined;
    default:
      return castContainer(value, context, index, type);
  }
}

type ContainerType = Extract<
  LirType,
  { kind: "list" | "set" | "map" | "tuple" | "result" | "record" | "enum" }
>;

function castContainer(
  value: Value,
  context: CastContext,
  index: TypeIndex,
  type: ContainerType,
): Value | undefined {
  switch (type.kind) {
    case "list":
      return isList(value)
        ? castParts(listItems(value), context, () => type.item, value, makeList)
        : undefined;
    case "tuple":
      if (!(value instanceof Tuple) || value.items.length !== type.items.length) return undefined;
      return castParts(
        value.items,
        context,
        (i) => type.items[i],
        value,
        (x) => new Tuple(x),
      );
    case "set":
      return value instanceof SetValue
        ? castParts(setItems(value), context, () => type.item, value, setFromItems)
        : undefined;
    case "map":
      return value instanceof MapValue ? castMap(value, context, type) : undefined;
    case "record":
      return value instanceof RecordValue ? castRecord(value, context, index, type) : undefined;
    case "enum":
      return value instanceof VariantValue ? castEnum(value, context, index, type) : undefined;
    case "result": {
      if (!(value instanceof VariantValue) || !isResult(value)) return undefined;
      const part = value.variant.tag === 0 ? type.ok : type.error;
      const remake = (x: Value[]): Value => makeVariant(RESULT_SHAPE, value.variant.tag, x);
      return castParts(variantParts(value), context, () => part, value, remake);
    }
  }
}

function castRecord(
  value: RecordValue,
  context: CastContext,
  index: TypeIndex,
  type: LirType & { kind: "record" },
): Value | undefined {
  const shape = context.shapes[index] ?? null;
  const own = value.shape === shape;
  if (shape === null || !("fields" in shape)) return undefined;
  if (!own && !isRecordOf(value.shape, type)) return undefined;
  const remake = (x: Value[]): Value => makeRecord(shape, x);
  return castParts(
    recordFields(value),
    context,
    (i) => type.fields[i]?.type,
    own ? value : null,
    remake,
  );
}

function castEnum(
  value: VariantValue,
  context: CastContext,
  index: TypeIndex,
  type: LirType & { kind: "enum" },
): Value | undefined {
  const shape = context.shapes[index] ?? null;
  const own = value.variant.shape === shape;
  if (shape === null || !("variants" in shape)) return undefined;
  if (!own && !isVariantOf(value.variant.shape, type)) return undefined;
  const payload = type.variants[value.variant.tag]?.payload ?? [];
  const remake = (x: Value[]): Value => makeVariant(shape, value.variant.tag, x);
  return castParts(
    variantParts(value),
    context,
    (i) => payload[i]?.type,
    own ? value : null,
    remake,
  );
}

/**
 * Casts the parts of a container. When none changes and `whole` can stay, it is the result, else a
 * new one is made of the parts, all shared since the old container still has them.
 */
function castParts(
  parts: readonly Value[],
  context: CastContext,
  typeOf: (position: number) => TypeIndex | undefined,
  whole: Value,
  remake: (parts: Value[]) => Value,
): Value | undefined {
  let changed: Value[] | null = whole === null ? parts.slice() : null;
  for (let i = 0; i < parts.length; i += 1) {
    const part = parts[i] ?? null;
    const cast = castOrMiss(part, context, typeOf(i) ?? -1);
    if (cast === undefined) return undefined;
    if (cast !== part) changed ??= parts.slice();
    if (changed !== null) changed[i] = cast;
  }
  if (changed === null) return whole;
  for (const part of changed) share(part);
  return remake(changed);
}

function castMap(
  map: MapValue,
  context: CastContext,
  type: LirType & { kind: "map" },
): Value | undefined {
  const entries = mapEntries(map);
  const flat = entries.flatMap(({ key, value }) => [key, value]);
  const types = [type.key, type.value];
  const remake = (parts: Value[]): Value => {
    const pairs = entries.map((_, i) => ({
      key: parts[2 * i] ?? null,
      value: parts[2 * i + 1] ?? null,
    }));
    return mapFromEntries(pairs);
  };
  return castParts(flat, context, (i) => types[i % 2], map, remake);
}

function castOption(value: Value, context: CastContext, item: TypeIndex): Value | undefined {
  if (value === null) return null;
  if (!(value instanceof Some)) return castOrMiss(value, context, item);
  const inner = castOrMiss(value.value, context, item);
  return inner === undefined ? undefined : inner === value.value ? value : new Some(inner);
}

/** The first member that the value has as it is, else the first that it can become. */
function castUnion(
  value: Value,
  context: CastContext,
  members: readonly TypeIndex[],
): Value | undefined {
  let converted: Value | undefined;
  for (const member of members) {
    const cast = castOrMiss(value, context, member);
    if (cast === value) return value;
    converted ??= cast;
  }
  return converted;
}

/** True when the value has a JSON form of its own (lir.md 2, subtypes of `json`). */
function isJson(value: Value): boolean {
  if (isList(value)) return listItems(value).every(isJson);
  if (value instanceof MapValue) {
    return mapEntries(value).every((e) => typeof e.key === "string" && isJson(e.value));
  }
  return testType(value, JSON_TYPES, 0);
}

const JSON_TYPES: readonly LirType[] = [{ kind: "json" }];
