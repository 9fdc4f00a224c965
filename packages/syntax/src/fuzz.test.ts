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
  "handle\n",
  "with\n",
  "trait T\n",
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
    const corpus = [SAMPLE, ...specBlocks()];
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

  it("leaves the sample without errors", () => {
    const { diagnostics } = parseModule("sample.lm", SAMPLE);
    expect(diagnostics.map((d) => d.message)).toEqual([]);
  });
});

describe("the specification's examples", () => {
  // Blocks that use constructs without a tree so far, by a word of theirs.
  const unsupported = /^(effect|actor|active pattern|macro|session|typestate)\b|nursery|handle/m;

  it.each(
    specBlocks().map((block) => [block.split("\n")[0], block]),
  )("%s", (_first, block = "") => {
    checkParse("spec.lm", block);
    const found = parseModule("spec.lm", block).diagnostics.map((d) => d.message);
    if (!unsupported.test(block)) expect(found).toEqual([]);
    for (const message of found) expect(message).toContain("not supported by this version");
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
    ["spreads and elements", `{${"...a, ".repeat(50_000)}${"b, ".repeat(50_000)}}`],
  ])("%s", (_name, text) => {
    const before = performance.now();
    parseModule(text.startsWith("@") ? "long.lm.md" : "long.lm", text);
    expect(performance.now() - before).toBeLessThan(5000);
  });
});
