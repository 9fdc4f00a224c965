// Which documents are type descriptors, and where the others are wrong.

import { describe, expect, it } from "vitest";
import { TYPE_DEPTH_MAX } from "../value/index.ts";
import { checkTypeDescriptor, renderType } from "./index.ts";

function nested(depth: number): unknown {
  let type: unknown = "u8";
  for (let i = 0; i < depth; i += 1) type = { list: type };
  return type;
}

function refusal(document: unknown): [string, string | undefined] {
  const result = checkTypeDescriptor(document);
  if (result.ok) throw new Error("accepted");
  return [result.error.code, result.error.path];
}

const tree = (ref: string) => ({
  rec: {
    name: "Tree",
    type: {
      enum: {
        name: "Tree",
        variants: [
          ["Leaf", null],
          ["Node", { tuple: [{ ref }, { ref }] }],
        ],
      },
    },
  },
});

describe("checkTypeDescriptor", () => {
  it.each([
    ["a name", "json"],
    [
      "every container",
      {
        tuple: [{ list: "u8" }, { set: "char" }, { array: ["f32", 0] }, { map: ["bool", "json"] }],
      },
    ],
    ["an empty record", { record: { name: "Empty", fields: [] } }],
    [
      "payloads",
      {
        enum: {
          name: "E",
          variants: [
            ["A", null],
            ["B", "u8"],
            ["C", { tuple: ["u8"] }],
            ["D", { struct: [["x", "u8"]] }],
          ],
        },
      },
    ],
    ["recursion", tree("Tree")],
    ["recursion as a key", { set: tree("Tree") }],
    [
      "an ordered record as a key",
      { map: [{ record: { name: "K", fields: [["a", { option: "i64" }]] } }, "f64"] },
    ],
    [
      "an inner rec of the same name",
      {
        rec: { name: "A", type: { list: { rec: { name: "A", type: { option: { ref: "A" } } } } } },
      },
    ],
    ["the deepest type", nested(TYPE_DEPTH_MAX)],
  ])("accepts %s", (_, document) => {
    expect(checkTypeDescriptor(document)).toEqual({ ok: true, value: document });
  });

  it.each<[string, unknown, string]>([
    ["an unknown name", "int", ""],
    ["the abbreviation hash32", "hash32", ""],
    ["nothing", null, ""],
    ["a number", 5, ""],
    ["an array", ["u8"], ""],
    ["an empty object", {}, ""],
    ["two keys", { list: "u8", set: "u8" }, ""],
    ["an inherited key", { toString: "u8" }, ""],
    ["an inner name", { list: { option: "x" } }, "/list/option"],
    ["an empty tuple", { tuple: [] }, "/tuple"],
    ["no array", { tuple: "u8" }, "/tuple"],
    ["a negative count", { array: ["u8", -1] }, "/array/1"],
    ["a large count", { array: ["u8", 2 ** 31] }, "/array/1"],
    ["a missing count", { array: ["u8"] }, "/array"],
    [
      "a repeated field",
      {
        record: {
          name: "R",
          fields: [
            ["a", "u8"],
            ["a", "u8"],
          ],
        },
      },
      "/record/fields/1/0",
    ],
    ["a nameless record", { record: { fields: [] } }, "/record"],
    ["an extra key", { record: { name: "R", fields: [], x: 1 } }, "/record"],
    ["a bad variant", { enum: { name: "E", variants: [["A", null], "B"] } }, "/enum/variants/1"],
    [
      "a bad payload",
      { enum: { name: "E", variants: [["A", { struct: [["x", "y"]] }]] } },
      "/enum/variants/0/1/struct/0/1",
    ],
    [
      "an empty tuple payload",
      { enum: { name: "E", variants: [["A", { tuple: [] }]] } },
      "/enum/variants/0/1/tuple",
    ],
    ["one type of a result", { result: ["u8"] }, "/result"],
    ["a free reference", { list: { ref: "X" } }, "/list/ref"],
    ["a reference to another name", tree("Bush"), "/rec/type/enum/variants/1/1/tuple/0/ref"],
    ["a rec that is only itself", { rec: { name: "X", type: { ref: "X" } } }, "/rec/type/ref"],
    [
      "a rec that is only itself at the second look",
      { rec: { name: "X", type: { rec: { name: "Y", type: { ref: "X" } } } } },
      "/rec/type/rec/type/ref",
    ],
    ["a type that is too deep", nested(TYPE_DEPTH_MAX + 1), "/list".repeat(TYPE_DEPTH_MAX + 1)],
  ])("refuses %s", (_, document, path) => {
    expect(refusal(document)).toEqual(["E_MALFORMED", path]);
  });

  it.each<[string, unknown, string]>([
    ["floats as keys", { map: ["f64", "u8"] }, "/map/0"],
    ["json as an item", { set: "json" }, "/set"],
    ["a map within a key", { set: { list: { map: ["u8", "u8"] } } }, "/set/list"],
    ["a set within a key", { map: [{ tuple: ["u8", { set: "u8" }] }, "u8"] }, "/map/0/tuple/1"],
    [
      "f32 in a variant of a key",
      { set: { enum: { name: "E", variants: [["A", "f32"]] } } },
      "/set/enum/variants/0/1",
    ],
    [
      "an enclosing type, which holds this set",
      { rec: { name: "X", type: { option: { set: { ref: "X" } } } } },
      "/rec/type/option/set/ref",
    ],
  ])("refuses %s as unordered", (_, document, path) => {
    expect(refusal(document)).toEqual(["E_NOT_SERIALIZABLE", path]);
  });
});

describe("renderType", () => {
  it.each<[Parameters<typeof renderType>[0], string]>([
    [{ map: ["string", { list: { option: "i64" } }] }, "map[string, list[option[i64]]]"],
    [{ tuple: [{ array: ["u8", 32] }, { set: "char" }] }, "tuple[array[u8, 32], set[char]]"],
    [
      { result: [{ record: { name: "R", fields: [] } }, { enum: { name: "E", variants: [] } }] },
      "result[R, E]",
    ],
    [{ rec: { name: "X", type: { list: { ref: "X" } } } }, "X"],
    [{ list: { ref: "X" } }, "list[X]"],
  ])("shows %j", (type, text) => {
    expect(renderType(type)).toBe(text);
  });
});
