// Bounds on types. Aliases and inference build types from types: forty lines can say a type of 2^40
// parts, which shares its parts in memory but would be walked part by part.

import type { EnumSymbol, RecordSymbol, Type } from "../hir/type.ts";
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
  if (isSmall(type)) return null;
  const { parts, depth } = sizeOf(type);
  if (parts > TYPE_PARTS_MAX) return `this type has more than ${TYPE_PARTS_MAX} parts`;
  return depth > TYPE_DEPTH_MAX ? `this type nests deeper than ${TYPE_DEPTH_MAX} levels` : null;
}

/** So many parts are counted anew each time, which costs less than remembering them. */
const COUNTED_PARTS_MAX = 32;

/** True for most types, which are of few parts and so neither too large nor too deep. */
function isSmall(type: Type): boolean {
  return isLeaf(type) || partsLeft(type, COUNTED_PARTS_MAX) >= 0;
}

/** What is left of `budget` when each part has taken one; below zero where there are more. */
function partsLeft(type: Type, budget: number): number {
  let left = budget - 1;
  if (left < 0 || isLeaf(type)) return left;
  switch (type.kind) {
    case "list":
    case "set":
    case "option":
      return partsLeft(type.item, left);
    case "map":
      return partsLeft(type.value, partsLeft(type.key, left));
    default:
      for (const part of partsOfType(type)) {
        left = partsLeft(part, left);
        if (left < 0) return left;
      }
      return left;
  }
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

function isLeaf(type: Type): boolean {
  switch (type.kind) {
    case "list":
    case "set":
    case "option":
    case "map":
    case "result":
    case "fn":
      return false;
    default:
      return partsOfType(type).length === 0;
  }
}

/**
 * Levels of a declaration with all that it holds. With the levels that a type may have around it
 * the sum is what a module may hold (lir.md 8).
 */
export const DECLARATION_DEPTH_MAX = 768;

type Declaration = RecordSymbol | EnumSymbol;

/**
 * What is too deep about a record or enum, in words; null for one within the bounds. A declaration
 * inside itself nests no further. `known` is shared by the questions about one program, whose
 * declarations must be complete.
 */
export function excessOfDeclaration(
  decl: Declaration,
  known: Map<Declaration, number>,
): string | null {
  const depth = declarationDepth(decl, { known, open: new Set() }, 0);
  if (depth <= DECLARATION_DEPTH_MAX) return null;
  return `'${decl.name}' holds types that nest deeper than ${DECLARATION_DEPTH_MAX} levels`;
}

interface Nesting {
  readonly known: Map<Declaration, number>;
  readonly open: Set<Declaration>;
}

/** `above`: levels around it; past the bound nobody looks further. */
function declarationDepth(decl: Declaration, nesting: Nesting, above: number): number {
  const found = nesting.known.get(decl);
  if (found !== undefined) return found;
  if (above > DECLARATION_DEPTH_MAX) return 1;
  nesting.open.add(decl);
  const parts = "fields" in decl ? decl.fields : decl.variants.flatMap((v) => v.payload);
  const depth =
    1 +
    deepest(
      parts.map((p) => p.type),
      nesting,
      above + 1,
    );
  nesting.open.delete(decl);
  nesting.known.set(decl, depth);
  return depth;
}

function deepest(types: readonly Type[], nesting: Nesting, above: number): number {
  return types.reduce((most, type) => Math.max(most, depthThrough(type, nesting, above)), 0);
}

function depthThrough(type: Type, nesting: Nesting, above: number): number {
  if (type.kind !== "record" && type.kind !== "enum")
    return 1 + deepest(partsOfType(type), nesting, above + 1);
  return nesting.open.has(type.decl) ? 1 : declarationDepth(type.decl, nesting, above);
}

/** How to mend a type that is too large. */
export const LARGE_TYPE_HELP = "Declare a record for a part of it: its name counts as one part.";
