// Variants of enums and results. Their components stand in the object itself, in one of two layouts
// by their number: trees of them take little memory.

import { required } from "../result/result.ts";
import type { Value } from "./value.ts";

/** One variant of an enum: `arity` payload components, each with a label or null. */
export interface VariantShape {
  readonly name: string;
  readonly arity: number;
  readonly labels: readonly (string | null)[];
}

/** Name and variants of an enum type, in declaration order: the position is the tag. */
export interface EnumShape {
  readonly name: string;
  readonly variants: readonly VariantShape[];
}

/** What all variants of one tag have in common: one object per shape and tag. */
export interface VariantKind {
  readonly shape: EnumShape;
  readonly tag: number;
}

/**
 * A variant. A payload type that is itself a tuple is one component holding a `Tuple`; a variant
 * with several components has several parts. What its `note` means stands in `value.ts`. Variants
 * are literals, as records are.
 */
export abstract class VariantValue {
  declare readonly variant: VariantKind;
  declare note: number;

  /** No other value has a `variant`. */
  static [Symbol.hasInstance](value: unknown): value is VariantValue {
    if (typeof value !== "object" || value === null) return false;
    const { variant }: { readonly variant?: unknown } = value;
    return variant !== undefined;
  }
}

/** Up to two components; places without one hold null. */
interface Variant2 extends VariantValue {
  readonly p0: Value;
  readonly p1: Value;
}

/** Any number of components, those from the fifth on in an array. */
interface Variant4 extends Variant2 {
  readonly p2: Value;
  readonly p3: Value;
  readonly rest: readonly Value[];
}

/** Components that stand in the object itself, at most. */
export const PARTS_INSIDE = 4;

/** The parts after those, where there are none. */
const NO_REST: readonly Value[] = [];

const kinds = new WeakMap<EnumShape, readonly VariantKind[]>();
/** Those that were asked for last, which are mostly those of the next one too. */
let lastShape: EnumShape | null = null;
let lastKinds: readonly VariantKind[] = [];

/** The kind of a tag, which the shape has. */
export function variantKind(shape: EnumShape, tag: number): VariantKind {
  if (shape !== lastShape) {
    lastKinds = kinds.get(shape) ?? shape.variants.map((_, i) => ({ shape, tag: i }));
    kinds.set(shape, lastKinds);
    lastShape = shape;
  }
  return required(lastKinds[tag], "the shape has a variant of the tag");
}

/** The variant of that kind with as many parts as its shape says. */
export function variantOf(variant: VariantKind, parts: readonly Value[]): VariantValue {
  const at = (index: number): Value => parts[index] ?? null;
  if (parts.length <= 2) return smallVariant(variant, at(0), at(1));
  const rest = parts.length > PARTS_INSIDE ? parts.slice(PARTS_INSIDE) : NO_REST;
  const made: Variant4 = { variant, note: 0, p0: at(0), p1: at(1), p2: at(2), p3: at(3), rest };
  return made;
}

function smallVariant(variant: VariantKind, p0: Value, p1: Value): Variant2 {
  return { variant, note: 0, p0, p1 };
}

/** The variant of that tag with as many parts as its shape says. */
export function makeVariant(shape: EnumShape, tag: number, parts: readonly Value[]): VariantValue {
  return variantOf(variantKind(shape, tag), parts);
}

/** The components of a variant, in an array of the caller's own. */
export function variantParts(value: VariantValue): Value[] {
  const { shape, tag } = value.variant;
  const count = shape.variants[tag]?.arity ?? 0;
  const parts: Value[] = [];
  for (let i = 0; i < count; i += 1) parts.push(variantPart(value, i));
  return parts;
}

/** A component of a variant; null where there is none. */
export function variantPart(variant: VariantValue, index: number): Value {
  // Variants of few components have none of a high number.
  const x = variant as Variant4;
  switch (index) {
    case 0:
      return x.p0;
    case 1:
      return x.p1;
    case 2:
      return x.p2 ?? null;
    case 3:
      return x.p3 ?? null;
    default:
      return x.rest?.[index - PARTS_INSIDE] ?? null;
  }
}

/** The shape of `result[T, E]`: tag 0 is ok, tag 1 is err. */
export const RESULT_SHAPE: EnumShape = {
  name: "result",
  variants: [
    { name: "ok", arity: 1, labels: [null] },
    { name: "err", arity: 1, labels: [null] },
  ],
};

const OK = variantKind(RESULT_SHAPE, 0);
const ERR = variantKind(RESULT_SHAPE, 1);

/** `ok(value)`. */
export function makeOk(value: Value): VariantValue {
  return smallVariant(OK, value, null);
}

/** `err(value)`. */
export function makeErr(value: Value): VariantValue {
  return smallVariant(ERR, value, null);
}
