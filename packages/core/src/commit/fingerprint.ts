// Fingerprint files: a few bits of every prefix root of a run, and the audit that compares two
// (spec/formats.md 17). Bits are packed lowest first; blocks are little-endian, so the stream of
// bits is that of the bytes in order.

import { type Failure, failure, unsupportedVersion } from "../diagnostic/failure.ts";
import { equalBytes, sha256, toHex, utf8Encode } from "../hash/index.ts";
import { assert, assertNever, err, ok, type Result, required } from "../result/result.ts";

/** Format versions of fingerprint files that this release reads: the digit of the magic (2.1). */
export const FINGERPRINT_VERSIONS: readonly string[] = ["1"];

/** `bits_per_item` of a fingerprint when neither bits nor a window size are chosen (17.1). */
export const DEFAULT_BITS_PER_ITEM = 16;

const MAGIC = utf8Encode("RSTRFPR");
const HEADER_BYTES = 88;
const CHECK_BYTES = 8;
const BLOCK_BYTES = 8;
const WINDOW_MAX = 1024;
const BITS_MAX = 64;
/** Bits that a window of items exposes at least. */
const BITS_PER_WINDOW = 128;

/** How items are packed; `windowSize` 0: the bits were given directly. */
export interface FingerprintLayout {
  readonly bitsPerItem: number;
  readonly windowSize: number;
}

/** The content of a fingerprint file. `packed` holds whole blocks of 8 bytes, unused bits 0. */
export interface Fingerprint extends FingerprintLayout {
  readonly size: number;
  readonly schemaHash: Uint8Array;
  readonly root: Uint8Array;
  readonly packed: Uint8Array;
}

/** Layout for a number of bits, 1 to 64, else `E_USAGE`. */
export function layoutOfBits(bitsPerItem: number): Result<FingerprintLayout, Failure> {
  if (!isWithin(bitsPerItem, { min: 1, max: BITS_MAX })) {
    return err(failure("E_USAGE", "trace", "bits per item is a whole number from 1 to 64"));
  }
  return ok({ bitsPerItem, windowSize: 0 });
}

/** Layout for a fraud-proof window: a power of two from 2 to 1024, else `E_USAGE` (17.1). */
export function layoutOfWindow(windowSize: number): Result<FingerprintLayout, Failure> {
  if (!isWindow(windowSize)) {
    return err(failure("E_USAGE", "trace", "the window size is a power of two from 2 to 1024"));
  }
  return ok({ bitsPerItem: bitsOfWindow(windowSize), windowSize });
}

/** Collects the items of a run, one prefix root after the other. */
export class FingerprintBuilder {
  readonly #layout: FingerprintLayout;
  #size = 0;
  #packed: Uint8Array = new Uint8Array(64);

  constructor(layout: FingerprintLayout) {
    this.#layout = layout;
  }

  /** Adds the prefix root after the next leaf. Amortised O(1). */
  push(prefixRoot: Uint8Array): void {
    const { bitsPerItem } = this.#layout;
    const end = blockBytes(this.#size + 1, bitsPerItem);
    if (end > this.#packed.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#packed.length));
      grown.set(this.#packed);
      this.#packed = grown;
    }
    putItem(this.#packed, { bitsPerItem, index: this.#size }, prefixRoot);
    this.#size += 1;
  }

  /** The fingerprint of all leaves so far; `root` is their root. */
  finish(schemaHash: Uint8Array, root: Uint8Array): Fingerprint {
    const packed = this.#packed.slice(0, blockBytes(this.#size, this.#layout.bitsPerItem));
    return { ...this.#layout, size: this.#size, schemaHash, root, packed };
  }
}

/** Item `index`, the low bits of the prefix root after that leaf; below 2^bitsPerItem (17.1). */
export function fingerprintItem(fingerprint: Fingerprint, index: number): bigint {
  assert(index >= 0 && index < fingerprint.size, "the item exists");
  const { bitsPerItem, packed } = fingerprint;
  let item = 0n;
  for (let bit = 0; bit < bitsPerItem; bit += 1) {
    if (bitAt(packed, index * bitsPerItem + bit) === 1) item |= 1n << BigInt(bit);
  }
  return item;
}

/** Bytes of a fingerprint file (17.1). */
export function encodeFingerprint(fingerprint: Fingerprint): Uint8Array {
  const { bitsPerItem, windowSize, size, schemaHash, root, packed } = fingerprint;
  assert(packed.length === blockBytes(size, bitsPerItem), "one item per leaf is packed");
  const bytes = new Uint8Array(HEADER_BYTES + packed.length + CHECK_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC);
  bytes.set(utf8Encode("1"), MAGIC.length);
  bytes[8] = bitsPerItem;
  view.setUint32(12, windowSize, true);
  view.setBigUint64(16, BigInt(size), true);
  bytes.set(schemaHash, 24);
  bytes.set(root, 56);
  bytes.set(packed, HEADER_BYTES);
  const checkedBytes = HEADER_BYTES + packed.length;
  bytes.set(sha256(bytes.subarray(0, checkedBytes)).subarray(0, CHECK_BYTES), checkedBytes);
  return bytes;
}

/**
 * Reads a fingerprint file. Another digit in the magic is `E_UNSUPPORTED_VERSION`; any broken part
 * `E_MALFORMED` with `format` and the offset of that part (17.2).
 */
export function decodeFingerprint(
  bytes: Uint8Array,
  subject: string,
): Result<Fingerprint, Failure> {
  const broken = (offset: number, what: string): Result<Fingerprint, Failure> =>
    err(
      failure("E_MALFORMED", "load", `broken fingerprint file: ${what}`, {
        format: "fingerprint",
        subject,
        offset,
      }),
    );
  const found = String.fromCharCode(bytes[MAGIC.length] ?? 0);
  if (!equalBytes(bytes.subarray(0, MAGIC.length), MAGIC) || !/[0-9]/.test(found)) {
    return broken(0, "the magic is not RSTRFPR and a digit");
  }
  const supported = FINGERPRINT_VERSIONS;
  if (!supported.includes(found)) {
    return err(unsupportedVersion({ format: "fingerprint", found, supported, subject }));
  }
  if (bytes.length < HEADER_BYTES + CHECK_BYTES) return broken(bytes.length, "it is too short");
  const read = readLayout(bytes);
  if ("what" in read) return broken(read.offset, read.what);
  const { bitsPerItem, windowSize } = read.layout;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getBigUint64(16, true);
  const checkedBytes = BigInt(bytes.length - CHECK_BYTES);
  const blocks = (count * BigInt(bitsPerItem) + 63n) / 64n;
  if (checkedBytes !== BigInt(HEADER_BYTES) + blocks * BigInt(BLOCK_BYTES)) {
    return broken(16, "its length does not fit the number of leaves");
  }
  const size = Number(count);
  const packed = bytes.slice(HEADER_BYTES, bytes.length - CHECK_BYTES);
  const unused = firstSetBit(packed, size * bitsPerItem);
  if (unused !== null)
    return broken(HEADER_BYTES + Math.floor(unused / 8), "an unused bit is not 0");
  const check = sha256(bytes.subarray(0, bytes.length - CHECK_BYTES)).subarray(0, CHECK_BYTES);
  if (!equalBytes(check, bytes.subarray(bytes.length - CHECK_BYTES))) {
    return broken(bytes.length - CHECK_BYTES, "the check does not match");
  }
  const hashes = { schemaHash: bytes.slice(24, 56), root: bytes.slice(56, HEADER_BYTES) };
  return ok({ bitsPerItem, windowSize, size, ...hashes, packed });
}

/** Where two runs differ. `leaf`: the true divergence is there or, by chance, shortly before. */
export type AuditVerdict =
  | { readonly kind: "accepted" }
  | { readonly kind: "schema"; readonly expected: Uint8Array; readonly found: Uint8Array }
  | {
      readonly kind: "item";
      readonly leaf: number;
      readonly expected: bigint;
      readonly found: bigint;
    }
  | {
      readonly kind: "length";
      readonly leaf: number;
      readonly expected: number;
      readonly found: number;
    }
  | { readonly kind: "root"; readonly expected: Uint8Array; readonly found: Uint8Array };

/** Compares a fingerprint file with that of the own run, packed alike, in the order of 17.2. */
export function auditFingerprint(expected: Fingerprint, own: Fingerprint): AuditVerdict {
  assert(expected.bitsPerItem === own.bitsPerItem, "both fingerprints are packed alike");
  if (!equalBytes(expected.schemaHash, own.schemaHash)) {
    return { kind: "schema", expected: expected.schemaHash, found: own.schemaHash };
  }
  const common = Math.min(expected.size, own.size);
  const leaf = firstDifference(expected, own, common);
  if (leaf !== null) {
    const items = { expected: fingerprintItem(expected, leaf), found: fingerprintItem(own, leaf) };
    return { kind: "item", leaf, ...items };
  }
  if (expected.size !== own.size) {
    return { kind: "length", leaf: common, expected: expected.size, found: own.size };
  }
  if (!equalBytes(expected.root, own.root)) {
    return { kind: "root", expected: expected.root, found: own.root };
  }
  return { kind: "accepted" };
}

/** The `E_AUDIT_MISMATCH` of a verdict, or null if it accepts; `subject` is the file. */
export function auditFailure(verdict: AuditVerdict, subject: string): Failure | null {
  if (verdict.kind === "accepted") return null;
  const leaf = "leaf" in verdict ? { leaf: verdict.leaf } : {};
  return failure("E_AUDIT_MISMATCH", "verify", auditMessage(verdict), {
    domain: "verifiable",
    subject,
    details: {
      reason: verdict.kind,
      ...leaf,
      expected: sideText(verdict.expected),
      found: sideText(verdict.found),
    },
  });
}

function auditMessage(verdict: Exclude<AuditVerdict, { readonly kind: "accepted" }>): string {
  switch (verdict.kind) {
    case "schema":
      return "the runs are of different programs: their schemas differ";
    case "item":
      return `the runs diverge at or before leaf ${verdict.leaf}`;
    case "length":
      return `the run has ${verdict.found} leaves instead of ${verdict.expected}`;
    case "root":
      return "the runs diverge somewhere; the file does not say where, bisection can";
    default:
      return assertNever(verdict);
  }
}

function sideText(side: Uint8Array | bigint | number): string {
  return side instanceof Uint8Array ? toHex(side) : side.toString();
}

type LayoutRead =
  | { readonly layout: FingerprintLayout }
  | { readonly offset: number; readonly what: string };

function readLayout(bytes: Uint8Array): LayoutRead {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const bitsPerItem = view.getUint8(8);
  const windowSize = view.getUint32(12, true);
  if (view.getUint8(9) !== 0) return { offset: 9, what: "its flags are not 0" };
  if (view.getUint16(10, true) !== 0) return { offset: 10, what: "reserved bytes are not 0" };
  if (!isWithin(bitsPerItem, { min: 1, max: BITS_MAX })) {
    return { offset: 8, what: "bits per item is not from 1 to 64" };
  }
  if (windowSize === 0) return { layout: { bitsPerItem, windowSize } };
  if (!isWindow(windowSize)) {
    return { offset: 12, what: "the window size is not a power of two from 2 to 1024" };
  }
  if (bitsOfWindow(windowSize) !== bitsPerItem) {
    return { offset: 12, what: "window size and bits per item do not fit each other" };
  }
  return { layout: { bitsPerItem, windowSize } };
}

function isWithin(value: number, bounds: { readonly min: number; readonly max: number }): boolean {
  return Number.isInteger(value) && value >= bounds.min && value <= bounds.max;
}

function isWindow(size: number): boolean {
  return isWithin(size, { min: 2, max: WINDOW_MAX }) && (size & (size - 1)) === 0;
}

function bitsOfWindow(windowSize: number): number {
  return Math.max(1, Math.ceil(BITS_PER_WINDOW / windowSize));
}

function blockBytes(size: number, bitsPerItem: number): number {
  return Math.ceil((size * bitsPerItem) / 64) * BLOCK_BYTES;
}

// Bit positions exceed 2^31 in long runs, so they are divided, not shifted.
function bitAt(bytes: Uint8Array, position: number): number {
  const byte = required(bytes[Math.floor(position / 8)], "the bit is within the blocks");
  return (byte >> (position % 8)) & 1;
}

function putItem(
  packed: Uint8Array,
  at: { readonly bitsPerItem: number; readonly index: number },
  prefixRoot: Uint8Array,
): void {
  const start = at.index * at.bitsPerItem;
  for (let bit = 0; bit < at.bitsPerItem; bit += 1) {
    const position = start + bit;
    const byte = Math.floor(position / 8);
    const mask = bitAt(prefixRoot, bit) << (position % 8);
    packed[byte] = required(packed[byte], "the blocks have room") | mask;
  }
}

function firstSetBit(bytes: Uint8Array, from: number): number | null {
  for (let position = from; position < bytes.length * 8; position += 1) {
    if (bitAt(bytes, position) === 1) return position;
  }
  return null;
}

function firstDifference(a: Fingerprint, b: Fingerprint, items: number): number | null {
  const bits = items * a.bitsPerItem;
  for (let byte = 0; byte * 8 < bits; byte += 1) {
    if (a.packed[byte] === b.packed[byte]) continue;
    const end = Math.min(bits, byte * 8 + 8);
    for (let bit = byte * 8; bit < end; bit += 1) {
      if (bitAt(a.packed, bit) !== bitAt(b.packed, bit)) return Math.floor(bit / a.bitsPerItem);
    }
  }
  return null;
}
