// References of recursive types while a descriptor is walked: which `rec` a name stands for.

import { required } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { hasNull } from "./type-facts.ts";

/** The enclosing `rec`s by name, each with its own scope. */
export type TypeScope = ReadonlyMap<string, ScopedType>;

/** A type and what its references mean. */
export interface ScopedType {
  readonly type: TypeDescriptor;
  readonly scope: TypeScope;
}

/** Where no `rec` is open. */
export const NO_SCOPE: TypeScope = new Map();

type RecType = Extract<TypeDescriptor, { readonly rec: unknown }>;

/** The body of a recursive type with the scope for it. */
export function openRec(type: RecType, scope: TypeScope): ScopedType {
  return { type: type.rec.type, scope: new Map(scope).set(type.rec.name, { type, scope }) };
}

/** The `rec` that a reference of a checked descriptor names. */
export function lookUp(name: string, scope: TypeScope): ScopedType {
  return required(scope.get(name), "a reference names an enclosing rec");
}

/** The type behind recursion and references. */
export function resolveType(type: TypeDescriptor, scope: TypeScope): TypeDescriptor {
  if (typeof type === "object" && "rec" in type) {
    const body = openRec(type, scope);
    return resolveType(body.type, body.scope);
  }
  if (typeof type === "object" && "ref" in type) {
    const bound = lookUp(type.ref, scope);
    return resolveType(bound.type, bound.scope);
  }
  return type;
}

/** True when null is a value of the type, so that an option of it needs `Some`. */
export function hasNullIn(type: TypeDescriptor, scope: TypeScope): boolean {
  return hasNull(type, (name) => {
    const bound = lookUp(name, scope);
    return hasNullIn(bound.type, bound.scope);
  });
}
