// The memory of native code: a range of addresses that never moves. All that 32 bits and an offset
// can name is in the range, and what is not memory may not be touched: an address that is wrong,
// which is our mistake, ends the process and never writes to somebody else's memory.

import { err, ok, type Result } from "@lumen/core/result";
import { type EngineMemory, PAGE_BYTES, PAGES_MAX, PAGES_MIN } from "@lumen/vm/numeric";
import type { Address, Ffi } from "./ffi.ts";
import { HEADER } from "./ir/instructions.ts";

const NO_ACCESS = 0;
const READ_AND_WRITE = 3;
/** Private, of no file, no room set aside: what is never touched is never there. */
const FLAGS = 0x02 | 0x20 | 0x4000;

/** Before the memory: the header, at its end. */
const HEADER_BYTES = PAGE_BYTES;
/** An address and an offset, of 32 bits each. */
const REACHED_BYTES = 2 ** 33;

/** A memory; pages are counted before its first byte, where generated code counts them too. */
export class NativeMemory implements EngineMemory {
  /** Of the first byte. */
  readonly address: Address;
  private readonly ffi: Ffi;
  private readonly counts: DataView;
  private seen: ArrayBuffer = new ArrayBuffer(0);

  constructor(ffi: Ffi, start: Address) {
    this.ffi = ffi;
    this.address = start + BigInt(HEADER_BYTES);
    this.counts = new DataView(ffi.view(start, HEADER_BYTES));
    this.setCount("pages", PAGES_MIN);
    this.setCount("pagesMax", PAGES_MAX);
  }

  get buffer(): ArrayBuffer {
    const bytes = this.count("pages") * PAGE_BYTES;
    if (this.seen.byteLength !== bytes) this.seen = this.ffi.view(this.address, bytes);
    return this.seen;
  }

  grow(pages: number): number {
    const has = this.count("pages");
    if (has + pages > PAGES_MAX) return -1;
    this.setCount("pages", has + pages);
    return has;
  }

  private count(name: keyof typeof HEADER): number {
    return this.counts.getInt32(HEADER_BYTES + HEADER[name], true);
  }

  private setCount(name: keyof typeof HEADER, value: number): void {
    this.counts.setInt32(HEADER_BYTES + HEADER[name], value, true);
  }
}

/** A memory with its first pages, or why there is none. */
export function openMemory(ffi: Ffi): Result<NativeMemory, string> {
  const own = ffi.load(null);
  const map = own.func("mmap", "int64", ["void *", "size_t", "int", "int", "int", "int64"]);
  const protect = own.func("mprotect", "int", ["int64", "size_t", "int"]);
  const mapped = map(null, HEADER_BYTES + REACHED_BYTES, NO_ACCESS, FLAGS, -1, 0);
  const start = BigInt(Number(mapped));
  if (start === -1n) return err("no addresses are left for its memory");
  const used = HEADER_BYTES + PAGES_MAX * PAGE_BYTES;
  if (protect(start, used, READ_AND_WRITE) !== 0) return err("no memory is left for it");
  return ok(new NativeMemory(ffi, start));
}
