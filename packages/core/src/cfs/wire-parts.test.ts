// Cutting wire bytes into parts (spec/formats.md 4.1): every form of type.

import { describe, expect, it } from "vitest";
import { decodeValue } from "../encoding/index.ts";
import { concatBytes, fromHex, toHex } from "../hash/index.ts";
import { required } from "../result/result.ts";
import type { TypeDescriptor } from "../value/type-descriptor.ts";
import { leadingVarint, skipValue, splitBytes } from "./wire-parts.ts";

const hex = (text: string): Uint8Array => required(fromHex(text), "the test has hex");

const tree: TypeDescriptor = {
  rec: { name: "T", type: { tuple: ["u8", { list: { ref: "T" } }] } },
};

const shape: TypeDescriptor = {
  enum: {
    name: "S",
    variants: [
      ["Dot", null],
      ["Line", { tuple: ["i64", "string"] }],
      [
        "Box",
        {
          struct: [
            ["w", "u16"],
            ["h", { option: "bool" }],
          ],
        },
      ],
      ["One", { list: "bool" }],
    ],
  },
};

const samples: readonly (readonly [type: TypeDescriptor, bytes: string])[] = [
  ["unit", ""],
  ["bool", "01"],
  ["u8", "80"],
  ["i8", "ff"],
  ["u16", "ac02"],
  ["u32", "ffffffff0f"],
  ["u64", "ffffffffffffffffff01"],
  ["i16", "ac02"],
  ["i32", "01"],
  ["i64", "8101"],
  ["f32", "0000803f"],
  ["f64", "000000000000f03f"],
  ["string", "0568656c6c6f"],
  ["bytes", "03ffff00"],
  ["char", "03e282ac"],
  ["json", "00"],
  ["json", "0101"],
  ["json", "028101"],
  ["json", "03000000000000f03f"],
  ["json", "040161"],
  ["json", "050202020205"],
  ["json", "06020161000162050102 06".replaceAll(" ", "")],
  [{ option: "i64" }, "00"],
  [{ option: "i64" }, "018101"],
  [{ list: "string" }, "0201610162"],
  [{ set: "u16" }, "0201ac02"],
  [{ array: ["u16", 2] }, "01ac02"],
  [{ map: ["string", "i64"] }, "02016102016204"],
  [{ tuple: ["bool", "i64"] }, "018101"],
  [
    {
      record: {
        name: "R",
        fields: [
          ["a", "u8"],
          ["b", "string"],
        ],
      },
    },
    "070161",
  ],
  [{ result: ["i64", "string"] }, "008101"],
  [{ result: ["i64", "string"] }, "0104626f6f6d"],
  [shape, "00"],
  [shape, "0181010161"],
  [shape, "02ac020101"],
  [shape, "03020100"],
  [tree, "0102020003010400"],
];

describe("skipping", () => {
  it.each(samples)("a value of %j: %s", (type, text) => {
    const bytes = hex(text);
    expect(decodeValue(type, bytes).ok).toBe(true);
    const inside = concatBytes(hex("ff"), bytes, hex("ff80"));
    expect(skipValue(type, inside, 1)).toBe(1 + bytes.length);
  });

  it("splits a tuple of all of them", () => {
    const types = samples.map(([type]) => type);
    const bytes = concatBytes(...samples.map(([, text]) => hex(text)));
    expect(splitBytes(types, bytes).map(toHex)).toEqual(samples.map(([, text]) => text));
  });
});

describe("leading numbers", () => {
  it("are minimal varints of at most five bytes", () => {
    expect(leadingVarint(hex("ac0277"))).toEqual({ value: 300, end: 2 });
    expect(leadingVarint(hex("ffffffff0f"))).toEqual({ value: 0xffff_ffff, end: 5 });
    for (const bad of ["", "80", "8000", "ffffffffff01"])
      expect(leadingVarint(hex(bad))).toBe(null);
  });
});
