// Records. Their fields stand in the object itself, in one of three layouts by their number: a
// record is one object, and code that reads fields meets few layouts. Records with numbers for
// Floats have classes of their own by shape: engines keep a double in place as long as a field of a
// class has nothing else. `slots.ts` alone reads and writes slots.

import type { Slot } from "./value.ts";

/** Name and field names of a record type, fields in declaration order. */
export interface RecordShape {
  readonly name: string;
  readonly fields: readonly string[];
  /** By field: it may be the number inside a Float. Absent: none may. */
  readonly floats?: readonly boolean[];
}

/**
 * A record; `slots.ts` makes it. What its `note` means stands in `value.ts`. Records are literals:
 * engines learn of literals, but not of what constructors make, that it lives long, and then do
 * not copy it from one part of their memory to the next.
 */
export abstract class RecordValue {
  declare readonly shape: RecordShape;
  declare note: number;

  /** No other value has a `shape`. */
  static [Symbol.hasInstance](value: unknown): value is RecordValue {
    if (typeof value !== "object" || value === null) return false;
    const { shape }: { readonly shape?: unknown } = value;
    return shape !== undefined;
  }
}

/** Fields that stand in the object itself, at most: `f0` and so on. The others are in `rest`. */
export const FIELDS_INSIDE = 8;

/** Up to two fields; null stands where there is none. */
interface Record2 extends RecordValue {
  f0: Slot;
  f1: Slot;
}

/** Up to four fields. */
interface Record4 extends Record2 {
  f2: Slot;
  f3: Slot;
}

/** Any number of fields. */
interface Record8 extends Record4 {
  f4: Slot;
  f5: Slot;
  f6: Slot;
  f7: Slot;
  readonly rest: Slot[];
}

/** Makes the class of one shape. */
const NUMBER_CLASSES: Readonly<Record<RecordSize, () => unknown>> = {
  2: () =>
    class {
      declare readonly shape: RecordShape;
      declare note: number;
      declare f0: Slot;
      declare f1: Slot;
      constructor(shape: RecordShape, f0: Slot, f1: Slot) {
        this.shape = shape;
        this.note = 0;
        this.f0 = f0;
        this.f1 = f1;
      }
    },
  4: () =>
    class {
      declare readonly shape: RecordShape;
      declare note: number;
      declare f0: Slot;
      declare f1: Slot;
      declare f2: Slot;
      declare f3: Slot;
      constructor(shape: RecordShape, f0: Slot, f1: Slot, f2: Slot, f3: Slot) {
        this.shape = shape;
        this.note = 0;
        this.f0 = f0;
        this.f1 = f1;
        this.f2 = f2;
        this.f3 = f3;
      }
    },
  8: () =>
    class {
      declare readonly shape: RecordShape;
      declare note: number;
      declare f0: Slot;
      declare f1: Slot;
      declare f2: Slot;
      declare f3: Slot;
      declare f4: Slot;
      declare f5: Slot;
      declare f6: Slot;
      declare f7: Slot;
      declare readonly rest: Slot[];
      constructor(
        shape: RecordShape,
        f0: Slot,
        f1: Slot,
        f2: Slot,
        f3: Slot,
        f4: Slot,
        f5: Slot,
        f6: Slot,
        f7: Slot,
        rest: Slot[],
      ) {
        this.shape = shape;
        this.note = 0;
        this.f0 = f0;
        this.f1 = f1;
        this.f2 = f2;
        this.f3 = f3;
        this.f4 = f4;
        this.f5 = f5;
        this.f6 = f6;
        this.f7 = f7;
        this.rest = rest;
      }
    },
};

/** A class as code that knows the number of its fields uses it. */
export type RecordClass = new (
  shape: RecordShape,
  ...slots: readonly (Slot | readonly Slot[])[]
) => RecordValue;

/** How many fields a class has room for, `rest` apart. */
export type RecordSize = 2 | 4 | 8;

/** The room of the class for as many fields. */
export function recordSize(count: number): RecordSize {
  return count <= 2 ? 2 : count <= 4 ? 4 : FIELDS_INSIDE;
}

const numberClasses = new WeakMap<RecordShape, RecordClass>();

/** The class of all records of a shape that have numbers for Floats. */
export function numberRecordClass(shape: RecordShape): RecordClass {
  let own = numberClasses.get(shape);
  if (own === undefined) {
    // Decoder: a class takes as many slots as its size says, the largest one `rest` behind them.
    own = NUMBER_CLASSES[recordSize(shape.fields.length)]() as RecordClass;
    numberClasses.set(shape, own);
  }
  return own;
}

/** Slots after those in the object, where there are none: nobody writes any. */
const NO_SLOTS: Slot[] = [];

function restOf(slots: readonly Slot[]): Slot[] {
  return slots.length > FIELDS_INSIDE ? slots.slice(FIELDS_INSIDE) : NO_SLOTS;
}

/** A record of as many slots as its shape has fields. */
export function recordOf(shape: RecordShape, slots: readonly Slot[]): RecordValue {
  // Decoder: null is a value, and every value a slot.
  const at = (index: number): Slot => slots[index] ?? (null as unknown as Slot);
  if (shape.floats !== undefined) {
    const inside = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
    // What a class has no room for it does not take.
    return new (numberRecordClass(shape))(shape, ...inside, restOf(slots));
  }
  const [size, note] = [recordSize(slots.length), 0];
  if (size === 2) {
    const made: Record2 = { shape, note, f0: at(0), f1: at(1) };
    return made;
  }
  if (size === 4) {
    const made: Record4 = { shape, note, f0: at(0), f1: at(1), f2: at(2), f3: at(3) };
    return made;
  }
  return largeRecord(shape, at, restOf(slots));
}

function largeRecord(shape: RecordShape, at: (index: number) => Slot, rest: Slot[]): Record8 {
  const [f0, f1, f2, f3, f4, f5, f6, f7] = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
  return { shape, note: 0, f0, f1, f2, f3, f4, f5, f6, f7, rest };
}

/** The slot of a field; undefined where there is none, as for the index -1 of an unknown name. */
export function slotAt(record: RecordValue, index: number): Slot | undefined {
  // Decoder: records of few fields have no field of a high number, and no `rest`.
  const x = record as Record8;
  switch (index) {
    case 0:
      return x.f0;
    case 1:
      return x.f1;
    case 2:
      return x.f2;
    case 3:
      return x.f3;
    case 4:
      return x.f4;
    case 5:
      return x.f5;
    case 6:
      return x.f6;
    case 7:
      return x.f7;
    default: {
      const rest: readonly Slot[] | undefined = x.rest;
      return rest?.[index - FIELDS_INSIDE];
    }
  }
}

/** Writes the slot of a field. */
export function putSlotAt(record: RecordValue, index: number, slot: Slot): void {
  const x = record as Record8;
  if (index === 0) x.f0 = slot;
  else if (index === 1) x.f1 = slot;
  else if (index === 2) x.f2 = slot;
  else if (index === 3) x.f3 = slot;
  else if (index === 4) x.f4 = slot;
  else if (index === 5) x.f5 = slot;
  else if (index === 6) x.f6 = slot;
  else if (index === 7) x.f7 = slot;
  else x.rest[index - FIELDS_INSIDE] = slot;
}

/** All slots, in an array of the caller's own. */
export function slotsIn(record: RecordValue): Slot[] {
  const slots: Slot[] = [];
  const count = record.shape.fields.length;
  for (let i = 0; i < count; i += 1) {
    const slot = slotAt(record, i);
    if (slot !== undefined) slots.push(slot);
  }
  return slots;
}
