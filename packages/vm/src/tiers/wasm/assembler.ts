// Writes the body of one WebAssembly function: instructions by name, blocks by label.

import { assert, required } from "@lumen/core/result";
import { signedLeb, unsignedLeb } from "./leb.ts";
import { CONTROL_BYTES, type Opener, type OpsWith, rowOf, type WasmOp } from "./opcodes.ts";

/** A type of WebAssembly. */
export type ValType = "i32" | "i64" | "f64";

/** The bytes of types. */
export const VAL_TYPES: Readonly<Record<ValType, number>> = { i32: 0x7f, i64: 0x7e, f64: 0x7c };

/** Where a branch may go: the end of a block, the head of a loop. */
export interface Label {
  readonly depth: number;
}

const { else: ELSE, end: END, br: BR, br_if: BR_IF, br_table: BR_TABLE } = CONTROL_BYTES;

/** Instructions and locals of a function. */
export class Assembler {
  private readonly bytes: number[] = [];
  private readonly locals: ValType[] = [];
  private readonly paramCount: number;
  private depth = 0;

  /** Parameters are the locals from 0. */
  constructor(paramCount: number) {
    this.paramCount = paramCount;
  }

  /** A new local, which is 0 at first. */
  local(type: ValType): number {
    return this.paramCount + this.locals.push(type) - 1;
  }

  op(name: OpsWith<"none">): this {
    return this.write(name, []);
  }

  /** An instruction with the index of a local, global or function, or with an offset in memory. */
  at(name: OpsWith<"index"> | OpsWith<"memory">, index: number): this {
    const { align } = rowOf(name);
    return this.write(name, [...(align === undefined ? [] : [align]), ...unsignedLeb(index)]);
  }

  /** An instruction on the memory as a whole. */
  whole(name: OpsWith<"zero"> | OpsWith<"zeros">): this {
    return this.write(name, rowOf(name).immediate === "zeros" ? [0, 0] : [0]);
  }

  i32(value: number): this {
    return this.write("i32.const", signedLeb(value));
  }

  i64(value: number | bigint): this {
    return this.write("i64.const", signedLeb(value));
  }

  /** Every bit counts: -0 is not 0. */
  f64(value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.write("f64.const", [...bytes]);
  }

  /** Opens a block, loop or condition, which may leave a value. */
  open(kind: Opener, result: ValType | null = null): Label {
    const type = result === null ? CONTROL_BYTES.no_result : VAL_TYPES[result];
    this.bytes.push(CONTROL_BYTES[kind], type);
    this.depth += 1;
    return { depth: this.depth };
  }

  otherwise(): this {
    this.bytes.push(ELSE);
    return this;
  }

  close(): this {
    assert(this.depth > 0, "something is open");
    this.depth -= 1;
    this.bytes.push(END);
    return this;
  }

  br(label: Label): this {
    this.bytes.push(BR, ...this.relative(label));
    return this;
  }

  brIf(label: Label): this {
    this.bytes.push(BR_IF, ...this.relative(label));
    return this;
  }

  /** Branches to the label whose place is the number on the stack, to the last for any other. */
  brTable(labels: readonly Label[]): this {
    const fallback = required(labels.at(-1), "a table has a target");
    const chosen = labels.slice(0, -1);
    this.bytes.push(BR_TABLE, ...unsignedLeb(chosen.length));
    for (const label of chosen) this.bytes.push(...this.relative(label));
    this.bytes.push(...this.relative(fallback));
    return this;
  }

  /** The function as it stands in the code section, without its size. */
  finish(): readonly number[] {
    assert(this.depth === 0, "everything is closed");
    const locals = this.locals.flatMap((type) => [1, VAL_TYPES[type]]);
    return [...unsignedLeb(this.locals.length), ...locals, ...this.bytes, END];
  }

  private relative({ depth }: Label): readonly number[] {
    assert(depth <= this.depth, "the label is open");
    return unsignedLeb(this.depth - depth);
  }

  private write(name: WasmOp, immediates: readonly number[]): this {
    const { byte, sub } = rowOf(name);
    this.bytes.push(byte, ...(sub === undefined ? [] : unsignedLeb(sub)), ...immediates);
    return this;
  }
}
