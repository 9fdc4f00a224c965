// Tokens: literals and their values, strings, interpolation, NEWLINE rules, lexical diagnostics.

import { describe, expect, it } from "vitest";
import { dumpAst, extract, lex, parseModule } from "./index.ts";

function lexed(source: string) {
  return lex(extract("test.lm", source).value);
}

function kinds(source: string): string {
  const { value } = lexed(source);
  return value
    .slice(0, -1)
    .map((t) => (t.text === "" ? t.kind : t.text))
    .join(" ");
}

function value(source: string): unknown {
  return lexed(source).value[0]?.value;
}

function tree(source: string): string {
  const { module, diagnostics } = parseModule("test.lm", source);
  return [...diagnostics.map((d) => d.code), dumpAst(module)].join("\n");
}

describe("numbers", () => {
  it.each([
    ["0", 0n],
    ["1_000", 1000n],
    ["0xFf_0", 0xff0n],
    ["0X10", 16n],
    ["0b10_1", 5n],
    ["0o17", 15n],
    ["9223372036854775807", 9223372036854775807n],
    ["0x7fffffffffffffff", 9223372036854775807n],
    ["00000000000000000000000000001", 1n],
    ["1.5", 1.5],
    ["1_0.2_5", 10.25],
    ["1e3", 1000],
    ["1.5E-3", 0.0015],
  ])("%s", (source, expected) => {
    expect(value(source)).toBe(expected);
  });

  it.each([
    ["1..5", "int .. int"],
    ["t.0.1", "t . int . int"],
    ["5.", "int ."],
    ["1.x", "int . x"],
    ["1e", "int e"],
    ["0xg", "int xg"],
    ["0b2", "int b2"],
    ["1e+", "int e +"],
  ])("%s is %s", (source, expected) => {
    expect(kinds(source)).toBe(expected);
  });
});

describe("punctuation takes the longest match", () => {
  it.each([
    ["a<=>b", "a <=> b"],
    ["a<<=b", "a <<= b"],
    ["a**=b", "a **= b"],
    ["a?.b?[c]??d?", "a ?. b ?[ c ] ?? d ?"],
    ["a...b..=c", "a ... b ..= c"],
    ["a//=b", "a //= b"],
    ["x!=y!", "x != y !"],
    ["a|>b~>c", "a |> b ~> c"],
  ])("%s", (source, expected) => {
    expect(kinds(source)).toBe(expected);
  });
});

describe("strings", () => {
  it.each([
    ['"a\\n\\t\\r\\\\\\"\\\'\\0\\{\\}\\x41\\u{1F600}"', "a\n\t\r\\\"'\0{}A😀"],
    ['"\\q\\%"', "\\q\\%"],
    ['"{}"', "{}"],
    ['"{\\"k\\": 1}"', '{"k": 1}'],
    ['"a } b"', "a } b"],
    ["'a {x} \\n'", "a {x} \n"],
    ['r"a\\n{x}"', "a\\n{x}"],
    ['"é{é}"', "é{é}"],
    ['"""\n    a\n      b\n    """', "a\n  b"],
    ['"""a\n    b\n   c\\n"""', "a\n b\nc\n"],
    ['"""\n  a\n\n  b\n"""', "a\n\nb"],
    ['r"""\n  \\n {x}\n  """', "\\n {x}"],
    ['""""""', ""],
    ['"""a "quoted" b"""', 'a "quoted" b'],
  ])("%s", (source, expected) => {
    expect(lexed(source).diagnostics).toEqual([]);
    expect(value(source)).toBe(expected);
  });

  it("decodes bytes", () => {
    expect(value('b"00fFaB"')).toEqual(Uint8Array.of(0, 255, 171));
  });

  it("joins lines at a backslash", () => {
    expect(tree("let x \\\n   = 1")).toBe("(let x 1)");
  });
});

describe("interpolation", () => {
  it.each([
    ['"a{x}b"', '(str "a" x "b")'],
    ['"{ x }"', "(str x)"],
    ['"{join(xs, ", ")}"', '(str (call join xs ", "))'],
    ['"{f("{g("{x}")}")}"', "(str (call f (str (call g (str x)))))"],
    ['"{f({a: 1})}"', "(str (call f (map (a 1))))"],
    ['"{-x}{(x)}{[1]}{1}"', "(str (- x) x (list 1) 1)"],
    ['"{n:0>5}"', '(str (format n "0>5"))'],
    ['"{n::>5}"', '(str (format n ":>5"))'],
    ['"{n:#x}"', '(str (format n "#x"))'],
    ['"{n:+#08.3f}"', '(str (format n "+#08.3f"))'],
    ['"{n: ^9}"', '(str (format n " ^9"))'],
    ['"{n:😀<4}"', '(str (format n "😀<4"))'],
    ['"{m[a]:s}"', '(str (format ([] m a) "s"))'],
    ['"{f(k: 1):5}"', '(str (format (call f (k: 1)) "5"))'],
    ['"{x # c}"', "(str x)"],
    ['"""\n  a {f("""b""")}\n    {x}\n  """', '(str "a " (call f "b") "\\n  " x)'],
    ['"""{\n}"""', '"{\\n}"'],
    ['"""{f(\n 1,\n 2)}"""', "(str (call f 1 2))"],
    ['"{f(fn(x) => x)}"', "(str (call f (fn (x) (expr x))))"],
    ['"{r"a}"}"', '(str "a}")'],
  ])("%s", (source, expected) => {
    expect(tree(source)).toBe(expected);
  });

  it("splits a format spec into its fields", () => {
    const token = lexed('"{n:*^+#08.3e}"').value[0];
    const parts: unknown = token?.value;
    expect(parts).toMatchObject([
      {
        kind: "expr",
        span: { start: 1, end: 14 },
        format: {
          text: "*^+#08.3e",
          fill: "*",
          align: "^",
          sign: "+",
          alternate: true,
          zero: true,
          width: 8,
          precision: 3,
          type: "e",
          span: { start: 4, end: 13 },
        },
      },
    ]);
  });

  it.each([
    ['"{x:}"', "expected `}` or `:` and a format after the expression, found `:`"],
    ['"{x:zz}"', "expected `}` or `:` and a format after the expression, found `:`"],
    ['"{x y}"', "expected `}` or `:` and a format after the expression, found `y`"],
    ['"{a +}"', "expected an expression, found `}`"],
  ])("refuses %s", (source, message) => {
    expect(parseModule("a.lm", source).diagnostics.map((d) => d.message)).toEqual([message]);
  });

  it("keeps document offsets inside", () => {
    const source = 'let s = "ab{foo}"';
    const { module } = parseModule("a.lm", source);
    const [statement] = module.statements;
    const text = JSON.stringify(statement);
    expect(text).toContain(JSON.stringify({ start: 12, end: 15 }));
  });
});

describe("NEWLINE (language 2.1)", () => {
  it.each([
    ["a comment line does not end the expression", "a\n# c\n\n  + b", "(+ a b)"],
    ["brackets swallow line ends", "f(a\n  - b\n  (c)\n)", "(call f (- a (call b c)))"],
    [
      "a block in a bracket restores them",
      "f(fn()\n  a\n  (b)\nend)",
      "(call f (fn () (block a b)))",
    ],
    [
      "after the block they are swallowed again",
      "f(fn()\n  a\nend\n  - b)",
      "(call f (- (fn () (block a)) b))",
    ],
    ["|>", "a\n|> f()", "(|> a (call f))"],
    ["dot", "a\n  .b\n  ?.c", "(?. (. a b) c)"],
    ["words", "a\nand b\nor c\nis D\nas E", "(or (and a b) (as (is c D) E))"],
    ["in", "a\n  in b", "(in a b)"],
    ["other operators", "a\n* b\n// c\n?? d\n++ e", "(?? (// (* a b) c) (++ d e))"],
    ["minus deeper continues", "let x = a\n  - b", "(let x (- a b))"],
    ["minus at the same column does not", "let x = a\n- b", "(let x a)\n(- b)"],
    ["minus in a header does not", "if c\n  -b\nend", "(if c (block (- b)))"],
    [
      "minus of a pattern does not",
      "match x\n  -1 -> a\n  -2 -> b\nend",
      "(match x (-1 -> (block a)) (-2 -> (block b)))",
    ],
    [
      "minus of a precondition does not",
      "cell f(x) where x\n  -x\nend",
      "(cell f (x) _ (where x) (block (- x)))",
    ],
    ["( never continues", "a\n  (b)", "a\nb"],
    ["[ never continues", "a\n  [b]", "a\n(list b)"],
    ["an operand may start the next line", "let x =\n  1 +\n  2", "(let x (+ 1 2))"],
    ["a lambda value may too", "let f = fn(x) =>\n  x", "(let f (fn (x) (expr x)))"],
    [
      "an inline if in brackets",
      "f(if c then a\n else b)",
      "(call f (if c (block a) else (block b)))",
    ],
    ["; separates", "a; b;; c", "a\nb\nc"],
  ])("%s", (_name, source, expected) => {
    expect(tree(source)).toBe(expected);
  });
});

describe("lexical diagnostics", () => {
  const report = (source: string): readonly string[] =>
    lexed(source).diagnostics.map((d) => `${d.code} ${d.span.start}-${d.span.end}`);

  it.each([
    ["E0001", "a $ b", "E0001 2-3"],
    ["E0001 once for a run", "a $$éé b", "E0001 2-6"],
    ["E0001 for a lone backslash", "a \\ b", "E0001 2-3"],
    ["E0002", '"abc\nx', "E0002 0-4"],
    ["E0002 after a backslash", '"abc\\\nx', "E0002 0-5"],
    ["E0002 single quotes", "'abc", "E0002 0-4"],
    ["E0002 raw", 'r"abc\n"', "E0002 0-5|E0002 6-7"],
    ["E0002 triple", '"""abc\nx', "E0002 0-3"],
    ["E0002 in an interpolation", '"a{f(\n', "E0002 2-3"],
    ["E0002 once for nested strings", '"a{f("b\n', "E0002 2-3"],
    ["E0002 bytes", 'b"00', "E0002 0-4"],
    ["E0003", "if a\n    b\n  c\nend", "E0003 11-13"],
    ["E0004", "9223372036854775809", "E0004 0-19"],
    ["E0004 hexadecimal", "0xffffffffffffffffffff", "E0004 0-22"],
    ["E0004 Float", "1e999", "E0004 0-5"],
    ["E0005", 'b"0g"', "E0005 3-4"],
    ["E0005 odd", 'b"000"', "E0005 2-5"],
    ["E0006", '"\\u{D800}"', "E0006 1-9"],
    ["E0006 too large", '"\\u{110000}"', "E0006 1-11"],
    ["E0006 no brace", '"\\u41"', "E0006 1-3"],
    ["E0006 short", '"\\x4"', "E0006 1-3"],
    ["E0007", "x\n```\nabc", "E0007 2-5"],
  ])("%s", (_name, source, expected) => {
    expect(report(source).join("|")).toBe(expected);
  });

  it.each([
    ["E0001", '"$é" # $'],
    ["E0002", '"a" \'b\' r"c" """d\n"""'],
    ["E0003", "if a\n    b\nend\nf(\n      x,\n   y)\nlet z =\n     1 +\n   2\nz"],
    ["E0004", "9223372036854775807 -9223372036854775808 1e308"],
    ["E0005", 'b"" b"0aF0"'],
    ["E0006", '"\\u{10FFFF}\\u{0}\\x7f"'],
    ["E0007", "```\nabc\n```\nx"],
  ])("near miss of %s", (_code, source) => {
    expect(report(source)).toEqual([]);
  });
});

describe("roles", () => {
  const role = (source: string): unknown =>
    lexed(source).value.find((t) => t.kind === "role")?.value;
  it.each([
    ["role system: You're a {kind} helper  ", "system", ["You're a ", "expr", " helper"]],
    ["role user: hi end", "user", ["hi"]],
    ["f(role user: a, role x: b)", "user", ["a"]],
    ["role user:\n  a\n    b\nend", "user", ["a\n  b"]],
    ["  role user: |\n    a\n    b\n  x", "user", ["a\nb"]],
  ])("%s", (source, name, parts) => {
    const expected = parts.map((p) =>
      p === "expr" ? { kind: "expr" } : { kind: "text", value: p },
    );
    expect(role(source)).toMatchObject({ name, parts: expected });
  });

  it("leaves other uses of the word alone", () => {
    expect(tree("role = 1\nrole + 2\nf(role: 3)")).toBe(
      "(= role 1)\n(+ role 2)\n(call f (role: 3))",
    );
  });
});
