// Instances of processes (language 12): references to named values, equal by identity.

import {
  emptyMap,
  isList,
  type List,
  MapValue,
  makeList,
  Opaque,
  share,
  typeName,
  type Value,
} from "@lumen/core/value";
import { appendTo } from "../containers/lists.ts";
import { setPlace } from "../containers/place-set.ts";
import { mapBytes } from "../containers/tables.ts";
import type { Memory } from "../machine/allocation.ts";
import { HeapObject } from "../machine/heap-object.ts";
import { ENTRY_BYTES, HEADER_BYTES, listBytes, TABLE_BYTES } from "../memory.ts";
import { typeTrap } from "../trap.ts";
import { arg, type Natives, textArg } from "./native.ts";

/** The state of an instance. */
export class InstanceState extends HeapObject {
  readonly values: Map<string, Value> = new Map();
  /** Its number among the instances whose state moved, from 1; 0 before it does. */
  number = 0;

  override ownBytes(): number {
    return HEADER_BYTES + TABLE_BYTES + ENTRY_BYTES * this.values.size;
  }

  override reachable(): Iterable<Value> {
    return this.values.values();
  }
}

/** Natives of instances; the compiler calls them, no source can. */
export const INSTANCE_NATIVES: Natives<
  "instance$" | "instance_get$" | "instance_set$" | "instance_append$" | "instance_insert$"
> = {
  instance$: (args, memory) => {
    memory.charge(HEADER_BYTES + TABLE_BYTES);
    const name = textArg("instance", args, 0);
    const shown = args.length > 1 ? textArg("instance", args, 1) : "";
    return new Opaque(name, shown === "" ? `${name}()` : shown, new InstanceState());
  },
  instance_get$: (args) => {
    const value = stateOf(arg(args, 0)).values.get(textArg("instance_get", args, 1));
    return share(value ?? null);
  },
  instance_set$: (args, memory) => {
    memory.charge(ENTRY_BYTES);
    stateOf(arg(args, 0)).values.set(textArg("instance_set", args, 1), share(arg(args, 2)));
    return null;
  },
  // What an instance collects is written where it stands: taken out and put back, it would be
  // copied each time.
  instance_append$: (args, memory) => {
    const { values } = stateOf(arg(args, 0));
    const name = textArg("instance_append", args, 1);
    const list = appendTo(listIn(values, name, memory), share(arg(args, 2)), memory);
    memory.charge(values.has(name) ? 0 : ENTRY_BYTES);
    values.set(name, list);
    return null;
  },
  instance_insert$: (args, memory) => {
    const { values } = stateOf(arg(args, 0));
    const name = textArg("instance_insert", args, 1);
    const path = [{ kind: "index", index: arg(args, 2) }] as const;
    const map = setPlace(mapIn(values, name, memory), path, share(arg(args, 3)), memory);
    memory.charge(values.has(name) ? 0 : ENTRY_BYTES);
    values.set(name, map);
    return null;
  },
};

/** A list of an instance, an empty one where it is not set; nobody new shares it. */
function listIn(values: ReadonlyMap<string, Value>, name: string, memory: Memory): List {
  const known = values.get(name) ?? null;
  if (isList(known)) return known;
  if (known !== null) throw typeTrap(`cannot append to ${typeName(known)}`);
  memory.charge(listBytes(0));
  return makeList([]);
}

/** The same of a map. */
function mapIn(values: ReadonlyMap<string, Value>, name: string, memory: Memory): MapValue {
  const known = values.get(name) ?? null;
  if (known instanceof MapValue) return known;
  if (known !== null) throw typeTrap(`cannot assign by index on ${typeName(known)}`);
  memory.charge(mapBytes(0));
  return emptyMap();
}

/** The state of a value that is an instance, else a trap. */
export function stateOf(value: Value): InstanceState {
  if (value instanceof Opaque && value.target instanceof InstanceState) return value.target;
  throw typeTrap("expected an instance");
}
