// The types whose values a `variant` test can tell apart, seen as lists of variants: enums,
// results, options and json (spec/formats.md 3.1, 3.3, 9.7).

import { assert } from "../result/result.ts";
import type { PayloadDescriptor, TypeDescriptor } from "../value/type-descriptor.ts";

/** One variant: its position is its wire discriminant. */
export interface Variant {
  readonly name: string;
  /** Types of the payload: none, one, or one per item of a tuple or struct payload. */
  readonly payload: readonly TypeDescriptor[];
}

const JSON_VARIANTS: readonly Variant[] = [
  { name: "Null", payload: [] },
  { name: "Bool", payload: ["bool"] },
  { name: "Int", payload: ["i64"] },
  { name: "Float", payload: ["f64"] },
  { name: "String", payload: ["string"] },
  { name: "List", payload: [{ list: "json" }] },
  { name: "Object", payload: [{ map: ["string", "json"] }] },
];

/** The variants of a type in discriminant order, or null if it has none. */
export function variantsOf(type: TypeDescriptor): readonly Variant[] | null {
  if (type === "json") return JSON_VARIANTS;
  if (typeof type === "string") return null;
  if ("rec" in type) return variantsOf(unfold(type.rec));
  if ("option" in type) {
    return [
      { name: "none", payload: [] },
      { name: "some", payload: [type.option] },
    ];
  }
  if ("result" in type) {
    return [
      { name: "ok", payload: [type.result[0]] },
      { name: "err", payload: [type.result[1]] },
    ];
  }
  if (!("enum" in type)) return null;
  return type.enum.variants.map(([name, payload]) => ({ name, payload: payloadTypes(payload) }));
}

/** The body of a recursive type, with references to it replaced by the type itself. */
export function unfold(rec: {
  readonly name: string;
  readonly type: TypeDescriptor;
}): TypeDescriptor {
  return substitute(rec.type, rec.name, { rec });
}

/** A recursive type unfolded until its outermost form shows; other types as they are. */
export function outermost(type: TypeDescriptor): TypeDescriptor {
  let at = type;
  // A checked descriptor never nests `rec` directly in `rec` without end.
  for (let i = 0; i < 128 && typeof at === "object" && "rec" in at; i += 1) at = unfold(at.rec);
  return at;
}

function payloadTypes(payload: PayloadDescriptor): readonly TypeDescriptor[] {
  if (payload === null) return [];
  if (typeof payload === "string") return [payload];
  if ("tuple" in payload) return payload.tuple;
  if ("struct" in payload) return payload.struct.map(([, type]) => type);
  return [payload];
}

function substitute(type: TypeDescriptor, name: string, by: TypeDescriptor): TypeDescriptor {
  const again = (t: TypeDescriptor): TypeDescriptor => substitute(t, name, by);
  if (typeof type === "string") return type;
  if ("ref" in type) return type.ref === name ? by : type;
  if ("rec" in type) {
    if (type.rec.name === name) return type;
    return { rec: { name: type.rec.name, type: again(type.rec.type) } };
  }
  if ("option" in type) return { option: again(type.option) };
  if ("list" in type) return { list: again(type.list) };
  if ("set" in type) return { set: again(type.set) };
  if ("array" in type) return { array: [again(type.array[0]), type.array[1]] };
  if ("map" in type) return { map: [again(type.map[0]), again(type.map[1])] };
  if ("tuple" in type) return { tuple: type.tuple.map(again) };
  if ("result" in type) return { result: [again(type.result[0]), again(type.result[1])] };
  if ("record" in type) {
    const { name: of, fields } = type.record;
    return { record: { name: of, fields: fields.map(([f, t]) => [f, again(t)] as const) } };
  }
  assert("enum" in type, "every form of descriptor is handled");
  const variants = type.enum.variants.map(([v, p]) => [v, substitutePayload(p, again)] as const);
  return { enum: { name: type.enum.name, variants } };
}

function substitutePayload(
  payload: PayloadDescriptor,
  again: (type: TypeDescriptor) => TypeDescriptor,
): PayloadDescriptor {
  if (payload === null || typeof payload === "string") return payload;
  if ("tuple" in payload) return { tuple: payload.tuple.map(again) };
  if ("struct" in payload)
    return { struct: payload.struct.map(([f, t]) => [f, again(t)] as const) };
  return again(payload);
}
