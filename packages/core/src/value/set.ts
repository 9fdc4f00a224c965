// Sets: membership, copy-on-write, iteration in ascending total order (language 15.3). Of members
// equal under `==` the first inserted is kept.

import { assert } from "../result/result.ts";
import { compareValues } from "./compare.ts";
import { hashKey } from "./key.ts";
import { insertSorted, removeSorted } from "./sorted-cache.ts";
import { type HashKey, isShared, SetValue, share, type Value } from "./value.ts";

/** A fresh set without members. */
export function emptySet(): SetValue {
  return new SetValue(new Map(), null);
}

/** A fresh set; of equal items the first is kept. */
export function setFromItems(items: Iterable<Value>): SetValue {
  const set = emptySet();
  for (const item of items) setAdd(set, item);
  return set;
}

/** Number of members. */
export function setSize(set: SetValue): number {
  return set.store.size;
}

/** True when the set has the member; an unhashable value is in no set. */
export function setHas(set: SetValue, item: Value): boolean {
  const hash = hashKey(item);
  return hash !== undefined && set.store.has(hash);
}

/**
 * The set with `item`: the same object when it is unshared or has the item, else a copy. An
 * unhashable item is a defect: callers ask `hashKey` first and may pass what it gave.
 */
export function setAdd(
  set: SetValue,
  item: Value,
  hash: HashKey | undefined = hashKey(item),
): SetValue {
  assert(hash !== undefined, "the member is hashable");
  if (set.store.has(hash)) return set;
  const target = isShared(set) ? copySet(set) : set;
  target.store.set(hash, item);
  target.sorted = insertSorted(target.sorted, item, compareValues);
  return target;
}

/** The set without `item`: the same object when it is unshared or has no such item, else a copy. */
export function setRemove(set: SetValue, item: Value): SetValue {
  const hash = hashKey(item);
  const member = hash === undefined ? undefined : set.store.get(hash);
  if (hash === undefined || member === undefined) return set;
  const target = isShared(set) ? copySet(set) : set;
  target.store.delete(hash);
  target.sorted = removeSorted(target.sorted, member, compareValues);
  return target;
}

/** The copy refers to the same members, which are shared from then on. */
function copySet(set: SetValue): SetValue {
  for (const item of set.store.values()) share(item);
  return new SetValue(new Map(set.store), set.sorted === null ? null : [...set.sorted]);
}
