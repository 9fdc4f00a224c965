// Whether a person is at the other end of a stream, without opening it where it is a file or pipe.

import { fstatSync } from "node:fs";

/** The three streams of a process, by descriptor. */
const STREAMS = [
  (): boolean => process.stdin.isTTY === true,
  (): boolean => process.stdout.isTTY === true,
  (): boolean => process.stderr.isTTY === true,
] as const;

/** True when standard input (0), output (1) or error (2) is a terminal. */
export function isTerminal(fd: 0 | 1 | 2): boolean {
  // Node opens a stream to answer this, which takes longer than most commands do.
  return fstatSync(fd).isCharacterDevice() && STREAMS[fd]();
}
