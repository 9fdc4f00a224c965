// Builtin rows that only the compiler calls: a `$` is no name character, so no lookup finds them.

/** Rows without a name in source. */
export const HIDDEN_BUILTINS = {
  unwrap$: {
    number: 310,
    aliases: [],
    signature: "(Any) -> Any",
    effect: "",
    cost: 3,
    how: "native",
  },
  record_check$: {
    number: 311,
    aliases: [],
    signature: "(Bool, String) -> Null",
    effect: "",
    cost: 3,
    how: "native",
  },
  has_field$: {
    number: 312,
    aliases: [],
    signature: "(Any, String) -> Bool",
    effect: "",
    cost: 3,
    how: "native",
  },
  json_bytes$: {
    number: 313,
    aliases: [],
    signature: "(Any) -> Bytes?",
    effect: "",
    cost: 8,
    how: "native",
  },
} as const;
