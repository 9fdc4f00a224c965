// The binary: the process's streams, arguments and exit status. In a thread of `lumen test` it
// answers that command's questions instead.

import { writeSync } from "node:fs";
import { parentPort, Worker } from "node:worker_threads";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { utf8Decode } from "@lumen/core/hash";
import { installMemoryGuard, installNodeHash, readStandardInput } from "@lumen/toolchain";
import { EXIT, type Terminal } from "./command.ts";
import { isTerminal } from "./is-terminal.ts";
import { openLineEditor } from "./line-editor.ts";
import { main } from "./main.ts";
import { answerTests } from "./test-worker.ts";

installNodeHash();
installMemoryGuard();

/** Set in threads of this command, so that others need not load what tells a thread. */
const IN_THREAD = "LUMEN_IN_THREAD";
const port = process.env[IN_THREAD] === undefined ? null : parentPort;
delete process.env[IN_THREAD];

/** Writes everything, also to a pipe that is full at the moment. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      if (error.code === "EPIPE") process.exit(0);
      if (error.code !== "EAGAIN") endUnwritten(fd, error.message);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** The output has no place to go: says so where that is still possible, and ends. */
function endUnwritten(fd: number, reason: string): never {
  if (fd === 1) writeAll(2, `error[E_IO]: cannot write to standard output: ${reason}\n`);
  process.exit(EXIT.failed);
}

function readStdin(): string | Failure {
  const bytes = readStandardInput();
  if (!bytes.ok) return bytes.error;
  const what = "standard input is not valid UTF-8";
  return utf8Decode(bytes.value) ?? failure("E_IO", "decode", what, { subject: "standard input" });
}

const color = isTerminal(2) && isTerminal(1) && process.env.NO_COLOR === undefined;

const words = process.argv.slice(2);
const startWorker = (): Worker =>
  new Worker(new URL(import.meta.url), {
    argv: [...words],
    execArgv: process.execArgv,
    env: { ...process.env, [IN_THREAD]: "1" },
  });
const terminal: Terminal = {
  stdout: (text) => writeAll(1, text),
  stderr: (text) => writeAll(2, text),
  stdin: readStdin,
  interactive: isTerminal(2),
  color,
  workingDirectory: process.cwd(),
  environment: process.env,
  typed: isTerminal(0),
  editor: openLineEditor,
  // Sources are run by a loader that threads do not have.
  ...(import.meta.url.endsWith(".js") ? { startWorker } : {}),
};
if (port === null) {
  // All output is written by then. What a program left behind, a timer or a request of a task that
  // nobody waits for, must not keep the process alive.
  void main(words, terminal).then((status) => process.exit(status));
} else answerTests(port, words, terminal);
