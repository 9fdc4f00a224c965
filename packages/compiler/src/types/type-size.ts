// Bounds on types. Aliases and inference build types from types: forty lines can say a type of 2^40
// parts, which shares its parts in memory but would be walked part by part.

import type { Type } from "../hir/type.ts";
import { partsOfType } from "./parts.ts";

/** Parts of one type, itself included; a record or enum counts as one, and its arguments. */
export const TYPE_PARTS_MAX = 10_000;

/** Types inside one another, as deep as brackets may nest (language 3, rule 9). */
export const TYPE_DEPTH_MAX = 256;

interface Size {
  readonly parts: number;
  readonly depth: number;
}

const LEAF: Size = { parts: 1, depth: 0 };

const sizes = new WeakMap<Type, Size>();

/** What is too large about a type, in words; null for a type within the bounds. */
export function excessOf(type: Type): string | null {
  const { parts, depth } = sizeOf(type);
  if (parts > TYPE_PARTS_MAX) return `this type has more than ${TYPE_PARTS_MAX} parts`;
  return depth > TYPE_DEPTH_MAX ? `this type nests deeper than ${TYPE_DEPTH_MAX} levels` : null;
}

function sizeOf(type: Type): Size {
  const inner = partsOfType(type);
  if (inner.length === 0) return LEAF;
  const known = sizes.get(type);
  if (known !== undefined) return known;
  let [parts, depth] = [1, 0];
  for (const part of inner) {
    const own = sizeOf(part);
    parts += own.parts;
    depth = Math.max(depth, own.depth + 1);
  }
  const size = { parts, depth };
  sizes.set(type, size);
  return size;
}

/** How to mend a type that is too large. */
export const LARGE_TYPE_HELP = "Declare a record for a part of it: its name counts as one part.";
