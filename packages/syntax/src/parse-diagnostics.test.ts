// Syntax diagnostics: code, exact place and message; one report per root cause; recovery; limits.

import { describe, expect, it } from "vitest";
import {
  CHAIN_LENGTH_MAX,
  dumpAst,
  NESTING_DEPTH_MAX,
  parseModule,
  SYNTAX_ERROR_COUNT_MAX,
} from "./index.ts";

/** `CODE «text at the span» message` of every diagnostic. */
function report(source: string): readonly string[] {
  const { diagnostics, file } = parseModule("test.lm", source);
  return diagnostics.map(({ code, span, message }) => {
    const found = file.source.text.slice(span.start, span.end);
    return `${code} «${found}» ${message}`;
  });
}

function codes(source: string): string {
  return parseModule("test.lm", source)
    .diagnostics.map((d) => d.code)
    .join(" ");
}

function tree(source: string): string {
  return dumpAst(parseModule("test.lm", source).module);
}

describe("one report with its place", () => {
  it.each([
    ["let = 1", "E0010 «=» expected a pattern, found `=`"],
    ["let x 1", "E0010 «1» expected `=` or `:` after the name of `let`, found a number"],
    ["let x\ny", "E0010 «» expected `=` or `:` after the name of `let`, found the end of the line"],
    ["a b", "E0010 «b» expected a new line or `;` after the statement, found `b`"],
    ["f(a b)", "E0010 «b» expected `,` or `)`, found `b`"],
    [
      "{a: 1, b}",
      "E0010 «b» expected an entry `key: value` as before it in this map, found an element",
    ],
    [
      "{a, b: 1}",
      "E0010 «1» expected an element as before it in this set, found an entry `key: value`",
    ],
    ["a..b..c", "E0010 «..» expected no second range operator, found `..`"],
    ["f() = 1", "E0010 «=» expected a new line or `;` after the expression, found `=`"],
    ["end", "E0010 «end» expected a declaration or statement, found `end`"],
    ["pub let x = 1", "E0010 «let» expected a declaration after `pub`, found `let`"],
    [
      "match x\n  [..a, ...b] -> 1\nend",
      "E0010 «...» expected at most one rest in a list pattern, found `...`",
    ],
    ['match x\n  "{a}" -> 1\nend', 'E0010 «"{a}"» expected a plain string, found a string'],
    [
      "match x\n  1..2.5 -> 1\nend",
      "E0010 «2.5» expected an Int like the start of the range, found a Float",
    ],
    [
      "match x\n  A 1\nend",
      "E0010 «1» expected `->` after the pattern or condition of an arm, found a number",
    ],
    ["let x", "E0011 «» expected `=` or `:` after the name of `let`, found the end of the input"],
    ["cell", "E0011 «» expected the name of the cell, found the end of the input"],
    ["f(1, 2", "E0012 «(» expected `,` or `)` to close `(`, found the end of the input"],
    ["f(1]", "E0012 «]» expected `,` or `)` to close `(`, found `]`"],
    ["a)", "E0012 «)» `)` closes no open bracket"],
    [")", "E0012 «)» `)` closes no open bracket"],
    ["cell f()\n  g(1\nend", "E0012 «(» expected `,` or `)` to close `(`, found `end`"],
    ["cell f()\n  x", "E0013 «» expected `end` for `cell`, found the end of the input"],
    ["cell f()\n  x\ncell g() = 1", "E0013 «cell» expected `end` for `cell`, found `cell`"],
    [
      "cell f()\n  if a\n    b\nend\ncell g() = 1",
      "E0013 «end» expected `end` for `if`, found an `end` in the column of an outer block",
    ],
    ["f(fn(x)\n  x\n)", "E0013 «)» expected `end` for `fn`, found `)`"],
    [
      "if a\n  while b\n    c\nelse\n  d\nend",
      "E0013 «else» expected `end` for `while`, found `else`",
    ],
    ["match a\n  B -> 1\ncell f() = 2", "E0013 «cell» expected `end` for `match`, found `cell`"],
    ["record A\n  x: Int\ncell f() = 2", "E0013 «cell» expected `end` for `record`, found `cell`"],
    ["enum A\n  X\nenum B\n  Y\nend", "E0013 «enum» expected `end` for `enum`, found `enum`"],
    ["let x: = 1", "E0014 «=» expected a type, found `=`"],
    ["cell f() ->\n  x\nend", "E0014 «x» expected a type, found `x`"],
    ["let x =\n  yield", "E0015 «yield» expected an expression, found `yield`"],
    ["yield\nx", "E0010 «» expected an expression, found the end of the line"],
    ["import\na", "E0010 «» expected the name of a module, found the end of the line"],
    ["cell (x) = 1\ncell g() = 1", "E0010 «=» expected `=>` and a value, or a block, found `=`"],
    ["cell f(x: ) = 1", "E0014 «)» expected a type, found `)`"],
    ["x is 3", "E0014 «3» expected a type, found a number"],
    ["1 +", "E0015 «» expected an expression, found the end of the input"],
    ["let x =\nlet y = 1", "E0015 «let» expected an expression, found `let`"],
    ["a = )", "E0015 «)» expected an expression, found `)`"],
    ["not", "E0015 «» expected an expression, found the end of the input"],
    ["x +=\n", "E0015 «» expected an expression, found the end of the input"],
    [
      "9223372036854775808",
      "E0004 «9223372036854775808» this number is above 9223372036854775807, the largest Int",
    ],
    [
      "a - 9223372036854775808",
      "E0004 «9223372036854775808» this number is above 9223372036854775807, the largest Int",
    ],
  ])("%j", (source, expected) => {
    expect(report(source).join("\n")).toBe(expected);
  });

  it("labels the block that has no end", () => {
    const [first] = parseModule("a.lm", "cell f()\n  if a\n    b\nend\n").diagnostics;
    expect(first?.labels?.[0]?.span).toEqual({ start: 11, end: 13 });
  });
});

describe("near misses", () => {
  it.each([
    ["E0010", "let x = 1; y\nf(a, b,)\n{a: 1, ...b}\na..(b..c)"],
    ["E0011", "let x = 1"],
    ["E0012", "f([{a: (1)}])"],
    ["E0013", "cell f()\n  if a\n    b\n  end\nend\ncell g() = 1"],
    ["E0014", "let x: Int = 1"],
    ["E0015", "1 +\n\n  # more\n  2"],
  ])("%s", (_code, source) => {
    expect(report(source)).toEqual([]);
  });
});

describe("soft and contextual keywords", () => {
  it("leaves the words alone as names", () => {
    const source =
      "let agent = 1\nagent.x\nmemory + 1\nhandle(x)\noffer = 2\nnursery\ncheckpoint(1)\n" +
      "effect expect schema T\npattern(x)\nhandle - 1\ngrant\nhandle[0]\ncomptime.x\n" +
      "let with = 1\nwith(x)\nobserve[0]\napprove.y\nperform\nresume + 1\nyielded\n" +
      "let handle = open()\nuse(handle)\nawait parallel\nf(checkpoint, handle)\n" +
      "active + 1\nuse = 2\nbind.effect\nmacro * 2\nextern\ngrant Chat\nmachine\n" +
      "state = 1\non(1)\nchild.x\nto - 1\nstages\nrole.x\nrole = 1\n{role: 1}\nf(role: 2)";
    expect(report(source)).toEqual([]);
  });

  it("keeps declarations apart from expressions by the next token", () => {
    expect(tree("type(x)\nmemory expect schema T\nhandler\nx")).toBe(
      "(call type x)\n(expect memory T)\nhandler\nx",
    );
  });
});

describe("recovery", () => {
  it("goes on with the next statement", () => {
    const source = "cell f()\n  let = 1\n  let y = 2\n  z z\n  w\nend\ncell g() = 3";
    expect(codes(source)).toBe("E0010 E0010");
    expect(tree(source)).toBe(
      "(cell f () _ (block (let <error> <error>) (let y 2) <error> w))\n(cell g () _ (expr 3))",
    );
  });

  it("takes the end of a broken block statement", () => {
    const source = "cell f()\n  if a b c\n    d\n  else\n    e\n  end\n  x\nend\ny";
    expect(codes(source)).toBe("E0010");
    expect(tree(source)).toContain("x))\ny");
  });

  it("keeps the end of the header's line", () => {
    expect(codes("cell f() 1 + end\ncell g() = 1")).toBe("E0015");
  });

  it("goes to the next item after a broken header", () => {
    const source = "cell f(x Int)\n  y\nend\nrecord R(a: Int)";
    expect(codes(source)).toBe("E0010");
    expect(tree(source)).toContain("(record R (a Int))");
  });

  it("recovers inside a lambda in brackets", () => {
    const source = "f(fn(x)\n  let = 1\n  x\nend, 2)\ny";
    expect(codes(source)).toBe("E0010");
    expect(tree(source)).toContain("2)\ny");
  });

  it("recovers in arms, records and enums", () => {
    expect(codes("match x\n  = -> 1\n  A -> 2\nend")).toBe("E0010");
    expect(codes("record A\n  x Int\n  y: Int\nend")).toBe("E0010");
    expect(codes("enum A\n  1\n  B\nend\nx")).toBe("E0010");
  });

  it("recovers from an error in an interpolation", () => {
    const source = 'cell f()\n  g("a{x y}b")\n  z\nend';
    expect(codes(source)).toBe("E0010");
    expect(tree(source)).toContain("z))");
  });

  it("reports at most ten syntax errors", () => {
    const source = "let = 1\n".repeat(SYNTAX_ERROR_COUNT_MAX + 5);
    expect(parseModule("a.lm", source).diagnostics).toHaveLength(SYNTAX_ERROR_COUNT_MAX);
  });

  it("reports lexical errors alone", () => {
    expect(codes('let = "a')).toBe("E0002");
  });
});

describe("limits", () => {
  const nest = (open: string, core: string, close: string, depth: number): string =>
    open.repeat(depth) + core + close.repeat(depth);

  it.each([
    ["parentheses", (n: number) => nest("(", "1", ")", n)],
    ["lists", (n: number) => nest("[", "1", "]", n)],
    ["minus", (n: number) => nest("- ", "1", "", n)],
    ["not", (n: number) => nest("not ", "a", "", n)],
    ["powers", (n: number) => nest("a ** ", "1", "", n)],
    ["try", (n: number) => nest("try ", "a", "", n)],
    ["types", (n: number) => `let x: ${nest("list[", "Int", "]", n)} = 1`],
    ["generator types", (n: number) => `let x: ${nest("yield ", "Int", "", n)} = 1`],
    ["patterns", (n: number) => `let ${nest("(", "a,", ",)", n).replace("a,,", "a,")} = 1`],
    ["blocks", (n: number) => nest("loop\n", "1\n", "end\n", n)],
    ["arrow lambdas", (n: number) => nest("fn() => ", "1", "", n)],
    ["interpolations", (n: number) => nest('"{a + ', "1", '}"', n)],
  ])("%s nest to the limit and no deeper", (_name, make) => {
    expect(codes(make(NESTING_DEPTH_MAX))).toBe("");
    expect(codes(make(NESTING_DEPTH_MAX + 1))).toBe("E0016");
  });

  it("bounds chains", () => {
    expect(codes(`a${" + a".repeat(CHAIN_LENGTH_MAX)}`)).toBe("");
    expect(codes(`a${" + a".repeat(CHAIN_LENGTH_MAX + 1)}`)).toBe("E0016");
    expect(codes(`a${".b".repeat(CHAIN_LENGTH_MAX + 2)}`)).toBe("E0016");
  });

  it.each([
    ["brackets", (n: number) => `let x = ${"(\n".repeat(n)}1${"\n)".repeat(n)}`],
    ["lists", (n: number) => `let x = ${"[\n".repeat(n)}1${",\n]".repeat(n)}`],
    ["blocks", (n: number) => `${"if a\n".repeat(n)}${"end\n".repeat(n)}`],
    ["lambdas", (n: number) => `${"f(fn(x)\n".repeat(n)}1\n${"end)\n".repeat(n)}`],
    ["types", (n: number) => `let x: ${"list[\n".repeat(n)}Int${"\n]".repeat(n)} = 1`],
    ["patterns", (n: number) => `match a\n  ${"(\n".repeat(n)}b${"\n)".repeat(n)} -> 1\nend`],
    ["operators", (n: number) => `let x = (1${" +\n1".repeat(4 * n)}\n)`],
  ])("reports %s over several lines once, and what follows as well", (_, make) => {
    const program = (body: string): string => `cell f()\n${body}\nend\ncell g() = )\n`;
    expect(codes(program(make(10)))).toBe("E0015");
    expect(codes(program(make(NESTING_DEPTH_MAX + 50)))).toBe("E0016 E0015");
  });

  it("survives extreme nesting", () => {
    for (const open of [
      "(",
      "[",
      "{",
      "-",
      "not ",
      "if a then ",
      "fn() ",
      "match ",
      '"{a(',
      "try ",
    ]) {
      expect(codes(open.repeat(20_000))).not.toBe("");
    }
  });
});
