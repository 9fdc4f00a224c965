// Runs compile-time code for the compiler: the same machine that runs programs, without a door.

import type { ComptimeEvaluator } from "@lumen/compiler";
import { encodeValue } from "@lumen/core/encoding";
import { err, ok } from "@lumen/core/result";
import { linkProgram, runPure } from "@lumen/vm";

/** Cycles that one `comptime` block may take (language 14). */
export const COMPTIME_CYCLES_MAX = 10_000_000;

/** Memory that one `comptime` block may take, by the count of the machine (language 14). */
export const COMPTIME_MEMORY_BYTES_MAX: number = 64 * 2 ** 20;

/** The evaluator of the toolchain. */
export const evaluateComptime: ComptimeEvaluator = ({ modules, entry, type }) => {
  const linked = linkProgram(modules);
  if (!linked.ok) return err(linked.error.message);
  const run = runPure(linked.value, entry, [], {
    fuel: COMPTIME_CYCLES_MAX,
    memoryBytes: COMPTIME_MEMORY_BYTES_MAX,
  });
  if (!run.ok) return err(run.fault.message);
  const encoded = encodeValue(type, run.value);
  return encoded.ok ? ok(encoded.value) : err(encoded.error.message);
};
