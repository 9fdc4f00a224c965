// Habits from other languages: one report each, which says how it is written here.

import { describe, expect, it } from "vitest";
import { parseModule } from "./index.ts";

/** `«text at the span» help` of every diagnostic. */
function helps(body: string): readonly string[] {
  const source = `cell main()\n  ${body.replaceAll("\n", "\n  ")}\nend\n`;
  return told(source);
}

function told(source: string): readonly string[] {
  const { diagnostics, file } = parseModule("test.lm", source);
  return diagnostics.map(({ span, help }) => {
    return `«${file.source.text.slice(span.start, span.end)}» ${help ?? "nothing"}`;
  });
}

describe("in a body", () => {
  it.each([
    ["var x = 1\nx", "«var» A variable is bound with `let`: `let x = 1`."],
    ["val x: Int = 1\nx", "«val» A variable is bound with `let`: `let x = 1`."],
    ["const x = 1\nx", "«const» A variable is bound with `let`: `let x = 1`."],
    ["a && b", "«&» Write `and`."],
    ["a || b", "«|» Write `or`."],
    ["if !a\n  1\nend", "«!» Write `not`."],
    ["if a = 1\n  1\nend", "«=» `==` compares; `=` gives a variable its value."],
    ["a === b", "«=» Compare with `==`."],
    ["x++", "«++» Write `x += 1`."],
    ["while x < 3\n  x--\nend", "«--» Write `x -= 1`."],
    ["xs[0]++\nf()", "«++» Write `x += 1`."],
    [
      "try\n  f()\ncatch e\n  g(e)\nfinally\n  h()\nend",
      "«» Look into a result with `match` or `try value else other`; `defer` runs at the end of a cell.",
    ],
    ["let b = a ? 1 : 2", "«1» Write `if condition then a else b`."],
    ['print "hello"', '«"hello"» A call has parentheses: `print(x)`.'],
    ["send message", "«message» A call has parentheses: `send(…)`."],
    ['throw "no"', '«"no"» Fail with `halt(message)`, or give `err(reason)` as the result.'],
    [
      "switch x\n  1 -> 2\nend",
      "«x» Choose with `match value` and an arm `pattern -> result` for each case.",
    ],
    ["unless x\n  1\nend", "«x» Write `if not condition`."],
    [
      "if a == 1:\n  1\nend",
      "«:» A block begins on the next line without `:`, and ends with `end`.",
    ],
    [
      "for i in xs:\n  1\nend",
      "«:» A block begins on the next line without `:`, and ends with `end`.",
    ],
    ["// a comment", "«//» A comment begins with `#`."],
    ["/* a comment */", "«*» A comment begins with `#`."],
    [
      'let s = f"{x}"',
      '«"{x}"» A string with `{x}` in it needs no prefix; `r` and `b` are the prefixes ' +
        "that there are.",
    ],
    ["let xs: list<Int> = []", "«<» Type arguments stand in brackets: `list[Int]`."],
    ["map(xs, x -> x)", "«->» A lambda is `fn(x) => x + 1`."],
    ["let f = x => x", "«=>» A lambda is `fn(x) => x + 1`."],
    ["match x\n  1 => 2\nend", "«=>» An arm has a thin arrow: `pattern -> result`."],
    [
      "for (i = 0; i < 3; i++)\n  1\nend",
      "«=» Count with `for i in 0..n`; `while` repeats as long as a condition holds.",
    ],
    [
      "for (let i = 0; i < 3; i++)\n  1\nend",
      "«let» Count with `for i in 0..n`; `while` repeats as long as a condition holds.",
    ],
    [
      "for k, v in m\n  1\nend",
      "«,» Take a pair apart in parentheses: `for (key, value) in entries`.",
    ],
    [
      "let b = a with { x: 1 }",
      "«with» Assign to a copy: `let mut b = a`, then `b.field = value`; `a` stays as it was.",
    ],
    ["while a = 1\n  1\nend", "«=» `==` compares; `=` gives a variable its value."],
    ["let f => 1", "«=>» Write `=`: `cell f() = value`; `=>` stands in lambdas."],
  ])("%j", (body, expected) => {
    expect(helps(body)).toEqual([expected]);
  });

  it.each([
    ["if a {\n  1\n}", "Blocks have no braces: they end with `end`."],
    ["while a do\n  1\nend", "`while` and `for` take no `do`: it opens a block of its own."],
  ])("%j", (body, expected) => {
    expect(helps(body).map((text) => text.replace(/^«[^»]*» /, ""))).toContain(expected);
  });
});

describe("at top level", () => {
  it.each([
    [
      "def f(x)\n  1\nend\n",
      "«f» A function is a cell: `cell name(x: Int) -> Int`, its body, `end`.",
    ],
    [
      "fn f(x) -> Int\n  1\nend\n",
      "«f» A function is a cell: `cell name(x: Int) -> Int`, its body, `end`.",
    ],
    ["class A\n  x: Int\nend\n", "«A» A type with fields is a record: `record Name(field: Type)`."],
    ["interface A\n  1\nend\n", "«A» A `trait` lists the methods that types implement."],
    ["package a\n", "«a» A file is a module; its path is its name."],
    ['import a from "b"\n', "«from» Write `import path.to.module: name`."],
    ["cell f() {\n  return 1\n}\n", "«{» Blocks have no braces: they end with `end`."],
    ["cell f() {\n  x = 1\n}\n\ncell g() = 1\n", "«{» Blocks have no braces: they end with `end`."],
    ["cell f() {\n  1\n}\n", "«» Blocks have no braces: they end with `end`."],
  ])("%j", (source, expected) => {
    expect(told(source)).toEqual([expected]);
  });

  it("reports each block in braces once", () => {
    const braces = "«{» Blocks have no braces: they end with `end`.";
    const chain =
      "  if a {\n    return 1\n  } else if b {\n    return 2\n  } else {\n    return 3\n  }";
    expect(told(`cell f(a: Bool, b: Bool) -> Int\n${chain}\nend\n`)).toEqual(Array(3).fill(braces));
    expect(told("cell f(xs: list[Int])\n  for x in xs {\n    return x\n  }\nend\n")).toEqual([
      braces,
    ]);
    expect(told('cell f() -> map[String, Int] {\n  "a": 1\n}\nend\n')).toEqual([]);
  });

  it("says nothing where nothing is alike", () => {
    expect(told("cell f()\n  let = 1\nend\n")).toEqual([
      "«=» `==` compares; `=` gives a variable its value.",
    ]);
    expect(told("cell f()\n  [1, 2\nend\n")).toEqual(["«[» nothing"]);
    expect(told("var\n")).toEqual([]);
  });
});
