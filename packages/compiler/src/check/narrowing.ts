// What a condition says about variables where it holds, or where it does not (language 9.2).

import type { HirExpr, HirPattern, LocalId } from "../hir/hir.ts";
import type { Type } from "../hir/type.ts";
import { acceptsNull, isSubtype } from "../types/relations.ts";
import { NULL, sameType, unionOf, withoutNull } from "../types/simple-types.ts";
import { declarationOf } from "../types/union-members.ts";
import { type CellContext, currentType, NO_FACTS } from "./context.ts";

/** Narrower types of locals, given that `condition` evaluates to `outcome`. */
export function factsOf(
  c: CellContext,
  condition: HirExpr,
  outcome: boolean,
): ReadonlyMap<LocalId, Type> {
  switch (condition.kind) {
    case "not":
      return factsOf(c, condition.value, !outcome);
    case "logic": {
      if ((condition.op === "and") !== outcome) return NO_FACTS;
      return new Map([
        ...factsOf(c, condition.left, outcome),
        ...factsOf(c, condition.right, outcome),
      ]);
    }
    case "isNull": {
      const local = localOf(condition.value);
      if (local === null) return NO_FACTS;
      const type = currentType(c, local);
      // A variable that is never null stays what it is, in a branch that is never taken.
      if (!acceptsNull(type)) return NO_FACTS;
      const known = outcome ? NULL : withoutNull(type);
      return sameType(known, type) ? NO_FACTS : new Map([[local, known]]);
    }
    case "is": {
      const local = localOf(condition.value);
      if (local === null || condition.test.kind !== "type") return NO_FACTS;
      return isFacts(c, local, condition.test.type, outcome);
    }
    default:
      return NO_FACTS;
  }
}

function isFacts(
  c: CellContext,
  local: LocalId,
  tested: Type,
  outcome: boolean,
): ReadonlyMap<LocalId, Type> {
  const type = currentType(c, local);
  if (outcome) return new Map([[local, narrowTo(type, tested)]]);
  if (type.kind === "union") {
    return new Map([[local, withoutMembers(type, tested)]]);
  }
  if (type.kind === "option" && isSubtype(type.item, tested)) return new Map([[local, NULL]]);
  return NO_FACTS;
}

/** The member of a union that was tested, where it says more than the test itself. */
export function narrowTo(type: Type, tested: Type): Type {
  if (type.kind === "union") return type.members.find(isMemberOf(tested)) ?? tested;
  if (type.kind === "option" && isSubtype(type.item, tested)) return type.item;
  // `list` says less than `list[Int]`.
  return isSubtype(type, tested) ? type : tested;
}

/** What is left of a subject's type where an arm without a guard did not match. */
export function withoutPattern(type: Type, pattern: HirPattern): Type {
  if (pattern.kind === "const" && pattern.value.kind === "null") return withoutNull(type);
  if (pattern.kind !== "typed" || pattern.test.kind !== "type") return type;
  const tested = pattern.test.type;
  if (type.kind === "option" && isSubtype(type.item, tested)) return NULL;
  if (type.kind !== "union") return type;
  return withoutMembers(type, tested);
}

/** A union without the members that a type covers. */
function withoutMembers(type: Type & { kind: "union" }, tested: Type): Type {
  const isCovered = isMemberOf(tested);
  const rest = type.members.filter((m) => !isCovered(m));
  // Members of a union differ from each other, and so do those that are left of many.
  return rest.length > 2 && rest.every((m) => m.kind !== "option")
    ? { kind: "union", members: rest }
    : unionOf(rest);
}

/** Whether a member of a union is of a type; of a declared one only those of its declaration. */
function isMemberOf(tested: Type): (member: Type) => boolean {
  const decl = declarationOf(tested);
  return decl === null
    ? (member) => isSubtype(member, tested)
    : (member) => declarationOf(member) === decl && isSubtype(member, tested);
}

function localOf(value: HirExpr): LocalId | null {
  if (value.kind === "local") return value.local;
  if (value.kind === "convert" && value.how === "widen") return localOf(value.value);
  return null;
}
