// Builtin rows of language 16.10: assertions. Columns: `row.ts`.

/** Rows of language 16.10. */
export const TESTING_BUILTINS = {
  assert: {
    number: 290,
    aliases: [],
    signature: '(Any, String = "assertion failed") -> Null',
    effect: "",
    cost: 3,
    how: "native",
  },
  assert_eq: {
    number: 291,
    aliases: [],
    signature: "(Any, Any) -> Null ; (Any, Any, String) -> Null",
    effect: "",
    cost: 6,
    how: "native",
  },
  assert_ne: {
    number: 292,
    aliases: [],
    signature: "(Any, Any) -> Null ; (Any, Any, String) -> Null",
    effect: "",
    cost: 6,
    how: "native",
  },
  assert_contains: {
    number: 293,
    aliases: [],
    signature: "(Any, Any) -> Null",
    effect: "",
    cost: 8,
    how: "native",
  },
  assert_ok: {
    number: 294,
    aliases: [],
    signature: "(Any) -> Null ; (Any, Any) -> Null",
    effect: "",
    cost: 6,
    how: "native",
  },
  assert_err: {
    number: 295,
    aliases: [],
    signature: "(Any) -> Null ; (Any, Any) -> Null",
    effect: "",
    cost: 6,
    how: "native",
  },
  assert_throws: {
    number: 296,
    aliases: [],
    signature: "(fn() -> Any) -> Null ; (fn() -> Any, String) -> Null",
    effect: "",
    cost: 20,
    how: "prelude",
  },
  assert_snapshot: {
    number: 297,
    aliases: [],
    signature: "(String, Any) -> Null",
    effect: "trace",
    cost: 20,
    how: "door trace.assert_snapshot",
  },
} as const;
