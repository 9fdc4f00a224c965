// The suggestion for a mistyped word.

import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.ts";

describe("nearest", () => {
  it.each([
    ["chekc", "check"],
    ["verfy", "verify"],
    ["ru", "run"],
    ["replai", "replay"],
    ["publish", null],
    ["", null],
  ])("of '%s' is %s", (word, expected) => {
    expect(nearest(word, ["check", "run", "replay", "verify"])).toBe(expected);
  });
});
