// Durations and counts as section 22 prints them.
import { describe, expect, it } from "vitest";
import { formatBytes, formatCount, formatDuration, formatShare } from "./format.ts";
import { bar, clip, wrap } from "./text-table.ts";

describe("formats", () => {
  it.each([
    [0, "0 ns"],
    [999, "999 ns"],
    [1000, "1.000 us"],
    [999_999, "999.999 us"],
    [1_234_567, "1.234 ms"],
    [999_999_999, "999.999 ms"],
    [1_000_000_000, "1.000 s"],
    [61_050_000_000, "61.050 s"],
  ])("%i ns is %s", (ns, text) => {
    expect(formatDuration(ns)).toBe(text);
  });

  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1,000"],
    [1_234_567, "1,234,567"],
  ])("%i is %s", (count, text) => {
    expect(formatCount(count)).toBe(text);
  });

  it("writes shares and bytes", () => {
    expect(formatShare(1 / 3)).toBe("33.3 %");
    expect([formatBytes(1023), formatBytes(1024), formatBytes(7_497_318_400)]).toEqual([
      "1023 B",
      "1.0 KiB",
      "7.0 GiB",
    ]);
  });
});

describe("text", () => {
  it("clips to a width and takes control characters out", () => {
    expect(clip("abcdef", 4)).toBe("abc…");
    expect(clip("abcd", 4)).toBe("abcd");
    expect(clip("a\u001b[31mb\n", 20)).toBe("a\ufffd[31mb\ufffd");
  });

  it("wraps at spaces", () => {
    expect(wrap("  one two three", 9, "    ")).toEqual(["  one two", "    three"]);
  });

  it("shows a bar for any share above nothing", () => {
    expect([bar(0, 10), bar(0.001, 10), bar(0.5, 10), bar(2, 10)]).toEqual([
      "",
      "█",
      "█████",
      "██████████",
    ]);
  });
});
