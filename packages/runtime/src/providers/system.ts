// Environment, arguments and processes (language 16.1, 16.8).

import { spawn } from "node:child_process";
import { makeList, mapFromEntries } from "@lumen/core/value";
import type { DoorAnswer } from "../door.ts";
import {
  answer,
  answerMap,
  failed,
  intArgument,
  type ProviderTable,
  systemError,
  textArgument,
} from "./provider.ts";

/** What the system looks like to a program. */
export interface SystemView {
  /** Paths are relative to this folder, and processes run in it. */
  readonly workingDirectory: string;
  readonly environment: { readonly [name: string]: string | undefined };
  readonly args: readonly string[];
}

type Environment = Map<string, string>;

/** Most bytes of one output of a process. */
export const EXEC_OUTPUT_MAX: number = 8 * 1024 * 1024;

const STATUS_MAX = 255n;

/** `get_env`, `set_env`, `env_vars`, `args`, `exec`, `exit`. */
export function systemProviders(system: SystemView): ProviderTable {
  // A copy: what the program sets is seen by it and by its processes, and by nobody else.
  const environment: Environment = new Map();
  for (const [name, value] of Object.entries(system.environment)) {
    if (value !== undefined) environment.set(name, value);
  }
  return {
    "env.get_env": (args) => answer(environment.get(textArgument(args, 0)) ?? null),
    "env.set_env": (args) => setEnv(environment, textArgument(args, 0), textArgument(args, 1)),
    "env.env_vars": () =>
      answer(mapFromEntries([...environment].map(([key, value]) => ({ key, value })))),
    "env.args": () => answer(makeList([...system.args])),
    "process.exec": (args) => exec(textArgument(args, 0), system.workingDirectory, environment),
    "process.exit": (args) => checkStatus(intArgument(args, 0)),
  };
}

function setEnv(environment: Environment, name: string, value: string): DoorAnswer {
  if (name === "" || /[=\0]/.test(name) || value.includes("\0")) {
    return failed(
      "set_env",
      "a name is not empty and has no '=', neither has a NUL",
      "E_TRAP_OTHER",
    );
  }
  environment.set(name, value);
  return answer(null);
}

/** The run ends with the answer; a status that the system does not have is refused. */
function checkStatus(status: bigint): DoorAnswer {
  if (status >= 0n && status <= STATUS_MAX) return answer(null);
  return failed("exit", `status ${status} is not within 0 … ${STATUS_MAX}`, "E_TRAP_OTHER");
}

/** One output of a process, bounded. */
interface Output {
  readonly chunks: Buffer[];
  bytes: number;
}

/** Runs `sh -c`; standard input is empty. */
function exec(command: string, cwd: string, environment: Environment): Promise<DoorAnswer> {
  return new Promise((finish) => {
    const env = Object.fromEntries(environment);
    const child = spawn("sh", ["-c", command], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    const stdout: Output = { chunks: [], bytes: 0 };
    const stderr: Output = { chunks: [], bytes: 0 };
    const tooMuch = (): boolean => Math.max(stdout.bytes, stderr.bytes) > EXEC_OUTPUT_MAX;
    const collect = (output: Output) => (chunk: Buffer) => {
      output.chunks.push(chunk);
      output.bytes += chunk.length;
      if (tooMuch()) child.kill("SIGKILL");
    };
    child.stdout.on("data", collect(stdout));
    child.stderr.on("data", collect(stderr));
    child.on("error", (error) => finish(failed("exec", systemError(error))));
    child.on("close", (status) => {
      if (tooMuch()) finish(failed("exec", `more than ${EXEC_OUTPUT_MAX} bytes of output`));
      else finish(answerMap({ stdout: text(stdout), stderr: text(stderr), status: status ?? -1 }));
    });
  });
}

/** Ill-formed UTF-8 becomes U+FFFD. */
function text(output: Output): string {
  return Buffer.concat(output.chunks).toString("utf8");
}
