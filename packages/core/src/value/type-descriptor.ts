// Type descriptors: the JSON form of a serialisable type (spec/formats.md 3.1). Data only.

/** Types without parts. */
export const PRIMITIVE_TYPES = [
  "unit",
  "bool",
  "string",
  "bytes",
  "char",
  "u8",
  "u16",
  "u32",
  "u64",
  "i8",
  "i16",
  "i32",
  "i64",
  "f32",
  "f64",
  "json",
] as const;

/** Name of a type without parts. */
export type PrimitiveType = (typeof PRIMITIVE_TYPES)[number];

/** Payload of an enum variant: none, one value, several by position, several by name. */
export type PayloadDescriptor =
  | null
  | TypeDescriptor
  | { readonly tuple: readonly TypeDescriptor[] }
  | { readonly struct: readonly (readonly [string, TypeDescriptor])[] };

/** A serialisable type. `ref` is legal inside the `rec` of that name, or in CFS `types`. */
export type TypeDescriptor =
  | PrimitiveType
  | { readonly option: TypeDescriptor }
  | { readonly list: TypeDescriptor }
  | { readonly set: TypeDescriptor }
  | { readonly array: readonly [TypeDescriptor, number] }
  | { readonly map: readonly [TypeDescriptor, TypeDescriptor] }
  | { readonly tuple: readonly TypeDescriptor[] }
  | {
      readonly record: {
        readonly name: string;
        readonly fields: readonly (readonly [string, TypeDescriptor])[];
      };
    }
  | {
      readonly enum: {
        readonly name: string;
        readonly variants: readonly (readonly [string, PayloadDescriptor])[];
      };
    }
  | { readonly result: readonly [TypeDescriptor, TypeDescriptor] }
  | { readonly rec: { readonly name: string; readonly type: TypeDescriptor } }
  | { readonly ref: string };
