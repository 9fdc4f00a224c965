// Every construct with its tree, as a table: source → `dumpAst`.

import { describe, expect, it } from "vitest";
import { dumpAst, parseModule } from "./index.ts";

function tree(source: string): string {
  const { module, diagnostics } = parseModule("test.lm", source);
  const problems = diagnostics.map((d) => `${d.code} ${d.message}`);
  return [...problems, dumpAst(module)].join("\n");
}

function check(cases: readonly (readonly [source: string, expected: string])[]): void {
  it.each(cases)("%s", (source, expected) => {
    expect(tree(source)).toBe(expected);
  });
}

describe("items", () => {
  check([
    ["cell double(x: Int) -> Int = x * 2", "(cell double ((x Int)) Int (expr (* x 2)))"],
    ["cell sq(x: Int) -> Int x * x end", "(cell sq ((x Int)) Int (block (* x x)))"],
    ["async cell f() end", "(async-cell f () _ (block))"],
    [
      "pub cell f[T: Ord + Show, U](x: own T, y = 1, ...zs: U) -> (T, U)? / {emit, fs} " +
        "where y > 0\nend",
      "(cell pub f [T:Ord+Show U] ((x own T) (y = 1) (...zs U)) (tuple T U)? / {emit fs} " +
        "(where (> y 0)) (block))",
    ],
    ["cell f(own: own) / emit = own", "(cell f ((own own)) _ / {emit} (expr own))"],
    ["cell f(self) = self.x", "(cell f (self) _ (expr (. self x)))"],
    [
      "record A[T]\n  x: Int = 0 where x >= 0\n  @k end: list[T]\nend",
      "(record A [T] (x Int = 0 (where (>= x 0))) (@k end list[T]))",
    ],
    ["record P(x: Int, y: Int,)", "(record P (x Int) (y Int))"],
    ["record P(x: Int) end\nrecord Q\nend", "(record P (x Int))\n(record Q)"],
    [
      "record A\n  x: Int\n  migrate\n    whatever 1 +\n  end\n  y: Int\nend",
      '(record A (x Int) (y Int) (section migrate "whatever 1 +"))',
    ],
    [
      "enum E[T]\n  A, B\n  C(Int, n: T)\n  D(T) -> E[Int]\n  cell m(self) -> Int = 1\nend",
      "(enum E [T] A B (C Int n:T) (D T -> E[Int]) (cell m (self) Int (expr 1)))",
    ],
    ["type Age = Int where self >= 0", "(type Age Int (where (>= self 0)))"],
    ["type Pair[A] = (A, A)", "(type Pair [A] (tuple A A))"],
    ["const A: Int = 1\nconst B = 2", "(const A Int 1)\n(const B 2)"],
    [
      "import a.b\nimport c: *\npub import d: X, y as z,\n  w",
      "(import a.b)\n(import c *)\n(import pub d X (y as z) w)",
    ],
    [
      '@test(skip, name: "n")\n@deprecated "no"\ncell f() end',
      '(cell (@test skip (name: "n")) (@deprecated "no") f () _ (block))',
    ],
    [
      '@strict false\n@feature "x y"\n@edition\n1',
      '(directive strict "false")\n(directive feature "x y")\n(directive edition)\n1',
    ],
    ["@mine false\n", '(directive mine "false")'],
    ["```md\n  Doc\n    more\n```\n\ncell f() end", '(cell (doc "Doc\\n  more") f () _ (block))'],
    ["```\nDoc\n```\n# no\ncell f() end", "(cell f () _ (block))"],
    ["let x = 1\n```\nDoc\n```\nx", "(let x 1)\nx"],
    [
      "record R\n  x: Int\nend\nx = R(x: 1)\nx.x += 1",
      "(record R (x Int))\n(= x (call R (x: 1)))\n(+= x.x 1)",
    ],
  ]);
});

describe("types", () => {
  const typed = (type: string, expected: string): readonly [string, string] => [
    `let v: ${type} = 1`,
    `(let v ${expected} 1)`,
  ];
  check([
    typed("Int", "Int"),
    typed("a.b.C[D, list[E]]", "a.b.C[D list[E]]"),
    typed("Null", "Null"),
    typed("null", "Null"),
    typed("Int?", "Int?"),
    typed("Int??", "Int??"),
    typed("()", "(tuple)"),
    typed("(Int)", "Int"),
    typed("(Int,)", "(tuple Int)"),
    typed("(A, B)", "(tuple A B)"),
    typed("A | B | C", "(| A B C)"),
    typed("A & B | C", "(| (& A B) C)"),
    typed("fn(A, B) -> C / {emit}", "(fn (A B) C / {emit})"),
    typed("fn(A)", "(fn (A) Any)"),
    typed("(A) -> (B) -> C", "(fn (A) (fn (B) C))"),
    typed("(A) -> B | C", "(fn (A) (| B C))"),
    typed("yield Int?", "(yield Int?)"),
    typed("result[Int, String]", "result[Int String]"),
  ]);
});

describe("statements", () => {
  check([
    ["let mut (a, _) = t", "(let mut (tuple a _) t)"],
    ["let [x, ...r, y] = xs", "(let (list x ...r y) xs)"],
    ["let {a, b} = r", "(let (fields a b) r)"],
    ["let P(x: a, y:, ..) = p", "(let P(x:a y: ..) p)"],
    ["@hint(x)\nlet a = 1", "(let (@hint x) a 1)"],
    ["a.b[i].0 = 1", "(= a.b[i].0 1)"],
    ["a **= 2; b <<= 1", "(**= a 2)\n(<<= b 1)"],
    ["emit x; emit (x); emit = 1; emit[0]", "(emit x)\n(emit x)\n(= emit 1)\n([] emit 0)"],
    ["emit(x)", "(emit x)"],
    ['assert a, "m"\nassert(a, b)\nassert (a)', '(assert a "m")\n(call assert a b)\n(assert a)'],
    ['halt("x")\nhalt m', '(halt "x")\n(halt m)'],
    ["cell f() return end", "(cell f () _ (block (return)))"],
    ["cell f()\n  return\n  x\nend", "(cell f () _ (block (return) x))"],
    ["cell f()\n  defer close(h) end\nend", "(cell f () _ (block (defer (block (call close h)))))"],
    [
      "cell f()\n  cell g(x) = x\n  record R(a: Int)\n  enum E\n    A\n  end\nend",
      "(cell f () _ (block (cell g (x) _ (expr x)) (record R (a Int)) (enum E A)))",
    ],
    [
      "for @o x in xs if x > 1\n  break @o x\n  continue @o\nend",
      "(for @o x in xs if (> x 1) (block (break @o x) (continue @o)))",
    ],
    ["@hint(1)\nfor (i, x) in xs f(x) end", "(for @hint  (tuple i x) in xs (block (call f x)))"],
    ["while let ok(x) = f()\n  break\nend", "(while (let ok(x) (call f)) (block (break)))"],
    ["loop @l\n  continue @l\nend", "(loop @l (block (continue @l)))"],
    ["type(x)\ntype = 1\nfrom + 1", "(call type x)\n(= type 1)\n(+ from 1)"],
  ]);
});

describe("if", () => {
  check([
    ["if c\n  a\nend", "(if c (block a))"],
    [
      "if c\n  a\nelif d\n  b\nelse if e\n  f\nelse\n  g\nend",
      "(if c (block a) d (block b) e (block f) else (block g))",
    ],
    ["if c a else b end", "(if c (block a) else (block b))"],
    ["let x = if c then a else b", "(let x (if c (block a) else (block b)))"],
    ["if c then a else b end\nx", "(if c (block a) else (block b))\nx"],
    ["if a then 1 else if b then 2 else 3", "(if a (block 1) b (block 2) else (block 3))"],
    ["if c then\n  a\n  b\nend", "(if c (block a b))"],
    ["if c then return 1 end\nx", "(if c (block (return 1)))\nx"],
    ["if c then a; b end", "(if c (block a b))"],
    ["if x\n  if c then a\nelse\n  b\nend", "(if x (block (if c (block a))) else (block b))"],
    ["f(if c then a\n  else b)", "(call f (if c (block a) else (block b)))"],
    ["f(if c then\n a\nelse\n b\nend, 1)", "(call f (if c (block a) else (block b)) 1)"],
    ["if let P(x) = e\n  x\nend", "(if (let P(x) e) (block x))"],
    ["f(fn(x) => if x then 1 else 2)", "(call f (fn (x) (expr (if x (block 1) else (block 2)))))"],
  ]);
});

describe("match and when", () => {
  check([
    [
      "match x\n  A(p, l: q, m:) | B -> 1\n  case 1..=3 if c -> 2\n  _ -> 3\nend",
      "(match x (A(p l:q m:) | B -> (block 1)) ((..= 1 3) if c -> (block 2)) (_ -> (block 3)))",
    ],
    [
      'match x\n  -1 -> a\n  -2.5 -> b\n  "s" -> c\n  null -> d\n  n: Int -> e\n' +
        "  E.V -> f\n  [] -> g\nend",
      '(match x (-1 -> (block a)) (-2.5 -> (block b)) ("s" -> (block c)) (null -> (block d)) ' +
        "((: n Int) -> (block e)) (E.V -> (block f)) ((list) -> (block g)))",
    ],
    [
      "match x\n  A ->\n    a\n    b\n  B ->\n    c\n  end\n  C -> d\nend\ny",
      "(match x (A -> (block a b)) (B -> (block c)) (C -> (block d)))\ny",
    ],
    ["match x\nA ->\n  a\nB -> b\nend\ny", "(match x (A -> (block a)) (B -> (block b)))\ny"],
    ["match x\nA ->\n  a\nend\ny", "(match x (A -> (block a)))\ny"],
    [
      "f(match x\n  A -> 1\n  B -> 2\nend, 3)",
      "(call f (match x (A -> (block 1)) (B -> (block 2))) 3)",
    ],
    [
      "match x\n  A -> return 1\n  case -> y = 2\nend",
      "(match x (A -> (block (return 1))) (case -> (block (= y 2))))",
    ],
    ["let r = match x\n  A -> 1 end", "(let r (match x (A -> (block 1))))"],
    [
      "when\n  n < 0 -> a\n  -n > 3 -> b\n  _ -> c\nend",
      "(when ((< n 0) -> (block a)) ((> (- n) 3) -> (block b)) (_ -> (block c)))",
    ],
  ]);
});

describe("expressions", () => {
  check([
    ["[1, ...xs, 2,]", "(list 1 (... xs) 2)"],
    ["()", "(tuple)"],
    ["(a,)", "(tuple a)"],
    ["(a, b)", "(tuple a b)"],
    ["{}", "(map)"],
    ["{a, ...b}", "(set a (... b))"],
    ['{a: 1, "b": 2, (c): 3, ...d, end: 4}', '(map (a 1) ("b" 2) ((paren c) 3) (... d) (end 4))'],
    ["set[1, 2]\nset[]\nset[Int]()", "(set 1 2)\n(set)\n(set)"],
    ["[x for x in a for (i, y) in b if c]", "(list-of x (for x a) (for (tuple i y) b) (if c))"],
    ["{x for x in a}", "(set-of x (for x a))"],
    ["{k: v for (k, v) in m}", "(map-of k v (for (tuple k v) m))"],
    ["{(k, v) for k in m}", "(map-of k v (for k m))"],
    ["fn(x: Int) -> Int / {emit} => x * 2", "(fn ((x Int)) -> Int / {emit} (expr (* x 2)))"],
    ["fn(x) => x end", "(fn (x) (expr x))"],
    ["map(xs, fn(x)\n  let y = x\n  y\nend)", "(call map xs (fn (x) (block (let y x) y)))"],
    ["let g = cell(x) => x", "(let g (fn (x) (expr x)))"],
    ["f(x) do |a, b: Int|\n  a\nend", "(call f x (fn (a (b Int)) (block a)))"],
    ["f() do a end", "(call f (fn () (block a)))"],
    ["let x = do\n  1\nend", "(let x (do (block 1)))"],
    ["f(a, k: 1, end: 2, ...r)", "(call f a (k: 1) (end: 2) (... r))"],
    ["count_to!(s)\nx!\nx! (y)\na.b!", "(call! count_to s)\n(! x)\n(call (! x) y)\n(! (. a b))"],
    ["t.0.1.x?.y?[1]?", "(? (?[] (?. (. (. (. t 0) 1) x) y) 1))"],
    ["Pair[A, list[B]](1)", "(call ([] Pair A ([] list B)) 1)"],
    ["x.end.match", "(. (. x end) match)"],
    ["try f() else 0", "(try (call f) (else 0))"],
    ["try f() else |e| e + 1", "(try (call f) (else |e| (+ e 1)))"],
    ["1 + try a + b", "(+ 1 (try (+ a b)))"],
    ["0..10 step 2\n0..=n", "(.. 0 10 step 2)\n(..= 0 n)"],
    ["step + 1\nstep\nlet step = 2", "(+ step 1)\nstep\n(let step 2)"],
    ["x expect schema list[T]", "(expect x list[T])"],
    ["x is Int and y as Float", "(and (is x Int) (as y Float))"],
    ["a.b\n", "(. a b)"],
    ["f ~> g ~> h", "(~> (~> f g) h)"],
    ["-9223372036854775808", "-9223372036854775808"],
    ['halt("x") ?? 1', '(halt (?? "x" 1))'],
    ['let y = halt("x")', '(let y (halt "x"))'],
  ]);
});

describe("operators (language 4)", () => {
  check([
    ["-2 ** 2", "(** (- 2) 2)"],
    ["not a == b", "(== (not a) b)"],
    ["1 + 2 |> f()", "(|> (+ 1 2) (call f))"],
    ["x |> f() == y", "(== (|> x (call f)) y)"],
    ["x |> f() + 1", "(|> x (+ (call f) 1))"],
    ["0..n + 1", "(.. 0 (+ n 1))"],
    ["a & b == c", "(== (& a b) c)"],
    ["a | b == c", "(== (| a b) c)"],
    ["2 ** 3 ** 2", "(** 2 (** 3 2))"],
    ["a - b - c", "(- (- a b) c)"],
    ["a < b <= c", "(chain a < b <= c)"],
    ["a < b < c > d", "(chain a < b < c > d)"],
    ["(a < b) < c", "(< (< a b) c)"],
    ["a < b == c", "(== (< a b) c)"],
    ["a ?? b or c and d", "(?? a (or b (and c d)))"],
    ["a ++ b .. c << d", "(++ a (.. b (<< c d)))"],
    ["a // b % c", "(% (// a b) c)"],
    ["~a ^ b", "(^ (~ a) b)"],
    ["a in b", "(in a b)"],
    ["a <=> b", "(<=> a b)"],
    ["x as Int + 1", "(+ (as x Int) 1)"],
  ]);
});
