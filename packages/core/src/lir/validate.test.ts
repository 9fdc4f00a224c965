// Validation rule by rule: modules that are valid, and for every rule a change that is refused. The
// modules of real programs are in tests/lir-modules.test.ts.

import { describe, expect, it } from "vitest";
import type { LirModule } from "./module.ts";
import { assemble } from "./text-assemble.ts";
import { validateModule } from "./validate.ts";

function moduleOf(text: string): LirModule {
  const module = assemble(text);
  if (!module.ok) throw new Error(module.error.message);
  return module.value;
}

/** The message of the refusal without its place, or `valid`. */
function judge(module: LirModule): string {
  const result = validateModule(module);
  if (result.ok) return "valid";
  expect(result.error.code).toBe("E_LIR_INVALID");
  return result.error.message.replace(/^invalid LIR module '[^']*'/, "").replace(/^[ ,:]+/, "");
}

/** A module with one cell; lines of tables may be empty. */
function cellText(parts: {
  readonly types: readonly string[];
  readonly constants?: readonly string[];
  readonly head?: string;
  readonly registers: string;
  readonly code: readonly string[];
}): string {
  const table = (name: string, rows: readonly string[] = []): readonly string[] =>
    rows.length === 0 ? [] : [name, ...rows.map((row, i) => `  ${i} ${row}`)];
  return [
    "module m",
    ...table("types", parts.types),
    ...table("constants", parts.constants),
    parts.head ?? "cell f kind cell params 1 captures 0 result 0 row {}",
    `  registers ${parts.registers}`,
    ...parts.code.map((line, i) => `  ${i} ${line}`),
    "end",
  ].join("\n");
}

function judgeCell(parts: Parameters<typeof cellText>[0]): string {
  return judge(moduleOf(cellText(parts)));
}

const DOUBLE = {
  types: ["int"],
  constants: ["int 2"],
  registers: "0 0 0",
  code: ["const r1, k0", "mul_int r2, r0, r1", "return r2"],
} as const;

describe("valid modules", () => {
  it("accepts a small cell", () => {
    expect(judgeCell(DOUBLE)).toBe("valid");
  });

  it("accepts a recursive record and a loop", () => {
    const list = {
      types: ["record Node { value: 1, next: 2 }", "int", "option 0", "bool"],
      constants: ["int 0"],
      head: "cell f kind cell params 1 captures 0 result 1 row {}",
      registers: "0 1 2 3",
      code: [
        "field_get r1, r0, 0",
        "field_get r2, r0, 1",
        "is_null r3, r2",
        "jump_if r3, ->6",
        "cast r0, r2, t0",
        "jump ->0",
        "return r1",
      ],
    };
    expect(judgeCell({ ...list, constants: [] })).toBe("valid");
  });
});

describe("ranges, limits and order of tables (clause 1)", () => {
  it.each([
    ["a type", { ...DOUBLE, registers: "0 0 7" }, "uses type 7"],
    ["a constant", { ...DOUBLE, code: ["const r1, k9", "return r1"] }, "constant 9 does not exist"],
    ["a register", { ...DOUBLE, code: ["return r9"] }, "register 9 does not exist"],
    ["a jump target", { ...DOUBLE, code: ["jump ->9"] }, "instruction 9 does not exist"],
    [
      "a part of a type",
      { types: ["list 4"], registers: "0", code: ["return r0"] },
      "type 0 refers to type 4",
    ],
    [
      "an operator number",
      { types: ["any"], registers: "0 0", code: ["arith r1, 13, r0, r0", "return r1"] },
      "arith has no number 13",
    ],
    [
      "a builtin",
      { types: ["any"], registers: "0 0", code: ["call_builtin r1, @60000, [r0]", "return r1"] },
      "builtin 60000 does not exist",
    ],
    ["an unreached constant", { ...DOUBLE, constants: ["int 2", "int 3"] }, "is not reached"],
    ["an unreached type", { ...DOUBLE, types: ["int", "string"] }, "is not reached"],
    [
      "types out of order",
      { types: ["int", "string"], registers: "1 0", code: ["return r1"] },
      "out of order",
    ],
    [
      "constants out of order",
      {
        ...DOUBLE,
        constants: ["int 2", "int 3"],
        code: ["const r1, k1", "const r1, k0", "return r1"],
      },
      "out of canonical order",
    ],
    [
      "a type twice",
      { types: ["int", "list 0", "list 0"], registers: "0 1 2", code: ["return r0"] },
      "type 2 stands in the table twice",
    ],
    [
      "a constant twice",
      {
        ...DOUBLE,
        constants: ["int 2", "int 2"],
        code: ["const r1, k0", "const r1, k1", "return r1"],
      },
      "constant 1 stands in the table twice",
    ],
    [
      "a type inside itself",
      { types: ["list 0"], registers: "0", code: ["return r0"] },
      "contains itself without a record or enum",
    ],
  ])("refuses %s", (_what, parts, expected) => {
    expect(judgeCell(parts)).toContain(expected);
  });

  it("sees that two recursive records are one type", () => {
    const types = ["record R { next: 1 }", "option 2", "record R { next: 3 }", "option 0"];
    expect(judgeCell({ types, registers: "0", code: ["return r0"] })).toContain("twice");
  });

  it("bounds the nesting of types at 1024", () => {
    const nested = (depth: number): string =>
      judgeCell({
        types: [...Array.from({ length: depth - 1 }, (_, i) => `list ${i + 1}`), "int"],
        registers: "0",
        code: ["return r0"],
      });
    expect(nested(1024)).toBe("valid");
    expect(nested(1025)).toContain("nested deeper than 1024");
  });

  it("bounds the number of registers at 65536", () => {
    const module = moduleOf(cellText(DOUBLE));
    const [cell] = module.cells;
    if (cell === undefined) throw new Error("the module has a cell");
    const wide = (count: number): LirModule => ({
      ...module,
      cells: [{ ...cell, registers: new Array<number>(count).fill(0) }],
    });
    expect(judge(wide(65_536))).toBe("valid");
    expect(judge(wide(65_537))).toContain("more than 65536 registers");
  });

  it("does not take a doubling type apart", () => {
    const types = Array.from({ length: 100 }, (_, i) => `tuple ${i + 1} ${i + 1}`);
    const value = { types: [...types, "int"], constants: ["value 0 00"], registers: "0" };
    expect(judgeCell({ ...value, code: ["const r0, k0", "return r0"] })).toContain("too large");
  });
});

describe("cells (clauses 2 and 3)", () => {
  it.each([
    ["too few registers", { ...DOUBLE, head: head("params 4") }, "fewer registers than"],
    ["a row out of order", { ...DOUBLE, head: head("", "{b, a}") }, "row that is not ascending"],
    ["a row with a repetition", { ...DOUBLE, head: head("", "{a, a}") }, "not ascending"],
    ["a tile with effects", { ...DOUBLE, head: head("tile", "{a}") }, "is a tile with effects"],
    ["no code", { ...DOUBLE, code: [] }, "the cell has no code"],
    ["an open end", { ...DOUBLE, code: ["const r1, k0"] }, "control can run past the end"],
    ["an open branch", { ...DOUBLE, code: ["const r1, k0", "jump_if r1, ->0"] }, "past the end"],
  ])("refuses %s", (_what, parts, expected) => {
    expect(judgeCell(parts)).toContain(expected);
  });

  it("refuses two cells of one name", () => {
    const module = moduleOf(cellText(DOUBLE));
    expect(judge({ ...module, cells: [...module.cells, ...module.cells] })).toContain("twice");
  });
});

function head(change: string, row = "{}"): string {
  const kind = change === "tile" ? "tile" : "cell";
  const params = change.startsWith("params") ? change : "params 1";
  return `cell f kind ${kind} ${params} captures 0 result 0 row ${row}`;
}

/** One instruction over registers of these types, r0 … being parameters; returns r0. */
function judgeInstruction(types: readonly string[], line: string, registers?: string): string {
  const given = registers ?? types.map((_, i) => i).join(" ");
  const count = given.split(" ").length;
  return judgeCell({
    types,
    head: `cell f kind cell params ${count} captures 0 result 0 row {}`,
    registers: given,
    code: [line, "return r0"],
  });
}

describe("types of operands (clause 4)", () => {
  it.each([
    ["int reads int", ["int", "string"], "add_int r0, r0, r1"],
    ["int writes int", ["any", "int"], "add_int r0, r1, r1"],
    ["float reads float", ["float", "int"], "add_float r0, r0, r1"],
    ["strings compare strings", ["bool", "string", "int"], "lt_string r0, r1, r2"],
    ["comparisons write bool", ["int"], "lt_int r0, r0, r0"],
    ["not reads bool", ["bool", "any"], "not r0, r1"],
    ["a jump reads bool", ["any"], "jump_if r0, ->1"],
    ["switch reads int", ["string"], "switch r0, [->1]"],
    ["fault reads a string", ["int"], "fault 0, r0"],
    ["move keeps the type", ["any", "int"], "move r0, r1"],
    ["widen goes up", ["int", "any"], "widen r0, r1"],
    ["cast writes its type", ["int", "any", "string"], "cast r0, r1, t2"],
    ["concat joins strings", ["string", "int"], "concat r0, [r0, r1]"],
    ["list items fit", ["list 1", "int", "string"], "list_new r0, [r1, r2]"],
    ["list_new writes a list", ["set 1", "int"], "list_new r0, [r1]"],
    ["list_get reads a list", ["any", "int"], "list_get r0, r0, r1"],
    ["list_get has an int index", ["int", "list 0", "string"], "list_get r0, r1, r2"],
    ["list_get yields the item", ["string", "list 2", "int"], "list_get r0, r1, r2"],
    ["list_append adds an item", ["list 1", "int", "string"], "list_append r0, r0, r2"],
    ["list_concat joins lists", ["list 1", "int", "list 3", "string"], "list_concat r0, r0, r2"],
    ["list_length reads a list", ["int", "string"], "list_length r0, r1"],
    ["list_range counts ints", ["list 1", "int", "float"], "list_range r0, r1, r1, r2, 0"],
    ["slice keeps the type", ["list 1", "int", "list 3", "string"], "slice r0, r2, r1, r1"],
    ["tuple_new has all parts", ["tuple 1 1", "int"], "tuple_new r0, [r1]"],
    ["tuple_new has fitting parts", ["tuple 1 2", "int", "bool"], "tuple_new r0, [r1, r1]"],
    ["tuple_get has a component", ["int", "tuple 0"], "tuple_get r0, r1, 1"],
    ["tuple_get yields the component", ["int", "tuple 2", "bool"], "tuple_get r0, r1, 0"],
    ["map_new pairs", ["map 1 1", "int"], "map_new r0, [r1]"],
    ["map_new has fitting values", ["map 1 2", "int", "bool"], "map_new r0, [r1, r1]"],
    ["map_get may be null", ["int", "map 2 0", "string"], "map_get r0, r1, r2"],
    ["map_get takes a key", ["option 1", "int", "map 3 1", "string"], "map_get r0, r2, r1"],
    ["set items fit", ["set 1", "int", "string"], "set_new r0, [r2]"],
    ["record_new has all fields", ["record R { a: 1, b: 1 }", "int"], "record_new r0, [r1]"],
    ["record_new writes a record", ["tuple 1", "int"], "record_new r0, [r1]"],
    ["field_get has a field", ["int", "record R { a: 0 }"], "field_get r0, r1, 1"],
    ["field_get yields the field", ["int", "record R { a: 2 }", "any"], "field_get r0, r1, 0"],
    ["variant_new has a variant", ["enum E { A(1) }", "int"], "variant_new r0, 1, [r1]"],
    ["variant_new has its payload", ["enum E { A(1) }", "int"], "variant_new r0, 0, []"],
    ["variant_tag reads variants", ["int", "string"], "variant_tag r0, r1"],
    ["payload_get has a component", ["int", "enum E { A, B(0) }"], "payload_get r0, r1, 1"],
    ["payload_get yields it", ["int", "result 2 2", "string"], "payload_get r0, r1, 0"],
    ["place_set has a place", ["record R { a: 1 }", "int"], "place_set r0, r0, .#1, r1"],
    ["place_set keeps types", ["record R { a: 1 }", "int", "any"], "place_set r0, r0, .#0, r2"],
    ["place_set indexes lists by int", ["list 1", "string"], "place_set r0, r0, .[r1], r1"],
    ["no iteration over ints", ["any", "int"], "iter_new r0, r1"],
    ["an iterator has a register", ["int", "list 0"], "iter_new r0, r1"],
    ["iter_next reads an iterator", ["any", "int"], "iter_next r0, r1, ->1"],
    ["the entries of a list", ["any", "list 0"], "iter_entries r0, r1"],
  ])("%s", (_rule, types, line) => {
    expect(judgeInstruction(types, line)).toMatch(/^in cell 'f', instruction 0 /);
  });

  it.each([
    ["widen into json", ["json", "map 2 3", "string", "list 2"], "widen r0, r1"],
    ["widen into an option", ["option 1", "int"], "widen r0, r1"],
    [
      "widen an option into a union",
      ["union 1 2 3", "int", "string", "null", "option 1"],
      "widen r0, r4",
    ],
    ["covariant items", ["list 1", "any", "list 3", "int"], "widen r0, r2"],
    ["a constructed variant", ["enum E { A, B(x: 1) }", "int"], "variant_new r0, 1, [r1]"],
    [
      "a place in a map in a record",
      ["record R { m: 1 }", "map 2 3", "string", "int"],
      "place_set r0, r0, .#0.[r2], r3",
    ],
    ["an iterator of items", ["opaque Iterator 1", "int", "list 1"], "iter_new r0, r2"],
    ["map_get of an option", ["option 1", "int", "map 3 1", "string"], "map_get r0, r2, r3"],
  ])("accepts %s", (_rule, types, line) => {
    expect(judgeInstruction(types, line)).toBe("valid");
  });

  it("refuses a constant of another type", () => {
    const parts = { ...DOUBLE, constants: ['string "x"'], code: ["const r1, k0", "return r1"] };
    expect(judgeCell(parts)).toContain("the result has type string");
  });

  it("refuses a result of another type", () => {
    expect(
      judgeCell({ types: ["int", "string"], registers: "1", head: head(""), code: ["return r0"] }),
    ).toContain("out of order");
    const types = ["string", "int"];
    const back = "cell f kind cell params 1 captures 0 result 1 row {}";
    expect(judgeCell({ types, registers: "0", head: back, code: ["return r0"] })).toContain(
      "the result has type string, expected int",
    );
  });

  it("refuses functions whose parameters do not fit", () => {
    const types = ["fn (1) -> 1 {}", "int", "fn (3) -> 1 {}", "any"];
    expect(judgeInstruction(types, "widen r0, r2")).toBe("valid");
    const other = ["fn (1) -> 2 {}", "any", "int", "fn (2) -> 2 {}"];
    expect(judgeInstruction(other, "widen r0, r3")).toContain("expected fn(any) -> int");
    const noisy = ["fn () -> 1 {}", "int", "fn () -> 1 {emit}"];
    expect(judgeInstruction(noisy, "widen r0, r2")).toContain("emit");
  });
});
