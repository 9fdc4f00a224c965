// Every opcode: equation, edges, faults (lir.md 4, language 4). Texts are those of the reference.

import { ARITH_OPS, OPCODE_NAMES, OPCODES, type OpcodeName } from "@lumen/core/lir";
import { displayNested, makeErr, makeOk, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { evaluate, f, l, m, s, T, t } from "../testing/build-program.ts";
import { CONTROL_OPERATIONS } from "./control.ts";
import { SLOW_OPERATIONS } from "./slow-operations.ts";

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);
const SAFE = Number.MAX_SAFE_INTEGER;
const over = (what: string): string => `E_TRAP_OVERFLOW integer overflow in ${what}`;
const type = (text: string): string => `E_TRAP_TYPE type error at runtime: ${text}`;
const ZERO = "E_TRAP_DIV_ZERO division by zero";
const SHIFT = "E_TRAP_OVERFLOW runtime error: shift amount out of range (must be 0..63)";

type Row = readonly [OpcodeName, readonly Value[], string];

const ROWS: readonly Row[] = [
  ["move", ["a"], '"a"'],
  ["widen", [1], "1"],
  ["is_null", [null], "true"],
  ["is_null", [0], "false"],
  ["add_int", [2, 3], "5"],
  ["add_int", [SAFE, 1], "9007199254740992"],
  ["add_int", [2n ** 53n, -1], "9007199254740991"],
  ["add_int", [MAX, 0], `${MAX}`],
  ["add_int", [MAX, 1], over("addition")],
  ["sub_int", [3, 5], "-2"],
  ["sub_int", [-SAFE, 1], "-9007199254740992"],
  ["sub_int", [MIN, 1], over("subtraction")],
  ["mul_int", [0, -5], "0"],
  ["mul_int", [2 ** 30, 2 ** 30], "1152921504606846976"],
  ["mul_int", [2 ** 32, 2 ** 31], over("multiplication")],
  ["div_int", [-7, 2], "-3"],
  ["div_int", [-1, 2], "0"],
  ["div_int", [SAFE, -1], "-9007199254740991"],
  ["div_int", [MAX, 2], "4611686018427387903"],
  ["div_int", [MIN, -1], over("division")],
  ["div_int", [1, 0], ZERO],
  ["quot_int", [-7, 2], "-4"],
  ["quot_int", [-7, -2], "4"],
  ["quot_int", [7, -2], "-3"],
  ["quot_int", [MIN, 3], "-3074457345618258603"],
  ["quot_int", [1, 0], ZERO],
  ["rem_int", [-7, 2], "1"],
  ["rem_int", [-7, -2], "1"],
  ["rem_int", [-4, 2], "0"],
  ["rem_int", [MIN, MAX], `${MAX - 1n}`],
  ["rem_int", [MIN, -1], "0"],
  ["rem_int", [1, 0], ZERO],
  ["pow_int", [2, 62], "4611686018427387904"],
  ["pow_int", [-2, 63], `${MIN}`],
  ["pow_int", [2, 63], over("exponentiation")],
  ["pow_int", [0, 0], "1"],
  ["pow_int", [-1, MAX], "-1"],
  ["pow_int", [3, MAX], over("exponentiation")],
  ["pow_int", [2, -1], over("exponentiation")],
  ["neg_int", [0], "0"],
  ["neg_int", [MAX], `${-MAX}`],
  ["neg_int", [MIN], over("negation")],
  ["and_int", [-1, 2 ** 40], "1099511627776"],
  ["and_int", [6, 3], "2"],
  ["or_int", [6, 3], "7"],
  ["or_int", [MIN, 1], `${MIN + 1n}`],
  ["xor_int", [-1, MAX], `${MIN}`],
  ["xor_int", [6, 3], "5"],
  ["not_int", [0], "-1"],
  ["not_int", [SAFE], "-9007199254740992"],
  ["not_int", [MIN], `${MAX}`],
  ["shl_int", [1, 63], `${MIN}`],
  ["shl_int", [3, 63], `${MIN}`],
  ["shl_int", [1, 64], SHIFT],
  ["shr_int", [-1, 63], "-1"],
  ["shr_int", [MIN, 62], "-2"],
  ["shr_int", [1, -1], SHIFT],
  ["int_to_float", [MAX], "9223372036854776000"],
  ["add_float", [f(0.1), f(0.2)], "0.30000000000000004"],
  ["sub_float", [f(0), f(0)], "0.0"],
  ["mul_float", [f(-1), f(0)], "-0.0"],
  ["div_float", [f(1), f(0)], "inf"],
  ["quot_float", [f(-7), f(2)], "-4.0"],
  ["rem_float", [f(-7), f(2)], "1.0"],
  ["rem_float", [f(-1e-20), f(1)], "0.0"],
  ["rem_float", [f(1), f(0)], "NaN"],
  ["pow_float", [f(2), f(0.5)], "1.4142135623730951"],
  ["pow_float", [f(1), f(Number.NaN)], "1.0"],
  ["neg_float", [f(0)], "-0.0"],
  ["negate", [MIN], over("negation")],
  ["negate", [f(1.5)], "-1.5"],
  ["negate", ["a"], type('cannot negate "a" (String)')],
  ["invert", [5], "-6"],
  ["invert", [f(1)], type("cannot invert 1.0 (Float)")],
  ["eq_int", [MAX, MAX], "true"],
  ["lt_int", [SAFE, 2n ** 53n], "true"],
  ["le_int", [MIN, MIN], "true"],
  ["eq_float", [f(Number.NaN), f(Number.NaN)], "false"],
  ["eq_float", [f(0), f(-0)], "true"],
  ["lt_float", [f(1), f(2)], "true"],
  ["le_float", [f(1), f(Number.NaN)], "false"],
  ["eq_string", ["a", "a"], "true"],
  ["lt_string", ["\uffff", "\u{10000}"], "true"],
  ["le_string", ["b", "a"], "false"],
  ["eq", [1, f(1)], "true"],
  ["eq", [l(1), t(1)], "false"],
  ["lt", [1, f(1.5)], "true"],
  ["lt", [l(1, 2), l(1, 3)], "true"],
  ["lt", [f(Number.NaN), 1], "false"],
  ["lt", [1, "a"], type("cannot compare Int and String")],
  ["le", [t(1), t(1)], "true"],
  ["le", [2n ** 53n + 1n, f(2 ** 53)], "false"],
  ["le", [null, null], type("cannot compare Null and Null")],
  ["compare", [1, 2], "-1"],
  ["compare", ["b", "a"], "1"],
  ["compare", [l(1), l(1)], "0"],
  ["contains", [2, l(1, 2)], "true"],
  ["contains", ["b", "abc"], "true"],
  ["contains", ["k", m(["k", 1])], "true"],
  ["contains", [3, s(1, 2)], "false"],
  ["contains", [1, 2], type("cannot test whether Int is in Int")],
  ["not", [true], "false"],
  ["truthy", [l()], "false"],
  ["truthy", [m()], "true"],
  ["display", [l("a", f(1))], '"["a", 1.0]"'],
  ["list_get", [l(1, 2), -1], "2"],
  [
    "list_get",
    [l(1, 2), 2],
    "E_TRAP_INDEX runtime error: index 2 out of bounds for list of length 2",
  ],
  [
    "list_get",
    [l(), MIN],
    `E_TRAP_INDEX runtime error: index ${MIN} out of bounds for list of length 0`,
  ],
  ["list_append", [l(1), 2], "[1, 2]"],
  ["list_concat", [l(1), l(2)], "[1, 2]"],
  ["list_length", [l(1, 2)], "2"],
  ["index", ["aé😀", 2], '"😀"'],
  ["index", [null, 1], "null"],
  ["index", [s(5, 3), 0], "3"],
  ["index", [m(["a", 1]), "b"], "null"],
  ["index", [new Uint8Array([7]), -1], "7"],
  ["index", [t(1), 1], "E_TRAP_INDEX runtime error: index 1 out of bounds for tuple of length 1"],
  ["index", ["ab", 2], "E_TRAP_INDEX runtime error: index 2 out of bounds for string of length 2"],
  ["index", [5, 1], type("cannot index Int")],
  ["index", [l(1), "a"], type("cannot index List with String")],
  ["slice", [l(1, 2, 3), 1, 9], "[2, 3]"],
  ["slice", ["a😀b", -5, 2], '"a😀"'],
  ["slice", [l(1), 1, 0], "[]"],
  ["slice", [m(), 0, 1], type("cannot slice Map")],
  ["map_get", [m(["a", 1]), "a"], "1"],
  ["map_get", [m(), "a"], "null"],
];

describe("operations", () => {
  for (const [op, args, expected] of ROWS) {
    it(`${op} ${args.map(displayNested).join(", ")} is ${expected}`, () => {
      expect(evaluate(op, args)).toBe(expected);
    });
  }
});

const ARITH_ROWS: readonly (readonly [(typeof ARITH_OPS)[number], Value, Value, string])[] = [
  ["+", 1, f(2.5), "3.5"],
  ["+", "a", l(1), '"a[1]"'],
  ["+", l(1), l(2), "[1, 2]"],
  ["+", MAX, 1, over("addition")],
  ["-", 1, 2, "-1"],
  ["*", f(2), 3, "6.0"],
  ["/", 7, 2, "3"],
  ["//", f(7), 2, "3.0"],
  ["%", -7, 3, "2"],
  ["**", 2, f(0.5), "1.4142135623730951"],
  ["&", 6, 3, "2"],
  ["|", 6, 3, "7"],
  ["^", 6, 3, "5"],
  ["<<", 1, 4, "16"],
  [">>", 16, 4, "1"],
  ["++", m(["a", 1]), m(["a", 2]), '{"a": 2}'],
  ["++", s(1), s(2), "set[1, 2]"],
  ["++", 1, true, '"1true"'],
  ["-", "a", 1, type('arithmetic on non-numeric types: "a" (String) and 1 (Int)')],
  ["&", f(1), 1, type("arithmetic on non-integer types: 1.0 (Float) and 1 (Int)")],
];

describe("arith", () => {
  for (const [op, a, b, expected] of ARITH_ROWS) {
    it(`${displayNested(a)} ${op} ${displayNested(b)} is ${expected}`, () => {
      expect(evaluate("arith", [a, b], { operands: [ARITH_OPS.indexOf(op), 0, 1] })).toBe(expected);
    });
  }
});

describe("constructors and parts", () => {
  it("makes lists, tuples, maps and sets", () => {
    expect(evaluate("list_new", [1, "a"], { operands: [[0, 1]] })).toBe('[1, "a"]');
    expect(evaluate("tuple_new", [1], { operands: [[0]] })).toBe("(1)");
    expect(evaluate("map_new", ["b", 1, "a", 2], { operands: [[0, 1, 2, 3]] })).toBe(
      '{"a": 2, "b": 1}',
    );
    expect(evaluate("map_new", ["a", 1, "a", 2], { operands: [[0, 1, 2, 3]] })).toBe('{"a": 2}');
    expect(evaluate("set_new", [2, 1, 2], { operands: [[0, 1, 2]] })).toBe("set[1, 2]");
  });

  it("makes records and variants of the target's type", () => {
    const target = T.point ?? 0;
    expect(evaluate("record_new", [1, f(2)], { operands: [[0, 1]], target })).toBe(
      "Point(x: 1, y: 2.0)",
    );
    const shape = T.shape ?? 0;
    expect(evaluate("variant_new", [1, 2], { operands: [1, [0, 1]], target: shape })).toBe(
      "Box(1, 2)",
    );
    const result = T.result ?? 0;
    expect(evaluate("variant_new", ["e"], { operands: [1, [0]], target: result })).toBe('err("e")');
  });

  it("reads parts by number and by name", () => {
    expect(evaluate("tuple_get", [t(1, 2)], { operands: [0, 1] })).toBe("2");
    expect(evaluate("payload_get", [makeOk(4)], { operands: [0, 0] })).toBe("4");
    expect(evaluate("variant_tag", [makeErr(4)])).toBe("1");
    const named = (op: OpcodeName, value: Value, name: string): string =>
      evaluate(op, [value], { operands: [0, 0], constants: [{ kind: "string", value: name }] });
    expect(named("field", m(["k", 1]), "k")).toBe("1");
    expect(named("field", null, "k")).toBe("null");
    expect(named("payload", makeOk(4), "0")).toBe("4");
    expect(named("payload", makeOk(4), "w")).toBe("null");
  });

  it("counts ranges, and refuses step 0 and endless lists", () => {
    const range = (a: Value, b: Value, step: Value, inclusive: number): string =>
      evaluate("list_range", [a, b, step], { operands: [0, 1, 2, inclusive] });
    expect(range(1, 5, 2, 0)).toBe("[1, 3]");
    expect(range(1, 5, 2, 1)).toBe("[1, 3, 5]");
    expect(range(5, 1, -2, 1)).toBe("[5, 3, 1]");
    expect(range(1, 1, 1, 0)).toBe("[]");
    expect(range(MAX, MAX, 1, 1)).toBe(`[${MAX}]`);
    expect(range(0, 1, 0, 0)).toBe("E_TRAP_OTHER runtime error: range step must not be zero");
    expect(range(0, MAX, 1, 0)).toBe("E_TRAP_MEMORY memory limit exceeded");
  });

  it("joins strings", () => {
    expect(evaluate("concat", ["a", "b"], { operands: [[0, 1]] })).toBe('"ab"');
  });
});

describe("cast and type_test", () => {
  const cast = (value: Value, name: string): string =>
    evaluate("cast", [value], { operands: [0, T[name] ?? 0] });
  const test = (value: Value, name: string): string =>
    evaluate("type_test", [value], { operands: [0, T[name] ?? 0] });

  it("turns Ints into Floats where the type asks for one, deep", () => {
    expect(cast(1, "float")).toBe("1.0");
    expect(cast(l(1, f(2)), "floats")).toBe("[1.0, 2.0]");
    expect(cast(m(["a", 1]), "map")).toBe('{"a": 1.0}');
    expect(cast(t(1, 2), "pair")).toBe("(1, 2.0)");
  });

  it("refuses what is not of the type", () => {
    expect(cast("a", "int")).toBe(type("expected Int, got String"));
    expect(cast(l("a"), "floats")).toBe(type("expected list[Float], got List"));
    expect(cast(null, "optionInt")).toBe("null");
    expect(cast(f(1), "optionInt")).toBe(type("expected Int?, got Float"));
    expect(cast("a", "intOrString")).toBe('"a"');
    expect(cast(true, "intOrString")).toBe(type("expected Int | String, got Bool"));
    expect(cast(l(1, m(["a", null])), "json")).toBe('[1, {"a": null}]');
    expect(cast(m([1, 2]), "json")).toBe(type("expected Json, got Map"));
    expect(cast(5, "fn")).toBe(type("expected fn(Int) -> Int, got Int"));
  });

  it("tests the kind only", () => {
    expect(test(l("a"), "floats")).toBe("true");
    expect(test(1, "float")).toBe("false");
    expect(test(null, "optionInt")).toBe("true");
    expect(test(makeOk(1), "result")).toBe("true");
    expect(test(t(1), "pair")).toBe("false");
    expect(test("a", "intOrString")).toBe("true");
  });
});

describe("coverage of the table", () => {
  it("has one place for every opcode", () => {
    const inLoop = new Set(
      (
        "const move widen is_null add_int sub_int mul_int int_to_float add_float sub_float " +
        "mul_float div_float eq_int lt_int le_int eq_float lt_float le_float eq_string not " +
        "jump jump_if jump_unless switch return fault call call_builtin list_get list_append " +
        "list_length tuple_get field_get variant_tag payload_get iter_next"
      ).split(" "),
    );
    const missing = OPCODE_NAMES.filter(
      (name) =>
        !inLoop.has(name) &&
        (SLOW_OPERATIONS[OPCODES[name].number] ?? null) === null &&
        (CONTROL_OPERATIONS[OPCODES[name].number] ?? null) === null,
    );
    expect(missing).toEqual([]);
  });
});
