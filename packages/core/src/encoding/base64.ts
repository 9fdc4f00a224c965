// Base64 with the standard alphabet and padding (RFC 4648 section 4), strict in reading.

import { utf8Decode } from "../hash/utf8.ts";
import { required } from "../result/result.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAD = 0x3d;

/** Base64 text of the bytes, padded. Written as bytes: engines keep `+=` in pieces. */
export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  for (let i = 0, at = 0; i < bytes.length; i += 3, at += 4) {
    const left = bytes.length - i;
    const group = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    codes[at] = ALPHABET.charCodeAt(group >> 18);
    codes[at + 1] = ALPHABET.charCodeAt((group >> 12) & 63);
    codes[at + 2] = left > 1 ? ALPHABET.charCodeAt((group >> 6) & 63) : PAD;
    codes[at + 3] = left > 2 ? ALPHABET.charCodeAt(group & 63) : PAD;
  }
  return required(utf8Decode(codes), "ASCII is UTF-8");
}

/** Bytes of padded base64; null for any other text, unused bits that are set included. */
export function fromBase64(text: string): Uint8Array | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let at = 0;
  let group = 0;
  for (let i = 0; i < text.length; i += 1) {
    const digit = text[i] === "=" ? 0 : ALPHABET.indexOf(text.charAt(i));
    group = (group << 6) | digit;
    if (i % 4 !== 3) continue;
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) {
      bytes[at] = (group >> shift) & 255;
      at += 1;
    }
    group = 0;
  }
  return toBase64(bytes) === text ? bytes : null;
}
