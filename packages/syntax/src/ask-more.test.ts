// Finished and unfinished inputs, as somebody types them line by line.

import { describe, expect, it } from "vitest";
import { asksForMore } from "./ask-more.ts";

describe("asksForMore", () => {
  it.each([
    "cell f(n: Int) -> Int",
    "cell f(n: Int) -> Int\n  n + 1",
    "if true\n  print(1)\nelse",
    "1 +",
    "let x =",
    "let x:",
    "f(1,\n2",
    "[1,",
    "{",
    "match x\n  1 -> 2",
    'let s = """abc',
    'let s = r"""abc\n',
    "record",
    "machine D\n  state A",
    "for x in",
    "x.",
    "fn(x) =>",
  ])("more: %j", (text) => {
    expect(asksForMore(text)).toBe(true);
    expect(asksForMore(`${text}\n`)).toBe(true);
  });

  it.each([
    "",
    "# a comment",
    "1 + 1",
    "cell f(n: Int) -> Int = n",
    "if true\n  print(1)\nend",
    "let x = if true then 1",
    "1 + )",
    "end",
    '"abc',
    "`",
    "if true\n  1 + )\n",
    "import std.math",
  ])("enough: %j", (text) => {
    expect(asksForMore(text)).toBe(false);
  });
});
