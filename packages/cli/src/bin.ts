#!/usr/bin/env node
// The binary: the process's streams, arguments and exit status.

import { readFileSync, writeSync } from "node:fs";
import { installNodeHash } from "@lumen/toolchain";
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
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

const color =
  process.stderr.isTTY === true &&
  process.stdout.isTTY === true &&
  process.env.NO_COLOR === undefined;

process.exitCode = await main(process.argv.slice(2), {
  stdout: (text) => writeAll(1, text),
  stderr: (text) => writeAll(2, text),
  stdin: () => readFileSync(0, "utf8"),
  interactive: process.stderr.isTTY === true,
  color,
  workingDirectory: process.cwd(),
});
