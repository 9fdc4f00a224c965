// What `eval` answers, and why it does not.

import { displayNested } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { evaluateExpression } from "./eval.ts";

function evaluated(text: string): string {
  const found = evaluateExpression(text);
  return found.ok ? displayNested(found.value) : `no value: ${found.error}`;
}

describe("eval", () => {
  it.each([
    ["1 + 2 * 3", "7"],
    ['{"a": [1, null, "x"]}', '{"a": [1, null, "x"]}'],
    ["1 # a comment", "1"],
    ["map([1, 2],\n  fn(x) => x * x)", "[1, 4]"],
    ["comptime\n  let n = 2\n  n * 21\nend", "42"],
  ])("of %j", (text, value) => {
    expect(evaluated(text)).toBe(value);
  });

  it.each([
    ["", "it is not one expression"],
    ["1)\ncell other() -> Int = (2", "it is not one expression"],
    ["1 +", "E0015 2:1 expected an expression, found `)`"],
    ["[1,\n nothing]", "E0201 2:2 undefined variable 'nothing'"],
    ["print(1)", "the expression performs emit"],
    ['read_file("x")', "the expression performs fs"],
    ["1 // 0", "division by zero"],
    ["loop\nend", "fuel exhausted"],
    ["fn(x) => x", "the value has no JSON form"],
  ])("of %j fails", (text, why) => {
    expect(evaluated(text)).toBe(`no value: ${why}`);
  });
});
