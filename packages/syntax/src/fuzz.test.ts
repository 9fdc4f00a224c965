// The parser never throws: seeded mutations of real programs, random bytes, and the specification's
// own examples. A failure prints its seed; every span must lie in the text.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dumpAst, extract, parseModule } from "./index.ts";

const SPEC = readFileSync(new URL("../../../spec/language.md", import.meta.url), "utf8");

function specBlocks(): readonly string[] {
  const { code, blocks } = extract("language.lm.md", SPEC).value;
  return blocks.map(({ span }) => code.slice(span.start, span.end));
}

const SAMPLE = `@strict true
\`\`\`
Doc
\`\`\`
record A(x: Int = 1 where x > 0, y: list[Int]?)
enum E[T: Ord]
  V(a: T), W
  cell m(self) -> Int = match self
    V(a:) | W -> 1
    _ ->
      let [p, ...q] = [1, 2, 3]
      p - 1
  end
end
cell f(a: Int, ...b: (Int) -> String / {emit}) -> Int where a > 0
  for @l (i, x) in enumerate(b) if x
    if let ok(v) = g(x)? then break @l v else continue @l end
    total[i].z.0 += x ** -2 |> h(k: 1) ?? "n={x:>5}\\{a: 1}}"
  end
  while a < 1 <= 2
    defer close("""
      text {f(fn(x) => x + 1)} more
    """) end
  end
  try u() else |e| halt("x" ++ e!)
  return map(b) do |x| x.y?.z?[0] end
end
let m = {a: 1, (b): 2, ...c}
let s = {x for x in 0..10 step 2 if not x in m}
when
  a is Int -> 'x'
  _ -> b"00ff"
end
`;

/** Everything beyond {@link SAMPLE}: one example of each construct of clauses 10 to 14 and 19. */
const SAMPLES = [
  "import a: * granting {fs: read_only}\nuse tool a.b@1.2.3 as C from 'p'\ngrant C\n  k 1\n",
  "trait T: A\n  cell f(self)\n  cell g() = 1\nend\n",
  "impl[T] A for B[T]\n  cell f(self) = 1\nend\n",
  "effect E\n  cell f(x: Int)\nend\nbind effect E.f to c\nhandler H\n  handle E.f(x) = x\nend\n",
  "cell f()\n  let n = handle\n    perform E.f(1)\n  with\n    E.f(x) =>\n      resume(x)\n  end\nend\n",
  "agent A\n  role system: x {y}\n  d: some text\n    more\n  end\n  @x(1)\n  cell f() = 1\nend\n",
  "pipeline P\n  stages:\n    -> a\n    b\n  end\n  k: [\n    1\n  ]\n  t: some text, 1\nend\n",
  "machine M\n  initial: A\n  state A(x: Int)\n    guard: x > 1\n    transition B(x) if x\n" +
    "    on_event(e) / {a}\n      f(); transition B\n    end\n  end\n" +
    "  state B\n    terminal: true\n  end\nend\n",
  "macro m!(a)\n  a\nend\nactive pattern P(s) -> |A|B|\n  A\nend\nextern cell f() -> Int / {x}\n",
  "typestate F\n  states: A, B\n  initial: A\n  transition m: A -> B\nend\n",
  "session S\n  A -> B: T\n  choice B\n    case X\n      loop L\n        continue L\n      end\n" +
    "    case Y\n  end\nend\n",
  "actor A(x)\n  state n: Int = 1\n  on M(k) = n\nend\nsupervisor S\n  max: 3\n" +
    "  child a = A(1) restart: permanent\nend\n",
  "cell f(x: F@A -> B)\n  let y = await parallel\n    a = g()\n    h()\n  end\n" +
    "  nursery n\n    1\n  end\n  comptime { 1 }\n" +
    "  offer c\n    Ok(c) -> 1\n  end\n  checkpoint 'l'\n    a: b\n  end\n" +
    "  approve x\n    text\n  in\n    y\n  end\n  assert_matches(x, A(y) if y)\n  yield ...x\n" +
    "  role user: hi\n  @note(1)\n  f(role a: b {c}, 1)\nend\n",
] as const;

const SNIPPETS = [
  "end",
  "\n",
  "  ",
  "\t",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  '"',
  '"""',
  "'",
  "`",
  "```",
  "#",
  "\\",
  "\\\n",
  "if ",
  "then ",
  "else ",
  "elif ",
  "match ",
  "->",
  "=>",
  "|",
  "do ",
  "fn(",
  "cell ",
  "record R",
  "enum ",
  "let ",
  "= ",
  ": ",
  ", ",
  "..",
  "...",
  "..=",
  "?",
  "!",
  "-",
  "**",
  "@",
  "@x(",
  "role a: ",
  "await ",
  "await parallel\n",
  "handle\n",
  "with\n",
  "perform A.b",
  "resume(",
  "trait T\n",
  "impl A for ",
  "machine M\n",
  "  state A\n",
  "transition ",
  "agent A\n",
  "stages:\n",
  "session S\n",
  "actor A\n",
  "use tool ",
  "grant A\n",
  "effect E\n",
  "approve x\n",
  " in\n",
  "comptime {",
  "nursery\n",
  "offer c\n",
  "checkpoint ",
  "yield ",
  "0x",
  "1.5e",
  "99999999999999999999",
  '"{',
  "{x:>",
  "é",
  "😀",
  "\u0000",
  "import a: ",
  "pub ",
  "type T = ",
  "for x in ",
  "when\n",
  "try ",
  "set[",
  'r"',
  'b"',
  ";",
  "where ",
] as const;

interface Edit {
  readonly at: number;
  readonly drop: number;
  readonly snippet: string;
}

const editArbitrary: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(1_000_000),
  drop: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(40) }),
  snippet: fc.constantFrom(...SNIPPETS),
});

function mutate(text: string, edits: readonly Edit[]): string {
  return edits.reduce((current, { at, drop, snippet }) => {
    const start = at % (current.length + 1);
    return current.slice(0, start) + snippet + current.slice(start + drop);
  }, text);
}

function checkParse(path: string, text: string): void {
  const { file, module, diagnostics } = parseModule(path, text);
  expect(dumpAst(module)).toBeTypeOf("string");
  checkSpans(module, file.source.text.length);
  for (const { span, message } of diagnostics) {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(file.source.text.length);
    expect(message).not.toContain("undefined");
  }
}

function checkSpans(node: unknown, length: number): void {
  if (typeof node !== "object" || node === null) return;
  if ("start" in node && "end" in node && typeof node.start === "number") {
    const end = Number(node.end);
    if (node.start < 0 || end < node.start || end > length) {
      throw new Error(`span ${node.start}-${end} outside of 0-${length}`);
    }
  }
  for (const child of Object.values(node)) checkSpans(child, length);
}

describe("fuzz", () => {
  it("survives mutated programs", () => {
    const corpus = [SAMPLE, ...SAMPLES, ...specBlocks()];
    const inputs = fc.record({
      base: fc.constantFrom(...corpus),
      edits: fc.array(editArbitrary, { minLength: 1, maxLength: 8 }),
    });
    fc.assert(
      fc.property(inputs, ({ base, edits }) => checkParse("fuzz.lm", mutate(base, edits))),
      { seed: 20_261_121, numRuns: 2500 },
    );
  });

  it("survives mutated documents", () => {
    const start = SPEC.indexOf("## 10. Effects");
    const document = SPEC.slice(start, SPEC.indexOf("## 11.", start));
    fc.assert(
      fc.property(fc.array(editArbitrary, { maxLength: 8 }), (edits) => {
        checkParse("fuzz.lm.md", mutate(document, edits));
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it("survives random text", () => {
    const text = fc.array(fc.oneof(fc.constantFrom(...SNIPPETS), fc.string({ unit: "binary" })));
    fc.assert(
      fc.property(text, (pieces) => checkParse("fuzz.lm", pieces.join(""))),
      { seed: 42, numRuns: 600 },
    );
  });

  it.each([SAMPLE, ...SAMPLES])("leaves sample %# without errors", (sample) => {
    const { diagnostics } = parseModule("sample.lm", sample);
    expect(diagnostics.map((d) => d.message)).toEqual([]);
  });
});

describe("the specification's examples", () => {
  it.each(
    specBlocks().map((block) => [block.split("\n")[0], block]),
  )("%s", (_first, block = "") => {
    checkParse("spec.lm", block);
    expect(parseModule("spec.lm", block).diagnostics.map((d) => d.message)).toEqual([]);
  });

  it("parses the document as a whole", () => {
    checkParse("language.lm.md", SPEC);
  });
});

describe("time", () => {
  // Each input is a shape that a quadratic step somewhere would make take minutes.
  it.each([
    ["one long line of strings", 'x = ["{a}", "{b:>5}"];'.repeat(20_000)],
    ["open brackets in comments", "# ((\n".repeat(100_000)],
    ["many broken lines", "let = 1\n".repeat(50_000)],
    ["many missing ends", "cell f()\n".repeat(50_000)],
    ["nested ifs", "if a\n".repeat(50_000)],
    ["unclosed strings", '"abc\n'.repeat(50_000)],
    ["long list", `[${"1, ".repeat(200_000)}]`],
    ["signs in prose", `${"@".repeat(200_000)}\n\`\`\`lm\nx\n\`\`\`\n`],
    ["digits", "9".repeat(500_000)],
    ["handles", "handle\n".repeat(20_000)],
    ["open members", "agent A\n a: (\n".repeat(30_000)],
    ["sections", `machine M\n${"  a: f(fn()\n".repeat(40_000)}`],
    ["attributes with payloads", "@a\n  b: c\n".repeat(40_000)],
    ["addons", `cell f()\n${"  with a\n    in x\n".repeat(40_000)}`],
    ["awaits", "await parallel\n  ".repeat(20_000)],
    ["roles", `f(${"role a: x, ".repeat(40_000)}`],
    ["roles over lines", `f(${"role a:\n, ".repeat(40_000)}`],
    ["spreads and elements", `{${"...a, ".repeat(50_000)}${"b, ".repeat(50_000)}}`],
  ])("%s", (_name, text) => {
    const before = performance.now();
    parseModule(text.startsWith("@") ? "long.lm.md" : "long.lm", text);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
