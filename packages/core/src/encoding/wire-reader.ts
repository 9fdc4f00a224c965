// Reads the wire encoding (formats 4): strict accepts canonical bytes only, lenient also what the
// reference decoder of the format accepts (4.2, note for interoperation).

import { utf8Read } from "../hash/utf8.ts";
import { intFromBigint } from "../value/value.ts";
import { DecodeError, type DecodeReason } from "./decode-error.ts";

/** How strictly bytes are read. Only `strict` is used for anything that is hashed. */
export type DecodeMode = "strict" | "lenient";

/** Largest length or count (formats 4.1). */
export const COUNT_MAX: number = 0x7fff_ffff;
/** Largest count of items without bytes (formats 4.2 rule 6). */
export const ZERO_SIZE_COUNT_MAX: number = 2 ** 20;

/** A position in bytes; every reader raises a {@link DecodeError} when the item is refused. */
export class WireReader {
  readonly strict: boolean;
  private readonly input: Uint8Array;
  /** Made when the first float is read: making a view costs more than most values. */
  private view: DataView | null = null;
  private at = 0;

  constructor(bytes: Uint8Array, options: { readonly mode?: DecodeMode } = {}) {
    this.input = bytes;
    this.strict = options.mode !== "lenient";
  }

  /** Index of the next byte. */
  get offset(): number {
    return this.at;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.input.length - this.at;
  }

  /** Refuses the item that begins at `offset`. */
  fail(reason: DecodeReason, offset: number): never {
    throw new DecodeError(reason, offset);
  }

  /** Refuses bytes after the value. */
  end(): void {
    if (this.strict && this.at < this.input.length) this.fail("trailing-bytes", this.at);
  }

  /** The bytes from `start`, an earlier offset, up to here; a view, not a copy. */
  since(start: number): Uint8Array {
    return this.input.subarray(start, this.at);
  }

  bool(): boolean {
    const byte = this.u8();
    if (byte > 1) this.fail("bad-bool", this.at - 1);
    return byte === 1;
  }

  /** The tag of an option: true when a value follows. */
  optionTag(): boolean {
    const byte = this.u8();
    if (byte > 1) this.fail("bad-option", this.at - 1);
    return byte === 1;
  }

  u8(): number {
    const byte = this.input[this.at];
    if (byte === undefined) return this.fail("end-of-input", this.at);
    this.at += 1;
    return byte;
  }

  i8(): number {
    return (this.u8() << 24) >> 24;
  }

  u16(): number {
    return this.narrow(3, 0x03);
  }

  u32(): number {
    return this.narrow(5, 0x0f);
  }

  u64(): number | bigint {
    return this.varint();
  }

  i16(): number {
    const zigzag = this.u16();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  i32(): number {
    const zigzag = this.u32();
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  i64(): number | bigint {
    const zigzag = this.varint();
    if (typeof zigzag === "number") {
      return zigzag % 2 === 0 ? zigzag / 2 : -((zigzag - 1) / 2) - 1;
    }
    return intFromBigint((zigzag >> 1n) ^ -(zigzag & 1n));
  }

  /** An unsigned number below 2^64: a number when it is safe. */
  varint(): number | bigint {
    const first = this.input[this.at];
    if (first !== undefined && first < 0x80) {
      this.at += 1;
      return first;
    }
    const start = this.at;
    const count = this.varintBytes(10, 0x01);
    let value = 0;
    // Seven groups of seven bits fit a safe number exactly; more may not.
    for (let i = Math.min(count, 7) - 1; i >= 0; i -= 1) {
      value = value * 128 + ((this.input[start + i] ?? 0) & 0x7f);
    }
    if (count <= 7) return value;
    let high = 0;
    for (let i = count - 1; i >= 7; i -= 1) {
      high = high * 128 + ((this.input[start + i] ?? 0) & 0x7f);
    }
    if (high < 16) return high * 2 ** 49 + value;
    return (BigInt(high) << 49n) | BigInt(value);
  }

  f32(): number {
    const start = this.take(4);
    const view = this.floats();
    const value = view.getFloat32(start, true);
    if (Number.isNaN(value) && this.strict && view.getUint32(start, true) !== 0x7fc0_0000) {
      this.fail("non-canonical-nan", start);
    }
    return value;
  }

  f64(): number {
    const start = this.take(8);
    const view = this.floats();
    const value = view.getFloat64(start, true);
    if (Number.isNaN(value) && this.strict) {
      const high = view.getUint32(start + 4, true);
      const low = view.getUint32(start, true);
      if (high !== 0x7ff8_0000 || low !== 0) this.fail("non-canonical-nan", start);
    }
    return value;
  }

  string(): string {
    const length = this.byteLength();
    const start = this.take(length);
    return utf8Read(this.input, start, start + length) ?? this.fail("bad-utf8", start);
  }

  /** Length and bytes; a copy. */
  bytes(): Uint8Array {
    return this.raw(this.byteLength());
  }

  /** `length` bytes without a length before them; a copy. */
  raw(length: number): Uint8Array {
    const start = this.take(length);
    return this.input.slice(start, start + length);
  }

  /**
   * A count of items of at least `itemBytesMin` bytes each: refused before anything is allocated
   * when the input cannot hold that many.
   */
  count(itemBytesMin: number): number {
    const start = this.at;
    const count = this.varint();
    if (count > COUNT_MAX) this.fail("length-exceeds-input", start);
    if (itemBytesMin === 0) {
      if (count > ZERO_SIZE_COUNT_MAX) this.fail("too-large", start);
    } else if (Number(count) * itemBytesMin > this.remaining) {
      this.fail("end-of-input", start);
    }
    return Number(count);
  }

  private floats(): DataView {
    const { buffer, byteOffset, byteLength } = this.input;
    this.view ??= new DataView(buffer, byteOffset, byteLength);
    return this.view;
  }

  private byteLength(): number {
    return this.count(1);
  }

  /** Steps over `length` bytes; returns where they begin. */
  private take(length: number): number {
    const start = this.at;
    if (length > this.input.length - start) this.fail("end-of-input", start);
    this.at = start + length;
    return start;
  }

  private narrow(bytesMax: number, lastMax: number): number {
    const first = this.input[this.at];
    if (first !== undefined && first < 0x80) {
      this.at += 1;
      return first;
    }
    const start = this.at;
    let value = 0;
    for (let i = this.varintBytes(bytesMax, lastMax) - 1; i >= 0; i -= 1) {
      value = value * 128 + ((this.input[start + i] ?? 0) & 0x7f);
    }
    return value;
  }

  /** Steps over a varint of at most `bytesMax` bytes, the last of those at most `lastMax`. */
  private varintBytes(bytesMax: number, lastMax: number): number {
    const start = this.at;
    for (let count = 1; count <= bytesMax; count += 1) {
      const byte = this.input[start + count - 1];
      if (byte === undefined) this.fail("end-of-input", start);
      if (byte >= 0x80) continue;
      if (count === bytesMax && byte > lastMax) this.fail("varint-overflow", start);
      if (byte === 0 && count > 1 && this.strict) this.fail("non-minimal-varint", start);
      this.at = start + count;
      return count;
    }
    return this.fail("varint-too-long", start);
  }
}
