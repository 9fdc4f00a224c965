// Records. Their fields stand in the object itself, in classes by their number, so that a record is
// one object and code that reads fields meets few classes. Records with numbers for Floats have
// classes of their own by shape: engines keep a double in place as long as a field of a class has
// nothing else. `slots.ts` alone reads and writes slots.

import type { Slot } from "./value.ts";

/** Name and field names of a record type, fields in declaration order. */
export interface RecordShape {
  readonly name: string;
  readonly fields: readonly string[];
  /** By field: it may be the number inside a Float. Absent: none may. */
  readonly floats?: readonly boolean[];
}

/** A record; `slots.ts` makes it. What its `note` means stands in `value.ts`. */
export class RecordValue {
  declare readonly shape: RecordShape;
  declare note: number;
  constructor(shape: RecordShape) {
    this.shape = shape;
    this.note = 0;
  }
}

/** Fields that stand in the object itself, at most: `f0` and so on. The others are in `rest`. */
export const FIELDS_INSIDE = 8;

/** Up to two fields; null stands where there is none. */
class Record2 extends RecordValue {
  declare f0: Slot;
  declare f1: Slot;
  constructor(shape: RecordShape, f0: Slot, f1: Slot) {
    super(shape);
    this.f0 = f0;
    this.f1 = f1;
  }
}

/** Up to four fields. */
class Record4 extends RecordValue {
  declare f0: Slot;
  declare f1: Slot;
  declare f2: Slot;
  declare f3: Slot;
  constructor(shape: RecordShape, f0: Slot, f1: Slot, f2: Slot, f3: Slot) {
    super(shape);
    this.f0 = f0;
    this.f1 = f1;
    this.f2 = f2;
    this.f3 = f3;
  }
}

/** Any number of fields. */
class Record8 extends RecordValue {
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
    super(shape);
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
}

/** The classes of one shape. They stand here once more: what they make is nothing to the others. */
const NUMBER_CLASSES: Readonly<Record<RecordSize, () => unknown>> = {
  2: () =>
    class extends RecordValue {
      declare f0: Slot;
      declare f1: Slot;
      constructor(shape: RecordShape, f0: Slot, f1: Slot) {
        super(shape);
        this.f0 = f0;
        this.f1 = f1;
      }
    },
  4: () =>
    class extends RecordValue {
      declare f0: Slot;
      declare f1: Slot;
      declare f2: Slot;
      declare f3: Slot;
      constructor(shape: RecordShape, f0: Slot, f1: Slot, f2: Slot, f3: Slot) {
        super(shape);
        this.f0 = f0;
        this.f1 = f1;
        this.f2 = f2;
        this.f3 = f3;
      }
    },
  8: () =>
    class extends RecordValue {
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
        super(shape);
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

const PLAIN_CLASSES = { 2: Record2, 4: Record4, 8: Record8 } as const;

/** A class as code that knows the number of its fields uses it. */
export type RecordClass = new (
  shape: RecordShape,
  ...slots: readonly (Slot | readonly Slot[] | null)[]
) => RecordValue;

/** How many fields a class has room for, `rest` apart. */
export type RecordSize = 2 | 4 | 8;

/** The room of the class for as many fields. */
export function recordSize(count: number): RecordSize {
  return count <= 2 ? 2 : count <= 4 ? 4 : FIELDS_INSIDE;
}

const numberClasses = new WeakMap<RecordShape, RecordClass>();

/** The class of all records of a shape. */
export function recordClass(shape: RecordShape): RecordClass {
  const size = recordSize(shape.fields.length);
  // Decoder: a class takes as many slots as its size says, and `rest` behind those of the largest.
  if (shape.floats === undefined) return PLAIN_CLASSES[size] as unknown as RecordClass;
  let own = numberClasses.get(shape);
  if (own === undefined) {
    own = NUMBER_CLASSES[size]() as RecordClass;
    numberClasses.set(shape, own);
  }
  return own;
}

/** A record of as many slots as its shape has fields. */
export function recordOf(shape: RecordShape, slots: readonly Slot[]): RecordValue {
  // Decoder: null is a value, and every value a slot.
  const at = (index: number): Slot => slots[index] ?? (null as unknown as Slot);
  const count = slots.length;
  if (shape.floats === undefined) {
    if (count <= 2) return new Record2(shape, at(0), at(1));
    if (count <= 4) return new Record4(shape, at(0), at(1), at(2), at(3));
  }
  const all = [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
  // What a class has no room for it does not take.
  return new (recordClass(shape))(shape, ...all, slots.slice(FIELDS_INSIDE));
}

/** The slot of a field. */
export function slotAt(record: RecordValue, index: number): Slot | undefined {
  // Decoder: records of few fields have no field of a high number.
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
    default:
      return x.rest[index - FIELDS_INSIDE];
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
