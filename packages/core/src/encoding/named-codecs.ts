// Codecs of records, enums and results (formats 3.2, 4.1): how they lie in values and in bytes.

import { assert } from "../result/result.ts";
import { compareValues } from "../value/compare.ts";
import { type RecordShape, RecordValue } from "../value/record.ts";
import { makeRecord, recordFields } from "../value/slots.ts";
import { compareStrings } from "../value/string-order.ts";
import type { PayloadDescriptor } from "../value/type-descriptor.ts";
import type { Value } from "../value/value.ts";
import {
  type EnumShape,
  makeVariant,
  RESULT_SHAPE,
  VariantValue,
  variantParts,
} from "../value/variant.ts";
import { decodeParts, partsOrder } from "./container-codecs.ts";
import { type EnumType, enumShape, type RecordType, recordShape } from "./shapes.ts";
import type { TypeCodec } from "./type-codec.ts";
import { fieldStep } from "./value-path.ts";
import type { ValueWriter } from "./value-writer.ts";

/** A record: `codecs` of the fields in declaration order. */
export function recordCodec(type: RecordType, codecs: readonly TypeCodec[]): TypeCodec {
  const { name } = type;
  const shape = recordShape(type);
  const names = shape.fields;
  const steps = names.map(fieldStep);
  const order = partsOrder(codecs);
  const alphabetical = names.every((field, i) => {
    const previous = names[i - 1];
    return previous === undefined || compareStrings(previous, field) < 0;
  });
  const hasLanguageOrder = alphabetical && codecs.every((codec) => codec.hasLanguageOrder);
  // The shape that was last found to fit, which is nearly always that of the next record too.
  let fitting: RecordShape = shape;
  return {
    encode: (writer, value) => {
      if (!(value instanceof RecordValue)) return writer.mismatch(name, value);
      if (value.shape !== fitting) {
        if (!fitsRecord(value.shape, shape, name)) return writer.mismatch(name, value);
        fitting = value.shape;
      }
      encodeParts(writer, codecs, steps, recordFields(value));
    },
    decode: (reader) => makeRecord(shape, decodeParts(reader, codecs)),
    compare: (a, b) => {
      const records = a instanceof RecordValue && b instanceof RecordValue;
      return records && !hasLanguageOrder
        ? order(recordFields(a), recordFields(b))
        : compareValues(a, b);
    },
    hasLanguageOrder,
  };
}

function fitsRecord(shape: RecordShape, wanted: RecordShape, fullName: string): boolean {
  if (shape.name !== wanted.name && shape.name !== fullName) return false;
  if (shape.fields.length !== wanted.fields.length) return false;
  return shape.fields.every((field, i) => field === wanted.fields[i]);
}

/** An enum: discriminant, then the payload; `codecs[tag]` are those of its components. */
export function enumCodec(type: EnumType, codecs: readonly (readonly TypeCodec[])[]): TypeCodec {
  const shape = enumShape(type);
  const steps = type.variants.map(([name, payload]) => payloadSteps(name, payload));
  return variantCodec({ name: type.name, shape, codecs, steps });
}

/** `result[T, E]`: ok 0, err 1. */
export function resultCodec(ok: TypeCodec, err: TypeCodec, name: string): TypeCodec {
  const steps = [[".ok"], [".err"]];
  return variantCodec({ name, shape: RESULT_SHAPE, codecs: [[ok], [err]], steps });
}

function variantCodec(args: {
  readonly name: string;
  readonly shape: EnumShape;
  readonly codecs: readonly (readonly TypeCodec[])[];
  readonly steps: readonly (readonly string[])[];
}): TypeCodec {
  const { name, shape, codecs, steps } = args;
  const orders = codecs.map(partsOrder);
  const all = codecs.flat();
  const hasLanguageOrder = all.every((codec) => codec.hasLanguageOrder);
  let fitting: EnumShape = shape;
  return {
    encode: (writer, value) => {
      if (!(value instanceof VariantValue)) return writer.mismatch(name, value);
      if (value.variant.shape !== fitting) {
        if (!fitsEnum(value.variant.shape, shape, name)) return writer.mismatch(name, value);
        fitting = value.variant.shape;
      }
      const payload = codecs[value.variant.tag];
      assert(payload !== undefined, "a variant's tag is within its shape");
      writer.varint(value.variant.tag);
      encodeParts(writer, payload, steps[value.variant.tag] ?? [], variantParts(value));
    },
    decode: (reader) => {
      const start = reader.offset;
      const tag = reader.u32();
      const payload = codecs[tag];
      if (payload === undefined) return reader.fail("bad-variant", start);
      return makeVariant(shape, tag, decodeParts(reader, payload));
    },
    compare: (a, b) => {
      const bothVariants = a instanceof VariantValue && b instanceof VariantValue;
      if (hasLanguageOrder || !bothVariants) return compareValues(a, b);
      return (
        a.variant.tag - b.variant.tag ||
        (orders[a.variant.tag]?.(variantParts(a), variantParts(b)) ?? 0)
      );
    },
    hasLanguageOrder,
  };
}

function fitsEnum(shape: EnumShape, wanted: EnumShape, fullName: string): boolean {
  if (shape.name !== wanted.name && shape.name !== fullName) return false;
  if (shape.variants.length !== wanted.variants.length) return false;
  return shape.variants.every((variant, i) => {
    const other = wanted.variants[i];
    return other?.name === variant.name && other.arity === variant.arity;
  });
}

/** Path steps of the components: `.Circle`, `.Rect[0]`, `.Poly.name`. */
function payloadSteps(name: string, payload: PayloadDescriptor): readonly string[] {
  const base = fieldStep(name);
  if (typeof payload === "object" && payload !== null) {
    if ("tuple" in payload) return payload.tuple.map((_, i) => `${base}[${i}]`);
    if ("struct" in payload) return payload.struct.map(([label]) => base + fieldStep(label));
  }
  return payload === null ? [] : [base];
}

function encodeParts(
  writer: ValueWriter,
  codecs: readonly TypeCodec[],
  steps: readonly string[],
  parts: readonly Value[],
): void {
  writer.enter();
  for (let i = 0; i < codecs.length; i += 1) {
    writer.step(steps[i] ?? null);
    codecs[i]?.encode(writer, parts[i] ?? null);
  }
  writer.leave();
}
