// Console providers: standard output, standard error, lines of standard input.

import type { Failure } from "@lumen/core/diagnostic";
import { answer, type ProviderTable, textArgument } from "./provider.ts";

/** Where text goes and lines come from. */
export interface ConsoleStreams {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** One line without its newline, "" at the end of input; or why there is none. */
  readonly readLine: () => string | Failure;
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
    "io.read_line": () => {
      const line = streams.readLine();
      if (typeof line === "string") return answer(line);
      const message = `runtime error: read_line failed: ${line.message}`;
      return { ok: false, code: line.code, message };
    },
  };
}
