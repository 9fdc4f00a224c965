// Strings as sequences of Unicode scalar values, as the language counts and indexes them (language
// 15.2). Strings without surrogates, which are nearly all, need no counting.

const SURROGATE = /[\ud800-\udfff]/;

/** Texts up to this many UTF-16 units are remembered apart, so that long ones stay known. */
const SHORT = 64;
/** Longer ones are not remembered, so that no memory is held by what nobody needs any more. */
const LONG = 2 ** 24;

/** The last text that was looked through: loops over a text ask about it again and again. */
let known = "";
let knownIsFlat = true;
/** The last short one. */
let short = "";
let shortIsFlat = true;
/** A place in it that was found last, so that the next one is near. */
let place = { index: 0, offset: 0 };

/** True when every scalar value is one UTF-16 unit, so that offsets and indexes agree. */
export function isFlat(text: string): boolean {
  if (text.length <= SHORT) return isShortFlat(text);
  if (text.length > LONG) return !SURROGATE.test(text);
  if (text !== known) {
    knownIsFlat = !SURROGATE.test(text);
    place = { index: 0, offset: 0 };
  }
  // An equal text is remembered as well: comparing with the same one next time takes no time.
  known = text;
  return knownIsFlat;
}

function isShortFlat(text: string): boolean {
  if (text === short) return shortIsFlat;
  short = text;
  shortIsFlat = true;
  for (let i = 0; i < text.length && shortIsFlat; i += 1)
    shortIsFlat = (text.charCodeAt(i) & 0xf800) !== 0xd800;
  return shortIsFlat;
}

/** Number of scalar values. */
export function scalarCount(text: string): number {
  if (isFlat(text)) return text.length;
  let count = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (!isLow(text.charCodeAt(i))) count += 1;
  }
  return count;
}

/** The scalar value at an index as a string; undefined outside 0 to count - 1. O(distance). */
export function scalarAt(text: string, index: number): string | undefined {
  if (index < 0) return undefined;
  if (isFlat(text)) return text[index];
  const offset = scalarOffset(text, index);
  const point = text.codePointAt(offset);
  return point === undefined ? undefined : String.fromCodePoint(point);
}

/** The scalar values from index `start` up to `end`, both clamped to the text. O(n). */
export function scalarSlice(text: string, start: number, end: number): string {
  const from = Math.max(0, start);
  const to = Math.max(from, end);
  if (isFlat(text)) return text.slice(from, to);
  return text.slice(scalarOffset(text, from), scalarOffset(text, to));
}

/**
 * UTF-16 offset of the scalar value at an index; the length for an index past the end. O(distance)
 * from the index that was asked for last, for a text that was, else O(index).
 */
export function scalarOffset(text: string, index: number): number {
  if (isFlat(text)) return Math.min(index, text.length);
  const isKnown = text === known && index >= place.index / 2;
  let { index: at, offset } = isKnown ? place : { index: 0, offset: 0 };
  for (; at > index; at -= 1) offset -= isLow(text.charCodeAt(offset - 1)) ? 2 : 1;
  for (; at < index && offset < text.length; at += 1)
    offset += isLow(text.charCodeAt(offset + 1)) ? 2 : 1;
  if (text === known) place = { index: at, offset };
  return offset;
}

/** Index of the scalar value at a UTF-16 offset that begins one: the inverse of scalarOffset. */
export function scalarIndex(text: string, offset: number): number {
  return scalarCount(text.slice(0, offset));
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
