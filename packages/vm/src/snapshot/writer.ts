// Writes the tables of a snapshot: each value and each thing once, named by its number: what was
// one object is one object again (formats 30).

import { WireWriter } from "@lumen/core/encoding";
import { required } from "@lumen/core/result";
import { type EnumShape, Float, type RecordShape, type Value } from "@lumen/core/value";
import { BLOCK_START, codeOf } from "../link/compile-cell.ts";
import { cellKey, type LinkedCell } from "../link/program.ts";
import { REFERENCE } from "./references.ts";
import type { ThingKind } from "./thing-kinds.ts";
import { THINGS } from "./things.ts";
import { partsToWrite, writeNode } from "./values.ts";

interface Thing {
  readonly kind: ThingKind;
  readonly object: object;
}

/** Texts from this length on are written once. */
const TABLE_TEXT_MIN = 32;

/** Collects the tables while the parts are written. */
export class SnapshotWriter {
  /** Where the part at hand goes. */
  wire: WireWriter = new WireWriter();
  private readonly values = new WireWriter();
  private readonly valueNumbers = new Map<object | string, number>();
  private readonly things: Thing[] = [];
  private readonly thingNumbers = new Map<object, number>();
  private readonly cells = new Map<
    string,
    { readonly cell: LinkedCell; readonly number: number }
  >();
  private readonly shapes = new Map<string, number>();
  /** The cell that the places of a list of places belong to, which does not say so itself. */
  private readonly owners = new Map<object, LinkedCell>();
  /** The cell of the frame at hand. */
  private owner: LinkedCell | null = null;

  /** A value: written inline, or the number of what is in the table. */
  value(value: Value): void {
    const reference = this.reference(value);
    this.writeReference(this.wire, value, reference);
  }

  /** A thing, by its number. */
  thing(kind: ThingKind, object: object): void {
    this.wire.varint(this.numberOf(kind, object));
  }

  /** The number of a thing, which is new where nothing referred to it. */
  numberOf(kind: ThingKind, object: object): number {
    const known = this.thingNumbers.get(object);
    if (known !== undefined) return known;
    const number = this.things.length;
    this.things.push({ kind, object });
    this.thingNumbers.set(object, number);
    return number;
  }

  cell(cell: LinkedCell): void {
    this.wire.varint(this.cellNumber(cell));
  }

  /** The number of a cell in the table of those that the snapshot names. */
  cellNumber(cell: LinkedCell): number {
    const key = cellKey(cell.module.name, cell.name);
    const known = this.cells.get(key) ?? { cell, number: this.cells.size };
    this.cells.set(key, known);
    return known.number;
  }

  /** The number of a shape; shapes are equal by what they say. */
  shapeNumber(shape: RecordShape | EnumShape): number {
    const key = JSON.stringify(shape);
    const known = this.shapes.get(key) ?? this.shapes.size;
    this.shapes.set(key, known);
    return known;
  }

  /** From here on places are those of this cell. */
  enter(cell: LinkedCell): void {
    this.owner = cell;
  }

  /** Places of this list are those of the cell at hand. */
  adopt(places: object): void {
    this.owners.set(places, required(this.owner, "a list of places is found in a frame"));
  }

  /** From here on places are those of the cell that the list was found in. */
  enterOwnerOf(places: object): void {
    this.owner = required(this.owners.get(places), "a list of places was found in a frame");
    this.cell(this.owner);
  }

  /** A place in the code of the cell at hand: instructions are numbered as in LIR. */
  place(pc: number): void {
    const { words, offsets } = codeOf(required(this.owner, "a place is one of a cell"));
    const instruction = offsets.findLastIndex((offset) => offset <= pc);
    const start = required(offsets[instruction], "a place is one of an instruction");
    this.wire.varint(instruction);
    this.wire.bool(pc !== start && words[start] === BLOCK_START);
  }

  /** All tables and, behind them, what was written to `wire` until now. */
  finish(): Uint8Array {
    const root = this.wire;
    const contents = new WireWriter();
    this.wire = contents;
    // Writing a thing may find others, which come behind it.
    for (let i = 0; i < this.things.length; i += 1) {
      const { kind, object } = required(this.things[i], "the index is in range");
      THINGS[kind].write(this, object);
    }
    const out = new WireWriter();
    out.varint(this.cells.size);
    for (const { cell } of this.cells.values()) {
      out.string(cell.module.name);
      out.string(cell.name);
    }
    out.varint(this.shapes.size);
    for (const key of this.shapes.keys()) out.string(key);
    out.varint(this.things.length);
    for (const { kind } of this.things) out.u8(THINGS[kind].tag);
    out.varint(this.valueNumbers.size);
    for (const part of [this.values, contents, root]) out.raw(part.finish());
    return out.finish();
  }

  /** The number of a value that has one; puts it, and all it is made of, into the table. */
  private reference(root: Value): number | null {
    const key = tableKey(root);
    if (key === null) return null;
    const pending: { readonly value: Value; isOpen: boolean }[] = [{ value: root, isOpen: false }];
    for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
      const own = tableKey(top.value);
      if (own === null || this.valueNumbers.has(own)) pending.pop();
      else if (!top.isOpen) {
        top.isOpen = true;
        const parts = partsToWrite(top.value);
        for (let i = parts.length - 1; i >= 0; i -= 1) {
          pending.push({ value: parts[i] ?? null, isOpen: false });
        }
      } else {
        pending.pop();
        writeNode(this, this.values, top.value, (part) => {
          const partKey = tableKey(part);
          const number = partKey === null ? null : (this.valueNumbers.get(partKey) ?? null);
          this.writeReference(this.values, part, number);
        });
        this.valueNumbers.set(own, this.valueNumbers.size);
      }
    }
    return required(this.valueNumbers.get(key), "the value is in the table");
  }

  private writeReference(out: WireWriter, value: Value, number: number | null): void {
    if (number !== null) {
      out.u8(REFERENCE.table);
      out.varint(number);
    } else if (value === null) out.u8(REFERENCE.null);
    else if (typeof value === "boolean") out.u8(value ? REFERENCE.true : REFERENCE.false);
    else if (typeof value === "string") {
      out.u8(REFERENCE.text);
      out.string(value);
    } else if (value instanceof Float) {
      out.u8(REFERENCE.float);
      out.f64(value.value);
    } else {
      const int = BigInt(Number.isSafeInteger(value) ? Number(value) : (value as bigint));
      out.u8(int < 0n ? REFERENCE.negative : REFERENCE.positive);
      out.varint(int < 0n ? -1n - int : int);
    }
  }
}

/** What a value is found under in the table; null for one that is written where it stands. */
function tableKey(value: Value): object | string | null {
  if (typeof value === "string") return value.length < TABLE_TEXT_MIN ? null : value;
  return typeof value === "object" && !(value instanceof Float) ? value : null;
}
