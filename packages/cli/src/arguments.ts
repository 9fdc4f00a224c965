// From the words of a command line to an invocation, or a usage failure that says what is wrong.

import { parseArgs } from "node:util";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { err, ok, type Result } from "@lumen/core/result";
import {
  COMMON_OPTIONS,
  type Command,
  type Invocation,
  parseConfig,
  type Terminal,
} from "./command.ts";

/** Parses the words after the command's name. E_USAGE. */
export function parseInvocation(
  command: Command,
  words: readonly string[],
  terminal: Terminal,
): Result<Invocation, Failure> {
  const table = { ...COMMON_OPTIONS, ...command.options };
  const cut = words.indexOf("--");
  const own = cut < 0 ? words : words.slice(0, cut);
  const rest = cut < 0 ? [] : words.slice(cut + 1);
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({
      args: joinValues(own, table),
      options: parseConfig(table),
      allowPositionals: true,
      strict: true,
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return usage(command, plainReason(error.message));
  }
  if (parsed.positionals.length > command.positionalsMax) {
    return usage(command, `unexpected argument '${parsed.positionals[command.positionalsMax]}'`);
  }
  const options: Record<string, string> = {};
  const flags = new Set<string>();
  for (const [name, value] of Object.entries(parsed.values)) {
    if (value === true) flags.add(name);
    if (typeof value !== "string") continue;
    const choices = table[name]?.choices;
    if (choices !== undefined && !choices.includes(value)) {
      return usage(command, `--${name}: expected ${choices.join(" or ")}, found '${value}'`);
    }
    options[name] = value;
  }
  return ok({
    positionals: parsed.positionals,
    options,
    flags,
    rest,
    format: options.format === "json" ? "json" : "text",
    project: options.project ?? terminal.workingDirectory,
    terminal,
  });
}

/** `--input -` and values that begin with `-`, such as `--input -5`, belong to their option. */
function joinValues(words: readonly string[], table: Command["options"]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const next = words[i + 1];
    const takesValue = word.startsWith("--") && table[word.slice(2)]?.value !== undefined;
    if (takesValue && next?.startsWith("-") && !next.startsWith("--")) {
      joined.push(`${word}=${next}`);
      i += 1;
    } else joined.push(word);
  }
  return joined;
}

function plainReason(message: string): string {
  const [first = message] = message.split(/\. |\.?\n/);
  return first
    .replace(/^Unknown option/, "unknown option")
    .replace(/ argument missing$/, " needs a value");
}

function usage(command: Command, message: string): Result<Invocation, Failure> {
  const hint = `lumen ${command.name} --help lists the options.`;
  return err(failure("E_USAGE", "discover", message, { subject: `lumen ${command.name}`, hint }));
}
