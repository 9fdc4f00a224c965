// LEB128: the numbers of WebAssembly's binary format (WebAssembly Core 5.2.2). Exact for 64 bits.

import { assert } from "@lumen/core/result";

const MORE = 0x80;
const SIGN = 0x40;

/** An unsigned number below 2^32. */
export function unsignedLeb(value: number): readonly number[] {
  assert(value >= 0 && value < 2 ** 32 && Number.isInteger(value), "the number is a u32");
  const bytes: number[] = [];
  let rest = value;
  while (rest >= MORE) {
    bytes.push((rest % MORE) + MORE);
    rest = Math.floor(rest / MORE);
  }
  bytes.push(rest);
  return bytes;
}

/** A signed number of 64 bits; one of 32 bits has the same bytes. The shortest form. */
export function signedLeb(value: number | bigint): readonly number[] {
  let rest = BigInt(value);
  assert(BigInt.asIntN(64, rest) === rest, "the number has 64 bits");
  const bytes: number[] = [];
  for (;;) {
    const low = Number(BigInt.asUintN(7, rest));
    rest >>= 7n;
    const isSame = (low & SIGN) === 0 ? rest === 0n : rest === -1n;
    if (isSame) {
      bytes.push(low);
      return bytes;
    }
    bytes.push(low + MORE);
  }
}
