// Memory of maps and sets, counted before they are copied or grow (language 15.6).

import { type HashKey, isShared, type MapValue, type SetValue } from "@lumen/core/value";
import type { Memory } from "../machine/allocation.ts";
import { ENTRY_BYTES, MEMBER_BYTES, TABLE_BYTES, textBytes } from "../memory.ts";

/** Counts what writing an entry takes: a copy where the map is shared, else a new entry. */
export function chargeEntry(map: MapValue, hash: HashKey, memory: Memory): void {
  if (isShared(map)) memory.charge(mapBytes(map.store.size + 1) + hashBytes(hash));
  else if (!map.store.has(hash)) memory.charge(ENTRY_BYTES + hashBytes(hash));
}

/** The same for a member of a set. */
export function chargeMember(set: SetValue, hash: HashKey, memory: Memory): void {
  if (set.store.has(hash)) return;
  if (isShared(set)) memory.charge(setBytes(set.store.size + 1) + hashBytes(hash));
  else memory.charge(MEMBER_BYTES + hashBytes(hash));
}

/** Weight of a map of that many entries. */
export function mapBytes(count: number): number {
  return TABLE_BYTES + ENTRY_BYTES * count;
}

/** Weight of a set of that many members. */
export function setBytes(count: number): number {
  return TABLE_BYTES + MEMBER_BYTES * count;
}

/** Keys that are not simple values have a text of their own. */
function hashBytes(hash: HashKey): number {
  return typeof hash === "string" ? textBytes(hash.length) : 0;
}
