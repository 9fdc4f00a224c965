// The type that branches have in common.

import type { Type } from "../hir/type.ts";
import { isCompatible, joinTypes } from "../types/relations.ts";
import { NEVER } from "../types/simple-types.ts";

/**
 * The expected type where every branch fits it, so that the conversion happens inside; else the
 * join.
 */
export function branchType(types: readonly Type[], expected: Type | null): Type {
  if (
    expected !== null &&
    expected.kind !== "error" &&
    types.every((t) => isCompatible(t, expected))
  ) {
    return types.every((t) => t.kind === "never") ? NEVER : expected;
  }
  return joinTypes(types);
}
