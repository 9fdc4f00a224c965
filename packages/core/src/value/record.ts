// Records. Their fields stand in the object itself, in classes by their number, so that a record is
// one object and code that reads fields meets few classes. `slots.ts` alone reads and writes slots.

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

/** Up to two fields; places without a field hold null. */
export class Record2 extends RecordValue {
  declare f0: Slot;
  declare f1: Slot;
  constructor(shape: RecordShape, f0: Slot, f1: Slot) {
    super(shape);
    this.f0 = f0;
    this.f1 = f1;
  }
}

/** Up to four fields. */
export class Record4 extends RecordValue {
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

/** Any number of fields, those from the ninth on in an array. */
export class Record8 extends RecordValue {
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

/** Fields some of which are numbers for Floats: an array, which engines keep as one of doubles. */
export class NumberRecord extends RecordValue {
  declare readonly fields: Slot[];
  constructor(shape: RecordShape, fields: Slot[]) {
    super(shape);
    this.fields = fields;
  }
}

/** Fields that stand in the object itself, at most. */
export const FIELDS_INSIDE = 8;

/** A record without numbers for Floats, of as many slots as its shape has fields. */
export function recordOf(shape: RecordShape, slots: readonly Slot[]): RecordValue {
  const none = null as unknown as Slot;
  const at = (index: number): Slot => slots[index] ?? none;
  if (slots.length <= 2) return new Record2(shape, at(0), at(1));
  if (slots.length <= 4) return new Record4(shape, at(0), at(1), at(2), at(3));
  const rest = slots.slice(FIELDS_INSIDE);
  return new Record8(shape, at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7), rest);
}

/** A record of any class, as code that knows the number of a field sees it. */
type AnyRecord = Record8 & NumberRecord;

/** The slot of a field. */
export function slotAt(record: RecordValue, index: number): Slot | undefined {
  if (record instanceof NumberRecord) return record.fields[index];
  // Records of few fields have no field of a high number.
  const x = record as AnyRecord;
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
  const x = record as AnyRecord;
  if (record instanceof NumberRecord) record.fields[index] = slot;
  else if (index === 0) x.f0 = slot;
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
  if (record instanceof NumberRecord) return record.fields.slice();
  const slots: Slot[] = [];
  const count = record.shape.fields.length;
  for (let i = 0; i < count; i += 1) slots.push(slotAt(record, i) as Slot);
  return slots;
}
