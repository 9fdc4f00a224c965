// Cases of the natives of language 16.2: normal, edge and error.

import { f, l, m, t } from "../build-program.ts";
import { bytes, kind, MAX, type NativeCases } from "./case.ts";

/** By builtin. */
export const STRINGS_CASES: NativeCases = {
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
  format: [
    [["{} and {}: {}", 1, "b"], '"1 and b: {}"'],
    [["{}", l("a"), 2], '"["a"]"'],
    [["none", 1], '"none"'],
    [[1], kind("format", "String", "Int")],
  ],
};
