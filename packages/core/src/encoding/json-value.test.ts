// The JSON value form beyond the vectors: messages, defaults, exact floats, layout, options.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  displayValue,
  Float,
  makeList,
  mapFromEntries,
  Some,
  type TypeDescriptor,
  type Value,
} from "../value/index.ts";
import {
  fromBase64,
  type InputOptions,
  inputFromJson,
  parseJson,
  toBase64,
  valueFromJson,
  valueToJsonText,
} from "./index.ts";

function read(type: TypeDescriptor, text: string, options?: InputOptions): Value {
  const node = parseJson(text);
  const value = node.ok ? valueFromJson(type, node.value, options) : node;
  if (!value.ok) throw new Error(value.error.message);
  return value.value;
}

function refusal(type: TypeDescriptor, text: string): string {
  const node = parseJson(text);
  const value = node.ok ? valueFromJson(type, node.value) : node;
  return value.ok ? `accepted ${displayValue(value.value)}` : value.error.message;
}

function written(type: TypeDescriptor, value: Value, indent?: number): string {
  const text = valueToJsonText(type, value, indent === undefined ? {} : { indent });
  return text.ok ? text.value : text.error.message;
}

const person: TypeDescriptor = {
  record: {
    name: "Person",
    fields: [
      ["name", "string"],
      ["age", "i64"],
    ],
  },
};
const shape: TypeDescriptor = {
  enum: {
    name: "Shape",
    variants: [
      ["Dot", null],
      ["Rect", { tuple: ["u8", "u8"] }],
      ["Named", { struct: [["n", { option: "u8" }]] }],
      ["One", "u8"],
    ],
  },
};
const chain: TypeDescriptor = { rec: { name: "Chain", type: { option: { ref: "Chain" } } } };

describe("messages", () => {
  it.each<[TypeDescriptor, string, string]>([
    [
      { record: { name: "R", fields: [["items", { list: person }]] } },
      '{"items":[{"name":"a","age":1},{"name":"b","age":"x"}]}',
      '$.items[1].age: expected i64, found string "x"',
    ],
    [person, '{"name":"a"}', "$.age: expected i64, found nothing"],
    [person, '{"name":"a","age":1,"aeg":2}', "$.aeg: expected a field of Person, found number 2"],
    [{ map: ["string", "u8"] }, '{"odd key":-1}', '$["odd key"]: expected u8, found number -1'],
    [{ map: ["u8", "u8"] }, "[[1]]", "$[0]: expected an array of key and value, found array of 1"],
    [{ map: ["u8", "u8"] }, "[[1,256]]", "$[0][1]: expected u8, found number 256"],
    [{ map: ["string", "u8"] }, '[["a",1]]', "$: expected map[string, u8], found array of 1"],
    [shape, '{"Rect":[1]}', "$.Rect: expected tuple[u8, u8], found array of 1"],
    [shape, '{"Rect":[1,"a"]}', '$.Rect[1]: expected u8, found string "a"'],
    [shape, '{"Named":{"m":1}}', "$.Named.m: expected a field of Named, found number 1"],
    [shape, '{"One":null}', "$.One: expected u8, found null"],
    [shape, '"One"', '$: expected {"One": …}, found string "One"'],
    [shape, '{"Dot":1}', "$.Dot: expected null, found number 1"],
    [
      shape,
      "{}",
      '$: expected Shape: "Dot" or {"Rect": …} or {"Named": …} or {"One": …}, found empty object',
    ],
    [
      { option: { option: "u8" } },
      "5",
      '$: expected null or {"$some": option[u8]}, found number 5',
    ],
    [{ option: "u8" }, '{"$some":"a"}', '$.$some: expected u8, found string "a"'],
    [{ array: ["u8", 2] }, "[1]", "$: expected array[u8, 2], found array of 1"],
    ["f64", "1e999", "$: expected f64, found number 1e999"],
    ["json", '{"a":["\\ud800"]}', '$.a[0]: expected json, found string "\\ud800"'],
    [
      "string",
      `"${"x".repeat(60)}\\udc00"`,
      `$: expected string, found string "${"x".repeat(39)}…`,
    ],
    ["i64", '"-0"', '$: expected i64, found string "-0"'],
    ["u8", "99999999999999999999999", "$: expected u8, found number 99999999999999999999999"],
  ])("%j from %s", (type, text, message) => {
    expect(refusal(type, text)).toBe(message.replace("$.$some", '$["$some"]'));
  });

  it("begin with the path that the caller gives", () => {
    const node = parseJson('["a"]');
    const value = node.ok ? valueFromJson({ list: "u8" }, node.value, { path: "--input" }) : node;
    expect(!value.ok && value.error.path).toBe("--input[0]");
  });

  it("name missing and unknown parameters", () => {
    const parameters = [
      { name: "a", type: "u8" },
      { name: "b", type: "u8" },
    ] as const;
    const check = (text: string) => {
      const node = parseJson(text);
      const values = node.ok ? inputFromJson(parameters, node.value) : node;
      return values.ok ? values.value : values.error.message;
    };
    expect(check('{"b":2,"a":1}')).toEqual([1, 2]);
    expect(check('{"a":1}')).toBe("$.b: expected u8, found nothing");
    expect(check('{"a":1,"b":2,"c":3}')).toBe(
      "$.c: expected only the parameters a, b, found number 3",
    );
    expect(check("[1]")).toBe("$: expected an array of 2 or an object with a, b, found array of 1");
  });
});

describe("defaults of record fields", () => {
  const type: TypeDescriptor = {
    record: {
      name: "R",
      fields: [
        ["a", "i64"],
        ["b", "i64"],
        ["c", { option: "i64" }],
      ],
    },
  };
  const defaults: InputOptions["defaults"] = (record, field, previous) => {
    if (record !== "R") return undefined;
    if (field === "b") return Number(previous[0]) + 1;
    return field === "c" ? 7 : undefined;
  };

  it("see the fields before them and come before none", () => {
    expect(displayValue(read(type, '{"a":1}', { defaults }))).toBe("R(a: 1, b: 2, c: 7)");
    expect(displayValue(read(type, '{"a":1,"b":5,"c":null}', { defaults }))).toBe(
      "R(a: 1, b: 5, c: null)",
    );
  });
});

describe("options", () => {
  it("are wrapped where the inner type can be null, through recursion too", () => {
    expect(read({ option: "json" }, '{"$some":null}')).toEqual(new Some(null));
    expect(read({ option: "i64" }, '{"$some":5}')).toBe(5);
    expect(read(chain, '{"$some":{"$some":null}}')).toEqual(new Some(new Some(null)));
    expect(written(chain, new Some(new Some(null)))).toBe('{"$some":{"$some":null}}');
    expect(written({ option: "json" }, new Some(5))).toBe('{"$some":5}');
  });
});

describe("floats", () => {
  it("are nearest to the text, for f32 without rounding twice", () => {
    // 1 + 2^-24 is halfway between two f32; a text just above it must go up although its nearest
    // double is the halfway point itself.
    const half = "1.000000059604644775390625";
    const value = (text: string) => (read("f32", text) as Float).value;
    expect(value(half)).toBe(1);
    expect(value(`${half}0000000000000000001`)).toBe(Math.fround(1 + 2 ** -23));
    expect(value("1.0000000596046447753906249999999999")).toBe(1);
    expect(value("-1.0000000596046447753906250000000001")).toBe(-Math.fround(1 + 2 ** -23));
    expect(value("7.006492321624086e-46")).toBe(2 ** -149);
    expect(value("7.006492321624085e-46")).toBe(0);
    expect(refusal("f32", "1e39")).toContain("expected f32");
  });

  it("are written with the fewest digits", () => {
    expect(written("f32", new Float(Math.fround(0.1)))).toBe("0.1");
    expect(written("f64", new Float(Math.fround(0.1)))).toBe("0.10000000149011612");
    expect(
      written({ list: "f64" }, makeList([1, -0, Number.NaN, -1 / 0].map((x) => new Float(x)))),
    ).toBe('[1,"-0","NaN","-Infinity"]');
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = written("f32", new Float(value));
        return Object.is((read("f32", text) as Float).value, value);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it("stay apart from Ints within json", () => {
    const list = makeList([3, new Float(3), new Float(-0), 2n ** 60n, new Float(1e21)]);
    expect(written("json", list)).toBe("[3,3.0,-0.0,1152921504606846976,1e+21]");
    expect(written("json", new Float(Number.NaN))).toBe("JSON has no number NaN");
  });
});

describe("layout", () => {
  it("puts parts on lines of their own when indented", () => {
    const map = mapFromEntries([
      { key: "10", value: makeList([1, 2]) },
      { key: "9", value: makeList([]) },
    ]);
    const type: TypeDescriptor = { map: ["string", { list: "u8" }] };
    expect(written(type, map)).toBe('{"10":[1,2],"9":[]}');
    expect(written(type, map, 2)).toBe('{\n  "10": [\n    1,\n    2\n  ],\n  "9": []\n}');
  });

  it("reports a value of another type with its path", () => {
    expect(written({ list: "u8" }, makeList([1, "a"]))).toContain(
      '$[1]: expected u8, found String "a"',
    );
  });
});

describe("base64", () => {
  it("agrees with the platform and refuses other forms", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect(fromBase64(text)).toEqual(Uint8Array.from(bytes));
      }),
      { seed: 6, numRuns: 200 },
    );
    for (const text of ["AP8", "AP9=", "AP8=\n", "A===", "AP-_", "====", "AP8=AP8="]) {
      expect(fromBase64(text)).toBeNull();
    }
  });
});
