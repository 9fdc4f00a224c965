// Builtin rows of language 16.8: what is asked at the door, paths, dates. Columns: `row.ts`.

/** Rows of language 16.8. */
export const SYSTEM_BUILTINS = {
  read_file: {
    number: 260,
    aliases: [],
    signature: "(String) -> String",
    effect: "fs",
    cost: 40,
    how: "door fs.read_file",
  },
  timestamp: {
    number: 261,
    aliases: [],
    signature: "() -> Float",
    effect: "time",
    cost: 20,
    how: "door time.timestamp",
  },
  timestamp_ms: {
    number: 262,
    aliases: [],
    signature: "() -> Int",
    effect: "time",
    cost: 20,
    how: "door time.timestamp_ms",
  },
  random: {
    number: 263,
    aliases: [],
    signature: "() -> Float",
    effect: "random",
    cost: 20,
    how: "door random.random",
  },
  random_int: {
    number: 264,
    aliases: [],
    signature: "(Int, Int) -> Int",
    effect: "random",
    cost: 20,
    how: "door random.random_int",
  },
  get_env: {
    number: 265,
    aliases: [],
    signature: "(String) -> String?",
    effect: "env",
    cost: 20,
    how: "door env.get_env",
  },
  args: {
    number: 266,
    aliases: [],
    signature: "() -> list[String]",
    effect: "env",
    cost: 20,
    how: "door env.args",
  },
  read_line: {
    number: 267,
    aliases: [],
    signature: "() -> String",
    effect: "io",
    cost: 40,
    how: "door io.read_line",
  },
} as const;
