// Type identity (spec/formats.md 3.1): equality of type hashes, which is equality of canonical
// JSON.

import { jcs } from "../encoding/index.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";

const keys = new WeakMap<object, string>();

/** True if both descriptors, references into `types` resolved, are the same type. */
export function sameType(a: TypeDescriptor, b: TypeDescriptor): boolean {
  return a === b || typeKey(a) === typeKey(b);
}

function typeKey(type: TypeDescriptor): string {
  if (typeof type === "string") return JSON.stringify(type);
  let key = keys.get(type);
  if (key === undefined) {
    key = jcs(type);
    keys.set(type, key);
  }
  return key;
}
