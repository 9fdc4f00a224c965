// Type descriptors as people read them in messages: `list[i64]`, `map[string, Point]`.

import { assertNever } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";

/** Short text of a type; records, enums and recursive types by their names. */
export function renderType(type: TypeDescriptor): string {
  if (typeof type === "string") return type;
  if ("option" in type) return `option[${renderType(type.option)}]`;
  if ("list" in type) return `list[${renderType(type.list)}]`;
  if ("set" in type) return `set[${renderType(type.set)}]`;
  if ("array" in type) return `array[${renderType(type.array[0])}, ${type.array[1]}]`;
  if ("map" in type) return `map[${renderType(type.map[0])}, ${renderType(type.map[1])}]`;
  if ("tuple" in type) return `tuple[${type.tuple.map(renderType).join(", ")}]`;
  if ("record" in type) return type.record.name;
  if ("enum" in type) return type.enum.name;
  if ("result" in type) return `result[${type.result.map(renderType).join(", ")}]`;
  if ("rec" in type) return type.rec.name;
  if ("ref" in type) return type.ref;
  return assertNever(type);
}
