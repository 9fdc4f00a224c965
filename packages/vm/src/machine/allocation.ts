// Counts what a machine allocates and stops it at its memory limit (language 15.6).

import type { Value } from "@lumen/core/value";
import { reachableBytes } from "../memory.ts";
import { memoryTrap } from "../trap.ts";

/** A measurement buys at least this share of the limit before the next one. */
const LEAST_SHARE = 16;

/**
 * The allocation counter of one machine. Weights are those of `memory.ts`; the same program counts
 * the same everywhere. The reachable size may pass the limit by a sixteenth before it is noticed.
 */
export class Memory {
  readonly bytesMax: number;
  private readonly roots: () => Iterable<readonly Value[]>;
  /** What may be allocated before reachable memory is measured again; part of a snapshot. */
  budgetBytes: number;

  constructor(bytesMax: number, roots: () => Iterable<readonly Value[]>) {
    this.bytesMax = bytesMax;
    this.roots = roots;
    this.budgetBytes = bytesMax;
  }

  /** Counts an allocation before it becomes reachable; faults above the limit. */
  charge(bytes: number): void {
    this.budgetBytes -= bytes;
    if (this.budgetBytes < 0) this.measure(bytes);
  }

  private measure(pendingBytes: number): void {
    const live = pendingBytes + reachableBytes(this.roots(), this.bytesMax);
    if (live > this.bytesMax) throw memoryTrap();
    this.budgetBytes = Math.max(this.bytesMax - live, Math.floor(this.bytesMax / LEAST_SHARE));
  }
}
