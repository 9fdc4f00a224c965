// Every native builtin: normal, edge and error cases (language 16).

import { BUILTINS, type NativeBuiltinName } from "@lumen/core/builtins";
import { displayNested, makeErr, makeOk, type Value } from "@lumen/core/value";
import { describe, expect, it } from "vitest";
import { callBuiltin, f, l, m, s, T, t } from "../testing/build-program.ts";
import { NATIVES, NATIVES_BY_NUMBER } from "./natives.ts";

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);
const bytes = (...items: number[]): Uint8Array => Uint8Array.from(items);
const kind = (name: string, expected: string, got: string): string =>
  `E_TRAP_TYPE type error at runtime: ${name}: expected ${expected}, got ${got}`;
const pattern = (name: string, reason: string): string =>
  `E_TRAP_OTHER runtime error: ${name}: invalid pattern: ${reason}`;
const assertion = (text: string): string => `E_TRAP_ASSERT runtime error: ${text}`;

type Case = readonly [readonly Value[], string];

const CASES: { readonly [N in NativeBuiltinName]: readonly Case[] } = {
  to_string: [
    [["a"], '"a"'],
    [[l("a")], '"["a"]"'],
  ],
  repr: [[["a"], '""a""']],
  to_int: [
    [[f(-1.9)], "-1"],
    [[f(Number.NaN)], "0"],
    [[f(1e30)], `${MAX}`],
    [[f(-1e30)], `${MIN}`],
    [[true], "1"],
    [["+12"], "12"],
    [[" 1"], "null"],
    [["9223372036854775808"], "null"],
    [[null], "null"],
  ],
  to_float: [
    [[2], "2.0"],
    [["1.5e3"], "1500.0"],
    [["-inf"], "-inf"],
    [["nan"], "NaN"],
    [["x"], "null"],
    [[true], "null"],
  ],
  to_bool: [
    [[0], "false"],
    [[m()], "true"],
  ],
  parse_int: [
    [[" 7 "], "ok(7)"],
    [["7x"], 'err("invalid integer: 7x")'],
    [[7], kind("parse_int", "String", "Int")],
  ],
  parse_float: [
    [[" 7 "], "ok(7.0)"],
    [[""], 'err("invalid float: ")'],
  ],
  type_of: [
    [[makeOk(1)], '"result"'],
    [[f(1)], '"Float"'],
  ],
  clone: [[[l(1)], "[1]"]],
  freeze: [[[l(1)], "[1]"]],
  identity: [[[5], "5"]],
  hash: [
    [["abc"], '"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"'],
    [
      [bytes(0x61, 0x62, 0x63)],
      '"sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"',
    ],
  ],
  is_null: [[[null], "true"]],
  is_int: [
    [[MAX], "true"],
    [[f(1)], "false"],
  ],
  is_float: [[[f(1)], "true"]],
  is_string: [[["a"], "true"]],
  is_bool: [[[1], "false"]],
  is_list: [[[t()], "false"]],
  is_map: [[[m()], "true"]],
  is_callable: [[[1], "false"]],
  error: [
    [["gone"], "E_TRAP_HALT halt: gone"],
    [[1], kind("error", "String", "Int")],
  ],
  length: [
    [["a😀"], "2"],
    [[m([1, 2])], "1"],
    [[5], "0"],
  ],
  upper: [[["straße"], '"STRASSE"']],
  lower: [[["ÀB"], '"àb"']],
  trim: [
    [["\u0085 a\u3000"], '"a"'],
    [["\ufeffa"], '"\ufeffa"'],
  ],
  trim_start: [[[" a "], '"a "']],
  trim_end: [[[" a "], '" a"']],
  split: [
    [[",a,", ","], '["", "a", ""]'],
    [["a😀", ""], '["a", "😀"]'],
    [["a", 1], kind("split", "String", "Int")],
  ],
  join: [
    [[l(1, "a"), "-"], '"1-a"'],
    [[5, "-"], '"5"'],
    [[l(), "-"], '""'],
  ],
  replace: [
    [["aXbX", "X", "$&"], '"a$&b$&"'],
    [["ab", "", "-"], '"-a-b-"'],
  ],
  contains: [
    [["abc", "b"], "true"],
    [[m(["k", 1]), "k"], "true"],
    [[5, 1], "false"],
  ],
  starts_with: [[["abc", "ab"], "true"]],
  ends_with: [[["abc", "ab"], "false"]],
  index_of: [
    [["😀b", "b"], "1"],
    [["a", "b"], "-1"],
    [[l(1, 2), f(2)], "1"],
    [[5, 1], kind("index_of", "List", "Int")],
  ],
  substring: [
    [["a😀bc", 1, 3], '"😀b"'],
    [["abc", -1, 99], '"abc"'],
    [["abc", 2, 1], '""'],
  ],
  slice: [
    [["abcd", 1, 3], '"bc"'],
    [[l(1, 2, 3), 1, 0], "[2, 3]"],
    [["abcd", -5, -1], '"abcd"'],
    [[l(1), 1, 1], "[]"],
    [[bytes(1, 2), 1, 0], "<bytes:1>"],
    [[t(1), 0, 0], kind("slice", "String, List or Bytes", "Tuple")],
  ],
  chars: [[["a😀"], '["a", "😀"]']],
  lines: [
    [["a\r\nb\n"], '["a", "b"]'],
    [[""], "[]"],
    [["a\n\nb"], '["a", "", "b"]'],
  ],
  pad_left: [
    [["😀", 3, "0x"], '"00😀"'],
    [["abc", 2, " "], '"abc"'],
    [["a", MAX, " "], "E_TRAP_MEMORY memory limit exceeded"],
  ],
  pad_right: [[["a", 3, "."], '"a.."']],
  repeat: [
    [["ab", 2], '"abab"'],
    [["ab", -1], '""'],
    [["ab", MAX], "E_TRAP_MEMORY memory limit exceeded"],
  ],
  reverse: [
    [["a😀"], '"😀a"'],
    [[l(1, 2)], "[2, 1]"],
    [[5], kind("reverse", "String or List", "Int")],
  ],
  capitalize: [
    [["hELLO"], '"Hello"'],
    [[""], '""'],
  ],
  title_case: [[[" the  quick fox "], '"The Quick Fox"']],
  snake_case: [[["Hello World fooBar"], '"hello_world_foo_bar"']],
  camel_case: [[["hello_big-World now"], '"helloBigWorldNow"']],
  ord: [
    [["😀x"], "128512"],
    [[""], "E_TRAP_OTHER runtime error: ord: the string is empty"],
  ],
  chr: [
    [[128512], '"😀"'],
    [[0xd800], "E_TRAP_OTHER runtime error: chr: 55296 is no Unicode scalar value"],
  ],
  string_concat: [[[l(1, "a")], '"1a"']],
  is_valid_email: [
    [["a@b.c"], "true"],
    [["@b.c"], "false"],
    [["a@b@c.d"], "false"],
  ],
  abs: [
    [[-5], "5"],
    [[f(-0)], "0.0"],
    [[MIN], "E_TRAP_OVERFLOW integer overflow in abs"],
    [["a"], kind("abs", "Int or Float", "String")],
  ],
  min: [
    [[3, 1, 2], "1"],
    [[l()], "null"],
    [[f(1), 1], "1.0"],
  ],
  max: [
    [[l("a", "b")], '"b"'],
    [[1, f(1)], "1"],
  ],
  sum: [
    [[l()], "0"],
    [[l(1, f(0.5))], "1.5"],
    [[l(MAX, 1)], "E_TRAP_OVERFLOW integer overflow in addition"],
    [[l("a")], kind("sum", "Int or Float", "String")],
  ],
  clamp: [
    [[5, 1, 3], "3"],
    [[f(0.5), 1, 3], "1"],
  ],
  round: [
    [[f(2.5)], "3.0"],
    [[f(-2.5)], "-3.0"],
    [[f(0.49999999999999994)], "0.0"],
    [[7], "7"],
  ],
  floor: [[[f(-1.5)], "-2.0"]],
  ceil: [[[f(1.2)], "2.0"]],
  trunc: [[[f(-1.8)], "-1.0"]],
  sqrt: [
    [[2], "1.4142135623730951"],
    [[f(-1)], "NaN"],
  ],
  pow: [
    [[2, 10], "1024"],
    [[2, -1], "0.5"],
    [[f(2), 3], "8.0"],
    [[2, 63], "E_TRAP_OVERFLOW integer overflow in exponentiation"],
  ],
  gcd: [
    [[12, -18], "6"],
    [[MIN, 0], "E_TRAP_OVERFLOW integer overflow in gcd"],
  ],
  lcm: [
    [[4, 6], "12"],
    [[0, 5], "0"],
    [[MAX, 2], "E_TRAP_OVERFLOW integer overflow in lcm"],
  ],
  sign: [
    [[f(-0.5)], "-1"],
    [[MAX], "1"],
    [[f(Number.NaN)], "0"],
  ],
  is_nan: [
    [[f(Number.NaN)], "true"],
    [["a"], "false"],
  ],
  is_infinite: [[[f(-Infinity)], "true"]],
  wrapping_add: [[[MAX, 1], `${MIN}`]],
  wrapping_sub: [[[MIN, 1], `${MAX}`]],
  wrapping_mul: [[[MAX, 2], "-2"]],
  exp: [
    [[0], "1.0"],
    [[f(710)], "inf"],
    [[f(-Infinity)], "0.0"],
    [["1"], kind("exp", "Int or Float", "String")],
  ],
  log: [
    [[1], "0.0"],
    [[0], "-inf"],
    [[f(-1)], "NaN"],
  ],
  log2: [[[1024], "10.0"]],
  log10: [
    [[1000], "3.0"],
    [[f(1e-5)], "-5.0"],
  ],
  sin: [
    [[f(-0)], "-0.0"],
    [[f(Infinity)], "NaN"],
  ],
  cos: [[[0], "1.0"]],
  tan: [[[0], "0.0"]],
  asin: [[[2], "NaN"]],
  acos: [
    [[1], "0.0"],
    [[-1], "3.141592653589793"],
  ],
  atan: [[[f(Infinity)], "1.5707963267948966"]],
  sinh: [[[f(-711)], "-inf"]],
  cosh: [[[0], "1.0"]],
  tanh: [[[f(-99)], "-1.0"]],
  atan2: [
    [[0, -1], "3.141592653589793"],
    [[f(-0), -1], "-3.141592653589793"],
    [[f(-0), 0], "-0.0"],
    [[1, 0], "1.5707963267948966"],
    [[f(-Infinity), f(-Infinity)], "-2.356194490192345"],
  ],
  hypot: [
    [[3, 4], "5.0"],
    [[f(1e300), f(1e300)], `14142135623730952${"0".repeat(284)}`],
    [[f(Number.NaN), f(Infinity)], "inf"],
  ],
  math_pi: [[[], "3.141592653589793"]],
  math_e: [[[], "2.718281828459045"]],
  append: [
    [[l(1), 2], "[1, 2]"],
    [[5, 2], "[2]"],
  ],
  push: [[[l(1), 2], "[1, 2]"]],
  pop: [
    [[l(1, 2)], "(2, [1])"],
    [[l()], "(null, [])"],
  ],
  insert: [
    [[l(1), 1, 2], "[1, 2]"],
    [[l(1), 2, 2], "E_TRAP_INDEX runtime error: index 2 out of bounds for list of length 1"],
  ],
  remove_at: [
    [[l(1, 2), 0], "[2]"],
    [[l(), 0], "E_TRAP_INDEX runtime error: index 0 out of bounds for list of length 0"],
  ],
  first: [
    [[s(2, 1)], "1"],
    [[l()], "null"],
  ],
  last: [
    [[t(1, 2)], "2"],
    [[5], kind("last", "List", "Int")],
  ],
  is_empty: [
    [[null], "true"],
    [[""], "true"],
    [[0], "false"],
    [[m()], "true"],
  ],
  take: [
    [[l(1, 2), 9], "[1, 2]"],
    [[l(1, 2), -1], "[]"],
  ],
  drop: [[[l(1, 2), 1], "[2]"]],
  range: [
    [[3], "[0, 1, 2]"],
    [[5, 1, -2], "[5, 3]"],
    [[1, 2, 0], "E_TRAP_OTHER runtime error: range step must not be zero"],
    [[MAX], "E_TRAP_MEMORY memory limit exceeded"],
  ],
  sort: [[[l("b", 2, null, f(1))], '[null, 1.0, 2, "b"]']],
  sort_desc: [[[l(1, 3, 2)], "[3, 2, 1]"]],
  binary_search: [
    [[l(1, 3), 3], "ok(1)"],
    [[l(1, 3), 2], "err(1)"],
  ],
  flatten: [[[l(l(1), 2, l(l(3)))], "[1, 2, [3]]"]],
  unique: [[[l(1, f(1), 2, 1)], "[1, 2]"]],
  zip: [[[l(1, 2), l("a")], '[(1, "a")]']],
  enumerate: [[[l("a")], '[(0, "a")]']],
  chunk: [
    [[l(1, 2, 3), 2], "[[1, 2], [3]]"],
    [[l(1, 2), 0], "[[1], [2]]"],
  ],
  window: [
    [[l(1, 2, 3), 2], "[[1, 2], [2, 3]]"],
    [[l(1), 2], "[]"],
    [[l(1), 0], "[]"],
  ],
  to_list: [
    [[m(["a", 1])], '[["a", 1]]'],
    [["ab"], '["a", "b"]'],
    [[5], kind("to_list", "List, Tuple, Set, Map or String", "Int")],
  ],
  keys: [
    [[m(["b", 1], ["a", 2])], '["a", "b"]'],
    [[5], "[]"],
  ],
  values: [[[m(["b", 1], ["a", 2])], "[2, 1]"]],
  entries: [[[m(["a", 2])], '[("a", 2)]']],
  map_sorted_keys: [[[m([2, 1], [1, 2])], "[1, 2]"]],
  has_key: [
    [[m(["a", 1]), "a"], "true"],
    [[5, 1], kind("has_key", "Map or Record", "Int")],
  ],
  has_field$: [
    [[m(["a", 1]), "a"], "true"],
    [[m(["b", 1]), "a"], "false"],
    [[5, "a"], "false"],
  ],
  get: [
    [[m(["a", 1]), "a"], "1"],
    [[m(), "a", 7], "7"],
    [[m(), "a"], "null"],
  ],
  merge: [[[m(["a", 1]), m(["a", 2])], '{"a": 2}']],
  remove: [
    [[m(["a", 1]), "a"], "{}"],
    [[s(1), 2], "set[1]"],
    [[l(), 2], kind("remove", "Map or Set", "List")],
  ],
  to_set: [[[l(2, 1, 2)], "set[1, 2]"]],
  add: [
    [[s(1), 2], "set[1, 2]"],
    [[null, 2], "set[2]"],
  ],
  union: [[[s(1), s(2)], "set[1, 2]"]],
  intersect: [[[s(1, 2), s(2, 3)], "set[2]"]],
  difference: [[[s(1, 2), s(2, 3)], "set[1]"]],
  is_subset: [
    [[s(1), s(1, 2)], "true"],
    [[s(1), l(1)], kind("is_subset", "Set", "List")],
  ],
  is_ok: [
    [[makeOk(1)], "true"],
    [[1], "false"],
  ],
  is_err: [[[makeErr(1)], "true"]],
  unwrap: [
    [[makeOk(1)], "1"],
    [[5], "5"],
    [[makeErr("e")], 'E_TRAP_UNWRAP runtime error: unwrap on err: "e"'],
  ],
  unwrap_or: [
    [[makeErr(1), 2], "2"],
    [[null, 2], "2"],
    [[5, 2], "5"],
  ],
  unwrap$: [
    [[makeOk(1)], "1"],
    [[null], "E_TRAP_UNWRAP halt: null assertion failed"],
    [[makeErr(1)], "E_TRAP_UNWRAP halt: result unwrap failed: value is err"],
  ],
  parse_json: [
    [['{"b":1.0,"a":[9223372036854775808]}'], '{"a": [9223372036854776000], "b": 1.0}'],
    [["{"], "null"],
  ],
  to_json: [
    [[m(["b", f(2)], ["a", s(1)])], '"{"a":[1],"b":2.0}"'],
    [[makeOk("x")], '"{"__payload":"x","__tag":"ok"}"'],
    [[f(Number.NaN)], '"null"'],
  ],
  json_pretty: [[[l(1, m())], '"[\n  1,\n  {}\n]"']],
  json_get: [
    [[m(["a", l(1, 2)]), "a.1"], "2"],
    [[m(), "a.b"], "null"],
  ],
  csv_parse: [[['a,"b ""x"", c"\n\n1,'], '[["a", "b "x", c"], ["1", ""]]']],
  base64_encode: [[["é"], '"w6k="']],
  base64_decode: [
    [["w6k="], '"é"'],
    [["/w=="], '"\ufffd"'],
    [["?"], "null"],
  ],
  hex_encode: [
    [[bytes(0, 255)], '"00ff"'],
    [[1], kind("hex_encode", "String or Bytes", "Int")],
  ],
  hex_decode: [
    [["4A"], '"J"'],
    [["4"], "null"],
  ],
  bytes_from_ascii: [[["é"], "<bytes:2>"]],
  bytes_to_ascii: [
    [[bytes(0x61)], '"a"'],
    [[bytes(0xff)], "null"],
  ],
  bytes_len: [[[bytes(1, 2)], "2"]],
  bytes_slice: [
    [[bytes(1, 2, 3), 1, 0], "<bytes:2>"],
    [[bytes(1), -1, 1], "<bytes:0>"],
  ],
  bytes_concat: [[[bytes(1), bytes(2)], "<bytes:2>"]],
  path_join: [
    [["a", "b"], '"a/b"'],
    [["a/", "b"], '"a/b"'],
    [["a", "/b"], '"/b"'],
  ],
  regex_match: [
    [["(a)|(b)", "xb"], '["b", null, "b"]'],
    [["z", "xb"], "[]"],
    [["(", ""], pattern("regex_match", 'missing closing ): ( in "("')],
    [[1, ""], kind("regex_match", "String", "Int")],
  ],
  regex_find_all: [
    [["[0-9]+", "a1b22"], '["1", "22"]'],
    [["", "a😀"], '["", "", ""]'],
    [["*", ""], pattern("regex_find_all", 'missing argument to repetition operator: * in "*"')],
  ],
  regex_replace: [
    [["(\\w)(?P<n>\\d)", "a1 b2", "$" + "{n}$1$$$9$"], '"1a$$ 2b$$"'],
    [
      ["(?=a)", "", ""],
      pattern("regex_replace", 'invalid or unsupported Perl syntax: (?= in "(?=a)"'),
    ],
  ],
  matches: [
    [[true], "true"],
    [[""], "false"],
    [["a"], "true"],
    [[5], "false"],
    [["abc", "^b|c$"], "true"],
    [["abc", "^b"], "false"],
    [["a", "[z-a]"], pattern("matches", 'invalid character class range: z-a in "[z-a]"')],
  ],
  assert: [
    [[1, "no"], "null"],
    [[0, "no"], assertion("no")],
  ],
  assert_eq: [
    [[1, f(1)], "null"],
    [[1, "a"], assertion('assert_eq failed: 1 != "a"')],
    [[1, 2, "why"], assertion("assert_eq failed: 1 != 2: why")],
  ],
  assert_ne: [[[1, 1], assertion("assert_ne failed: 1 == 1")]],
  assert_contains: [
    [[l(1), 1], "null"],
    [[l(1), 2], assertion("assert_contains failed: 2 not in [1]")],
  ],
  assert_ok: [
    [[makeOk(1), 1], "null"],
    [[makeOk(1), 2], assertion("assert_ok failed: 1 != 2")],
    [[makeErr(1)], assertion("assert_ok failed: got err(1)")],
  ],
  assert_err: [[[makeErr(1)], "null"]],
  instance$: [[["Counter"], "Counter()"]],
  instance_get$: [[[5, "n"], "E_TRAP_TYPE type error at runtime: expected an instance"]],
  instance_set$: [[[5, "n", 1], "E_TRAP_TYPE type error at runtime: expected an instance"]],
  record_check$: [
    [[true, "no"], "null"],
    [[false, "no"], assertion("no")],
  ],
};

describe("natives", () => {
  for (const [name, cases] of Object.entries(CASES)) {
    for (const [args, expected] of cases) {
      it(`${name}(${args.map(displayNested).join(", ")}) is ${expected}`, () => {
        expect(callBuiltin(name as NativeBuiltinName, args)).toBe(expected);
      });
    }
  }

  it("are bound by their number", () => {
    for (const [name, native] of Object.entries(NATIVES)) {
      expect(NATIVES_BY_NUMBER[BUILTINS[name as NativeBuiltinName].number]).toBe(native);
    }
  });

  it("answer at the kind of the register that they write", () => {
    expect(callBuiltin("sum", [l()], T.float)).toBe("0.0");
    expect(callBuiltin("pow", [2, -1], T.int)).toBe(
      "E_TRAP_TYPE type error at runtime: expected Int, got Float",
    );
  });
});
