// Writes the wire encoding (formats 4.1) into a growing buffer. Arguments out of range are defects:
// values from outside are checked by the value codec before they get here.

import { utf8Write } from "../hash/utf8.ts";
import { assert, Defect } from "../result/result.ts";

const U64_MAX = 0xffff_ffff_ffff_ffffn;
/** Ints of smaller magnitude have a zigzag form that is a safe number. */
const ZIGZAG_SAFE = 2 ** 52;

// Bytes of the float at hand. One view for all writers: making a view costs more than most values.
const SCRATCH = new DataView(new ArrayBuffer(8));

/** A writer that is kept for the next structure, unless it has grown beyond this. */
const KEPT_BYTES_MAX = 1 << 16;
let kept: WireWriter | null = null;

/**
 * The bytes that `write` appends. Most structures are small and many: their writer is used again,
 * so that what they cost is one copy.
 */
export function written(write: (writer: WireWriter) => void): Uint8Array {
  const writer = kept ?? new WireWriter();
  // Whoever writes a structure inside of another one gets a writer of its own.
  kept = null;
  write(writer);
  const bytes = writer.finish();
  if (writer.capacity <= KEPT_BYTES_MAX) {
    writer.reset();
    kept = writer;
  }
  return bytes;
}

/** Appends items; `finish` gives the bytes. */
export class WireWriter {
  private buffer: Uint8Array;
  private length = 0;

  constructor(capacityBytes = 64) {
    this.buffer = new Uint8Array(capacityBytes);
  }

  /** Bytes written so far. */
  get size(): number {
    return this.length;
  }

  /** Bytes that fit without growing. */
  get capacity(): number {
    return this.buffer.length;
  }

  /** The bytes written so far, without a copy: valid until the next write. */
  get view(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  /** Begins anew. */
  reset(): void {
    this.length = 0;
  }

  /** Replaces four bytes that were written, little endian. */
  patchU32(offset: number, value: number): void {
    assert(offset + 4 <= this.length, "what is replaced was written");
    for (let i = 0; i < 4; i += 1) this.buffer[offset + i] = (value >>> (8 * i)) & 0xff;
  }

  /** A copy of the bytes written so far. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  bool(value: boolean): void {
    this.put(value ? 1 : 0);
  }

  u8(value: number): void {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xff, "a u8 is 0 to 255");
    this.put(value);
  }

  i8(value: number): void {
    assert(Number.isInteger(value) && value >= -0x80 && value <= 0x7f, "an i8 is -128 to 127");
    this.put(value & 0xff);
  }

  u16(value: number): void {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xffff, "a u16 is below 2^16");
    this.varint(value);
  }

  u32(value: number): void {
    assert(Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff, "a u32 is below 2^32");
    this.varint(value);
  }

  u64(value: number | bigint): void {
    this.varint(value);
  }

  i16(value: number): void {
    assert(value >= -0x8000 && value <= 0x7fff, "an i16 is within its range");
    this.i64(value);
  }

  i32(value: number): void {
    assert(value >= -0x8000_0000 && value <= 0x7fff_ffff, "an i32 is within its range");
    this.i64(value);
  }

  i64(value: number | bigint): void {
    if (Number.isInteger(value) && value > -ZIGZAG_SAFE && value < ZIGZAG_SAFE) {
      const small = Number(value);
      this.varint(small < 0 ? -2 * small - 1 : 2 * small);
      return;
    }
    const wide = toBigint(value);
    assert(BigInt.asIntN(64, wide) === wide, "an i64 is within its range");
    this.varint(BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n)));
  }

  /** An unsigned number below 2^64, seven bits per byte, low bits first. */
  varint(value: number | bigint): void {
    if (typeof value === "bigint") {
      this.wideVarint(value);
      return;
    }
    if (!Number.isSafeInteger(value) || value < 0) throw new Defect("a varint is a whole number");
    this.reserve(10);
    let rest = value;
    while (rest >= 0x8000_0000) {
      this.buffer[this.length++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.length++] = rest;
  }

  f32(value: number): void {
    if (Number.isNaN(value)) SCRATCH.setUint32(0, 0x7fc0_0000, true);
    else SCRATCH.setFloat32(0, value, true);
    this.scratch(4);
  }

  f64(value: number): void {
    if (Number.isNaN(value)) SCRATCH.setBigUint64(0, 0x7ff8_0000_0000_0000n, true);
    else SCRATCH.setFloat64(0, value, true);
    this.scratch(8);
  }

  /** Length and UTF-8. The text must have no lone surrogate. */
  string(value: string): void {
    assert(this.tryString(value), "a text to encode has no lone surrogate");
  }

  /** Like {@link string}; false, with nothing written, for a text with a lone surrogate. */
  tryString(value: string): boolean {
    const start = this.length;
    this.reserve(10 + 3 * value.length);
    // Most texts need one byte for their length; otherwise the text moves behind the longer length.
    const count = utf8Write(value, this.buffer, start + 1);
    if (count < 0) return false;
    const lengthBytes = varintSize(count);
    if (lengthBytes > 1) this.buffer.copyWithin(start + lengthBytes, start + 1, start + 1 + count);
    this.varint(count);
    this.length = start + lengthBytes + count;
    return true;
  }

  /** Length and bytes. */
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  /** The bytes alone. */
  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
  }

  private put(byte: number): void {
    this.reserve(1);
    this.buffer[this.length++] = byte;
  }

  private scratch(count: number): void {
    this.reserve(count);
    for (let i = 0; i < count; i += 1) this.buffer[this.length + i] = SCRATCH.getUint8(i);
    this.length += count;
  }

  private wideVarint(value: bigint): void {
    if (value < 0n || value > U64_MAX) throw new Defect("a varint is below 2^64");
    this.reserve(10);
    let rest = value;
    while (rest >= 0x8000_0000n) {
      this.buffer[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.varint(Number(rest));
  }

  private reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.buffer.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.buffer.length));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}

/** Bytes of the varint of a number below 2^31. */
function varintSize(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x20_0000) return 3;
  return value < 0x1000_0000 ? 4 : 5;
}

function toBigint(value: number | bigint): bigint {
  if (typeof value === "bigint") return value;
  assert(Number.isSafeInteger(value), "an integer is a safe integer");
  return BigInt(value);
}
