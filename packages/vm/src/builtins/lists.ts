// Native builtins of language 16.4. Functions that take a list take tuples and sets too.

import {
  compareValues,
  equalValues,
  type HashKey,
  hashKey,
  isList,
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
import { SLOT_BYTES } from "../memory.ts";
import { indexTrap } from "../trap.ts";
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

/** A fresh list of items that other containers hold too. */
function listOf(items: readonly Value[]): Value {
  return makeList(items.map((item) => share(item)));
}

const append: Native = (args) => {
  const list = arg(args, 0);
  const item = arg(args, 1);
  return isList(list) ? appendTo(list, item) : makeList([share(item)]);
};

const pop: Native = (args) => {
  const items = itemsArg("pop", args, 0);
  return new Tuple([share(items.at(-1) ?? null), listOf(items.slice(0, -1))]);
};

/** An Int argument as an index from 0 to `last`; anything else is out of bounds. */
function indexArg(name: string, args: readonly Value[], count: number, last: number): number {
  const index = intArg(name, args, 1);
  if (index < 0 || index > last) throw indexTrap(index, "list", count);
  return Number(index);
}

const insert: Native = (args) => {
  const items = itemsArg("insert", args, 0);
  const index = indexArg("insert", args, items.length, items.length);
  return listOf([...items.slice(0, index), arg(args, 2), ...items.slice(index)]);
};

const removeAt: Native = (args) => {
  const items = itemsArg("remove_at", args, 0);
  const index = indexArg("remove_at", args, items.length, items.length - 1);
  return listOf([...items.slice(0, index), ...items.slice(index + 1)]);
};

const isEmpty: Native = (args) => {
  const value = arg(args, 0);
  return value === null || value === "" || partCount(value) === 0;
};

const range: Native = (args, memory) => {
  const single = args.length === 1;
  const start = single ? 0 : intArg("range", args, 0);
  const end = intArg("range", args, single ? 0 : 1);
  const step = single ? 1 : intArg("range", args, 2);
  const count = rangeCount(start, end, step, false);
  memory.charge(count * SLOT_BYTES);
  return rangeList(start, step, count);
};

function sorted(name: string, args: readonly Value[]): Value[] {
  return itemsArg(name, args, 0)
    .map((item) => share(item))
    .sort(compareValues);
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
const unique: Native = (args) => {
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

const zip: Native = (args) => {
  const left = itemsArg("zip", args, 0);
  const right = itemsArg("zip", args, 1);
  const count = Math.min(left.length, right.length);
  const pairs = left
    .slice(0, count)
    .map((item, i) => new Tuple([share(item), share(right[i] ?? null)]));
  return makeList(pairs);
};

const enumerate: Native = (args) =>
  makeList(itemsArg("enumerate", args, 0).map((item, i) => new Tuple([i, share(item)])));

const chunk: Native = (args) => {
  const items = itemsArg("chunk", args, 0);
  const size = Math.max(1, clampInt(intArg("chunk", args, 1), Math.max(1, items.length)));
  const chunks: Value[] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(listOf(items.slice(at, at + size)));
  return makeList(chunks);
};

const window: Native = (args, memory) => {
  const items = itemsArg("window", args, 0);
  const size = clampInt(intArg("window", args, 1), items.length + 1);
  if (size < 1 || size > items.length) return makeList([]);
  const count = items.length - size + 1;
  memory.charge(count * size * SLOT_BYTES);
  const starts = Array.from({ length: count }, (_, start) => start);
  return makeList(starts.map((start) => listOf(items.slice(start, start + size))));
};

const toList: Native = (args) => {
  const value = arg(args, 0);
  if (typeof value === "string") return makeList(Array.from(value));
  if (value instanceof MapValue) {
    return makeList(mapEntries(value).map((e) => listOf([e.key, e.value])));
  }
  const items = itemsOf(value);
  if (items === null) throw wrongKind("to_list", "List, Tuple, Set, Map or String", value);
  return listOf(items);
};

const flatten: Native = (args) =>
  listOf(itemsArg("flatten", args, 0).flatMap((item) => (isList(item) ? [...item] : [item])));

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
  take: (args) => {
    const items = itemsArg("take", args, 0);
    return listOf(items.slice(0, clampedArg("take", args, 1, items.length)));
  },
  drop: (args) => {
    const items = itemsArg("drop", args, 0);
    return listOf(items.slice(clampedArg("drop", args, 1, items.length)));
  },
  range,
  sort: (args) => makeList(sorted("sort", args)),
  sort_desc: (args) => makeList(sorted("sort_desc", args).reverse()),
  binary_search: binarySearch,
  flatten,
  unique,
  zip,
  enumerate,
  chunk,
  window,
  to_list: toList,
};
