// Native builtins of language 16.5: maps, sets, the fields of records.

import {
  emptySet,
  MapValue,
  makeList,
  mapEntries,
  mapFromEntries,
  mapGet,
  mapHas,
  mapRemove,
  RecordValue,
  SetValue,
  setAdd,
  setFromItems,
  setHas,
  setItems,
  setRemove,
  share,
  Tuple,
  type Value,
} from "@lumen/core/value";
import { keyOf } from "../containers/keys.ts";
import {
  arg,
  entriesOf,
  itemsArg,
  mapArg,
  type Native,
  type Natives,
  setArg,
  wrongKind,
} from "./native.ts";

function listFrom(
  args: readonly Value[],
  part: (entry: { readonly key: Value; readonly value: Value }) => Value,
): Value {
  return makeList((entriesOf(arg(args, 0)) ?? []).map(part));
}

const keys: Native = (args) => listFrom(args, (entry) => share(entry.key));

const hasKey: Native = (args) => {
  const value = arg(args, 0);
  const key = arg(args, 1);
  if (value instanceof MapValue) return mapHas(value, key);
  if (!(value instanceof RecordValue)) throw wrongKind("has_key", "Map or Record", value);
  return typeof key === "string" && value.shape.fields.includes(key);
};

/** What the pattern `{name}` asks: false, not a fault, for a value that has no fields at all. */
const hasField: Native = (args, host) => {
  const value = arg(args, 0);
  return (value instanceof MapValue || value instanceof RecordValue) && hasKey(args, host) === true;
};

const get: Native = (args) => {
  const found = mapGet(mapArg("get", args, 0), arg(args, 1));
  return share(found === undefined ? arg(args, 2) : found);
};

const merge: Native = (args) => {
  const entries = [
    ...mapEntries(mapArg("merge", args, 0)),
    ...mapEntries(mapArg("merge", args, 1)),
  ];
  for (const { key, value } of entries) {
    share(key);
    share(value);
  }
  return mapFromEntries(entries);
};

const remove: Native = (args) => {
  const value = arg(args, 0);
  if (value instanceof MapValue) return mapRemove(value, arg(args, 1));
  if (value instanceof SetValue) return setRemove(value, arg(args, 1));
  throw wrongKind("remove", "Map or Set", value);
};

/** A fresh set; members are checked and shared. */
function setOf(items: readonly Value[]): SetValue {
  for (const item of items) {
    keyOf(item);
    share(item);
  }
  return setFromItems(items);
}

const add: Native = (args) => {
  const set = arg(args, 0);
  const item = arg(args, 1);
  return setAdd(set instanceof SetValue ? set : emptySet(), share(item), keyOf(item));
};

/** A native of two sets. */
function onSets(name: string, combine: (a: SetValue, b: SetValue) => Value): Native {
  return (args) => combine(setArg(name, args, 0), setArg(name, args, 1));
}

/** Natives by name. */
export const MAP_NATIVES: Natives<
  | "keys"
  | "map_sorted_keys"
  | "values"
  | "entries"
  | "has_key"
  | "has_field$"
  | "get"
  | "merge"
  | "remove"
  | "to_set"
  | "add"
  | "union"
  | "intersect"
  | "difference"
  | "is_subset"
> = {
  keys,
  map_sorted_keys: keys,
  values: (args) => listFrom(args, (entry) => share(entry.value)),
  entries: (args) => listFrom(args, (e) => new Tuple([share(e.key), share(e.value)])),
  has_key: hasKey,
  has_field$: hasField,
  get,
  merge,
  remove,
  to_set: (args) => setOf(itemsArg("to_set", args, 0)),
  add,
  union: onSets("union", (a, b) => setOf([...setItems(a), ...setItems(b)])),
  intersect: onSets("intersect", (a, b) => setOf(setItems(a).filter((item) => setHas(b, item)))),
  difference: onSets("difference", (a, b) => setOf(setItems(a).filter((x) => !setHas(b, x)))),
  is_subset: onSets("is_subset", (a, b) => setItems(a).every((item) => setHas(b, item))),
};
