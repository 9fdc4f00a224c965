// The formatter: what it changes and what it leaves alone, as a table of texts. That it keeps the
// tree, and that formatting twice is formatting once, is tested for every input here, and for many
// more by tests/fuzz.

import { describe, expect, it } from "vitest";
import { dumpAst, formatSource, parseModule } from "../index.ts";

function treeOf(path: string, text: string): string {
  return dumpAst(parseModule(path, text).module);
}

function format(text: string, path = "test.lm"): string {
  const { text: once, diagnostics } = formatSource(path, text);
  expect(diagnostics.map((d) => d.message)).toEqual([]);
  expect(treeOf(path, once)).toBe(treeOf(path, text));
  expect(formatSource(path, once).text).toBe(once);
  return once;
}

function check(cases: readonly (readonly [text: string, expected: string])[]): void {
  it.each(cases)("%j", (text, expected) => {
    expect(format(text)).toBe(expected);
  });
}

describe("blanks", () => {
  check([
    ["a=1+2*-3", "a = 1 + 2 * -3\n"],
    ["f( a ,b,k :1 )", "f(a, b, k: 1)\n"],
    ["f (a) [ 0 ] . b ?. c ?", "f(a)[0].b?.c?\n"],
    ["[ 1,2 ]\n{ a :1 ,...b }\n( a , )", "[1, 2]\n{a: 1, ...b}\n(a,)\n"],
    ["xs[0 .. n]\nfor i in 0 ..=n  i end", "xs[0..n]\nfor i in 0..=n i end\n"],
    ["not(a)\n~ a\n- a", "not (a)\n~a\n-a\n"],
    ["a|b|>c??d", "a | b |> c ?? d\n"],
    [
      "cell f[T:A+B](x:Int=1,...ys:T)->Int/{a,b}=x",
      "cell f[T: A + B](x: Int = 1, ...ys: T) -> Int / {a, b} = x\n",
    ],
    ["let t:fn(A)->B?|(C,)=x", "let t: fn(A) -> B? | (C,) = x\n"],
    ["xs|>map() do|x ,y|x end", "xs |> map() do |x, y| x end\n"],
    ["try f()else|e|e", "try f() else |e| e\n"],
    ["active pattern P(s)->|A|B | =s", "active pattern P(s) -> |A|B| = s\n"],
    ["use tool a . b @ 1.2 as C", "use tool a.b@1.2 as C\n"],
    ["cell f(x:File @ Open->Closed)=x", "cell f(x: File@Open -> Closed) = x\n"],
    ["comptime{1}\nmacro m ! ( a ) a end", "comptime { 1 }\nmacro m! (a) a end\n"],
    ["x! (y)\nx !(y)\nname!(y)\nx !\n", "x! (y)\nx !(y)\nname!(y)\nx!\n"],
    [
      "set[1]\nset [1]\nassert (a)\nassert(a)\nemit(a)",
      "set[1]\nset [1]\nassert (a)\nassert(a)\nemit(a)\n",
    ],
    ["1 .abs()\n1. 1\nx? .y\nx? [0]", "1 .abs()\n1. 1\nx? .y\nx? [0]\n"],
    ["@ test ( skip )cell f()=1", "@test(skip) cell f() = 1\n"],
    ["break @l  x; continue @l", "break @l x; continue @l\n"],
  ]);
});

describe("indentation", () => {
  check([
    [
      "cell f()\nif a\nb\nelse\nc\nend\nend",
      "cell f()\n  if a\n    b\n  else\n    c\n  end\nend\n",
    ],
    ["match x\nA -> 1\nB ->\n 2\n 3\nend", "match x\n  A -> 1\n  B ->\n    2\n    3\nend\n"],
    [
      "cell f()\n\tlet x = a\n\t\t|> b(fn(y)\n\ty\n\tend)\nend",
      "cell f()\n  let x = a\n    |> b(fn(y)\n      y\n    end)\nend\n",
    ],
    ["x |> f\n    |> g() do |y|\ny\n    end", "x |> f\n  |> g() do |y|\n    y\n  end\n"],
    [
      "handle\n f()\nwith\nA.b(x) =>\n resume(x)\nA.c() => 1\nend",
      "handle\n  f()\nwith\n  A.b(x) =>\n    resume(x)\n  A.c() => 1\nend\n",
    ],
    [
      "trait T\n cell f(self)\n @k\n cell g() = 1\nend",
      "trait T\n  cell f(self)\n  @k\n  cell g() = 1\nend\n",
    ],
    [
      "agent A\n    policy\n        a:  b\n          c  d\n    end\n    cell f() = 1\nend",
      "agent A\n  policy\n      a:  b\n        c  d\n  end\n  cell f() = 1\nend\n",
    ],
    [
      "cell f()\n    role a: |\n         one\n           two\n    x\nend",
      "cell f()\n  role a: |\n    one\n      two\n  x\nend\n",
    ],
    ["a = 1 \\\n+ 2\nb", "a = 1 \\\n  + 2\nb\n"],
    ["loop a\nb\nend\nloop a end", "loop\n  a\n  b\nend\nloop a end\n"],
    ["enum E\nA, B\nC\nend", "enum E\n  A, B\n  C\nend\n"],
    ["if c then a; b\nc\nend", "if c then\n  a; b\n  c\nend\n"],
  ]);
});

describe("comments and blank lines", () => {
  check([
    ["\n\n# a\n\n\n\nx  \n\n\n", "# a\n\nx\n"],
    ["x   # kept\nlonger=1 # moved", "x   # kept\nlonger = 1  # moved\n"],
    ["cell f()\n# a\nx\n  # b\n# c\nend\n# d", "cell f()\n  # a\n  x\n  # b\n# c\nend\n# d\n"],
    ["f(a # one\n, b # two\n# three\n)", "f(\n  a,  # one\n  b,  # two\n  # three\n)\n"],
    [
      "enum E\n      ```\n      Doc\n        more\n      ```\n      cell m() = 1\nend",
      "enum E\n  ```\n  Doc\n    more\n  ```\n  cell m() = 1\nend\n",
    ],
    ['x = """\n   a\n     b  \n   """', 'x = """\n   a\n     b  \n   """\n'],
    ['x = "a{ b+1 }c"', 'x = "a{ b+1 }c"\n'],
  ]);
});

describe("lists", () => {
  const long = (count: number): string =>
    Array.from({ length: count }, () => "argument").join(", ");
  const lines = (count: number): string => "  argument,\n".repeat(count);
  check([
    ["f(a,\n b)", "f(\n  a,\n  b,\n)\n"],
    ["f(\na)\nf(\n)", "f(\n  a,\n)\nf()\n"],
    ["f(fn(x)\nx\nend, 2)", "f(fn(x)\n  x\nend, 2)\n"],
    ["f(a +\n b, c)", "f(a +\n  b, c)\n"],
    ["x = (\na + b\n)", "x = (\n  a + b\n)\n"],
    ["[x for x in\n xs]", "[x for x in\n  xs]\n"],
    [`call(${long(9)})`, `call(${long(9)})\n`],
    [`call(${long(10)})`, `call(\n${lines(10)})\n`],
    [`f(1) + call(${long(10)})`, `f(1) + call(\n${lines(10)})\n`],
    [`let y = ${"a + ".repeat(30)}f(1)`, `let y = ${"a + ".repeat(30)}f(1)\n`],
  ]);
});

describe("documents", () => {
  const format_ = (text: string): string => format(text, "test.lm.md");

  it("changes nothing but code", () => {
    const text =
      "#  Title  \n\n\n\n* a\n```js\nx=1\n```\n```lumen\nx=1\n```\n```lumen skip\nx=1\n```\nend";
    expect(format_(text)).toBe(text.replace("```lumen\nx=1", "```lumen\nx = 1"));
  });

  it("keeps what lists and quotes put before lines", () => {
    const text =
      "- a\n\n  ```lumen\n  if a\n  b\n\n\n  end\n  ```\n\n> ```lm\n> f(a,\n>\n> b)\n> ```\n";
    expect(format_(text)).toBe(
      "- a\n\n  ```lumen\n  if a\n    b\n\n  end\n  ```\n\n> ```lm\n> f(\n>   a,\n>\n>   b,\n> )\n> ```\n",
    );
  });

  it("keeps line ends and byte order mark", () => {
    const text = "\ufeffText\r\n\n```lumen\r\nx=1\r\ny=2\r\n```\r\nmore\n";
    expect(format_(text)).toBe("\ufeffText\r\n\n```lumen\r\nx = 1\r\ny = 2\r\n```\r\nmore\n");
  });
});

describe("finds of the fuzzer", () => {
  it.each([
    // Text of a role ends by its column, also before comments and continued lines.
    "cell ()role r:|\nt end",
    "cell()-role a:|\n>i\nend",
    "cell ()(([[][2,role a:|\n[3],]]))end",
    "pipeline A e role r:|\n t\n#\n e#\nend",
    "memory S cell e()end\n k:[\n  (fn()role r:|\n#\n   {}e\n  end,1)]\nend",
    // A soft word at the end of a line is a name where the lines below belong to a header.
    "cell ()role r:end]\n\tmatch do\n[(),..]->end\nend",
    "cell f()\n  while handle\n    x\n  end\nend",
    "cell f()\n  g([2, handle\n  [3]], nursery\n  (1))\nend",
    "cell f() handle\nx end",
    // Metadata has columns too (E0003).
    "machine D\n  t in\nd\n   x\n  d\nend",
    "agent e\nr\n  )\n    s\n |d\n  )\nend",
    'pipeline P f(()\n   )\n (\n)""\n c\nend',
    "eval h\n  n do\n   ee\nend",
    "orchestration A\ndo\n        i\n         )\n        e\nend",
    '``````\n@e("")\n y:#\n e\ncell h()=1',
    // In a trait the first line of a body can look like the next member.
    "trait A cell e()@t()\n  role r:|\n  e end\nend",
    "cell f()=1. 1",
    "handle\nwith\nend",
    "f(do\n  , nursery\n  )",
    "[checkpoint\n]",
    "agent r\n  o\n  end t(end",
    "agent x x\na\nend",
    "machine e M n#\n d\nend",
    "machine M\nn\nend:\nend",
    "record A\n  @key\n  x: Int\n  @a @b\n  y: Int\nend",
    "machine D e t\n\\\nd\nend",
    "pipeline P\n  a: 1\n  x\n  end k: 2 end",
    "pipeline P k:(fn()\n end)\nu\nend",
    "orchestration e\nr role r: end\nend",
  ])("keeps the tree of %j", (text) => {
    format(text);
  });

  it.each([
    ">```lumen\n>role r:\n>\n>e",
    ">```lumen\n>pipeline e\n>end",
    "```lumen\nrole a:\n    ```",
    "> ```lumen\n> cell f()\n>   role r:|\n>\n>     text\n> end\n> ```\n",
    " ```lumen\n if x\n   #\n end\n ```\n",
  ])("keeps the tree of document %j", (text) => {
    format(text, "test.lm.md");
  });
});

describe("mistakes", () => {
  it.each(["let = 1", '"open', "f(", "cell f()\n  x"])("leave %j as it is", (text) => {
    const formatted = formatSource("test.lm", text);
    expect(formatted.text).toBe(text);
    expect(formatted.diagnostics).toHaveLength(1);
  });
});

describe("code in a file for documents", () => {
  it.each([
    "    ```lumen\nimport ```",
    "    ```lumen\ncell()end\n```",
  ])("stays as it is where its layout would make it a document: %j", (text) => {
    expect(formatSource("test.lm.md", text)).toEqual({ text, diagnostics: [] });
    expect(formatSource("test.lm", text).text).not.toBe(text);
  });
});

describe("time", () => {
  it.each([
    ["a long list", `[${"1, ".repeat(50_000)}]`],
    ["a list of lists", `[${"[1, 2], ".repeat(20_000)}]`],
    ["statements on one line", "f(1); ".repeat(20_000)],
    ["many sections", `agent A\n${"  a\n    b (\n".repeat(15_000)}end`],
    ["nested lists", `${"[".repeat(200)}${"a, ".repeat(200)}${"]".repeat(200)}`],
    ["comments", "# a\n".repeat(100_000)],
  ])("%s", (_name, text) => {
    const before = performance.now();
    expect(formatSource("long.lm", text).diagnostics).toEqual([]);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
