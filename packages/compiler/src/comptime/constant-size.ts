// How large values may be that the compiler puts into a program (language 14).

import type { Diagnostic } from "@lumen/core/diagnostic";
import { CONSTANT_BYTES_MAX, CONSTANTS_BYTES_MAX } from "../limits.ts";

/** Message and parts of an E0500 that refuses a constant. */
export type ConstantExcess = readonly [
  message: string,
  parts: Pick<Diagnostic, "expected" | "found" | "help">,
];

/**
 * Why a value of `bytes` wire bytes is too large beside `before` bytes of others in the program;
 * null where it is not.
 */
export function constantExcess(bytes: number, before: number): ConstantExcess | null {
  const help = "Compute the value when the program runs.";
  if (bytes > CONSTANT_BYTES_MAX) {
    const [expected, found] = [`at most ${CONSTANT_BYTES_MAX} bytes`, `${bytes} bytes`];
    return [`constant is too large: ${found}, ${expected}`, { expected, found, help }];
  }
  const all = before + bytes;
  if (all <= CONSTANTS_BYTES_MAX) return null;
  const [expected, found] = [`at most ${CONSTANTS_BYTES_MAX} bytes`, `${all} bytes`];
  const message = `constants of the program are too large: ${found}, ${expected}`;
  return [message, { expected, found, help }];
}
