// What a builtin that the machine computes looks like, and how it looks at its arguments.

import type { NativeBuiltinName } from "@lumen/core/builtins";
import { utf8Encode } from "@lumen/core/hash";
import {
  compareStrings,
  Float,
  isInt,
  isList,
  listItems,
  MapValue,
  mapEntries,
  RecordValue,
  recordField,
  SetValue,
  setItems,
  Tuple,
  typeName,
  type Value,
} from "@lumen/core/value";
import type { Int } from "../arithmetic/int.ts";
import type { Memory } from "../machine/allocation.ts";
import { typeTrap } from "../trap.ts";

/**
 * A builtin as a function. It changes no argument but the first, and that only through core's
 * copy-on-write writers; what it keeps of an argument, whole or part, it marks with `share`. It
 * charges memory for results that are much larger than its arguments before it builds them.
 */
export type Native = (args: readonly Value[], memory: Memory) => Value;

/** The natives of a section of language 16, by name. */
export type Natives<N extends NativeBuiltinName> = Readonly<Record<N, Native>>;

/** Refusal of a wrong argument kind (language 16). */
export function wrongKind(name: string, expected: string, value: Value): Error {
  return typeTrap(`${name}: expected ${expected}, got ${typeName(value)}`);
}

/** Argument `at`, null where the call has fewer. */
export function arg(args: readonly Value[], at: number): Value {
  return args[at] ?? null;
}

/** A String argument. */
export function textArg(name: string, args: readonly Value[], at: number): string {
  const value = arg(args, at);
  if (typeof value !== "string") throw wrongKind(name, "String", value);
  return value;
}

/** An Int argument. */
export function intArg(name: string, args: readonly Value[], at: number): Int {
  const value = arg(args, at);
  if (!isInt(value)) throw wrongKind(name, "Int", value);
  return value;
}

/** An Int argument moved into 0 … max. */
export function clampedArg(name: string, args: readonly Value[], at: number, max: number): number {
  return clampInt(intArg(name, args, at), max);
}

/** An Int moved into 0 … max. */
export function clampInt(value: Int, max: number): number {
  if (value <= 0) return 0;
  return value >= max ? max : Number(value);
}

/** An Int or Float argument. */
export function numberArg(name: string, args: readonly Value[], at: number): Int | Float {
  const value = arg(args, at);
  if (!isInt(value) && !(value instanceof Float)) throw wrongKind(name, "Int or Float", value);
  return value;
}

/** The double of a number. */
export function toDouble(value: Int | Float): number {
  return value instanceof Float ? value.value : Number(value);
}

/** A Bytes argument. */
export function bytesArg(name: string, args: readonly Value[], at: number): Uint8Array {
  const value = arg(args, at);
  if (!(value instanceof Uint8Array)) throw wrongKind(name, "Bytes", value);
  return value;
}

/** A Bytes argument, or the UTF-8 bytes of a String. */
export function contentArg(name: string, args: readonly Value[], at: number): Uint8Array {
  const value = arg(args, at);
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return utf8Encode(value);
  throw wrongKind(name, "String or Bytes", value);
}

/** The items of a list, tuple or set (language 16.4), which the caller must not keep. */
export function itemsArg(name: string, args: readonly Value[], at: number): readonly Value[] {
  const items = itemsOf(arg(args, at));
  if (items === null) throw wrongKind(name, "List", arg(args, at));
  return items;
}

/** Items of a list, tuple or set; null for anything else. */
export function itemsOf(value: Value): readonly Value[] | null {
  if (isList(value)) return listItems(value);
  if (value instanceof Tuple) return value.items;
  return value instanceof SetValue ? setItems(value) : null;
}

/** A map argument. */
export function mapArg(name: string, args: readonly Value[], at: number): MapValue {
  const value = arg(args, at);
  if (!(value instanceof MapValue)) throw wrongKind(name, "Map", value);
  return value;
}

/** A set argument. */
export function setArg(name: string, args: readonly Value[], at: number): SetValue {
  const value = arg(args, at);
  if (!(value instanceof SetValue)) throw wrongKind(name, "Set", value);
  return value;
}

/** Number of parts as `length` counts them; null for other kinds. Strings are counted elsewhere. */
export function partCount(value: Value): number | null {
  if (isList(value) || value instanceof Uint8Array) return value.length;
  if (value instanceof Tuple) return value.items.length;
  if (value instanceof MapValue || value instanceof SetValue) return value.store.size;
  return null;
}

/** Keys and values of a map, or fields of a record in alphabetical order; null for other kinds. */
export function entriesOf(
  value: Value,
): readonly { readonly key: Value; readonly value: Value }[] | null {
  if (value instanceof MapValue) return mapEntries(value);
  if (!(value instanceof RecordValue)) return null;
  const entries = value.shape.fields.map((key, i) => ({ key, value: recordField(value, i) }));
  return entries.sort((a, b) => compareStrings(a.key, b.key));
}
