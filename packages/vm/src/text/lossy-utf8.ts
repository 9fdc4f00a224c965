// UTF-8 to text with U+FFFD for each ill-formed part, as Unicode recommends (maximal subparts).

import { utf8Decode } from "@lumen/core/hash";

/** The text of any bytes. */
export function lossyUtf8(bytes: Uint8Array): string {
  const strict = utf8Decode(bytes);
  if (strict !== null) return strict;
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      text += utf8Decode(bytes.subarray(at, at + length)) ?? "";
      at += length;
    } else {
      text += "\ufffd";
      at += Math.max(1, -length);
    }
  }
  return text;
}

/** Bytes of the scalar at an offset; minus the bytes of an ill-formed part. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const count = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  for (let i = 1; i < count; i += 1) {
    const byte = bytes[at + i] ?? 0;
    const [low, high] = i === 1 ? secondByteRange(lead) : [0x80, 0xbf];
    if (byte < low || byte > high) return -i;
  }
  return count;
}

/** Keeps out overlong forms, surrogates and what is above U+10FFFF. */
function secondByteRange(lead: number): readonly [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf];
  if (lead === 0xed) return [0x80, 0x9f];
  if (lead === 0xf0) return [0x90, 0xbf];
  return lead === 0xf4 ? [0x80, 0x8f] : [0x80, 0xbf];
}
