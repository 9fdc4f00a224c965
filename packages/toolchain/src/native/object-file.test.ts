// Files of native code: what was written is read, and nothing else is.

import { utf8Encode } from "@lumen/core/hash";
import { describe, expect, it } from "vitest";
import { decodeObject, encodeObject } from "./object-file.ts";

const KEY = "a".repeat(64);
const OBJECT = Uint8Array.from([0x7f, 10, 0, 255, 10]);
const FILE = encodeObject(KEY, OBJECT);

function changed(change: (bytes: Uint8Array) => void): Uint8Array {
  const copy = FILE.slice();
  change(copy);
  return copy;
}

describe("a file of native code", () => {
  it("holds what was made", () => {
    expect(decodeObject(FILE, KEY)).toEqual({ ok: true, value: OBJECT });
    expect(decodeObject(encodeObject(KEY, new Uint8Array()), KEY).ok).toBe(true);
  });

  it.each([
    ["of another key", FILE, "b".repeat(64), "it is the code of something else"],
    ["of another version", utf8Encode("lumen-object 2\na\nb\n"), KEY, "its version is"],
    ["of other things", utf8Encode("hello\na\nb\n"), KEY, "it is no native code of Lumen"],
    ["with nothing in it", new Uint8Array(), KEY, "it is no native code of Lumen"],
    ["cut off", FILE.subarray(0, FILE.length - 1), KEY, "it is damaged"],
    ["cut off in its head", FILE.subarray(0, 40), KEY, "it is no native code of Lumen"],
    ["with a byte more", Uint8Array.from([...FILE, 0]), KEY, "it is damaged"],
  ])("%s is refused", (_, bytes, key, error) => {
    const found = decodeObject(bytes, key);
    expect(found.ok ? "" : found.error).toContain(error);
  });

  it("is refused where any byte of it is another one", () => {
    for (let at = 0; at < FILE.length; at += 1) {
      const bytes = changed((copy) => {
        copy[at] = (copy[at] ?? 0) ^ 1;
      });
      expect(decodeObject(bytes, KEY).ok).toBe(false);
    }
  });
});
