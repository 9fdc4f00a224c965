// Maps: lookup by key, copy-on-write, iteration in ascending total order of the keys (language
// 15.3). Keys equal under `==` are one key, of which the first inserted is kept.

import { assert, required } from "../result/result.ts";
import { compareKeys } from "./compare.ts";
import { hashKey } from "./key.ts";
import { insertSorted, removeSorted } from "./sorted-cache.ts";
import {
  type HashKey,
  isShared,
  type MapEntry,
  MapValue,
  type StoredEntry,
  share,
  type Value,
} from "./value.ts";

/** A fresh map without entries. */
export function emptyMap(): MapValue {
  return new MapValue(new Map(), null);
}

/** A fresh map; of entries with equal keys the first key and the last value are kept. */
export function mapFromEntries(entries: Iterable<MapEntry>): MapValue {
  const map = emptyMap();
  for (const { key, value } of entries) mapSet(map, key, value);
  return map;
}

/** Number of entries. */
export function mapSize(map: MapValue): number {
  return map.store.size;
}

/** The value under a key, or undefined; an unhashable key is never present. */
export function mapGet(map: MapValue, key: Value): Value | undefined {
  const hash = hashKey(key);
  return hash === undefined ? undefined : map.store.get(hash)?.value;
}

/** True when the map has the key. */
export function mapHas(map: MapValue, key: Value): boolean {
  const hash = hashKey(key);
  return hash !== undefined && map.store.has(hash);
}

/**
 * The map with `key` bound to `value`: the same object when it is unshared, else a copy. Takes over
 * both. An unhashable key is a defect: callers ask `hashKey` first and may pass what it gave.
 */
export function mapSet(
  map: MapValue,
  key: Value,
  value: Value,
  hash: HashKey | undefined = hashKey(key),
): MapValue {
  assert(hash !== undefined, "the key is hashable");
  const target = isShared(map) ? copyMap(map) : map;
  const previous = target.store.get(hash);
  if (previous !== undefined) {
    previous.value = value;
    return target;
  }
  const entry: StoredEntry = { key, value };
  target.store.set(hash, entry);
  target.sorted = insertSorted(target.sorted, entry, compareKeys);
  return target;
}

/** The map without the key: the same object when it is unshared or has no such key, else a copy. */
export function mapRemove(map: MapValue, key: Value): MapValue {
  const hash = hashKey(key);
  const entry = hash === undefined ? undefined : map.store.get(hash);
  if (hash === undefined || entry === undefined) return map;
  const target = isShared(map) ? copyMap(map) : map;
  target.store.delete(hash);
  target.sorted = removeSorted(target.sorted, entry, compareKeys);
  return target;
}

/** The copy refers to the same parts, which are shared from then on, in entries of its own. */
function copyMap(map: MapValue): MapValue {
  const copies = new Map<StoredEntry, StoredEntry>();
  const store = new Map<HashKey, StoredEntry>();
  for (const [hash, entry] of map.store) {
    const copy: StoredEntry = { key: share(entry.key), value: share(entry.value) };
    store.set(hash, copy);
    if (map.sorted !== null) copies.set(entry, copy);
  }
  const sorted = map.sorted?.map((entry) => required(copies.get(entry), "it is in the map"));
  return new MapValue(store, sorted ?? null);
}
