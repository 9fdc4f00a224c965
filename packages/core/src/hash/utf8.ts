// Strict UTF-8 (formats 4.2 rule 5). Short texts are converted here, since calling the platform
// costs more than they do; long ones go to TextEncoder and TextDecoder.

import { assert } from "../result/result.ts";

// The platform's converters, present in browsers and Node; declared because core sees no DOM types.
declare const TextEncoder: new () => {
  encodeInto(text: string, target: Uint8Array): { readonly written: number };
};
declare const TextDecoder: new (
  label: "utf-8",
  options: { readonly fatal: true; readonly ignoreBOM: true },
) => { decode(bytes: Uint8Array): string };

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Texts up to this many UTF-16 units or bytes are converted without the platform. */
const SHORT = 32;

/** UTF-8 bytes of a text, which must be well formed: a lone surrogate is a defect. */
export function utf8Encode(text: string): Uint8Array {
  const target = new Uint8Array(text.length * 3);
  const length = utf8Write(text, target, 0);
  assert(length >= 0, "a text to encode has no lone surrogate");
  return target.slice(0, length);
}

/** The text of strictly valid UTF-8; null for anything else. A byte order mark is kept. */
export function utf8Decode(bytes: Uint8Array): string | null {
  return utf8Read(bytes, 0, bytes.length);
}

/** True when the text has no lone surrogate. */
export function isWellFormed(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
    i += 1;
  }
  return true;
}

/** Bytes of the text in UTF-8; a lone surrogate counts 3. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    length += unit < 0x800 ? 1 : 2;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(i + 1);
      if (next >= 0xdc00 && next <= 0xdfff) i += 1;
    }
  }
  return length;
}

/**
 * Writes UTF-8 into `target` at `offset`, where three bytes per UTF-16 unit must be free. Returns
 * the bytes written, or -1 for a text with a lone surrogate.
 */
export function utf8Write(text: string, target: Uint8Array, offset: number): number {
  if (text.length <= SHORT) return writeShort(text, target, offset);
  const { written } = encoder.encodeInto(text, target.subarray(offset));
  // One byte per unit is ASCII; anything longer could hide a surrogate replaced by U+FFFD.
  return written === text.length || isWellFormed(text) ? written : -1;
}

function writeShort(text: string, target: Uint8Array, offset: number): number {
  let at = offset;
  for (let i = 0; i < text.length; i += 1) {
    let point = text.charCodeAt(i);
    if (point < 0x80) {
      target[at++] = point;
      continue;
    }
    if (point < 0x800) {
      target[at++] = 0xc0 | (point >> 6);
    } else {
      if (point >= 0xd800 && point <= 0xdfff) {
        const next = text.charCodeAt(i + 1);
        if (point > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return -1;
        i += 1;
        point = 0x10000 + ((point - 0xd800) << 10) + (next - 0xdc00);
        target[at++] = 0xf0 | (point >> 18);
        target[at++] = 0x80 | ((point >> 12) & 63);
      } else {
        target[at++] = 0xe0 | (point >> 12);
      }
      target[at++] = 0x80 | ((point >> 6) & 63);
    }
    target[at++] = 0x80 | (point & 63);
  }
  return at - offset;
}

/** The text of `bytes[start..end]`; null unless that is strictly valid UTF-8. */
export function utf8Read(bytes: Uint8Array, start: number, end: number): string | null {
  if (end - start <= SHORT && isAscii(bytes, start, end)) {
    return asciiText(bytes, start, end);
  }
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch {
    // The only error of a fatal decoder is malformed input, which null reports.
    return null;
  }
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) {
    if ((bytes[i] ?? 0) >= 0x80) return false;
  }
  return true;
}

/** Four characters per step: joining single ones takes three times as long. */
function asciiText(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let i = start;
  for (; i + 4 <= end; i += 4) {
    const first = bytes[i] ?? 0;
    text += String.fromCharCode(first, bytes[i + 1] ?? 0, bytes[i + 2] ?? 0, bytes[i + 3] ?? 0);
  }
  for (; i < end; i += 1) text += String.fromCharCode(bytes[i] ?? 0);
  return text;
}
