// Console providers: standard output, standard error, lines of standard input.

import type { Failure } from "@lumen/core/diagnostic";
import type { DoorAnswer } from "../door.ts";
import { answer, failed, type ProviderTable, textArgument } from "./provider.ts";

/** Where text goes and lines come from. */
export interface ConsoleStreams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** One line without its newline, "" at the end of input; or why there is none. */
  readonly readLine: () => string | Failure;
  /** All of the input that no line was read from; or why there is none. */
  readonly readRest: () => string | Failure;
}

/** `print` and its kin, `read_line`, `read_stdin`. */
export function consoleProviders(streams: ConsoleStreams): ProviderTable {
  const write = (to: (text: string) => void) => (args: Parameters<typeof textArgument>[0]) => {
    to(textArgument(args, 0));
    return answer(null);
  };
  return {
    "emit.print": write(streams.stdout),
    "emit.eprint": write(streams.stderr),
    "emit.eprintln": write(streams.stderr),
    "emit.debug": write(streams.stderr),
    "io.read_line": () => readText("read_line", streams.readLine()),
    "io.read_stdin": () => readText("read_stdin", streams.readRest()),
  };
}

function readText(name: string, text: string | Failure): DoorAnswer {
  return typeof text === "string" ? answer(text) : failed(name, text.message, text.code);
}
