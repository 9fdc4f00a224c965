// The memory of a sandbox as bytes: kept once, put back before every execution. What runs then
// finds the same machine, byte for byte, whatever ran before; and nothing is loaded twice.

/** A memory that grows: its buffer is another one then. */
export interface GrowingMemory {
  readonly buffer: ArrayBufferLike;
}

/** What a memory held. The gap is its stack, on which nothing stands between two calls. */
export interface MemoryImage {
  readonly below: Uint8Array;
  readonly above: Uint8Array;
  readonly gap: Gap;
}

/** Addresses that hold nothing worth keeping. */
export interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Finest part of memory that is looked at: what a memory grows by. */
const PAGE_BYTES = 65536;
const ZEROS = Buffer.alloc(PAGE_BYTES);

/** The longest run of zeros of a memory that only began: the stack that was not needed yet. */
export function longestGap(memory: GrowingMemory): Gap {
  const bytes = new Uint8Array(memory.buffer);
  const last = lastPage(bytes);
  let longest: Gap = { start: 0, end: 0 };
  let start = 0;
  for (let at = 0; at <= last; at += PAGE_BYTES) {
    if (isZero(bytes, at)) continue;
    if (at - start > longest.end - longest.start) longest = { start, end: at };
    start = at + PAGE_BYTES;
  }
  return longest;
}

/** What a memory holds now. */
export function takeImage(memory: GrowingMemory, gap: Gap): MemoryImage {
  const bytes = new Uint8Array(memory.buffer);
  const end = Math.max(lastPage(bytes) + PAGE_BYTES, gap.end);
  return { below: bytes.slice(0, gap.start), above: bytes.slice(gap.end, end), gap };
}

/**
 * Puts back what a memory held. Bytes behind the image are those of memory nobody has asked for.
 */
export function putImage(memory: GrowingMemory, image: MemoryImage): void {
  const bytes = new Uint8Array(memory.buffer);
  bytes.set(image.below, 0);
  bytes.set(image.above, image.gap.end);
}

function isZero(bytes: Uint8Array, page: number): boolean {
  return ZEROS.equals(bytes.subarray(page, page + PAGE_BYTES));
}

function lastPage(bytes: Uint8Array): number {
  let page = bytes.length - PAGE_BYTES;
  while (page > 0 && isZero(bytes, page)) page -= PAGE_BYTES;
  return page;
}
