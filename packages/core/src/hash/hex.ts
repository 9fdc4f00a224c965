// Hexadecimal text as all formats write it: lower case, two digits per byte, no prefix (1.1).

import { required } from "../result/result.ts";
import { utf8Decode } from "./utf8.ts";

const DIGITS = "0123456789abcdef";
const BYTE_TO_HEX: readonly string[] = Array.from(
  { length: 256 },
  (_, byte) => `${DIGITS.charAt(byte >> 4)}${DIGITS.charAt(byte & 15)}`,
);

/** Up to this many bytes are joined digit by digit; engines keep longer texts in pieces. */
const SHORT = 1024;

/** Lower-case hex of the bytes. */
export function toHex(bytes: Uint8Array): string {
  if (bytes.length > SHORT) return longHex(bytes);
  let text = "";
  for (const byte of bytes) text += required(BYTE_TO_HEX[byte], "a byte is below 256");
  return text;
}

function longHex(bytes: Uint8Array): string {
  const codes = new Uint8Array(2 * bytes.length);
  for (const [i, byte] of bytes.entries()) {
    codes[2 * i] = DIGITS.charCodeAt(byte >> 4);
    codes[2 * i + 1] = DIGITS.charCodeAt(byte & 15);
  }
  return required(utf8Decode(codes), "ASCII is UTF-8");
}

/** Bytes of lower-case hex; null for any other text, upper case and odd lengths included. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1) {
    const high = digitValue(text.charCodeAt(2 * i));
    const low = digitValue(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) return null;
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

function digitValue(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return -1;
}
