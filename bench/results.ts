// What the benchmarks share: statistics, and results as data with the machine they were taken on.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";

const FOLDER = "bench/results";

/** The middle one; of an even number the lower. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
}

/** The least sample that so large a share of all does not pass: 0.9 is nine in ten. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The geometric mean. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
}

/** Peak resident memory of this process in bytes; the platform gives KiB. */
export function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** `--date` as it was given; throws for anything but YYYY-MM-DD. */
export function checkDate(date: string | undefined): string | undefined {
  if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date))
    throw new Error("--date is YYYY-MM-DD");
  return date;
}

/**
 * Writes `bench/results/NAME-DATE.json`: the figures, and the machine. `versions` are those of what
 * was measured, by default of Node. Nothing is written without a date.
 */
export function writeResult(
  name: string,
  date: string | undefined,
  figures: Readonly<Record<string, unknown>>,
  versions: Readonly<Record<string, string | null>> = { node: process.version },
): void {
  if (date === undefined) return;
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
    // Processes that wanted a core in the last minute: above `cores`, figures are too high.
    load: loadavg()[0],
  };
  mkdirSync(FOLDER, { recursive: true });
  const text = JSON.stringify({ date, machine, versions, ...figures }, null, 2);
  writeFileSync(join(FOLDER, `${name}-${date}.json`), `${text}\n`);
}
