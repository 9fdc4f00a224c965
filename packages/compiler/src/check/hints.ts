// Expected types while generic parameters are still being solved. An unsolved part is the `error`
// type, which every checker reads as "nothing expected".

import type { Type } from "../hir/type.ts";
import { fillParams } from "../types/map-params.ts";
import { partsOfType } from "../types/parts.ts";
import type { Substitution } from "../types/relations.ts";
import { ANY, ERROR } from "../types/simple-types.ts";

/**
 * The parameter's type with what is solved filled in; null when nothing useful is known. Of a
 * builtin, whose `generics` are null, every parameter of the type is its own.
 */
export function solvedHint(
  type: Type,
  bindings: Substitution,
  generics: readonly string[] | null,
): Type | null {
  const solved = fillParams(type, { bindings, unbound: ERROR, names: generics });
  if (solved.kind === "fn") return { ...solved, params: solved.params.map(closed) };
  return hasError(solved) ? null : solved;
}

/** A lambda's parameter with an unsolved type is Any. */
function closed(type: Type): Type {
  return hasError(type) ? ANY : type;
}

/** True when a part is unsolved or was reported. */
export function hasError(type: Type): boolean {
  return type.kind === "error" || partsOfType(type).some(hasError);
}
