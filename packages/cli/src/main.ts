// The `lumen` command: words to a command, a command to an exit status. Tests call it like the
// binary.

import type { Failure } from "@lumen/core/diagnostic";
import { Defect } from "@lumen/core/result";
import { nearest, VERSION } from "@lumen/toolchain";
import { parseInvocation } from "./arguments.ts";
import { EXIT, type Terminal } from "./command.ts";
import { COMMANDS } from "./commands.ts";

import { showFailure } from "./render/failures.ts";
import { renderCommandHelp, renderHelp } from "./render/help.ts";

/** Runs a command line and gives its exit status. */
export async function main(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = spelledOut(words);
  if (name === undefined || name === "--help" || name === "-h") {
    terminal.stdout(renderHelp(COMMANDS, VERSION));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  if (name === "--version" || name === "-V") {
    terminal.stdout(`lumen ${VERSION}\n`);
    return EXIT.ok;
  }
  const command = COMMANDS.find((c) => c.name === name);
  if (command === undefined) return unknownCommand(name, terminal, formatOf(words));
  if (rest.includes("--help") && !rest.slice(0, rest.indexOf("--help")).includes("--")) {
    terminal.stdout(renderCommandHelp(command));
    return EXIT.ok;
  }
  const invocation = parseInvocation(command, rest, terminal);
  if (!invocation.ok) {
    showFailure({ terminal, format: formatOf(rest) }, invocation.error);
    return EXIT.usage;
  }
  try {
    return await command.run(invocation.value);
  } catch (error) {
    return reportDefect(error, words, terminal);
  }
}

/** `lumen help run` is `lumen run --help`, `lumen version` is `lumen --version`. */
function spelledOut(words: readonly string[]): readonly string[] {
  const [first, second] = words;
  if (first === "version") return ["--version"];
  if (first !== "help") return words;
  return second === undefined || second.startsWith("-") ? ["--help"] : [second, "--help"];
}

/** The format that a command line asks for, also where the rest of it is wrong. */
function formatOf(words: readonly string[]): "text" | "json" {
  const at = words.indexOf("--format");
  const next = at < 0 ? undefined : words[at + 1];
  return next === "json" || words.includes("--format=json") ? "json" : "text";
}

function unknownCommand(name: string, terminal: Terminal, format: "text" | "json"): number {
  const names = COMMANDS.map((c) => c.name);
  const near = nearest(name, names);
  const list = `The commands are ${names.join(", ")}.`;
  const error: Failure = {
    code: "E_USAGE",
    phase: "discover",
    domain: "host",
    message: `there is no command '${name}'`,
    hint: near === null ? list : `Did you mean '${near}'? ${list}`,
  };
  showFailure({ terminal, format }, error);
  return EXIT.usage;
}

/** Our mistake, never the user's: says what to report. */
function reportDefect(error: unknown, words: readonly string[], terminal: Terminal): number {
  const what = error instanceof Error ? error : new Defect(String(error));
  terminal.stderr(
    [
      "",
      `bug in Lumen ${VERSION}: ${what.message}`,
      "This is a mistake of ours, not of yours. Please report it with what stands below and, if you can,",
      "the document that you ran.",
      "",
      `  command: lumen ${words.join(" ")}`,
      `  node:    ${process.version}`,
      ...(what.stack ?? "")
        .split("\n")
        .slice(1, 9)
        .map((line) => `  ${line.trim()}`),
      "",
    ].join("\n"),
  );
  return EXIT.defect;
}
