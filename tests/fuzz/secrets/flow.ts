// One flow of a secret: where the program meets it, how it is written there, and by which ways the
// program tries to let it out.

import type { Random } from "../random.ts";
import { COPY_NAME, ENCODINGS, type Encoding, secretValue } from "./world.ts";

/** Where a program meets a secret. */
export const SOURCES = [
  "file",
  "lines",
  "page",
  "model",
  "exec",
  "environment",
  "stdin",
  "argument",
  "halves",
  "encodedHalves",
  "badFile",
  "input",
  "text",
] as const;

/** One of {@link SOURCES}, or `server`: an MCP server, which takes long to start. */
export type Source = (typeof SOURCES)[number] | "server";

/** Statements that let `taken`, a String, out; `FOLDER` is that of the flow. */
const EXITS = {
  print: "print(taken)",
  printList: "print([taken, taken + taken])",
  eprint: 'eprintln("e " + taken)',
  debug: "debug({key: taken})",
  emit: "emit taken",
  write: 'write_file("FOLDER/out.txt", "w " + taken)',
  append: 'append_file("FOLDER/log.txt", taken)',
  name: 'write_file("FOLDER/" + slice(replace(taken, "/", "_"), 0, 60), "x")',
  post: 'print(http_post("BASE/post", taken))',
  url: 'print(http_get("BASE/" + taken))',
  headers: 'print(http_request("GET", "BASE/h", "", {"x-key": taken}))',
  ask: "print(Chat(prompt: taken))",
  exec: 'print(exec("echo \'" + taken + "\'"))',
  variable: 'set_env("OTHER", taken)\n  print(exec("echo $OTHER"))',
  remember: "let notes = Notes()\n  notes.append(taken)\n  print(notes.recent(1))",
  task: "let task = spawn(fn() => fail(taken))\n  sleep(1)",
  checkpoint:
    'let kept = [taken]\n  let id = checkpoint "x"\n  print([id != null, kept == [taken]])',
  tile: "print(size(taken))",
  halt: "halt(taken)",
  assert: 'assert_eq(taken, "another")',
  parse: "print(parse_json(taken))",
  missing: 'let table = {"a": 1}\n  print(table[taken])',
  number: "print(parse_int(taken)!)",
  error: "return err(taken)",
  value: "return ok(taken)",
  eval: "print(eval(taken))",
  badPath: 'print(read_file("FOLDER/" + taken + "/none"))',
} as const;

/** The name of a way out. */
export type Exit = keyof typeof EXITS;

const EXIT_NAMES = Object.keys(EXITS) as [Exit, ...Exit[]];
const ENCODING_NAMES = Object.keys(ENCODINGS) as [Encoding, ...Encoding[]];

/** A flow. */
export interface Flow {
  readonly secret: string;
  readonly source: Source;
  readonly encoding: Encoding;
  /** The secret as it is told, with text around it. */
  readonly told: string;
  /** The one who tells it fails, and tells it in its error. */
  readonly fails: boolean;
  readonly exits: readonly Exit[];
  readonly io: "inline" | "digest";
  readonly format: "binary" | "json";
}

/** The flow of an index of a campaign; `isServer`: from an MCP server. */
export function flowOf(random: Random, isServer: boolean): Flow {
  const secret = secretValue(random);
  const source = isServer ? "server" : random.pick(SOURCES);
  const chosen = random.pick(ENCODING_NAMES);
  // Lines are texts of their own: a value in several texts is in pieces.
  const encoding = source === "lines" && chosen === "base64Lines" ? "base64" : chosen;
  const before = random.pick(["", "key: ", "x".repeat(990), "漢字 "]);
  const after = random.pick(["", " is it", "\n", "…", `${"y".repeat(50)}`]);
  const exits = Array.from({ length: 1 + random.below(3) }, () => random.pick(EXIT_NAMES));
  return {
    secret,
    source,
    encoding,
    told: before + ENCODINGS[encoding](secret) + after,
    fails: random.below(4) === 0,
    exits: [...new Set(exits)],
    io: random.pick(["inline", "inline", "digest"]),
    format: random.pick(["binary", "json"]),
  };
}

/** What a program says in order to meet the secret. */
function taking({ source }: Flow, base: string): string {
  switch (source) {
    case "file":
      return 'read_file("FOLDER/told.txt")';
    case "lines":
      return 'join(read_lines("FOLDER/told.txt"), "|")';
    case "page":
      return `to_string(http_get("${base}/page"))`;
    case "model":
      return 'to_string(Chat(prompt: "say it"))';
    case "server":
      return "to_string(say())";
    case "exec":
      return 'to_string(exec("cat FOLDER/told.txt; cat FOLDER/told.txt >&2"))';
    case "environment":
      return `(get_env("${COPY_NAME}") ?? "") + to_string(env_vars())`;
    case "stdin":
      return "read_line() + read_stdin()";
    case "argument":
      return "to_string(args())";
    case "halves":
    case "encodedHalves":
      return 'read_file("FOLDER/half1.txt") + read_file("FOLDER/half2.txt")';
    case "badFile":
      return 'read_file("FOLDER/told.txt/none")';
    case "input":
      return "given";
    case "text":
      return '"TOLD"';
  }
}

/** The program of a flow, in its folder. */
export function programOf(flow: Flow, folder: string, base: string): string {
  const { exits, source } = flow;
  const lines = exits.map((name) => `  ${EXITS[name]}`);
  const ends = ["halt", "error", "value"];
  if (!ends.includes(exits.at(-1) ?? "")) lines.push("  return ok(taken)");
  const said = JSON.stringify(flow.told).slice(1, -1).replaceAll("{", "\\{");
  const param = source === "input" ? "given: String" : "";
  return `use tool llm.chat as Chat
grant Chat
use tool s.say as say
grant say

memory Notes
end

cell fail(why: String) -> Int
  halt(why)
end

@tile(iter)
cell size(text: String) -> Int
  len(text)
end

cell main(${param}) -> result[String, String]
  let taken = ${taking(flow, base)}
${lines.join("\n")}
end
`
    .replaceAll("FOLDER", folder)
    .replaceAll("BASE", base)
    .replace("TOLD", () => said);
}
