// Cases of the natives of language 16.1, 16.6, 16.10 and hidden: normal, edge and error.

import { makeErr, makeOk } from "@lumen/core/value";
import { f, l, m, t } from "../build-program.ts";
import { assertion, bytes, kind, MAX, MIN, type NativeCases } from "./case.ts";

/** By builtin. */
export const CORE_CASES: NativeCases = {
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
  has_field$: [
    [[m(["a", 1]), "a"], "true"],
    [[m(["b", 1]), "a"], "false"],
    [[5, "a"], "false"],
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
  assert: [
    [[1, "no"], "null"],
    [[0, "no"], assertion("no")],
  ],
  assert_eq: [
    [[1, f(1)], "null"],
    [[1, "a"], assertion('assert_eq failed: expected "a", found 1')],
    [[1, 2, "why"], assertion("assert_eq failed: expected 2, found 1: why")],
  ],
  assert_ne: [[[1, 1], assertion("assert_ne failed: 1 == 1")]],
  assert_contains: [
    [[l(1), 1], "null"],
    [[l(1), 2], assertion("assert_contains failed: 2 not in [1]")],
  ],
  assert_ok: [
    [[makeOk(1), 1], "null"],
    [[makeOk(1), 2], assertion("assert_ok failed: expected 2, found 1")],
    [[makeErr(1)], assertion("assert_ok failed: got err(1)")],
  ],
  assert_err: [[[makeErr(1)], "null"]],
  record_check$: [
    [[true, "no"], "null"],
    [[false, "no"], assertion("no")],
  ],
  sizeof: [
    [[null], "8"],
    [["ab"], "44"],
    [[l(1, 2)], "296"],
  ],
  instance$: [[["Counter"], "Counter()"]],
  instance_get$: [[[5, "n"], "E_TRAP_TYPE type error at runtime: expected an instance"]],
  instance_set$: [[[5, "n", 1], "E_TRAP_TYPE type error at runtime: expected an instance"]],
  instance_append$: [[[5, "n", 1], "E_TRAP_TYPE type error at runtime: expected an instance"]],
  instance_insert$: [[[5, "n", 1, 2], "E_TRAP_TYPE type error at runtime: expected an instance"]],
};
