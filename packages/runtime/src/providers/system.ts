// Files and environment, as far as the builtin table has them.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { makeList } from "@lumen/core/value";
import { answer, type ProviderTable, textArgument } from "./provider.ts";

/** What the system looks like to a program. */
export interface SystemView {
  /** Paths are relative to this folder. */
  readonly workingDirectory: string;
  readonly environment: { readonly [name: string]: string | undefined };
  readonly args: readonly string[];
}

/** `read_file`, `get_env`, `args`. */
export function systemProviders(system: SystemView): ProviderTable {
  return {
    "fs.read_file": (args) => {
      const path = textArgument(args, 0);
      try {
        return answer(readFileSync(resolve(system.workingDirectory, path), "utf8"));
      } catch (error) {
        if (!(error instanceof Error && "code" in error)) throw error;
        return {
          ok: false,
          code: "E_IO",
          message: `runtime error: read_file failed: ${path}: ${String(error.code)}`,
        };
      }
    },
    "env.get_env": (args) => answer(system.environment[textArgument(args, 0)] ?? null),
    "env.args": () => answer(makeList([...system.args])),
  };
}
