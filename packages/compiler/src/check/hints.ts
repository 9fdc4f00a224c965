// Expected types while generic parameters are still being solved. An unsolved part is the `error`
// type, which every checker reads as "nothing expected".

import type { Type } from "../hir/type.ts";
import { type Substitution, substitute } from "../types/relations.ts";
import { ANY, ERROR } from "../types/simple-types.ts";

/** The parameter's type with what is solved filled in; null when nothing useful is known. */
export function solvedHint(
  type: Type,
  bindings: Substitution,
  generics: readonly string[],
): Type | null {
  const open = new Map<string, Type>(generics.map((g) => [g, bindings.get(g) ?? ERROR]));
  const solved = substitute(type, open);
  if (solved.kind === "fn") return { ...solved, params: solved.params.map(closed) };
  return hasError(solved) ? null : solved;
}

/** A lambda's parameter with an unsolved type is Any. */
function closed(type: Type): Type {
  return hasError(type) ? ANY : type;
}

/** True when a part is unsolved or was reported. */
export function hasError(type: Type): boolean {
  switch (type.kind) {
    case "error":
      return true;
    case "list":
    case "set":
    case "option":
      return hasError(type.item);
    case "map":
      return hasError(type.key) || hasError(type.value);
    case "tuple":
      return type.items.some(hasError);
    case "result":
      return hasError(type.ok) || hasError(type.error);
    case "record":
    case "enum":
      return type.args.some(hasError);
    case "fn":
      return type.params.some(hasError) || hasError(type.result);
    case "union":
      return type.members.some(hasError);
    default:
      return false;
  }
}
