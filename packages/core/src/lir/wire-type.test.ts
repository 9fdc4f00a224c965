// The wire type of LIR types (lir.md 2, formats.md 3.2).

import { describe, expect, it } from "vitest";
import { assemble } from "./text-assemble.ts";
import { wireTypeOf } from "./wire-type.ts";

/** Wire type of type 0 of a table. */
function wireOf(...types: readonly string[]): unknown {
  const lines = types.map((type, i) => `  ${i} ${type}`);
  const module = assemble(["module m", "types", ...lines, ""].join("\n"));
  if (!module.ok) throw new Error(module.error.message);
  return wireTypeOf(module.value, 0);
}

describe("wire types", () => {
  it.each([
    [["int"], "i64"],
    [["float"], "f64"],
    [["null"], "unit"],
    [["bool"], "bool"],
    [["string"], "string"],
    [["bytes"], "bytes"],
    [["json"], "json"],
    [["list 1", "int"], { list: "i64" }],
    [["set 1", "string"], { set: "string" }],
    [["option 1", "int"], { option: "i64" }],
    [["map 1 2", "string", "int"], { map: ["string", "i64"] }],
    [["result 1 2", "int", "string"], { result: ["i64", "string"] }],
    [["tuple 1 1", "int"], { tuple: ["i64", "i64"] }],
    [["tuple"], "unit"],
    [["record R { a: 1 }", "int"], { record: { name: "R", fields: [["a", "i64"]] } }],
    [
      ["enum E { A, B(1), C(x: 1, y: 2) }", "int", "string"],
      {
        enum: {
          name: "E",
          variants: [
            ["A", null],
            ["B", "i64"],
            ["C", { tuple: ["i64", "string"] }],
          ],
        },
      },
    ],
    [
      ["record N { next: 1 }", "option 0"],
      {
        rec: {
          name: "N",
          type: { record: { name: "N", fields: [["next", { option: { ref: "N" } }]] } },
        },
      },
    ],
  ])("of %j", (types, expected) => {
    expect(wireOf(...types)).toEqual(expected);
  });

  it.each([
    [["any"]],
    [["union 1 2", "int", "string"]],
    [["fn (1) -> 1 {}", "int"]],
    [["opaque Iterator 1", "int"]],
    [["list 1", "record R { f: 2 }", "any"]],
  ])("are missing for %j", (types) => {
    expect(wireOf(...types)).toBeNull();
  });

  it("keeps two uses of a recursive type apart from the definition", () => {
    const found = wireOf("tuple 1 1", "record N { next: 2 }", "option 1");
    const defined = { rec: { name: "N", type: expect.anything() } };
    expect(found).toEqual({ tuple: [defined, defined] });
  });
});
