// TOML text both ways: what is read, what is forgiven, what is written.

import { displayNested, MapValue } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { f, l, m } from "../testing/build-program.ts";
import { tomlText } from "./toml-encode.ts";
import { parseToml, TOML_DEPTH_MAX } from "./toml-parse.ts";

const parsed = (text: string): string => displayNested(parseToml(text));

describe("parseToml", () => {
  it.each([
    ["a = 1 # one\r\nb = -0x1F", '{"a": 1, "b": "-0x1F"}'],
    ["a = 0x1F\nb = 0o17\nc = 0b11\nd = +1_000", '{"a": 31, "b": 15, "c": 3, "d": 1000}'],
    ["a = 9223372036854775808", '{"a": "9223372036854775808"}'],
    ["a = 1.5e3\nb = -inf\nc = nan\nd = 1_0.5", '{"a": 1500.0, "b": -inf, "c": NaN, "d": 10.5}'],
    [
      "a = true\nb = false\nc = 1979-05-27T07:32:00Z",
      '{"a": true, "b": false, "c": "1979-05-27T07:32:00Z"}',
    ],
    ['a.b = 1\na."c d" = 2', '{"a": {"b": 1, "c d": 2}}'],
    ["[x.y]\na = 1\n[x]\nb = 2", '{"x": {"b": 2, "y": {"a": 1}}}'],
    ["[[p]]\na = 1\n[[p]]\na = 2\n[p.q]\nb = 3", '{"p": [{"a": 1}, {"a": 2, "q": {"b": 3}}]}'],
    ["a = [1, [2, 'x'], # c\n  {b = 3},\n]", '{"a": [1, [2, "x"], {"b": 3}]}'],
    ["a = { b.c = 1, d = [] }", '{"a": {"b": {"c": 1}, "d": []}}'],
    ['a = "t\\tq\\"u\\u00e9\\U0001F600\\q"', '{"a": "t\tq"ué😀\\q"}'],
    ["a = 'no \\escape # here'", '{"a": "no \\escape # here"}'],
    ['a = """\nx\n  y \\\n  z"""', '{"a": "x\n  y z"}'],
    ["a = '''\nx''y'''", '{"a": "x\'\'y"}'],
    ['a = """q"""""', '{"a": "q"""}'],
    ['"" = 1', '{"": 1}'],
    ["a = word here", '{"a": "word here"}'],
    ["a =", '{"a": ""}'],
    ["no pair\n= 3\n[\nb = 1", '{"b": 1}'],
    ['a = "open\nb = 1', '{"a": "open", "b": 1}'],
    ["a = [1, 2", '{"a": [1, 2]}'],
    ["a = [} ]\nb = 1", '{"a": ["}"], "b": 1}'],
    ["a = 1\na = 2\na.b = 3", '{"a": {"b": 3}}'],
  ])("%j", (text, value) => {
    expect(parsed(text)).toBe(value);
  });

  it("takes what nests deeper than its bound as text, and leaves out longer keys", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(parsed(`a = ${nested(TOML_DEPTH_MAX)}`)).toBe(`{"a": ${nested(TOML_DEPTH_MAX)}}`);
    expect(parsed(`a = ${nested(TOML_DEPTH_MAX + 1)}`)).toContain('["["]');
    const key = (parts: number): string => `${"a.".repeat(parts - 1)}a`;
    expect(parsed(`${key(TOML_DEPTH_MAX)} = 1`)).toContain('{"a": 1}');
    expect(parsed(`${key(TOML_DEPTH_MAX + 1)} = 1`)).toBe("{}");
    expect(parsed("[".repeat(100_000)).length).toBeLessThan(10);
    const tables = parsed(`a = ${"{b=".repeat(100_000)}`).split('{"b": ').length - 1;
    expect(tables).toBe(TOML_DEPTH_MAX);
  });
});

describe("tomlText", () => {
  const map = m(
    ["n", null],
    ["f", f(2)],
    ["i", f(Number.NEGATIVE_INFINITY)],
    ["nan", f(Number.NaN)],
    ["s", 'a"b\\c\n\u0001'],
    ["l", l(1, l("x"), m(["k", 1]), m())],
    ["b", Uint8Array.of(1, 2)],
    [5, true],
    ["t", m(["z", 1], ["u v", m(["y", 2])])],
  );

  it("writes scalars first, then sections", () => {
    expect(tomlText(map)).toBe(
      [
        "5 = true",
        'b = "AQI="',
        "f = 2.0",
        "i = -inf",
        'l = [1, ["x"], { k = 1 }, {}]',
        'n = ""',
        "nan = nan",
        's = "a\\"b\\\\c\\n\\u0001"',
        "",
        "[t]",
        "z = 1",
        "",
        '[t."u v"]',
        "y = 2",
        "",
      ].join("\n"),
    );
  });

  it("is read back as the same maps", () => {
    const back = parseToml(tomlText(map));
    if (!(back instanceof MapValue)) throw new Error("a document is a map");
    expect(tomlText(back)).toBe(tomlText(map));
  });
});
