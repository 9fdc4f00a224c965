// Wire bytes (spec/formats.md 4) inside a guest: where they are read from and written to. Part of
// the code of every tile, so small, and without imports.

/** Bytes that are not the canonical encoding of a value of the type that is read. */
export class Undecodable extends Error {
  readonly reason: string;
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(`${reason} at byte ${offset}`);
    this.reason = reason;
    this.offset = offset;
  }
}

/** A value that its type cannot hold. */
export class Unencodable extends Error {}

/** A position in bytes. */
export interface Input {
  readonly bytes: Uint8Array;
  at: number;
}

/** Bytes that grow, and the place inside the value that is written now. */
export interface Output {
  bytes: Uint8Array;
  length: number;
  readonly path: (string | number)[];
}

/** An output without bytes. */
export function newOutput(): Output {
  return { bytes: new Uint8Array(64), length: 0, path: [] };
}

/** The bytes that were written; a copy. */
export function written(output: Output): Uint8Array {
  return output.bytes.slice(0, output.length);
}

/** Refuses the bytes from `offset`. */
export function undecodable(reason: string, offset: number): never {
  throw new Undecodable(reason, offset);
}

/** Refuses the value that is written now. */
export function unencodable(output: Output, expected: string, found: unknown): never {
  throw new Unencodable(`${pathText(output.path)}: expected ${expected}, found ${shown(found)}`);
}

function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, part) => text + (typeof part === "number" ? `[${part}]` : `.${part}`),
    "$",
  );
}

/** A value in a message: its kind, and what it is where that is short and the same everywhere. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "nothing";
    case "string":
      return value.length > 40 ? "a string" : `"${value}"`;
    case "number":
      return `the number ${value}`;
    case "bigint":
      return `the bigint ${value}n`;
    case "boolean":
      return `${value}`;
    case "object":
      return value === null ? "null" : Array.isArray(value) ? "an array" : objectName(value);
    default:
      return `a ${typeof value}`;
  }
}

function objectName(value: object): string {
  if (value instanceof Map) return "a Map";
  if (value instanceof Set) return "a Set";
  if (value instanceof Uint8Array) return "a Uint8Array";
  return "then" in value ? "a Promise" : "an object";
}

/** Makes room for `count` more bytes; gives where they begin, and counts them as written. */
function grow(output: Output, count: number): number {
  const at = output.length;
  const needed = at + count;
  if (needed > output.bytes.length) {
    const larger = new Uint8Array(Math.max(needed, output.bytes.length * 2));
    larger.set(output.bytes);
    output.bytes = larger;
  }
  output.length = needed;
  return at;
}

export function writeByte(output: Output, byte: number): void {
  const at = grow(output, 1);
  output.bytes[at] = byte;
}

export function writeRaw(output: Output, bytes: Uint8Array): void {
  const at = grow(output, bytes.length);
  output.bytes.set(bytes, at);
}

/** An integer from 0 to 2^53 - 1 as a varint. */
export function writeCount(output: Output, count: number): void {
  let rest = count;
  for (; rest >= 128; rest = Math.floor(rest / 128)) writeByte(output, (rest % 128) | 128);
  writeByte(output, rest);
}

/** An integer from 0 to 2^64 - 1 as a varint. */
export function writeBig(output: Output, value: bigint): void {
  let rest = value;
  for (; rest >= 128n; rest >>= 7n) writeByte(output, Number(rest & 127n) | 128);
  writeByte(output, Number(rest));
}

export function readByte(input: Input): number {
  const byte = input.bytes[input.at];
  if (byte === undefined) return undecodable("end-of-input", input.at);
  input.at += 1;
  return byte;
}

/** Steps over `count` bytes; gives where they begin. */
export function take(input: Input, count: number): number {
  const start = input.at;
  if (count > input.bytes.length - start) undecodable("end-of-input", start);
  input.at = start + count;
  return start;
}

/** A count that no allocation is made for before the bytes were seen: items of an array. */
export function checkCount(input: Input, count: number, itemBytesMin: number): void {
  if (itemBytesMin > 0 && count * itemBytesMin > input.bytes.length - input.at)
    undecodable("end-of-input", input.at);
}

/**
 * The bytes of a varint, lowest seven bits first: at most `bytesMax` of them, the last one at most
 * `lastMax`; minimal.
 */
function varintGroups(input: Input, bytesMax: number, lastMax: number): readonly number[] {
  const start = input.at;
  const groups: number[] = [];
  while (groups.length < bytesMax) {
    const byte = input.bytes[start + groups.length] ?? undecodable("end-of-input", start);
    groups.push(byte & 127);
    if (byte >= 128) continue;
    if (groups.length === bytesMax && byte > lastMax) undecodable("varint-overflow", start);
    if (byte === 0 && groups.length > 1) undecodable("non-minimal-varint", start);
    input.at = start + groups.length;
    return groups;
  }
  return undecodable("varint-too-long", start);
}

/** A varint of at most 32 bits. */
export function readNarrow(input: Input, bytesMax: number, lastMax: number): number {
  return varintGroups(input, bytesMax, lastMax).reduceRight((sum, group) => sum * 128 + group, 0);
}

/** A varint of at most 64 bits. */
export function readBig(input: Input): bigint {
  const groups = varintGroups(input, 10, 1);
  return groups.reduceRight((sum, group) => (sum << 7n) | BigInt(group), 0n);
}

/** A count of items that have at least `itemBytesMin` bytes each: never more than there can be. */
export function readCount(input: Input, itemBytesMin: number): number {
  const start = input.at;
  const wide = readBig(input);
  if (wide > 0x7fff_ffffn) undecodable("length-exceeds-input", start);
  const count = Number(wide);
  if (itemBytesMin === 0) {
    if (count > 2 ** 20) undecodable("too-large", start);
  } else if (count * itemBytesMin > input.bytes.length - input.at) {
    undecodable("end-of-input", start);
  }
  return count;
}
