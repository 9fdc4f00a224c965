// Joining byte strings, and the digest that stands for "none".

/** The 32 zero bytes; formats use them for "not bound". Never written to. */
export const ZERO32: Uint8Array = new Uint8Array(32);

/** All parts in one fresh array, in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const joined = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
