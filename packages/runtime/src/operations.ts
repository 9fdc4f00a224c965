// The operations that builtins ask the door for: types on the wire, and how arguments are prepared.
// One row per `door` row of the builtin table; a test holds the two together.

import {
  displayNested,
  displayValue,
  emptyMap,
  Opaque,
  Tuple,
  type TypeDescriptor,
  type Value,
} from "@lumen/core/value";

/** One operation. `seen`: what the program gets instead of the value that the door answers. */
export interface Operation {
  readonly args: readonly TypeDescriptor[];
  readonly result: TypeDescriptor;
  /** Text is made before it leaves: every value has a display form, not every value a wire form. */
  readonly prepare?: (args: readonly Value[]) => readonly Value[];
  readonly seen?: (value: Value, args: readonly Value[]) => Value;
}

const line = (args: readonly Value[]): readonly Value[] => [
  `${args.map(displayValue).join(" ")}\n`,
];
const text = (args: readonly Value[]): readonly Value[] => [args.map(displayValue).join(" ")];
const debugLine = (args: readonly Value[]): readonly Value[] => [
  `[debug] ${args.map(displayValue).join(" ")}\n`,
];

/** A snapshot is kept as the text that people read. */
const snapshot = ([name = null, value = null]: readonly Value[]): readonly Value[] => [
  name,
  displayNested(value),
];

/** What `debug` gives back. */
const argument = (_: Value, args: readonly Value[]): Value => args[0] ?? null;

/** Run and number as the reference that they are. */
const traceRef = (value: Value): Value => {
  const [run, number] = value instanceof Tuple ? value.items : [];
  return new Opaque("TraceRef", `<trace:${run}:${number}>`, value);
};

/** `http_request` without headers has none. */
const withHeaders = (args: readonly Value[]): readonly Value[] =>
  args.with(3, args[3] ?? emptyMap());

const TEXTS: TypeDescriptor = { map: ["string", "string"] };

/** Operations by `effect.operation`. Records that differ in shape (`{ok, …}`) are JSON. */
export const OPERATIONS: { readonly [name: string]: Operation } = {
  "emit.print": { args: ["string"], result: "unit", prepare: line },
  "emit.eprint": { args: ["string"], result: "unit", prepare: text },
  "emit.eprintln": { args: ["string"], result: "unit", prepare: line },
  "emit.debug": { args: ["string"], result: "unit", prepare: debugLine, seen: argument },
  "io.read_line": { args: [], result: "string" },
  "io.read_stdin": { args: [], result: "string" },
  "fs.read_file": { args: ["string"], result: "string" },
  "fs.write_file": { args: ["string", "string"], result: "unit" },
  "fs.append_file": { args: ["string", "string"], result: "unit" },
  "fs.read_lines": { args: ["string"], result: { list: "string" } },
  "fs.read_dir": { args: ["string"], result: { list: "string" } },
  "fs.walk_dir": { args: ["string"], result: { list: "string" } },
  "fs.glob": { args: ["string"], result: { list: "string" } },
  "fs.exists": { args: ["string"], result: "bool" },
  "fs.mkdir": { args: ["string"], result: "unit" },
  "fs.remove_file": { args: ["string"], result: "unit" },
  "time.timestamp": { args: [], result: "f64" },
  "time.timestamp_ms": { args: [], result: "i64" },
  "time.hrtime": { args: [], result: "i64" },
  "time.sleep": { args: ["i64"], result: "unit" },
  "random.random": { args: [], result: "f64" },
  "random.random_int": { args: ["i64", "i64"], result: "i64" },
  "random.uuid": { args: [], result: "string" },
  "random.uuid_v7": { args: [], result: "string" },
  "env.get_env": { args: ["string"], result: { option: "string" } },
  "env.set_env": { args: ["string", "string"], result: "unit" },
  "env.env_vars": { args: [], result: TEXTS },
  "env.args": { args: [], result: { list: "string" } },
  "trace.trace_ref": { args: [], result: { tuple: ["string", "u64"] }, seen: traceRef },
  "trace.assert_snapshot": { args: ["string", "string"], result: "unit", prepare: snapshot },
  "external.eval": { args: ["string"], result: "json" },
  "process.exec": { args: ["string"], result: "json" },
  "process.exit": { args: ["i64"], result: "unit" },
  "http.http_get": { args: ["string"], result: "json" },
  "http.http_delete": { args: ["string"], result: "json" },
  "http.http_post": { args: ["string", "string"], result: "json" },
  "http.http_put": { args: ["string", "string"], result: "json" },
  "http.http_request": {
    args: ["string", "string", "string", TEXTS],
    result: "json",
    prepare: withHeaders,
  },
  "net.tcp_connect": { args: ["string"], result: "json" },
  "net.tcp_listen": { args: ["string"], result: "json" },
  "net.tcp_send": { args: ["i64", "string"], result: "json" },
  "net.tcp_recv": { args: ["i64", "i64"], result: "json" },
  "net.tcp_close": { args: ["i64"], result: "unit" },
  "net.udp_bind": { args: ["string"], result: "json" },
  "net.udp_send": { args: ["i64", "string", "string"], result: "json" },
  "net.udp_recv": { args: ["i64", "i64"], result: "json" },
};
