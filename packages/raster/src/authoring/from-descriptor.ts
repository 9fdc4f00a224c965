// The type of a descriptor: needed where a literal is written to a part of a declared type.

import type { PayloadDescriptor, PrimitiveType, TypeDescriptor } from "@lumen/core/value";
import { array, list, map, option, result, set, tuple } from "./containers.ts";
import { misuse } from "./misuse.ts";
import { enumeration, type Fields, json, recursive, struct } from "./named.ts";
import * as scalars from "./scalars.ts";
import type { Type } from "./type.ts";

const PRIMITIVES: { readonly [K in PrimitiveType]: Type<unknown> } = { ...scalars, json };

/** Enclosing recursive types by name. */
type Bound = ReadonlyMap<string, Type<unknown>>;

/** A type that reads and writes what a descriptor says. */
export function fromDescriptor(
  descriptor: TypeDescriptor,
  bound: Bound = new Map(),
): Type<unknown> {
  const again = (part: TypeDescriptor): Type<unknown> => fromDescriptor(part, bound);
  if (typeof descriptor === "string") return PRIMITIVES[descriptor];
  if ("option" in descriptor) return option(again(descriptor.option));
  if ("list" in descriptor) return list(again(descriptor.list));
  if ("set" in descriptor) return set(again(descriptor.set));
  if ("array" in descriptor) return array(again(descriptor.array[0]), descriptor.array[1]);
  if ("map" in descriptor) return map(again(descriptor.map[0]), again(descriptor.map[1]));
  if ("tuple" in descriptor) return tuple(...descriptor.tuple.map(again));
  if ("result" in descriptor)
    return result(again(descriptor.result[0]), again(descriptor.result[1]));
  if ("record" in descriptor)
    return struct(descriptor.record.name, fieldsOf(descriptor.record.fields, again));
  if ("enum" in descriptor) {
    const { name, variants } = descriptor.enum;
    const payloads = variants.map(([v, payload]) => [v, payloadOf(payload, again)] as const);
    return enumeration(name, Object.fromEntries(payloads));
  }
  if ("rec" in descriptor) {
    const { name, type } = descriptor.rec;
    return recursive(name, (self) => fromDescriptor(type, new Map(bound).set(name, self)));
  }
  return bound.get(descriptor.ref) ?? misuse("E0806", `no type is named '${descriptor.ref}'`);
}

type Again = (part: TypeDescriptor) => Type<unknown>;

function fieldsOf(fields: readonly (readonly [string, TypeDescriptor])[], again: Again): Fields {
  return Object.fromEntries(fields.map(([name, type]) => [name, again(type)]));
}

function payloadOf(payload: PayloadDescriptor, again: Again): null | Type<unknown> | Fields {
  if (payload === null) return null;
  const isStruct = typeof payload === "object" && "struct" in payload;
  return isStruct ? fieldsOf(payload.struct, again) : again(payload);
}
