// Reads the tables of a snapshot (formats 30). The bytes may come from anywhere: every number is
// checked before it is used, and what does not fit the program is refused with its offset.

import { WireReader } from "@lumen/core/encoding";
import {
  type EnumShape,
  Float,
  intFromBigint,
  type Opaque,
  RESULT_SHAPE,
  type RecordShape,
  type Value,
} from "@lumen/core/value";
import { BLOCK_START, codeOf } from "../link/compile-cell.ts";
import { cellKey, type LinkedCell, type LinkedProgram } from "../link/program.ts";
import { HeapObject } from "../machine/heap-object.ts";
import { Task } from "../machine/tasks.ts";
import { REFERENCE } from "./references.ts";
import { readShape } from "./shape-text.ts";
import { SnapshotError } from "./snapshot-error.ts";
import type { ThingKind } from "./thing-kinds.ts";
import { THING_KINDS, THINGS } from "./things.ts";
import { readNode } from "./values.ts";

interface Thing {
  readonly kind: ThingKind;
  readonly object: object;
}

type Shape = RecordShape | EnumShape;

/** Largest magnitude of an Int beyond which none is (language 15.6). */
const MAGNITUDE_MAX = 2n ** 64n;

/** Most values in one key, written out. */
const KEY_WEIGHT_MAX = 1 << 20;

/** The tables of one snapshot, and a position behind them. */
export class SnapshotReader {
  readonly wire: WireReader;
  private readonly program: LinkedProgram;
  private readonly cells: LinkedCell[] = [];
  private readonly shapes: Shape[] = [];
  private readonly table: Value[] = [];
  /** How many values each row comes to, written out. */
  private readonly weights: number[] = [];
  /** The same for what was read of the row at hand. */
  private weight = 0;
  private readonly things: Thing[] = [];
  private owner: LinkedCell | null = null;

  /** Reads the tables; a {@link SnapshotError} or a DecodeError where they are wrong. */
  constructor(bytes: Uint8Array, program: LinkedProgram) {
    this.wire = new WireReader(bytes);
    this.program = program;
    this.readCells();
    this.readShapes();
    this.readThings();
    const valueCount = this.wire.count(1);
    for (let i = 0; i < valueCount; i += 1) this.readRow();
    for (const { kind, object } of this.things) THINGS[kind].fill(this, object);
  }

  /** Refuses what begins at `offset`. */
  fail(message: string, offset: number): never {
    throw new SnapshotError(message, offset);
  }

  /** Every thing of a kind. */
  all(kind: ThingKind): readonly object[] {
    return this.things.filter((thing) => thing.kind === kind).map(({ object }) => object);
  }

  count(): number {
    const at = this.wire.offset;
    const found = this.wire.varint();
    return typeof found === "number" ? found : this.fail("a count is too large", at);
  }

  integer(): number {
    const at = this.wire.offset;
    const found = this.wire.i64();
    return typeof found === "number" ? found : this.fail("a number is too large", at);
  }

  /** A value that is used as a key; a few bytes can stand for a key of any size. */
  keyValue(): Value {
    const at = this.wire.offset;
    const before = this.weight;
    const found = this.value();
    if (this.weight - before > KEY_WEIGHT_MAX) return this.fail("a key is too large", at);
    return found;
  }

  value(): Value {
    const at = this.wire.offset;
    this.weight += 1;
    switch (this.wire.u8()) {
      case REFERENCE.null:
        return null;
      case REFERENCE.false:
        return false;
      case REFERENCE.true:
        return true;
      case REFERENCE.positive:
        return this.int(at, (magnitude) => magnitude);
      case REFERENCE.negative:
        return this.int(at, (magnitude) => -1n - magnitude);
      case REFERENCE.float:
        return new Float(this.wire.f64());
      case REFERENCE.text:
        return this.wire.string();
      case REFERENCE.table:
        return this.tableValue(at);
      default:
        return this.fail("there is no such reference", at);
    }
  }

  /** A count and that many values. */
  values(): Value[] {
    const length = this.wire.count(1);
    const found: Value[] = [];
    for (let i = 0; i < length; i += 1) found.push(this.value());
    return found;
  }

  shape(): Shape {
    const at = this.wire.offset;
    return this.shapes[this.count()] ?? this.fail("there is no such shape", at);
  }

  cell(): LinkedCell {
    const at = this.wire.offset;
    return this.cells[this.count()] ?? this.fail("there is no such cell", at);
  }

  /** A thing of this kind. */
  thing(kind: ThingKind): object {
    const at = this.wire.offset;
    const found = this.things[this.count()];
    if (found?.kind !== kind) return this.fail(`there is no such ${kind}`, at);
    return found.object;
  }

  /** What a reference refers to. */
  heapObject(): HeapObject {
    const at = this.wire.offset;
    const object = this.things[this.count()]?.object;
    return object instanceof HeapObject ? object : this.fail("this cannot be referred to", at);
  }

  /** The one reference to a task. */
  future(): Opaque {
    const at = this.wire.offset;
    const task = this.thing("task");
    return task instanceof Task ? task.future : this.fail("there is no such task", at);
  }

  /** From here on places are those of this cell. */
  enter(cell: LinkedCell): LinkedCell {
    this.owner = cell;
    return cell;
  }

  place(): number {
    const at = this.wire.offset;
    if (this.owner === null) return this.fail("a place is one of a cell", at);
    const { words, offsets } = codeOf(this.owner);
    const start = offsets[this.count()] ?? this.fail("there is no such instruction", at);
    const isInside = this.wire.bool();
    if (isInside && words[start] !== BLOCK_START) return this.fail("no block begins here", at);
    return isInside ? start + 2 : start;
  }

  private int(at: number, signed: (magnitude: bigint) => bigint): number | bigint {
    const magnitude = BigInt(this.wire.varint());
    if (magnitude >= MAGNITUDE_MAX) return this.fail("an Int is too large", at);
    return intFromBigint(signed(magnitude));
  }

  /** Rows refer to earlier rows only. */
  private tableValue(at: number): Value {
    const number = this.count();
    const found = this.table[number];
    this.weight += this.weights[number] ?? 0;
    return found === undefined ? this.fail("there is no such value", at) : found;
  }

  private readRow(): void {
    this.weight = 0;
    this.table.push(readNode(this));
    this.weights.push(this.weight);
  }

  private readCells(): void {
    const length = this.wire.count(2);
    for (let i = 0; i < length; i += 1) {
      const at = this.wire.offset;
      const [module, name] = [this.wire.string(), this.wire.string()];
      const cell = this.program.cells.get(cellKey(module, name));
      this.cells.push(cell ?? this.fail(`the program has no cell ${module}.${name}`, at));
    }
  }

  private readShapes(): void {
    const known = shapesOf(this.program);
    const length = this.wire.count(1);
    for (let i = 0; i < length; i += 1) {
      const at = this.wire.offset;
      const text = this.wire.string();
      this.shapes.push(known.get(text) ?? readShape(text) ?? this.fail("this is no shape", at));
    }
  }

  private readThings(): void {
    const length = this.wire.count(1);
    for (let i = 0; i < length; i += 1) {
      const at = this.wire.offset;
      const kind = THING_KINDS.get(this.wire.u8()) ?? this.fail("there is no such kind", at);
      this.things.push({ kind, object: THINGS[kind].make() });
    }
  }
}

/** Shapes of a program by their text: equal shapes of one program are one object. */
function shapesOf(program: LinkedProgram): ReadonlyMap<string, Shape> {
  const known = new Map<string, Shape>([[JSON.stringify(RESULT_SHAPE), RESULT_SHAPE]]);
  for (const module of new Set([...program.cells.values()].map((cell) => cell.module))) {
    for (const shape of module.cast.shapes) {
      if (shape !== null && shape !== RESULT_SHAPE) known.set(JSON.stringify(shape), shape);
    }
  }
  return known;
}
