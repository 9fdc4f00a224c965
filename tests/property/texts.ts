// Random programs about texts: their order, length, parts and joins, over scalar values of one and
// two UTF-16 units and those around the surrogates, where engines and the language count apart.

import type { Random } from "../fuzz/random.ts";

const SCALARS = [
  "a",
  "b",
  "Z",
  "0",
  " ",
  "é",
  "\u{d7ff}",
  "\u{e000}",
  "\u{ffff}",
  "😀",
  "𝄞",
] as const;
const TEXTS_MAX = 6;
const UNITS_MAX = 5;
const STEPS_MAX = 5;

/** Expressions of two texts `a` and `b`, an Int `i`, and a constant text. */
const EXPRESSIONS: readonly [Expression, ...Expression[]] = [
  () => "a < b",
  () => "a <= b",
  () => "a > b",
  () => "a == b",
  (text) => `a < ${text}`,
  (text) => `${text} <= b`,
  (text) => `a >= ${text}`,
  () => "length(a)",
  () => "length(a + b)",
  () => "slice(a, i, i + 2)",
  () => "slice(a + b, 1, i)",
  () => "slice(b, 0 - i, 9223372036854775807)",
  () => "if i >= 0 and i < length(a) then a[i] else b",
  () => "if i < 0 and length(a) + i >= 0 then a[i] else b",
  () => '"{a}{i}{b}"',
  (text) => `a + ${text} + b + "{i * 1000000007 * 1000000007}"`,
  () => '"{a}"',
  () => '"{i}{i}{a}{b}{a}{b}{a}{b}{a}{b}"',
  () => "contains(a, b)",
  (text) => `starts_with(a, ${text})`,
  () => "ends_with(a, b)",
  () => 'if a == "" then 0 else ord(a)',
  () => "ord(a + b)",
  () => "upper(a) <= lower(b)",
];

type Expression = (text: string) => string;

/** A program whose `main` gives what some expressions are for all pairs of some texts. */
export function textProgram(random: Random): string {
  const texts = Array.from({ length: 1 + random.below(TEXTS_MAX) }, () => textOf(random));
  const lines = Array.from({ length: 1 + random.below(STEPS_MAX) }, () => {
    const value = random.pick(EXPRESSIONS)(JSON.stringify(textOf(random)));
    return `        seen = append(seen, ${value})\n`;
  });
  return `cell main() -> Any
  let texts: list[String] = ${JSON.stringify(texts)}
  let seen: list[Any] = []
  for a in texts
    for b in texts
      for i in -2..4
${lines.join("")}      end
    end
  end
  seen
end
`;
}

function textOf(random: Random): string {
  return Array.from({ length: random.below(UNITS_MAX) }, () => random.pick(SCALARS)).join("");
}
