// Iterators of `for`: they fix what they iterate when they are made (language 6).

import {
  isList,
  MapValue,
  mapEntries,
  Opaque,
  SetValue,
  setItems,
  share,
  Tuple,
  typeName,
  type Value,
} from "@lumen/core/value";
import { HeapObject } from "../machine/heap-object.ts";
import { Channel } from "../machine/tasks.ts";
import { typeTrap } from "../trap.ts";

/** What an iterator still has to give. */
export class IteratorState extends HeapObject {
  readonly items: readonly Value[];
  at = 0;
  /** There may be more than `items`, and getting it may take time. */
  readonly live: boolean;
  constructor(items: readonly Value[], live = false) {
    super();
    this.items = items;
    this.live = live;
  }

  override reachable(): Iterable<Value> {
    return this.items;
  }
}

/** An iterator over what arrives in a channel, until it is closed. */
export class ChannelIterator extends IteratorState {
  readonly channel: Channel;
  constructor(channel: Channel) {
    super([], true);
    this.channel = channel;
  }

  override reachable(): Iterable<Value> {
    return this.channel.reachable();
  }
}

/**
 * An iterator over lists, tuples, sets, the scalar values of strings, the keys of maps, what a
 * generator yields and what a receiver receives.
 */
export function iteratorOver(value: Value): Opaque {
  if (value instanceof Opaque) {
    if (value.target instanceof IteratorState) return iteratorOf(value.target);
    if (value.kind === "Receiver" && value.target instanceof Channel) {
      return iteratorOf(new ChannelIterator(value.target));
    }
  }
  return iteratorOf(new IteratorState(itemsOf(value)));
}

/** An iterator over the (key, value) tuples of a map, ascending. */
export function entryIterator(value: Value): Opaque {
  if (!(value instanceof MapValue)) {
    throw typeTrap(`cannot iterate over the entries of ${typeName(value)}`);
  }
  const entries = mapEntries(value);
  const items = entries.map((e) => new Tuple([share(e.key), share(e.value)]));
  return iteratorOf(new IteratorState(items));
}

function iteratorOf(state: IteratorState): Opaque {
  return new Opaque("Iterator", "<iterator>", state);
}

function itemsOf(value: Value): readonly Value[] {
  if (typeof value === "string") return Array.from(value);
  if (isList(value)) return share(value);
  // Sharing keeps later writes away from the very array that is iterated.
  if (value instanceof Tuple) return share(value).items;
  if (value instanceof SetValue) return setItems(share(value));
  if (value instanceof MapValue) return mapEntries(value).map((entry) => share(entry.key));
  throw typeTrap(`cannot iterate over ${typeName(value)}`);
}
