// Finds members of unions: nominal types by their declaration, so that a union of thousands of
// records is not walked for each of its members.

import type { Type } from "../hir/type.ts";

type Union = Type & { readonly kind: "union" };

/** Unions with fewer members are walked: an index would cost more than it saves. */
const INDEXED_FROM = 12;

/** Members in their order: those of one declaration, and those that have none. */
interface MemberIndex {
  readonly named: ReadonlyMap<object, readonly Type[]>;
  readonly others: readonly Type[];
}

const indexes = new WeakMap<Union, MemberIndex>();

/** The declaration of a nominal type, which another one cannot equal; null for other types. */
export function declarationOf(type: Type): object | null {
  switch (type.kind) {
    case "record":
    case "enum":
    case "process":
      return type.decl;
    default:
      return null;
  }
}

/** The members that a type may equal or be a value of; all of them where nothing rules any out. */
export function membersFor(union: Union, type: Type): readonly Type[] {
  const decl = union.members.length < INDEXED_FROM ? null : declarationOf(type);
  if (decl === null) return union.members;
  const { named, others } = indexOf(union);
  const own = named.get(decl);
  return own === undefined ? others : others.length === 0 ? own : [...own, ...others];
}

function indexOf(union: Union): MemberIndex {
  const known = indexes.get(union);
  if (known !== undefined) return known;
  const named = new Map<object, Type[]>();
  const others: Type[] = [];
  for (const member of union.members) {
    const decl = declarationOf(member);
    const own = decl === null ? others : named.get(decl);
    if (own !== undefined) own.push(member);
    else if (decl !== null) named.set(decl, [member]);
  }
  const index = { named, others };
  indexes.set(union, index);
  return index;
}
