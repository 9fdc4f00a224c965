// Iterators of `for`: they fix what they iterate when they are made (language 6).

import {
  isList,
  type List,
  MapValue,
  makeList,
  mapEntries,
  Opaque,
  SetValue,
  setItems,
  share,
  Tuple,
  typeName,
  type Value,
} from "@lumen/core/value";
import type { Memory } from "../machine/allocation.ts";
import { HeapObject } from "../machine/heap-object.ts";
import { Channel } from "../machine/tasks.ts";
import { HEADER_BYTES, listBytes, pairsBytes, scalarsBytes } from "../memory.ts";
import { typeTrap } from "../trap.ts";

/** What an iterator still has to give. */
export class IteratorState extends HeapObject {
  /** A list, mostly one that others have too: its weight is its own. */
  readonly items: List;
  at = 0;
  /** There may be more than `items`, and getting it may take time. */
  readonly live: boolean;
  constructor(items: List, live = false) {
    super();
    this.items = items;
    this.live = live;
  }

  override ownBytes(): number {
    return HEADER_BYTES;
  }

  override reachable(): Iterable<Value> {
    return [this.items];
  }
}

/** An iterator over what arrives in a channel, until it is closed. */
export class ChannelIterator extends IteratorState {
  readonly channel: Channel;
  constructor(channel: Channel) {
    super(makeList([]), true);
    this.channel = channel;
  }

  override ownBytes(): number {
    return super.ownBytes() + this.channel.ownBytes();
  }

  override reachable(): Iterable<Value> {
    return this.channel.reachable();
  }
}

/**
 * An iterator over lists, tuples, sets, the scalar values of strings, the keys of maps, what a
 * generator yields and what a receiver receives.
 */
export function iteratorOver(value: Value, memory: Memory): Opaque {
  if (value instanceof Opaque) {
    if (value.target instanceof IteratorState) return iteratorOf(value.target);
    if (value.kind === "Receiver" && value.target instanceof Channel) {
      return iteratorOf(new ChannelIterator(value.target));
    }
  }
  return iteratorOf(iteration(value, memory));
}

/** An iterator over the (key, value) tuples of a map, ascending. */
export function entryIterator(value: Value, memory: Memory): Opaque {
  if (!(value instanceof MapValue)) {
    throw typeTrap(`cannot iterate over the entries of ${typeName(value)}`);
  }
  memory.charge(pairsBytes(value.store.size));
  const entries = mapEntries(value);
  const items = entries.map((e) => new Tuple([share(e.key), share(e.value)]));
  return iteratorOf(new IteratorState(makeList(items)));
}

/** An iterator over a list, which is shared, from a position on. */
export function iteratorAt(items: List, at: number): Opaque {
  const state = new IteratorState(items);
  state.at = at;
  return iteratorOf(state);
}

function iteratorOf(state: IteratorState): Opaque {
  return new Opaque("Iterator", "<iterator>", state);
}

function iteration(value: Value, memory: Memory): IteratorState {
  if (typeof value === "string") {
    memory.charge(scalarsBytes(value));
    return new IteratorState(makeList(Array.from(value)));
  }
  // Sharing keeps later writes away from the very list that is iterated.
  if (isList(value)) return new IteratorState(share(value));
  const items = itemsOf(value);
  memory.charge(listBytes(items.length));
  return new IteratorState(makeList(items.map((item) => share(item))));
}

function itemsOf(value: Value): readonly Value[] {
  if (value instanceof Tuple) return value.items;
  if (value instanceof SetValue) return setItems(value);
  if (value instanceof MapValue) return mapEntries(value).map((entry) => entry.key);
  throw typeTrap(`cannot iterate over ${typeName(value)}`);
}
