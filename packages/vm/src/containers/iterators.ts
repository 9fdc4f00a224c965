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
import { typeTrap } from "../trap.ts";

/** What an iterator still has to give. The only mutable thing that an Opaque refers to. */
export class IteratorState {
  readonly items: readonly Value[];
  at = 0;
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** An iterator over lists, tuples, sets, the scalar values of strings and the keys of maps. */
export function iteratorOver(value: Value): Opaque {
  return makeIterator(itemsOf(value));
}

/** An iterator over the (key, value) tuples of a map, ascending. */
export function entryIterator(value: Value): Opaque {
  if (!(value instanceof MapValue)) {
    throw typeTrap(`cannot iterate over the entries of ${typeName(value)}`);
  }
  const entries = mapEntries(value);
  return makeIterator(entries.map((e) => new Tuple([share(e.key), share(e.value)])));
}

function makeIterator(items: readonly Value[]): Opaque {
  return new Opaque("Iterator", "<iterator>", new IteratorState(items));
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
