// Instances of processes (language 12): references to named values, equal by identity.

import { Opaque, share, type Value } from "@lumen/core/value";
import { HeapObject } from "../machine/heap-object.ts";
import { ENTRY_BYTES, HEADER_BYTES, TABLE_BYTES } from "../memory.ts";
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
export const INSTANCE_NATIVES: Natives<"instance$" | "instance_get$" | "instance_set$"> = {
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
};

/** The state of a value that is an instance, else a trap. */
export function stateOf(value: Value): InstanceState {
  if (value instanceof Opaque && value.target instanceof InstanceState) return value.target;
  throw typeTrap("expected an instance");
}
