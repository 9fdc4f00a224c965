// Levels of type descriptors, part by part.

import { describe, expect, it } from "vitest";
import { checkTypeDescriptor } from "../encoding/index.ts";
import { TYPE_DEPTH_MAX, type TypeDescriptor, typeDepth } from "./index.ts";

const LIST: TypeDescriptor = { list: "i64" };

describe("typeDepth", () => {
  it.each<[number, TypeDescriptor]>([
    [0, "i64"],
    [1, { option: "i64" }],
    [2, { list: LIST }],
    [2, { set: { tuple: ["i64", "bool"] } }],
    [2, { array: [LIST, 3] }],
    [2, { map: ["string", LIST] }],
    [2, { result: [LIST, "string"] }],
    [
      2,
      {
        record: {
          name: "R",
          fields: [
            ["a", "i64"],
            ["b", LIST],
          ],
        },
      },
    ],
    [0, { enum: { name: "E", variants: [["A", null]] } }],
    [2, { enum: { name: "E", variants: [["A", { tuple: ["i64", "i64"] }]] } }],
    [2, { enum: { name: "E", variants: [["A", { struct: [["x", LIST]] }]] } }],
    [
      3,
      {
        rec: {
          name: "T",
          type: { record: { name: "T", fields: [["t", { list: { ref: "T" } }]] } },
        },
      },
    ],
  ])("%i levels", (levels, type) => {
    expect(typeDepth(type)).toBe(levels);
  });

  it("counts as the check of descriptors does", () => {
    let type: TypeDescriptor = "i64";
    for (let i = 0; i < TYPE_DEPTH_MAX; i += 1) type = { list: type };
    expect(typeDepth(type)).toBe(TYPE_DEPTH_MAX);
    expect(checkTypeDescriptor(type).ok).toBe(true);
    expect(checkTypeDescriptor({ option: type }).ok).toBe(false);
    expect(typeDepth({ option: type })).toBe(TYPE_DEPTH_MAX + 1);
  });
});
