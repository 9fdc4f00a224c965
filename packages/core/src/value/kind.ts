// What kind of value it is: its name (language 15.1) and its truth (language 15.4).

import { assertNever } from "../result/result.ts";
import { RecordValue } from "./record.ts";
import { Closure, Float, MapValue, Opaque, SetValue, Some, Tuple, type Value } from "./value.ts";
import { VariantValue } from "./variant.ts";

/** What `type_of` answers: the kind, or the name of the record or enum. */
export function typeName(value: Value): string {
  if (value === null) return "Null";
  if (typeof value === "boolean") return "Bool";
  if (typeof value === "number" || typeof value === "bigint") return "Int";
  if (typeof value === "string") return "String";
  if (value instanceof Float) return "Float";
  if (Array.isArray(value)) return "List";
  if (value instanceof RecordValue) return value.shape.name;
  if (value instanceof VariantValue) return value.variant.shape.name;
  if (value instanceof Tuple) return "Tuple";
  if (value instanceof Uint8Array) return "Bytes";
  if (value instanceof MapValue) return "Map";
  if (value instanceof SetValue) return "Set";
  if (value instanceof Some) return typeName(value.value);
  if (value instanceof Closure) return "Closure";
  if (value instanceof Opaque) return value.kind;
  return assertNever(value);
}

/** False for null, false, zeros, and the empty string, list, tuple and set; true for the rest. */
export function truthy(value: Value): boolean {
  if (typeof value !== "object" || value === null) return Boolean(value);
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Tuple) return value.items.length > 0;
  if (value instanceof SetValue) return value.store.size > 0;
  return true;
}
