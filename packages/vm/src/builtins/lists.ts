// Native builtins of language 16.4. Functions that take a list take tuples and sets too.

import {
  compareValues,
  equalValues,
  type HashKey,
  hashKey,
  isList,
  isShared,
  type List,
  listItem,
  listItems,
  MapValue,
  makeErr,
  makeList,
  makeOk,
  mapEntries,
  share,
  Tuple,
  type Value,
} from "@lumen/core/value";
import { appendTo, rangeCount, rangeList } from "../containers/lists.ts";
import { setBytes } from "../containers/tables.ts";
import { CONTAINER_ITEMS_MAX } from "../limits.ts";
import type { Memory } from "../machine/allocation.ts";
import { HEADER_BYTES, ITEM_BYTES, listBytes, pairsBytes, scalarsBytes } from "../memory.ts";
import { indexTrap, memoryTrap } from "../trap.ts";
import {
  arg,
  clampedArg,
  clampInt,
  intArg,
  itemsArg,
  itemsOf,
  type Native,
  type Natives,
  partCount,
  wrongKind,
} from "./native.ts";

/**
 * A fresh list of items that other containers hold too. Its memory is for the caller to count: in
 * one piece with all else that it makes, since what is being built is not found by a measurement.
 */
function listOf(items: readonly Value[]): Value {
  return makeList(items.map((item) => share(item)));
}

const append: Native = (args, memory) => {
  const list = arg(args, 0);
  // Shared first: the item may be the list itself.
  const item = share(arg(args, 1));
  return isList(list) ? appendTo(list, item, memory) : makeList([item]);
};

const pop: Native = (args, memory) => {
  const list = arg(args, 0);
  if (isList(list) && !isShared(list) && list.length > 0) {
    memory.charge(listBytes(2));
    const last = listItem(list, list.length - 1);
    return new Tuple([last, cutAt(list, list.length - 1)]);
  }
  const items = itemsArg("pop", args, 0);
  memory.charge(listBytes(items.length));
  return new Tuple([share(items.at(-1) ?? null), listOf(items.slice(0, -1))]);
};

/** An Int argument as an index from 0 to `last`; anything else is out of bounds. */
function indexArg(name: string, args: readonly Value[], count: number, last: number): number {
  const index = intArg(name, args, 1);
  if (index < 0 || index > last) throw indexTrap(index, "list", count);
  return Number(index);
}

const insert: Native = (args, memory) => {
  const items = itemsArg("insert", args, 0);
  const index = indexArg("insert", args, items.length, items.length);
  memory.charge(listBytes(items.length + 1));
  return listOf([...items.slice(0, index), arg(args, 2), ...items.slice(index)]);
};

const removeAt: Native = (args, memory) => {
  const items = itemsArg("remove_at", args, 0);
  const index = indexArg("remove_at", args, items.length, items.length - 1);
  memory.charge(listBytes(items.length));
  return listOf([...items.slice(0, index), ...items.slice(index + 1)]);
};

const isEmpty: Native = (args) => {
  const value = arg(args, 0);
  return value === null || value === "" || partCount(value) === 0;
};

/** The list itself with its first items only. */
function cutAt(list: List, count: number): List {
  list.length = count;
  return list;
}

const range: Native = (args, memory) => {
  const single = args.length === 1;
  const start = single ? 0 : intArg("range", args, 0);
  const end = intArg("range", args, single ? 0 : 1);
  const step = single ? 1 : intArg("range", args, 2);
  const count = rangeCount(start, end, step, false);
  memory.charge(listBytes(count));
  return rangeList(start, step, count);
};

function sorted(name: string, args: readonly Value[], memory: Memory): Value[] {
  const items = itemsArg(name, args, 0);
  memory.charge(2 * listBytes(items.length));
  return items.map((item) => share(item)).sort(compareValues);
}

const binarySearch: Native = (args) => {
  const items = itemsArg("binary_search", args, 0);
  const wanted = arg(args, 1);
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareValues(items[middle] ?? null, wanted);
    if (order === 0) return makeOk(middle);
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return makeErr(low);
};

/** First occurrences under `==`; NaN counts as equal to itself. */
const unique: Native = (args, memory) => {
  const count = itemsArg("unique", args, 0).length;
  memory.charge(setBytes(count) + listBytes(count));
  const seen = new Set<HashKey>();
  const unhashable: Value[] = [];
  const found = itemsArg("unique", args, 0).filter((item) => {
    const key = hashKey(item);
    if (key === undefined) {
      if (unhashable.some((other) => equalValues(other, item))) return false;
      unhashable.push(item);
      return true;
    }
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return listOf(found);
};

const zip: Native = (args, memory) => {
  const left = itemsArg("zip", args, 0);
  const right = itemsArg("zip", args, 1);
  const count = Math.min(left.length, right.length);
  memory.charge(pairsBytes(count));
  const pairs = left
    .slice(0, count)
    .map((item, i) => new Tuple([share(item), share(right[i] ?? null)]));
  return makeList(pairs);
};

const enumerate: Native = (args, memory) => {
  const items = itemsArg("enumerate", args, 0);
  memory.charge(pairsBytes(items.length));
  return makeList(items.map((item, i) => new Tuple([i, share(item)])));
};

const chunk: Native = (args, memory) => {
  const items = itemsArg("chunk", args, 0);
  const size = Math.max(1, clampInt(intArg("chunk", args, 1), Math.max(1, items.length)));
  const count = Math.ceil(items.length / size);
  memory.charge(listBytes(count) + count * HEADER_BYTES + ITEM_BYTES * items.length);
  const chunks: Value[] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(listOf(items.slice(at, at + size)));
  return makeList(chunks);
};

const window: Native = (args, memory) => {
  const items = itemsArg("window", args, 0);
  const size = clampInt(intArg("window", args, 1), items.length + 1);
  if (size < 1 || size > items.length) return makeList([]);
  const count = items.length - size + 1;
  memory.charge(listBytes(count) + count * listBytes(size));
  const starts = Array.from({ length: count }, (_, start) => start);
  return makeList(starts.map((start) => listOf(items.slice(start, start + size))));
};

const toList: Native = (args, memory) => {
  const value = arg(args, 0);
  if (typeof value === "string") {
    memory.charge(scalarsBytes(value));
    return makeList(Array.from(value));
  }
  if (value instanceof MapValue) {
    memory.charge(listBytes(value.store.size) + listBytes(2) * value.store.size);
    return makeList(mapEntries(value).map((e) => listOf([e.key, e.value])));
  }
  const items = itemsOf(value);
  if (items === null) throw wrongKind("to_list", "List, Tuple, Set, Map or String", value);
  memory.charge(listBytes(items.length));
  return listOf(items);
};

const flatten: Native = (args, memory) => {
  const items = itemsArg("flatten", args, 0);
  const count = items.reduce<number>((sum, item) => sum + (isList(item) ? item.length : 1), 0);
  if (count > CONTAINER_ITEMS_MAX) throw memoryTrap();
  memory.charge(listBytes(count));
  const flat: Value[] = [];
  for (const item of items) {
    if (!isList(item)) flat.push(share(item));
    else for (const inner of listItems(item)) flat.push(share(inner));
  }
  return makeList(flat);
};

/** Natives by name. */
export const LIST_NATIVES: Natives<
  | "append"
  | "push"
  | "pop"
  | "insert"
  | "remove_at"
  | "first"
  | "last"
  | "is_empty"
  | "take"
  | "drop"
  | "range"
  | "sort"
  | "sort_desc"
  | "binary_search"
  | "flatten"
  | "unique"
  | "zip"
  | "enumerate"
  | "chunk"
  | "window"
  | "to_list"
> = {
  append,
  push: append,
  pop,
  insert,
  remove_at: removeAt,
  first: (args) => share(itemsArg("first", args, 0)[0] ?? null),
  last: (args) => share(itemsArg("last", args, 0).at(-1) ?? null),
  is_empty: isEmpty,
  take: (args, memory) => {
    const list = arg(args, 0);
    if (isList(list) && !isShared(list))
      return cutAt(list, clampedArg("take", args, 1, list.length));
    const items = itemsArg("take", args, 0);
    const count = clampedArg("take", args, 1, items.length);
    memory.charge(listBytes(count));
    return listOf(items.slice(0, count));
  },
  drop: (args, memory) => {
    const items = itemsArg("drop", args, 0);
    const count = clampedArg("drop", args, 1, items.length);
    memory.charge(listBytes(items.length - count));
    return listOf(items.slice(count));
  },
  range,
  sort: (args, memory) => makeList(sorted("sort", args, memory)),
  sort_desc: (args, memory) => makeList(sorted("sort_desc", args, memory).reverse()),
  binary_search: binarySearch,
  flatten,
  unique,
  zip,
  enumerate,
  chunk,
  window,
  to_list: toList,
};
