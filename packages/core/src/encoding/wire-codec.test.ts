// The combinators and the writer and reader under them.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromHex, toHex } from "../hash/index.ts";
import { decodeWith, encodeWith, type WireCodec, WireReader, WireWriter, wire } from "./index.ts";

type Shape =
  | { readonly kind: "Dot" }
  | { readonly kind: "Circle"; readonly radius: number }
  | { readonly kind: "Named"; readonly name: string | null; readonly tags: readonly string[] };

const shape: WireCodec<Shape> = wire.tagged<Shape>({
  Dot: wire.nothing,
  Circle: wire.record({ radius: wire.f64 }),
  Named: wire.record({ name: wire.option(wire.string), tags: wire.list(wire.string) }),
});

function bytes(hex: string): Uint8Array {
  return fromHex(hex) ?? new Uint8Array(0);
}

function refusal<T>(codec: WireCodec<T>, hex: string): unknown {
  const result = decodeWith(codec, bytes(hex), { subject: "x" });
  if (result.ok) return result.value;
  const { code, subject, offset, details } = result.error;
  expect([code, subject]).toEqual(["E_DECODE", "x"]);
  return [details?.reason, offset];
}

describe("tagged", () => {
  it.each<[Shape, string]>([
    [{ kind: "Dot" }, "00"],
    [{ kind: "Circle", radius: 1 }, "01000000000000f03f"],
    [{ kind: "Named", name: "ab", tags: ["c"] }, "020102616201" + "0163"],
    [{ kind: "Named", name: null, tags: [] }, "020000"],
  ])("encodes %j by discriminant", (value, hex) => {
    expect(toHex(encodeWith(shape, value))).toBe(hex);
    expect(decodeWith(shape, bytes(hex))).toEqual({ ok: true, value });
  });

  it("refuses what is not canonical, with the offset", () => {
    expect(refusal(shape, "03")).toEqual(["bad-variant", 0]);
    expect(refusal(shape, "0000")).toEqual(["trailing-bytes", 1]);
    expect(refusal(shape, "8000")).toEqual(["non-minimal-varint", 0]);
    expect(refusal(shape, "0202")).toEqual(["bad-option", 1]);
    expect(refusal(shape, "020005")).toEqual(["end-of-input", 2]);
    expect(refusal(shape, "02000101ff")).toEqual(["bad-utf8", 4]);
  });
});

describe("limits and order", () => {
  it("reads a safeU64 up to 2^53-1 and refuses the next", () => {
    const top = encodeWith(wire.safeU64, Number.MAX_SAFE_INTEGER);
    expect(decodeWith(wire.safeU64, top)).toEqual({ ok: true, value: Number.MAX_SAFE_INTEGER });
    expect(refusal(wire.safeU64, toHex(encodeWith(wire.u64, 2n ** 53n)))).toEqual(["too-large", 0]);
  });

  it("sorts string maps by UTF-8 and refuses other orders and repeats", () => {
    const map = new Map([
      ["\u{10000}", "1"],
      ["\uffff", "2"],
      ["a", "3"],
    ]);
    const hex = "030161013303efbfbf013204f09080800131";
    expect(toHex(encodeWith(wire.stringMap, map))).toBe(hex);
    const decoded = decodeWith(wire.stringMap, bytes(hex));
    expect(decoded.ok && [...decoded.value.keys()]).toEqual(["a", "\uffff", "\u{10000}"]);
    expect(refusal(wire.stringMap, "020162016101610162")).toEqual(["map-keys-not-ascending", 5]);
    expect(refusal(wire.stringMap, "020161016101610162")).toEqual(["map-duplicate-key", 5]);
  });

  it("knows the smallest size of structures and bounds counts by it", () => {
    expect(wire.record({ a: wire.hash32, b: wire.option(wire.f64) }).minBytes).toBe(33);
    expect(shape.minBytes).toBe(1);
    expect(refusal(wire.list(wire.hash32), `02${"00".repeat(63)}`)).toEqual(["end-of-input", 0]);
    expect(refusal(wire.list(wire.nothing), "818040")).toEqual(["too-large", 0]);
    expect(refusal(wire.bytes, "ffffffff0f")).toEqual(["length-exceeds-input", 0]);
  });

  it("treats values out of range as defects", () => {
    expect(() => encodeWith(wire.u8, 256)).toThrow("u8");
    expect(() => encodeWith(wire.u16, -1)).toThrow("u16");
    expect(() => encodeWith(wire.u32, 2 ** 32)).toThrow("u32");
    expect(() => encodeWith(wire.u64, 2n ** 64n)).toThrow("2^64");
    expect(() => encodeWith(wire.i64, 0.5)).toThrow("integer");
    expect(() => encodeWith(wire.i64, -(2n ** 63n) - 1n)).toThrow("i64");
    expect(() => encodeWith(wire.safeU64, 2 ** 53)).toThrow("whole number");
    expect(() => encodeWith(wire.hash32, new Uint8Array(31))).toThrow("32 bytes");
    expect(() => encodeWith(wire.string, "\ud800")).toThrow("surrogate");
  });
});

describe("numbers", () => {
  const limits = [7, 14, 21, 28, 31, 32, 35, 42, 49, 52, 53, 56, 63].map(
    (bits) => 1n << BigInt(bits),
  );
  const around = limits.flatMap((limit) => [limit - 1n, limit, limit + 1n]);

  it("round-trip around every boundary, signed and unsigned", () => {
    for (const value of [...around, 0n, 1n, (1n << 64n) - 1n]) {
      expect(BigInt(roundTrip(wire.u64, value))).toBe(value);
      if (value <= Number.MAX_SAFE_INTEGER)
        expect(roundTrip(wire.u64, Number(value))).toBe(Number(value));
      for (const signed of [value, -value]) {
        if (BigInt.asIntN(64, signed) !== signed) continue;
        expect(BigInt(roundTrip(wire.i64, signed))).toBe(signed);
        const isSafe = Number.isSafeInteger(Number(signed));
        expect(typeof roundTrip(wire.i64, signed)).toBe(isSafe ? "number" : "bigint");
        if (isSafe)
          expect(encodeWith(wire.i64, Number(signed))).toEqual(encodeWith(wire.i64, signed));
      }
    }
  });

  it("agree with a plain definition of varint and zigzag", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (value) => {
        let rest = value < 0n ? -2n * value - 1n : 2n * value;
        const expected: number[] = [];
        for (; rest >= 128n; rest /= 128n) expected.push(Number(rest % 128n) + 128);
        expected.push(Number(rest));
        return toHex(encodeWith(wire.i64, value)) === toHex(Uint8Array.from(expected));
      }),
      { seed: 99, numRuns: 500 },
    );
  });

  it("read and write all other items", () => {
    const writer = new WireWriter(1);
    writer.i8(-128);
    writer.i16(-32768);
    writer.i32(2147483647);
    writer.f32(1.5);
    writer.f64(Number.NaN);
    writer.bytes(Uint8Array.of(1, 2));
    writer.raw(Uint8Array.of(3));
    const text = "é".repeat(100);
    writer.string(text);
    writer.bool(true);
    expect(writer.size).toBe(writer.finish().length);
    const reader = new WireReader(writer.finish());
    expect([reader.i8(), reader.i16(), reader.i32()]).toEqual([-128, -32768, 2147483647]);
    expect([reader.f32(), reader.f64()]).toEqual([1.5, Number.NaN]);
    expect([...reader.bytes(), ...reader.raw(1)]).toEqual([1, 2, 3]);
    expect(reader.string()).toBe(text);
    expect(reader.bool()).toBe(true);
    expect(reader.remaining).toBe(0);
    reader.end();
  });

  it("keep texts of every length, where the size of the length changes", () => {
    for (const length of [0, 31, 32, 33, 127, 128, 129, 16383, 16384, 70000]) {
      for (const unit of ["a", "ü", "語", "🥺"])
        expect(roundTrip(wire.string, unit.repeat(length))).toBe(unit.repeat(length));
    }
  });
});

function roundTrip<T>(codec: WireCodec<T>, value: T): T {
  const result = decodeWith(codec, encodeWith(codec, value));
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}
