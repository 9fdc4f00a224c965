// What stands in the slots of lists and records. A slot that is known to hold a Float may hold the
// plain number inside it: all items of a list whose `floats` is set, and the fields that the shape
// of a record names in its own `floats`. There a number means a Float and a Float means itself, so
// whoever does not know about numbers may write Floats. Slots have a type of their own so that
// nobody reads one by accident.

import type { RecordShape, RecordValue } from "./record.ts";
import { putSlotAt, recordOf, slotAt, slotsIn } from "./record.ts";
import { Float, type List, makeList, type Slot, type Value } from "./value.ts";

/** What a slot holds; `isFloat` says that a number in it means a Float. */
function valueIn(slot: Slot | undefined, isFloat: boolean): Value {
  const value = slot as unknown as Value | undefined;
  if (isFloat && typeof value === "number") return new Float(value);
  return value ?? null;
}

function slotOf(value: Value): Slot {
  return value as unknown as Slot;
}

/** An item; null where there is none. */
export function listItem(list: List, index: number): Value {
  return valueIn(list[index], list.floats);
}

/** All items; the list itself where it holds values. */
export function listItems(list: List): readonly Value[] {
  if (list.floats) return list.map((slot) => valueIn(slot, true));
  return list as unknown as readonly Value[];
}

/** Items from `start` to before `end`, as {@link Array.slice}, in a fresh list. */
export function listSlice(list: List, start?: number, end?: number): List {
  const items = list.slice(start, end);
  const copy = makeList(items as unknown as Value[]);
  copy.floats = list.floats;
  return copy;
}

/** Writes an item of a list that nobody else holds. */
export function setListItem(list: List, index: number, value: Value): void {
  list[index] = listSlot(list, value);
}

/** Appends an item to a list that nobody else holds. */
export function pushListItem(list: List, value: Value): void {
  list.push(listSlot(list, value));
}

/** The slot for a value; a list of numbers becomes one of values where the value is no Float. */
function listSlot(list: List, value: Value): Slot {
  if (!list.floats) return slotOf(value);
  if (value instanceof Float) return slotOf(value.value);
  list.forEach((slot, i) => {
    list[i] = slotOf(valueIn(slot, true));
  });
  list.floats = false;
  return slotOf(value);
}

/** A fresh list of Floats; what is no Float is kept as it is, in a list of values then. */
export function floatList(values: readonly Value[]): List {
  const list = makeList(doubles());
  list.floats = true;
  for (const value of values) pushListItem(list, value);
  return list;
}

/** Copies the items of a list of numbers to where `at` says. */
export function floatsInto(list: List, into: Float64Array, at: number): void {
  for (let i = 0; i < list.length; i += 1) into[at + i] = list[i] as unknown as number;
}

/**
 * Gives a list that nobody else holds other items: the numbers inside Floats where it is one of
 * numbers, else values.
 */
export function refillList(list: List, items: ArrayLike<Value>): void {
  for (let i = 0; i < items.length; i += 1) list[i] = slotOf(items[i] ?? null);
  list.length = items.length;
}

/** A field; null where there is none. */
export function recordField(record: RecordValue, index: number): Value {
  return valueIn(slotAt(record, index), record.shape.floats?.[index] ?? false);
}

/** All fields. */
export function recordFields(record: RecordValue): readonly Value[] {
  const { floats } = record.shape;
  const slots = slotsIn(record);
  if (floats !== undefined) return slots.map((slot, i) => valueIn(slot, floats[i] ?? false));
  return slots as unknown as readonly Value[];
}

/**
 * The record with a field written: the same one, which nobody else holds, unless its shape promises
 * a Float there and the value is none.
 */
export function withRecordField(record: RecordValue, index: number, value: Value): RecordValue {
  const isFloat = record.shape.floats?.[index] ?? false;
  if (isFloat && !(value instanceof Float)) {
    const { name, fields } = record.shape;
    const values = recordFields(record).slice();
    values[index] = value;
    return makeRecord({ name, fields }, values);
  }
  putSlotAt(record, index, slotOf(value instanceof Float && isFloat ? value.value : value));
  return record;
}

/** A record of a shape, Floats in the slots for them as numbers. */
export function makeRecord(shape: RecordShape, values: readonly Value[]): RecordValue {
  const { floats } = shape;
  if (floats === undefined) return recordOf(shape, values.map(slotOf));
  const slots = values.map((value, i) =>
    slotOf(floats[i] === true && value instanceof Float ? value.value : value),
  );
  return recordOf(shape, slots);
}

/** An empty array that the engine keeps as one of doubles, even while whole numbers come first. */
function doubles(): number[] {
  const numbers = [0.5];
  numbers.pop();
  return numbers;
}
