// What a command of the `lumen` binary is: a name, options, and a function to an exit status.

import type { ParseArgsConfig } from "node:util";
import type { Worker } from "node:worker_threads";
import type { Failure } from "@lumen/core/diagnostic";

/** Exit statuses (spec/formats.md 2.4). */
export const EXIT = { ok: 0, failed: 1, usage: 2, rejected: 3, defect: 70 } as const;

/** Lines that a person types, or that come from a pipe. */
export interface LineEditor {
  /** The next line without its end; null at the end of the input. */
  readonly next: (prompt: string) => Promise<string | null>;
  readonly close: () => void;
}

/** What an editor of lines needs to know. */
export interface LineEditorOptions {
  /** Earlier lines, oldest first. */
  readonly history: readonly string[];
  /** What the end of the line may become, each as the whole last word. */
  readonly complete: (line: string) => {
    readonly word: string;
    readonly words: readonly string[];
  };
  /** Ctrl-C; the line that is being typed is given up. */
  readonly interrupted: () => void;
}

/** Where a command writes and reads. The binary gives the process's streams, tests give buffers. */
export interface Terminal {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** The whole of standard input, or why it cannot be read. */
  readonly stdin: () => string | Failure;
  /** True when stderr is a person's terminal: progress and banners are for it alone. */
  readonly interactive: boolean;
  readonly color: boolean;
  readonly workingDirectory: string;
  /** True when standard input is a person's terminal. Absent like `editor`: there is none. */
  readonly typed?: boolean;
  /** Reads standard input line by line, with editing where a person types. */
  readonly editor?: (options: LineEditorOptions) => LineEditor;
  /** Variables of the environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Starts a thread that answers paths of documents with their tests; absent: there are none. */
  readonly startWorker?: () => Worker;
}

/** One option. `value` names its argument in the help; without it the option is a flag. */
export interface OptionSpec {
  readonly value?: string;
  /** A letter for it: `-o FILE`. */
  readonly short?: string;
  readonly choices?: readonly string[];
  /** One line, or several. */
  readonly help: string;
}

/** Options of a command, by long name. */
export type OptionTable = { readonly [name: string]: OptionSpec };

/** What a command gets. Options are strings, flags true; absent ones are undefined. */
export interface Invocation {
  readonly positionals: readonly string[];
  readonly options: { readonly [name: string]: string | undefined };
  readonly flags: ReadonlySet<string>;
  /** What stands after `--`. */
  readonly rest: readonly string[];
  readonly format: "text" | "json";
  /** `--project`, else the working directory. */
  readonly project: string;
  readonly terminal: Terminal;
}

/** A command. `positionals` as shown in the usage line: `[FILE]`, `TRACE`. */
export interface Command {
  readonly name: string;
  readonly group: "write" | "run" | "evidence" | "packages";
  readonly summary: string;
  readonly positionals: string;
  readonly positionalsMax: number;
  readonly options: OptionTable;
  readonly run: (invocation: Invocation) => Promise<number>;
}

/** Options that every command takes (spec/formats.md 25). */
export const COMMON_OPTIONS: OptionTable = {
  format: { value: "F", choices: ["text", "json"], help: "text for people (default) or json" },
  project: { value: "DIR", help: "the project's folder (default: where you are)" },
  quiet: { help: "only results and errors" },
  verbose: { help: "say more on stderr" },
  help: { help: "this text" },
};

/** The option table in the form of `util.parseArgs`. */
export function parseConfig(options: OptionTable): NonNullable<ParseArgsConfig["options"]> {
  return Object.fromEntries(
    Object.entries(options).map(([name, spec]) => [
      name,
      {
        type: spec.value === undefined ? "boolean" : "string",
        ...(spec.short === undefined ? {} : { short: spec.short }),
      } as const,
    ]),
  );
}
