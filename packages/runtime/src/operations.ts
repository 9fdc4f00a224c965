// The operations that builtins ask the door for: types on the wire, and how arguments are prepared.
// One row per `door` row of the builtin table; a test holds the two together.

import { displayValue, type TypeDescriptor, type Value } from "@lumen/core/value";

/**
 * One operation. The answer that the program sees is `seen`: the door's value, or the first
 * argument.
 */
export interface Operation {
  readonly args: readonly TypeDescriptor[];
  readonly result: TypeDescriptor;
  /** Text is made before it leaves: every value has a display form, not every value a wire form. */
  readonly prepare?: (args: readonly Value[]) => readonly Value[];
  readonly seen?: "argument";
}

const line = (args: readonly Value[]): readonly Value[] => [
  `${args.map(displayValue).join(" ")}\n`,
];
const text = (args: readonly Value[]): readonly Value[] => [args.map(displayValue).join(" ")];
const debugLine = (args: readonly Value[]): readonly Value[] => [
  `[debug] ${args.map(displayValue).join(" ")}\n`,
];

/** Operations by `effect.operation`. */
export const OPERATIONS: { readonly [name: string]: Operation } = {
  "emit.print": { args: ["string"], result: "unit", prepare: line },
  "emit.eprint": { args: ["string"], result: "unit", prepare: text },
  "emit.eprintln": { args: ["string"], result: "unit", prepare: line },
  "emit.debug": { args: ["string"], result: "unit", prepare: debugLine, seen: "argument" },
  "fs.read_file": { args: ["string"], result: "string" },
  "time.timestamp": { args: [], result: "f64" },
  "time.timestamp_ms": { args: [], result: "i64" },
  "random.random": { args: [], result: "f64" },
  "random.random_int": { args: ["i64", "i64"], result: "i64" },
  "env.get_env": { args: ["string"], result: { option: "string" } },
  "env.args": { args: [], result: { list: "string" } },
  "io.read_line": { args: [], result: "string" },
};
