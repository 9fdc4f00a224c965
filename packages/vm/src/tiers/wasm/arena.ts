// The memory of generated code: lists go in by copying, and come out as the same objects where they
// came in, so that who shares what stays as it was. One machine runs at a time, and generated code
// calls nobody who could call generated code: an engine has one memory, used anew by each entry.

import { assert, required } from "@lumen/core/result";
import {
  Float,
  floatList,
  floatsInto,
  intFromBigint,
  isList,
  isShared,
  type List,
  listItems,
  makeList,
  noteOf,
  Opaque,
  refillList,
  share,
  type Value,
} from "@lumen/core/value";
import { IteratorState, iteratorAt } from "../../containers/iterators.ts";
import type { EngineMemory } from "./engine.ts";
import {
  type IterKind,
  isIterKind,
  isListKind,
  itemOf,
  itemShift,
  type Kind,
  type ListKind,
  listOf,
} from "./kinds.ts";
import {
  ARENA_AT,
  FOREIGN,
  FROM_OUTSIDE,
  LIST,
  PAGE_BYTES,
  PAGES_MAX,
  SHARED,
  TOP_AT,
} from "./layout.ts";

const TWO_32 = 2 ** 32;
/** The high half of a safe integer is below. */
const SAFE_HIGH = 2 ** 21;

/** The memory and its views. */
export class Arena {
  readonly memory: EngineMemory;
  private words = new Int32Array();
  private doubles = new Float64Array();
  private bytes = new Uint8Array();
  private longs = new BigInt64Array();
  /** Lists that went in, in their order: a list's origin is its place here, from 1. */
  private objects: List[] = [];
  private handles: number[] = [];
  private known = new Map<List, number>();
  /** Iterators that went in, by their slots. */
  private readonly iterators = new Map<number, Opaque>();
  /** Kinds of lists that were written in place since the last call of `begin`. */
  readonly written: Set<Kind> = new Set();
  /** Items that went in since the last call of `begin`, or came out. */
  itemsCopied = 0;

  constructor(memory: EngineMemory) {
    this.memory = memory;
    this.look();
  }

  /** Forgets all lists. */
  begin(): void {
    this.look();
    this.words[TOP_AT >> 2] = ARENA_AT;
    this.itemsCopied = 0;
    this.written.clear();
    this.iterators.clear();
    if (this.objects.length === 0) return;
    this.objects = [];
    this.handles = [];
    this.known = new Map();
  }

  /** Looks at the memory again, which generated code may have made larger. */
  look(): void {
    const { buffer } = this.memory;
    if (this.words.buffer === buffer) return;
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.bytes = new Uint8Array(buffer);
    this.longs = new BigInt64Array(buffer);
  }

  word(at: number): number {
    return this.words[at >> 2] ?? 0;
  }

  setWord(at: number, value: number): void {
    this.words[at >> 2] = value;
  }

  double(at: number): number {
    return this.doubles[at >> 3] ?? 0;
  }

  setDouble(at: number, value: number): void {
    this.doubles[at >> 3] = value;
  }

  byte(at: number): number {
    return this.bytes[at] ?? 0;
  }

  setByte(at: number, value: number): void {
    this.bytes[at] = value;
  }

  /** Puts a raw value of a kind into a slot; false where there is no room. */
  put(at: number, kind: Kind, raw: unknown): boolean {
    if (kind === "int") this.putInt(at, raw);
    else if (kind === "float") this.setDouble(at, Number(raw));
    else if (kind === "bool") this.setWord(at, Number(raw));
    else if (isListKind(kind)) {
      assert(Array.isArray(raw) && isList(raw as Value), "the register holds a list");
      const handle = this.enter(raw as List, kind);
      if (handle === null) return false;
      this.setWord(at, handle);
    } else if (isIterKind(kind)) return this.putIterator(at, kind, raw);
    return true;
  }

  /** One that has more than its list to give stays outside. */
  private putIterator(at: number, kind: IterKind, raw: unknown): boolean {
    if (!(raw instanceof Opaque && raw.target instanceof IteratorState)) return false;
    if (raw.target.live) return false;
    const handle = this.enter(raw.target.items, listOf(kind));
    if (handle === null) return false;
    this.setWord(at, handle);
    this.setWord(at + 4, raw.target.at | FROM_OUTSIDE);
    this.iterators.set(at, raw);
    return true;
  }

  private takeIterator(at: number, kind: IterKind): Opaque {
    const high = this.word(at + 4);
    const position = high & (FROM_OUTSIDE - 1);
    const known = high < 0 ? this.iterators.get(at) : undefined;
    if (known === undefined) return iteratorAt(this.leave(this.word(at), listOf(kind)), position);
    assert(known.target instanceof IteratorState, "an iterator went in");
    known.target.at = position;
    return known;
  }

  private putInt(at: number, raw: unknown): void {
    if (typeof raw === "number") {
      this.words[at >> 2] = raw;
      this.words[(at >> 2) + 1] = (raw | 0) === raw ? raw >> 31 : Math.floor(raw / TWO_32);
    } else this.longs[at >> 3] = BigInt(String(raw));
  }

  /** The raw value of a kind in a slot; lists of a kind in `written` may have changed. */
  take(at: number, kind: Kind): unknown {
    if (kind === "int") return this.takeInt(at);
    if (kind === "float") return this.double(at);
    if (kind === "bool") return this.word(at) !== 0;
    if (isListKind(kind)) return this.leave(this.word(at), kind);
    return isIterKind(kind) ? this.takeIterator(at, kind) : null;
  }

  private takeInt(at: number): number | bigint {
    const low = this.words[at >> 2] ?? 0;
    const high = this.words[(at >> 2) + 1] ?? 0;
    if (high === low >> 31) return low;
    if (high < SAFE_HIGH && high > -SAFE_HIGH) return high * TWO_32 + (low >>> 0);
    return intFromBigint(this.longs[at >> 3] ?? 0n);
  }

  /** Room for so many bytes; null where memory cannot grow. */
  private room(count: number): number | null {
    const at = this.word(TOP_AT);
    const end = at + ((count + 7) & ~7);
    const missing = end - this.memory.buffer.byteLength;
    if (missing > 0) {
      const pages = Math.ceil(missing / PAGE_BYTES);
      const has = this.memory.buffer.byteLength / PAGE_BYTES;
      if (has + pages > PAGES_MAX) return null;
      // Twice as much as there is, so that growing is rare.
      this.memory.grow(Math.min(Math.max(pages, has), PAGES_MAX - has));
      this.look();
    }
    this.setWord(TOP_AT, end);
    return at;
  }

  /** A list goes in, once. */
  private enter(list: List, kind: ListKind): number | null {
    const before = this.known.get(list);
    if (before !== undefined) return before;
    const item = itemOf(kind);
    const shift = itemShift(item);
    const handle = this.room(LIST.bytes);
    const items = this.room(Math.max(list.length, 1) << shift);
    if (handle === null || items === null) return null;
    this.objects.push(list);
    this.handles.push(handle);
    this.known.set(list, handle);
    this.setWord(handle + LIST.items, items);
    this.setWord(handle + LIST.length, list.length);
    this.setWord(handle + LIST.capacity, list.length);
    const isForeign = list.floats !== (item === "float");
    this.setWord(handle + LIST.flags, (isShared(list) ? SHARED : 0) | (isForeign ? FOREIGN : 0));
    this.setWord(handle + LIST.origin, this.objects.length);
    this.itemsCopied += list.length;
    return this.fill(list, item, items) ? handle : null;
  }

  private fill(list: List, item: Kind, at: number): boolean {
    if (list.floats) {
      floatsInto(list, this.doubles, at >> 3);
      return true;
    }
    const values = listItems(list);
    if (item === "bool") {
      for (let i = 0; i < values.length; i += 1) this.bytes[at + i] = values[i] === true ? 1 : 0;
      return true;
    }
    if (item === "int") {
      for (let i = 0; i < values.length; i += 1) this.putInt(at + 8 * i, values[i]);
      return true;
    }
    const step = 1 << itemShift(item);
    return values.every((value, i) =>
      this.put(at + step * i, item, value instanceof Float ? value.value : value),
    );
  }

  /** A list comes out. */
  private leave(handle: number, kind: ListKind): List {
    const origin = this.word(handle + LIST.origin);
    const hasOthers = (this.word(handle + LIST.flags) & SHARED) !== 0;
    const known = this.objects[origin - 1];
    if (known === undefined) return this.made(handle, kind, hasOthers);
    const isForeign = (this.word(handle + LIST.flags) & FOREIGN) !== 0;
    // Only who was not shared can have been written in place.
    if (!isShared(known) && !isForeign && this.written.has(kind)) this.refill(known, handle, kind);
    return known;
  }

  private made(handle: number, kind: ListKind, hasOthers: boolean): List {
    const list = itemOf(kind) === "float" ? floatList([]) : makeList([]);
    list.note = noteOf(hasOthers);
    this.objects.push(list);
    this.handles.push(handle);
    this.setWord(handle + LIST.origin, this.objects.length);
    this.refill(list, handle, kind);
    return list;
  }

  private refill(list: List, handle: number, kind: ListKind): void {
    const item = itemOf(kind);
    const step = 1 << itemShift(item);
    const start = this.word(handle + LIST.items);
    const count = this.word(handle + LIST.length);
    this.itemsCopied += count;
    if (list.floats)
      return refillList(list, this.doubles.subarray(start >> 3, (start >> 3) + count));
    const values: Value[] = [];
    if (item === "bool")
      for (let i = 0; i < count; i += 1) values.push(this.bytes[start + i] !== 0);
    else if (item === "int")
      for (let i = 0; i < count; i += 1) values.push(this.takeInt(start + 8 * i));
    else
      for (let i = 0; i < count; i += 1)
        // Decoder: the items of other lists are lists.
        values.push(this.take(start + step * i, item) as Value);
    refillList(list, values);
  }

  /** Tells the lists that went in who was shared meanwhile. */
  tellShared(): void {
    this.objects.forEach((list, i) => {
      const handle = required(this.handles[i], "a list has a handle");
      if ((this.word(handle + LIST.flags) & SHARED) !== 0) share(list);
    });
  }
}
