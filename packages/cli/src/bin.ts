#!/usr/bin/env node
// The binary: the process's streams, arguments and exit status.

import { readFileSync, writeSync } from "node:fs";
import { type Failure, failure } from "@lumen/core/diagnostic";
import { utf8Decode } from "@lumen/core/hash";
import { installNodeHash } from "@lumen/toolchain";
import { EXIT } from "./command.ts";
import { main } from "./main.ts";

installNodeHash();

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
  const refused = (what: string): Failure =>
    failure("E_IO", "decode", what, { subject: "standard input" });
  try {
    const text = utf8Decode(new Uint8Array(readFileSync(0)));
    return text ?? refused("standard input is not valid UTF-8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    return refused(`cannot read standard input: ${error.message}`);
  }
}

const color =
  process.stderr.isTTY === true &&
  process.stdout.isTTY === true &&
  process.env.NO_COLOR === undefined;

const status = await main(process.argv.slice(2), {
  stdout: (text) => writeAll(1, text),
  stderr: (text) => writeAll(2, text),
  stdin: readStdin,
  interactive: process.stderr.isTTY === true,
  color,
  workingDirectory: process.cwd(),
  environment: process.env,
});
// All output is written by now. What a program left behind, a timer or a request of a task that
// nobody waits for, must not keep the process alive.
process.exit(status);
