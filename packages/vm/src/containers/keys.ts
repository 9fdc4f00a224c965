// Keys of maps and members of sets: what is not hashable is refused (language 15.3).

import { type HashKey, hashKey, typeName, type Value } from "@lumen/core/value";
import { runtimeTrap } from "../trap.ts";

/** The hash key of a value, or `unhashable key: T`. */
export function keyOf(value: Value): HashKey {
  const key = hashKey(value);
  if (key === undefined) throw runtimeTrap(`unhashable key: ${typeName(value)}`, "E_TRAP_TYPE");
  return key;
}
