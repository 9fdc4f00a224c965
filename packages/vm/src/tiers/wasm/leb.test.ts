// Numbers of WebAssembly: the shortest bytes, and back to the same number.

import { describe, expect, it } from "vitest";
import { signedLeb, unsignedLeb } from "./leb.ts";

/** The signed number that bytes stand for (WebAssembly Core 5.2.2). */
function decoded(bytes: readonly number[]): bigint {
  const value = bytes.reduce((sum, byte, i) => sum | (BigInt(byte & 0x7f) << BigInt(7 * i)), 0n);
  return BigInt.asIntN(Math.min(64, 7 * bytes.length), value);
}

describe("unsignedLeb", () => {
  it.each([
    [0, [0]],
    [127, [0x7f]],
    [128, [0x80, 1]],
    [624485, [0xe5, 0x8e, 0x26]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])("%d", (value, bytes) => {
    expect(unsignedLeb(value)).toEqual(bytes);
  });

  it("takes no other numbers", () => {
    for (const value of [-1, 0.5, 2 ** 32]) expect(() => unsignedLeb(value)).toThrow();
  });
});

describe("signedLeb", () => {
  it.each([
    [0, [0]],
    [63, [0x3f]],
    [64, [0xc0, 0]],
    [-1, [0x7f]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [-123456, [0xc0, 0xbb, 0x78]],
  ])("%d", (value, bytes) => {
    expect(signedLeb(value)).toEqual(bytes);
  });

  it("is exact for all 64 bits", () => {
    for (let bit = 0n; bit < 64n; bit += 1n)
      for (const near of [-1n, 0n, 1n]) {
        const value = BigInt.asIntN(64, (1n << bit) + near);
        expect(decoded(signedLeb(value))).toBe(value);
        expect(decoded(signedLeb(BigInt.asIntN(64, -value)))).toBe(BigInt.asIntN(64, -value));
      }
    expect(() => signedLeb(2n ** 63n)).toThrow();
  });
});
