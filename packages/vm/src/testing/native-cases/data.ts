// Cases of the natives of language 16.7 and 16.8: normal, edge and error.

import { makeOk } from "@lumen/core/value";
import { f, l, m, s } from "../build-program.ts";
import { bytes, fault, kind, MAX, type NativeCases } from "./case.ts";

const pattern = (name: string, reason: string): string =>
  fault(`${name}: invalid pattern: ${reason}`);

/** By builtin. */
export const DATA_CASES: NativeCases = {
  parse_json: [
    [['{"b":1.0,"a":[9223372036854775808]}'], '{"a": [9223372036854776000], "b": 1.0}'],
    [["{"], "null"],
  ],
  json_bytes$: [
    [["0x00ff"], "<bytes:2>"],
    [[m(["$base64", "AAE="])], "<bytes:2>"],
    [[l(0, 255)], "<bytes:2>"],
    [[l(256)], "null"],
    [["00ff"], "null"],
    [[makeOk(1)], "null"],
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
  csv_encode: [
    [
      [l(l("a", 'say "x"'), l(1, "b,c"), l("d\ne", null))],
      '"a,"say ""x"""\n1,"b,c"\n"d\ne",null\n"',
    ],
    [[l()], '""'],
    [[l(1)], kind("csv_encode", "List", "Int")],
  ],
  toml_parse: [
    [["a = 1\n[t.u]\nb = [1, 2.5]\n"], '{"a": 1, "t": {"u": {"b": [1, 2.5]}}}'],
    [[""], "{}"],
    [[1], kind("toml_parse", "String", "Int")],
  ],
  toml_encode: [
    [[m(["t", m(["x", 1])], ["a", null])], '"a = ""\n\n[t]\nx = 1\n"'],
    [[m()], '""'],
    [[1], kind("toml_encode", "Map", "Int")],
  ],
  url_encode: [[["a b/é~"], '"a%20b%2F%C3%A9~"']],
  url_decode: [
    [["a+b%2F%C3%A9"], '"a b/é"'],
    [["100%&%zz%FF"], '"100%&%zz\ufffd"'],
  ],
  sha512: [
    [
      ["abc"],
      '"sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a' +
        '2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"',
    ],
  ],
  blake3: [
    [[""], '"af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"'],
    [[1], kind("blake3", "String or Bytes", "Int")],
  ],
  hmac_sha256: [
    [
      ["Jefe", "what do ya want for nothing?"],
      '"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"',
    ],
  ],
  hkdf: [
    [
      [new Uint8Array(22).fill(11), bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), bytes(), 0],
      '""',
    ],
    [
      [
        new Uint8Array(22).fill(11),
        bytes(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
        bytes(0xf0, 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9),
        42,
      ],
      '"3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"',
    ],
    [["k", "", "", 8161], fault("hkdf: length 8161 is not within 0 … 8160")],
  ],
  constant_time_eq: [
    [["ab", bytes(0x61, 0x62)], "true"],
    [["ab", "ac"], "false"],
    [["ab", "abc"], "false"],
    [["ab", 1], kind("constant_time_eq", "String or Bytes", "Int")],
  ],
  diff: [
    [[l(1), l(f(1))], "[]"],
    [[1, "a"], '[{"from": 1, "to": "a"}]'],
    [
      [m(["a", 1], ["b", 2], ["d", 4]), m(["b", 3], ["c", 1], ["d", 4])],
      '[{"key": "a", "removed": 1}, {"from": 2, "key": "b", "to": 3}, {"added": 1, "key": "c"}]',
    ],
  ],
  patch: [
    [
      [m(["a", 1], ["b", 2]), l(m(["key", "a"], ["removed", 1]), m(["key", "c"], ["added", 3]))],
      '{"b": 2, "c": 3}',
    ],
    [[1, l(m(["from", 1], ["to", "x"]))], '"x"'],
    [[1, l(m(["key", 1], ["to", 2]))], fault("patch: entry 0 does not fit a value of kind Int")],
    [[m(), l(m(["key", 1]))], fault("patch: entry 0 says neither to, nor added, nor removed")],
    [[1, l(5)], kind("patch", "Map", "Int")],
  ],
  redact: [
    [[m(["a", 1], ["b", 2]), l("a", "c")], '{"a": null, "b": 2}'],
    [[5, "a"], "5"],
    [[m(), 5], kind("redact", "List", "Int")],
  ],
  validate: [
    [[null], "false"],
    [[0], "true"],
    [[1, "Int"], "true"],
    [[f(1), "Int"], "false"],
    [[m(["a", 1], ["b", "x"]), m(["a", "Int"])], "true"],
    [[m(["b", 1]), m(["a", "Any"])], "false"],
    [[m(["a", m(["b", 1])]), m(["a", m(["b", "String"])])], "false"],
    [[5, m()], "true"],
    [[1, 2], kind("validate", "String or Map", "Int")],
  ],
  path_parent: [
    [["a/b/c"], '"a/b"'],
    [["/a"], '"/"'],
    [["/"], '""'],
    [["a"], '""'],
    [["a/b/"], '"a"'],
  ],
  path_extension: [
    [["a/b.tar.gz"], '"gz"'],
    [[".profile"], '""'],
    [["a.d/b"], '""'],
    [[".."], '""'],
  ],
  path_filename: [
    [["a/b.txt"], '"b.txt"'],
    [["a/b/"], '"b"'],
    [["/"], '""'],
  ],
  path_stem: [
    [["a/b.tar.gz"], '"b.tar"'],
    [[".profile"], '".profile"'],
    [[".."], '".."'],
  ],
  format_time: [
    [[0, ""], '"1970-01-01T00:00:00Z"'],
    [[f(1709210096.789), "iso8601"], '"2024-02-29T12:34:56.789Z"'],
    [[f(-0.5), ""], '"1969-12-31T23:59:59.500Z"'],
    [[1709210096, "%d.%m.%Y %H:%M:%S %% %q"], '"29.02.2024 12:34:56 % %q"'],
    [[-62135596801, ""], '"0000-12-31T23:59:59Z"'],
    [[MAX, "%Y"], '"292277026596"'],
    [[f(1e15), ""], '"31690708-07-05T01:46:40Z"'],
    [[f(Number.NaN), ""], fault("format_time: NaN is no time")],
  ],
};
