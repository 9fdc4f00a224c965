// Digests of the log of a process, against the formula of formats 13.4 written out by hand.

import { describe, expect, it } from "vitest";
import { concatBytes, fromHex, sha256, toHex, utf8Encode } from "../hash/index.ts";
import { required } from "../result/result.ts";
import { stateLogNext, stateLogStart } from "./state-log.ts";

const hex = (text: string): Uint8Array => required(fromHex(text), "the text is hex");

describe("the log of a process (formats 13.4)", () => {
  it("begins with the name, and each version covers the one before", () => {
    const tag = utf8Encode("raster.process.v1\0");
    const text = (s: string): Uint8Array => concatBytes(new Uint8Array([s.length]), utf8Encode(s));
    const start = sha256(concatBytes(tag, new Uint8Array(32), text("Door#1"), hex("00")));
    expect(toHex(stateLogStart("Door#1"))).toBe(toHex(start));
    const given = hex("0102");
    const next = sha256(concatBytes(tag, start, text("machine.enter"), hex("02"), given));
    expect(toHex(stateLogNext(start, { kind: "machine.enter", given }))).toBe(toHex(next));
  });

  it("tells names, kinds and what was given apart", () => {
    const given = new Uint8Array([1]);
    const start = stateLogStart("A#1");
    const digests = [
      start,
      stateLogStart("A#2"),
      stateLogNext(start, { kind: "memory.append", given }),
      stateLogNext(start, { kind: "memory.store", given }),
      stateLogNext(start, { kind: "memory.append", given: new Uint8Array([2]) }),
      stateLogNext(stateLogStart("A#2"), { kind: "memory.append", given }),
    ];
    expect(new Set(digests.map(toHex)).size).toBe(digests.length);
  });
});
