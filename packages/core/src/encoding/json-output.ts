// Values as JSON texts, driven by the type (formats 5); the inverse of json-input.ts.

import { type Failure, failure } from "../diagnostic/failure.ts";
import { toHex } from "../hash/hex.ts";
import { assert, assertNever, err, ok, type Result, required } from "../result/result.ts";
import { mapEntries, setItems } from "../value/compare.ts";
import { RecordValue } from "../value/record.ts";
import { listItems, recordFields } from "../value/slots.ts";
import type { PrimitiveType, TypeDescriptor } from "../value/type-descriptor.ts";
import { Float, MapValue, SetValue, Some, Tuple, type Value } from "../value/value.ts";
import { VariantValue, variantPart, variantParts } from "../value/variant.ts";
import { f32Text, f64Text } from "./number-text.ts";
import { hasNullIn, lookUp, NO_SCOPE, openRec, resolveType, type TypeScope } from "./type-scope.ts";
import { encodeValue } from "./value-codec.ts";

/** Layout of the text: `indent` blanks per level, or one line without blanks when absent. */
export interface JsonTextOptions {
  readonly indent?: number;
}

/**
 * The JSON value form of a value. `E_ENCODE` for a value that is not of the type, and for NaN and
 * infinities within `json`, which JSON cannot hold.
 */
export function valueToJsonText(
  type: TypeDescriptor,
  value: Value,
  options: JsonTextOptions = {},
): Result<string, Failure> {
  // Encoding checks every part against its type, so that rendering can rely on it.
  const bytes = encodeValue(type, value);
  if (!bytes.ok) return bytes;
  try {
    return ok(layOut(render(type, value, NO_SCOPE), options.indent));
  } catch (error) {
    if (error instanceof NoJsonForm) return err(failure("E_ENCODE", "execute", error.message));
    throw error;
  }
}

class NoJsonForm extends Error {
  override readonly name = "NoJsonForm";
}

/** A JSON text under construction: a finished scalar, or the parts of a container. */
type Tree = string | { readonly open: "[" | "{"; readonly parts: readonly Part[] };
interface Part {
  /** Null in an array. */
  readonly key: string | null;
  readonly tree: Tree;
}

function arrayTree(trees: readonly Tree[]): Tree {
  return { open: "[", parts: trees.map((tree) => ({ key: null, tree })) };
}

function objectTree(entries: readonly (readonly [string, Tree])[]): Tree {
  return { open: "{", parts: entries.map(([key, tree]) => ({ key, tree })) };
}

function layOut(tree: Tree, indent: number | undefined, level = 0): string {
  if (typeof tree === "string") return tree;
  const close = tree.open === "[" ? "]" : "}";
  if (tree.parts.length === 0) return tree.open + close;
  const blanks = indent === undefined ? "" : `\n${" ".repeat(indent * (level + 1))}`;
  const end = indent === undefined ? "" : `\n${" ".repeat(indent * level)}`;
  const colon = indent === undefined ? ":" : ": ";
  const parts = tree.parts.map(({ key, tree: part }) => {
    const text = layOut(part, indent, level + 1);
    return blanks + (key === null ? text : JSON.stringify(key) + colon + text);
  });
  return tree.open + parts.join(",") + end + close;
}

function render(type: TypeDescriptor, value: Value, scope: TypeScope): Tree {
  if (typeof type === "string") return renderScalar(type, value);
  if ("option" in type) return renderOption(type.option, value, scope);
  if ("list" in type) return arrayTree(items(value).map((item) => render(type.list, item, scope)));
  if ("array" in type) {
    return arrayTree(items(value).map((item) => render(type.array[0], item, scope)));
  }
  if ("set" in type) return arrayTree(items(value).map((item) => render(type.set, item, scope)));
  if ("tuple" in type) return arrayTree(renderEach(type.tuple, items(value), scope));
  if ("map" in type) return renderMap(type.map, value, scope);
  if ("record" in type) {
    assert(value instanceof RecordValue, "the value was encoded with this type");
    return renderFields(type.record.fields, recordFields(value), scope);
  }
  if ("enum" in type) return renderVariant(type, value, scope);
  if ("result" in type) {
    assert(value instanceof VariantValue, "the value was encoded with this type");
    const [okType, errType] = type.result;
    const [name, part] =
      value.variant.tag === 0 ? (["ok", okType] as const) : (["err", errType] as const);
    return objectTree([[name, render(part, variantPart(value, 0), scope)]]);
  }
  if ("rec" in type) {
    const body = openRec(type, scope);
    return render(body.type, value, body.scope);
  }
  if ("ref" in type) {
    const bound = lookUp(type.ref, scope);
    return render(bound.type, value, bound.scope);
  }
  return assertNever(type);
}

function items(value: Value): readonly Value[] {
  if (value instanceof Tuple) return value.items;
  if (value instanceof SetValue) return setItems(value);
  assert(Array.isArray(value), "the value was encoded with this type");
  return listItems(value);
}

function renderOption(inner: TypeDescriptor, value: Value, scope: TypeScope): Tree {
  if (value === null) return "null";
  const wraps = hasNullIn(inner, scope);
  if (!wraps) return render(inner, value, scope);
  return objectTree([["$some", render(inner, value instanceof Some ? value.value : value, scope)]]);
}

function renderEach(
  types: readonly TypeDescriptor[],
  values: readonly Value[],
  scope: TypeScope,
): Tree[] {
  return types.map((type, i) => render(type, values[i] ?? null, scope));
}

function renderFields(
  fields: readonly (readonly [string, TypeDescriptor])[],
  values: readonly Value[],
  scope: TypeScope,
): Tree {
  return objectTree(
    fields.map(([name, type], i) => [name, render(type, values[i] ?? null, scope)]),
  );
}

function renderMap(
  [keyType, valueType]: readonly [TypeDescriptor, TypeDescriptor],
  value: Value,
  scope: TypeScope,
): Tree {
  assert(value instanceof MapValue, "the value was encoded with this type");
  const entries = mapEntries(value);
  // A string key shows that the type is string or char; the latter is written in pairs.
  if (resolveType(keyType, scope) === "string") {
    return objectTree(
      entries.map((entry) => [String(entry.key), render(valueType, entry.value, scope)]),
    );
  }
  return arrayTree(
    entries.map((entry) =>
      arrayTree([render(keyType, entry.key, scope), render(valueType, entry.value, scope)]),
    ),
  );
}

function renderVariant(
  type: Extract<TypeDescriptor, { readonly enum: unknown }>,
  value: Value,
  scope: TypeScope,
): Tree {
  assert(value instanceof VariantValue, "the value was encoded with this type");
  const [name, payload] = required(
    type.enum.variants[value.variant.tag],
    "the tag names a variant",
  );
  if (payload === null) return JSON.stringify(name);
  if (typeof payload === "object" && "tuple" in payload) {
    return objectTree([[name, arrayTree(renderEach(payload.tuple, variantParts(value), scope))]]);
  }
  if (typeof payload === "object" && "struct" in payload) {
    return objectTree([[name, renderFields(payload.struct, variantParts(value), scope)]]);
  }
  return objectTree([[name, render(payload, variantPart(value, 0), scope)]]);
}

function renderScalar(type: PrimitiveType, value: Value): Tree {
  if (type === "json") return renderAny(value);
  if (value instanceof Float) return floatText(type, value.value);
  if (value instanceof Uint8Array) return objectTree([["$hex", JSON.stringify(toHex(value))]]);
  // Integers beyond 2^53-1 are those that are bigints.
  if (typeof value === "bigint") return JSON.stringify(value.toString());
  return JSON.stringify(value);
}

function floatText(type: PrimitiveType, value: number): string {
  if (Object.is(value, -0)) return '"-0"';
  if (!Number.isFinite(value)) return JSON.stringify(String(value));
  return type === "f32" ? f32Text(Math.fround(value)) : f64Text(value);
}

/** The type `json`, where numbers must say by their text whether they are Int or Float. */
function renderAny(value: Value): Tree {
  if (Array.isArray(value)) return arrayTree(listItems(value).map(renderAny));
  if (value instanceof MapValue) {
    return objectTree(
      mapEntries(value).map((entry) => [String(entry.key), renderAny(entry.value)]),
    );
  }
  if (value instanceof Float) {
    if (!Number.isFinite(value.value)) throw new NoJsonForm(`JSON has no number ${value.value}`);
    const text = f64Text(value.value);
    return /^-?[0-9]+$/.test(text) ? `${text}.0` : text;
  }
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}
