// Console providers: standard output, standard error, lines of standard input.

import { answer, type ProviderTable, textArgument } from "./provider.ts";

/** Where text goes and lines come from. */
export interface ConsoleStreams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** One line without its newline, "" at the end of input. */
  readonly readLine: () => string;
}

/** `print` and its kin, `read_line`. */
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
    "io.read_line": () => answer(streams.readLine()),
  };
}
