// The textual form of LIR: both directions are inverse, and broken texts are refused with a line.
// Compiled modules go both ways in tests/lir-modules.test.ts.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalModule } from "./canonical.ts";
import { encodeModule } from "./codec.ts";
import type { Instruction, LirModule } from "./module.ts";
import { disassemble } from "./text.ts";
import { assemble } from "./text-assemble.ts";

/** A module with every kind of type, constant, callee, operand and odd name. */
const EVERYTHING = `module "a b"
types
  0 any
  1 fn (0, 2) -> 3 {emit, "odd effect"}
  2 int
  3 null
  4 list 5
  5 float
  6 set 7
  7 string
  8 map 7 9
  9 json
  10 tuple
  11 tuple 2 12
  12 bytes
  13 option 14
  14 bool
  15 result 2 7
  16 record "Pair[Int,String]" { first: 2, "x y": 16 }
  17 record Empty {  }
  18 enum Shape { Dot, Circle(5), Rect(w: 5, "7": 5) }
  19 union 2 7
  20 opaque Iterator 2
constants
  0 null
  1 bool true
  2 int -9223372036854775808
  3 float -0.0
  4 float NaN
  5 float -inf
  6 float 0.0000001
  7 string "a\\nb; \\"c\\" \\u0001"
  8 bytes ""
  9 bytes 0aff
  10 value 4 00
callees
  0 local 0
  1 extern std.prelude map
  2 extern "odd name" f$lambda0
cell f kind lambda params 1 captures 2 result 0 row {}
  registers 0 1 2
   0  const r0, k7
   1  switch r2, [->0, ->1]
   2  place_set r0, r0, .[r1].#2.%1.k7.[r2], r1
   3  call r0, c1, [r0, r1]
   4  call_builtin r0, @length, []
   5  iter_next r0, r1, ->7
   6  arith r0, 12, r1, r2
   7  cast r0, r1, t16
   8  call_recur r0, c0, [r0], 4294967295
   9  fault 0, r0
  10  handle r0, [k7, k0], [->0, ->1, ->2]
  11  resume r0, r1, 1, 3
  12  perform r0, k7, k7, c1, [r1]
  13  defer_end
  14  jump ->0
end
cell h kind generator params 0 captures 0 result 0 row {}
  registers
  0  nursery_end
end
cell "Type.méthod x" kind tile params 0 captures 0 result 3 row {"x y", é}
  registers
  0  return r0
end
`;

function parsed(text: string): LirModule {
  const module = assemble(text);
  if (!module.ok) throw new Error(module.error.message);
  return module.value;
}

describe("disassemble and assemble", () => {
  it("are inverse on text in the form that disassemble writes", () => {
    expect(disassemble(parsed(EVERYTHING))).toBe(EVERYTHING);
  });

  it("keep every byte of a module", () => {
    const bytes = encodeModule(parsed(EVERYTHING));
    expect(encodeModule(parsed(disassemble(parsed(EVERYTHING))))).toEqual(bytes);
  });

  it("leave comments, blanks and blank lines out", () => {
    const text =
      "module m ; name\n\ntypes\n 0   int ; first\n\ncell f kind cell params 0 captures 0 result 0 row { }\nregisters 0\n0 return r0\nend";
    expect(disassemble(parsed(text))).toBe(
      "module m\ntypes\n  0 int\ncell f kind cell params 0 captures 0 result 0 row {}\n  registers 0\n  0  return r0\nend\n",
    );
  });

  it("keep names, numbers and strings of any kind", () => {
    const name = fc.string({ unit: "grapheme" });
    const module = fc.record({
      name,
      types: fc.constant([{ kind: "any" } as const]),
      constants: fc.array(
        fc.oneof(
          fc.record({ kind: fc.constant("string" as const), value: name }),
          fc.record({ kind: fc.constant("float" as const), value: fc.double() }),
          fc.record({
            kind: fc.constant("int" as const),
            value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
          }),
          fc.record({ kind: fc.constant("bytes" as const), value: fc.uint8Array() }),
        ),
      ),
      callees: fc.array(fc.record({ kind: fc.constant("extern" as const), module: name, name })),
      cells: fc.constant([]),
      debug: fc.constant(null),
    });
    fc.assert(
      fc.property(module, (given) => {
        expect(encodeModule(parsed(disassemble(given)))).toEqual(encodeModule(given));
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });

  it("keep every path", () => {
    const path = fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.nat(99)), { maxLength: 5 });
    fc.assert(
      fc.property(path, (pairs) => {
        const base = parsed(EVERYTHING);
        const operands: Instruction["operands"] = [0, 0, pairs.flat(), 0];
        const [cell] = base.cells;
        if (cell === undefined) throw new Error("the module has a cell");
        const module = {
          ...base,
          cells: [{ ...cell, code: [{ op: "place_set" as const, operands }] }],
        };
        expect(parsed(disassemble(module)).cells[0]?.code[0]?.operands).toEqual(operands);
      }),
      { seed: 20261121 },
    );
  });
});

describe("texts that are refused", () => {
  it.each([
    ["", 1, "the text ends early"],
    ["modul m", 1, "expected 'module'"],
    ["module m\ntypes\n  1 int\n", 3, "expected entry 0"],
    ["module m\ntypes\n  0 integer\n", 3, "unknown type 'integer'"],
    ["module m\nconstants\n  0 int 1.5\n", 3, "expected an Int"],
    ["module m\nconstants\n  0 float one\n", 3, "expected a Float"],
    ["module m\nconstants\n  0 bytes 0a0\n", 3, "expected hex digits"],
    ["module m\nconstants\n  0 bool yes\n", 3, "expected true or false"],
    ['module m\nconstants\n  0 string "\\q"\n', 3, "bad string"],
    ["module m\ncallees\n  0 foreign x y\n", 3, "unknown callee 'foreign'"],
    ["module m\n!", 2, "unknown character '!'"],
    [cell("1 return r0"), 4, "expected instruction 0"],
    [cell("0 retour r0"), 4, "unknown opcode 'retour'"],
    [cell("0 return k0"), 4, "expected rN, found 'k0'"],
    [cell("0 return r0 r1"), 4, "expected the end of the line"],
    [cell("0 call_builtin r0, @nothing, []"), 4, "unknown builtin 'nothing'"],
    [cell("0 place_set r0, r0, r1, r1"), 4, "expected a path"],
    [cell("0 return r4294967296"), 4, "expected rN"],
    [cell("0 return r0").replace("kind cell", "kind thing"), 2, "unknown kind 'thing'"],
  ])("%j", (text, line, message) => {
    const result = assemble(text);
    expect(result.ok ? "accepted" : result.error.message).toContain(`line ${line}: `);
    expect(result.ok ? "accepted" : result.error.message).toContain(message);
  });

  it("never throws on mutilated text", () => {
    const cut = fc.tuple(fc.nat(EVERYTHING.length), fc.nat(40), fc.string({ maxLength: 5 }));
    fc.assert(
      fc.property(cut, ([at, length, put]) => {
        const result = assemble(EVERYTHING.slice(0, at) + put + EVERYTHING.slice(at + length));
        if (!result.ok) expect(result.error.code).toBe("E_LIR_INVALID");
      }),
      { seed: 20261121, numRuns: 500 },
    );
  });
});

function cell(line: string): string {
  return `module m\ncell f kind cell params 0 captures 0 result 0 row {}\n  registers 0\n  ${line}\nend\n`;
}

describe("canonical order", () => {
  it("drops what no cell reaches and renumbers by first use", () => {
    const module = parsed(`module m
types
  0 string
  1 list 2
  2 int
constants
  0 int 5
  1 string "unused"
  2 int 7
callees
  0 extern a b
  1 local 0
cell f kind cell params 0 captures 0 result 1 row {}
  registers 2 1
  0 const r0, k2
  1 const r0, k0
  2 call r1, c1, []
  3 return r1
end
`);
    expect(disassemble(canonicalModule(module))).toBe(`module m
types
  0 int
  1 list 0
constants
  0 int 7
  1 int 5
callees
  0 local 0
cell f kind cell params 0 captures 0 result 1 row {}
  registers 0 1
  0  const r0, k0
  1  const r0, k1
  2  call r1, c0, []
  3  return r1
end
`);
  });

  it("is idempotent, and joins types that mean the same", () => {
    const module = parsed(EVERYTHING);
    const once = canonicalModule(module);
    expect(canonicalModule(once)).toEqual(once);
    const twice = parsed(`module m
types
  0 list 1
  1 int
  2 list 1
cell f kind cell params 2 captures 0 result 0 row {}
  registers 0 2
  0 return r0
end
`);
    expect(canonicalModule(twice).cells[0]?.registers).toEqual([0, 0]);
  });
});
