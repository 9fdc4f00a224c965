// Base64 with the standard alphabet and padding (RFC 4648 section 4), strict in reading.

import { utf8Decode } from "../hash/utf8.ts";
import { required } from "../result/result.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAD = 0x3d;

/** The code of each digit, and the digit of each code. */
const CODES = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0));
const DIGITS = new Uint8Array(128);
CODES.forEach((code, digit) => {
  DIGITS[code] = digit;
});

/** Base64 text of the bytes, padded. Written as bytes: engines keep `+=` in pieces. */
export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  for (let i = 0, at = 0; i < bytes.length; i += 3, at += 4) {
    const left = bytes.length - i;
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    codes[at] = CODES[group >> 18] ?? PAD;
    codes[at + 1] = CODES[(group >> 12) & 63] ?? PAD;
    codes[at + 2] = left > 1 ? (CODES[(group >> 6) & 63] ?? PAD) : PAD;
    codes[at + 3] = left > 2 ? (CODES[group & 63] ?? PAD) : PAD;
  }
  return required(utf8Decode(codes), "ASCII is UTF-8");
}

/** Bytes of padded base64; null for any other text, unused bits that are set included. */
export function fromBase64(text: string): Uint8Array | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const digit = (at: number): number => DIGITS[text.charCodeAt(at)] ?? 0;
  let group = 0;
  for (let i = 0, at = 0; i < text.length; i += 4, at += 3) {
    // Padding counts as the digit 0; what lies beyond the end is not stored.
    group = (digit(i) << 18) | (digit(i + 1) << 12) | (digit(i + 2) << 6) | digit(i + 3);
    bytes[at] = group >> 16;
    bytes[at + 1] = (group >> 8) & 255;
    bytes[at + 2] = group & 255;
  }
  const unused = padding === 0 ? 0 : padding === 1 ? 0xff : 0xffff;
  return (group & unused) === 0 ? bytes : null;
}
