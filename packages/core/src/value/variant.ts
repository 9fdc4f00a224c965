// Variants of enums and results. Their components stand in the object itself, in classes by their
// number: trees of them take little memory.

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
 * with several components has several parts. What its `note` means stands in `value.ts`.
 */
export class VariantValue {
  declare readonly kind: VariantKind;
  declare note: number;
  /** See {@link makeVariant}, which makes one of the right class. */
  constructor(kind: VariantKind) {
    this.kind = kind;
    this.note = 0;
  }

  get shape(): EnumShape {
    return this.kind.shape;
  }

  get tag(): number {
    return this.kind.tag;
  }

  /** One entry per component, in an array of its own. */
  get payload(): Value[] {
    const { shape, tag } = this.kind;
    const count = shape.variants[tag]?.arity ?? 0;
    const parts: Value[] = [];
    for (let i = 0; i < count; i += 1) parts.push(variantPart(this, i));
    return parts;
  }
}

/** Up to two components; places without one hold null. */
export class Variant2 extends VariantValue {
  declare readonly p0: Value;
  declare readonly p1: Value;
  constructor(kind: VariantKind, p0: Value, p1: Value) {
    super(kind);
    this.p0 = p0;
    this.p1 = p1;
  }
}

/** Any number of components, those from the fifth on in an array. */
export class Variant4 extends VariantValue {
  declare readonly p0: Value;
  declare readonly p1: Value;
  declare readonly p2: Value;
  declare readonly p3: Value;
  declare readonly rest: readonly Value[];
  constructor(
    kind: VariantKind,
    p0: Value,
    p1: Value,
    p2: Value,
    p3: Value,
    rest: readonly Value[],
  ) {
    super(kind);
    this.p0 = p0;
    this.p1 = p1;
    this.p2 = p2;
    this.p3 = p3;
    this.rest = rest;
  }
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
export function variantOf(kind: VariantKind, parts: readonly Value[]): VariantValue {
  const at = (index: number): Value => parts[index] ?? null;
  if (parts.length <= 2) return new Variant2(kind, at(0), at(1));
  const rest = parts.length > PARTS_INSIDE ? parts.slice(PARTS_INSIDE) : NO_REST;
  return new Variant4(kind, at(0), at(1), at(2), at(3), rest);
}

/** The variant of that tag with as many parts as its shape says. */
export function makeVariant(shape: EnumShape, tag: number, parts: readonly Value[]): VariantValue {
  return variantOf(variantKind(shape, tag), parts);
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
  return new Variant2(OK, value, null);
}

/** `err(value)`. */
export function makeErr(value: Value): VariantValue {
  return new Variant2(ERR, value, null);
}
