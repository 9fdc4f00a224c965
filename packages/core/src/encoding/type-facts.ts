// What follows from a type descriptor alone: the size of its smallest value, and whether null is
// one of its values. References are looked up in the enclosing `rec`s.

import { assertNever } from "../result/result.ts";
import type { PayloadDescriptor, TypeDescriptor } from "../value/type-descriptor.ts";

/** Bytes of the smallest value; `refs` gives those of references. Infinite where there is none. */
export function bytesMin(type: TypeDescriptor, refs: ReadonlyMap<string, number>): number {
  if (typeof type === "string") return primitiveBytesMin(type);
  if ("option" in type || "list" in type || "set" in type || "map" in type) return 1;
  if ("array" in type) {
    const [item, count] = type.array;
    return count === 0 ? 0 : count * bytesMin(item, refs);
  }
  if ("tuple" in type) return sum(type.tuple, refs);
  if ("record" in type) {
    const fields = type.record.fields.map(([, field]) => field);
    return sum(fields, refs);
  }
  if ("enum" in type) {
    const payloads = type.enum.variants.map(([, payload]) => sum(payloadTypes(payload), refs));
    return Math.min(
      ...payloads.map((bytes, tag) => (tag < 0x80 ? 1 : tag < 0x4000 ? 2 : 3) + bytes),
    );
  }
  if ("result" in type) return 1 + Math.min(...type.result.map((part) => bytesMin(part, refs)));
  // The smallest value never holds another one of its own type.
  if ("rec" in type) {
    return bytesMin(type.rec.type, new Map(refs).set(type.rec.name, Number.POSITIVE_INFINITY));
  }
  if ("ref" in type) return refs.get(type.ref) ?? Number.POSITIVE_INFINITY;
  return assertNever(type);
}

function primitiveBytesMin(type: TypeDescriptor & string): number {
  if (type === "unit") return 0;
  if (type === "f32") return 4;
  return type === "f64" ? 8 : 1;
}

function sum(types: readonly TypeDescriptor[], refs: ReadonlyMap<string, number>): number {
  return types.reduce((bytes, type) => bytes + bytesMin(type, refs), 0);
}

/** The types of the components of a variant's payload, in order. */
export function payloadTypes(payload: PayloadDescriptor): readonly TypeDescriptor[] {
  if (payload === null) return [];
  if (typeof payload === "object" && "tuple" in payload) return payload.tuple;
  if (typeof payload === "object" && "struct" in payload) {
    return payload.struct.map(([, type]) => type);
  }
  return [payload];
}

/** True when a value of the type can be null, so that an option of it needs `Some`. */
export function hasNull(type: TypeDescriptor, refs: (name: string) => boolean): boolean {
  if (typeof type === "string") return type === "unit" || type === "json";
  if ("rec" in type) {
    const { name } = type.rec;
    return hasNull(type.rec.type, (other) => other !== name && refs(other));
  }
  return "option" in type || ("ref" in type && refs(type.ref));
}
