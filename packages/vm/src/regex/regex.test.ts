// Regular expressions: RE2's syntax and its choices, refusals, bounds, and agreement with the
// engine's backtracking matcher where the two mean the same.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REGEX_DEPTH_MAX, REGEX_GROUPS_MAX, REGEX_REPEAT_MAX, REGEX_STEPS_MAX } from "./limits.ts";
import { allMatches, firstMatch, groupText, regexOf } from "./regex.ts";
import { Effort } from "./simulate.ts";

/** The groups of the first match, or why the pattern is none. */
function match(pattern: string, text: string): readonly (string | null)[] | string | null {
  const program = regexOf(pattern);
  if (!program.ok) return program.error.reason;
  const found = firstMatch(program.value, text);
  if (found === null) return null;
  return Array.from({ length: program.value.slots / 2 }, (_, i) => groupText(text, found, i));
}

const MATCHES: readonly (readonly [string, string, readonly (string | null)[] | null])[] = [
  ["a|ab", "ab", ["a"]],
  ["(a+)(b*)", "xaab", ["aab", "aa", "b"]],
  ["(a+?)(b*?)", "aab", ["a", "a", ""]],
  ["(?U)a+", "aaa", ["a"]],
  ["(?U)a+?", "aaa", ["aaa"]],
  ["a{2,3}", "aaaa", ["aaa"]],
  ["a{2}", "aaaa", ["aa"]],
  ["a{2,}?", "aaaa", ["aa"]],
  ["a{,2}", "a{,2}", ["a{,2}"]],
  ["a{", "a{", ["a{"]],
  ["(a)|b", "b", ["b", null]],
  ["(?:(a)|b)*", "ab", ["ab", "a"]],
  ["(a*)*", "b", ["", ""]],
  ["(a*)+", "b", ["", ""]],
  ["(|a)*", "aa", ["", ""]],
  ["(?i)straSSe", "STRASSE", ["STRASSE"]],
  ["(?i)k", "\u212a", ["\u212a"]],
  ["(?i)[k-l]", "\u212a", ["\u212a"]],
  ["(?i:a)b", "AB", null],
  ["a(?i)b|c", "aC", ["C"]],
  ["(?i)a(?-i)b", "Ab", ["Ab"]],
  [".", "\n", null],
  ["(?s).", "\n", ["\n"]],
  ["^b", "a\nb", null],
  ["(?m)^b$", "a\nb\nc", ["b"]],
  ["b$", "b\n", null],
  ["\\Ab\\z", "b", ["b"]],
  ["\\bfoo\\b", "a foo.", ["foo"]],
  ["\\Boo", "foo", ["oo"]],
  ["\\bé", "é", null],
  ["[^a]", "a😀", ["😀"]],
  ["^.$", "😀", ["😀"]],
  ["[]a]+", "]a", ["]a"]],
  ["[^]a]", "]b", ["b"]],
  ["[a-]+", "-a", ["-a"]],
  ["[[:alpha:]_]+", "1a_", ["a_"]],
  ["[[:^digit:]]+", "1ab", ["ab"]],
  ["[\\d\\-x]+", "a1-x", ["1-x"]],
  ["\\D+", "1ab2", ["ab"]],
  ["[^\\W\\d]+", "1ab_", ["ab_"]],
  ["\\pL+", "1éß", ["éß"]],
  ["\\p{Greek}+", "aΣσ", ["Σσ"]],
  ["\\P{Lu}+", "AbcD", ["bc"]],
  ["\\p{^L}", "a1", ["1"]],
  ["[\\p{Lu}0-9]+", "aB3", ["B3"]],
  ["\\x41\\x{1F600}\\101\\n", "A😀A\n", ["A😀A\n"]],
  ["\\Qa.b\\E+", "a.bb", ["a.bb"]],
  ["\\.\\*\\/", ".*/", [".*/"]],
  ["(?P<x>a)(?<y>b)", "ab", ["ab", "a", "b"]],
  ["", "abc", [""]],
  ["(?i)", "abc", [""]],
  ["a||b", "b", [""]],
];

const REFUSALS: readonly (readonly [string, string])[] = [
  ["a)", "unexpected )"],
  ["(a", "missing closing ): (a"],
  ["[a", "missing closing ]: [a"],
  ["[]", "missing closing ]: []"],
  ["a**", "invalid nested repetition operator: **"],
  ["a{2}{3}", "invalid nested repetition operator: {2}{3}"],
  ["a|*", "missing argument to repetition operator: *"],
  ["{2}", "missing argument to repetition operator: {2}"],
  ["a{3,2}", "invalid repeat count: {3,2}"],
  ["\\", "trailing backslash at end of expression"],
  ["\\y", "invalid escape sequence: \\y"],
  ["\\1", "invalid escape sequence: \\1"],
  ["\\x{110000}", "invalid escape sequence: \\x{110000}"],
  ["[b-a]", "invalid character class range: b-a"],
  ["[[:nope:]]", "invalid character class range: [:nope:]"],
  ["[[:constructor:]]", "invalid character class range: [:constructor:]"],
  ["\\p{Nope}", "invalid character class range: \\p{Nope}"],
  ["(?=a)", "invalid or unsupported Perl syntax: (?="],
  ["(?<!a)", "invalid or unsupported Perl syntax: (?<"],
  ["(?P<1 >a)", "invalid named capture: (?P<1 >"],
  ["(?<n>a)(?<n>b)", "duplicate capture group name: (?<n>"],
  ["(?-)", "invalid or unsupported Perl syntax: (?-)"],
];

describe("matching", () => {
  it.each(MATCHES)("%j in %j", (pattern, text, groups) => {
    expect(match(pattern, text)).toEqual(groups);
  });

  it("finds all, without empty matches right behind another", () => {
    const all = (pattern: string, text: string): readonly (string | null)[] => {
      const program = regexOf(pattern);
      if (!program.ok) throw new Error(program.error.reason);
      return [...allMatches(program.value, text)].map((found) => groupText(text, found, 0));
    };
    expect(all("a*", "baac")).toEqual(["", "aa", ""]);
    expect(all("a|", "ab")).toEqual(["a", ""]);
    expect(all("^a", "aa")).toEqual(["a"]);
    expect(all("\\b", "ab c")).toEqual(["", "", "", ""]);
    expect(all(".", "a\n😀")).toEqual(["a", "😀"]);
  });

  it("takes linear time where backtracking would not end", () => {
    const nested = `${"(a*)*".repeat(20)}b`;
    expect(match(nested, "a".repeat(2000))).toBeNull();
    expect(match("(x+x+)+y", "x".repeat(5000))).toBeNull();
  });
});

describe("refusals", () => {
  it.each(REFUSALS)("%j: %s", (pattern, reason) => {
    expect(match(pattern, "")).toBe(reason);
  });

  it("bounds counts, nesting and size", () => {
    expect(match(`a{${REGEX_REPEAT_MAX}}`, "")).toBeNull();
    expect(match(`a{${REGEX_REPEAT_MAX + 1}}`, "")).toContain("invalid repeat count");
    expect(match("(?:a{10}){100}", "")).toBeNull();
    expect(match("(?:a{10}){101}", "")).toContain("invalid repeat count");
    const nested = (depth: number): string => "(".repeat(depth) + ")".repeat(depth);
    expect(match(nested(REGEX_DEPTH_MAX), "a")?.length).toBe(REGEX_DEPTH_MAX + 1);
    expect(match(nested(REGEX_DEPTH_MAX + 1), "a")).toContain("expression nests too deeply");
    expect(match("abcdefghijklmnopqrst".repeat(1000), "")).toBeNull();
    expect(match(`${"abcdefghijklmnopqrst".repeat(1000)}u`, "")).toBe("expression too large");
    expect(match(`\\Q${"a".repeat(300_000)}`, "")).toBe("expression too large");
    expect(match("()".repeat(REGEX_GROUPS_MAX), "")?.length).toBe(REGEX_GROUPS_MAX + 1);
    expect(match("()".repeat(REGEX_GROUPS_MAX + 1), "")).toContain("too many groups");
  });

  it("bounds the steps of a search", () => {
    const effort = new Effort();
    expect(() => effort.spend(REGEX_STEPS_MAX)).not.toThrow();
    expect(() => effort.spend(1)).toThrow("takes more than 134217728 steps");
  });
});

/** Patterns whose repeated bodies are not empty: there the two matchers agree. */
const { pattern: anyPattern } = fc.letrec<{ atom: string; term: string; pattern: string }>(
  (tie) => ({
    atom: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom("a", "b", "c", ".", "[ab]", "[^a]", "\\w", "\\d", "a|b"),
      tie("pattern").map((inner) => `(?:${inner}c)`),
    ),
    term: fc
      .tuple(tie("atom"), fc.constantFrom("", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}"))
      .map(([atom, repeat]) => `(?:${atom})${repeat}`),
    pattern: fc.array(tie("term"), { minLength: 1, maxLength: 3 }).map((terms) => terms.join("")),
  }),
);

describe("agreement with the engine", () => {
  it("finds the same text at the same place", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", "\n"), maxLength: 12 });
    const same = fc.property(anyPattern, text, (pattern, subject) => {
      expect(match(pattern, subject)?.[0] ?? null).toBe(
        new RegExp(pattern).exec(subject)?.[0] ?? null,
      );
    });
    fc.assert(same, { seed: 20260101, numRuns: 2000 });
  });
});
