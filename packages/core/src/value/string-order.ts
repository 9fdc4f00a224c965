// Order of strings by Unicode scalar value, which is the order of their UTF-8 bytes and differs
// from JavaScript's order by UTF-16 units: U+FFFF is before U+10000 (formats 4.2, language 15.3).

/** Negative, zero or positive. */
export function compareStrings(a: string, b: string): number {
  if (a === b) return 0;
  const count = Math.min(a.length, b.length);
  for (let i = 0; i < count; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left === right) continue;
    if (left >= 0xd800 && right >= 0xd800) return rotate(left) - rotate(right);
    return left - right;
  }
  return a.length - b.length;
}

/** Moves surrogates, which begin the scalars above U+FFFF, behind the rest of the plane. */
function rotate(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}
