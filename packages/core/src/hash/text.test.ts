// Hex and UTF-8: exact in both directions, strict in reading.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compareBytes,
  concatBytes,
  fromHex,
  isWellFormed,
  toHex,
  utf8Decode,
  utf8Encode,
  utf8Length,
} from "./index.ts";

const SEED = 20260101;

describe("hex", () => {
  it("round-trips all bytes", () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(fromHex(toHex(all))).toEqual(all);
    expect(toHex(all)).toBe(Buffer.from(all).toString("hex"));
  });

  it.each(["0", "0g", "FF", "0x00", " 00", "é0"])("refuses %j", (text) => {
    expect(fromHex(text)).toBeNull();
  });
});

describe("UTF-8", () => {
  it("agrees with the platform for texts of all lengths", () => {
    const texts = fc.string({ unit: "binary", maxLength: 80 });
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = utf8Encode(text);
        return (
          Buffer.from(text, "utf8").equals(bytes) &&
          utf8Length(text) === bytes.length &&
          utf8Decode(bytes) === text
        );
      }),
      { seed: SEED, numRuns: 500 },
    );
  });

  it("keeps a byte order mark", () => {
    expect(utf8Decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe("\ufeffA");
  });

  it.each([
    "ff",
    "c080",
    "eda080",
    "f4908080",
    "e28",
    "80",
    "c3",
    "f0808080",
  ])("refuses the bytes %s, alone and within a long text", (text) => {
    const bad = fromHex(text.padEnd(text.length + (text.length % 2), "0")) ?? new Uint8Array(0);
    expect(utf8Decode(bad)).toBeNull();
    const long = new Uint8Array(100).fill(0x61);
    expect(utf8Decode(concatBytes(long, bad, long))).toBeNull();
  });

  it.each([
    "\ud800",
    "a\udc00",
    "\ud800\ud800\udc00",
    `${"x".repeat(50)}\udfff`,
  ])("does not encode the lone surrogate in case %#", (text) => {
    expect(isWellFormed(text)).toBe(false);
    expect(() => utf8Encode(text)).toThrow("lone surrogate");
  });
});

describe("byte order", () => {
  it("puts a prefix first and compares bytes unsigned", () => {
    const [a, b, c] = ["01", "0100", "ff"].map((text) => fromHex(text) ?? new Uint8Array(0));
    const sorted = [c, b, a].sort((x, y) =>
      compareBytes(x ?? new Uint8Array(0), y ?? new Uint8Array(0)),
    );
    expect(sorted).toEqual([a, b, c]);
  });
});
