// UTF-8 without the TextEncoder of a host: strict in both directions (spec/formats.md 4.2).

/** The bytes of a text, or null where a surrogate stands alone. */
export function utf8Bytes(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.codePointAt(i) ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) return null;
    if (code > 0xffff) i += 1;
    length = put(bytes, length, code);
  }
  return bytes.slice(0, length);
}

function put(bytes: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    bytes[at] = code;
    return at + 1;
  }
  const more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  bytes[at] = ((0xff00 >> (more + 1)) & 0xff) | (code >> (6 * more));
  for (let i = 1; i <= more; i += 1) bytes[at + i] = 0x80 | ((code >> (6 * (more - i))) & 0x3f);
  return at + more + 1;
}

/** Smallest code point of each length, by the number of bytes after the first. */
const SMALLEST: readonly number[] = [0, 0x80, 0x800, 0x10000];
/** Code points that are put together at once: a call with more arguments needs a deep stack. */
const CHUNK = 512;

/** The text of bytes, or null where they are no UTF-8. */
export function utf8Text(bytes: Uint8Array): string | null {
  let text = "";
  let chunk: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const more = first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    if (more < 0 || first > 0xf4 || at + more >= bytes.length) return null;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (let i = 1; i <= more; i += 1) {
      const byte = bytes[at + i] ?? 0;
      if (byte >> 6 !== 2) return null;
      code = (code << 6) | (byte & 0x3f);
    }
    if (code < (SMALLEST[more] ?? 0) || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
      return null;
    at += more + 1;
    if (chunk.push(code) === CHUNK) {
      text += String.fromCodePoint(...chunk);
      chunk = [];
    }
  }
  return text + String.fromCodePoint(...chunk);
}
