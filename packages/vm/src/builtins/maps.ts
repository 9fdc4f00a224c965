// Native builtins of language 16.5: maps, sets, the fields of records.

import {
  emptySet,
  isShared,
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
import { chargeMember, mapBytes, setBytes } from "../containers/tables.ts";
import type { Memory } from "../machine/allocation.ts";
import { listBytes, pairsBytes, shallowBytes } from "../memory.ts";
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
  memory: Memory,
  part: (entry: { readonly key: Value; readonly value: Value }) => Value,
): Value {
  const entries = entriesOf(arg(args, 0)) ?? [];
  memory.charge(listBytes(entries.length));
  return makeList(entries.map(part));
}

const keys: Native = (args, memory) => listFrom(args, memory, (entry) => share(entry.key));

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

const merge: Native = (args, memory) => {
  const [first, second] = [mapArg("merge", args, 0), mapArg("merge", args, 1)];
  memory.charge(mapBytes(first.store.size + second.store.size));
  const entries = [...mapEntries(first), ...mapEntries(second)];
  for (const { key, value } of entries) {
    share(key);
    share(value);
  }
  return mapFromEntries(entries);
};

const remove: Native = (args, memory) => {
  const value = arg(args, 0);
  const isTable = value instanceof MapValue || value instanceof SetValue;
  if (isTable && isShared(value)) memory.charge(shallowBytes(value));
  if (value instanceof MapValue) return mapRemove(value, arg(args, 1));
  if (value instanceof SetValue) return setRemove(value, arg(args, 1));
  throw wrongKind("remove", "Map or Set", value);
};

/** A fresh set; members are checked and shared. */
function setOf(items: readonly Value[], memory: Memory): SetValue {
  memory.charge(setBytes(items.length));
  for (const item of items) {
    keyOf(item);
    share(item);
  }
  return setFromItems(items);
}

const add: Native = (args, memory) => {
  const value = arg(args, 0);
  const set = value instanceof SetValue ? value : emptySet();
  const item = arg(args, 1);
  const hash = keyOf(item);
  chargeMember(set, hash, memory);
  return setAdd(set, share(item), hash);
};

/** A native of two sets. */
function onSets(
  name: string,
  combine: (a: SetValue, b: SetValue, memory: Memory) => Value,
): Native {
  return (args, memory) => combine(setArg(name, args, 0), setArg(name, args, 1), memory);
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
  values: (args, memory) => listFrom(args, memory, (entry) => share(entry.value)),
  entries: (args, memory) => {
    const value = arg(args, 0);
    if (value instanceof MapValue) memory.charge(pairsBytes(value.store.size));
    return listFrom(args, memory, (e) => new Tuple([share(e.key), share(e.value)]));
  },
  has_key: hasKey,
  has_field$: hasField,
  get,
  merge,
  remove,
  to_set: (args, memory) => setOf(itemsArg("to_set", args, 0), memory),
  add,
  union: onSets("union", (a, b, memory) => setOf([...setItems(a), ...setItems(b)], memory)),
  intersect: onSets("intersect", (a, b, memory) => {
    const common = setItems(a).filter((item) => setHas(b, item));
    return setOf(common, memory);
  }),
  difference: onSets("difference", (a, b, memory) => {
    const left = setItems(a).filter((item) => !setHas(b, item));
    return setOf(left, memory);
  }),
  is_subset: onSets("is_subset", (a, b) => setItems(a).every((item) => setHas(b, item))),
};
