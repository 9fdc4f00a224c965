// Where something that tier T3 needs is missing, opening it says what, in a line.

import { describe, expect, it } from "vitest";
import type { Ffi, ForeignLibrary } from "./ffi.ts";
import { openLibrary } from "./library.ts";
import { openMemory } from "./native-memory.ts";

/** A package whose libraries are these; all else is never asked for. */
function ffiWith(load: (path: string | null) => ForeignLibrary): Ffi {
  const never = (): never => {
    throw new Error("nothing else is asked for");
  };
  return {
    config: never,
    load,
    proto: never,
    pointer: never,
    decode: never,
    register: never,
    view: never,
  };
}

/** What a call of each function gives. */
const giving = (given: Readonly<Record<string, unknown>>): ForeignLibrary => ({
  func: (name) => () => given[name],
});

describe("opening tier T3", () => {
  it.skipIf(process.platform !== "linux")("says that the library is missing", () => {
    const tried: (string | null)[] = [];
    const opened = openLibrary(
      ffiWith((path) => {
        tried.push(path);
        throw new Error(`${path}: no such file\nand more`);
      }),
    );
    expect(tried).toEqual(["libLLVM.so.19.1", "libLLVM-19.so.1", "libLLVM-19.so"]);
    const error = "libLLVM 19 is not installed: libLLVM.so.19.1: no such file";
    expect(opened).toEqual({ ok: false, error });
  });

  it.each([
    [{ mmap: -1 }, "no addresses are left for its memory"],
    [{ mmap: 4096, mprotect: -1 }, "no memory is left for it"],
  ])("says that memory is missing: %o", (given, error) => {
    expect(openMemory(ffiWith(() => giving(given)))).toEqual({ ok: false, error });
  });
});
