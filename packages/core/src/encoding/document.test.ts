// JSON files and JSON input: strict reading, canonical text, writing.

import { describe, expect, it } from "vitest";
import { jcs, parseDocument, parseJson, stringifyDocument } from "./index.ts";

function read(text: string): unknown {
  const result = parseDocument(text, { subject: "a.json" });
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

describe("parseDocument", () => {
  it("reads everything that JSON holds as plain data", () => {
    const text =
      ' {"a":[1,-2.5e3,true,false,null,"\\u00e9\\n\\/\\ud83e\\udd7a"],\r\n\t"b":{}, "c":[ ]}\n';
    expect(read(text)).toEqual(JSON.parse(text));
    expect(Object.keys(read('{"z":1,"a":2}') as object)).toEqual(["z", "a"]);
  });

  it("keeps integers exact, with one zero", () => {
    expect(read("9007199254740991")).toBe(9007199254740991);
    expect(read("9007199254740992")).toBe(9007199254740992n);
    expect(read("-9223372036854775808")).toBe(-9223372036854775808n);
    expect(Object.is(read("-0"), 0)).toBe(true);
    expect(read("1.0")).toBe(1);
  });

  it("gives __proto__ as an ordinary field", () => {
    const document = read('{"__proto__":{"x":1}}');
    expect(Object.keys(document as object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
    expect(jcs(document)).toBe('{"__proto__":{"x":1}}');
  });

  it.each<[string, number, number, string]>([
    ["", 1, 1, "the end"],
    ["\ufeff{}", 1, 1, "expected a value"],
    ['{"a":1,\n  "a":2}', 2, 3, 'the key "a" occurs twice'],
    ["[1,]", 1, 4, "expected a value"],
    ["[1 2]", 1, 4, '"," or "]"'],
    ['{"a" 1}', 1, 6, '":"'],
    ["{a:1}", 1, 2, "a key in quotes"],
    ['{"a":1,}', 1, 8, "a key in quotes"],
    ["01", 1, 2, "malformed number"],
    ["1.", 1, 2, "malformed number"],
    ["+1", 1, 1, "expected a value"],
    ["nul", 1, 1, "expected a value"],
    ["truex", 1, 5, "after the value"],
    ["1 2", 1, 3, "after the value"],
    ['"a\nb"', 1, 3, "control character"],
    ['"\\x"', 1, 2, "unknown escape"],
    ['"\\u12g4"', 1, 2, "unknown escape"],
    ['"abc', 1, 5, "ends inside a string"],
    ['[\n"\\ud800"]', 2, 1, "lone surrogate"],
    ['{"\\udc00":1}', 1, 2, "lone surrogate"],
    ["1e999", 1, 1, "out of range"],
  ])("refuses %j with line and column", (text, line, column, message) => {
    const result = parseDocument(text, { subject: "a.json", format: "cfs" });
    if (result.ok) throw new Error("accepted");
    expect(result.error).toMatchObject({
      code: "E_MALFORMED",
      subject: "a.json",
      format: "cfs",
    });
    expect(result.error.details).toEqual({ line, column });
    expect(result.error.message).toContain(message);
    expect(result.error.message).toMatch(new RegExp(`^a\\.json:${line}:${column}: `));
  });

  it("finds repeated keys in large objects", () => {
    const keys = Array.from({ length: 20 }, (_, i) => `"k${i}":0`);
    expect(parseDocument(`{${keys.join()}}`, { subject: "x" }).ok).toBe(true);
    expect(parseDocument(`{${keys.join()},"k3":0}`, { subject: "x" }).ok).toBe(false);
  });

  it("bounds nesting at 512", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
    expect(parseDocument(nested(512), { subject: "x" }).ok).toBe(true);
    const deeper = parseDocument(nested(513), { subject: "x" });
    expect(!deeper.ok && deeper.error.message).toContain("deeper than 512");
  });
});

describe("parseJson", () => {
  it("keeps the text of numbers", () => {
    const node = parseJson("[1.50, -0, 9007199254740993]");
    expect(node.ok && node.value).toEqual({
      kind: "array",
      items: ["1.50", "-0", "9007199254740993"].map((text) => ({ kind: "number", text })),
    });
  });

  it("reports E_INPUT_JSON at the root with line and column", () => {
    const node = parseJson('{"a":\n[1,,2]}');
    if (node.ok) throw new Error("accepted");
    const { code, path, details, message } = node.error;
    expect([code, path, details]).toEqual(["E_INPUT_JSON", "$", { line: 2, column: 4 }]);
    expect(message).toBe('the input is not JSON: expected a value, found "," (line 2, column 4)');
  });
});

describe("jcs", () => {
  it("sorts keys by UTF-16 units and uses the shortest escapes", () => {
    // RFC 8785 3.2.3: the order differs from that of scalar values.
    expect(
      jcs({ "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\u{1f600}": 5, "\u0080": 6, ö: 7 }),
    ).toBe('{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}');
    expect(jcs('\u0000\b\t\n\f\r"\\/\u001f\u007f€')).toBe(
      '"\\u0000\\b\\t\\n\\f\\r\\"\\\\/\\u001f\u007f€"',
    );
  });

  it("writes integers as files do, so that reading back changes no hash", () => {
    const document = {
      small: 5n,
      top: 9007199254740991n,
      wide: 9007199254740992n,
      none: undefined,
    };
    expect(jcs(document)).toBe('{"small":5,"top":9007199254740991,"wide":"9007199254740992"}');
    expect(jcs(read(stringifyDocument(document)))).toBe(jcs(document));
  });

  it.each([
    0.5,
    Number.NaN,
    2 ** 53,
    undefined,
    "\ud800",
    new Map(),
    () => 1,
  ])("takes %s for a defect", (value) => {
    expect(() => jcs([value])).toThrow();
  });
});

describe("stringifyDocument", () => {
  it("indents by two, keeps the order of keys and ends the last line", () => {
    expect(stringifyDocument({ z: [1n, 2n ** 60n], a: "ü" })).toBe(
      '{\n  "z": [\n    1,\n    "1152921504606846976"\n  ],\n  "a": "ü"\n}\n',
    );
    expect(() => stringifyDocument({ x: Number.POSITIVE_INFINITY })).toThrow("finite");
  });
});
