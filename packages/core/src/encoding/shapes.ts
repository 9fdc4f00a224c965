// The run-time shapes of records and enums that a descriptor names: one object per descriptor, so
// that values made by different codecs of the same type have the same shape.

import type { RecordShape } from "../value/record.ts";
import type { PayloadDescriptor, TypeDescriptor } from "../value/type-descriptor.ts";
import type { EnumShape, VariantShape } from "../value/variant.ts";
import { payloadTypes } from "./type-facts.ts";

/** The body of a record descriptor. */
export type RecordType = Extract<TypeDescriptor, { readonly record: unknown }>["record"];
/** The body of an enum descriptor. */
export type EnumType = Extract<TypeDescriptor, { readonly enum: unknown }>["enum"];

const records = new WeakMap<RecordType, RecordShape>();
const enums = new WeakMap<EnumType, EnumShape>();

/** The shape of a record's values. */
export function recordShape(type: RecordType): RecordShape {
  const known = records.get(type);
  if (known !== undefined) return known;
  const shape = { name: shapeName(type.name), fields: type.fields.map(([field]) => field) };
  records.set(type, shape);
  return shape;
}

/** The shape of an enum's values. */
export function enumShape(type: EnumType): EnumShape {
  const known = enums.get(type);
  if (known !== undefined) return known;
  const variants = type.variants.map(([name, payload]) => variantShape(name, payload));
  const shape = { name: shapeName(type.name), variants };
  enums.set(type, shape);
  return shape;
}

/**
 * The name that values carry: descriptors of generic types append the arguments
 * (`Pair[Int,String]`, formats 3.2), run-time shapes do not.
 */
function shapeName(name: string): string {
  const bracket = name.indexOf("[");
  return bracket === -1 ? name : name.slice(0, bracket);
}

function variantShape(name: string, payload: PayloadDescriptor): VariantShape {
  const isStruct = typeof payload === "object" && payload !== null && "struct" in payload;
  const labels = isStruct
    ? payload.struct.map(([label]) => label)
    : payloadTypes(payload).map(() => null);
  return { name, arity: labels.length, labels };
}
