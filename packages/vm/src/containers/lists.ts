// Lists: appending in place where nobody else can see it, copying, ranges (lir.md 3, 4).

import {
  Float,
  isShared,
  type List,
  listItems,
  listSlice,
  makeList,
  pushListItem,
  share,
  type Value,
} from "@lumen/core/value";
import { checkedInt, type Int } from "../arithmetic/int.ts";
import { CONTAINER_ITEMS_MAX } from "../limits.ts";
import type { Memory } from "../machine/allocation.ts";
import { BOX_BYTES, ITEM_BYTES, itemBox, listBytes } from "../memory.ts";
import { memoryTrap, runtimeTrap } from "../trap.ts";

/** A fresh list of the same items, which are shared from then on. O(n). */
export function copyList(list: List, memory: Memory): List {
  memory.charge(listBytes(list.length));
  if (!list.floats) for (const item of listItems(list)) share(item);
  return listSlice(list);
}

/**
 * The list with an item, which it takes over, at its end: the same object unless it is shared.
 * Amortised O(1).
 */
export function appendTo(list: List, item: Value, memory: Memory): List {
  if (list.length >= CONTAINER_ITEMS_MAX) throw memoryTrap();
  const target = isShared(list) ? copyList(list, memory) : list;
  memory.charge(ITEM_BYTES + slotBytes(target, item));
  pushListItem(target, item);
  return target;
}

/** What an item takes in a list besides its place; all of them, where it ends a list of numbers. */
export function slotBytes(list: List, item: Value): number {
  if (!list.floats) return itemBox(item);
  return item instanceof Float ? 0 : itemBox(item) + BOX_BYTES * list.length;
}

/** a ++ b as a fresh list. */
export function concatLists(a: List, b: List, memory: Memory): List {
  const count = a.length + b.length;
  if (count > CONTAINER_ITEMS_MAX) throw memoryTrap();
  memory.charge(listBytes(count));
  if (a.floats && b.floats) {
    const joined = listSlice(a);
    for (const slot of b) joined.push(slot);
    return joined;
  }
  const items = [...listItems(a), ...listItems(b)];
  for (const item of items) share(item);
  return makeList(items);
}

/**
 * Number of Ints from `start` by `step` before `end`, or up to it when `inclusive`. Faults for step
 * 0, and as out of memory where no list could hold them.
 */
export function rangeCount(start: Int, end: Int, step: Int, inclusive: boolean): number {
  if (step === 0) throw runtimeTrap("range step must not be zero");
  const distance = (BigInt(end) - BigInt(start)) * (step > 0 ? 1n : -1n);
  const size = step > 0 ? BigInt(step) : -BigInt(step);
  if (distance < 0n || (distance === 0n && !inclusive)) return 0;
  const count = inclusive ? distance / size + 1n : (distance + size - 1n) / size;
  if (count > BigInt(CONTAINER_ITEMS_MAX)) throw memoryTrap();
  return Number(count);
}

/** The Ints start, start + step, … of that count. */
export function rangeList(start: Int, step: Int, count: number): List {
  const items: Value[] = [];
  const last = BigInt(start) + BigInt(step) * BigInt(Math.max(count - 1, 0));
  const safe = Number.isSafeInteger(Number(last));
  if (typeof start === "number" && typeof step === "number" && safe) {
    for (let i = 0, next = start; i < count; i += 1, next += step) items.push(next);
  } else {
    let next = BigInt(start);
    for (let i = 0; i < count; i += 1, next += BigInt(step)) items.push(checkedInt(next, "range"));
  }
  return makeList(items);
}
